"""What SQLite, the disk and a damaged file report -> one sentence that names the file and the remedy."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from syndet.errors import ForeignDatabase, StoreBusy, StoreError


class Damaged(ValueError):
    """A stored value is not what was stored."""


# SQLite's primary result codes, to what it means for people and what they can do.
_REMEDIES = {
    sqlite3.SQLITE_FULL: "no space is left for it; make room and give the same command again, what was stored stays",
    sqlite3.SQLITE_IOERR: "the disk failed; look at its space, its limits and its health, then run `check`",
    sqlite3.SQLITE_READONLY: "it cannot be written; look at the permissions of the file and its folder",
    sqlite3.SQLITE_PERM: "it cannot be opened; look at the permissions of the file and its folder",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened; look at the path and the permissions of the file and its folder",
    sqlite3.SQLITE_CORRUPT: "the file is damaged; restore it from a backup, or add the pages to a new store",
    sqlite3.SQLITE_TOOBIG: "a text is too long for it; leave that page out",
}
_OTHERWISE = "it cannot be used; `check` tells whether it is sound"


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Run a block; what SQLite raises in it, or a damaged row, becomes a StoreError about the store at `path`."""
    try:
        yield
    except sqlite3.ProgrammingError:
        raise  # wrong use of the library by its caller: no remedy for a user
    except UnicodeDecodeError as error:  # SQLite quotes what it can't make out, and Python can't either
        raise sentence(path, Damaged("the file holds bytes that are no text")) from error
    except (sqlite3.Error, Damaged) as error:
        raise sentence(path, error) from error


def sentence(path: Path, error: sqlite3.Error | Damaged) -> StoreError:
    """Return the exception that tells a user what `error` means for the store at `path`."""
    if isinstance(error, Damaged):
        return StoreError(f"{path}: {_REMEDIES[sqlite3.SQLITE_CORRUPT]} ({error}).")
    # The low byte is the kind, the rest its detail (SQLITE_IOERR_WRITE ...).
    kind = primary(error)
    if kind == sqlite3.SQLITE_NOTADB:
        return ForeignDatabase(f"{path} is not a SQLite database; name another file with --db.")
    if kind in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return StoreBusy(f"Another program holds {path}; try again when it has finished.")
    if "Could not decode" in str(error) or "malformed" in str(error):  # raised by Python or about the schema: no code
        kind = sqlite3.SQLITE_CORRUPT
    return StoreError(f"{path}: {_REMEDIES.get(kind, _OTHERWISE)} ({' '.join(str(error).split())}).")


def primary(error: sqlite3.Error) -> int:
    """Return SQLite's primary result code of `error`, 0 where Python raised it."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF
