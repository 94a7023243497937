"""Two articles -> what one made of the other: sentences dropped, added, reworded; numbers, names, quotations changed.

Words stand for each other where they are aligned, or where a passage has some of about the same number between aligned
ones. Sentences and quotations of which that holds for half belong together, and so do sentences that tell the same.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Literal

import numpy as np

from syndet import letters, text
from syndet.align import aligned, prepare
from syndet.chains import Block
from syndet.models import Alignment, Article, Change, Changes, Passage, Span
from syndet.numbers import numbers
from syndet.origin import headline
from syndet.seeds import Hashes, Ints, Prepared, span_of

# What stands between aligned words stands for what the other body has there, unless that is less than one word for so
# many: the sentence was left out, or put in, then.
MOST_FOR_ONE = 2
# Endings that make no other name of a name: "Merkels", "Сарбахом".
ENDING = 2
# Between two words of one name.
_JOINS = frozenset((" ", "-", "‑", "'", "’", "\u00a0", ". ", "."))


def between(article: Article, source: Article) -> Changes:
    """Return what `article` did to `source`: dropped is what only the source has, added what only the article has.

    The bodies are aligned anew, since the alignment of a link is without tables and boilerplate, which are no sign of
    reuse, but kept all the same.

    >>> source = "The mayor of Eastport said on Monday that 11 boats sank. Nobody was on board. The harbour is shut."
    >>> article = "The mayor of Eastport said on Monday that 12 boats sank. The harbour is shut."
    >>> found = between(Article("", article), Article("", source))
    >>> [source[slice(*change.source)] for change in found.sentences if change.kind == "dropped"]
    ['Nobody was on board.']
    >>> [(source[slice(*change.source)], article[slice(*change.article)]) for change in found.numbers]
    [('11', '12')]
    """
    mine, theirs = prepare(article.body), prepare(source.body)
    shared, blocks = aligned(mine, theirs)
    one, two = _sides(mine, theirs, shared, blocks)
    sentences = _matched(one.sentences, two.sentences, _told(mine, theirs, shared.retellings))
    quotations = _matched(one.quotations, two.quotations, ())
    reworded = [
        _Reworded(one, two, one.sentences.words(*here), two.sentences.words(*there))
        for here, there in sentences.pairs
        if not _same(one.sentences.hashes(*here), two.sentences.hashes(*there))
    ]
    titles = [letters.words(title) if (title := headline(side)) else [] for side in (article, source)]
    return Changes(
        headline=("kept" if titles[0] == titles[1] else "changed") if all(titles) else "unknown",
        sentences=tuple(change for change in _shown(one.sentences, two.sentences, sentences) if change.kind != "kept"),
        numbers=tuple(change for stretch in reworded for change in stretch.numbers()),
        names=tuple(change for stretch in reworded for change in stretch.names()),
        quotations=tuple(_shown(one.quotations, two.quotations, quotations)),
    )


@dataclass(frozen=True, slots=True)
class _Units:
    """The sentences or the quotations of a body. `of`: the unit of each word, int64, shape (n,), -1 outside of all.

    `place`: int64, shape (n,), a word of the other body that stands for it, or -1.
    """

    one: Prepared
    spans: list[Span]
    of: Ints
    place: Ints

    def words(self, first: int, last: int) -> Span:
        """Return where the words of units `first` to `last` stand, `[begin, end)`."""
        begin, end = self.spans[first][0], self.spans[last][1]
        low, high = np.searchsorted(self.one.tokens.begins, (begin, end)).tolist()
        return low, high

    def hashes(self, first: int, last: int) -> Hashes:
        """Return the words of units `first` to `last`, without what stands between them."""
        low, high = self.words(first, last)
        inside: Hashes = self.one.hashes[low:high][self.of[low:high] >= 0]
        return inside

    @property
    def worded(self) -> list[int]:
        """The units that have words."""
        return np.unique(self.of[(self.of >= 0) & (self.one.hashes != 0)]).tolist()  # type: ignore[no-any-return]

    def met(self, other: _Units) -> Iterator[Span]:
        """Yield (unit, unit of the other body that has most of it), where half of its words stand for such."""
        inside = (self.of >= 0) & (self.one.hashes != 0)
        sizes = np.bincount(self.of[inside])
        placed = np.flatnonzero(inside & (self.place >= 0))
        placed = placed[other.of[self.place[placed]] >= 0]
        met: defaultdict[int, Counter[int]] = defaultdict(Counter)
        for unit, there in zip(self.of[placed].tolist(), other.of[self.place[placed]].tolist(), strict=True):
            met[unit][there] += 1
        for unit, counts in met.items():
            if 2 * counts.total() >= sizes[unit]:
                yield unit, min(counts, key=lambda there: (-counts[there], there))


@dataclass(frozen=True)
class _Side:
    """One body, and where in the other one the same word stands (`same`), or another in its place (`place`).

    Both int64, shape (n,), -1 for nowhere.
    """

    one: Prepared
    same: Ints
    place: Ints

    @cached_property
    def sentences(self) -> _Units:
        """All sentences."""
        return _Units(self.one, text.sentences(self.one.body), self.one.sentence, self.place)

    @cached_property
    def quotations(self) -> _Units:
        """What stands in quotation marks."""
        spans = text.quotations(self.one.body)
        which, inside = span_of(spans, self.one.tokens.begins)
        return _Units(self.one, spans, np.where(inside, which, -1), self.place)

    @cached_property
    def numbers(self) -> list[_Fact]:
        """The numbers, in order."""
        tokens = self.one.tokens
        found = []
        for span, value in numbers(self.one.body):
            first, last = (
                int(np.searchsorted(tokens.ends, span[0], "right")),
                int(np.searchsorted(tokens.begins, span[1])),
            )
            if first < last:
                found.append(_Fact(first, last, (value,), span))
        return found

    @cached_property
    def names(self) -> list[_Fact]:
        """The names, in order, runs of them as one: words with a capital that is not only that of a sentence."""
        body, tokens = self.one.body, self.one.tokens
        named = self.one.facts & ~self.one.initials[0]
        known = {tokens.words[at] for at in np.flatnonzero(named).tolist()}
        for at in np.flatnonzero(np.diff(self.one.sentence, prepend=-1)).tolist():
            named[at] = tokens.words[at] in known and body[int(tokens.begins[at])].isupper()
        runs: list[Span] = []
        for at in np.flatnonzero(named).tolist():
            gap = body[int(tokens.ends[at - 1]) : int(tokens.begins[at])]
            if runs and runs[-1][1] == at and gap in _JOINS and self.one.sentence[at - 1] == self.one.sentence[at]:
                runs[-1] = runs[-1][0], at + 1
            else:
                runs.append((at, at + 1))
        return [
            _Fact(low, high, tuple(tokens.words[low:high]), (int(tokens.begins[low]), int(tokens.ends[high - 1])))
            for low, high in runs
        ]

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """The forms of all words."""
        return _forms(self.one.tokens.words)


@dataclass(frozen=True, slots=True)
class _Fact:
    """A number or a name: its words, `[first, last)`, what tells it from others, its place in the body."""

    first: int
    last: int
    key: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class _Matched:
    """Which units, first to last, belong together, in the order of the article; and those that stand alone."""

    pairs: list[tuple[Span, Span]]
    added: list[int]
    dropped: list[int]


def _sides(mine: Prepared, theirs: Prepared, shared: Alignment, blocks: list[Block]) -> tuple[_Side, _Side]:
    """Return both bodies with what stands for what."""
    begins, others, sizes = np.array(blocks, np.int64).reshape(-1, 3).T
    step = np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    here, there = np.repeat(begins, sizes) + step, np.repeat(others, sizes) + step
    same, other = np.full(len(mine.hashes), -1), np.full(len(theirs.hashes), -1)
    same[here], other[there] = there, here
    place, back = same.copy(), other.copy()
    for passage in shared.passages:
        a, last = np.searchsorted(mine.tokens.begins, passage.article)
        b, end = np.searchsorted(theirs.tokens.begins, passage.source)
        low, high = np.searchsorted(here, (a, last))
        inside = (there[low:high] >= b) & (there[low:high] < end)
        # A word before the passage and one after it, as if they were aligned.
        left = np.concatenate(([a - 1], here[low:high][inside], [last]))
        right = np.concatenate(([b - 1], there[low:high][inside], [end]))
        rank = np.argsort(np.argsort(right))
        next_ = (np.diff(rank) == 1) & (np.diff(left) > 1) & (np.diff(right) > 1)
        for at in np.flatnonzero(next_).tolist():
            gap, gap_there = (int(left[at]) + 1, int(left[at + 1])), (int(right[at]) + 1, int(right[at + 1]))
            _fill(place, gap, gap_there)
            _fill(back, gap_there, gap)
    return _Side(mine, same, place), _Side(theirs, other, back)


def _fill(place: Ints, gap: Span, other: Span) -> None:
    size, there = gap[1] - gap[0], other[1] - other[0]
    if size <= MOST_FOR_ONE * there:
        place[gap[0] : gap[1]] = other[0] + np.arange(size) * there // size


def _told(one: Prepared, two: Prepared, retellings: Iterable[Passage]) -> Iterator[Span]:
    """Yield the sentences of `retellings`, each of one body with each of the other."""
    for told in retellings:
        sides = ((one, told.article), (two, told.source))
        ends = [side.sentence[np.searchsorted(side.tokens.begins, span) - (0, 1)].tolist() for side, span in sides]
        yield from product(*(range(first, last + 1) for first, last in ends))


def _matched(here: _Units, there: _Units, told: Iterable[Span]) -> _Matched:
    """Return which units belong together: by their words, else since they are equal, else by `told`."""
    edges = {*here.met(there), *((unit, other) for other, unit in there.met(here))}
    mine, theirs = {unit for unit, _ in edges}, {unit for _, unit in edges}
    for unit, other in (*_equal(here, there), *told):
        if unit not in mine or other not in theirs:
            edges.add((unit, other))
            mine.add(unit)
            theirs.add(other)
    pairs: list[tuple[Span, Span]] = []
    for unit, other in sorted(edges):
        if pairs:
            (a, last), (b, end) = pairs[-1]
            # One that was parted in two, or two that became one.
            if (unit <= last and b - 1 <= other <= end + 1) or (unit == last + 1 and b <= other <= end):
                pairs[-1] = (a, max(last, unit)), (min(b, other), max(end, other))
                continue
        pairs.append(((unit, unit), (other, other)))
    return _Matched(
        pairs,
        [unit for unit in here.worded if unit not in mine],
        [unit for unit in there.worded if unit not in theirs],
    )


def _equal(here: _Units, there: _Units) -> Iterator[Span]:
    """Yield units of the same words, each with the first such of the other body."""
    first, other = ({units.hashes(at, at).tobytes(): at for at in reversed(units.worded)} for units in (here, there))
    for units, known, back in ((here, other, False), (there, first, True)):
        for at in units.worded:
            if (found := known.get(units.hashes(at, at).tobytes())) is not None:
                yield (found, at) if back else (at, found)


def _same(one: Hashes, two: Hashes) -> bool:
    return bool(np.array_equal(one, two))


def _shown(here: _Units, there: _Units, found: _Matched) -> Iterator[Change]:
    for (a, last), (b, end) in found.pairs:
        kind: Literal["kept", "changed"] = "kept" if _same(here.hashes(a, last), there.hashes(b, end)) else "changed"
        yield Change(kind, (here.spans[a][0], here.spans[last][1]), (there.spans[b][0], there.spans[end][1]))
    yield from (Change("dropped", None, there.spans[at]) for at in found.dropped)
    yield from (Change("added", here.spans[at], None) for at in found.added)


@dataclass(frozen=True, slots=True)
class _Reworded:
    """Sentences that belong together and differ: their words in both bodies, `[begin, end)`."""

    one: _Side
    two: _Side
    here: Span
    there: Span

    def numbers(self) -> Iterator[Change]:
        """Yield the numbers that have another one in their place."""
        ours, others = self._open(self.one.numbers, False), self._open(self.two.numbers, True)
        moved = Counter(fact.key for fact in ours) & Counter(fact.key for fact in others)
        for mine, theirs in self._beside(_without(ours, moved), _without(others, moved)):
            yield Change("changed", mine.span, theirs.span)

    def names(self) -> Iterator[Change]:
        """Yield the names that have another one in their place, and those that the other body has nowhere."""
        ours, others = self._open(self.one.names, False), self._open(self.two.names, True)
        ours, others = self._unknown(ours, False), self._unknown(others, True)
        pairs = list(self._beside(ours, others))
        yield from (Change("changed", mine.span, theirs.span) for mine, theirs in pairs)
        for fact in _rest(others, (theirs for _, theirs in pairs)):
            if not any(_has(self.one.vocabulary, word) for word in fact.key):
                yield Change("dropped", None, fact.span)
        for fact in _rest(ours, (mine for mine, _ in pairs)):
            if not any(_has(self.two.vocabulary, word) for word in fact.key):
                yield Change("added", fact.span, None)

    def _aligned(self, source: bool) -> Ints:
        """Return the words that are aligned with one another, as they stand in either body, ascending."""
        (side, own, other) = (self.two, self.there, self.here) if source else (self.one, self.here, self.there)
        same = side.same[own[0] : own[1]]
        return np.flatnonzero((same >= other[0]) & (same < other[1])) + own[0]

    def _open(self, facts: list[_Fact], source: bool) -> list[_Fact]:
        """Return the facts of these sentences of which not every word is aligned."""
        begin, end = self.there if source else self.here
        low, high = (bisect_left(facts, place, key=lambda fact: fact.first) for place in (begin, end))
        aligned = set(self._aligned(source).tolist())
        return [fact for fact in facts[low:high] if not aligned.issuperset(range(fact.first, fact.last))]

    def _unknown(self, names: list[_Fact], source: bool) -> list[_Fact]:
        """Return the names with a word that is not in the other sentences, wherever it stands there."""
        other, (begin, end) = (self.one, self.here) if source else (self.two, self.there)
        words = _forms(other.one.tokens.words[begin:end])
        return [name for name in names if not all(_has(words, word) for word in name.key)]

    def _beside(self, ours: list[_Fact], others: list[_Fact]) -> Iterator[tuple[_Fact, _Fact]]:
        """Yield facts in each other's place: as many after the same aligned word, or before it, in their order.

        Where no word is aligned nothing tells what stands for what: of 50 full rewrites, it made
        8 pairs of numbers, none of them right.
        """
        mine, theirs = self._aligned(False).tolist(), self._aligned(True).tolist()
        for after in (False, True):
            places: defaultdict[int, tuple[list[_Fact], list[_Fact]]] = defaultdict(lambda: ([], []))
            for fact in ours:
                places[_neighbour(mine, fact, after)][0].append(fact)
            for fact in others:
                at = _neighbour(theirs, fact, after)
                places[int(self.two.same[at]) if at >= 0 else at][1].append(fact)
            pairs = [
                pair
                for at, (left, right) in places.items()
                if at >= 0 and len(left) == len(right)
                for pair in zip(left, right, strict=True)
            ]
            yield from pairs
            ours, others = _rest(ours, (pair[0] for pair in pairs)), _rest(others, (pair[1] for pair in pairs))


def _rest(facts: list[_Fact], taken: Iterable[_Fact]) -> list[_Fact]:
    known = frozenset(taken)
    return [fact for fact in facts if fact not in known]


def _neighbour(aligned: list[int], fact: _Fact, after: bool) -> int:
    """Return the nearest aligned word before a fact, or after it; -1 where there is none."""
    at = bisect_left(aligned, fact.last) if after else bisect_left(aligned, fact.first) - 1
    return aligned[at] if 0 <= at < len(aligned) else -1


def _without(facts: list[_Fact], moved: Counter[tuple[str, ...]]) -> list[_Fact]:
    """Return `facts` without so many of each value, the first ones."""
    left, kept = moved.copy(), []
    for fact in facts:
        if left[fact.key]:
            left[fact.key] -= 1
        else:
            kept.append(fact)
    return kept


def _forms(words: Iterable[str]) -> frozenset[str]:
    """Return `words`, and what is left of each without an ending, with a mark."""
    return frozenset(form for word in words for form in (word, *(f"{short}~" for short in _shorter(word))))


def _has(forms: Set[str], word: str) -> bool:
    """Return whether a word is among `forms`, as it is, or one of the two with an ending."""
    return word in forms or f"{word}~" in forms or any(short in forms for short in _shorter(word))


def _shorter(word: str) -> Iterator[str]:
    return (word[:-cut] for cut in range(1, ENDING + 1) if len(word) > 2 * cut)
