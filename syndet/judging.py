"""A corpus and pairs of its articles -> what syndet says of each pair, by its links or by direct comparison."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, Protocol

from syndet import decide, groups, origin, relate
from syndet.known import Known
from syndet.models import Alignment, Article, Link, Relation, Span
from syndet.stored import Stored

if TYPE_CHECKING:
    from syndet.corpus import Corpus
    from syndet.summary import Progress

State = Literal["repost", "sibling", "revision", "possible"]
# More links than any article has: all are read.
_ALL = 1 << 30


@dataclass(frozen=True, slots=True)
class Judgement:
    """What syndet says of the articles `low` and `high` (ids, low < high). `origin`: the id of the origin, if told.

    `passages` have the side of `low` first. `state` None: not linked.
    """

    low: int
    high: int
    score: float
    state: State | None = None
    relation: Relation | None = None
    origin: int | None = None
    passages: tuple[tuple[Span, Span], ...] = ()


class Judge(Protocol):
    """Who says what is shared."""

    def pair(self, low: int, high: int) -> Judgement:
        """Return what is said of two articles, low < high."""

    def others(self, numbers: Sequence[int]) -> Iterator[Judgement]:
        """Yield what is said of those pairs among `numbers` of which something is said at all."""

    def clusters(self, numbers: Sequence[int]) -> list[int]:
        """Return a cluster number for each article: equal for those that are taken for one story."""


class ByLinks:
    """Judges by the links of a store: retrieval, alignment and decision, as a night leaves them.

    What people said of them is left aside: it may be the labels.
    """

    def __init__(self, corpus: Corpus, numbers: Iterable[int]):
        """Read the links among the articles `numbers`."""
        self._corpus = corpus
        wanted = set(numbers)
        self._links = {
            (found.low, found.high): found
            for number in sorted(wanted)
            for link in corpus.store.links.of(number, _ALL)
            if link.other(number) in wanted
            for found in (_of_link(link),)
        }

    def pair(self, low: int, high: int) -> Judgement:
        """Return the link between two articles; score 0 where there is none."""
        return self._links.get((low, high)) or Judgement(low, high, 0.0)

    def others(self, numbers: Sequence[int]) -> Iterator[Judgement]:
        """Yield the links among `numbers`."""
        wanted = set(numbers)
        for (low, high), found in sorted(self._links.items()):
            if low in wanted and high in wanted:
                yield found

    def clusters(self, numbers: Sequence[int]) -> list[int]:
        """Return the cluster of each article in the store, its own id where it has none."""
        graph = Known(Stored(self._corpus.store, reviewed=False))
        met: dict[int, int] = {}
        for number in numbers:
            found = groups.cluster(number, graph)
            met[number] = found.representative if found is not None else number
        return [met[number] for number in numbers]


class Directly:
    """Judges every pair by comparing the two texts; nothing has to be found first."""

    def __init__(self, corpus: Corpus, progress: Progress):
        self._corpus, self._progress = corpus, progress
        self._articles: dict[int, Article] = {}
        self._kept: dict[tuple[int, int], Judgement] = {}

    def pair(self, low: int, high: int) -> Judgement:
        """Return what the comparison of two articles gives; where nothing links them it has a score, too."""
        if (low, high) not in self._kept:
            self._kept[low, high] = compared(self._article(low), self._article(high))[0]
            self._progress("compare", 1)
        return self._kept[low, high]

    def others(self, numbers: Sequence[int]) -> Iterator[Judgement]:
        """Compare every two of `numbers`; yield those with a score above 0."""
        ordered = sorted(numbers)
        for place, low in enumerate(ordered):
            for high in ordered[place + 1 :]:
                found = self.pair(low, high)
                if found.score > 0:
                    yield found

    def clusters(self, numbers: Sequence[int]) -> list[int]:
        """Return the connected component of each article by decided pairs among `numbers`."""
        decided = [(one.low, one.high) for one in self.others(numbers) if one.state not in (None, "possible")]
        found = components(numbers, decided)
        return [found[number] for number in numbers]

    def _article(self, number: int) -> Article:
        if number not in self._articles:
            self._articles[number] = self._corpus.article(number)
        return self._articles[number]


def compared(article: Article, source: Article) -> tuple[Judgement, Alignment]:
    """Return what direct comparison says of two stored articles, and what they share that tells something.

    The score of a pair that nothing links is what the shared text alone gives.
    """
    found = decide.compare(article, source)
    ids = {1: article.id or 0, 2: source.id or 0}
    link = found.link
    if link is None:
        shared = relate.telling(found.shared, found.article, found.source)
        score = relate.reuse(shared, relate.worth(shared, article.body))
        return _judgement(ids[1], ids[2], score, None), shared
    here = replace(link, repost=ids[link.repost], origin=ids[link.origin])
    return _of_link(here), here.seen_from(ids[1]) or found.shared


def _judgement(article: int, source: int, score: float, shared: Alignment | None) -> Judgement:
    passages = [(p.article, p.source) for p in shared.passages] if shared is not None else []
    if article > source:
        article, source, passages = source, article, [(there, here) for here, there in passages]
    return Judgement(article, source, score, passages=tuple(sorted(passages)))


def _of_link(link: Link) -> Judgement:
    plain = _judgement(link.repost, link.origin, link.reuse, link.shared)
    told = link.state == "repost" or (link.state == "revision" and origin.decides(link.direction))
    return Judgement(
        plain.low, plain.high, link.reuse, link.state, link.relation, link.origin if told else None, plain.passages
    )


def components(items: Iterable[int], ties: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Return for each item the smallest one that `ties` connect it with.

    >>> components([1, 2, 3, 4], [(2, 4), (4, 3)])
    {1: 1, 2: 2, 3: 2, 4: 2}
    """
    above = {item: item for item in items}

    def root(item: int) -> int:
        while above[item] != item:
            above[item] = above[above[item]]
            item = above[item]
        return item

    for one, two in ties:
        low, high = sorted((root(one), root(two)))
        above[high] = low
    return {item: root(item) for item in above}
