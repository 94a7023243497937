"""Two bodies -> Alignment: which words of one stand in the other, in which passages, in which order.

Seed, chain, fill. *Seeds* are windows of two or three words that stand in both bodies; seeds that touch on one diagonal
(same distance between their places) grow into *runs*, the longest verbatim stretches. Long runs are taken at once,
longest first; runs that follow each other closely in both bodies are linked into *chains*, and a chain counts when what
it shares outweighs the gaps (sparse dynamic programming, as read mappers do; Li 2018, minimap2, section 2.1.1). Words
kept in order inside small gaps are filled in. Chains may come in any order, so moved paragraphs cost nothing.
Lengths are compared in words of a spaced script (text.IDEOGRAM_WEIGHT): three Chinese characters are no three words.
"""

from __future__ import annotations

import heapq
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from syndet import text
from syndet.models import Alignment, Passage, Span

Ints = NDArray[np.int64]
Hashes = NDArray[np.uint64]
Block = tuple[int, int, int]
"""(place in the article, place in the source, length) of words that are equal one by one."""

# Worth is counted in whole twentieths of a word, so that equal windows have equal lengths wherever they stand.
UNIT = 20

# Shingles of five words: the size the published figures use (why.md).
SHINGLE = 5
# Two windows: pairs of words are plenty and mostly chance, so only those that are rare in both bodies are seeds; threes
# may repeat. The second number is the most places (in one times in the other) that are all tried.
SEED_WORDS = (2, 3)
SEED_PLACES = (6, 256)
# All seeds together, and runs linked into chains: what keeps the worst case (ten words in random order) under 50 ms.
MAX_SEEDS = 200_000
MAX_RUNS = 1_500
MAX_GROWTH = 64
# A run of this many words is reuse wherever it stands, and is taken before anything is linked.
LONG_RUN = 12
# Linking: how many words may lie between two runs, what each costs, what each word more on one side costs.
MAX_GAP = 30
GAP_COST = 0.1
SHIFT_COST = 0.1
LOOK_BACK = 40
MAX_OVERLAP = 3
# Short words carry little: "in the first" is worth one and a half words.
SHORT_WORD = 3
SHORT_WORTH = 0.5
# A chain below this is chance.
MIN_CHAIN = 6.0
# Runs at most this many words apart on both sides are one passage.
JOIN = 12
# A sentence is touched when this many of its words are aligned, or half of them.
TOUCHED = 3
SNAP = 2


@dataclass(frozen=True, slots=True)
class Seeds:
    """Windows of one worth, grouped by hash.

    `keys`: uint64, unique, sorted, shape (m,). Windows `offsets[i]:offsets[i + 1]` (int64, shape (m + 1,)) have hash
    `keys[i]`; window j stands at words `begins[j]:ends[j]`, ascending within its group.
    """

    keys: Hashes
    offsets: Ints
    begins: Ints
    ends: Ints


@dataclass(frozen=True, slots=True)
class Prepared:
    """What one body costs once, however many others it is aligned with; n words, breaks included.

    `hashes`: uint64, shape (n,), 0 for a break. `worth`, `substance`: int64, shape (n + 1,), running sums of the worth
    of words in twentieths, the second with short words counted less. `sentence`: int64, shape (n,), the index of
    each word's sentence. `quoted`: bool, shape (n,). `shingles`: uint64, unique, sorted.
    """

    tokens: text.Tokens
    hashes: Hashes
    worth: Ints
    substance: Ints
    sentence: Ints
    quoted: NDArray[np.bool_]
    shingles: Hashes
    seeds: tuple[Seeds, ...]

    @property
    def words(self) -> int:
        """The number of words, breaks not counted."""
        return int(np.count_nonzero(self.hashes))


def prepare(body: str) -> Prepared:
    """Return what alignment needs to know of `body`; any text will do.

    >>> prepare("One two. @ @ Three").words
    3
    """
    tokens = text.tokens(body)
    hashes = text.hashes(tokens.words)
    worth = np.rint(tokens.weights * UNIT).astype(np.int64)
    worth[hashes == 0] = 0
    lengths = np.fromiter(map(len, tokens.words), np.int64, len(tokens))
    # Only spaced scripts have short words: one character of the others is worth less already.
    short = (lengths <= SHORT_WORD) & (worth == UNIT)
    substance = np.where(short, int(SHORT_WORTH * UNIT), worth)
    sums = _running(worth)
    return Prepared(
        tokens,
        hashes,
        sums,
        _running(substance),
        _index_of(text.sentences(body), tokens.begins),
        _inside(text.quotations(body), tokens.begins),
        _shingles(hashes),
        tuple(_seeds(hashes, sums, words) for words in SEED_WORDS),
    )


def _running(values: Ints | NDArray[np.bool_]) -> Ints:
    return np.concatenate((np.zeros(1, np.int64), np.cumsum(values)))


def _index_of(spans: list[Span], places: Ints) -> Ints:
    """Return the index of the span that each place lies in (or after), shape (len(places),)."""
    begins = np.array([begin for begin, _ in spans], np.int64)
    return np.maximum(np.searchsorted(begins, places, "right") - 1, 0)


def _inside(spans: list[Span], places: Ints) -> NDArray[np.bool_]:
    if not spans:
        return np.zeros(len(places), np.bool_)
    ends = np.array([end for _, end in spans], np.int64)
    begins = np.array([begin for begin, _ in spans], np.int64)
    index = np.maximum(np.searchsorted(begins, places, "right") - 1, 0)
    return (places >= begins[index]) & (places < ends[index])


def _window_hashes(hashes: Hashes, begins: Ints, lengths: Ints) -> Hashes:
    """Return one hash for each window of `lengths` words from `begins`; equal words in equal order, equal hash."""
    values = lengths.astype(np.uint64)
    for step in range(int(lengths.max(initial=0))):
        longer = np.flatnonzero(lengths > step)
        values[longer] = text.mix(values[longer] ^ hashes[begins[longer] + step]) * np.uint64(0x9E3779B97F4A7C15)
    return values


def _seeds(hashes: Hashes, worth: Ints, words: int) -> Seeds:
    """Return the shortest window worth at least `words` from every place, breaks not crossed."""
    begins = np.arange(len(hashes))
    ends = np.searchsorted(worth, worth[:-1] + words * UNIT)
    breaks = _running(hashes == 0)
    fits = (ends <= len(hashes)) & (breaks[np.minimum(ends, len(hashes))] == breaks[:-1])
    begins, ends = begins[fits], ends[fits]
    values = _window_hashes(hashes, begins, ends - begins)
    order = np.argsort(values, kind="stable")
    keys, counts = np.unique(values, return_counts=True)
    return Seeds(keys, _running(counts), begins[order], ends[order])


def _shingles(hashes: Hashes) -> Hashes:
    """Return the hashes of all windows of five words, unique and sorted; of all words when there is no such window."""
    begins = np.arange(max(len(hashes) - SHINGLE + 1, 0))
    breaks = _running(hashes == 0)
    begins = begins[breaks[begins + SHINGLE] == breaks[begins]]
    if not len(begins):
        hashes = hashes[hashes != 0]
        begins = np.zeros(min(len(hashes), 1), np.int64)
        return _window_hashes(hashes, begins, np.full(len(begins), len(hashes)))
    return np.unique(_window_hashes(hashes, begins, np.full(len(begins), SHINGLE)))


def align(article: Prepared, source: Prepared) -> Alignment:
    """Return what `article` and `source` share; `align(b, a)` is exactly `align(a, b).flipped()`.

    >>> body = "The bridge over the river was closed on Monday after divers found a crack in the northern pier."
    >>> found = align(prepare(body), prepare("Breaking news! " + body))
    >>> found.containment_in_source, found.longest_run, found.passages[0].source
    (1.0, 18, (15, 109))
    """
    # Ties between equally good runs fall one way only when both calls look from the same side.
    if _side(article) <= _side(source):
        return _align(article, source)
    return _align(source, article).flipped()


def _side(one: Prepared) -> tuple[int, bytes, bytes, bytes, bytes]:
    arrays = (one.hashes, one.tokens.begins, one.sentence, one.quoted)
    return (one.words, *(array.tobytes() for array in arrays))  # type: ignore[return-value]


def _align(article: Prepared, source: Prepared) -> Alignment:
    passages = _passages(article, source)
    blocks = [block for passage in passages for block in passage]
    in_article = np.zeros(len(article.hashes), np.bool_)
    outside = 0
    for a, b, size in blocks:
        in_article[a : a + size] = True
        outside += size - int(np.count_nonzero(article.quoted[a : a + size] | source.quoted[b : b + size]))
    words = int(np.count_nonzero(in_article))
    shared = len(np.intersect1d(article.shingles, source.shingles, assume_unique=True))
    union = len(article.shingles) + len(source.shingles) - shared
    sizes = [sum(size for _, _, size in passage) for passage in passages]
    return Alignment(
        jaccard=shared / union if union else 0.0,
        containment_in_source=words / article.words if words else 0.0,
        containment_of_source=words / source.words if words else 0.0,
        words=words,
        words_unquoted=outside,
        longest_run=_longest(blocks),
        ordered=_heaviest_chain([p[0][1] for p in passages], sizes) / words if words else 0.0,
        spread=_spread(article, in_article) if words else 0.0,
        passages=tuple(_passage(article, source, passage) for passage in passages),
    )


def _passages(article: Prepared, source: Prepared) -> list[list[Block]]:
    """Return the blocks of each passage, passages and blocks in the order of the article."""
    if np.array_equal(article.hashes, source.hashes):
        same = [(begin, begin, end - begin) for begin, end in _stretches(article.hashes != 0)]
        return [same] if same else []
    taken = _Taken(article, source)
    runs = _runs(article, source)
    big = article.worth[runs[0] + runs[2]] - article.worth[runs[0]] >= LONG_RUN * UNIT
    long, rest = taken.longest_first([column[big] for column in runs])
    short = taken.left_of([column[~big] for column in runs], rest)
    found = []
    for chain in _chains(article, long, short):
        found += taken.chain(chain)
    return sorted(found)


def _stretches(mask: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return the `[begin, end)` stretches where `mask` is true."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], mask, [False])).view(np.int8)))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def _runs(article: Prepared, source: Prepared) -> list[Ints]:
    """Return all maximal verbatim runs grown from seeds: article places, source places, lengths."""
    found = [_pairs(a, b, places) for a, b, places in zip(article.seeds, source.seeds, SEED_PLACES, strict=True)]
    size = len(article.hashes) + 1
    begins, others, ends = _merged([np.concatenate(parts) for parts in zip(*found, strict=True)], size)
    # A zero after the last word stops growth at both ends (index -1 is that zero, too).
    mine, theirs = np.append(article.hashes, np.uint64(0)), np.append(source.hashes, np.uint64(0))
    for _ in range(MAX_GROWTH):
        right = (mine[ends] != 0) & (mine[ends] == theirs[others + ends - begins])
        left = (mine[begins - 1] != 0) & (mine[begins - 1] == theirs[others - 1])
        if not (right.any() or left.any()):
            break
        ends, begins, others = ends + right, begins - left, others - left
    begins, others, ends = _merged([begins, others, ends], size)
    return [begins, others, ends - begins]


def _pairs(article: Seeds, source: Seeds, places: int) -> list[Ints]:
    """Return where equal windows stand: article begin, source begin, article end."""
    mine, theirs = _common(article.keys, source.keys)
    first, second = article.offsets[mine], source.offsets[theirs]
    counts, others = article.offsets[mine + 1] - first, source.offsets[theirs + 1] - second
    while (few := counts * others <= places).any() and int((counts * others)[few].sum()) > MAX_SEEDS:
        places //= 2
    sizes = np.where(few, counts * others, 0)
    owner, step = _steps(sizes)
    ours = [first[owner] + step // others[owner]]
    yours = [second[owner] + step % others[owner]]
    if places > SEED_PLACES[0]:
        # A window that repeats too often is paired by rank from both ends: enough for a text that repeats itself.
        owner, step = _steps(np.where(few, 0, np.minimum(counts, others)))
        ours += [first[owner] + step, (first + counts)[owner] - 1 - step]
        yours += [second[owner] + step, (second + others)[owner] - 1 - step]
    left, right = np.concatenate(ours), np.concatenate(yours)
    return [article.begins[left], source.begins[right], article.ends[left]]


def _common(first: Hashes, second: Hashes) -> tuple[Ints, Ints]:
    """Return the places of the values that stand in both sorted arrays of unique values."""
    if not len(first) or not len(second):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    places = np.minimum(np.searchsorted(second, first), len(second) - 1)
    hits = np.flatnonzero(second[places] == first)
    return hits, places[hits]


def _steps(sizes: Ints) -> tuple[Ints, Ints]:
    """Return (i, 0), (i, 1) .. (i, sizes[i] - 1) for every i, as two arrays."""
    owner = np.repeat(np.arange(len(sizes)), sizes)
    return owner, np.arange(len(owner)) - (np.cumsum(sizes) - sizes)[owner]


def _merged(windows: list[Ints], size: int) -> list[Ints]:
    """Join windows that touch or overlap on one diagonal: article begins, source begins, article ends.

    `size` is above every article place, so that no key reaches into the next diagonal.
    """
    begins, others, ends = windows
    if not len(begins):
        return windows
    diagonals = (others - begins + size) * size
    order = np.argsort(diagonals + begins, kind="stable")
    begins, others, ends, diagonals = begins[order], others[order], ends[order], diagonals[order]
    reach = np.maximum.accumulate(diagonals + ends)
    firsts = np.flatnonzero(np.concatenate(([True], (diagonals + begins)[1:] > reach[:-1])))
    lasts = np.append(firsts[1:], len(begins)) - 1
    return [begins[firsts], others[firsts], reach[lasts] - diagonals[lasts]]


def _chains(article: Prepared, long: list[Block], short: list[Block]) -> Iterator[list[Block]]:
    """Yield chains of runs that follow each other closely in both bodies, the heaviest first.

    score(r) = substance(r) + max(0, score(p) - cost of the gap from p to r) over the runs p that end before r.
    """
    runs = sorted(long + short, key=lambda r: (r[0] + r[2], r[1] + r[2], r[2]))
    ends = [a + size for a, _, size in runs]
    others = [b + size for _, b, size in runs]
    substance = article.substance.tolist()
    scores: list[float] = []
    before: list[int] = []
    for at, (a, b, size) in enumerate(runs):
        whole = (substance[a + size] - substance[a]) / UNIT
        best, link = whole, -1
        # Runs may overlap by a word or two where a word repeats: only what is left of the later one counts then.
        high = bisect_right(ends, a + min(size - 1, MAX_OVERLAP), 0, at)
        for p in range(high - 1, max(bisect_left(ends, a - MAX_GAP, 0, high), high - LOOK_BACK) - 1, -1):
            gap, other = a - ends[p], b - others[p]
            if other > MAX_GAP or other < -MAX_OVERLAP or runs[p][1] >= b or runs[p][0] >= a:
                continue
            over = -min(gap, other, 0)
            if over >= size:
                continue
            own = whole if not over else (substance[a + size] - substance[a + over]) / UNIT
            score = scores[p] + own - GAP_COST * max(gap, other, 0) - SHIFT_COST * abs(gap - other)
            if score > best:
                best, link = score, p
        scores.append(best)
        before.append(link)
    yield from _backtracked(runs, scores, before)


def _backtracked(runs: list[Block], scores: list[float], before: list[int]) -> Iterator[list[Block]]:
    """Yield the chains that end in the best scores; each run once, so a branch counts only what it adds."""
    used = bytearray(len(runs))
    for end in sorted(range(len(runs)), key=lambda at: (-scores[at], runs[at])):
        chain = []
        at = end
        while at >= 0 and not used[at]:
            used[at] = 1
            chain.append(runs[at])
            at = before[at]
        if chain and scores[end] - (scores[at] if at >= 0 else 0.0) >= MIN_CHAIN:
            yield chain[::-1]


class _Taken:
    """Which words of both bodies are in a passage already: each is used at most once a side."""

    def __init__(self, article: Prepared, source: Prepared) -> None:
        self.article, self.source = article, source
        self.mine = np.zeros(len(article.hashes), np.bool_)
        self.theirs = np.zeros(len(source.hashes), np.bool_)
        self.long: set[Block] = set()

    def take(self, block: Block) -> None:
        a, b, size = block
        self.mine[a : a + size] = True
        self.theirs[b : b + size] = True

    def free(self, block: Block) -> list[Block]:
        """Return the parts of `block` whose words are free on both sides."""
        a, b, size = block
        busy = self.mine[a : a + size] | self.theirs[b : b + size]
        if not busy.any():
            return [block]
        return [(a + begin, b + begin, end - begin) for begin, end in _stretches(~busy)]

    def worth(self, block: Block) -> int:
        return int(self.article.worth[block[0] + block[2]] - self.article.worth[block[0]])

    def longest_first(self, runs: list[Ints]) -> tuple[list[Block], list[Block]]:
        """Take long runs, longest first, and return them with the pieces that became too short."""
        blocks = zip(*(column.tolist() for column in runs), strict=True)
        heap = heapq.nsmallest(MAX_RUNS, ((-self.worth(block), block) for block in blocks))
        long, rest = [], []
        while heap:
            _, block = heapq.heappop(heap)
            pieces = self.free(block)
            if pieces == [block]:
                self.take(block)
                long.append(block)
                continue
            for piece in pieces:
                worth = self.worth(piece)
                if worth >= LONG_RUN * UNIT:
                    heapq.heappush(heap, (-worth, piece))
                else:
                    rest.append(piece)
        self.long = set(long)
        return long, rest

    def left_of(self, runs: list[Ints], rest: list[Block]) -> list[Block]:
        """Return what long runs left of the short ones, the MAX_RUNS worth most."""
        begins, others, sizes = runs
        mine, theirs = _running(self.mine), _running(self.theirs)
        open_ = (mine[begins + sizes] - mine[begins] < sizes) & (theirs[others + sizes] - theirs[others] < sizes)
        blocks = list(zip(*(column[open_].tolist() for column in runs), strict=True)) + rest
        pieces = {piece for block in blocks for piece in self.free(block)}
        weighed = [(-self.worth(piece), piece) for piece in pieces]
        least = -SEED_WORDS[0] * UNIT
        return [piece for _, piece in heapq.nsmallest(MAX_RUNS, (one for one in weighed if one[0] <= least))]

    def chain(self, runs: list[Block]) -> list[list[Block]]:
        """Take what is still free of a chain and return its passages; nothing when that is too little."""
        blocks: list[Block] = []
        for run in runs:
            if run in self.long:
                blocks.append(run)
                continue
            if blocks:
                a, b, size = blocks[-1]
                over = max(a + size - run[0], b + size - run[1], 0)
                run = (run[0] + over, run[1] + over, run[2] - over)
            if run[2] > 0:
                blocks += self.free(run)
        if not self._counts(blocks):
            return []
        for block in blocks:
            self.take(block)
        passages: list[list[Block]] = []
        for block in blocks:
            if passages and (between := self._between(passages[-1][-1], block)) is not None:
                passages[-1] += [*between, block]
            else:
                passages.append([block])
        return passages

    def _counts(self, blocks: list[Block]) -> bool:
        total = 0.0
        last: Block | None = None
        for a, b, size in blocks:
            total += (self.article.substance[a + size] - self.article.substance[a]) / UNIT
            if last is not None:
                gap, other = a - last[0] - last[2], b - last[1] - last[2]
                total -= GAP_COST * max(gap, other) + SHIFT_COST * abs(gap - other)
            last = (a, b, size)
        return total >= MIN_CHAIN

    def _between(self, left: Block, right: Block) -> list[Block] | None:
        """Take the gap between two blocks and return its words kept in order; None when they are no one passage."""
        a, b = left[0] + left[2], left[1] + left[2]
        if right[0] - a > JOIN or right[1] - b > JOIN:
            return None
        if self.mine[a : right[0]].any() or self.theirs[b : right[1]].any():
            return None
        self.mine[a : right[0]] = True
        self.theirs[b : right[1]] = True
        kept = _in_order(self.article.hashes[a : right[0]].tolist(), self.source.hashes[b : right[1]].tolist())
        return [(a + i, b + j, 1) for i, j in kept]


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
    while i < len(first) and j < len(second):
        if first[i] == second[j] and first[i]:
            kept.append((i, j))
            i, j = i + 1, j + 1
        elif table[i + 1][j] >= table[i][j + 1]:
            i += 1
        else:
            j += 1
    return kept


def _longest(blocks: list[Block]) -> int:
    """Return the words of the longest verbatim run, in blocks that may touch."""
    longest = run = 0
    place = (-1, -1)
    for a, b, size in blocks:
        run = run + size if (a, b) == place else size
        longest = max(longest, run)
        place = (a + size, b + size)
    return longest


def _heaviest_chain(places: Iterable[int], sizes: Iterable[int]) -> int:
    """Return the greatest sum of `sizes` over ascending `places`, in one pass.

    >>> _heaviest_chain([0, 90, 40, 60], [10, 30, 20, 20])
    50
    """
    ends: list[int] = []
    totals: list[int] = []
    for place, size in zip(places, sizes, strict=True):
        at = bisect_left(ends, place)
        total = size + (totals[at - 1] if at else 0)
        # Later places that weigh no more can never be the better start.
        stop = at
        while stop < len(ends) and totals[stop] <= total:
            stop += 1
        ends[at:stop], totals[at:stop] = [place], [total]
    return totals[-1] if totals else 0


def _spread(one: Prepared, aligned: NDArray[np.bool_]) -> float:
    """Return the share of the sentences of `one` with `TOUCHED` words aligned, or half of their words."""
    worth = np.diff(one.worth)
    every = np.bincount(one.sentence, worth)
    kept = np.bincount(one.sentence, worth * aligned)
    touched = (kept > 0) & ((kept >= TOUCHED * UNIT) | (2 * kept >= every))
    return float(np.count_nonzero(touched) / np.count_nonzero(every))


def _passage(article: Prepared, source: Prepared, blocks: list[Block]) -> Passage:
    """Return the passage that `blocks` make, with its places in both bodies."""
    (a, b, _), (last, other, size) = blocks[0], blocks[-1]
    words = sum(size for _, _, size in blocks)
    whole = max(np.count_nonzero(article.hashes[a : last + size]), np.count_nonzero(source.hashes[b : other + size]))
    return Passage(
        _span(article, a, last + size),
        _span(source, b, other + size),
        "verbatim" if words == whole else "changed",
        words,
    )


def _span(one: Prepared, begin: int, end: int) -> Span:
    return int(one.tokens.begins[begin]), int(one.tokens.ends[end - 1])
