"""Table `licences`: the register of who may repost whom."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from syndet import outlets
from syndet.licences import Licence
from syndet.outlets import Roster
from syndet.permits import Register
from syndet.store import rows

_COLUMNS = "licensee, source, begins, ends, terms, line"  # as Licence


class Licences:
    """The register as a whole: it is read and replaced at once."""

    def __init__(self, connection: sqlite3.Connection):
        self._db = connection
        self._made: tuple[int, Roster, Register | None] | None = None

    def all(self) -> tuple[Licence, ...]:
        """Return every line, in the order of the file."""
        return tuple(Licence(*row) for row in self._db.execute(f"SELECT {_COLUMNS} FROM licences ORDER BY id"))

    def register(self) -> Register | None:
        """Return the register to judge by, with names as in the list in use; None where none is kept."""
        version = int(self._db.execute("PRAGMA data_version").fetchone()[0])
        # It changes with what others write; what is written here, `replace` knows.
        if self._made is None or self._made[0] != version or self._made[1] is not outlets.in_use():
            licences = self.all()
            self._made = version, outlets.in_use(), Register(licences) if licences else None
        return self._made[2]

    def replace(self, licences: Iterable[Licence]) -> None:
        """Put these lines in the place of all that were there."""
        self._made = None
        self._db.execute("DELETE FROM licences")
        self._db.executemany(
            f"INSERT INTO licences ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)",
            (
                [*map(rows.storable, (one.licensee, one.source, one.begins, one.ends, one.terms)), one.line]
                for one in licences
            ),
        )
