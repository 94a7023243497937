"""Labels and a corpus -> labelled pairs of stored articles, each with what is said of it.

What can't be brought together (an address that is not stored, a pair with two labels) is noted, and the rest goes on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from syndet.corpus import Corpus
from syndet.judging import Judge, Judgement
from syndet.labels import Fault, Label, Labels, Problem
from syndet.models import Article

Named = dict[tuple[int, int], tuple[Label, bool]]
"""By ids, the lower first: the label of a pair, and whether its a has the higher one."""


@dataclass(slots=True)
class Row:
    """A labelled pair of stored articles, and what is said of it; `turned`: a is the article with the higher id."""

    label: Label
    low: int
    high: int
    turned: bool
    judged: Judgement


@dataclass(slots=True)
class Desk:
    """Labels as they meet a corpus: ids for addresses, and what is wrong with either."""

    corpus: Corpus
    problems: list[Problem]
    ids: dict[str, int | None] = field(default_factory=dict)
    told: dict[int, tuple[str, str | None, int]] = field(default_factory=dict)  # address, language, characters

    def number(self, address: str, where: str) -> int | None:
        """Return the id of the article at `address`; None, and a problem noted, where there is none."""
        if address not in self.ids:
            self.ids[address] = self.corpus.store.articles.find(address)
        if self.ids[address] is None:
            reasons = ", ".join(self.corpus.store.articles.skipped(address)).replace("_", " ")
            why = f": it was left out ({reasons})" if reasons else ""
            self.problems.append(Problem(where, "unknown_address", f"No article is stored at {address}{why}."))
        return self.ids[address]

    def about(self, number: int) -> tuple[str, str | None, int]:
        """Return address, language and length of an article."""
        if number not in self.told:
            article = self.article(number)
            self.told[number] = (article.url, article.language, len(article.body))
        return self.told[number]

    def article(self, number: int) -> Article:
        """Return the stored article with this id."""
        return self.corpus.article(number)

    def note(self, where: str, fault: Fault, detail: str) -> None:
        """Write a problem down."""
        self.problems.append(Problem(where, fault, detail))


def clusters(labels: Labels, desk: Desk) -> list[list[int]]:
    """Return the ids of each labelled cluster, empty where none of it is stored; an article stands in one only."""
    met = dict[int, str]()
    found = []
    for cluster in labels.clusters:
        members = []
        for address in cluster.addresses:
            number = desk.number(address, cluster.where)
            if number is not None and number in met:
                desk.note(cluster.where, "repeated", f"{address} stands in a cluster already, on {met[number]}.")
            elif number is not None:
                met[number] = cluster.where
                members.append(number)
        found.append(members)
    return found


def named(labels: Labels, members_of: Sequence[Sequence[int]], desk: Desk) -> Named:
    """Return every pair of ids that a line labels, with its label and whether a has the higher id.

    A line of its own says more of a pair than the cluster that it stands in.
    """
    found = Named()
    for label in labels.pairs:
        a, b = desk.number(label.a, label.where), desk.number(label.b, label.where)
        if a is None or b is None:
            continue
        if a == b:
            desk.note(label.where, "one_article", f"{label.a} and {label.b} are one stored article.")
        elif (old := found.get((min(a, b), max(a, b)))) is None:
            found[min(a, b), max(a, b)] = (label, a > b)
        elif old[0].reuse == label.reuse:
            desk.note(label.where, "repeated", f"The pair was labelled before, on {old[0].where}.")
        else:
            desk.note(label.where, "contradiction", f"The pair has the other label on {old[0].where}, which counts.")
    for cluster, members in zip(labels.clusters, members_of, strict=True):
        origin = desk.ids.get(cluster.origin) if cluster.origin else None
        for place, a in enumerate(members):
            for b in members[place + 1 :]:
                old = found.get((min(a, b), max(a, b)))
                if old is not None and not old[0].reuse:
                    desk.note(cluster.where, "contradiction", f"{old[0].where} says none of a pair in it, and counts.")
                if old is None:
                    side: Literal["a", "b"] | None = "a" if a == origin else "b" if b == origin else None
                    label = Label(desk.about(a)[0], desk.about(b)[0], True, cluster.where, origin=side)
                    found[min(a, b), max(a, b)] = (label, a > b)
    return found


def group(row: Row, stories: dict[int, int]) -> object:
    """Return what a pair depends on: the group of its label, else the story of its first article."""
    return row.label.group if row.label.group is not None else stories[row.high if row.turned else row.low]


def implied(
    members_of: Sequence[Sequence[int]], named: set[tuple[int, int]], judge: Judge, desk: Desk, stories: dict[int, int]
) -> Iterator[tuple[Row, object, int]]:
    """Yield the pairs across closed clusters that no line names: each that is said to be something, the rest as sums.

    Each pair of clusters counts with the story of one of the two, by turns, so that none has all of them.
    """
    cluster_of = {number: place for place, members in enumerate(members_of) for number in members}
    sizes = np.array([len(members) for members in members_of], np.int64)
    left = np.zeros(len(members_of), np.int64)
    for place in range(len(members_of)):
        later = np.arange(place + 1, len(members_of))
        own = (place + later) % 2 == 0
        left[place] += sizes[place] * sizes[later[own]].sum()
        left[later[~own]] += sizes[place] * sizes[later[~own]]

    def home(low: int, high: int) -> int | None:
        one, two = sorted((cluster_of.get(low, -1), cluster_of.get(high, -1)))
        return None if one < 0 or one == two else (one if (one + two) % 2 == 0 else two)

    for low, high in named:
        if (across := home(low, high)) is not None:
            left[across] -= 1
    for judged in judge.others(sorted(cluster_of)):
        low, high = judged.low, judged.high
        if (low, high) not in named and (across := home(low, high)) is not None:
            left[across] -= 1
            label = Label(desk.about(low)[0], desk.about(high)[0], False, "closed clusters")
            yield Row(label, low, high, False, judged), stories[members_of[across][0]], 1
    for place, count in enumerate(left.tolist()):
        if count:
            one = members_of[place][0]
            row = Row(Label("", "", False, "closed clusters"), one, one, False, Judgement(one, one, 0.0))
            yield row, stories[one], count
