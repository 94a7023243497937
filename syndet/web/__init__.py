"""The pages: what a newsroom looks at. `router` serves them, `export` writes them as files; both hold the same.

`pages` says what stands on each, `render` makes HTML of it. Everything works without a script.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Annotated, Literal
from urllib.parse import quote, unquote

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from syndet import letters, sources
from syndet.corpus import Corpus
from syndet.errors import EmptyBody, NotStored
from syndet.extract import MIN_WORDS
from syndet.listings import Filters
from syndet.models import Skipped
from syndet.web import pages, signing
from syndet.web.pages import Reviewing
from syndet.web.render import STATIC
from syndet.web.serving import FORM, MOST, at, beside, form, html, problem, remember, sent, token
from syndet.web.signing import token_of

Opened = Callable[[], AbstractContextManager[Corpus]]
Allowed = Callable[[Request], bool]

_MOST_SKIP = 1_000
_ADDRESS = re.compile(r"(?:[a-z][a-z0-9+.-]*://|www\.)\S+|[\w-]+(?:\.[\w-]+)+/\S*", re.IGNORECASE)
_WHO = "syndet_who"
_VERDICTS: dict[str, Literal["confirmed", "rejected"]] = {"confirmed": "confirmed", "rejected": "rejected"}
_SAID = {"confirmed": "Written down: a copy.", "rejected": "Written down: no copy."}

_After = Annotated[int | None, Query(ge=1, le=2**62)]
_Text = Annotated[str, Query(max_length=8_192)]
_Number = Annotated[int, Query(ge=1, le=2**62)]


def router(
    opened: Opened, writing: Opened | None = None, allowed: Allowed = lambda _: True,
    accepts: Callable[[str], bool] | None = None,
) -> APIRouter:  # fmt: skip
    """Return the pages of the store that `opened` reads.

    `writing` opens it for reviews; without that, nobody may post one. `allowed` says whether a request may. Where
    tokens are asked for, `accepts` says whether a token is one of ours: then there is a page to sign in with it, and
    `token_of` has it for `allowed`.
    """
    made = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
    if accepts is not None:
        signing.add(made, accepts)
    _asking(made, opened)
    _articles(made, opened)
    _reviews(made, opened, writing, allowed if writing is not None else lambda _: False, accepts is not None)

    @made.get("/static/{name}")
    def static(request: Request, name: str) -> Response:
        if name not in STATIC:
            return problem(request, 404, "There is no such file.")
        data, tag = beside(name)
        headers = {"ETag": tag, "Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers=headers)
        return Response(data, media_type=STATIC[name], headers=headers)

    return made


def _asking(made: APIRouter, opened: Opened) -> None:
    """Add the first page, and answers to what is asked there."""

    @made.get("/")
    def search(
        request: Request, outlet: _Text = "", relation: _Text = "", after: _After = None,
        first: Annotated[str, Query(alias="from", max_length=40)] = "",
        last: Annotated[str, Query(alias="to", max_length=40)] = "",
    ) -> Response:  # fmt: skip
        filters = Filters.of(outlet, relation, first, last)
        asked = {"outlet": outlet, "relation": relation, "from": first, "to": last}
        with opened() as corpus:
            return html(pages.search(corpus, at(request), filters, after, asked=asked))

    @made.get("/search")
    def ask(request: Request, q: _Text = "") -> Response:
        return _asked(opened, request, q)

    @made.post("/search")
    async def ask_text(request: Request) -> Response:
        fields = await form(request)
        if fields is None:
            return problem(request, 413, f"A text may have {MOST:,} bytes; send a shorter part of it.")
        return await run_in_threadpool(_asked, opened, request, fields.get("q", ""))

    @made.get("/headlines")
    def headlines(request: Request, q: _Text = "", after: _After = None) -> Response:
        with opened() as corpus:
            return html(pages.headlines(corpus, at(request), q, after))


def _articles(made: APIRouter, opened: Opened) -> None:
    """Add the pages of articles, clusters, outlets and nights."""

    @made.get("/articles/{number}")
    def article(request: Request, number: int) -> Response:
        with opened() as corpus:
            return html(pages.article(corpus, at(request), number))

    @made.get("/compare/{one}-{other}")
    def compare(request: Request, one: int, other: int) -> Response:
        with opened() as corpus:
            return html(pages.compare(corpus, at(request), one, other))

    @made.get("/compare")
    def compare_asked(request: Request, a: _Number, b: _Number) -> Response:
        return RedirectResponse(at(request).compare(a, b) or "/", 303)

    @made.get("/clusters/{number}")
    def cluster(request: Request, number: int) -> Response:
        with opened() as corpus:
            return html(pages.cluster(corpus, at(request), number))

    @made.get("/outlets")
    def outlets(request: Request, q: _Text = "", top: int = pages.TOPS[1]) -> Response:
        with opened() as corpus:
            return html(pages.outlets(corpus, at(request), q, top if top in pages.TOPS else pages.TOPS[1]))

    @made.get("/outlets/{site:path}")
    def outlet(request: Request, site: str) -> Response:
        with opened() as corpus:
            return html(pages.outlet(corpus, at(request), site))

    @made.get("/runs")
    def runs(request: Request) -> Response:
        with opened() as corpus:
            return html(pages.runs(corpus, at(request)))

    @made.get("/words")
    def words(request: Request) -> Response:
        return html(pages.words(at(request)))


def _reviews(made: APIRouter, opened: Opened, writing: Opened | None, may: Allowed, signs: bool) -> None:
    """Add the queue of reviews and what is answered there."""

    @made.get("/review")
    def review(request: Request, skip: Annotated[int, Query(ge=0, le=_MOST_SKIP)] = 0, said: _Text = "") -> Response:
        known = token(request)
        reviewing = Reviewing(may(request), known, unquote(request.cookies.get(_WHO, "")), signs)
        with opened() as corpus:
            response = html(pages.review(corpus, at(request), reviewing, skip, _SAID.get(said, "")))
        remember(request, response, FORM, known)
        return response

    @made.post("/review")
    async def post_review(request: Request) -> Response:
        fields = await sent(request, "of reviews")
        if isinstance(fields, Response):
            return fields
        if writing is None or not may(request):
            return problem(request, 403, "To post a review, a token that may write is needed.")
        return await run_in_threadpool(_review, writing, request, fields)


# -- asking ------------------------------------------------------------------------------------------------------------


def _asked(opened: Opened, request: Request, wanted: str) -> Response:
    """Return the answer for what somebody pasted: an address, a headline, or a page as text or HTML."""
    where, wanted = at(request), wanted.strip()
    if not wanted:
        return RedirectResponse(where.to("") or "/", 303)
    if _ADDRESS.fullmatch(wanted):
        with opened() as corpus:
            try:
                return RedirectResponse(where.article(corpus.find(wanted)) or "/", 303)
            except NotStored:
                return html(pages.missing(where, wanted), 404)
    if len(wanted) < 1_000 and letters.count(wanted) < MIN_WORDS and "<" not in wanted:
        return RedirectResponse(where.to("headlines", q=wanted) or "/", 303)
    given = sources.from_bytes(wanted.encode("utf-8", "replace"), url=None, where="what you sent")
    with opened() as corpus:
        try:
            answer = corpus.lookup_page(given, "what you sent")
        except EmptyBody:
            return problem(request, 422, "There is no word in this text.")
        if isinstance(answer, Skipped):
            return problem(request, 422, f"This can't be looked up: {answer.detail}")
        return html(pages.asked(corpus, where, answer))


# -- reviews -----------------------------------------------------------------------------------------------------------


def _review(writing: Opened, request: Request, sent: dict[str, str]) -> Response:
    verdict, who = _VERDICTS.get(sent.get("verdict", "")), sent.get("who", "").strip()[:100]
    ends = [int(sent[name]) if sent.get(name, "").isdecimal() and len(sent[name]) < 19 else 0 for name in ("a", "b")]
    if verdict is None or not who or not all(ends):
        return problem(request, 422, "The answer, your name or one of the two articles is missing.")
    repost, origin = ends if sent.get("copy") == "a" else reversed(ends)
    with writing() as corpus:
        corpus.review(repost, origin, verdict, who=who, why=sent.get("why", "").strip()[:1_000])
    skip = sent.get("skip", "")
    response = RedirectResponse(
        at(request).to("review", skip=skip if skip.isdecimal() else None, said=verdict) or "/", 303
    )
    remember(request, response, _WHO, quote(who))
    return response


__all__ = ["problem", "router", "token_of"]
