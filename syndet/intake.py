"""Pages into the store, a batch at a time: what is known, new, changed, left out."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from syndet import urls
from syndet.errors import SourceError
from syndet.models import Article, Page, Skipped
from syndet.store import Store
from syndet.summary import Summary
from syndet.workers import Workers, readers

# Batches that workers read while an earlier one is stored: two keep as many of them busy as a batch has pages.
AHEAD = 2

_Key = tuple[str, bytes]  # address or place, digest


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a page: the id of the article that was made of it now, or why it is none."""

    url: str
    state: Literal["new", "changed", "known", "skipped"]
    article: int | None = None
    skipped: Skipped | None = None


@dataclass(frozen=True, slots=True)
class Read:
    """A page that was read: its key, when it was fetched, and what was made of it, None where it was known."""

    key: _Key
    fetched: str | None
    result: Article | Skipped | None


class Intake:
    """What stores pages and counts them in `summary`; `now` gives the time that is written down.

    With `keep`, articles are stored with the bytes that they were read from; those that were stored without them are
    completed when the same page comes again. `workers` read; without them this process does.
    """

    def __init__(
        self, store: Store, summary: Summary, now: Callable[[], str], *, keep: bool = False,
        workers: Workers[Page, Article | Skipped] | None = None,
    ):  # fmt: skip
        self.store, self.summary, self._now, self._keep = store, summary, now, keep
        self._workers = workers or readers(1)

    def add(self, batches: Iterable[Sequence[Page | Skipped]], *, streamed: bool = False) -> Iterator[int]:
        """Store each batch in one transaction, and yield how many pages it had; meanwhile the next ones are read.

        Of what is `streamed` the next ones may be long in coming, and come once: each batch is stored first. Where a
        source ends in SourceError, what came before is stored before that is raised.
        """
        ahead = AHEAD if self._workers.processes > 1 and not streamed else 0
        waiting: deque[tuple[Sequence[Page | Skipped], Callable[[], list[Read]]]] = deque()
        failed: SourceError | None = None
        try:
            for batch in batches:
                waiting.append((batch, self._begin(batch)))
                if len(waiting) > ahead:
                    yield self._stored(*waiting.popleft())
        except SourceError as error:
            failed = error
        while waiting:
            yield self._stored(*waiting.popleft())
        if failed is not None:
            raise failed

    def _stored(self, batch: Sequence[Page | Skipped], reading: Callable[[], list[Read]]) -> int:
        read = reading()
        with self.store.transaction():
            taken = self.keep(read)
            kept = [*self._bytes(batch, [one.key[1] for one in read])] if self._keep else []
        self.count(taken)
        self.summary.kept += len(kept)
        self.summary.kept_bytes += sum(kept)
        return len(batch)

    def read(self, batch: Sequence[Page | Skipped]) -> list[Read]:
        """Return what a batch holds, without what is known. Nothing is stored, so others may write meanwhile."""
        return self._begin(batch)()

    def _begin(self, batch: Sequence[Page | Skipped]) -> Callable[[], list[Read]]:
        """Begin to read what is not known of a batch; what is returned waits for it."""
        from syndet.sources import page_digest

        keyed = [(_place(page), page_digest(page) if isinstance(page, Page) else page.digest or b"") for page in batch]
        fetched = [page.fetched if isinstance(page, Page) else None for page in batch]
        known = self.store.articles.known([(*key, time) for key, time in zip(keyed, fetched, strict=True)])
        fresh: list[Page | Skipped | None] = []
        for page, key in zip(batch, keyed, strict=True):
            fresh.append(None if key in known else page)
            known.add(key)
        reading = self._workers.begin([page for page in fresh if isinstance(page, Page)])

        def read() -> list[Read]:
            results = iter(reading())
            found = [next(results) if isinstance(page, Page) else page for page in fresh]
            return [
                Read(key, time, replace(result, digest=key[1]) if result is not None else None)
                for key, time, result in zip(keyed, fetched, found, strict=True)
            ]

        return read

    def keep(self, pages: Sequence[Read]) -> list[Taken]:
        """Store what was read of pages, in the caller's transaction; return what became of each."""
        # Somebody else may have stored them since they were read.
        fresh = [(*page.key, page.fetched) for page in pages if page.result is not None]
        known = self.store.articles.known(fresh)
        return [
            Taken(page.key[0], "known") if page.result is None or page.key in known else self._save(page.result)
            for page in pages
        ]

    def _bytes(self, batch: Sequence[Page | Skipped], digests: Sequence[bytes]) -> Iterator[int]:
        """Keep the bytes of pages that are stored without them; yield for each how many bytes that took."""
        for page, digest in zip(batch, digests, strict=True):
            if isinstance(page, Page) and (written := self.store.pages.keep(page, digest)) is not None:
                yield written

    def count(self, taken: Sequence[Taken]) -> None:
        """Count what became of pages, once it is safe: what a full disk undid was not stored."""
        summary = self.summary
        summary.read += len(taken)
        for one in taken:
            if one.state == "skipped" and one.skipped is not None:
                summary.skipped[one.skipped.reason] += 1
            else:
                summary.new += one.state == "new"
                summary.changed += one.state == "changed"
                summary.known += one.state == "known"

    def _save(self, result: Article | Skipped) -> Taken:
        """Store what became of a page."""
        from syndet import claims
        from syndet.linker import Linker

        if isinstance(result, Skipped):
            self.store.articles.skip(result, self._now())
            return Taken(_place(result), "skipped", skipped=result)
        old = self.store.articles.at(result.url)
        if old is not None:
            Linker(self.store, Summary()).forget(old)
        number, new = self.store.articles.save(result, claims.reference(result.cues), self._now())
        return Taken(result.url, "new" if new else "changed", number)


def addressed(page: Page | Skipped) -> Page | Skipped:
    """Return `page`, or why its address cannot be a key."""
    if isinstance(page, Skipped) or urls.is_text(page.url):
        return page
    return Skipped(ascii(page.where), "broken_record", "Its url holds half a character (a lone surrogate).")


def _place(page: Page | Skipped) -> str:
    return page.url or page.where
