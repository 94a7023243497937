"""When pages were published, and what they say of it: dates that are missing, coarse, in a wrong zone or untrue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from math import exp, log
from random import Random
from typing import Literal

Dated = Literal["right", "day", "zone", "backdated", "missing"]
# Of all pages; no page has two of these faults.
NOISE: dict[Dated, float] = {"missing": 0.15, "day": 0.30, "zone": 0.10, "backdated": 0.05}
ZONES_OFF = (-8, -6, -5, -3, -2, -1, 1, 2, 3, 5, 6, 8)  # hours
MOST_OFF = max(ZONES_OFF)
BACKDATED = (0.5, 72.0)  # hours before the origin
FIRST = datetime(2024, 1, 1, tzinfo=UTC)
# Hours from a page to its copy, log-normal: median and standard deviation of the logarithm. Reposts: 5 of 100 within
# two hours, 5 of 100 after a week. Subscribers print an agency's text within the hour.
# What dates can tell at best depends on this more than on anything else: docs/origin.md has the table.
REPOST = (18.0, 1.4)
WIRE = (0.6, 1.2)
RELEASE = (3.0, 1.2)
SHORTEST, LONGEST = 0.03, 168.0
# From the first publication to the crawl, hours: everything is out by then, so its order tells nothing.
CRAWLED = (LONGEST * 2 + 24, LONGEST * 2 + 24 + 240)


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a page says of its publication: `stated` in ISO 8601, None where it says nothing; `true` is when it was."""

    true: datetime
    stated: str | None
    dated: Dated


def start(chance: Random) -> datetime:
    """Return the time at which a story is first published."""
    return FIRST + timedelta(minutes=chance.randrange(365 * 24 * 60))


def later(time: datetime, lag: tuple[float, float], chance: Random) -> datetime:
    """Return a later time; `lag`: median hours and spread."""
    median, spread = lag
    hours = exp(chance.gauss(log(median), spread))
    return time + timedelta(minutes=round(60 * min(LONGEST, max(SHORTEST, hours))))


def crawled(first: datetime, chance: Random) -> str:
    """Return when a page of a story published at `first` was fetched: any time after all of them were out."""
    return (first + timedelta(hours=chance.uniform(*CRAWLED))).isoformat(timespec="seconds")


def stamp(time: datetime, origin: datetime, zone: int, chance: Random) -> Stamp:
    """Return what a page published at `time` says; one that is backdated claims a time before that of its `origin`."""
    drawn, dated = chance.random(), "right"
    for name, share in NOISE.items():
        if 0 <= drawn < share:
            dated = name
        drawn -= share
    if dated == "missing":
        return Stamp(time, None, "missing")
    local = time.astimezone(timezone(timedelta(hours=zone)))
    if dated == "day":
        return Stamp(time, local.date().isoformat(), "day")
    if dated == "zone":
        off = local + timedelta(hours=chance.choice(ZONES_OFF))
        return Stamp(time, _written(off, chance), "zone")
    if dated == "backdated":
        earlier = origin - timedelta(minutes=chance.randint(round(60 * BACKDATED[0]), round(60 * BACKDATED[1])))
        return Stamp(time, _written(earlier.astimezone(local.tzinfo), chance), "backdated")
    return Stamp(time, _written(local, chance), "right")


def undated(time: datetime) -> Stamp:
    """Return the stamp of a page that says nothing of its time."""
    return Stamp(time, None, "missing")


def _written(time: datetime, chance: Random) -> str:
    """Return `time` in one of the forms in which sites write it, all with a zone."""
    form = chance.randrange(3)
    if form == 0:
        return time.isoformat(timespec="seconds")
    if form == 1:
        return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return time.strftime("%Y-%m-%dT%H:%M:%S%z")
