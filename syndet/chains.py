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
from bisect import bisect_left, bisect_right
from collections.abc import Iterator

import numpy as np

from syndet.models import Span
from syndet.seeds import SEED_WORDS, UNIT, Flags, Ints, Prepared, running

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


def passages(article: Prepared, source: Prepared, runs: tuple[Ints, Ints, Ints]) -> list[list[Block]]:
    """Return the blocks of each passage, passages and blocks in the order of the article.

    No word stands in two passages, and passages overlap on neither side.
    """
    taken = _Taken(article, source)
    big = article.worth[runs[0] + runs[2]] - article.worth[runs[0]] >= LONG_RUN * UNIT
    long, rest = taken.longest_first(_blocks(runs, big))
    short = taken.left_of(runs, ~big, rest)
    chains = list(_chains(article, long + short))
    found = []
    weak = []
    for chain in chains:
        blocks = taken.free_of(chain)
        if not taken.long.isdisjoint(blocks) or taken.substance(blocks) >= MIN_CHAIN:
            found += taken.joined(blocks)
        elif taken.substance(blocks) >= NEAR_CHAIN:
            weak.append(chain)
    strong = np.array([corners(passage) for passage in found], np.int64).reshape(-1, 2, 2)
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


def _blocks(runs: tuple[Ints, Ints, Ints], which: Flags | Ints) -> list[Block]:
    begins, others, sizes = (column[which].tolist() for column in runs)
    return list(zip(begins, others, sizes, strict=True))


def corners(blocks: list[Block]) -> tuple[Span, Span]:
    """Return the words from the first to the last of `blocks`, `[begin, end)`, in the article and in the source."""
    (a, b, _), (last, other, size) = blocks[0], blocks[-1]
    return (a, last + size), (b, other + size)


def _chains(article: Prepared, runs: list[Block]) -> Iterator[list[Block]]:
    """Yield chains of runs that follow each other closely in both bodies, the heaviest first.

    score(r) = substance(r) + max(0, score(p) - cost of the gap from p to r) over the runs p that end before r.
    """
    runs = sorted(runs, key=lambda run: (run[0] + run[2], run[1] + run[2], run[2]))
    ends = [a + size for a, _, size in runs]
    others = [b + size for _, b, size in runs]
    substance = article.substance.tolist()
    scores: list[float] = []
    before: list[int] = []
    for at, (a, b, size) in enumerate(runs):
        whole = (substance[a + size] - substance[a]) / UNIT
        best, link = whole, -1
        high = bisect_right(ends, a + min(size - 1, MAX_OVERLAP), 0, at)
        low = max(bisect_left(ends, a - MAX_GAP, 0, high), high - LOOK_BACK)
        for p in range(high - 1, low - 1, -1):
            other = b - others[p]
            if not -MAX_OVERLAP <= other <= MAX_GAP:
                continue
            gap = a - ends[p]
            over = -min(gap, other, 0)
            if over > MAX_OVERLAP or over >= size or runs[p][0] >= a or runs[p][1] >= b:
                continue
            # Of two runs that overlap, the later counts with what is left of it.
            own = (substance[a + size] - substance[a + over]) / UNIT if over else whole
            score = scores[p] + own - _cost(gap, other)
            if score > best:
                best, link = score, p
        scores.append(best)
        before.append(link)
    yield from _backtracked(runs, scores, before)


def _cost(gap: int, other: int) -> float:
    return GAP_COST * max(gap, other, 0) + SHIFT_COST * abs(gap - other)


def _backtracked(runs: list[Block], scores: list[float], before: list[int]) -> Iterator[list[Block]]:
    """Yield the chains that end in the best scores; a run belongs to the first chain that reaches it."""
    used = bytearray(len(runs))
    for end in sorted(range(len(runs)), key=lambda at: (-scores[at], runs[at])):
        chain = []
        at = end
        while at >= 0 and not used[at]:
            used[at] = 1
            chain.append(runs[at])
            at = before[at]
        if chain:
            yield chain[::-1]


def _is_near(one: tuple[Span, Span], others: Ints) -> bool:
    """Tell whether one of `others`, int64, shape (n, 2, 2), lies within NEAR_GAP words on both sides."""
    begins, ends = np.array(one, np.int64).T
    gaps = np.maximum(others[:, :, 0] - ends, begins - others[:, :, 1]).max(axis=1)
    return bool((gaps <= NEAR_GAP).any())


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

    def longest_first(self, runs: list[Block]) -> tuple[list[Block], list[Block]]:
        """Take long runs, longest first, and return them with the pieces that became too short."""
        heap = heapq.nsmallest(MAX_RUNS, ((-self.worth(run), run) for run in runs))
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

    def left_of(self, runs: tuple[Ints, Ints, Ints], which: Flags, rest: list[Block]) -> list[Block]:
        """Return what long runs left of the short ones, the MAX_RUNS worth most."""
        begins, others, sizes = runs
        mine, theirs = (running(np.frombuffer(side, np.bool_)) for side in (self.mine, self.theirs))
        mine, theirs = mine[begins + sizes] - mine[begins], theirs[others + sizes] - theirs[others]
        open_ = np.flatnonzero(which & (mine < sizes) & (theirs < sizes))
        worth = self.article.worth[(begins + sizes)[open_]] - self.article.worth[begins[open_]]
        # Twice as many as needed, since some will lose words to the long runs.
        best = open_[np.lexsort((others[open_], begins[open_], -worth))[: 2 * MAX_RUNS]]
        whole = (mine[best] == 0) & (theirs[best] == 0)
        pieces = set(_blocks(runs, best[whole]))
        pieces.update(piece for block in _blocks(runs, best[~whole]) + rest for piece in self.free(block))
        weighed = ((-self.worth(piece), piece) for piece in pieces)
        least = -SEED_WORDS[0] * UNIT
        return [piece for _, piece in heapq.nsmallest(MAX_RUNS, (one for one in weighed if one[0] <= least))]

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
        found: list[list[Block]] = []
        for block in blocks:
            between = self._between(found[-1][-1], block) if found else None
            if between is None:
                found.append([block])
            else:
                found[-1] += [*between, block]
        return found

    def mostly(self, found: list[list[Block]]) -> bool:
        """Return whether `found` makes so much of the shorter body that one was made of the other."""
        words = sum(size for blocks in found for _, _, size in blocks)
        return words >= MOSTLY * min(self.article.words, self.source.words) and bool(words)

    def sentences(self) -> list[list[Block]]:
        """Take the sentences that stand in both bodies and in no passage; those that go on in both are one passage."""
        free = _whole(self.source, self.theirs)
        places: dict[bytes, list[int]] = {}
        for begin, end in reversed(free):
            places.setdefault(self.source.hashes[begin:end].tobytes(), []).append(begin)
        found: list[list[Block]] = []
        a = b = -1
        for begin, end in _whole(self.article, self.mine):
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

    def _between(self, left: Block, right: Block) -> list[Block] | None:
        """Take the gap between two blocks and return its words kept in order; None when the two are no one passage."""
        a, b = left[0] + left[2], left[1] + left[2]
        if right[0] - a > JOIN or right[1] - b > JOIN:
            return None
        if self.mine.find(1, a, right[0]) >= 0 or self.theirs.find(1, b, right[1]) >= 0:
            return None
        self.mine[a : right[0]] = b"\1" * (right[0] - a)
        self.theirs[b : right[1]] = b"\1" * (right[1] - b)
        kept = _in_order(self.article.hashes[a : right[0]].tolist(), self.source.hashes[b : right[1]].tolist())
        return [(a + i, b + j, 1) for i, j in kept]


def _whole(one: Prepared, taken: bytearray) -> list[Span]:
    """Return the words, `[begin, end)`, of the sentences of `one` of which none is taken, and none a break."""
    firsts = np.flatnonzero(np.diff(one.sentence, prepend=-1))
    busy = running((np.frombuffer(taken, np.bool_)) | (one.hashes == 0))
    lasts = np.append(firsts[1:], len(one.hashes))
    open_ = busy[lasts] == busy[firsts]
    return list(zip(firsts[open_].tolist(), lasts[open_].tolist(), strict=True))


def _in_order(first: list[int], second: list[int]) -> list[tuple[int, int]]:
    """Return the places of a longest common subsequence; breaks match nothing.

    >>> _in_order([5, 6, 7, 0], [6, 9, 7, 0])
    [(1, 0), (2, 2)]
    """
    if set(first).isdisjoint(second):
        return []
    table = [[0] * (len(second) + 1) for _ in range(len(first) + 1)]
    for i in range(len(first) - 1, -1, -1):
        for j in range(len(second) - 1, -1, -1):
            if first[i] == second[j] and first[i]:
                table[i][j] = table[i + 1][j + 1] + 1
            else:
                table[i][j] = max(table[i + 1][j], table[i][j + 1])
    kept, i, j = [], 0, 0
    while table[i][j]:
        if first[i] == second[j] and first[i]:
            kept.append((i, j))
            i, j = i + 1, j + 1
        elif table[i + 1][j] >= table[i][j + 1]:
            i += 1
        else:
            j += 1
    return kept
