"""Pages -> what is read of them, in their order, by a process a core.

A page that takes too long, or ends the process that reads it, is left out alone: those that were in the same hands are
read again. Processes are made by `spawn`, which is the same everywhere and inherits neither locks nor threads.
"""

from __future__ import annotations

import faulthandler
import hashlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from syndet import outlets
from syndet.models import Article, Page, Skipped
from syndet.outlets import Listed

Result = Article | Skipped
Read = Callable[[Page], Result]

# So many pages are read here before others are asked: to start them takes a second or two, as long as these take.
ALONE = 64
# The slowest of 433 real pages takes a second. Time of a clock, since a loop inside a library cannot be asked for more.
SECONDS = 60
# Then new processes take over: libraries that parse what strangers wrote don't give back all memory.
RECYCLED = 5_000


class Workers:
    """Reads pages by `processes`: 1 is this one alone, None one for each processor. `listed`: a store's own outlets.

    Not for a program whose main module does its work when it is imported: the processes import it.
    """

    def __init__(
        self, processes: int | None, listed: Sequence[Listed] = (), read: Read | None = None, seconds: int = SECONDS
    ):
        self.processes, self._arguments = processes or _cores(), (tuple(listed), read, seconds)
        self._read, self._seconds = read, seconds
        self._begun = 0
        self._pool: ProcessPoolExecutor | None = None
        self._second: ProcessPoolExecutor | None = None

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_: object) -> None:
        for pool in (self._pool, self._second):
            if pool is not None:
                pool.shutdown(wait=False, cancel_futures=True)

    def begin(self, pages: Sequence[Page]) -> Callable[[], list[Result]]:
        """Begin to read pages; what is returned waits for them, and has a result for each in this order."""
        if self.processes < 2 or self._begun < ALONE:
            self._begun += len(pages)
            read = self._read or _extract()
            return lambda: [read(page) for page in pages]
        futures = [self._submit(page) for page in pages]
        return lambda: [self._result(page, *given) for page, given in zip(pages, futures, strict=True)]

    def _submit(self, page: Page) -> tuple[ProcessPoolExecutor | None, Future[Result] | None]:
        if self._pool is None or self._begun >= RECYCLED:
            if self._pool is not None:
                self._pool.shutdown(wait=False)  # what it was given it reads
            self._pool, self._begun = self._new(self.processes), ALONE
        self._begun += 1
        try:
            return self._pool, self._pool.submit(_work, page) if self._pool is not None else None
        except BrokenProcessPool:
            return self._pool, None

    def _result(self, page: Page, pool: ProcessPoolExecutor | None, future: Future[Result] | None) -> Result:
        if future is not None:
            try:
                return future.result()
            except BrokenProcessPool:
                pass
        if pool is self._pool:
            self._pool = None
        return self._again(page)

    def _again(self, page: Page) -> Result:
        """Read one page that was lost with the process that had it, or that had another one: by itself."""
        self._second = self._second or self._new(1)
        if self._second is None:
            # No process can be had here: it is not the page. This one does the rest.
            self.processes = 1
            return (self._read or _extract())(page)
        try:
            return self._second.submit(_work, page).result()
        except BrokenProcessPool:
            self._second = None
            detail = f"Reading it took more than {self._seconds} seconds, or ended the process that read it."
            return Skipped(page.where, "extraction_failed", detail, page.url, hashlib.sha256(page.data).digest())

    def _new(self, processes: int) -> ProcessPoolExecutor | None:
        """Return processes that do work, None where that cannot be had (no shared memory, no more memory)."""
        spawn = multiprocessing.get_context("spawn")
        try:
            pool = ProcessPoolExecutor(processes, mp_context=spawn, initializer=_prepare, initargs=self._arguments)
            pool.submit(os.getpid).result()
        except (OSError, NotImplementedError, BrokenProcessPool):
            return None
        return pool


def _cores() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


# -- in the other process ----------------------------------------------------------------------------------------------

_set: tuple[Read, int, int]


def _prepare(listed: tuple[Listed, ...], read: Read | None, seconds: int) -> None:
    global _set
    # An interrupt reaches all that a terminal runs; who was asked to stop is the one that asked us.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    outlets.use(outlets.roster(listed))
    _set = read or _extract(), seconds, os.open(os.devnull, os.O_WRONLY)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _work(page: Page) -> Result:
    read, seconds, nowhere = _set
    # Nothing in Python ends a loop inside a library but the end of its process.
    faulthandler.dump_traceback_later(seconds, exit=True, file=nowhere)
    try:
        return read(page)
    finally:
        faulthandler.cancel_dump_traceback_later()


def _extract() -> Read:
    from syndet.extract import extract

    return extract
