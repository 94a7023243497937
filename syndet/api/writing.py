"""What is stored by way of the API: pages that come in, and what people say of pairs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from syndet import records, report
from syndet.api import answers, document
from syndet.api.access import Access
from syndet.api.metrics import Metrics
from syndet.api.problems import known_parameters
from syndet.corpus import Corpus
from syndet.errors import NotStored
from syndet.intake import Taken
from syndet.models import Page, Skipped

SCHEMA = "syndet.added/1"
# In one call.
MOST_PAGES = 1_000
_LINES = ("application/x-ndjson", "application/jsonl", "application/json-lines")
_Answers = Annotated[bool, Query(description="Say of each page where it comes from; `false` leaves that out.")]


class Said(BaseModel):
    """What a person says of two stored articles."""

    repost: int | str = Field(description="Id or address of a stored article.", examples=[2])
    origin: int | str = Field(description="Id or address of the other one.", examples=[1])
    verdict: Literal["confirmed", "rejected", "origin", "open"] = Field(
        description="REPOST has text of ORIGIN; neither has; and its story begins there; what was said counts no more."
    )
    who: str = Field(min_length=1, max_length=200, description="Who says so.", examples=["Ann"])
    why: str = Field("", max_length=2_000, description="The reason, in words.")


def router(opened: Access, metrics: Metrics) -> APIRouter:
    """Return what writes to the store."""
    routes = APIRouter(prefix="/v1", tags=["writing"], dependencies=[Depends(known_parameters)])

    @routes.post("/articles", **document.answers("Added", 408, 413, 415, 422, body=document.PAGES, writes=True))
    async def articles(request: Request, answered: _Answers = True) -> Response:
        """Store and link up to 1,000 pages and say of each where it comes from. Also while a night is at work."""
        data = await request.body()
        kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
        given = await run_in_threadpool(_given, data, kind)
        # What can't be read is told of and not kept: it has no address under which it would be known again.
        useful = [page for page in given if _unread(page) is None]
        done = iter(await opened.take(useful))
        taken = [_unread(page) or next(done) for page in given]
        return await run_in_threadpool(_told, opened, metrics, given, taken, answered)

    @routes.post("/reviews", status_code=201, **document.answers("Review", 404, 408, 413, 422, writes=True, status=201))
    async def reviews(said: Said) -> Response:
        """Write down what a person says of two stored articles; from then on it goes before all that was found."""
        return await opened.review(_reviewed, opened, said)

    return routes


def _reviewed(opened: Access, said: Said) -> Response:
    with opened.writing() as corpus:
        done = corpus.review(said.repost, said.origin, said.verdict, who=said.who, why=said.why)
        ends = corpus.article(done.repost), corpus.article(done.origin)
        return answers.plain(report.review_dict(done, *ends), 201)


def _told(
    opened: Access, metrics: Metrics, given: list[Page | Skipped], taken: list[Taken], answered: bool
) -> Response:  # fmt: skip
    for one in taken:
        metrics.taken(one.state)
    with opened() as corpus:
        pages = [_page(corpus, page, one, answered) for page, one in zip(given, taken, strict=True)]
        return answers.plain({"schema": SCHEMA, "recipe": corpus.recipe(), "pages": pages})


def _unread(page: Page | Skipped) -> Taken | None:
    """Return what becomes of what can't be read, None of a page that can."""
    if isinstance(page, Page) or page.reason != "broken_record":
        return None
    return Taken(page.url or page.where, "skipped", skipped=page)


def _given(data: bytes, kind: str) -> list[Page | Skipped]:
    """Return the pages of a request, those that are of no use with the reason. Raises HTTPException."""
    given = list(_records(data, kind))
    if not given:
        raise HTTPException(422, "There is no page in the request.")
    if len(given) > MOST_PAGES:
        raise HTTPException(422, f"There are more than {MOST_PAGES:,} pages in the request; send fewer at once.")
    return given


def _records(data: bytes, kind: str) -> Iterator[Page | Skipped]:
    if kind in _LINES:
        lines = [line for line in data.split(b"\n") if line.strip()]
        yield from (_read(line, f"line {number}") for number, line in enumerate(lines[: MOST_PAGES + 1], 1))
        return
    if kind != "application/json":
        raise HTTPException(415, 'Send application/json, {"pages": [...]}, or application/x-ndjson, a page a line.')
    try:
        pages = records.parse(data).get("pages")
    except ValueError as error:
        raise HTTPException(422, f"The request can't be read. {error}") from None
    if not isinstance(pages, list):
        raise HTTPException(422, 'The request has no list of pages: {"pages": [{"url": ..., "html": ...}, ...]}.')
    yield from (_read(page, f"page {number}") for number, page in enumerate(pages[: MOST_PAGES + 1], 1))


def _read(given: Any, where: str) -> Page | Skipped:
    try:
        record = records.parse(given) if isinstance(given, bytes) else given
        if not isinstance(record, dict):
            raise ValueError("It is not a JSON object.")
        return records.page(record, where)
    except ValueError as error:
        return Skipped(where, "broken_record", str(error))


def _page(corpus: Corpus, given: Page | Skipped, taken: Taken, answered: bool) -> dict[str, Any]:
    """Return what became of a page, and where it comes from."""
    skipped = taken.skipped
    record: dict[str, Any] = {
        "url": given.url,
        "state": taken.state,
        "id": taken.article,
        "reason": skipped.reason if skipped is not None else None,
        "detail": skipped.detail if skipped is not None else None,
    }
    if not answered:
        return record
    try:
        answer = corpus.lookup(taken.article) if taken.article is not None else None
    except NotStored:
        answer = None
    return record | {"answer": report.lookup_dict(answer, corpus.recipe()) if answer is not None else None}
