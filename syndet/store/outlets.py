"""Table `outlets`: a user's own list of agencies and outlets."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from syndet.outlets import Listed, Roster, roster
from syndet.store import rows

_COLUMNS = "name, kind, codes, aliases, domains, owner"  # as Listed
_BETWEEN = "; "


class Outlets:
    """The list as a whole: it is read and replaced at once."""

    def __init__(self, connection: sqlite3.Connection):
        self._db = connection
        self._version: int | None = None
        self._roster: Roster | None = None

    def all(self) -> tuple[Listed, ...]:
        """Return the user's lines, in the order of the file."""
        found = self._db.execute(f"SELECT {_COLUMNS} FROM outlets ORDER BY id")
        return tuple(
            Listed(name, kind, _several(codes), _several(aliases), _several(domains), owner)
            for name, kind, codes, aliases, domains, owner in found
        )

    def roster(self) -> Roster:
        """Return the list to look names up in: the shipped one with the user's lines on top."""
        version = int(self._db.execute("PRAGMA data_version").fetchone()[0])
        # It changes with what others write; what is written here, `replace` knows.
        if self._roster is None or version != self._version:
            self._version, self._roster = version, roster(self.all())
        return self._roster

    def replace(self, entries: Iterable[Listed]) -> None:
        """Put these lines in the place of all that were there."""
        self._roster = None
        self._db.execute("DELETE FROM outlets")
        self._db.executemany(
            f"INSERT INTO outlets ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)",
            ([*map(rows.storable, _row(one))] for one in entries),
        )


def _row(one: Listed) -> tuple[str, ...]:
    return (one.name, one.kind, *map(_BETWEEN.join, (one.codes, one.aliases, one.domains)), one.owner)


def _several(cell: str) -> tuple[str, ...]:
    return tuple(cell.split(_BETWEEN)) if cell else ()
