"""Labels and scores -> precision, recall, average precision, calibration, agreement of clusters, with intervals.

All of it takes arrays and returns figures; where the labels came from, and who judged, does not matter here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from syndet.intervals import Figure, Numbers, bootstrap, ratio, wilson

Truths = NDArray[np.bool_]
Counts = NDArray[np.int64]

THRESHOLDS = tuple(round(0.05 * step, 2) for step in range(1, 20))
BINS = 10  # of equal width, for calibration
# Points of a drawn precision-recall curve; more than that no screen shows.
CURVE_POINTS = 400


@dataclass(frozen=True, slots=True)
class Pairs:
    """Judged pairs, arrays of one length n.

    `reuse`: the label. `score`: 0..1, probability of reuse; 0 where nothing was found. `group`: 0, 1, ...: pairs that
    depend on each other (one story, one task) share a number, and intervals are drawn over groups. `count`: for how
    many pairs a row stands, which have all of that in common.
    """

    reuse: Truths
    score: Numbers
    group: Counts
    count: Counts

    @classmethod
    def of(
        cls, reuse: Sequence[bool] | Truths, score: Sequence[float] | Numbers,
        group: Sequence[int] | Counts | None = None, count: Sequence[int] | Counts | None = None,
    ) -> Pairs:  # fmt: skip
        """Return pairs from anything like an array; without `group` each is its own group. ValueError: unequal length.

        Groups may be numbered with gaps; they are numbered anew.
        """
        length = len(reuse)
        numbers = np.arange(length) if group is None else np.unique(np.asarray(group), return_inverse=True)[1]
        arrays = (
            np.asarray(reuse, np.bool_),
            np.asarray(score, np.float64),
            np.asarray(numbers, np.int64).reshape(-1),
            np.ones(length, np.int64) if count is None else np.asarray(count, np.int64),
        )
        if {len(array) for array in arrays} != {length}:
            raise ValueError("Labels, scores, groups and counts differ in length.")
        if length and not (arrays[1].min() >= 0 and arrays[1].max() <= 1):
            raise ValueError("A score is no number from 0 to 1.")
        return cls(*arrays)

    @property
    def groups(self) -> int:
        """The number of groups."""
        return int(self.group.max()) + 1 if len(self.group) else 0


@dataclass(frozen=True, slots=True)
class Point:
    """What is found where the line is drawn at one place. `false_links`: share of the pairs without reuse found."""

    name: str
    found_reuse: int
    found_none: int
    missed_reuse: int
    left_none: int
    precision: Figure
    recall: Figure
    false_links: Figure
    f1: Figure  # in a stratum without an interval


@dataclass(frozen=True, slots=True)
class Bin:
    """Pairs with a score of [low, high), the last bin with 1: their mean score, and how many of them are reuse."""

    low: float
    high: float
    pairs: int
    score: float | None
    reuse: Figure


@dataclass(frozen=True, slots=True)
class Measures:
    """Every figure of judged pairs. `best` is the threshold of the sweep with the highest F1, the lowest such."""

    pairs: int
    reuse: int
    groups: int
    points: tuple[Point, ...]
    average_precision: Figure
    brier: Figure
    calibration_error: Figure
    bins: tuple[Bin, ...]
    sweep: tuple[Point, ...]
    best: float | None
    curve: tuple[tuple[float, float, float], ...]  # recall, precision, score; by falling score


@dataclass(frozen=True, slots=True)
class Stratum:
    """The points over the pairs that have `value` in common."""

    value: str
    pairs: int
    reuse: int
    points: tuple[Point, ...]


def measure(pairs: Pairs, points: Mapping[str, Truths]) -> Measures:
    """Return every figure of `pairs`; `points` says by name which of them count as found, shape (n,) each."""
    names = list(points)
    found = [*(points[name] for name in names), *(pairs.score >= at for at in THRESHOLDS)]
    measured = _Weighted(pairs, found)
    f1s, rest = (figures := bootstrap(measured, pairs.groups))[: len(found)], figures[len(found) :]
    drawn = [
        _point(name, pairs, mask, f1)
        for name, mask, f1 in zip([*names, *map(str, THRESHOLDS)], found, f1s, strict=True)
    ]
    sweep = tuple(drawn[len(names) :])
    known = [(point.f1.value, -at) for point, at in zip(sweep, THRESHOLDS, strict=True) if point.f1.value is not None]
    return Measures(
        int(pairs.count.sum()),
        int(pairs.count[pairs.reuse].sum()),
        pairs.groups,
        tuple(drawn[: len(names)]),
        rest[0],
        rest[1],
        rest[2],
        _bins(pairs),
        sweep,
        -max(known)[1] if known else None,
        curve(pairs),
    )


def breakdown(pairs: Pairs, points: Mapping[str, Truths], key: Sequence[str | None]) -> tuple[Stratum, ...]:
    """Return the points for each value of `key` (one a row; None stands in no stratum), most reuse first."""
    values = np.array([value if value is not None else "" for value in key], dtype=object)
    given = np.array([value is not None for value in key], np.bool_)
    strata = []
    for value in sorted({value for value in key if value is not None}):
        chosen = given & (values == value)
        part = Pairs(pairs.reuse[chosen], pairs.score[chosen], pairs.group[chosen], pairs.count[chosen])
        drawn = tuple(_point(name, part, mask[chosen], None) for name, mask in points.items())
        strata.append(Stratum(value, int(part.count.sum()), int(part.count[part.reuse].sum()), drawn))
    return tuple(sorted(strata, key=lambda stratum: (-stratum.reuse, -stratum.pairs, stratum.value)))


def _point(name: str, pairs: Pairs, found: Truths, f1: Figure | None) -> Point:
    cells = [
        int(pairs.count[mask].sum())
        for mask in (found & pairs.reuse, found & ~pairs.reuse, ~found & pairs.reuse, ~found & ~pairs.reuse)
    ]
    right, wrong, missed, left = cells
    if f1 is None:
        total = 2 * right + wrong + missed
        f1 = Figure(2 * right / total if total else None, of=sum(cells))
    precision, recall = wilson(right, right + wrong), wilson(right, right + missed)
    return Point(name, right, wrong, missed, left, precision, recall, wilson(wrong, wrong + left), f1)


class _Weighted:
    """F1 at each point, average precision, Brier score and calibration error of pairs whose groups have weights.

    All but the order by score is summed by group beforehand; pairs with score 0, nearly all of a large file, are one
    sum a group. So a resample costs little more than the pairs that were found.
    """

    def __init__(self, pairs: Pairs, found: Sequence[Truths]):
        groups = pairs.groups
        self._cells = np.stack([_by_group(pairs, mask, groups) for mask in found], axis=1)
        self._cells = np.concatenate(
            [self._cells, np.stack([_by_group(pairs, mask & pairs.reuse, groups) for mask in found], axis=1)], axis=1
        )
        self._reuse = _by_group(pairs, pairs.reuse, groups)
        self._all = _by_group(pairs, np.ones_like(pairs.reuse), groups)
        error = pairs.count * (pairs.score - pairs.reuse) ** 2
        self._error = np.bincount(pairs.group, error, groups)
        live = np.flatnonzero(pairs.score > 0)
        order = live[np.argsort(-pairs.score[live], kind="stable")]
        self._group, self._count = pairs.group[order], pairs.count[order].astype(np.float64)
        self._label, self._score = pairs.reuse[order].astype(np.float64), pairs.score[order]
        self._last = np.flatnonzero(np.append(self._score[1:] != self._score[:-1], True)) if len(order) else order
        self._bin = bin_of(self._score)
        self._points = len(found)

    def __call__(self, weights: Numbers) -> Numbers:
        cells = weights @ self._cells
        found, right = cells[: self._points], cells[self._points :]
        reuse, every = float(weights @ self._reuse), float(weights @ self._all)
        rows = weights[self._group] * self._count
        f1 = ratio(2 * right, found + reuse)
        others = (
            self._average_precision(rows, reuse, every),
            float(ratio(weights @ self._error, every)),
            self._calibration_error(rows, reuse, every),
        )
        return np.append(f1, others)

    def _average_precision(self, rows: Numbers, reuse: float, every: float) -> float:
        """Return the sum of (R_n - R_n-1) P_n over the distinct scores, as scikit-learn has it; score 0 is the last."""
        if not reuse:
            return float("nan")
        right = np.append(np.cumsum(rows * self._label)[self._last], reuse)
        found = np.append(np.cumsum(rows)[self._last], every)
        precision = np.nan_to_num(ratio(right, found))
        return float(np.diff(right, prepend=0.0) @ precision / reuse)

    def _calibration_error(self, rows: Numbers, reuse: float, every: float) -> float:
        if not every:
            return float("nan")
        right = np.bincount(self._bin, rows * self._label, BINS)
        score = np.bincount(self._bin, rows * self._score, BINS)
        # What has score 0 adds nothing to the sum of scores of the first bin.
        right[0] += reuse - right.sum()
        return float(np.abs(right - score).sum() / every)


def _by_group(pairs: Pairs, mask: Truths, groups: int) -> Numbers:
    return np.bincount(pairs.group[mask], pairs.count[mask], groups).astype(np.float64)


def bin_of(score: Numbers) -> Counts:
    """Return the calibration bin of each score, 0..BINS-1."""
    edges = np.arange(1, BINS) / BINS
    return np.digitize(score, edges).astype(np.int64)


def _bins(pairs: Pairs) -> tuple[Bin, ...]:
    place = bin_of(pairs.score)
    every = np.bincount(place, pairs.count, BINS).astype(np.float64)
    right = np.bincount(place, pairs.count * pairs.reuse, BINS)
    score = ratio(np.bincount(place, pairs.count * pairs.score, BINS).astype(np.float64), every)
    return tuple(
        Bin(
            number / BINS, (number + 1) / BINS, int(every[number]),
            float(score[number]) if every[number] else None, wilson(int(right[number]), int(every[number])),
        )
        for number in range(BINS)
    )  # fmt: skip


def curve(pairs: Pairs) -> tuple[tuple[float, float, float], ...]:
    """Return (recall, precision, score) for every distinct score above 0, falling, at most CURVE_POINTS of them."""
    total = int(pairs.count[pairs.reuse].sum())
    live = np.flatnonzero(pairs.score > 0)
    if not total or not len(live):
        return ()
    order = live[np.argsort(-pairs.score[live], kind="stable")]
    score, count = pairs.score[order], pairs.count[order]
    right, every = np.cumsum(count * pairs.reuse[order]), np.cumsum(count)
    last = np.flatnonzero(np.append(score[1:] != score[:-1], True))
    if len(last) > CURVE_POINTS:
        last = last[np.unique(np.linspace(0, len(last) - 1, CURVE_POINTS).astype(int))]
    return tuple((float(right[n] / total), float(right[n] / every[n]), float(score[n])) for n in last)


def rand_index(truth: Sequence[int], found: Sequence[int]) -> Figure:
    """Return the adjusted Rand index (Hubert and Arabie 1985) of two clusterings of the same articles.

    1 is agreement, 0 what chance gives. With S pairs together in both, T in the truth, P in what was found, and N in
    all: (S - PT/N) / ((P + T)/2 - PT/N). Resampled by clusters of the truth; copies of one cluster count as apart.

    >>> round(rand_index([0, 0, 1, 1], [0, 0, 1, 2]).value, 4)
    0.5714
    """
    if len(truth) < 2:
        return Figure(None, of=len(truth))
    of_truth = np.unique(np.asarray(truth), return_inverse=True)[1].reshape(-1)
    of_found = np.unique(np.asarray(found), return_inverse=True)[1].reshape(-1)
    groups = int(of_truth.max()) + 1
    cells, number = np.unique(np.stack([of_truth, of_found]), axis=1, return_counts=True)
    row, column = cells
    size = np.bincount(of_truth).astype(np.float64)
    squares = np.bincount(row, number**2, groups)
    together = (squares - size) / 2

    def index(weights: Numbers) -> Numbers:
        # Pairs across two clusters of the truth that were found together: half of what all pairs less the own ones are.
        sums = np.bincount(column, weights[row] * number)
        across = (float((sums**2).sum()) - float((weights**2 * squares).sum())) / 2
        both, true = float(weights @ together), float(weights @ (size * (size - 1) / 2))
        guess, articles = both + across, float(weights @ size)
        expected = guess * true * 2 / (articles * (articles - 1))
        span = (guess + true) / 2 - expected
        # No span: everything is alone, or together, on both sides.
        return np.array([(both - expected) / span if span > 1e-12 else 1.0])

    [figure] = bootstrap(index, groups)
    return Figure(figure.value, figure.low, figure.high, len(truth))
