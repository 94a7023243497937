"""Open, create, migrate and verify the database file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from syndet.errors import ForeignDatabase, NewerStore, StoreError

if TYPE_CHECKING:
    from sqlite_utils import Migrations

APPLICATION_ID = 0x73796E64  # "synd"
_BUSY_MILLISECONDS = 10_000


def migrations() -> list[tuple[str, str]]:
    """Return (name, SQL) of every migration in order. They lie in db/migrations, in the wheel beside the package."""
    packaged = files("syndet") / "_migrations"
    folder: Traversable = packaged if packaged.is_dir() else Path(__file__).parents[2] / "db" / "migrations"
    found = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".sql")), key=lambda entry: entry.name)
    return [(entry.name.removesuffix(".sql"), entry.read_text(encoding="utf-8")) for entry in found]


def connect(path: Path, *, readonly: bool) -> sqlite3.Connection:
    """Return a connection to an existing store, or (not readonly) to a new one; nothing is migrated yet.

    Raises StoreError where there is no store to read, ForeignDatabase where the file is something else.
    """
    if readonly and not path.is_file():
        raise StoreError(f"There is no store at {path}; `syndet --db {path} add SOURCE` makes one.")
    if not readonly and not path.parent.is_dir():
        raise StoreError(f"The folder of {path} does not exist; make it first.")
    try:
        mode = "ro" if readonly else "rwc"
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode={mode}", uri=True, isolation_level=None, check_same_thread=False
        )
        connection.execute(f"PRAGMA busy_timeout = {_BUSY_MILLISECONDS}")
        _verify(connection, path)
        connection.execute("PRAGMA foreign_keys = ON")
        if not readonly:
            connection.execute("PRAGMA journal_mode = WAL")
            # FULL: a night that was reported as stored survives a power cut, at one fsync a batch.
            connection.execute("PRAGMA synchronous = FULL")
    except sqlite3.DatabaseError as error:
        if "not a database" in str(error):
            raise ForeignDatabase(f"{path} is not a SQLite database; name another file with --db.") from error
        raise StoreError(f"{path} cannot be opened ({error}); check the file and its permissions.") from error
    return connection


def _verify(connection: sqlite3.Connection, path: Path) -> None:
    mark = connection.execute("PRAGMA application_id").fetchone()[0]
    empty = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0
    if mark != APPLICATION_ID and not empty:
        raise ForeignDatabase(f"{path} is a database of another program; name another file with --db.")


def migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Bring the schema up to date, one transaction a migration; an existing store is copied aside first.

    Raises NewerStore where the store knows migrations that this syndet does not.
    """
    from sqlite_utils import Database, Migrations

    known = migrations()
    database = Database(connection)
    plan = Migrations("syndet")
    for name, sql in known:
        _register(plan, name, sql)
    applied = {migration.name for migration in plan.applied(database)}
    refuse_newer(connection, path)
    if applied and len(applied) < len(known):
        backup = path.with_name(f"{path.name}.before-{known[len(applied)][0]}")
        if not backup.exists():
            connection.execute("VACUUM INTO ?", [str(backup)])
    if len(applied) < len(known):
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        plan.apply(database)


def _register(plan: Migrations, name: str, sql: str) -> None:
    @plan(name=name)
    def step(database: Any) -> None:
        for statement in statements(sql):
            database.execute(statement)


def refuse_newer(connection: sqlite3.Connection, path: Path) -> None:
    """Raise NewerStore where the store knows migrations that this syndet does not."""
    table = connection.execute("SELECT 1 FROM sqlite_master WHERE name = '_sqlite_migrations'").fetchone()
    if table is None:
        return
    rows = connection.execute("SELECT name FROM _sqlite_migrations WHERE migration_set = 'syndet'")
    unknown = {name for (name,) in rows} - {name for name, _ in migrations()}
    if unknown:
        raise NewerStore(f"{path} was written by a later syndet ({', '.join(sorted(unknown))}); upgrade this one.")


def current(connection: sqlite3.Connection) -> bool:
    """Return whether every migration is applied."""
    table = connection.execute("SELECT 1 FROM sqlite_master WHERE name = '_sqlite_migrations'").fetchone()
    if table is None:
        return False
    rows = connection.execute("SELECT count(*) FROM _sqlite_migrations WHERE migration_set = 'syndet'")
    return bool(rows.fetchone()[0] == len(migrations()))


def statements(sql: str) -> Iterator[str]:
    """Yield the statements of a script one by one, so that they can run inside a transaction."""
    pending = ""
    for line in sql.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            yield pending.strip()
            pending = ""
    if pending.strip():
        raise ValueError(f"incomplete statement in a migration: {pending.strip()[:60]}")
