"""Dates as pages and texts write them -> ISO 8601 text with the precision and zone that are known -> spans of hours."""

from __future__ import annotations

import re
from calendar import isleap, monthrange
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache

from syndet.models import Span

EARLIEST = "1995-01-01"  # no news page on the web is older

_ISO = re.compile(
    r"(?P<year>[12]\d{3})(?P<sep>[-/.]?)(?P<month>\d{1,2})(?P=sep)(?P<day>\d{1,2})"
    r"(?:(?:T|\s+|\s*-\s*)(?P<hour>\d{1,2}):?(?P<minute>\d\d)(?::?(?P<second>\d\d)(?:[.,]\d+)?)?"
    r"\s*(?P<zone>Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?)?",
    re.IGNORECASE,
)

# Names of months in the languages of most news, as they stand in a date.
_MONTHS = """
january jan januar janvier enero janeiro gennaio januari января stycznia leden ledna ocak січня
february feb februar février febrero fevereiro febbraio februari февраля lutego února şubat лютого
march mar märz mars marzo março maart марта marca března mart березня
april apr avril abril aprile апреля kwietnia dubna nisan квітня
may mai mayo maio maggio mei maj мая maja května mayıs травня
june jun juni juin junio junho giugno июня czerwca června haziran червня
july jul juli juillet julio julho luglio июля lipca července temmuz липня
august aug août agosto augustus augusti августа sierpnia srpna ağustos серпня
september sep sept septembre septiembre setembro settembre сентября września září eylül вересня
october oct oktober octobre octubre outubro ottobre октября października října ekim жовтня
november nov novembre noviembre novembro ноября listopada listopadu kasım листопада
december dec dezember décembre diciembre dezembro dicembre декабря grudnia prosince aralık грудня
"""
_MONTH = {name: number for number, line in enumerate(_MONTHS.split("\n")) for name in line.split()}
_YEAR = re.compile(r"(?<![\d.,])(?:19|20)\d\d(?!\d|[.,]\d)")
# What stands before the year, and after it: "March 5, ", "5. März ", "el 5 de marzo de "; "-03-05", "年3月5日".
_BEFORE_YEAR = re.compile(
    r"(?:(?P<month>[^\W\d_]{3,})\.? (?P<day>\d{1,2})(?:st|nd|rd|th)?,? "
    r"|(?<![\d.,:/])(?P<first>\d{1,2})(?:st|nd|rd|th|er|\.|º)? (?:de |of )?(?P<second>[^\W\d_]{3,})\.?,? (?:del? )?)$"
)
_AFTER_YEAR = re.compile(r"-(\d\d)-(\d\d)(?![\d-])|年(\d{1,2})月(\d{1,2})日")
_LONGEST = 32  # characters before a year


def written(text: str) -> Iterator[tuple[Span, str]]:
    """Yield where each full date of a running text stands, and its day as ISO 8601; digits alone only as 2024-03-05.

    >>> [day for _, day in written("On March 5, 2024, am 6. März 2024, el 7 de marzo de 2024, 2024年3月8日, in 2024")]
    ['2024-03-05', '2024-03-06', '2024-03-07', '2024-03-08']
    """
    for year in _YEAR.finditer(text):
        before = text[max(0, year.start() - _LONGEST) : year.start()].replace("\u00a0", " ")
        end = year.end()
        if (found := _BEFORE_YEAR.search(before)) is not None:
            month = _MONTH.get((found["month"] or found["second"]).lower(), 0)
            day = int(found["day"] or found["first"])
            begin = year.start() - len(before) + found.start()
        elif (digits := _AFTER_YEAR.match(text, end)) is not None:
            month, day = int(digits[1] or digits[3]), int(digits[2] or digits[4])
            begin, end = year.start(), digits.end()
        else:
            continue
        try:
            yield (begin, end), date(int(year[0]), month, day).isoformat()
        except ValueError:
            continue


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
    # Here, not above: it loads sockets, and only feeds and headers write dates like this.
    from email.utils import parsedate_to_datetime

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


_STORED = re.compile(
    r"(\d{4})(?:-(\d\d))?(?:-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?)?)?\s*(Z|[+-]\d\d:?\d\d)?$"
)


def when(published: str | None) -> tuple[float, float, bool] | None:
    """Return (earliest, latest, zone known) of an ISO 8601 time, in hours since 1970 UTC; None where unreadable.

    A time without a zone is read as UTC. A day is a day wide, a month 31 days, a year 366.

    >>> when("1970-01-02"), when("1970-01-01T01:30:00+01:00")
    ((24.0, 48.0, False), (0.5, 0.5, True))
    """
    match = _STORED.match(published.strip()) if published else None
    if match is None:
        return None
    year, month, day, hour, minute, second, zone = match.groups()
    try:
        begin = datetime(
            int(year), int(month or 1), int(day or 1), int(hour or 0), int(minute or 0), min(int(second or 0), 59),
            tzinfo=timezone(_offset(zone)),
        )  # fmt: skip
    except ValueError:
        return None
    hours = begin.timestamp() / 3600
    width = 0.0 if hour else 24.0 * (1 if day else 31 if month else 366)
    return hours, hours + width, bool(zone) and bool(hour)


@lru_cache(maxsize=10_000)
def clock(value: str | None) -> tuple[float, float, float | None] | None:
    """Return (begin, end, offset) of an ISO 8601 time as its own clock has it, None where it is none.

    `[begin, end)` in hours since 1970 on the clock that it was written by: a day, month or year is as long as it is, a
    time as wide as it is precise. `offset`: by how many hours that clock is ahead of UTC, None where that is not known.

    >>> clock("1970-02"), clock("1970-01-01T01:30+01:00")
    ((744.0, 1416.0, None), (1.5, 1.5166666666666666, 1.0))
    """
    match = _STORED.match(value.strip()) if value else None
    if match is None:
        return None
    year, month, day, hour, minute, second, zone = match.groups()
    try:
        first = datetime(
            int(year), int(month or 1), int(day or 1), int(hour or 0), int(minute or 0), min(int(second or 0), 59),
            tzinfo=UTC,
        )  # fmt: skip
        offset = _offset(zone).total_seconds() / 3600 if zone else None
    except ValueError:
        return None
    days = 1 if day else monthrange(first.year, first.month)[1] if month else 365 + isleap(first.year)
    width = (1 / 3600 if second else 1 / 60) if hour else 24.0 * days
    begin = first.timestamp() / 3600
    return begin, begin + width, offset


def _offset(zone: str | None) -> timedelta:
    if not zone or zone == "Z":
        return timedelta()
    digits = zone[1:].replace(":", "")
    return timedelta(hours=int(digits[:2]), minutes=int(digits[2:])) * (-1 if zone[0] == "-" else 1)
