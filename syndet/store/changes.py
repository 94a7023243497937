"""Tables `changes` and `state`: what changed last when, and which state the store is in."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Literal

What = Literal["links", "origin", "cluster"]
# Where a reader of changes stands: after this version, kind and id.
Place = tuple[int, str, int]

_MARK = (
    "INSERT INTO changes (what, about, version) {} ON CONFLICT (what, about) DO UPDATE SET version = excluded.version"
    " WHERE version != excluded.version"
)
_NOW = "(SELECT version FROM state WHERE id = 1)"
# Whom a change of where an article comes from concerns: all that go back to it, step by step.
_DOWN = (
    "WITH RECURSIVE down (article) AS (SELECT ? UNION SELECT clusters.article FROM clusters"
    " JOIN down ON clusters.source = down.article)"
)


class Changes:
    """A row for each article whose links or origin, and each cluster whose members changed.

    Written in the transaction of the change, under the number that this has among all (`state`): whoever has seen
    the changes up to a number has missed none.
    """

    def __init__(self, connection: sqlite3.Connection):
        self._db = connection

    def state(self) -> tuple[str, int]:
        """Return the name of this store, and how many transactions have written to it."""
        row = self._db.execute("SELECT name, version FROM state WHERE id = 1").fetchone()
        return row[0], row[1]

    def since(self, place: Place, limit: int) -> list[tuple[What, int, int]]:
        """Return (what, id, version) of what changed after `place`, the earliest first, at most `limit`."""
        sql = (
            "SELECT what, about, version FROM changes WHERE version >= ?1 AND (version, what, about) > (?1, ?2, ?3)"
            " ORDER BY version, what, about LIMIT ?4"
        )
        return [(row[0], row[1], row[2]) for row in self._db.execute(sql, [*place, limit])]

    # -- writing -----------------------------------------------------------------------------------------------------

    def next(self) -> None:
        """Count one more transaction; the caller has just begun it."""
        self._db.execute("UPDATE state SET version = version + 1 WHERE id = 1")

    def mark(self, what: What, ids: Iterable[int]) -> None:
        """Write down that articles or, of "cluster", clusters changed."""
        self._db.executemany(_MARK.format(f"VALUES (?, ?, {_NOW})"), ((what, number) for number in ids))

    def mark_origins(self, articles: Iterable[int]) -> None:
        """Write down that articles, and all that go back to them, have another origin."""
        sql = _MARK.format(f"{_DOWN} SELECT 'origin', article, {_NOW} FROM down WHERE true")
        self._db.executemany(sql, ((number,) for number in articles))

    def mark_all_links(self) -> None:
        """Write down that every link changed."""
        ends = "SELECT repost AS article FROM links UNION SELECT origin FROM links"
        self._db.execute(_MARK.format(f"SELECT 'links', article, {_NOW} FROM ({ends}) WHERE true"))
