"""Pages -> what is read of them, in their order, by a process a core.

A page that takes too long, or ends the process that reads it, is left out alone: those that were in the same hands are
read again. Processes are made by `spawn`, which is the same everywhere and inherits neither locks nor threads.
"""

from __future__ import annotations

import faulthandler
import hashlib
import logging
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

_log = logging.getLogger(__name__)

# So many pages are read here before others are asked: to start them takes a second or two, as long as these take.
ALONE = 64
# The slowest of 433 real pages takes a second. Time of a clock, since a loop inside a library cannot be asked for more.
SECONDS = 60
# Then new processes take over: libraries that parse what strangers wrote don't give back all memory.
RECYCLED = 5_000


class Workers:
    """Reads pages by several processes: `begin` hands out a batch, what that returns waits for it.

    Not for a program whose main module does its work when it is imported: the processes import it.
    """

    def __init__(
        self, processes: int | None, listed: Sequence[Listed] = (), read: Read | None = None, seconds: int = SECONDS
    ):
        """Make none yet. `processes`: 1 is this one alone, None one for each processor.

        `listed` are a store's own outlets; `read` is what is done with a page, by default `extract`, and may take so
        many `seconds`.
        """
        self.processes, self._seconds = processes or _cores(), seconds
        self._read, self._arguments = read, (tuple(listed), read, seconds)
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
        """Begin to read pages; what is returned waits for them, and has a result for each in this order.

        It raises nothing: a page that cannot be read is a Skipped of reason `extraction_failed`.
        """
        if self.processes < 2 or self._begun < ALONE:
            self._begun += len(pages)
            return lambda: [self._here(page) for page in pages]
        futures = [self._submitted(page) for page in pages]
        return lambda: [self._result(page, future) for page, future in zip(pages, futures, strict=True)]

    def _here(self, page: Page) -> Result:
        return (self._read or _extract())(page)

    def _submitted(self, page: Page) -> Future[Result] | None:
        """Return what will have the result for a page, None where it has to be read again by itself."""
        if self._pool is not None and self._begun >= RECYCLED:
            self._pool.shutdown(wait=False)  # what it was given it reads
            self._pool = None
        if self._pool is None:
            self._pool, self._begun = self._started(self.processes), ALONE
        self._begun += 1
        try:
            return self._pool.submit(_work, page) if self._pool is not None else None
        except BrokenProcessPool:
            self._pool = None  # an earlier page ended one of them
            return None

    def _result(self, page: Page, future: Future[Result] | None) -> Result:
        try:
            return future.result() if future is not None else self._again(page)
        except BrokenProcessPool:
            return self._again(page)

    def _again(self, page: Page) -> Result:
        """Read one page that was lost with the process that had it, or that had another one: by itself."""
        self._second = self._second or self._started(1)
        if self._second is None:
            return self._here(page)
        try:
            return self._second.submit(_work, page).result()
        except BrokenProcessPool:
            self._second = None
            detail = f"Reading it took more than {self._seconds} seconds, or ended the process that read it."
            return Skipped(page.where, "extraction_failed", detail, page.url, hashlib.sha256(page.data).digest())

    def _started(self, processes: int) -> ProcessPoolExecutor | None:
        """Return processes that do work; None where none can be had, whatever page comes: this one does the rest."""
        if self.processes < 2:
            return None
        spawn = multiprocessing.get_context("spawn")
        try:
            pool = ProcessPoolExecutor(processes, mp_context=spawn, initializer=_prepare, initargs=self._arguments)
            pool.submit(os.getpid).result()
        except (OSError, NotImplementedError, BrokenProcessPool) as error:
            # No shared memory, no semaphores, no memory left: that costs time and no page.
            _log.warning("No other process can be started (%s); pages are read by this one, one at a time.", error)
            self.processes = 1
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
