"""Two bodies -> Alignment: which words of one stand in the other, in which passages, in which order.

Seed (seeds.py), chain and fill (chains.py), then measure. scripts/fit_reuse prints what that gives on labelled pairs,
aligned words over the words of the shorter side: 39 pairs of news with reuse 0.44 to 0.99, median 0.77; 4,967 without
0 but for 0.6% (docs/evaluation.md).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from syndet.chains import Block, corners, passages, stretches
from syndet.counts import Counts, together
from syndet.models import Alignment, Passage, Span
from syndet.outline import Retold, likeness, phrases, retold
from syndet.seeds import UNIT, Flags, Ints, Prepared, prepare, running, runs

__all__ = ["Prepared", "align", "aligned", "prepare"]

# A sentence is touched when words worth this many are aligned, or half of it.
TOUCHED = 3
# Content words in common from which it is looked whether two texts tell the same in the same order; below, hardly any
# rewrite lies (of 50 full ones 0; tests/rewrites) and 98 of 100 unrelated pairs do.
LEAST_LIKENESS = 0.28
# A changed passage that begins or ends this close to the limit of a sentence is shown up to that limit.
SNAP = 2
# Passages that follow each other in both bodies are shown as one, changed, when so many words of other wording lie
# between them at most, and about as many on both sides: a difference of two words, or a third of the shorter gap. Of
# pages with 10 to 50% of their words replaced, and reworded ones, 0.98 instead of 0.94 is found, in 1.4 passages
# instead of 4.4; precision 1.00 with both (scripts/evaluate_passages). At 40 it is 0.98 in 1.37, but lines of a
# third text that two pages carry become one passage, with what each wrote between them.
GAP = 25
GAP_DIFFERENCE = 2
GAP_SHARE = 0.34


def align(article: Prepared, source: Prepared) -> Alignment:
    """Return what `article` and `source` share; `align(b, a)` is exactly `align(a, b).flipped()`.

    >>> body = "The bridge over the river was closed on Monday after divers found a crack in the northern pier."
    >>> found = align(prepare(body), prepare("Breaking news! " + body))
    >>> found.containment_in_source, found.longest_run, found.passages[0].source
    (1.0, 18, (15, 109))
    """
    return aligned(article, source)[0]


def aligned(article: Prepared, source: Prepared) -> tuple[Alignment, list[Block]]:
    """Return the same, and which words are aligned: (place in the article, in the source, length), ascending.

    No word stands in two blocks; seen from the other side they are the same.
    """
    # Ties between equally good runs fall one way only when both calls look from the same side.
    if _side(article) > _side(source):
        shared, blocks = aligned(source, article)
        return shared.flipped(), sorted((a, b, size) for b, a, size in blocks)
    found = _shared(article, source)
    return _figures(article, source, found), sorted(block for passage in found for block in passage)


def _side(one: Prepared) -> tuple[int, bytes, bytes, bytes, bytes]:
    arrays = (one.hashes, one.tokens.begins, one.sentence, one.quoted)
    return (one.words, *(array.tobytes() for array in arrays))  # type: ignore[return-value]


def _figures(article: Prepared, source: Prepared, found: list[list[Block]]) -> Alignment:
    blocks = [block for passage in found for block in passage]
    aligned, plain, telling = np.zeros((3, len(article.hashes)), np.bool_)
    for a, b, size in blocks:
        aligned[a : a + size] = True
        plain[a : a + size] = ~(article.quoted[a : a + size] | source.quoted[b : b + size])
        telling[a : a + size] = ~(article.facts[a : a + size] | source.facts[b : b + size])
    counts = [_counts(passage, running(plain), running(plain & telling)) for passage in found]
    whole = together(counts)
    words = sum(size for _, _, size in blocks)
    kept = likeness(article.outline, source.outline)
    reworded = kept >= LEAST_LIKENESS and 2 * words < min(article.words, source.words)
    again = retold(article.outline, source.outline) if reworded else Retold()
    shared = len(np.intersect1d(article.shingles, source.shingles, assume_unique=True))
    union = len(article.shingles) + len(source.shingles) - shared
    sizes = [sum(size for _, _, size in passage) for passage in found]
    return Alignment(
        article_words=article.words,
        source_words=source.words,
        jaccard=shared / union if union else 0.0,
        containment_in_source=words / article.words if words else 0.0,
        containment_of_source=words / source.words if words else 0.0,
        words=words,
        words_unquoted=whole.unquoted,
        words_telling=whole.telling,
        longest_run=whole.longest_run,
        telling_passage=whole.telling_passage,
        telling_run=whole.telling_run,
        ordered=_heaviest_chain([passage[0][1] for passage in found], sizes) / words if words else 0.0,
        spread=_spread(article, aligned) if words else 0.0,
        kept=kept,
        phrases=phrases(article.outline, source.outline),
        retold=again.order,
        retold_sentences=again.sentences,
        facts=again.facts,
        passages=_as_read(article, source, found, counts),
        retellings=_retellings(article, source, again.pairs),
    )


def _counts(passage: list[Block], plain: Ints, telling: Ints) -> Counts:
    """Return the counts of a dense passage; `plain` and `telling` are running sums of such words of the article."""
    runs = list(_runs(passage))
    told = sum(int(telling[end] - telling[begin]) for begin, end in runs)
    return Counts(
        unquoted=sum(int(plain[end] - plain[begin]) for begin, end in runs),
        telling=told,
        longest_run=max(end - begin for begin, end in runs),
        telling_passage=told,
        telling_run=max(int(telling[end] - telling[begin]) for begin, end in runs),
    )


def _retellings(article: Prepared, source: Prepared, pairs: Iterable[tuple[int, int, int]]) -> tuple[Passage, ...]:
    """Return sentences that tell the same as passages; neighbours that one sentence tells are one passage."""
    found: list[Passage] = []
    for told, by, words in pairs:
        (begin, end), other = _sentence(article, told), _sentence(source, by)
        if found and found[-1].source == other:
            begin, words = found[-1].article[0], found.pop().words + words
        found.append(Passage((begin, end), other, "changed", words))
    return tuple(found)


def _sentence(one: Prepared, number: int) -> Span:
    first = int(np.searchsorted(one.sentence, number))
    last = int(np.searchsorted(one.sentence, number, "right")) - 1
    return int(one.tokens.begins[first]), int(one.tokens.ends[last])


def _shared(article: Prepared, source: Prepared) -> list[list[Block]]:
    if np.array_equal(article.hashes, source.hashes):
        # The same words, however few or often repeated: nothing to find, and nothing is too short.
        same = [(begin, begin, end - begin) for begin, end in stretches(article.hashes != 0)]
        return [same] if same else []
    return passages(article, source, runs(article, source))


def _runs(blocks: list[Block]) -> Iterator[Span]:
    """Yield the verbatim runs, `[begin, end)` in words of the article, of blocks that may touch."""
    begin, end, other = 0, 0, -1
    for a, b, size in blocks:
        if (a, b) != (end, other):
            yield begin, end
            begin = a
        end, other = a + size, b + size
    yield begin, end


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


def _spread(one: Prepared, aligned: Flags) -> float:
    """Return the share of the sentences of `one` with `TOUCHED` words aligned, or half of their words."""
    worth = np.diff(one.worth)
    every = np.bincount(one.sentence, worth)
    kept = np.bincount(one.sentence, worth * aligned)
    touched = (kept > 0) & ((kept >= TOUCHED * UNIT) | (2 * kept >= every))
    return float(np.count_nonzero(touched) / np.count_nonzero(every))


@dataclass(frozen=True, slots=True)
class _Stretch:
    """What is shown as one passage: its words on both sides, `[begin, end)`, and how many are aligned.

    `ranks`: which passages of the source it takes, `[begin, end)` in the source's order. `swapped`: not in one order.
    """

    article: Span
    source: Span
    words: int
    ranks: Span
    counts: tuple[Counts, ...]
    swapped: bool = False

    def changed(self, article: Prepared, source: Prepared) -> bool:
        """Return whether not all of its words are the same in one order."""
        sides = ((article, self.article), (source, self.source))
        return self.swapped or any(
            np.count_nonzero(side.hashes[begin:end]) > self.words for side, (begin, end) in sides
        )


def _as_read(
    article: Prepared, source: Prepared, found: list[list[Block]], counts: list[Counts]
) -> tuple[Passage, ...]:
    """Return `found`, in the order of the article, as passages with their places in both bodies.

    In one go where only a stretch in other words lies between two, or where clauses of one sentence changed places. For
    reading: what is measured on passages is measured on the dense ones, before.
    """
    ranks = {at: rank for rank, at in enumerate(sorted(range(len(found)), key=lambda at: found[at][0][1]))}
    stack: list[_Stretch] = []
    for at, blocks in enumerate(found):
        stack.append(
            _Stretch(*corners(blocks), sum(size for _, _, size in blocks), (ranks[at], ranks[at] + 1), (counts[at],))
        )
        while len(stack) > 1 and (one := _together(article, source, stack[-2], stack[-1])):
            stack[-2:] = [one]
    changed = [one.changed(article, source) for one in stack]
    mine = _snapped(article, [one.article for one in stack], changed)
    theirs = _snapped(source, [one.source for one in stack], changed)
    kinds: list[Literal["verbatim", "changed"]] = ["changed" if loose else "verbatim" for loose in changed]
    return tuple(
        map(Passage, mine, theirs, kinds, [one.words for one in stack], [together(one.counts) for one in stack])
    )


def _together(article: Prepared, source: Prepared, left: _Stretch, right: _Stretch) -> _Stretch | None:
    """Return two neighbours in the article as one; None where they are none in the source, or not close."""
    swapped = right.ranks[1] == left.ranks[0]
    if not swapped and left.ranks[1] != right.ranks[0]:
        return None
    first, second = (right, left) if swapped else (left, right)
    gaps = ((article, left.article[1], right.article[0]), (source, first.source[1], second.source[0]))
    if swapped:
        close = all(side.sentence[end - 1] == side.sentence[begin] for side, end, begin in gaps)
    else:
        less, more = sorted(float(side.worth[begin] - side.worth[end]) / UNIT for side, end, begin in gaps)
        close = more <= GAP and more - less <= GAP_DIFFERENCE + GAP_SHARE * less
    if not close:
        return None
    return _Stretch(
        (left.article[0], right.article[1]),
        (first.source[0], second.source[1]),
        left.words + right.words,
        (first.ranks[0], second.ranks[1]),
        left.counts + right.counts,
        swapped or left.swapped or right.swapped,
    )


def _snapped(one: Prepared, spans: list[Span], changed: list[bool]) -> list[Span]:
    """Return `spans`, given in words, as places in the body; changed ones up to the limits of sentences close by."""
    places: list[Span] = [(0, 0)] * len(spans)
    order = sorted(range(len(spans)), key=lambda at: spans[at])
    low = 0
    for rank, at in enumerate(order):
        begin, end = spans[at]
        high = spans[order[rank + 1]][0] if rank + 1 < len(order) else len(one.hashes)
        if changed[at]:
            first = int(np.searchsorted(one.sentence, one.sentence[begin]))
            last = int(np.searchsorted(one.sentence, one.sentence[end - 1], "right"))
            begin = first if max(low, begin - SNAP) <= first else begin
            end = last if last <= min(high, end + SNAP) else end
        places[at] = int(one.tokens.begins[begin]), int(one.tokens.ends[end - 1])
        low = end
    return places
