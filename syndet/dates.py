"""Dates as pages write them -> ISO 8601 text with the precision and zone that are known."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from email.utils import parsedate_to_datetime

EARLIEST = "1995-01-01"  # no news page on the web is older

_ISO = re.compile(
    r"(?P<year>[12]\d{3})(?P<sep>[-/.]?)(?P<month>\d{1,2})(?P=sep)(?P<day>\d{1,2})"
    r"(?:(?:T|\s+|\s*-\s*)(?P<hour>\d{1,2}):?(?P<minute>\d\d)(?::?(?P<second>\d\d)(?:[.,]\d+)?)?"
    r"\s*(?P<zone>Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?)?",
    re.IGNORECASE,
)


def iso(value: str) -> str | None:
    """Return `value` as ISO 8601, None where it is no full date.

    Fractions of a second are dropped; so is a midnight without a zone, which is how templates write an unknown time.
    Read are ISO 8601 and its common variants, and the RFC 2822 form of feeds; day-month orders that differ between
    countries are not guessed at.

    >>> iso("2024-03-05T09:30:00.12Z"), iso("2024/3/5 09:30 +0100"), iso("20240305"), iso("05/03/2024")
    ('2024-03-05T09:30:00+00:00', '2024-03-05T09:30:00+01:00', '2024-03-05', None)
    """
    value = value.strip()
    match = _ISO.match(value)
    if match is None:
        return _mail_date(value)
    try:
        day = date(int(match["year"]), int(match["month"]), int(match["day"]))
        if match["hour"] is None:
            # More digits make it another kind of number.
            return None if value[match.end() : match.end() + 1].isdigit() else day.isoformat()
        time = datetime(
            day.year, day.month, day.day, int(match["hour"]), int(match["minute"]), int(match["second"] or 0)
        )
    except ValueError:
        return None
    zone = _zone(match["zone"])
    if not zone and (time.hour, time.minute, time.second) == (0, 0, 0):
        return day.isoformat()
    return time.isoformat() + zone


def _zone(zone: str | None) -> str:
    if not zone:
        return ""
    if zone.upper() in ("Z", "UTC", "GMT"):
        return "+00:00"
    digits = zone[1:].replace(":", "").ljust(4, "0")
    return f"{zone[0]}{digits[:2]}:{digits[2:]}" if digits[:2] <= "14" and digits[2:] < "60" else ""


def _mail_date(value: str) -> str | None:
    """Return "Tue, 05 Mar 2024 09:30:00 +0100" as ISO 8601."""
    if not re.search(r"\d{1,2} [A-Z][a-z]{2} \d{4} \d", value):
        return None
    try:
        return parsedate_to_datetime(value).isoformat(timespec="seconds")
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def plausible(value: str, fetched: str | None) -> bool:
    """Say whether an ISO date can be the publication of a page fetched at `fetched` (ISO 8601, None if unknown)."""
    return value >= EARLIEST and (fetched is None or value[:10] <= day_after(fetched))


def day_after(time: str) -> str:
    """Return the day after the one in `time`, ISO 8601: what is today elsewhere on the globe may be tomorrow there.

    >>> day_after("2024-02-28T23:00:00+00:00")
    '2024-02-29'
    """
    try:
        return (date.fromisoformat(time[:10]) + timedelta(days=1)).isoformat()
    except (ValueError, OverflowError):
        return "2099-12-31"
