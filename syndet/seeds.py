"""Body -> what alignment needs to know of it; two of them -> the verbatim runs that they share.

*Seeds* are windows of two or three words that stand in both bodies. Seeds that touch on one diagonal (the same distance
between their places) grow into *runs*, the longest verbatim stretches. Windows are measured in words of a spaced script
(letters.IDEOGRAM_WEIGHT): three Chinese characters are no three words.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from syndet import outline as outlines
from syndet import text
from syndet.fingerprint import shingles
from syndet.hashing import mix
from syndet.models import Span
from syndet.outline import Outline
from syndet.pairs import BREAK, WORTH, pairs_of, worths

Ints = NDArray[np.int64]
Hashes = NDArray[np.uint64]
Flags = NDArray[np.bool_]
Runs = tuple[Ints, Ints, Ints]
"""Article places, source places, lengths, each shape (r,): words that are equal one by one."""

# Worth is counted in whole twentieths of a word, so that equal windows have equal lengths wherever they stand.
UNIT = 20
# Short words carry little: "in the first" is worth two words.
SHORT_WORD = 3
SHORT_WORTH = 0.5
# Two kinds of windows. Pairs of words are plenty and mostly chance, so they are seeds only where they stand at few
# places (those in one body times those in the other); threes may repeat. When this was chosen, a copy with half of its
# lower-case words replaced showed 0.85 of what it kept without pairs, with 2 places 0.99, with 6 or 20 all; at 65% it
# was 0.69, 0.92, 0.93, 0.94 (scripts/evaluate_retrieval measures the choice that was made).
SEED_WORDS = (2, 3)
SEED_PLACES = (6, 256)
# All seeds of one kind together. A page that prints an article ten times, against its like, has 80,000.
MAX_SEEDS = 200_000
# How far a run may grow, at each end, over windows that repeat too often to be seeds.
MAX_GROWTH = 64


@dataclass(frozen=True, slots=True)
class Seeds:
    """All windows of one worth, grouped by hash.

    `keys`: uint64, unique, sorted, shape (m,). Windows `offsets[i]:offsets[i + 1]` (int64, shape (m + 1,)) hash
    to `keys[i]`; window j stands at words `begins[j]:ends[j]`, ascending within its group.
    """

    keys: Hashes
    offsets: Ints
    begins: Ints
    ends: Ints


@dataclass(frozen=True)
class Prepared:
    """What one body costs once, however many others it is aligned with; n words, breaks included.

    Made when first asked for: of most bodies only the words and sentences are ever needed.
    """

    body: str

    @cached_property
    def tokens(self) -> text.Tokens:
        """The words and where they stand."""
        return text.tokens(self.body)

    @cached_property
    def hashes(self) -> Hashes:
        """A hash for each word, uint64, shape (n,), 0 for a break."""
        return self.tokens.hashes

    @cached_property
    def words(self) -> int:
        """The number of words, breaks not counted."""
        return int(np.count_nonzero(self.hashes))

    @cached_property
    def sentence(self) -> Ints:
        """The index of each word's sentence, int64, shape (n,)."""
        return span_of(text.sentences(self.body), self.tokens.begins)[0]

    @cached_property
    def quoted(self) -> Flags:
        """Whether each word stands inside quotation marks, bool, shape (n,)."""
        return span_of(text.quotations(self.body), self.tokens.begins)[1]

    @cached_property
    def facts(self) -> Flags:
        """Whether each word is a name or a number, bool, shape (n,)."""
        return outlines.facts(*self.initials, self.sentence)

    @cached_property
    def initials(self) -> tuple[Flags, Flags]:
        """Which words begin with a digit, and which with a capital that does not begin a sentence; bool, shape (n,)."""
        return outlines.initials(self.body, self.tokens, self.sentence, self._content)

    @cached_property
    def worth(self) -> Ints:
        """Running sums of the worth of words in twentieths, int64, shape (n + 1,)."""
        return running(self._worth)

    @cached_property
    def substance(self) -> Ints:
        """The same with short words counted less."""
        # Only spaced scripts have short words: one character of the others is worth less already.
        short = (self.tokens.sizes <= SHORT_WORD) & (self._worth == UNIT)
        return running(np.where(short, int(SHORT_WORTH * UNIT), self._worth))

    @cached_property
    def shingles(self) -> Hashes:
        """The shingle hashes, uint64, unique, sorted."""
        return shingles(self.hashes)

    @cached_property
    def seeds(self) -> tuple[Seeds, ...]:
        """All windows, by their worth."""
        return tuple(_seeds(self.hashes, self.worth, words) for words in SEED_WORDS)

    @cached_property
    def outline(self) -> Outline:
        """What it tells."""
        return outlines.outline(self.tokens, self.sentence, self.facts, self.quoted, self._content)

    def pairs(self, without: Iterable[Span] = (), *, sampled: bool = False) -> Ints:
        """Return the hashes of its content pairs, all or those that the index samples, unique and sorted.

        `without`: spans of the body, in code points, that are passed over as if there were a break.
        """
        return np.unique(self._pairs(without, True)[0]) if sampled else self.placed(without)[0]

    def placed(self, without: Iterable[Span] = ()) -> tuple[Ints, Ints]:
        """Return all of `pairs`, and at which word each stands first."""
        without = tuple(without)
        return _placed(*self._pairs(without, False)) if without else self._everywhere

    @cached_property
    def _everywhere(self) -> tuple[Ints, Ints]:
        # Asked for whenever the body is a candidate of another one.
        return _placed(*self._pairs((), False))

    def _pairs(self, without: Iterable[Span], sampled: bool) -> tuple[Ints, Ints]:
        found = self._worths
        for begin, end in without:
            if found is self._worths:
                found = found.copy()
            low, high = np.searchsorted(self.tokens.begins, (begin, end)).tolist()
            found[low:high] = BREAK
        return pairs_of(found, self.hashes, np.array([0, len(found)]), sampled=sampled)

    @cached_property
    def _worth(self) -> Ints:
        return np.asarray(np.rint(self.tokens.weights * UNIT).astype(np.int64))

    @cached_property
    def _content(self) -> Ints:
        return (self._worths & WORTH).astype(np.int64)

    @cached_property
    def _worths(self) -> NDArray[np.int8]:
        return worths(self.tokens)


def prepare(body: str) -> Prepared:
    """Return what alignment needs to know of `body`; any text will do.

    >>> prepare("One two. @ @ Three").words
    3
    """
    return Prepared(body)


def _placed(keys: Ints, places: Ints) -> tuple[Ints, Ints]:
    found, first = np.unique(keys, return_index=True)
    return found, places[first]


def running(values: Ints | Flags) -> Ints:
    """Return the sum before each place and after the last, shape (len(values) + 1,)."""
    return np.concatenate((np.zeros(1, np.int64), np.cumsum(values)))


def steps(sizes: Ints) -> tuple[Ints, Ints]:
    """Return (i, 0), (i, 1) .. (i, sizes[i] - 1) for every i, as two arrays.

    >>> [column.tolist() for column in steps(np.array([2, 0, 3]))]
    [[0, 0, 2, 2, 2], [0, 1, 0, 1, 2]]
    """
    owner = np.repeat(np.arange(len(sizes)), sizes)
    return owner, np.arange(len(owner)) - (np.cumsum(sizes) - sizes)[owner]


def span_of(spans: list[Span], places: Ints) -> tuple[Ints, Flags]:
    """Return the index of the last span that begins at or before each place, and whether the place lies inside it."""
    if not spans:
        return np.zeros(len(places), np.int64), np.zeros(len(places), np.bool_)
    begins, ends = np.array(spans, np.int64).T
    index = np.maximum(np.searchsorted(begins, places, "right") - 1, 0)
    return index, (places >= begins[index]) & (places < ends[index])


def _window_hashes(hashes: Hashes, begins: Ints, lengths: Ints) -> Hashes:
    """Return one hash for each window of `lengths` words from `begins`; equal words in equal order, equal hash."""
    values = lengths.astype(np.uint64)
    for step in range(int(lengths.max(initial=0))):
        longer = np.flatnonzero(lengths > step)
        values[longer] = mix(values[longer] ^ hashes[begins[longer] + step]) * np.uint64(0x9E3779B97F4A7C15)
    return values


def _seeds(hashes: Hashes, worth: Ints, words: int) -> Seeds:
    """Return the shortest window worth at least `words` from every place, breaks not crossed."""
    begins = np.arange(len(hashes))
    ends = np.searchsorted(worth, worth[:-1] + words * UNIT)
    breaks = running(hashes == 0)
    fits = (ends <= len(hashes)) & (breaks[np.minimum(ends, len(hashes))] == breaks[:-1])
    begins, ends = begins[fits], ends[fits]
    values = _window_hashes(hashes, begins, ends - begins)
    order = np.argsort(values, kind="stable")
    values = values[order]
    firsts = np.flatnonzero(np.concatenate((values[:1] == values[:1], values[1:] != values[:-1])))
    return Seeds(values[firsts], np.append(firsts, len(values)), begins[order], ends[order])


def runs(article: Prepared, source: Prepared) -> Runs:
    """Return all maximal verbatim runs grown from seeds."""
    threes, pairs = len(SEED_WORDS) - 1, 0
    found = [
        _matches(article.seeds[pairs], source.seeds[pairs], SEED_PLACES[pairs], by_rank=False),
        # The few windows of a text that repeats itself endlessly ("0 0 0") still show its main diagonal.
        _matches(article.seeds[threes], source.seeds[threes], SEED_PLACES[threes], by_rank=True),
    ]
    size = len(article.hashes) + 1
    begins, others, ends = (np.concatenate(parts) for parts in zip(*found, strict=True))
    begins, others, ends = _merged(begins, others, ends, size)
    # A zero after the last word stops growth at both ends (place -1 is that zero, too).
    mine, theirs = np.append(article.hashes, np.uint64(0)), np.append(source.hashes, np.uint64(0))
    right = _growth(mine, theirs, ends, others + ends - begins, 1)
    left = _growth(mine, theirs, begins - 1, others - 1, -1)
    begins, others, ends = _merged(begins - left, others - left, ends + right, size)
    return begins, others, ends - begins


def _growth(mine: Hashes, theirs: Hashes, here: Ints, there: Ints, step: int) -> Ints:
    """Return how many words from `here` and `there` on are equal, breaks never, up to MAX_GROWTH; `step`: 1 or -1."""
    grown = np.zeros(len(here), np.int64)
    growing = np.arange(len(here))
    for far in range(0, MAX_GROWTH * step, step):
        words = mine[here[growing] + far]
        growing = growing[(words != 0) & (words == theirs[there[growing] + far])]
        if not len(growing):
            break
        grown[growing] += 1
    return grown


def _matches(article: Seeds, source: Seeds, places: int, *, by_rank: bool) -> tuple[Ints, Ints, Ints]:
    """Return where equal windows stand: article begins, source begins, article ends.

    Windows with more than `places` combinations are left out or (`by_rank`) paired first with first and last with last.
    """
    mine, theirs = _common(article.keys, source.keys)
    first, second = article.offsets[mine], source.offsets[theirs]
    counts, others = article.offsets[mine + 1] - first, source.offsets[theirs + 1] - second
    products = counts * others
    while int(products[products <= places].sum()) > MAX_SEEDS:
        places //= 2
    owner, step = steps(np.where(products <= places, products, 0))
    ours = [first[owner] + step // others[owner]]
    yours = [second[owner] + step % others[owner]]
    if by_rank:
        owner, step = steps(np.where(products <= places, 0, np.minimum(counts, others)))
        ours += [first[owner] + step, (first + counts)[owner] - 1 - step]
        yours += [second[owner] + step, (second + others)[owner] - 1 - step]
    left, right = np.concatenate(ours), np.concatenate(yours)
    return article.begins[left], source.begins[right], article.ends[left]


def _common(first: Hashes, second: Hashes) -> tuple[Ints, Ints]:
    """Return the places of the values that stand in both arrays, each sorted and unique."""
    if not len(first) or not len(second):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    places = np.minimum(np.searchsorted(second, first), len(second) - 1)
    hits = np.flatnonzero(second[places] == first)
    return hits, places[hits]


def _merged(begins: Ints, others: Ints, ends: Ints, size: int) -> tuple[Ints, Ints, Ints]:
    """Join windows that touch or overlap on one diagonal: article begins, source begins, article ends.

    `size` is above every article place, so that no window reaches into the next diagonal.
    """
    if not len(begins):
        return begins, others, ends
    lines = (others - begins + size) * size
    # Each sorted for itself: where k of them begin before a place and k have ended there, it is the same k.
    starts, stops = np.sort(lines + begins), np.sort(lines + ends)
    parted = np.concatenate(([True], starts[1:] > stops[:-1], [True]))
    firsts, lasts = np.flatnonzero(parted[:-1]), np.flatnonzero(parted[1:])
    lines = starts[firsts] // size * size
    begins = starts[firsts] - lines
    return begins, begins + lines // size - size, stops[lasts] - lines
