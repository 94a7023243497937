"""GET and POST /v1/lookup: where a page comes from that is stored, or that is sent along and not stored."""

from __future__ import annotations

import asyncio
import json
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse

from syndet import records, report, sources
from syndet.api.access import Access
from syndet.api.problems import problem
from syndet.errors import NotStored
from syndet.models import Skipped

# A page that is slower to arrive is held back on purpose; the largest takes a second on the loopback.
BODY_SECONDS = 30
_Target = Annotated[str | None, Query(description="The address of a stored page.", max_length=8_192)]
_Url = Annotated[str | None, Query(description="The address of the page in the body, if known.", max_length=8_192)]
_Body = Annotated[bool, Query(description="Add both bodies to the answer.")]

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


def router(opened: Access) -> APIRouter:
    """Return the two ways to look a page up."""
    routes = APIRouter(prefix="/v1")

    @routes.get("/lookup", response_model=None, responses=_RESPONSES)
    def get_lookup(target: _Target = None, url: _Url = None, body: _Body = False) -> dict[str, Any] | JSONResponse:
        """Say where a stored page comes from. `target` is its address (`url` is another name for it)."""
        address = target or url
        if address is None:
            return problem(422, "Name the address of a stored page: /v1/lookup?target=https://...")
        return _stored(opened, address, body)

    @routes.post("/lookup", response_model=None, responses=_RESPONSES, openapi_extra={"requestBody": _REQUEST})
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

    return routes


async def _read(request: Request) -> bytes | None:
    """Return the body of a request, None where it is too large; no more than that is ever held."""
    data = bytearray()
    async for chunk in request.stream():
        data += chunk
        if len(data) > sources.MAX_BYTES:
            return None
    return bytes(data)


def _stored(opened: Access, target: str, body: bool) -> dict[str, Any]:
    with opened() as corpus:
        recipe = corpus.recipe()
        try:
            return _safe(report.lookup_dict(corpus.lookup(target), recipe, body=body))
        except NotStored:
            return _safe(report.not_found(target, recipe))


def _sent(opened: Access, data: bytes, kind: str, url: str | None, body: bool) -> dict[str, Any] | JSONResponse:
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
