"""The register of licences, a file of who may repost whom, and whom its cells mean; `permits` judges by it."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product

from syndet import dates, names, outlets, urls
from syndet.errors import UsageError
from syndet.models import Article, Origin
from syndet.origin import squeezed

COLUMNS = ("licensee", "source", "from", "to", "terms")
# What else the header may call a column.
_ALSO = {
    "licensee site": "licensee", "site": "licensee", "licensor": "source", "begins": "from", "start": "from",
    "ends": "to", "end": "to", "until": "to",
}  # fmt: skip
ANYBODY, NOBODY = "*", "-"
_OWNER = re.compile(r"(?:owner|group)\s*:\s*", re.IGNORECASE)
_DATE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?P<zone>Z|[+-]\d\d:?\d\d)?)?)?)?$")


@dataclass(frozen=True, slots=True)
class Licence:
    """One line of the register, as written: `licensee` may carry text of `source` in that time, ends included.

    Either is a site, a listed name or `owner:NAME`; a licensee also `*`, anybody, or `-`, nobody (the line then only
    says that the register is about the source); a source also a name that is on no list. `begins` and `ends` are ISO
    8601, a day, month or year, or a time with its zone; empty: open.
    """

    licensee: str
    source: str
    begins: str = ""
    ends: str = ""
    terms: str = ""
    line: int = 0  # in the file

    def window(self, clock: float) -> tuple[float, float]:
        """Return when it holds, [begin, end) in hours since 1970 UTC, its days read on a clock so far ahead of UTC."""
        begin, end = (dates.clock(value) for value in (self.begins, self.ends))
        return (
            begin[0] - (clock if begin[2] is None else begin[2]) if begin else -math.inf,
            end[1] - (clock if end[2] is None else end[2]) if end else math.inf,
        )


# -- files -----------------------------------------------------------------------------------------------------------


def read(text: str) -> tuple[tuple[Licence, ...], list[str]]:
    """Return the lines of a register, and one sentence about each that cannot be used.

    The first line names the columns, of COLUMNS, in any order; others are passed over. Cells are separated by commas,
    or by tabs or semicolons where the first line has these. Where commas or tabs separate cells, several licensees or
    sources of a cell are separated by `;`. Empty lines and those that begin with `#` don't count. Names are those of
    the list in use. Raises UsageError where a column is missing: a register without `to` would have no end.

    >>> read("licensee,source,from,to\\nlake.example,Hill Herald,2024-01-01,")[0]
    (Licence(licensee='lake.example', source='Hill Herald', begins='2024-01-01', ends='', terms='', line=2),)
    """
    lines = text.removeprefix("\ufeff").splitlines(keepends=True)
    first = next((n for n, line in enumerate(lines) if _counts(line)), len(lines))
    header, separator = _header(lines[first] if first < len(lines) else "", first + 1)
    found: list[Licence] = []
    problems: list[str] = []
    at = first + 1
    while at < len(lines):
        number, cells = at + 1, None
        if _counts(lines[at]):
            rows = csv.reader((lines[n] for n in range(number - 1, len(lines))), delimiter=separator, strict=True)
            try:
                cells = [" ".join(cell.split()) for cell in next(rows)]
                at += rows.line_num - 1
            except csv.Error:
                problems.append(
                    f"Line {number} of the register has a quotation mark too many, or one that is not closed."
                )
        at += 1
        if cells is None:
            continue
        made = _licences(header, cells, number, separator)
        if isinstance(made, str):
            problems.append(f"Line {number} of the register {made}.")
        else:
            found += made
    return tuple(found), problems


def _counts(line: str) -> bool:
    return bool(line.strip()) and not line.startswith("#")


def _header(line: str, number: int) -> tuple[list[str], str]:
    """Return the names of the columns, and what separates cells."""
    separator = "\t" if "\t" in line else ";" if ";" in line and "," not in line else ","
    cells = [" ".join(cell.lower().split()) for cell in next(csv.reader([line.strip("\r\n")], delimiter=separator), [])]
    header = [_ALSO.get(cell, cell) for cell in cells]
    missing = [name for name in COLUMNS[:4] if header.count(name) != 1]
    if missing:
        raise UsageError(
            f"Line {number} of the register has no column {', '.join(f'`{name}`' for name in missing)}, or two; the "
            f"first line names the columns: {', '.join(COLUMNS)}."
        )
    return header, separator


def _licences(header: Sequence[str], cells: Sequence[str], number: int, separator: str) -> list[Licence] | str:
    """Return the licences of a row, one for each licensee and source, or what is wrong with it."""
    if len(cells) > len(header):
        return f"has {len(cells)} cells for {len(header)} columns; quote a cell that holds a comma"
    row = dict(zip(header, cells, strict=False))
    # An end that was forgotten is not an open one.
    if any(name not in row for name in COLUMNS[:4]):
        return f"has {len(cells)} cells for {len(header)} columns; a licence without an end has an empty cell there"
    parts = [_several(row[name], separator) for name in ("licensee", "source")]
    if wrong := _fault(*parts):
        return wrong
    begins, ends = row["from"], row["to"]
    for value in filter(None, (begins, ends)):
        match = _DATE.match(value)
        if match is None or dates.clock(value) is None:
            return f"has {value!r} as a date; write it like 2024-12-31"
        if ":" in value and not match["zone"]:
            return f"has a time without a zone, {value!r}; write it like 2024-12-31T18:00+01:00"
    licences = [Licence(who, of, begins, ends, row.get("terms", ""), number) for who, of in product(*parts)]
    begin, end = licences[0].window(0.0)
    return "ends before it begins" if end <= begin else licences


def _several(cell: str, separator: str) -> list[str]:
    parts = [cell] if separator == ";" else cell.split(";")
    return [part for part in map(str.strip, parts) if part]


def _fault(licensees: Sequence[str], sources: Sequence[str]) -> str | None:
    """Return what is wrong with who is named, None where all can be told."""
    for what, cells in (("licensee", licensees), ("source", sources)):
        if not cells:
            return f"names no {what}"
        for cell in cells:
            if what == "licensee" and cell in (ANYBODY, NOBODY):
                continue
            party = party_of(cell)
            if party is None:
                return f"has {cell!r} as {what}; write a site like example.com or sport.example.com, or a name"
            if what == "licensee" and not party.host and not party.listed:
                return f"has a licensee, {cell!r}, that is neither a site nor on the list of outlets (`syndet outlets`)"
            if _OWNER.match(cell) and not party.listed:
                return f"names an owner, {cell!r}, that nobody on the list of outlets has"
    return None


def write(register: Iterable[Licence]) -> str:
    """Return a register as `read` takes it, separated by commas; a cell that held several has a line for each."""
    made = io.StringIO()
    rows = csv.writer(made, lineterminator="\n")
    rows.writerow(COLUMNS)
    rows.writerows((one.licensee, one.source, one.begins, one.ends, one.terms) for one in register)
    return made.getvalue().rstrip("\n")


# -- who is who ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Party:
    """Whom a cell means: a host and those below it, or sites (registrable domains) and names, squeezed."""

    host: str = ""
    sites: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    listed: bool = False

    def found_by(self) -> set[str]:
        """Return by what those whom this may cover are found."""
        own = _of_site(urls.site(self.host)) if self.host else set()
        return {*own, *(f"@{site}" for site in self.sites), *self.names}

    def covers(self, who: Who) -> bool | None:
        """Return whether it is `who` that is meant, None where that cannot be told."""
        if self.host:
            if who.host is not None:
                return _within(who.host, self.host)
            if self.host in who.sites or (not who.sites and bool(who.names & _of_site(self.host))):
                return True
            # The name of a whole outlet, and a licence for a part of it.
            return None if urls.site(self.host) in who.sites else False
        named = bool(self.names & who.names)
        if who.site is None or not self.sites:
            return named or bool(self.sites & who.sites)
        # A page of another site that goes by a listed name may be that outlet's, or call itself so.
        return True if who.site in self.sites else None if named else False


@dataclass(frozen=True, slots=True)
class Who:
    """One side of a repost, as far as it is known. `sites`: those of the listed outlet of its name."""

    host: str | None
    site: str | None
    sites: frozenset[str]
    names: frozenset[str]

    @classmethod
    def of(cls, one: Article | Origin) -> Who:
        """Return what is known of a page, or of an origin."""
        listed = names.lookup(one.outlet) if one.outlet else None
        called = {squeezed(listed.name if listed else one.outlet)} if one.outlet else set()
        host = urls.host(one.url) if one.url else None
        site = urls.site(one.url) if one.url else None
        own = {squeezed(site.split(".")[0])} if site else set()
        sites = frozenset(listed.domains) if listed is not None and site is None else frozenset()
        return cls(host, site, sites, frozenset(filter(None, (*called, *own))))

    def found_by(self) -> set[str]:
        """Return by what lines that may be about this side are found."""
        return {*_of_site(self.site), *(f"@{site}" for site in self.sites), *self.names}


def _of_site(site: str | None) -> set[str]:
    """Return the keys of a site: itself, and the name that its first label makes ("harbour-courier.example")."""
    return {f"@{site}", squeezed(site.split(".")[0])} if site else set()


def _within(host: str, of: str) -> bool:
    """Return whether a host is another one or below it, on the same site: nobody has a licence for all of co.uk."""
    return host == of or (host.endswith(f".{of}") and urls.site(host) == urls.site(of))


def party_of(cell: str) -> Party | None:
    """Return whom a cell means, as listed in the list in use; None where it is neither a site nor a name."""
    if owner := _OWNER.match(cell):
        return _group(cell[owner.end() :])
    if "://" in cell or ("." in cell and " " not in cell and "/" not in cell):
        bare = cell.partition("://")[2].removesuffix("/") if "://" in cell else cell
        host = urls.host(bare) if not re.search(r"[/?#@:*]", bare) else None
        if host is not None and "." in host and not host.replace(".", "").isdigit():
            return Party(host=host, listed=True)
        return None
    if "/" in cell or "*" in cell or not squeezed(cell):
        return None
    who = names.lookup(cell)
    if who is not None:
        return Party(sites=frozenset(who.domains), names=frozenset((squeezed(who.name),)), listed=True)
    group = _group(cell)
    return group if group.listed else Party(names=frozenset((squeezed(cell),)))


def _group(owner: str) -> Party:
    """Return all outlets of an owner."""
    roster, plain = outlets.in_use(), outlets.plain(owner)
    members = {one.name: one for one in roster.domains.values() if one.owner and outlets.plain(one.owner) == plain}
    sites = (site for one in members.values() for site in one.domains)
    return Party(sites=frozenset(sites), names=frozenset(map(squeezed, members)), listed=bool(members))
