"""Table `licences`: the register of who may repost whom."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import TYPE_CHECKING

from syndet import outlets
from syndet.outlets import Roster
from syndet.store import rows

if TYPE_CHECKING:
    from syndet.licences import Licence
    from syndet.permits import Register

_COLUMNS = "licensee, source, begins, ends, terms, line"  # as Licence


class Licences:
    """The register as a whole: it is read and replaced at once."""

    def __init__(self, connection: sqlite3.Connection):
        self._db = connection
        self._made: tuple[int, Roster | None, Register | None] | None = None

    def all(self) -> tuple[Licence, ...]:
        """Return every line, in the order of the file."""
        from syndet.licences import Licence

        return tuple(Licence(*row) for row in self._lines())

    def _lines(self) -> list[tuple[str, str, str, str, str, int]]:
        return self._db.execute(f"SELECT {_COLUMNS} FROM licences ORDER BY id").fetchall()

    def register(self) -> Register | None:
        """Return the register to judge by, with names as in the list in use; None where none is kept."""
        version = int(self._db.execute("PRAGMA data_version").fetchone()[0])
        # It changes with what others write; what is written here, `replace` knows.
        if self._made is None or self._made[0] != version or self._stale(self._made[1]):
            self._made = version, None, None
            if self._lines():
                # Here, not above: few stores have a register.
                from syndet.permits import Register

                self._made = version, outlets.in_use(), Register(self.all())
        return self._made[2]

    @staticmethod
    def _stale(names: Roster | None) -> bool:
        return names is not None and names is not outlets.in_use()

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
