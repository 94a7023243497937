"""What is stored: articles, clusters, outlets, pairs side by side, what changed, whose articles were copied."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import Response

from syndet import bulletin, copies, feed, ledger, report, roster
from syndet.api import answers, document
from syndet.api.access import Access
from syndet.api.problems import known_parameters
from syndet.changes import between
from syndet.corpus import Corpus
from syndet.decide import compare
from syndet.errors import LostPlace

# No id is greater, nor would SQLite take it.
_MOST_ID = 2**63 - 1
_Id = Annotated[int, Path(ge=1, le=_MOST_ID, examples=[1])]
_Site = Annotated[str, Path(max_length=300, description="A registrable domain.", examples=["example.org"])]
_Limit = Annotated[int, Query(ge=1, le=1_000, description="How many at most.")]
_After = Annotated[int | None, Query(ge=1, le=_MOST_ID, description="The id of the last one of the page before.")]
_Since = Annotated[
    str | None,
    Query(
        max_length=100,
        pattern=f"^(now|{feed.CURSOR.pattern})$",
        description="`next` of an earlier answer; `now`: only what is to come.",
    ),
]
_Side = Annotated[
    str, Query(min_length=1, max_length=8_192, description="The address or id of a stored article.", examples=["1"])
]


def router(opened: Access) -> APIRouter:
    """Return what reads the store."""
    routes = APIRouter(prefix="/v1", tags=["reading"], dependencies=[Depends(known_parameters)])
    _one_thing(routes, opened)
    _streams(routes, opened)
    return routes


def _one_thing(routes: APIRouter, opened: Access) -> None:
    @routes.get("/articles/{id}", **document.answers("Article", 404, 422, tagged=True))
    def article(
        request: Request, id: _Id, body: Annotated[bool, Query(description="Add the bodies of all versions.")] = False
    ) -> Response:
        """Return a stored article: what it says of itself, its versions, links and reviews."""
        with opened() as corpus:
            return answers.tagged(request, corpus, lambda: report.show_dict(*corpus.show(id), body=body))

    @routes.get("/clusters/{id}", **document.answers("Cluster", 404, 410, 422, tagged=True, paged=True))
    def cluster(request: Request, id: _Id, limit: _Limit = 100, after: _After = None) -> Response:
        """Return a cluster with its members by time, and what became of its id."""
        with opened() as corpus:
            return answers.tagged(request, corpus, lambda: _members(corpus, id, limit, after))

    @routes.get("/outlets/{site}", **document.answers("Outlet", 404, 422, tagged=True, paged=True))
    def outlet(request: Request, site: _Site, limit: _Limit = 1_000, after: _After = None) -> Response:
        """Return who copies whom at an outlet, in its latest articles, or those before `after`."""
        with opened() as corpus:
            return answers.tagged(request, corpus, lambda: _ledger(corpus, site, limit, after))

    @routes.get("/compare", **document.answers("Comparison", 404, 422, tagged=True))
    def compared(
        request: Request, a: _Side, b: _Side,
        changes: Annotated[bool, Query(description="Also say what A dropped, added and changed.")] = False,
    ) -> Response:  # fmt: skip
        """Say what A, the suspected repost, shares with B. Both are stored."""
        with opened() as corpus:

            def made() -> dict[str, object]:
                sides = corpus.article(a), corpus.article(b)
                return report.comparison_dict(compare(*sides), between(*sides) if changes else None)

            return answers.tagged(request, corpus, made)


def _streams(routes: APIRouter, opened: Access) -> None:
    @routes.get("/changes", **document.answers("Changes", 410, 422, tagged=True, paged=True))
    def changes(
        request: Request, limit: _Limit = 100,
        since: _Since = None,
    ) -> Response:  # fmt: skip
        """List articles whose links or origin, and clusters whose members changed, each once and as it is now."""
        with opened() as corpus:
            return answers.tagged(request, corpus, lambda: _changes(corpus, since, limit))

    @routes.get("/outlets/{site}/reposts.atom", **document.answers("Atom", 404, 422, tagged=True))
    def reposts(
        request: Request, site: _Site, limit: Annotated[int, Query(ge=1, le=200, description="How many at most.")] = 50
    ) -> Response:
        """Return the latest reposts of an outlet's articles as an Atom feed."""
        with opened() as corpus:
            make = lambda: copies.atom(copies.copies(corpus, site, limit), request.url.path)  # noqa: E731
            return answers.tagged(request, corpus, make, kind="application/atom+xml")


def _members(corpus: Corpus, cluster: int, limit: int, after: int | None) -> answers.Part:
    """Return a cluster with `limit` of its members, those after article `after`. Raises LostPlace."""
    record = roster.roster_dict(corpus.cluster(cluster))
    members = record["members"]
    begin = 0
    if after is not None:
        begin = 1 + next((at for at, one in enumerate(members) if one["id"] == after), len(members))
        if begin > len(members):
            raise LostPlace(f"Article {after} is not in cluster {cluster} any more; begin again without `after`.")
    record["members"] = members[begin : begin + limit]
    return answers.Part(record, {"after": record["members"][-1]["id"]} if begin + limit < len(members) else None)


def _ledger(corpus: Corpus, site: str, limit: int, after: int | None) -> answers.Part:
    """Return who copies whom at an outlet, in `limit` of its articles, those before article `after`."""
    skip = corpus.store.articles.before(after) if after is not None else 0
    found = corpus.outlet(site, limit=limit, skip=skip)
    read = found.skipped + found.read
    last = corpus.store.articles.of_site(found.site, 1, read - 1) if found.stored > read else []
    return answers.Part(ledger.ledger_dict(found), {"after": last[0]} if last else None)


def _changes(corpus: Corpus, since: str | None, limit: int) -> answers.Part:
    """Return what changed since a place."""
    found = feed.changes(corpus, since, limit=limit)
    return answers.Part(bulletin.bulletin_dict(found), {"since": found.next} if found.more else None)
