"""GET and POST /v1/lookup: where a page comes from that is stored, or that is sent along and not stored."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from syndet import records, report, sources
from syndet.api import answers, document
from syndet.api.access import Access
from syndet.api.problems import known_parameters
from syndet.errors import NotStored
from syndet.models import Skipped

_Target = Annotated[
    str | None,
    Query(description="The address of a stored page.", max_length=8_192, examples=["https://example.org/story"]),
]
_Url = Annotated[str | None, Query(description="The address of the page in the body, if known.", max_length=8_192)]
_Body = Annotated[bool, Query(description="Add both bodies to the answer.")]


def router(opened: Access) -> APIRouter:
    """Return the two ways to look a page up."""
    routes = APIRouter(prefix="/v1", tags=["lookup"], dependencies=[Depends(known_parameters)])

    @routes.get("/lookup", **document.answers("Lookup", 422, tagged=True))
    def get_lookup(request: Request, target: _Target = None, url: _Url = None, body: _Body = False) -> Response:
        """Say where a stored page comes from. `target` is its address (`url` is another name for it)."""
        if (address := target or url) is None or (target and url):
            raise HTTPException(422, "Name the address of one stored page: /v1/lookup?target=https://...")
        return _stored(opened, request, address, body)

    @routes.post("/lookup", **document.answers("Lookup", 408, 413, 422, body=document.PAGE))
    async def post_lookup(request: Request, url: _Url = None, body: _Body = False) -> Response:
        """Say where a page comes from that is sent along as HTML, text or JSON. Nothing is stored."""
        data = await request.body()
        kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
        return await opened.look_up(_sent, opened, request, data, kind, url, body)

    return routes


def _stored(opened: Access, request: Request, target: str, body: bool) -> Response:
    with opened() as corpus:

        def made() -> dict[str, object]:
            recipe = corpus.recipe()
            try:
                return report.lookup_dict(corpus.lookup(target), recipe, body=body)
            except NotStored:
                return report.not_found(target, recipe)

        return answers.tagged(request, corpus, made) if request.method == "GET" else answers.plain(made())


def _sent(opened: Access, request: Request, data: bytes, kind: str, url: str | None, body: bool) -> Response:
    """Answer for a page that was sent; JSON with `url` alone asks for a stored page."""
    try:
        if kind == "application/json":
            record = records.parse(data)
            told = {name: records.text_field(record, name) for name in ("url", "html", "text", *records.METADATA)}
            url = told["url"] or url
            if url and not told["html"] and not told["text"]:
                return _stored(opened, request, url, body)
            page = records.page({**record, "url": url or sources.STDIN_URL}, "request")
        else:
            page = sources.from_bytes(data, url=url, where="request")
    except ValueError as error:
        raise HTTPException(422, f"The request can't be read. {error}") from None
    with opened() as corpus:
        answer = corpus.lookup_page(page, url or "request", url=url)
        if isinstance(answer, Skipped):
            raise HTTPException(422, f"The page can't be looked up: {answer.detail}")
        return answers.plain(report.lookup_dict(answer, corpus.recipe(), body=body))
