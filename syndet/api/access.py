"""The store as requests use it: read-only connections that stay open, and one that writes."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from fastapi.concurrency import run_in_threadpool

from syndet.corpus import Corpus
from syndet.errors import StoreBusy, StoreError, SyndetError
from syndet.groups import Policy

# Readers that are kept for the next request; more are opened where more requests come at once.
_KEPT = 16
# How long a request that writes waits for others that do: longer than a batch of a night takes, or the end of most.
PATIENCE = 15.0
# Requests that write at once: one has the store, the other reads what it says of its pages. More would hold threads up
# that those who read need.
_WRITERS = 2
# New texts that are looked up at once. All threads share one core: two texts take as long together as one by one, and
# those who ask for what is stored wait behind each.
_TEXTS = 1
_BUSY = "Other requests are writing; try again in a moment."
_Mark = tuple[int, ...]
Answered = TypeVar("Answered")


class Access:
    """The store at a path. `with access() as corpus:` reads in one state of it, whatever a writer does meanwhile.

    To open a store takes longer than most answers, so that is done once and not for each request. A store that was
    replaced by another file is opened anew.
    """

    def __init__(self, path: Path, representative: Policy = "origin"):
        """`representative` as of `Corpus`."""
        self._path, self._representative = path, representative
        self._idle: list[tuple[_Mark, Corpus]] = []
        self._turn = threading.Lock()
        self._writer: tuple[_Mark, Corpus] | None = None
        self._pen = threading.Lock()
        self._writers, self._texts = asyncio.Semaphore(_WRITERS), asyncio.Semaphore(_TEXTS)

    async def write(self, work: Callable[..., Answered], *given: object) -> Answered:
        """Return what `work`, which writes, returns. Raises StoreBusy after PATIENCE seconds without a turn."""
        try:
            await asyncio.wait_for(self._writers.acquire(), PATIENCE)
        except TimeoutError:
            raise StoreBusy(_BUSY) from None
        try:
            return await run_in_threadpool(work, *given)
        finally:
            self._writers.release()

    async def look_up(self, work: Callable[..., Answered], *given: object) -> Answered:
        """Return what `work`, which looks a new text up, returns, in turn with others of its kind."""
        async with self._texts:
            return await run_in_threadpool(work, *given)

    @contextmanager
    def __call__(self) -> Iterator[Corpus]:
        """Yield a corpus that reads one state of the store. Raises StoreError."""
        mark, corpus = self._taken()
        try:
            with corpus.reading():
                yield corpus
        except BaseException as error:
            # What is wrong with the question says nothing of the reader.
            if not isinstance(error, SyndetError) or isinstance(error, StoreError):
                corpus.close()
            else:
                self._give_back(mark, corpus)
            raise
        self._give_back(mark, corpus)

    @contextmanager
    def writing(self) -> Iterator[Corpus]:
        """Yield a corpus that writes, in turn with other requests and, transaction by transaction, with a run.

        Raises StoreBusy where the turn does not come in PATIENCE seconds, StoreError.
        """
        if not self._pen.acquire(timeout=PATIENCE):
            raise StoreBusy(_BUSY)
        try:
            mark = self._mark()
            if self._writer is not None and self._writer[0][:2] != mark[:2]:
                self._put_down()
            if self._writer is None:
                if not mark:
                    raise StoreError(f"There is no store at {self._path}; `syndet add SOURCE` makes one.")
                self._writer = mark, Corpus(self._path, representative=self._representative)
                self._writer[1].store.wait(PATIENCE)
            yield self._writer[1]
        except StoreError:
            self._put_down()
            raise
        finally:
            self._pen.release()

    def _put_down(self) -> None:
        if self._writer is not None:
            self._writer[1].close()
            self._writer = None

    def close(self) -> None:
        """Close what is not in use."""
        if self._pen.acquire(blocking=False):
            self._put_down()
            self._pen.release()
        with self._turn:
            idle, self._idle = self._idle, []
        for _, corpus in idle:
            corpus.close()

    def _taken(self) -> tuple[_Mark, Corpus]:
        mark = self._mark()
        while True:
            with self._turn:
                # The one used last: its pages are in memory.
                kept = self._idle.pop() if self._idle else None
            if kept is None:
                return mark, Corpus(self._path, readonly=True, representative=self._representative)
            if kept[0] == mark:
                return kept
            kept[1].close()

    def _give_back(self, mark: _Mark, corpus: Corpus) -> None:
        with self._turn:
            if len(self._idle) < _KEPT:
                self._idle.append((mark, corpus))
                return
        corpus.close()

    def _mark(self) -> _Mark:
        """Return what tells one file from another that took its place; of a file that is not there, nothing."""
        try:
            found = self._path.stat()
        except OSError:
            return ()
        # The time counts where nothing else would tell: a reader without the right to a log sees no change (`schema`).
        return found.st_dev, found.st_ino, found.st_mtime_ns
