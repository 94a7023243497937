"""Two bodies -> Alignment: which words of one stand in the other, in which passages, in which order.

Seed (seeds.py), chain and fill (chains.py), then measure. scripts/fit_reuse prints what that gives on labelled pairs,
aligned words over the words of the shorter side: 39 pairs of news with reuse 0.44 to 0.99, median 0.77; 4,967 without
0 but for 0.6% (docs/evaluation.md).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Literal

import numpy as np

from syndet.chains import Block, columns, corners, passages, stretches
from syndet.counts import Counts, together
from syndet.models import Alignment, Passage, Span
from syndet.outline import Retold, likeness, phrases, retold
from syndet.seeds import UNIT, Flags, Ints, Prepared, prepare, running, runs, steps

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
    sizes = [sum(size for _, _, size in passage) for passage in found]
    words = sum(sizes)
    mine, theirs = _aligned(found)
    counts = _counts(article, source, (mine, theirs), sizes) if found else []
    whole = together(counts)
    kept = likeness(article.outline, source.outline)
    reworded = kept >= LEAST_LIKENESS and 2 * words < min(article.words, source.words)
    again = retold(article.outline, source.outline) if reworded else Retold()
    shared = len(np.intersect1d(article.shingles, source.shingles, assume_unique=True))
    union = len(article.shingles) + len(source.shingles) - shared
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
        spread=_spread(article, mine) if words else 0.0,
        kept=kept,
        phrases=phrases(article.outline, source.outline),
        retold=again.order,
        retold_sentences=again.sentences,
        facts=again.facts,
        passages=_as_read(article, source, found, counts),
        retellings=_retellings(article, source, again.pairs),
    )


def _aligned(found: list[list[Block]]) -> tuple[Ints, Ints]:
    """Return the places of the aligned words, in the article and in the source, passage after passage."""
    begins, others, sizes = columns(list(chain.from_iterable(found)))
    block, word = steps(sizes)
    return begins[block] + word, others[block] + word


def _counts(article: Prepared, source: Prepared, places: tuple[Ints, Ints], sizes: list[int]) -> list[Counts]:
    """Return the counts of each dense passage; they have so many of the words at `places`, one after the other."""
    mine, theirs = places
    plain = ~(article.quoted[mine] | source.quoted[theirs])
    telling = plain & ~(article.facts[mine] | source.facts[theirs])
    firsts = np.cumsum([0, *sizes[:-1]])
    # A verbatim run ends with its passage, or where the next word is not the next one on both sides.
    parted = np.ones(len(mine), np.bool_)
    parted[1:] = (mine[1:] != mine[:-1] + 1) | (theirs[1:] != theirs[:-1] + 1)
    parted[firsts] = True
    runs = np.flatnonzero(parted)
    first_runs = np.searchsorted(runs, firsts)
    lengths, told = np.diff(runs, append=len(mine)), np.add.reduceat(telling, runs, dtype=np.int64)
    figures = (
        np.add.reduceat(plain, firsts, dtype=np.int64),
        np.add.reduceat(told, first_runs),
        np.maximum.reduceat(lengths, first_runs),
        np.add.reduceat(told, first_runs),
        np.maximum.reduceat(told, first_runs),
    )
    return list(map(Counts, *(column.tolist() for column in figures)))


def _retellings(article: Prepared, source: Prepared, pairs: Sequence[tuple[int, int, int]]) -> tuple[Passage, ...]:
    """Return sentences that tell the same as passages; neighbours that one sentence tells are one passage."""
    mine, theirs = _sentences(article, [told for told, _, _ in pairs]), _sentences(source, [by for _, by, _ in pairs])
    found: list[Passage] = []
    for (begin, end), other, (_, _, words) in zip(mine, theirs, pairs, strict=True):
        if found and found[-1].source == other:
            begin, words = found[-1].article[0], found.pop().words + words
        found.append(Passage((begin, end), other, "changed", words))
    return tuple(found)


def _sentences(one: Prepared, numbers: Sequence[int]) -> list[Span]:
    """Return where sentences stand in the body."""
    firsts, ends = np.searchsorted(one.sentence, numbers), np.searchsorted(one.sentence, numbers, "right")
    return list(zip(one.tokens.begins[firsts].tolist(), one.tokens.ends[ends - 1].tolist(), strict=True))


def _shared(article: Prepared, source: Prepared) -> list[list[Block]]:
    if np.array_equal(article.hashes, source.hashes):
        # The same words, however few or often repeated: nothing to find, and nothing is too short.
        same = [(begin, begin, end - begin) for begin, end in stretches(article.hashes != 0)]
        return [same] if same else []
    return passages(article, source, runs(article, source))


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


def _spread(one: Prepared, aligned: Ints) -> float:
    """Return the share of the sentences of `one` with `TOUCHED` words aligned, or half of their words."""
    worth = np.diff(one.worth)
    every = np.bincount(one.sentence, worth)
    kept = np.bincount(one.sentence[aligned], worth[aligned], len(every))
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


def _as_read(
    article: Prepared, source: Prepared, found: list[list[Block]], counts: list[Counts]
) -> tuple[Passage, ...]:
    """Return `found`, in the order of the article, as passages with their places in both bodies.

    In one go where only a stretch in other words lies between two, or where clauses of one sentence changed places. For
    reading: what is measured on passages is measured on the dense ones, before.
    """
    if not found:
        return ()
    ranks = {at: rank for rank, at in enumerate(sorted(range(len(found)), key=lambda at: found[at][0][1]))}
    stack: list[_Stretch] = []
    for at, blocks in enumerate(found):
        stack.append(
            _Stretch(*corners(blocks), sum(size for _, _, size in blocks), (ranks[at], ranks[at] + 1), (counts[at],))
        )
        while len(stack) > 1 and (one := _together(article, source, stack[-2], stack[-1])):
            stack[-2:] = [one]
    sides = ((article, [one.article for one in stack]), (source, [one.source for one in stack]))
    words = np.array([one.words for one in stack], np.int64)
    changed = np.array([one.swapped for one in stack], np.bool_)
    for side, spans in sides:
        begins, ends = np.array(spans, np.int64).reshape(-1, 2).T
        every = running(side.hashes != 0)
        # Not all of its words are the same.
        changed |= every[ends] - every[begins] > words
    mine, theirs = (_snapped(side, spans, changed) for side, spans in sides)
    kinds: list[Literal["verbatim", "changed"]] = ["changed" if loose else "verbatim" for loose in changed.tolist()]
    return tuple(map(Passage, mine, theirs, kinds, words.tolist(), [together(one.counts) for one in stack]))


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


def _snapped(one: Prepared, spans: list[Span], changed: Flags) -> list[Span]:
    """Return `spans`, given in words, as places in the body; changed ones up to the limits of sentences close by."""
    begins, ends = np.array(spans, np.int64).reshape(-1, 2).T
    order = np.argsort(begins)
    begins, ends, changed = begins[order], ends[order], changed[order]
    lasts = np.searchsorted(one.sentence, one.sentence[ends - 1], "right")
    room = np.minimum(ends + SNAP, np.append(begins[1:], len(one.hashes)))
    ends = np.where(changed & (lasts <= room), lasts, ends)
    firsts = np.searchsorted(one.sentence, one.sentence[begins])
    room = np.maximum(begins - SNAP, np.append(0, ends[:-1]))
    begins = np.where(changed & (firsts >= room), firsts, begins)
    back = np.argsort(order)
    return list(zip(one.tokens.begins[begins][back].tolist(), one.tokens.ends[ends - 1][back].tolist(), strict=True))
