"""What takes long -> done by a process a core: pages that are read, articles that are looked into before their turn.

What takes too long, or ends the process that does it, is left out alone: what was in the same hands is done again.
Processes are made by `spawn`, which is the same everywhere and inherits neither locks nor threads.
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
from typing import Any, Generic, TypeVar

from syndet import outlets
from syndet.models import Article, Page, Skipped
from syndet.outlets import Listed

_Item = TypeVar("_Item")
_Made = TypeVar("_Made")

_log = logging.getLogger(__name__)

# So many are done here before others are asked: to start processes takes a second or two, as long as so many pages.
ALONE = 64
# The slowest of 433 real pages takes a second. Time of a clock, since a loop inside a library cannot be asked for more.
SECONDS = 60
# Then new processes take over: libraries that parse what strangers wrote don't give back all memory.
RECYCLED = 5_000


class Workers(Generic[_Item, _Made]):
    """Does one thing with many by several processes: `begin` hands out a batch, what that returns waits for it.

    Not for a program whose main module does its work when it is imported: the processes import it.
    """

    def __init__(
        self, processes: int | None, work: Callable[[_Item], _Made], lost: Callable[[_Item, int], _Made], *,
        here: Callable[[_Item], _Made] | None = None, listed: Sequence[Listed] = (), seconds: int = SECONDS,
    ):  # fmt: skip
        """Make none yet. `processes`: 1 is this one alone, None one for each processor.

        `work` is what is done, by a function that other processes can import; it may take so many `seconds`. `lost` is
        what comes of one that took longer, or ended its process. `here` is done by this process instead of `work`.
        `listed` are a store's own outlets.
        """
        self.processes, self._seconds = processes or _cores(), seconds
        self._here, self._lost, self._arguments = here or work, lost, (tuple(listed), work, seconds)
        self._begun = 0
        self._pool: ProcessPoolExecutor | None = None
        self._second: ProcessPoolExecutor | None = None

    def __enter__(self) -> Workers[_Item, _Made]:
        return self

    def __exit__(self, *_: object) -> None:
        for pool in (self._pool, self._second):
            if pool is not None:
                pool.shutdown(wait=False, cancel_futures=True)

    def begin(self, items: Sequence[_Item]) -> Callable[[], list[_Made]]:
        """Begin to work on `items`; what is returned waits for that, and has what was made of each in this order."""
        if self.processes < 2 or self._begun < ALONE:
            self._begun += len(items)
            return lambda: [self._here(item) for item in items]
        futures = [self._submitted(item) for item in items]
        return lambda: [self._result(item, future) for item, future in zip(items, futures, strict=True)]

    def _submitted(self, item: _Item) -> Future[_Made] | None:
        """Return what will have the result for one, None where it has to be done again by itself."""
        if self._pool is not None and self._begun >= RECYCLED:
            self._pool.shutdown(wait=False)  # what it was given it does
            self._pool = None
        if self._pool is None:
            self._pool, self._begun = self._started(self.processes), ALONE
        self._begun += 1
        try:
            return self._pool.submit(_work, item) if self._pool is not None else None
        except BrokenProcessPool:
            self._pool = None  # an earlier one ended a process
            return None

    def _result(self, item: _Item, future: Future[_Made] | None) -> _Made:
        try:
            return future.result() if future is not None else self._again(item)
        except BrokenProcessPool:
            return self._again(item)

    def _again(self, item: _Item) -> _Made:
        """Do what was lost with the process that had it, or that had another one: by itself."""
        self._second = self._second or self._started(1)
        if self._second is None:
            return self._here(item)
        try:
            made: _Made = self._second.submit(_work, item).result()
        except BrokenProcessPool:
            self._second = None
            return self._lost(item, self._seconds)
        return made

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
            _log.warning("No other process can be started (%s); this one does all, one at a time.", error)
            self.processes = 1
            return None
        return pool


def readers(processes: int | None, listed: Sequence[Listed] = ()) -> Workers[Page, Article | Skipped]:
    """Return workers that read pages. They raise nothing: what cannot be read is a Skipped (`extraction_failed`)."""
    return Workers(processes, read, unread, listed=listed)


def read(page: Page) -> Article | Skipped:
    """Return what a page holds."""
    from syndet.extract import extract

    return extract(page)


def unread(page: Page, seconds: int) -> Skipped:
    """Return why nothing is known of a page."""
    detail = f"Reading it took more than {seconds} seconds, or ended the process that read it."
    return Skipped(page.where, "extraction_failed", detail, page.url, hashlib.sha256(page.data).digest())


def _cores() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


# -- in the other process ----------------------------------------------------------------------------------------------

_set: tuple[Callable[[Any], Any], int, int]


def _prepare(listed: tuple[Listed, ...], work: Callable[[Any], Any], seconds: int) -> None:
    global _set
    # An interrupt reaches all that a terminal runs; who was asked to stop is the one that asked us.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    outlets.use(outlets.roster(listed))
    _set = work, seconds, os.open(os.devnull, os.O_WRONLY)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _work(item: Any) -> Any:
    work, seconds, nowhere = _set
    # Nothing in Python ends a loop inside a library but the end of its process.
    faulthandler.dump_traceback_later(seconds, exit=True, file=nowhere)
    try:
        return work(item)
    finally:
        faulthandler.cancel_dump_traceback_later()
