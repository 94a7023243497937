"""The writer's lock: a file beside the store, held by the operating system for as long as the process lives."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import IO

from syndet.errors import StoreBusy, StoreError


def acquire(path: Path) -> IO[str]:
    """Return the held lock of the store at `path`; closing it gives it up.

    A killed night leaves nothing to clean up. Raises StoreBusy where another process holds it, StoreError where
    there can be none.
    """
    beside = path.with_name(f"{path.name}.lock")
    try:
        # A link is not followed: in a folder that others can write to, it may lead to a file worth keeping.
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        handle = os.fdopen(os.open(beside, flags, 0o666), "r+", errors="replace")
    except OSError as error:
        raise StoreError(f"{beside} cannot be opened ({error.strerror}); writing takes a lock there.") from error
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
