"""Figures with their 95% intervals: Wilson's for proportions, a bootstrap over groups for everything else.

The resamples are drawn with a fixed seed, so the same cases always give the same interval.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

LEVEL = 0.95
# The quantile of the normal distribution that leaves (1 - LEVEL) / 2 above it.
_QUANTILE = 1.959963984540054
# With 1,000 resamples the ends of an interval move by some hundredth of its width from one seed to another.
ROUNDS = 1_000
# Of very many groups 200 resamples give ends as steady as the figure itself, and a minute becomes some seconds.
MANY_GROUPS, FEWER_ROUNDS = 20_000, 200
SEED = 20_261_124


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured value with the interval that holds the true one in 95 of 100 cases.

    `value` is None where nothing could be measured, `low` and `high` where one group is all there is. `of` counts the
    cases that it was taken over, and of a proportion `hits` those that count.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    of: int = 0
    hits: int | None = None


def wilson(hits: int, of: int) -> Figure:
    """Return the proportion `hits / of` with its Wilson score interval (Wilson 1927, without continuity correction).

    >>> found = wilson(8, 10)
    >>> found.value, round(found.low, 4), round(found.high, 4)
    (0.8, 0.4902, 0.9433)
    """
    if of <= 0:
        return Figure(None, of=0, hits=0)
    share, squared = hits / of, _QUANTILE * _QUANTILE
    centre = (share + squared / (2 * of)) / (1 + squared / of)
    reach = _QUANTILE / (1 + squared / of) * math.sqrt(share * (1 - share) / of + squared / (4 * of * of))
    # Rounding must not put the value a hair outside of its own interval.
    return Figure(share, max(0.0, min(share, centre - reach)), min(1.0, max(share, centre + reach)), of, hits)


def bootstrap(measure: Callable[[Numbers], Numbers], groups: int) -> list[Figure]:
    """Return what `measure` gives, each figure with its percentile interval over resampled groups.

    `measure` takes the weight of each group, shape (groups,): 1.0 for every one as they are, in a resample the number
    of times that it was drawn. It returns figures, shape (k,), NaN where one is undefined. A resample in which a
    figure is undefined says nothing of it. With fewer than two groups there is no interval.
    """
    values = measure(np.ones(groups))
    if groups < 2:
        return [Figure(_number(value), of=groups) for value in values]
    drawn = np.array([measure(weights) for weights in _resamples(groups)])
    tail = 100 * (1 - LEVEL) / 2
    figures = []
    for value, column in zip(values, drawn.T, strict=True):
        defined = column[~np.isnan(column)]
        if np.isnan(value) or not defined.size:
            figures.append(Figure(_number(value), of=groups))
            continue
        low, high = np.percentile(defined, [tail, 100 - tail])
        figures.append(Figure(float(value), float(low), float(high), groups))
    return figures


def _resamples(groups: int) -> Iterator[Numbers]:
    """Yield, for each resample, how often each group is drawn when as many are drawn as there are, with replacement."""
    chance = np.random.default_rng(SEED)
    for _ in range(ROUNDS if groups < MANY_GROUPS else FEWER_ROUNDS):
        yield np.bincount(chance.integers(groups, size=groups), minlength=groups).astype(np.float64)


def _number(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


def ratio(above: Numbers | float, below: Numbers | float) -> Numbers:
    """Return `above / below`, NaN where `below` is 0."""
    above, below = np.asarray(above, np.float64), np.asarray(below, np.float64)
    found = np.full(np.broadcast(above, below).shape, np.nan)
    np.divide(above, below, out=found, where=below != 0)
    return found
