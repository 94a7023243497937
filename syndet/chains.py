"""Verbatim runs of two bodies -> passages: which runs are shared text, which are chance, and what belongs together.

Long runs are taken at once, longest first. Runs that follow each other closely in both bodies are linked into *chains*,
and a chain counts when what it shares outweighs its gaps (sparse dynamic programming, as read mappers do: Li 2018,
"Minimap2", section 2.1). Chains may stand in any order, so moved paragraphs cost nothing.

The figures beside the constants are of the sweeps that chose them, made once on one half of the story_chains pairs:
share of 2,423 unrelated pairs with any aligned word; aligned words of 11 loosely related pairs, mean; share found of
the words kept in 98 reworded copies (35% of the lower-case words replaced, clauses swapped, padded). What the constants
together give today is printed by scripts/fit_reuse and scripts/evaluate_retrieval.
"""

from __future__ import annotations

import heapq
from bisect import bisect_left
from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from syndet.models import Span
from syndet.seeds import SEED_WORDS, UNIT, Flags, Ints, Prepared, Runs, running, steps

Block = tuple[int, int, int]
"""(place in the article, place in the source, length) of words that are equal one by one."""

# A run worth this many words is shared text wherever it stands, and is taken before anything is linked.
LONG_RUN = 12
# Linking: the most words between two runs; what each of them costs; what each word more on one side costs.
# MAX_GAP 20 or 45 change next to nothing; gaps at 0.05 find 130 words, not 124, in loosely related pairs,
# and a third more unrelated page pairs (0.23%, not 0.17%, of 3,000).
MAX_GAP = 30
GAP_COST = 0.1
SHIFT_COST = 0.1
# Runs that may overlap by a word or two, where a word repeats at the seam.
MAX_OVERLAP = 3
# What keeps the worst case (an article printed ten times, reworded) near 30 ms: runs tried before
# one, short runs and long runs.
LOOK_BACK = 40
MAX_RUNS = 1_000
# A chain of less substance is chance. 5: 0.8% of unrelated pairs, 127 words; 6: 0.3%, 124; 7: 0.04%, 120; 8: 118.
MIN_CHAIN = 6.0
# Beside a passage less will do: a clause moved within its sentence. Reworded copies 0.92 found, 0.90 without; the
# unrelated pairs stay as they are.
NEAR_CHAIN = 3.0
NEAR_GAP = 20
# Blocks at most this many words apart on both sides are one passage, and the words kept between them are aligned.
# 8: copies with half of their words replaced 0.96 of what 12 finds; 18 pairs words by chance (more than were kept).
JOIN = 12
# Where this share of the shorter body stands in passages, equal sentences are shared however short: headings and lines
# of a page whose paragraphs were moved. Of its passages 0.93 are found, 0.79 without (scripts/evaluate_passages).
MOSTLY = 0.5


def passages(article: Prepared, source: Prepared, runs: Runs) -> list[list[Block]]:
    """Return the blocks of each passage, passages and blocks in the order of the article.

    No word stands in two passages, and passages overlap on neither side.
    """
    taken = _Taken(article, source)
    big = article.worth[runs[0] + runs[2]] - article.worth[runs[0]] >= LONG_RUN * UNIT
    long, rest = taken.longest_first(_some(runs, big))
    short = taken.left_of(_some(runs, ~big), rest)
    found, weak = [], []
    for chain in _chains(article, long + short):
        blocks = taken.free_of(chain)
        if not taken.long.isdisjoint(blocks) or taken.substance(blocks) >= MIN_CHAIN:
            found += taken.joined(blocks)
        elif taken.substance(blocks) >= NEAR_CHAIN:
            weak.append(chain)
    strong = sorted(map(corners, found))
    for chain in weak:
        blocks = taken.free_of(chain)
        if taken.substance(blocks) >= NEAR_CHAIN and _is_near(corners(blocks), strong):
            found += taken.joined(blocks)
    if taken.mostly(found):
        found += taken.sentences()
    return sorted(found)


def stretches(mask: Flags) -> list[tuple[int, int]]:
    """Return the `[begin, end)` stretches where `mask` is true.

    >>> stretches(np.array([True, True, False, True]))
    [(0, 2), (3, 4)]
    """
    edges = np.flatnonzero(np.diff(np.concatenate(([False], mask, [False])).view(np.int8)))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def _some(runs: Runs, which: Flags | Ints) -> Runs:
    begins, others, sizes = runs
    return begins[which], others[which], sizes[which]


def columns(blocks: list[Block]) -> Runs:
    """Return the same as arrays."""
    begins, others, sizes = np.array(blocks, np.int64).reshape(-1, 3).T
    return begins, others, sizes


def _blocks(runs: Runs) -> list[Block]:
    begins, others, sizes = runs
    return list(zip(begins.tolist(), others.tolist(), sizes.tolist(), strict=True))


def corners(blocks: list[Block]) -> tuple[Span, Span]:
    """Return the words from the first to the last of `blocks`, `[begin, end)`, in the article and in the source."""
    (a, b, _), (last, other, size) = blocks[0], blocks[-1]
    return (a, last + size), (b, other + size)


def _chains(article: Prepared, runs: list[Block]) -> Iterator[list[Block]]:
    """Yield chains of runs that follow each other closely in both bodies, the heaviest first.

    score(r) = substance(r) + max(0, score(p) - cost of the gap from p to r) over the runs p that end before r.
    """
    begins, others, sizes = columns(runs)
    begins, others, sizes = by_end = _some((begins, others, sizes), np.lexsort((sizes, others + sizes, begins + sizes)))
    scores = ((article.substance[begins + sizes] - article.substance[begins]) / UNIT).tolist()
    before = [-1] * len(runs)
    # Ascending, so that the score of what comes before is final.
    for at, earlier, own, cost in _links(article, by_end):
        score = scores[earlier] + own - cost
        if score > scores[at]:
            scores[at], before[at] = score, earlier
    # A run belongs to the first chain that reaches it.
    runs, used = _blocks(by_end), bytearray(len(runs))
    for end in np.lexsort((others, begins, -np.array(scores))).tolist():
        chain = []
        while end >= 0 and not used[end]:
            used[end] = 1
            chain.append(runs[end])
            end = before[end]
        if chain:
            yield chain[::-1]


def _links(article: Prepared, runs: Runs) -> Iterator[tuple[int, int, float, float]]:
    """Yield every link from one of `runs`, sorted by their ends, to a later one that may follow it in a chain.

    The later one, ascending; the one before, descending; what the later has of its own; what the gap costs.
    """
    begins, others, sizes = runs
    ends, other_ends = begins + sizes, others + sizes
    high = np.searchsorted(ends, begins + np.minimum(sizes - 1, MAX_OVERLAP), "right")
    high = np.minimum(high, np.arange(len(ends)))
    low = np.maximum(np.searchsorted(ends, begins - MAX_GAP), high - LOOK_BACK)
    later, back = steps(np.maximum(high - low, 0))
    earlier = high[later] - 1 - back
    other = others[later] - other_ends[earlier]
    close = np.flatnonzero((other >= -MAX_OVERLAP) & (other <= MAX_GAP))
    later, earlier, other = later[close], earlier[close], other[close]
    gap = begins[later] - ends[earlier]
    over = np.maximum(-np.minimum(gap, other), 0)
    fits = (over < sizes[later]) & (begins[earlier] < begins[later]) & (others[earlier] < others[later])
    later, earlier, other, gap, over = (column[fits] for column in (later, earlier, other, gap, over))
    # Of two runs that overlap, the later counts with what is left of it.
    own = (article.substance[ends[later]] - article.substance[begins[later] + over]) / UNIT
    cost = GAP_COST * np.maximum(np.maximum(gap, other), 0) + SHIFT_COST * np.abs(gap - other)
    return zip(later.tolist(), earlier.tolist(), own.tolist(), cost.tolist(), strict=True)


def _cost(gap: int, other: int) -> float:
    return GAP_COST * max(gap, other, 0) + SHIFT_COST * abs(gap - other)


def _is_near(one: tuple[Span, Span], others: list[tuple[Span, Span]]) -> bool:
    """Tell whether one of `others`, sorted and apart, lies within NEAR_GAP words on both sides."""
    (begin, end), (begin_source, end_source) = one
    for at in range(bisect_left(others, begin - NEAR_GAP, key=lambda other: other[0][1]), len(others)):
        mine, theirs = others[at]
        if mine[0] - end > NEAR_GAP:
            return False
        if theirs[0] - end_source <= NEAR_GAP and begin_source - theirs[1] <= NEAR_GAP:
            return True
    return False


class _Taken:
    """Which words of both bodies stand in a passage already, gaps inside passages included."""

    def __init__(self, article: Prepared, source: Prepared) -> None:
        self.article, self.source = article, source
        self.mine, self.theirs = bytearray(len(article.hashes)), bytearray(len(source.hashes))
        # Lists, since one number at a time is what an array is slow at.
        self.worths, self.substances = article.worth.tolist(), article.substance.tolist()
        self.long: set[Block] = set()

    def take(self, block: Block) -> None:
        a, b, size = block
        self.mine[a : a + size] = self.theirs[b : b + size] = b"\1" * size

    def free(self, block: Block) -> list[Block]:
        """Return the parts of `block` whose words are free on both sides."""
        a, b, size = block
        if self.mine.find(1, a, a + size) < 0 and self.theirs.find(1, b, b + size) < 0:
            return [block]
        parts = []
        at = 0
        # From each place that is free on both sides to the next that is busy on either.
        while (mine := self.mine.find(0, a + at, a + size) - a) >= 0:
            theirs = self.theirs.find(0, b + mine, b + size) - b
            if theirs != mine:
                if theirs < 0:
                    break
                at = theirs
                continue
            busy = (self.mine.find(1, a + mine, a + size) - a, self.theirs.find(1, b + mine, b + size) - b)
            at = min((place for place in busy if place >= 0), default=size)
            parts.append((a + mine, b + mine, at - mine))
        return parts

    def worth(self, block: Block) -> int:
        return int(self.worths[block[0] + block[2]] - self.worths[block[0]])

    def longest_first(self, runs: Runs) -> tuple[list[Block], list[Block]]:
        """Take long runs, longest first, and return them with the pieces that became too short."""
        best, worth = self._best(runs, MAX_RUNS)
        # Sorted, so it is a heap.
        heap = list(zip((-worth).tolist(), _blocks(best), strict=True))
        long, rest = [], []
        while heap:
            _, block = heapq.heappop(heap)
            pieces = self.free(block)
            if pieces == [block]:
                self.take(block)
                long.append(block)
                continue
            for piece in pieces:
                if self.worth(piece) >= LONG_RUN * UNIT:
                    heapq.heappush(heap, (-self.worth(piece), piece))
                else:
                    rest.append(piece)
        self.long = set(long)
        return long, rest

    def left_of(self, runs: Runs, rest: list[Block]) -> list[Block]:
        """Return what long runs left of the short ones, `runs` and `rest`, the MAX_RUNS worth most."""
        begins, others, sizes = runs
        mine, theirs = (running(np.frombuffer(side, np.bool_)) for side in (self.mine, self.theirs))
        mine, theirs = mine[begins + sizes] - mine[begins], theirs[others + sizes] - theirs[others]
        # Twice as many as needed, since some will lose words to the long runs.
        best, _ = self._best(_some(runs, (mine < sizes) & (theirs < sizes)), 2 * MAX_RUNS)
        begins, others, sizes = (np.concatenate(both) for both in zip(best, columns(rest), strict=True))
        best, worth = self._best(self._pieces((begins, others, sizes)), MAX_RUNS)
        return _blocks(_some(best, worth >= SEED_WORDS[0] * UNIT))

    def _best(self, runs: Runs, most: int) -> tuple[Runs, Ints]:
        """Return the `most` of `runs` that are worth most, and what they are worth, in descending order."""
        begins, others, sizes = runs
        worth = self.article.worth[begins + sizes] - self.article.worth[begins]
        order = np.lexsort((others, begins, -worth))[:most]
        return _some(runs, order), worth[order]

    def _pieces(self, runs: Runs) -> Runs:
        """Return the parts of `runs` whose words are free on both sides: `free` of many at once."""
        begins, others, sizes = runs
        owner, step = steps(sizes)
        taken = np.frombuffer(self.mine, np.bool_)[begins[owner] + step]
        taken = taken | np.frombuffer(self.theirs, np.bool_)[others[owner] + step]
        firsts = np.flatnonzero(~taken & ((step == 0) | np.roll(taken, 1)))
        lasts = np.flatnonzero(~taken & ((step == sizes[owner] - 1) | np.roll(taken, -1)))
        owner, step = owner[firsts], step[firsts]
        return begins[owner] + step, others[owner] + step, lasts - firsts + 1

    def free_of(self, chain: list[Block]) -> list[Block]:
        """Return the blocks of `chain` that are still free, overlaps cut from the later one; long runs stay whole."""
        blocks: list[Block] = []
        for run in chain:
            if run in self.long:
                blocks.append(run)
                continue
            over = 0
            if blocks:
                a, b, size = blocks[-1]
                over = max(a + size - run[0], b + size - run[1], 0)
            if over < run[2]:
                blocks += self.free((run[0] + over, run[1] + over, run[2] - over))
        return blocks

    def substance(self, blocks: list[Block]) -> float:
        """Return what `blocks` share less what their gaps cost, in words."""
        total = 0.0
        a, b = blocks[0][:2] if blocks else (0, 0)
        for begin, other, size in blocks:
            total += (self.substances[begin + size] - self.substances[begin]) / UNIT
            total -= _cost(begin - a, other - b)
            a, b = begin + size, other + size
        return total

    def joined(self, blocks: list[Block]) -> list[list[Block]]:
        """Take `blocks` and return them as passages."""
        for block in blocks:
            self.take(block)
        (begin, end), (other, last) = corners(blocks)
        mine, theirs = self.article.hashes[begin:end].tolist(), self.source.hashes[other:last].tolist()
        found = [blocks[:1]]
        for left, right in pairwise(blocks):
            a, b = left[0] + left[2], left[1] + left[2]
            if not self._close((a, b), right):
                found.append([right])
                continue
            self.mine[a : right[0]] = b"\1" * (right[0] - a)
            self.theirs[b : right[1]] = b"\1" * (right[1] - b)
            kept = _in_order(mine[a - begin : right[0] - begin], theirs[b - other : right[1] - other])
            found[-1] += [*((a + i, b + j, 1) for i, j in kept), right]
        return found

    def mostly(self, found: list[list[Block]]) -> bool:
        """Return whether `found` makes so much of the shorter body that one was made of the other."""
        words = sum(size for blocks in found for _, _, size in blocks)
        return words >= MOSTLY * min(self.article.words, self.source.words) and bool(words)

    def sentences(self) -> list[list[Block]]:
        """Take the sentences that stand in both bodies and in no passage; those that go on in both are one passage."""
        mine = _whole(self.article, self.mine)
        free = _whole(self.source, self.theirs) if mine else []
        places: dict[bytes, list[int]] = {}
        for begin, end in reversed(free):
            places.setdefault(self.source.hashes[begin:end].tobytes(), []).append(begin)
        found: list[list[Block]] = []
        a = b = -1
        for begin, end in mine:
            same = places.get(self.article.hashes[begin:end].tobytes())
            if not same:
                continue
            block = (begin, same.pop(), end - begin)
            self.take(block)
            if (a, b) == block[:2]:
                found[-1].append(block)
            else:
                found.append([block])
            a, b = begin + block[2], block[1] + block[2]
        return found

    def _close(self, left: tuple[int, int], right: Block) -> bool:
        """Return whether what ends at the places `left` is one passage with `right`: little lies between, all free."""
        (a, b), (c, d, _) = left, right
        return c - a <= JOIN and d - b <= JOIN and self.mine.find(1, a, c) < 0 and self.theirs.find(1, b, d) < 0


def _whole(one: Prepared, taken: bytearray) -> list[Span]:
    """Return the words, `[begin, end)`, of the sentences of `one` of which none is taken, and none a break."""
    firsts = np.flatnonzero(np.diff(one.sentence, prepend=-1))
    busy = running((np.frombuffer(taken, np.bool_)) | (one.hashes == 0))
    lasts = np.append(firsts[1:], len(one.hashes))
    open_ = busy[lasts] == busy[firsts]
    return list(zip(firsts[open_].tolist(), lasts[open_].tolist(), strict=True))


def _in_order(first: list[int], second: list[int]) -> list[tuple[int, int]]:
    """Return the places of a longest common subsequence; breaks match nothing.

    The table of the textbooks, a row a number: a bit is 0 where the row grows by one, counted from the end of `second`
    (Crochemore, Iliopoulos, Pinzon and Reid 2001, "A fast and practical bit-vector algorithm for the LCS problem").

    >>> _in_order([5, 6, 7, 0], [6, 9, 7, 0])
    [(1, 0), (2, 2)]
    """
    if set(first).isdisjoint(second):
        return []
    whole = (1 << len(second)) - 1
    places: dict[int, int] = {}
    for place, word in enumerate(reversed(second)):
        places[word] = places.get(word, 0) | (1 << place)
    rows = [whole]
    for word in reversed(first):
        same = rows[-1] & places.get(word, 0) if word else 0
        rows.append(((rows[-1] + same) | (rows[-1] - same)) & whole)
    rows.reverse()
    kept, i, j = [], 0, 0
    while left := whole >> j & ~rows[i]:
        if first[i] == second[j] and first[i]:
            kept.append((i, j))
            i, j = i + 1, j + 1
        elif (whole >> j & ~rows[i + 1]).bit_count() >= (left & whole >> (j + 1)).bit_count():
            i += 1
        else:
            j += 1
    return kept
