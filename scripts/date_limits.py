"""What dates can tell at best, on stories drawn as syndet.simulate.clock draws them.

For scripts/evaluate_origin --limits.
Two readers: the plain one orders two pages where their dates have an order. The ideal one knows how often dates are
missing, coarse, off or untrue and how long copies take, and weighs every dated page of a story as its origin.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from random import Random

import numpy as np
from numpy.typing import NDArray

from syndet import dates
from syndet.intervals import Figure, wilson
from syndet.simulate import clock
from syndet.simulate.syndication import Planted

Numbers = NDArray[np.float64]
Span = tuple[float, float, bool]
STORIES = 600
MEDIANS = (8.0, 18.0, 36.0)  # hours from a page to its copy
STEP = 0.1  # hours; the times at which a story may have begun


def report() -> None:
    """Print both readers for some medians, for stories of one copy and of one to four."""
    print("| copies | median hours | dated pairs | with an order | right | ideal: right of the surest 0.8 | of all |")
    print("|---|---|---|---|---|---|---|")
    for most in (1, 4):
        for median in MEDIANS:
            pairs, ordered, right, ranked = _drawn(most, (median, clock.REPOST[1]))
            ranked.sort(key=lambda item: -item[0])
            surest = ranked[: round(0.8 * len(ranked))]
            cells = (ordered / pairs, right / ordered, _share(surest), _share(ranked))
            figures = " | ".join(f"{cell:.3f}" for cell in cells)
            print(f"| {'1' if most == 1 else f'1 to {most}'} | {median:g} | {pairs} | {figures} |")


def ideal(planted: Iterable[Planted], share: float) -> Figure:
    """Return how often the ideal reader, who sees nothing but dates, names the root of planted stories right.

    Of the copies with two dates and no credit he answers that `share` of which he is surest.
    """
    stories: dict[int, list[Planted]] = {}
    for one in planted:
        stories.setdefault(one.story, []).append(one)
    ranked: list[tuple[float, bool]] = []
    for pages in stories.values():
        asked = [one for one in pages if one.role == "copy" and one.origin and one.signs == "date"]
        dated = [(span, one) for one in pages if (span := dates.when(one.stamp.stated)) is not None]
        if asked:
            weights = _posterior([span for span, _ in dated], clock.REPOST)
            best = int(weights.argmax())
            ranked += [(float(weights[best]), dated[best][1].url == one.origin) for one in asked]
    ranked.sort(key=lambda item: -item[0])
    surest = ranked[: round(share * len(ranked))]
    return wilson(sum(right for _, right in surest), len(surest))


def _share(ranked: Sequence[tuple[float, bool]]) -> float:
    return sum(right for _, right in ranked) / max(1, len(ranked))


def _drawn(most: int, lag: tuple[float, float]) -> tuple[int, int, int, list[tuple[float, bool]]]:
    """Return pairs, those with an order, right ones, and for each copy how sure the ideal reader is, and if rightly."""
    chance = Random(f"limits {most} {lag}")
    pairs = ordered = right = 0
    ranked: list[tuple[float, bool]] = []
    for _ in range(STORIES):
        time = clock.start(chance)
        times = [time, *(clock.later(time, lag, chance) for _ in range(chance.randint(1, most)))]
        spans = [dates.when(clock.stamp(one, time, 0, chance).stated) for one in times]
        first, *copies = spans
        dated = [span for span in copies if span is not None]
        if first is None or not dated:
            continue
        pairs += len(dated)
        later = sum(first[1] <= span[0] and first != span for span in dated)
        ordered += later + sum(span[1] <= first[0] and first != span for span in dated)
        right += later
        weights = _posterior([first, *dated], lag)
        best = int(weights.argmax())
        ranked += [(float(weights[best]), best == 0)] * len(dated)
    return pairs, ordered, right, ranked


def _posterior(spans: Sequence[Span], lag: tuple[float, float]) -> Numbers:
    """Return for each page the probability that it is the origin of the others."""
    begins = np.arange(min(span[0] for span in spans) - 80, max(span[1] for span in spans) + clock.MOST_OFF, STEP)
    found = np.empty(len(spans))
    for at in range(len(spans)):
        likely = np.ones_like(begins)
        for number, span in enumerate(spans):
            likely = likely * _likelihood(span, begins, None if number == at else lag)
        found[at] = likely.sum()
    return found / found.sum() if found.sum() else found


def _likelihood(span: Span, begins: Numbers, lag: tuple[float, float] | None) -> Numbers:
    """Return how likely a page states `span` where the story begins at `begins`; lag None: it is the origin."""
    begin, end, _ = span
    if end > begin:
        inside = (begins >= begin) & (begins < end) if lag is None else _until(end - begins, lag) - _until(
            begin - begins, lag)  # fmt: skip
        return clock.NOISE["day"] * np.asarray(inside, np.float64)

    def stated(at: float) -> Numbers:
        if lag is None:
            return (np.abs(begins - at) <= STEP / 2) / STEP
        return _density(at - begins, lag)

    earlier = begins - begin
    least, most = clock.BACKDATED
    untrue = ((earlier >= least) & (earlier <= most)) / (most - least)
    off = np.mean([stated(begin - hours) for hours in clock.ZONES_OFF], axis=0)
    true = 1 - sum(clock.NOISE.values())
    return np.asarray(true * stated(begin) + clock.NOISE["zone"] * off + clock.NOISE["backdated"] * untrue)


def _density(hours: Numbers, lag: tuple[float, float]) -> Numbers:
    """Return the log-normal density of a lag."""
    median, spread = lag
    inside = (hours > clock.SHORTEST) & (hours < clock.LONGEST)
    logs = np.log(np.where(inside, hours, 1.0))
    scale = np.exp(logs) * spread * math.sqrt(2 * math.pi)
    found = np.exp(-((logs - math.log(median)) ** 2) / (2 * spread**2)) / scale
    return np.asarray(np.where(inside, found, 0.0))


def _until(hours: Numbers, lag: tuple[float, float]) -> Numbers:
    """Return the log-normal distribution function of a lag."""
    median, spread = lag
    scaled = (np.log(np.maximum(hours, 1e-9)) - math.log(median)) / (spread * math.sqrt(2))
    return np.array([0.5 * (1 + math.erf(value)) for value in scaled])
