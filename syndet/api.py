"""The JSON API: the same answers over HTTP. Nothing is stored, every request reads the store afresh."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated, Any

from fastapi import FastAPI, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.middleware.trustedhost import TrustedHostMiddleware

from syndet import __version__, records, report, sources
from syndet.corpus import Corpus
from syndet.errors import NotStored, StoreError, SyndetError, UsageError
from syndet.groups import Policy
from syndet.models import Skipped

# A page that is slower to arrive is held back on purpose; the largest takes a second on the loopback.
BODY_SECONDS = 30
# Requests at once: each may hold a page of MAX_BYTES and what is made of it. More are answered 503.
_REQUESTS = 64
# A server that is asked to end does not wait longer for those who hold it up.
_FAREWELL_SECONDS = 5
_LOOPBACK = ("127.0.0.1", "localhost")
_Target = Annotated[str | None, Query(description="The address of a stored page.", max_length=8_192)]
_Url = Annotated[str | None, Query(description="The address of the page in the body, if known.", max_length=8_192)]
_Body = Annotated[bool, Query(description="Add both bodies to the answer.")]


def app(path: Path, representative: Policy = "origin") -> FastAPI:
    """Return the application that answers from the store at `path`; `representative` as of `Corpus`."""
    opened = partial(Corpus, path, readonly=True, representative=representative)
    api = FastAPI(
        title="syndet", version=__version__, description="Which page is a repost, of what, and how we know.",
        docs_url=None, redoc_url=None,
    )  # fmt: skip
    # A page open in somebody's browser must not reach a local server through a name of its own (DNS rebinding).
    api.add_middleware(TrustedHostMiddleware, allowed_hosts=list(_LOOPBACK))

    @api.exception_handler(HTTPException)
    async def http_problem(request: Request, error: HTTPException) -> JSONResponse:
        return problem(error.status_code, str(error.detail))

    @api.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        return problem(422, f"{'.'.join(map(str, first['loc']))}: {first['msg']}.")

    @api.exception_handler(SyndetError)
    async def failed(request: Request, error: SyndetError) -> JSONResponse:
        return problem(503 if isinstance(error, StoreError) else 422, str(error))

    @api.get("/v1/lookup", response_model=None, responses=_RESPONSES)
    def get_lookup(target: _Target = None, url: _Url = None, body: _Body = False) -> dict[str, Any] | JSONResponse:
        """Say where a stored page comes from. `target` is its address (`url` is another name for it)."""
        address = target or url
        if address is None:
            return problem(422, "Name the address of a stored page: /v1/lookup?target=https://...")
        return _stored(opened, address, body)

    @api.post("/v1/lookup", response_model=None, responses=_RESPONSES, openapi_extra={"requestBody": _REQUEST})
    async def post_lookup(request: Request, url: _Url = None, body: _Body = False) -> dict[str, Any] | JSONResponse:
        """Say where a page comes from that is sent along as HTML, text or JSON. Nothing is stored."""
        try:
            data = await asyncio.wait_for(_read(request), BODY_SECONDS)
        except TimeoutError:
            return problem(408, f"The page did not arrive within {BODY_SECONDS} seconds.")
        if data is None:
            return problem(413, f"The page is over {sources.MAX_BYTES:,} bytes; send its text alone.")
        kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
        return await run_in_threadpool(_sent, opened, data, kind, url, body)

    @api.get("/healthz")
    def healthz() -> dict[str, str]:
        """Say that the store can be read."""
        with opened() as corpus:
            return {"status": "ok", "recipe": corpus.recipe(), "version": __version__}

    return api


_PROBLEM = {
    "description": "What is wrong, as RFC 9457.",
    "content": {"application/problem+json": {"schema": {"type": "object"}}},
}
_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"description": "The answer, schema syndet.lookup/1."},
    **dict.fromkeys((400, 408, 413, 422, 503), _PROBLEM),
}
_REQUEST = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "properties": {name: {"type": "string"} for name in ("url", "html", "text", "title", "published")},
            }
        },
        "text/html": {"schema": {"type": "string"}},
        "text/plain": {"schema": {"type": "string"}},
    },
}


def problem(status: int, detail: str) -> JSONResponse:
    """Return an RFC 9457 problem."""
    record = {"type": "about:blank", "status": status, "detail": detail}
    return JSONResponse(record, status, media_type="application/problem+json")


async def _read(request: Request) -> bytes | None:
    """Return the body of a request, None where it is too large; no more than that is ever held."""
    data = bytearray()
    async for chunk in request.stream():
        data += chunk
        if len(data) > sources.MAX_BYTES:
            return None
    return bytes(data)


def _stored(opened: Callable[[], Corpus], target: str, body: bool) -> dict[str, Any]:
    with opened() as corpus:
        recipe = corpus.recipe()
        try:
            return _safe(report.lookup_dict(corpus.lookup(target), recipe, body=body))
        except NotStored:
            return _safe(report.not_found(target, recipe))


def _sent(
    opened: Callable[[], Corpus], data: bytes, kind: str, url: str | None, body: bool
) -> dict[str, Any] | JSONResponse:
    """Answer for a page that was sent; JSON with `url` alone asks for a stored page."""
    try:
        if kind == "application/json":
            record = records.parse(data)
            url = records.text_field(record, "url") or url
            if url and not record.get("html") and not record.get("text"):
                return _stored(opened, url, body)
            page = records.page({**record, "url": url or sources.STDIN_URL}, "request")
        else:
            page = sources.from_bytes(data, url=url, where="request")
    except ValueError as error:
        return problem(422, f"The request can't be read. {error}")
    with opened() as corpus:
        answer = corpus.lookup_page(page, url or "request", url=url)
        if isinstance(answer, Skipped):
            return problem(422, f"The page can't be looked up: {answer.detail}")
        return _safe(report.lookup_dict(answer, corpus.recipe(), body=body))


def _safe(record: dict[str, Any]) -> dict[str, Any]:
    """Return `record` with lone surrogates replaced, which UTF-8 cannot carry."""
    plain = json.dumps(record, ensure_ascii=False).encode("utf-8", "replace")
    return json.loads(plain)  # type: ignore[no-any-return]


def run(path: Path, host: str, port: int, *, representative: Policy = "origin") -> None:
    """Serve until stopped. Raises UsageError for a host that others can reach: there is no access control yet."""
    import uvicorn

    if host not in _LOOPBACK:
        raise UsageError(
            f"syndet serve listens on 127.0.0.1 only, not on {host}; put a reverse proxy with a password before it."
        )
    uvicorn.run(
        app(path, representative), host=host, port=port, log_level="info", limit_concurrency=_REQUESTS,
        timeout_graceful_shutdown=_FAREWELL_SECONDS,
    )  # fmt: skip
