"""Who may write: files beside the store, held by the operating system for as long as the process lives.

`acquire`, for a whole run: one night, rebuild or list of outlets at a time. `Gate`, for one transaction: whoever wants
to write stands at the gate until SQLite lets him in, so that one who writes transaction after transaction (a night)
has to let others (a page that comes in meanwhile) in between them.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from syndet.errors import StoreBusy, StoreError

_STEP = 0.005  # seconds between two looks at a gate that somebody stands in


def acquire(path: Path) -> IO[str]:
    """Return the held lock of the store at `path`; closing it gives it up.

    A killed night leaves nothing to clean up. Raises StoreBusy where another process holds it, StoreError where
    there can be none.
    """
    handle = _opened(path.with_name(f"{path.name}.lock"))
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        holder = handle.read(20).strip()
        handle.close()
        by = f" (process {holder})" if holder.isdecimal() else ""
        raise StoreBusy(f"Another syndet{by} is writing to {path}; try again when it has finished.") from None
    # The number is a help for people; a full disk, on which it cannot be written, is told by the work itself.
    try:
        os.ftruncate(handle.fileno(), 0)
        os.write(handle.fileno(), str(os.getpid()).encode())
    except OSError:
        pass
    return handle


def _opened(beside: Path) -> IO[str]:
    try:
        # A link is not followed: in a folder that others can write to, it may lead to a file worth keeping.
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        return os.fdopen(os.open(beside, flags, 0o666), "r+", errors="replace")
    except OSError as error:
        raise StoreError(f"{beside} cannot be opened ({error.strerror}); writing takes a lock there.") from error


class Gate:
    """Where writers of one store line up. One of them stands in it, the others wait behind."""

    def __init__(self, path: Path):
        self._path = path
        self._beside = path.with_name(f"{path.name}.gate")
        self._handle: IO[str] | None = None

    @contextmanager
    def entered(self, patience: float | None = None) -> Iterator[None]:
        """Stand in the gate while a block runs: that waits until SQLite lets this writer in.

        Raises StoreBusy where that takes longer than `patience` seconds, StoreError where there can be no gate.
        """
        handle = self._file()
        if patience is None:
            fcntl.flock(handle, fcntl.LOCK_EX)
        else:
            self._enter_by(time.monotonic() + patience)
        try:
            yield
        finally:
            fcntl.flock(handle, fcntl.LOCK_UN)

    def wanted(self, *, keep: bool = False) -> bool:
        """Return whether another writer stands in the gate, who waits for the transaction of this one to end.

        Where nobody does and `keep` is true, this one stands in it from now on.
        """
        try:
            fcntl.flock(self._file(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        if not keep:
            fcntl.flock(self._file(), fcntl.LOCK_UN)
        return False

    def _enter_by(self, end: float) -> None:
        while self.wanted(keep=True):
            if time.monotonic() >= end:
                raise StoreBusy(f"Others are writing to {self._path}; try again in a moment.")
            time.sleep(_STEP)

    def close(self) -> None:
        """Close the file."""
        if self._handle is not None:
            self._handle.close()
            self._handle = None

    def _file(self) -> IO[str]:
        if self._handle is None:
            self._handle = _opened(self._beside)
        return self._handle
