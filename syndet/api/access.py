"""The store as requests use it: read-only connections that stay open, taken by a request and given back."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from syndet.corpus import Corpus
from syndet.errors import StoreError, SyndetError
from syndet.groups import Policy

# Readers that are kept for the next request; more are opened where more requests come at once.
_KEPT = 16
_Mark = tuple[int, ...]


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

    def close(self) -> None:
        """Close the readers that are not in use."""
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
