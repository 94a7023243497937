"""Who is who: the list of agencies, wires and outlets, as shipped and with a user's own lines on top.

Whom a name means is asked from the reading of a page to the answer about it, in thirty places. So the list is in use
for a stretch of work (`using`) instead of being handed through all of them; a store's own is in use whenever it is read
or written (`Corpus`). Elsewhere the shipped list is.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache, partial
from pkgutil import get_data
from typing import Literal, get_args

from syndet import urls
from syndet.errors import UsageError

Kind = Literal["agency", "release", "outlet", "photo", "data"]
COLUMNS = ("name", "kind", "codes", "aliases", "domains", "owner")
# What else the header may call a column.
_ALSO = {"site": "domains", "sites": "domains", "domain": "domains"}
# A longer name is not looked up, since nobody is called that.
LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the list. "photo" and "data" are credited on pages, but never wrote the text."""

    name: str
    kind: Kind = "outlet"
    codes: tuple[str, ...] = ()  # marks that only count in this very case: "AP", "dpa"
    aliases: tuple[str, ...] = ()  # in any case
    domains: tuple[str, ...] = ()  # registrable
    owner: str = ""  # the group that it belongs to; empty where none is known


class Roster:
    """A list, indexed: who has a code, an alias or a site. Of two that claim the same, the first has it.

    It is put together when it is first asked: it is in use with every answer, and few of them look up a name.
    """

    def __init__(self, entries: Callable[[], Iterable[Listed]]):
        self._entries = entries

    @cached_property
    def _index(self) -> tuple[dict[str, Listed], dict[str, Listed], dict[str, Listed]]:
        codes: dict[str, Listed] = {}
        aliases: dict[str, Listed] = {}
        domains: dict[str, Listed] = {}
        for one in self._entries():
            for code in one.codes:
                codes.setdefault(code, one)
            for alias in (one.name, *one.aliases):
                (codes if _is_code(alias) else aliases).setdefault(_form(alias), one)
            for domain in one.domains:
                domains.setdefault(domain, one)
        return codes, aliases, domains

    @cached_property
    def codes(self) -> dict[str, Listed]:
        """Who goes by a mark, in this very case."""
        return self._index[0]

    @cached_property
    def aliases(self) -> dict[str, Listed]:
        """Who goes by a name, as `plain` makes it."""
        return self._index[1]

    @cached_property
    def domains(self) -> dict[str, Listed]:
        """Whose a site (registrable domain) is."""
        return self._index[2]

    def sisters(self, one: str | None, other: str | None) -> bool:
        """Return whether two sites (registrable domains) are one outlet's, or belong to one owner."""
        a, b = self.domains.get(one or ""), self.domains.get(other or "")
        if a is None or b is None or one == other:
            return False
        return a is b or bool(a.owner and plain(a.owner) == plain(b.owner))


def _is_code(alias: str) -> bool:
    """Return whether a name is short and upper-case: "Anka" the person is not ANKA the agency."""
    return len(alias) <= 4 and alias.isupper()


def _form(alias: str) -> str:
    return alias if _is_code(alias) else plain(alias)


def plain(name: str) -> str:
    """Return a name without case and the marks around it."""
    return " ".join(name.strip(" \t\r\n\xa0\u3000.,:;*\"“”„«»'’()[]©").split()).casefold()


# -- the list in use -------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def shipped() -> tuple[Listed, ...]:
    """Return every line of `data/agencies.tsv`, in its order, as `read` does that takes nothing for granted."""
    text = (get_data("syndet", "data/agencies.tsv") or b"").decode()
    rows = [line.split("\t") for line in text.splitlines() if not line.startswith("#")]
    header = rows.pop(0)
    return tuple(map(_trusted, (dict(zip(header, row, strict=False)) for row in rows)))


def _trusted(row: dict[str, str]) -> Listed:
    codes, aliases, domains = (_several(row[name]) for name in ("codes", "aliases", "domains"))
    return Listed(row["name"], row["kind"], codes, aliases, domains, row.get("owner", ""))  # type: ignore[arg-type]


@lru_cache(maxsize=4)
def roster(own: tuple[Listed, ...] = ()) -> Roster:
    """Return the shipped list with a user's own lines on top: a line about somebody who is listed adds to that.

    >>> one = roster((Listed("The Times of New York", aliases=("Gray Lady",), domains=("nytimes.com",)),))
    >>> one.aliases["gray lady"] is one.codes["NYT"], one.codes["NYT"].name
    (True, 'The Times of New York')
    """
    return Roster(partial(_merged, own))


def _merged(own: tuple[Listed, ...]) -> list[Listed]:
    if not own:
        return list(shipped())
    merged: dict[int, Listed] = dict(enumerate(shipped()))
    place: dict[str, int] = {}
    for number, one in merged.items():
        for key in _keys(one):
            place.setdefault(key, number)
    first: dict[int, None] = {}  # the user's, in the order of the file; they go before the others
    for one in own:
        number = next((place[key] for key in _keys(one) if key in place), len(merged))
        merged[number] = _joined(one, merged[number]) if number in merged else one
        first[number] = None
        place |= dict.fromkeys(_keys(one), number)
    return [*(merged[n] for n in first), *(one for n, one in merged.items() if n not in first)]


def _keys(one: Listed) -> list[str]:
    """Return by what two lines are known to be about one: a site, else the name."""
    return [*(f"@{domain}" for domain in one.domains), plain(one.name)]


def _joined(new: Listed, old: Listed) -> Listed:
    return replace(
        new,
        codes=tuple(dict.fromkeys((*new.codes, *old.codes))),
        aliases=tuple(dict.fromkeys((*new.aliases, *old.aliases, old.name))),
        domains=tuple(dict.fromkeys((*new.domains, *old.domains))),
        owner=new.owner or old.owner,
    )


_IN_USE: ContextVar[Roster | None] = ContextVar("roster", default=None)


def in_use() -> Roster:
    """Return the list that names are looked up in here and now."""
    return _IN_USE.get() or roster()


@contextmanager
def using(one: Roster) -> Iterator[None]:
    """Look names up in this list, in this thread, as long as the block runs."""
    token = _IN_USE.set(one)
    try:
        yield
    finally:
        _IN_USE.reset(token)


def use(one: Roster) -> None:
    """Look names up in this list, in this thread, from now on."""
    _IN_USE.set(one)


# -- files -----------------------------------------------------------------------------------------------------------


def read(text: str) -> tuple[tuple[Listed, ...], list[str]]:
    """Return the lines of a list, and one sentence about each that cannot be used.

    The first line names the columns, of COLUMNS, in any order; others are passed over. Cells are separated by tabs, or
    by commas where the first line has no tab; several values of a cell by `;`. Empty lines and those that begin with
    `#` don't count. Raises UsageError where the first line has no `name`.

    >>> read("site,name,owner\\nlake.example,Lake Post,Lake Group\\nlake,Lake Post,")[0]
    (Listed(name='Lake Post', kind='outlet', codes=(), aliases=(), domains=('lake.example',), owner='Lake Group'),)
    """
    rows = [
        (number, line)
        for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), 1)
        if line.strip() and not line.startswith("#")
    ]
    if not rows:
        raise UsageError(f"The list of outlets is empty; its first line names the columns: {', '.join(COLUMNS)}.")
    tabs = "\t" in rows[0][1]
    header = [_ALSO.get(cell, cell) for cell in map(str.lower, _cells(rows[0][1], tabs))]
    if "name" not in header:
        raise UsageError(
            f"Line {rows[0][0]} of the list of outlets has no column `name`; it names the columns, of "
            f"{', '.join(COLUMNS)}, separated by tabs or commas."
        )
    found: list[Listed] = []
    problems: list[str] = []
    claimed: dict[str, tuple[int, str]] = {}
    for number, line in rows[1:]:
        cells = _cells(line, tabs)
        one = _listed(dict(zip(header, cells, strict=False))) if len(cells) <= len(header) else None
        if not isinstance(one, Listed):
            wrong = one or f"has {len(cells)} cells for {len(header)} columns; quote a cell that holds a comma"
            problems.append(f"Line {number} of the list of outlets {wrong}.")
            continue
        taken = next((claimed[key] for key in _marks(one) if key in claimed and claimed[key][1] != one.name), None)
        if taken is not None:
            problems.append(
                f"Line {number} of the list of outlets claims a site, code or alias that line {taken[0]} ({taken[1]}) "
                "has already; leave it to one of them."
            )
            continue
        claimed |= dict.fromkeys(_marks(one), (number, one.name))
        found.append(one)
    return tuple(found), problems


def _cells(line: str, tabs: bool) -> list[str]:
    cells = line.split("\t") if tabs else next(csv.reader([line]), [])
    return [cell.strip() for cell in cells]


def _marks(one: Listed) -> list[str]:
    """Return by what a line is found, and no other of the same file may be."""
    return [*(f"@{domain}" for domain in one.domains), *one.codes, *map(_form, (one.name, *one.aliases))]


def _listed(row: dict[str, str]) -> Listed | str:
    """Return the record of a row, or what is wrong with it."""
    name, kind = row["name"], row.get("kind", "").lower() or "outlet"
    if not 1 < len(name) <= LONGEST_NAME:
        return f"has no name of 2 to {LONGEST_NAME} characters; write in `name` what pages call the outlet"
    if kind not in get_args(Kind):
        return f"has the kind {kind!r}; it is one of {', '.join(get_args(Kind))}, or empty for outlet"
    domains = []
    for cell in _several(row.get("domains", "")):
        site = urls.site(cell if "://" in cell else f"https://{cell}")
        if site is None or "." not in site or " " in cell:
            return f"has {cell!r} as a site; write it like example.com"
        domains.append(site)
    codes, aliases = _several(row.get("codes", "")), _several(row.get("aliases", ""))
    owner = row.get("owner", "")
    return Listed(name, kind, codes, aliases, tuple(dict.fromkeys(domains)), owner)  # type: ignore[arg-type]


def _several(cell: str) -> tuple[str, ...]:
    return tuple(part for part in map(str.strip, cell.split(";")) if part)


def write(entries: Sequence[Listed]) -> str:
    """Return a list as `read` takes it, separated by commas."""
    made = io.StringIO()
    rows = csv.writer(made, lineterminator="\n")
    rows.writerow(COLUMNS)
    for one in entries:
        rows.writerow((one.name, one.kind, *map("; ".join, (one.codes, one.aliases, one.domains)), one.owner))
    return made.getvalue().rstrip("\n")
