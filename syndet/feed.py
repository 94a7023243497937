"""A store -> what changed in it since a place, for another system that keeps itself in step."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from syndet import groups
from syndet.answer import origin_of
from syndet.corpus import Corpus
from syndet.errors import LostPlace, NotStored, UsageError
from syndet.groups import Policy
from syndet.known import Known
from syndet.models import Article, Origin
from syndet.store.changes import Place, What
from syndet.stored import Stored

CURSOR = re.compile(r"([0-9a-f]{16})-(\d{1,18})-(links|origin|cluster|)-(\d{1,18})")
# After every row of a state, whatever its kind.
_END = "~"


@dataclass(frozen=True, slots=True)
class Change:
    """An article whose links or origin changed, or a cluster whose members, or who speaks for it, did.

    `article` is that article or, of a cluster, who speaks for it now: None where nobody is left. `origin` is given
    where `what` is that, `articles` is the number of members of a cluster.
    """

    what: What
    id: int
    article: Article | None
    origin: Origin | None = None
    articles: int = 0


@dataclass(frozen=True, slots=True)
class Feed:
    """Changes, the earliest first, each thing once, as it is now; `next` is the place after them."""

    changes: Sequence[Change]
    next: str
    more: bool


def changes(corpus: Corpus, since: str | None = None, *, limit: int = 100) -> Feed:
    """Return what changed after the place `since` (None: all that ever did; "now": nothing yet), at most `limit`.

    Raises UsageError for a place that is none, LostPlace for one that this store never gave.
    """
    with corpus.reading():
        name, version = corpus.store.changes.state()
        place = (version, _END, 0) if since == "now" else _place(since, name, version)
        rows = corpus.store.changes.since(place, limit + 1)
        stored = Stored(corpus.store)
        graph = Known(stored, stored)
        found = [_change(what, number, graph, corpus.policy) for what, number, _ in rows[:limit]]
    if rows[:limit]:
        what, number, at = rows[:limit][-1]
        place = (at, what, number)
    return Feed([one for one in found if one is not None], _cursor(name, place), len(rows) > limit)


def _place(since: str | None, name: str, version: int) -> Place:
    if since is None:
        return (0, "", 0)
    found = CURSOR.fullmatch(since)
    if found is None:
        raise UsageError("That is no place in the changes; leave it out, or give `next` of an earlier answer.")
    place = (int(found[2]), found[3] or _END, int(found[4]))
    if found[1] != name or place[0] > version:
        raise LostPlace("That place is one of another store, or of a later state than this one has; begin again.")
    return place


def _cursor(name: str, place: Place) -> str:
    return f"{name}-{place[0]}-{place[1].replace(_END, '')}-{place[2]}"


def _change(what: What, number: int, graph: Known, policy: Policy) -> Change | None:
    """Return a change as things are now, None for an article that somebody deleted by hand."""
    try:
        if what == "cluster":
            members = graph.kept.members(number) if graph.kept is not None else []
            articles = {one.id: graph.article(one.id) for one in members}
            first = groups.representative(members, articles, policy) if members else None
            return Change(what, number, articles[first] if first is not None else None, articles=len(members))
        article = graph.article(number)
        return Change(what, number, article, origin_of(number, graph) if what == "origin" else None)
    except NotStored:
        return None
