"""Records <-> what a column holds: JSON for small nested records, zlib for bodies. No SQL here."""

from __future__ import annotations

import functools
import json
import re
import zlib
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, ParamSpec, TypeVar

from syndet.models import Alignment, Cue, Date, Evidence, Passage, Reference
from syndet.store.faults import Damaged

_P = ParamSpec("_P")
_R = TypeVar("_R")

_SURROGATE = re.compile("[\ud800-\udfff]")
# Level 6 over 1: 8% smaller bodies for 0.1 ms a page, next to 15 ms of extraction.
_LEVEL = 6


def _whole(read: Callable[_P, _R]) -> Callable[_P, _R]:
    """Return `read`, raising Damaged for a value that is not what this module wrote."""

    @functools.wraps(read)
    def checked(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        try:
            return read(*args, **kwargs)
        except (zlib.error, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise Damaged(f"a stored {read.__name__} cannot be read") from error

    return checked


def pack(body: str) -> bytes:
    """Return `body` compressed. Lone surrogates survive, so what was stored is what was read."""
    return zlib.compress(body.encode("utf-8", "surrogatepass"), _LEVEL)


@_whole
def body(blob: bytes) -> str:
    """Return the body that `pack` was given."""
    return zlib.decompress(blob).decode("utf-8", "surrogatepass")


def storable(value: Any) -> Any:
    """Return `value`, text with U+FFFD for lone surrogates: UTF-8 has none, and SQLite refuses the row.

    Bodies keep theirs (`pack`), and JSON escapes them (`to_json`).
    """
    return _SURROGATE.sub("\ufffd", value) if isinstance(value, str) and not value.isascii() else value


def to_json(value: Any) -> str:
    """Return a record, or a list of records, as compact JSON without the keys that are None; any text survives."""
    plain = _plain(value)
    text = json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
    return json.dumps(plain, separators=(",", ":")) if _SURROGATE.search(text) else text


def _plain(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if hasattr(value, "__dataclass_fields__"):
        value = asdict(value)
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items() if item is not None}
    return value


def _reference(data: dict[str, Any] | None) -> Reference | None:
    return Reference(**data) if data is not None else None


@_whole
def external(text: str) -> Reference | None:
    """Return the Reference that `to_json` was given."""
    return _reference(json.loads(text))


@_whole
def cues(text: str) -> tuple[Cue, ...]:
    """Return the cues that `to_json` was given."""
    return tuple(Cue(**{**row, "points_to": _reference(row.get("points_to"))}) for row in json.loads(text))


@_whole
def dates(text: str) -> tuple[Date, ...]:
    """Return the dates that `to_json` was given."""
    return tuple(Date(**row) for row in json.loads(text))


@_whole
def evidence(text: str) -> tuple[Evidence, ...]:
    """Return the evidence that `to_json` was given."""
    return tuple(Evidence(**{**row, "points_to": _reference(row.get("points_to"))}) for row in json.loads(text))


def shared_to_json(alignment: Alignment) -> str:
    """Return an alignment as compact JSON: passages as [begin, end, begin, end, changed, words]."""
    record = asdict(alignment)
    del record["retellings"]
    record["passages"] = [[*p.article, *p.source, int(p.kind == "changed"), p.words] for p in alignment.passages]
    return json.dumps(record, separators=(",", ":"))


@_whole
def shared(text: str) -> Alignment:
    """Return the alignment that `shared_to_json` was given."""
    record = json.loads(text)
    passages = tuple(
        Passage((a, b), (c, d), "changed" if changed else "verbatim", words)
        for a, b, c, d, changed, words in record.pop("passages")
    )
    return Alignment(**record, passages=passages)
