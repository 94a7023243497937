"""Queries and what methods claim of them -> recall by edit, precision, F1, false claims on what is no repost."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from syndet.intervals import Figure, Numbers, bootstrap, ratio

Scores = Mapping[int, float]
"""For one query, the articles of the collection that a method proposes, with what it thinks of them."""


@dataclass(frozen=True, slots=True)
class Query:
    """A text to ask for; `source` is the article that it is a repost of, None for no repost.

    `group`: the article that it was made from, repost or not; what is made from one article is not independent.
    """

    body: str
    edit: str
    group: int
    source: int | None
    url: str
    language: str | None


@dataclass(frozen=True, slots=True)
class Edit:
    """What was claimed of the queries of one edit. `found`: sources claimed; `claimed`: queries with any claim."""

    queries: int
    found: int
    claims: int
    claimed: int


@dataclass(frozen=True, slots=True)
class Figures:
    """What a method's claims are worth.

    recall: reposts whose source is claimed, of all reposts. precision: right claims of all claims, those on
    non-reposts included. f1: the harmonic mean of the two, 2 right / (claims + reposts).
    Intervals: bootstrap over the articles that queries are made from.
    """

    recall: Figure
    precision: Figure
    f1: Figure
    right: int
    claims: int
    edits: dict[str, Edit]


def measure(queries: Sequence[Query], claims: Sequence[frozenset[int]]) -> Figures:
    """Return the figures of `claims`, for each query the articles that are claimed to share its text."""
    groups = sorted({query.group for query in queries})
    place = {group: at for at, group in enumerate(groups)}
    cells = np.zeros((len(groups), 3))
    edits: dict[str, list[int]] = {}
    for query, claimed in zip(queries, claims, strict=True):
        right = query.source in claimed
        cells[place[query.group]] += (query.source is not None, right, len(claimed))
        counts = edits.setdefault(query.edit, [0, 0, 0, 0])
        for at, value in enumerate((1, right, len(claimed), bool(claimed))):
            counts[at] += value

    def figures(weights: Numbers) -> Numbers:
        reposts, right, every = weights @ cells
        return np.array([ratio(right, reposts), ratio(right, every), ratio(2 * right, every + reposts)])

    recall, precision, f1 = bootstrap(figures, len(groups))
    _, right, every = cells.sum(axis=0)
    return Figures(recall, precision, f1, int(right), int(every), {name: Edit(*own) for name, own in edits.items()})


def over(scores: Iterable[Scores], threshold: float) -> list[frozenset[int]]:
    """Return the claims: what is scored `threshold` or more."""
    return [frozenset(number for number, score in one.items() if score >= threshold) for one in scores]


def best(queries: Sequence[Query], scores: Sequence[Scores], thresholds: Iterable[float]) -> float:
    """Return the threshold with the highest F1, the lowest such.

    >>> asked = [Query("", "copy", 0, 0, "", None), Query("", "other", 1, None, "", None)]
    >>> best(asked, [{0: 5.0}, {0: 2.0}], [1.0, 3.0, 4.0])
    3.0
    """
    reposts = sum(query.source is not None for query in queries)

    def f1(threshold: float) -> float:
        claimed = over(scores, threshold)
        right = sum(query.source in own for query, own in zip(queries, claimed, strict=True))
        total = sum(map(len, claimed)) + reposts
        return 2 * right / total if total else 0.0

    return max(thresholds, key=lambda threshold: (f1(threshold), -threshold))


def crossed(
    queries: Sequence[Query], scores: Sequence[Scores], thresholds: Sequence[float], half: Callable[[Query], bool]
) -> tuple[list[frozenset[int]], tuple[float, float]]:
    """Return claims where each half of the queries has the threshold that is best on the other, and both thresholds.

    The first threshold is that of the queries for which `half` is false.
    """
    chosen = []
    for side in (False, True):
        others = [at for at, query in enumerate(queries) if half(query) is not side]
        chosen.append(best([queries[at] for at in others], [scores[at] for at in others], thresholds))
    claims = [over([own], chosen[half(query)])[0] for query, own in zip(queries, scores, strict=True)]
    return claims, (chosen[0], chosen[1])
