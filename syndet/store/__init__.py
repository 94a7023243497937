"""The only SQL: one SQLite file with everything that was given and everything derived from it.

One run at a time (`Store.lock`), one writer at a time (`Store.transaction`), any number of readers (`Store.snapshot`);
write-ahead logging keeps them apart. The parts, a few tables each: `articles`, `pages`, `reviews`, `outlets`,
`licences` (given), `index`, `links`, `boilerplate`, `clusters` (derived), `runs` and `changes`; `listings` lists across
them.
Whatever SQLite raises inside a lock or a snapshot reaches the caller as a StoreError with a sentence for people
(`faults`).
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from syndet.errors import RecipeMismatch
from syndet.store import faults, locks, rows, schema
from syndet.store.articles import Articles
from syndet.store.boilerplate import Boilerplate
from syndet.store.changes import Changes
from syndet.store.clusters import Clusters
from syndet.store.index import Index
from syndet.store.licences import Licences
from syndet.store.links import Links
from syndet.store.listings import Listings
from syndet.store.outlets import Outlets
from syndet.store.pages import Pages
from syndet.store.reviews import Reviews
from syndet.store.runs import Runs

# Left out of an export: they tell when something was done, not what is known.
_TIMES = frozenset({"added", "seen", "said"})
_GIVEN_AND_DERIVED = (
    "articles", "versions", "contents", "pages", "skips", "reviews", "outlets", "licences", "recipe", "fingerprints",
    "links", "boilerplate", "clusters",
)  # fmt: skip

# What stands for a table in an export.
_EXPORTED = {
    "contents": "(SELECT digest, size FROM contents)",
    "clusters": "(SELECT article, CASE WHEN cluster IS NULL THEN NULL ELSE min(article) OVER (PARTITION BY cluster) END"
    " AS cluster, source, external FROM clusters)",
}


class Store:
    """An open database."""

    def __init__(self, connection: sqlite3.Connection, path: Path, *, readonly: bool):
        self.path = path
        self.readonly = readonly
        self._db = connection
        self._lock: IO[str] | None = None
        self._gate = locks.Gate(path)
        self._patience: float | None = None
        self._seen: int | None = None
        # Threads that share a store take turns: a transaction belongs to the connection, not to the thread.
        self._turn = threading.RLock()
        self.articles = Articles(connection)
        self.index = Index(connection)
        self.links = Links(connection)
        self.clusters = Clusters(connection)
        self.boilerplate = Boilerplate(connection)
        self.reviews = Reviews(connection)
        self.outlets = Outlets(connection)
        self.licences = Licences(connection)
        self.pages = Pages(connection)
        self.runs = Runs(connection)
        self.changes = Changes(connection)
        self.listings = Listings(connection)

    @classmethod
    def open(cls, path: str | Path, *, readonly: bool = False) -> Store:
        """Open the store at `path`; unless `readonly`, make it or bring its schema up to date first.

        Raises StoreError, ForeignDatabase or NewerStore with a sentence for people.
        """
        path = Path(path)
        connection = schema.connect(path, readonly=readonly)
        try:
            with faults.told(path):
                if readonly:
                    schema.require_current(connection, path)
                elif not schema.ready(connection):
                    # Under the lock: two that open a new store at once would both lay it out.
                    with locks.acquire(path):
                        schema.migrate(connection, path)
        except BaseException:
            connection.close()
            raise
        return cls(connection, path, readonly=readonly)

    def close(self) -> None:
        """Close the database and give up the lock."""
        self._db.close()
        self._gate.close()
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the lock of a run: none begins in another process meanwhile. Raises StoreBusy where one has.

        The operating system drops it with the process, so a killed night leaves nothing to clean up.
        """
        with self._turn, faults.told(self.path):
            if self._lock is not None:
                yield
                return
            self._lock = locks.acquire(self.path)
            try:
                yield
            finally:
                if self._lock is not None:
                    self._lock.close()
                    self._lock = None

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Read in one state of the store, whatever a writer does meanwhile."""
        with self._turn, faults.told(self.path):
            if self._db.in_transaction:
                yield
                return
            self._db.execute("BEGIN")
            try:
                yield
            finally:
                if self._db.in_transaction:
                    self._db.rollback()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Run a block in one transaction: all of it is stored, or nothing. Raises StoreBusy.

        Writers take turns, whether they hold the lock of a run or not: who comes first writes next.
        """
        from sqlite_utils import Database

        with self._turn, faults.told(self.path):
            if not self._db.in_transaction:
                with self._gate.entered(self._patience):
                    self._db.execute("BEGIN IMMEDIATE")
                try:
                    self.changes.next()
                    yield
                    self._db.execute("COMMIT")
                except BaseException:
                    self._db.rollback()
                    raise
                return
            with Database(self._db).atomic():
                yield

    def wait(self, seconds: float) -> None:
        """Let a transaction wait no longer than that for other writers; without this, as long as it takes."""
        self._patience = seconds
        schema.wait(self._db, seconds)

    def wanted(self) -> bool:
        """Return whether somebody waits for this transaction to end."""
        return self._gate.wanted()

    def stirred(self) -> bool:
        """Return whether others wrote since this was asked last, so that what is remembered of the store is old."""
        version = int(self._db.execute("PRAGMA data_version").fetchone()[0])
        before, self._seen = self._seen, version
        return before not in (None, version)

    def require_recipe(self, name: str, golden: str) -> None:
        """Raise RecipeMismatch where the index was made with another recipe than `name`, or read text otherwise.

        `golden` is the digest of what this machine makes of fixed texts: a recipe alone can't tell another Unicode.
        """
        stored = self.index.recipe()
        if stored in (None, (name, golden)):
            return
        made = (
            f"recipe {stored[0]}, this syndet uses {name}" if stored[0] != name else "other Unicode tables than these"
        )
        raise RecipeMismatch(
            f"{self.path} was fingerprinted with {made}; `syndet --db {self.path} rebuild` makes it current."
        )

    def file_problems(self) -> list[str]:
        """Return what SQLite's own checks find wrong with the file, one sentence each."""
        problems = []
        for (line,) in self._db.execute("PRAGMA integrity_check"):
            if line != "ok":
                problems.append(f"The database file is damaged: {line}.")
        broken = len(self._db.execute("PRAGMA foreign_key_check").fetchall())
        if broken:
            problems.append(f"{broken} rows refer to articles that are not there.")
        return problems

    def export(self) -> Iterator[str]:
        """Yield everything but runs and times as JSON Lines, in an order that does not depend on how it came about.

        Two stores that know the same yield the same lines. So a cluster goes by its lowest article, not by its id.
        """
        for table in _GIVEN_AND_DERIVED:
            cursor = self._db.execute(f"SELECT * FROM {_EXPORTED.get(table, table)}")
            names = [column[0] for column in cursor.description]
            keys = self._db.execute("SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk", [table])
            order = ", ".join(name for (name,) in keys)
            for row in self._db.execute(f"SELECT * FROM {_EXPORTED.get(table, table)} ORDER BY {order}"):
                record = {n: _printable(n, v) for n, v in zip(names, row, strict=True) if n not in _TIMES}
                yield json.dumps({"table": table, **record}, sort_keys=True)
        for key, article in self.index.every():
            yield json.dumps({"article": article, "key": key, "table": "postings"})


def _printable(name: str, value: Any) -> Any:
    if name == "body":
        return rows.body(value)  # compressed bytes differ between versions of zlib
    return value.hex() if isinstance(value, bytes) else value
