"""Answers about pages whose truth is known -> right, wrong or abstained, and tables of these.

For scripts/evaluate_origin. Beside the scripts, not in the package: nothing here reads or stores anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from syndet import dates, names, origin, urls
from syndet.intervals import Figure, wilson
from syndet.measures import Pairs, measure
from syndet.models import Answer, Article, Origin
from syndet.simulate.syndication import Planted

Result = Literal["right", "wrong", "abstained"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was answered about one page. `stored`: some stored page is called the origin, rightly or wrongly.

    `via`: whether the hop in between is right, None where the page has none or nothing was answered.
    """

    planted: Planted
    answer: Answer
    result: Result
    stored: bool
    via: bool | None = None


def judged(planted: Planted, answer: Answer) -> Outcome:
    """Return whether `answer` is what is true of the page."""
    found = answer.origin
    if planted.role == "origin":
        result: Result = {"repost": "wrong", "origin": "right"}.get(answer.verdict, "abstained")  # type: ignore[assignment]
        return Outcome(planted, answer, result, answer.verdict == "origin" or _stored(found))
    if answer.verdict == "origin":
        return Outcome(planted, answer, "wrong", True)
    if answer.verdict != "repost" or found is None:
        return Outcome(planted, answer, "abstained", False)
    right = found.url == planted.origin if found.in_store else called(found, planted.names)
    via = (answer.via.url if answer.via else None) == planted.via if planted.via else None
    return Outcome(planted, answer, "right" if right else "wrong", found.in_store, via)


def _stored(found: Origin | None) -> bool:
    return found is not None and found.in_store


def called(found: Origin, wanted: Iterable[str]) -> bool:
    """Return whether an origin outside the store is one of those that are `wanted`: by name, or by site."""
    site = urls.site(found.url) if found.url else found.site
    known = names.lookup(found.outlet) if found.outlet else None
    for name in wanted:
        other = names.lookup(name)
        if site == name or (known is not None and other is not None and known.name == other.name):
            return True
        if found.outlet and origin.squeezed(name) == origin.squeezed(found.outlet):
            return True
    return False


# -- baselines ---------------------------------------------------------------------------------------------------------


def earliest(pages: Sequence[Article]) -> Article | None:
    """Return the page with the earliest date, None where none has one or two have the same."""
    return _least([(span[0], page) for page in pages if (span := dates.when(page.published)) is not None])


def longest(pages: Sequence[Article]) -> Article | None:
    """Return the page with the most words."""
    return _least([(-float(page.words), page) for page in pages])


def first_seen(pages: Sequence[Article]) -> Article | None:
    """Return the page that was fetched first."""
    return _least([(span[0], page) for page in pages if (span := dates.when(page.fetched)) is not None])


BASELINES: dict[str, Callable[[Sequence[Article]], Article | None]] = {
    "earliest date": earliest, "longest text": longest, "first seen": first_seen,
}  # fmt: skip


def _least(ranked: list[tuple[float, Article]]) -> Article | None:
    ranked.sort(key=lambda item: item[0])
    if not ranked or (len(ranked) > 1 and ranked[0][0] == ranked[1][0]):
        return None
    return ranked[0][1]


# -- tables ------------------------------------------------------------------------------------------------------------


def shown(figure: Figure) -> str:
    """Return a proportion with its interval.

    >>> shown(wilson(8, 10))
    '0.800 (0.490 to 0.943)'
    """
    if figure.value is None or figure.low is None or figure.high is None:
        return "–"
    return f"{figure.value:.3f} ({figure.low:.3f} to {figure.high:.3f})"


def row(name: str, outcomes: Sequence[Outcome]) -> str:
    """Return one line of a table: pages, answered, right, wrong, abstained, right of those answered, coverage."""
    right = sum(one.result == "right" for one in outcomes)
    wrong = sum(one.result == "wrong" for one in outcomes)
    cells = (len(outcomes), right + wrong, right, wrong, len(outcomes) - right - wrong)
    figures = shown(wilson(right, right + wrong)), shown(wilson(right + wrong, len(outcomes)))
    return f"| {name} | {' | '.join(map(str, cells))} | {' | '.join(figures)} |"


HEAD = (
    "| | pages | answered | right | wrong | abstained | right of those answered | answered of all |\n"
    "|---|---|---|---|---|---|---|---|"
)


def by(outcomes: Iterable[Outcome], key: Callable[[Outcome], str | None]) -> dict[str, list[Outcome]]:
    """Return the outcomes by what `key` says of them, sorted; None stands in no group."""
    found: dict[str, list[Outcome]] = {}
    for one in outcomes:
        if (name := key(one)) is not None:
            found.setdefault(name, []).append(one)
    return dict(sorted(found.items()))


SIGNS = {
    "cue": "any cue", "date": "dates alone", "text": "text alone", "one_date": "exact copy, one of two dates",
    "none": "exact copy, no sign",
}  # fmt: skip


def signs(one: Outcome) -> str | None:
    """Return the row of the table by signs that a page stands in; origins and carriers stand in none."""
    planted = one.planted
    if planted.role != "copy":
        return None
    if planted.kind == "absent":
        return "origin not stored, but named"
    return SIGNS[planted.signs]


@dataclass(frozen=True, slots=True)
class Order:
    """What dates can tell at best: pairs of copy and source, those whose dates have an order, and the true one."""

    pairs: int
    ordered: int
    right: int


def order_of_dates(outcomes: Sequence[Outcome]) -> Order:
    """Return what the stated dates tell where nothing else does, as they stand: no doubt of zones, none of the page."""
    stated = {one.planted.url: one.planted.stamp.stated for one in outcomes}
    pairs = ordered = right = 0
    for one in outcomes:
        if signs(one) != "dates alone" or one.planted.parent is None:
            continue
        ours, theirs = dates.when(one.planted.stamp.stated), dates.when(stated[one.planted.parent])
        if ours is None or theirs is None:
            continue
        pairs += 1
        later, earlier = theirs[1] <= ours[0] and theirs != ours, ours[1] <= theirs[0] and theirs != ours
        ordered += later or earlier
        right += later
    return Order(pairs, ordered, right)


def calibration(outcomes: Sequence[Outcome]) -> tuple[list[str], Figure]:
    """Return the reliability table of `direction` over all that was answered, and its expected calibration error.

    The interval is a bootstrap over stories.
    """
    told = [one for one in outcomes if one.result != "abstained" and one.answer.direction is not None]
    if not told:
        return [], Figure(None)
    scores = [one.answer.direction or 0.0 for one in told]
    found = measure(Pairs.of([one.result == "right" for one in told], scores, [one.planted.story for one in told]), {})
    lines = ["| direction | answers | mean | right |", "|---|---|---|---|"]
    lines += [
        f"| {part.low:.1f} to {part.high:.1f} | {part.pairs} | {part.score:.3f} | {shown(part.reuse)} |"
        for part in found.bins
        if part.pairs
    ]
    return lines, found.calibration_error


def against(outcomes: Sequence[Outcome], articles: Mapping[str, Article]) -> list[str]:
    """Return the table of the baselines: on the same copies, what each calls the origin of the story."""
    stored: dict[int, list[Article]] = {}
    for one in outcomes:
        if one.planted.url in articles:
            stored.setdefault(one.planted.story, []).append(articles[one.planted.url])
    lines = ["| right of all copies (of those answered) | " + " | ".join(("syndet", *BASELINES)) + " |"]
    lines.append("|---" * (2 + len(BASELINES)) + "|")
    told = {name: {story: rule(pages) for story, pages in stored.items()} for name, rule in BASELINES.items()}
    groups = by(outcomes, signs)
    for name, group in {**groups, "all": [one for own in groups.values() for one in own]}.items():
        cells = [_share([one.result for one in group])]
        for rule in BASELINES:
            results: list[Result] = []
            for one in group:
                found = told[rule].get(one.planted.story)
                right = found is not None and found.url == one.planted.origin
                results.append("abstained" if found is None else "right" if right else "wrong")
            cells.append(_share(results))
        lines.append(f"| {name} ({len(group)}) | {' | '.join(cells)} |")
    return lines


def _share(results: Sequence[Result]) -> str:
    right, told = results.count("right"), len(results) - results.count("abstained")
    return f"{right / max(1, len(results)):.3f} ({right / told if told else np.nan:.3f})"


def differ(one: Mapping[str, object], two: Mapping[str, object]) -> str | None:
    """Return the first address about which two runs say different things, with both, None where there is none."""
    for url in sorted(one):
        if one[url] != two.get(url):
            return f"{url}: {one[url]} / {two.get(url)}"
    return None
