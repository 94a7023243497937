"""Open, create, migrate and verify the database file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from syndet.errors import ForeignDatabase, NewerStore, StoreError
from syndet.store import faults

if TYPE_CHECKING:
    from sqlite_utils import Migrations

APPLICATION_ID = 0x73796E64  # "synd"
# Longer than any transaction but the last one of a very big night takes: a writer that waits that long gives up.
_BUSY_SECONDS = 60.0


def migrations() -> list[tuple[str, str]]:
    """Return (name, SQL) of every migration in order. They lie in db/migrations, in the wheel beside the code."""
    packaged = Path(__file__).parents[1] / "_migrations"
    folder = packaged if packaged.is_dir() else Path(__file__).parents[2] / "db" / "migrations"
    return [(path.stem, path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.sql"))]


def connect(path: Path, *, readonly: bool) -> sqlite3.Connection:
    """Return a connection to an existing store, or (not readonly) to a new one; nothing is migrated yet.

    Raises StoreError where there is no store to read, ForeignDatabase where the file is something else.
    """
    if readonly and not path.is_file():
        raise StoreError(f"There is no store at {path}; `syndet --db {path} add SOURCE` makes one.")
    if not readonly and not path.parent.is_dir():
        raise StoreError(f"The folder of {path} does not exist; make it first.")
    with faults.told(path):
        connection = _opened(path, readonly=readonly)
        connection.execute("PRAGMA foreign_keys = ON")
        if not readonly:
            # FULL: a night that was reported as stored survives a power cut, at one fsync a batch.
            connection.execute("PRAGMA synchronous = FULL")
            # The keys of one batch lie all over the index. With SQLite's own 2 MB and 4 MB the time to link an article
            # doubled from 1,000 to 10,000 articles; so it grows by a third.
            connection.execute("PRAGMA cache_size = -64000")
            connection.execute("PRAGMA wal_autocheckpoint = 8000")
    return connection


def _opened(path: Path, *, readonly: bool) -> sqlite3.Connection:
    try:
        return _verified(path, "mode=ro" if readonly else "mode=rwc")
    except sqlite3.OperationalError as error:
        if not readonly or faults.primary(error) not in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY):
            raise
    # A reader keeps its place in files beside the store, which it cannot make on a read-only medium or in somebody
    # else's folder. Without a log there is nobody who writes, and the file can be read as it stands.
    log = path.with_name(f"{path.name}-wal")
    if log.exists() and log.stat().st_size:
        raise StoreError(
            f"{path} was left by a writer that did not finish, and {log.name} cannot be taken in from here; "
            f"`syndet --db {path} check`, by somebody who may write there, does it."
        )
    return _verified(path, "mode=ro&immutable=1")


def _verified(path: Path, how: str) -> sqlite3.Connection:
    """Return a connection to `path` that has read the file, which is a store or still empty."""
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?{how}", uri=True, isolation_level=None, check_same_thread=False
    )
    try:
        wait(connection, _BUSY_SECONDS)
        _verify(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def wait(connection: sqlite3.Connection, seconds: float) -> None:
    """Let a connection wait so long for others."""
    connection.execute(f"PRAGMA busy_timeout = {int(1000 * seconds)}")


def _verify(connection: sqlite3.Connection, path: Path) -> None:
    # In this order: another process may lay the store out meanwhile, and it sets the mark before the first table.
    empty = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0
    mark = connection.execute("PRAGMA application_id").fetchone()[0]
    if mark != APPLICATION_ID and not empty:
        raise ForeignDatabase(f"{path} is a database of another program; name another file with --db.")


def migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Bring the schema up to date, one transaction a migration; an existing store is copied aside first.

    The caller holds the lock. Raises NewerStore where the store knows migrations that this syndet does not.
    """
    from sqlite_utils import Database, Migrations

    known = migrations()
    plan = Migrations("syndet")
    for name, sql in known:
        _register(plan, name, sql)
    refuse_newer(connection, path)
    connection.execute("PRAGMA journal_mode = WAL")
    applied = _applied(connection)
    if len(applied) == len(known):
        return
    if applied and _holds_articles(connection):
        _back_up(connection, path, path.with_name(f"{path.name}.before-{known[len(applied)][0]}"))
    # First of all, so that a store is known as one even if this process ends right here.
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    plan.apply(Database(connection))


def _holds_articles(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM articles LIMIT 1").fetchone() is not None


def _back_up(connection: sqlite3.Connection, path: Path, backup: Path) -> None:
    """Copy the store aside, for its owner's eyes as much as the store itself; a copy that was cut short is none."""
    if backup.exists():
        return
    part = backup.with_name(f"{backup.name}.part")
    try:
        part.unlink(missing_ok=True)
        part.touch(mode=0o600)
        connection.execute("VACUUM INTO ?", [str(part)])
        part.chmod(path.stat().st_mode & 0o777)
        part.replace(backup)
    except OSError as error:
        raise StoreError(f"{backup} cannot be written ({error.strerror}); the store is copied there first.") from error


def _register(plan: Migrations, name: str, sql: str) -> None:
    @plan(name=name)
    def step(database: Any) -> None:
        for statement in statements(sql):
            database.execute(statement)


def refuse_newer(connection: sqlite3.Connection, path: Path) -> None:
    """Raise NewerStore where the store knows migrations that this syndet does not."""
    unknown = _applied(connection) - {name for name, _ in migrations()}
    if unknown:
        raise NewerStore(f"{path} was written by a later syndet ({', '.join(sorted(unknown))}); upgrade this one.")


def require_current(connection: sqlite3.Connection, path: Path) -> None:
    """Raise StoreError where the store cannot be read as it stands: made by a later or an earlier syndet, or empty."""
    refuse_newer(connection, path)
    applied = _applied(connection)
    if not applied:
        raise StoreError(f"{path} is empty; `syndet --db {path} add SOURCE` makes a store of it.")
    if len(applied) < len(migrations()):
        raise StoreError(f"{path} has an older schema; `syndet --db {path} check` brings it up to date.")


def ready(connection: sqlite3.Connection) -> bool:
    """Return whether nothing is left for `migrate` to do."""
    logged = connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    return logged and _applied(connection) == {name for name, _ in migrations()}


def _applied(connection: sqlite3.Connection) -> set[str]:
    """Return the names of the migrations that the store knows."""
    table = connection.execute("SELECT 1 FROM sqlite_master WHERE name = '_sqlite_migrations'").fetchone()
    if table is None:
        return set()
    rows = connection.execute("SELECT name FROM _sqlite_migrations WHERE migration_set = 'syndet'")
    return {name for (name,) in rows}


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
