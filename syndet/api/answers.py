"""Records -> responses: JSON, a tag by which an answer is recognised, the way to the next page."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import Request
from fastapi.responses import Response

from syndet import __version__
from syndet.corpus import Corpus


def encoded(record: Mapping[str, Any]) -> bytes:
    """Return a record as JSON. Lone surrogates, which UTF-8 cannot carry, are replaced."""
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def plain(record: Mapping[str, Any], status: int = 200) -> Response:
    """Return a response that is made anew each time."""
    return Response(encoded(record), status, {"Cache-Control": "no-store"}, "application/json")


@dataclass(frozen=True, slots=True)
class Part:
    """A record that holds a part of a list; `following`: the parameters that ask for the next one, None at the end."""

    record: Mapping[str, Any]
    following: Mapping[str, object] | None


def tagged(
    request: Request, corpus: Corpus, make: Callable[[], bytes | Mapping[str, Any] | Part], *,
    kind: str = "application/json",
) -> Response:  # fmt: skip
    """Return what `make` makes of the store, under a strong tag; 304 where the asker has just that.

    The tag is of the state of the store, the question and this syndet, which decide the answer to the byte: where the
    asker's still holds, nothing is made. A part of a list comes with the way to the next one.
    """
    tag, wanted = _tag(request, corpus), request.headers.get("if-none-match")
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if wanted is not None and tag in {one.strip().removeprefix("W/") for one in wanted.split(",")}:
        return Response(None, 304, headers)
    made = make()
    if wanted is not None and wanted.strip() == "*":
        return Response(None, 304, headers)
    if isinstance(made, Part):
        if made.following is not None:
            headers["Link"] = f'<{quote(request.url.path)}?{_query(request, made.following)}>; rel="next"'
        made = made.record
    return Response(made if isinstance(made, bytes) else encoded(made), 200, headers, kind)


def _query(request: Request, changed: Mapping[str, object]) -> str:
    """Return the query of a request with some values changed."""
    kept = [(name, value) for name, value in request.query_params.multi_items() if name not in changed]
    return urlencode([*kept, *changed.items()])


def _tag(request: Request, corpus: Corpus) -> str:
    state = corpus.store.changes.state()
    parts = (*state, __version__, corpus.policy, request.url.path, sorted(request.query_params.multi_items()))
    return f'"{hashlib.sha256(repr(parts).encode("utf-8", "backslashreplace")).hexdigest()[:32]}"'
