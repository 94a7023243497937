"""What pages list of a corpus: reposts and headlines, the latest first, what a night brought, who copies whom.

All of it rests on the same answers as a lookup; lists are read in portions, and each says from where it goes on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from syndet import answer, clusters, origin, permits
from syndet.corpus import Corpus
from syndet.exchange import Credit
from syndet.known import Known
from syndet.models import Answer, Article, Link, Origin, Permission, Relation
from syndet.permits import Register
from syndet.stored import Stored

# Rows of one portion, and how many candidates are looked at for it before the reader is asked to go on.
PORTION = 25
_LOOKED_AT = 250
# Above every id.
_TOP = 2**62
# Words of a headline that are looked for; each is a scan of the titles.
_MOST_WORDS = 8
_DAY = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")
# What an answer remembers grows with the articles that it met; so many are answered before it forgets.
_TOGETHER = 500
# Of a night's skipped pages, those that are named one by one.
_MOST_SKIPPED = 200


@dataclass(frozen=True, slots=True)
class Filters:
    """Which reposts are wanted: of one outlet (its site), with one relation, dated from one day to another."""

    site: str | None = None
    relation: Relation | None = None
    first: str | None = None
    last: str | None = None

    @classmethod
    def of(cls, site: str = "", relation: str = "", first: str = "", last: str = "") -> Filters:
        """Return the filters that a form gives; what cannot be understood is left out."""
        known: dict[str, Any] = {"relation": relation if relation in relations() else None}
        known |= {name: day if _DAY.fullmatch(day) else None for name, day in (("first", first), ("last", last))}
        # A month or a year as the last day means all of it.
        known["last"] = f"{known['last']}-99" if known["last"] and len(known["last"]) < 10 else known["last"]
        return cls(site=site.strip().lower() or None, **known)

    def fit(self, row: Repost) -> bool:
        """Return whether a repost has the relation that is wanted; another version of a story only where it is."""
        return row.relation == self.relation if self.relation else row.relation != "revision"


ALL = Filters()


def relations() -> tuple[Relation, ...]:
    """Return the relations that a repost may have."""
    from typing import get_args

    return get_args(Relation)


@dataclass(frozen=True, slots=True)
class Repost:
    """A stored article and where it comes from. `origin` is None for a digest, `licence` where no register is kept."""

    article: Article
    origin: Origin | None
    relation: Relation | None
    credit: Credit
    licence: Permission | None


@dataclass(frozen=True, slots=True)
class Shelf:
    """A portion of a list; `after` is where the next one begins, None at the end."""

    rows: Sequence[Repost]
    after: int | None


def reposts(corpus: Corpus, filters: Filters = ALL, after: int | None = None, size: int = PORTION) -> Shelf:
    """Return the latest reposts, those stored last first, as lookups call them reposts."""
    found: list[Repost] = []
    at, looked = after or _TOP, 0
    with corpus.reading():
        graph, register = _graph(corpus), corpus.store.licences.register()
        while at and len(found) < size and looked < _LOOKED_AT:
            ids, low = corpus.store.listings.reposts(
                at, size - len(found), site=filters.site, relation=filters.relation, first=filters.first,
                last=filters.last,
            )  # fmt: skip
            rows = (repost(number, graph, register) for number in ids)
            found += [row for row in rows if row and filters.fit(row)]
            at, looked = low, looked + max(len(ids), 1)
        return Shelf(found, at or None)


def repost(number: int, graph: Known, register: Register | None) -> Repost | None:
    """Return where an article comes from, as a lookup says; None where it is no repost."""
    article = graph.article(number)
    roots = permits.sources(number, graph) if register is not None else []
    licence = permits.worst(permits.judged(register, article, roots)) if register is not None else None
    if clusters.digest(number, graph):
        parts = [graph.article(part.origin) for part in clusters.digest_parts(number, graph)]
        return Repost(article, None, "digest", answer.credit(article, parts), licence)
    source = clusters.source(number, graph)
    if source is None:
        return None
    found, known = answer.led_to(source, graph)
    return Repost(article, found, source.relation, answer.credit(article, known), licence)


@dataclass(frozen=True, slots=True)
class Titled:
    """A stored article that was found by its headline; `repost` where it is one, `copies` that go back to it."""

    article: Article
    repost: Repost | None
    copies: int


@dataclass(frozen=True, slots=True)
class Headlines:
    """A portion of what was found by headline."""

    rows: Sequence[Titled]
    after: int | None


def headlines(corpus: Corpus, wanted: str, after: int | None = None, size: int = PORTION) -> Headlines:
    """Return the articles in whose headline every word of `wanted` stands, those stored last first."""
    words = list(dict.fromkeys(re.findall(r"\w+", wanted)))[:_MOST_WORDS]
    if not words:
        return Headlines((), None)
    with corpus.reading():
        ids = corpus.store.listings.titled([_spellings(word) for word in words], after or _TOP, size + 1)
        graph, register = _graph(corpus), corpus.store.licences.register()
        rows = [
            Titled(graph.article(one), repost(one, graph, register), len(corpus.store.clusters.followers(one)))
            for one in ids[:size]
        ]
        return Headlines(rows, ids[size - 1] if len(ids) > size else None)


def _spellings(word: str) -> list[str]:
    """Return a word as a headline may have it: SQLite knows upper and lower case of ASCII alone.

    >>> _spellings("Mayor"), _spellings("мэр")
    (['mayor'], ['мэр', 'Мэр', 'МЭР'])
    """
    low = word.lower()
    return [low] if word.isascii() else list(dict.fromkeys((low, low.capitalize(), low.upper())))


# -- nights ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Night:
    """What a run brought: the row of `runs`, the answers of what it stored that are not "no match", its skips."""

    run: dict[str, Any]
    stored: int  # articles that it stored, or stored anew
    answers: Sequence[Answer]
    skips: Sequence[tuple[str, str, str]]  # (reason, place, why)
    cut: bool  # more skips than these


def runs(corpus: Corpus, limit: int = 30) -> list[dict[str, Any]]:
    """Return the latest runs, newest first, as the table has them."""
    with corpus.reading():
        return corpus.store.runs.last(limit)


def night(corpus: Corpus) -> Night | None:
    """Return what the last night that came to its end brought; None before the first."""
    with corpus.reading():
        run = next((one for one in corpus.store.runs.last(100) if one["finished"]), None)
        if run is None:
            return None
        times = run["started"], run["finished"]
        ids = corpus.store.listings.arrived(*times)
        skips = corpus.store.listings.skipped(*times, _MOST_SKIPPED + 1)
        found = tuple(one for one in answers(corpus, ids) if one.verdict != "no_match")
        return Night(run, len(ids), found, skips[:_MOST_SKIPPED], len(skips) > _MOST_SKIPPED)


def answers(corpus: Corpus, ids: Sequence[int]) -> Iterator[Answer]:
    """Yield what a lookup says of each of these articles."""
    register = corpus.store.licences.register()
    for begin in range(0, len(ids), _TOGETHER):
        stored = Stored(corpus.store)
        graph = Known(stored, stored)
        for number in ids[begin : begin + _TOGETHER]:
            yield permits.marked(answer.among(str(number), graph.article(number), graph), register)


def pair(corpus: Corpus, skip: int) -> tuple[Link, Article, Article] | None:
    """Return the pair that needs a look most after `skip` others, the likelier repost first; None at the end."""
    found = corpus.borderline(skip + 1)[skip:]
    if not found:
        return None
    link, repost, first = found[0]
    return (link, repost, first) if link.direction >= 0.5 else (link, first, repost)


def _graph(corpus: Corpus) -> Known:
    stored = Stored(corpus.store)
    return Known(stored, stored)


def outlet_of(article: Article) -> str:
    """Return what the outlet of an article is called."""
    return article.outlet or article.site or article.url


def title_of(article: Article) -> str:
    """Return the headline of an article, else its address."""
    return origin.headline(article) or article.url
