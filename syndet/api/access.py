"""The store as requests use it: read-only connections that stay open, and one that writes."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TypeVar

from fastapi.concurrency import run_in_threadpool

from syndet.corpus import Corpus
from syndet.errors import StoreBusy, StoreError, SyndetError
from syndet.groups import Policy
from syndet.intake import Taken
from syndet.models import Page, Skipped

# Readers that are kept for the next request; more are opened where more requests come at once.
_KEPT = 16
# How long a request that writes waits for others that do: longer than a batch of a night takes, or the end of most.
PATIENCE = 15.0
# Pages that are stored in one go for several requests: a batch of `Corpus.take`. Requests are not torn apart.
_TOGETHER = 64
# New texts that are looked up at once. All threads share one core: two texts take as long together as one by one, and
# those who ask for what is stored wait behind each.
_TEXTS = 1
_BUSY = "Other requests are writing; try again in a moment."
_Mark = tuple[int, ...]
Answered = TypeVar("Answered")
# Pages of a request, and what becomes of them.
_Sent = tuple[Sequence[Page | Skipped], "asyncio.Future[list[Taken]]"]


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
        self._reviews, self._texts = asyncio.Semaphore(1), asyncio.Semaphore(_TEXTS)
        self._waiting = deque[_Sent]()
        self._storing: asyncio.Task[None] | None = None

    async def take(self, pages: Sequence[Page | Skipped]) -> list[Taken]:
        """Store pages, together with what other requests send meanwhile; return what became of each.

        A night that is at work lets others in between its transactions. Were each request to wait for that, few pages
        would come in beside a night. Raises StoreBusy where the turn does not come in PATIENCE seconds.
        """
        mine: _Sent = pages, asyncio.get_running_loop().create_future()
        self._waiting.append(mine)
        if self._storing is None:
            self._storing = asyncio.ensure_future(self._store_all())
        await asyncio.wait({mine[1]}, timeout=PATIENCE)
        if not mine[1].done() and mine in self._waiting:
            self._waiting.remove(mine)
            raise StoreBusy(_BUSY)
        return await mine[1]

    async def _store_all(self) -> None:
        try:
            while self._waiting:
                together = [self._waiting.popleft()]
                while self._waiting and sum(len(one[0]) for one in (*together, self._waiting[0])) <= _TOGETHER:
                    together.append(self._waiting.popleft())
                await self._store(together)
        finally:
            self._storing = None

    async def _store(self, together: list[_Sent]) -> None:
        try:
            taken = iter(await run_in_threadpool(self._take, [page for pages, _ in together for page in pages]))
        except Exception as error:
            if len(together) > 1 and not isinstance(error, StoreError):
                # One of them may be at fault: the others must not suffer for it.
                for one in together:
                    await self._store([one])
                return
            for _, done in together:
                if not done.done():
                    done.set_exception(error)
            return
        for pages, done in together:
            told = list(islice(taken, len(pages)))
            if not done.done():
                done.set_result(told)

    def _take(self, pages: list[Page | Skipped]) -> list[Taken]:
        with self.writing() as corpus:
            return corpus.take(pages)

    async def review(self, work: Callable[..., Answered], *given: object) -> Answered:
        """Return what `work`, which writes a review, returns. One at a time: who waits takes no thread from readers."""
        async with self._reviews:
            return await run_in_threadpool(work, *given)

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
