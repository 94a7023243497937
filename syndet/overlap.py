"""Labelled passages and found ones -> precision, recall, granularity and plagdet.

After Potthast, Stein, Barrón-Cedeño and Rosso 2010, "An Evaluation Framework for Plagiarism Detection" (COLING),
section 3. A case s and a detection r are each a set of characters, those of the passage on both sides. r detects s
where they overlap on both sides, and then gives s ⊓ r = s ∩ r, else nothing. Over all pairs of texts

    micro   precision = |∪ (s ⊓ r)| / |∪ r|         recall = |∪ (s ⊓ r)| / |∪ s|
    macro   precision = mean over r of |∪_s (s ⊓ r)| / |r|       recall = mean over s of |∪_r (s ⊓ r)| / |s|
    granularity = detections of a detected case, on average (1 is best)
    plagdet = F1 / log2(1 + granularity), of the macro figures as in PAN's program, and of the micro ones

Unions are taken within a pair of texts: a text that stands in two pairs is counted in each. As in PAN's program,
granularity is 1 where no case is detected, a figure over no case or no detection is 0 where the other side has some.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from syndet.intervals import Figure, Numbers, bootstrap, ratio
from syndet.models import Span

Both = tuple[Span, Span]
"""A passage by its place on either side of a pair."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What was counted on one pair of texts; sums of tallies give every figure."""

    hit: int  # characters of cases that a detection of theirs covers, both sides
    cased: int  # characters of cases
    found: int  # characters of detections
    precision: float  # sum over detections of their precision
    recall: float  # sum over cases of their recall
    detections: int
    cases: int
    detected: int  # cases that some detection detects
    matches: int  # detections of cases, a detection of two cases counted twice


@dataclass(frozen=True, slots=True)
class Passages:
    """How well passages were found; micro counts characters, macro passages."""

    pairs: int
    cases: int
    detections: int
    precision: Figure
    recall: Figure
    f1: Figure
    plagdet: Figure
    precision_micro: Figure
    recall_micro: Figure
    f1_micro: Figure
    plagdet_micro: Figure
    granularity: Figure


def tally(cases: Sequence[Both], detections: Sequence[Both]) -> Tally:
    """Return what is counted on one pair of texts: 10 of 20 characters found on either side.

    >>> found = tally([((0, 20), (5, 25))], [((10, 30), (15, 35))])
    >>> found.hit, found.cased, found.found, found.precision, found.recall
    (20, 40, 40, 0.5, 0.5)
    """
    hits = [[_common(case, found) for found in detections] for case in cases]
    recalls = [_size(row) / _size([case]) for case, row in zip(cases, hits, strict=True)]
    precisions = [_size([row[number] for row in hits]) / _size([found]) for number, found in enumerate(detections)]
    return Tally(
        _size([hit for row in hits for hit in row]),
        _size(cases),
        _size(detections),
        sum(precisions),
        sum(recalls),
        len(precisions),
        len(recalls),
        sum(any(row) for row in hits),
        sum(hit is not None for row in hits for hit in row),
    )


def measure(tallies: Sequence[Tally], groups: Sequence[int]) -> Passages | None:
    """Return the figures over pairs of texts, `groups` the group of each (0 ...); None without any pair."""
    if not tallies:
        return None
    sums = np.zeros((max(groups) + 1, 9))
    rows = [
        (t.hit, t.cased, t.found, t.precision, t.recall, t.detections, t.cases, t.detected, t.matches) for t in tallies
    ]
    np.add.at(sums, np.asarray(groups), np.array(rows, np.float64))
    # A number that no pair has would be drawn in vain.
    sums = sums[np.unique(groups)]
    figures = bootstrap(lambda weights: _figures(weights @ sums), len(sums))
    total = sums.sum(axis=0)
    return Passages(len(tallies), int(total[6]), int(total[5]), *figures)


def _figures(total: Numbers) -> Numbers:
    """Return the nine figures of Passages, in its order."""
    hit, cased, found, precision, recall, detections, cases, detected, matches = total
    if not cases and not detections:
        return np.full(9, np.nan)
    granularity = matches / detected if detected else 1.0
    figures = []
    for exact, complete in (
        (_share(precision, detections), _share(recall, cases)),
        (_share(hit, found), _share(hit, cased)),
    ):
        f1 = 2 * exact * complete / (exact + complete) if exact + complete else 0.0
        figures += [exact, complete, f1, f1 / np.log2(1 + granularity)]
    return np.array([*figures, granularity])


def _share(part: float, whole: float) -> float:
    found = float(ratio(part, whole))
    return 0.0 if np.isnan(found) else found


def _common(case: Both, found: Both) -> Both | None:
    """Return the characters in common, None where there are none on either side."""
    spans = tuple((max(a[0], b[0]), min(a[1], b[1])) for a, b in zip(case, found, strict=True))
    return (spans[0], spans[1]) if all(begin < end for begin, end in spans) else None


def _size(passages: Iterable[Both | None]) -> int:
    """Return the number of characters, both sides, that any of `passages` covers; None covers nothing."""
    real = [passage for passage in passages if passage is not None]
    return sum(_covered(sorted(passage[side] for passage in real)) for side in (0, 1))


def _covered(spans: Sequence[Span]) -> int:
    """Return how many characters sorted `spans` cover.

    >>> _covered([(0, 5), (3, 8), (10, 11)])
    9
    """
    covered = reached = 0
    for begin, end in spans:
        covered += max(0, end - max(begin, reached))
        reached = max(reached, end)
    return covered
