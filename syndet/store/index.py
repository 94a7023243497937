"""Tables `recipe`, `fingerprints`, `bands` and `pairs`: the inverted index of what was derived from bodies."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from syndet.models import Fingerprint
from syndet.store.changes import Changes
from syndet.store.faults import Damaged

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Index:
    """Keys -> articles. An article with a row in `fingerprints` is linked; its keys are here for the next one."""

    def __init__(self, connection: sqlite3.Connection):
        self._db = connection

    def recipe(self) -> tuple[str, str] | None:
        """Return (name, golden digest) of the recipe the index was made with, None while it is empty."""
        row = self._db.execute("SELECT name, golden FROM recipe").fetchone()
        return (row[0], row[1]) if row else None

    def set_recipe(self, name: str, golden: str) -> None:
        """Write down the recipe, before the first fingerprint."""
        self._db.execute("INSERT OR REPLACE INTO recipe (id, name, golden) VALUES (1, ?, ?)", [name, golden])

    def add(self, article: int, fingerprint: Fingerprint, posted: Collection[int] = (), boilerplate: int = 0) -> None:
        """Index `article`: from now on later articles find it.

        Keys in `posted` are left out: they lead to an article that this one is linked with. `boilerplate`: words.
        """
        signature = fingerprint.signature.astype("<u4").tobytes()
        self._db.execute(
            "INSERT INTO fingerprints (article, text, signature, boilerplate) VALUES (?, ?, ?, ?)",
            [article, fingerprint.text, signature, boilerplate],
        )
        self.post(article, fingerprint.bands, fingerprint.pairs, posted)

    def post(self, article: int, bands: NDArray[np.int64], pairs: NDArray[np.int64], but: Collection[int] = ()) -> None:
        """Let keys lead to `article`, all those that are not in `but`."""
        for table, keys in (("bands", bands), ("pairs", pairs)):
            # Two bands of one article may collide; one posting is enough.
            sql = f"INSERT OR IGNORE INTO {table} (key, article) VALUES (?, ?)"
            self._db.executemany(sql, ((key, article) for key in keys.tolist() if key not in but))

    def remove(self, article: int, fingerprint: Fingerprint) -> None:
        """Take `article` out of the index; `fingerprint` is that of the body it was indexed with."""
        self._db.execute("DELETE FROM fingerprints WHERE article = ?", [article])
        for table, keys in (("bands", fingerprint.bands), ("pairs", fingerprint.pairs)):
            sql = f"DELETE FROM {table} WHERE key = ? AND article = ?"
            self._db.executemany(sql, ((key, article) for key in keys.tolist()))

    def clear(self) -> None:
        """Drop all that was derived, links included, and the recipe."""
        Changes(self._db).mark_all_links()
        for table in ("links", "bands", "pairs", "boilerplate", "fingerprints", "recipe"):
            self._db.execute(f"DELETE FROM {table}")

    def has(self, article: int) -> bool:
        """Return whether `article` is indexed."""
        return self._db.execute("SELECT 1 FROM fingerprints WHERE article = ?", [article]).fetchone() is not None

    def size(self) -> int:
        """Return the number of indexed articles."""
        return int(self._db.execute("SELECT count(*) FROM fingerprints").fetchone()[0])

    def postings(self, table: str, keys: Iterable[int], cap: int) -> dict[int, list[int]]:
        """Return key -> ids of the articles that have it, ascending, at most `cap` + 1 of them; empty ones left out.

        `table` is "bands" or "pairs". One id more than the cap tells the caller that the key is hot.
        """
        sql = f"SELECT article FROM {table} WHERE key = ? ORDER BY article LIMIT ?"
        found = {}
        for key in keys:
            ids = [row[0] for row in self._db.execute(sql, (key, cap + 1))]
            if ids:
                found[key] = ids
        return found

    def same_text(self, text: int, limit: int) -> list[int]:
        """Return ids of the articles whose words are the same in the same order, oldest first, at most `limit`."""
        sql = "SELECT article FROM fingerprints WHERE text = ? ORDER BY article LIMIT ?"
        return [row[0] for row in self._db.execute(sql, [text, limit])]

    def signature(self, article: int) -> NDArray[np.uint32] | None:
        """Return the stored signature of `article`, shape (128,), or None."""
        import numpy as np

        row = self._db.execute("SELECT signature FROM fingerprints WHERE article = ?", [article]).fetchone()
        if row is None:
            return None
        if len(row[0]) != 4 * 128:
            raise Damaged(f"the signature of article {article} is cut short")
        return np.frombuffer(row[0], "<u4").astype(np.uint32)

    def missing(self, keys: Fingerprint) -> int:
        """Return how many of the keys of a fingerprint lead nowhere."""
        missing = 0
        for table, values in (("bands", keys.bands), ("pairs", keys.pairs)):
            sql = f"SELECT 1 FROM {table} WHERE key = ?"
            missing += sum(self._db.execute(sql, (key,)).fetchone() is None for key in set(values.tolist()))
        return missing

    def orphans(self) -> int:
        """Return the number of postings whose article is not indexed."""
        total = 0
        for table in ("bands", "pairs"):
            sql = f"SELECT count(*) FROM {table} WHERE article NOT IN (SELECT article FROM fingerprints)"
            total += int(self._db.execute(sql).fetchone()[0])
        return total
