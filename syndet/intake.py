"""Pages into the store, a batch at a time: what is known, new, changed, left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from syndet import urls
from syndet.models import Article, Page, Skipped
from syndet.store import Store
from syndet.summary import Summary


class Intake:
    """What stores pages and counts them in `summary`; `now` gives the time that is written down.

    With `keep`, articles are stored with the bytes that they were read from; those that were stored without them are
    completed when the same page comes again.
    """

    def __init__(self, store: Store, summary: Summary, now: Callable[[], str], *, keep: bool = False):
        self.store, self.summary, self._now, self._keep = store, summary, now, keep

    def add(self, batch: Sequence[Page | Skipped]) -> None:
        """Store one batch in one transaction."""
        from syndet.extract import extract
        from syndet.sources import page_digest

        summary = self.summary
        summary.read += len(batch)
        keyed = [(_place(page), page_digest(page) if isinstance(page, Page) else page.digest or b"") for page in batch]
        fetched = [page.fetched if isinstance(page, Page) else None for page in batch]
        known = self.store.articles.known([(*key, time) for key, time in zip(keyed, fetched, strict=True)])
        results: list[Article | Skipped] = []
        for page, key in zip(batch, keyed, strict=True):
            if key in known:
                summary.known += 1
                continue
            result = extract(page) if isinstance(page, Page) else page
            results.append(replace(result, digest=key[1]))
            known.add(key)
        with self.store.transaction():
            stored = [self._save(result) for result in results]
            kept = [*self._bytes(batch, [digest for _, digest in keyed])] if self._keep else []
        # Counted when it is safe: what a full disk undid was not stored.
        for result, new in zip(results, stored, strict=True):
            if isinstance(result, Skipped):
                summary.skipped[result.reason] += 1
            else:
                summary.new += new
                summary.changed += not new
        summary.kept += len(kept)
        summary.kept_bytes += sum(kept)

    def _bytes(self, batch: Sequence[Page | Skipped], digests: Sequence[bytes]) -> Iterator[int]:
        """Keep the bytes of pages that are stored without them; yield for each how many bytes that took."""
        for page, digest in zip(batch, digests, strict=True):
            if isinstance(page, Page) and (written := self.store.pages.keep(page, digest)) is not None:
                yield written

    def _save(self, result: Article | Skipped) -> bool:
        """Store what became of a page; return whether it is an article that is new."""
        from syndet import cues
        from syndet.linker import Linker

        if isinstance(result, Skipped):
            self.store.articles.skip(result, self._now())
            return False
        old = self.store.articles.at(result.url)
        if old is not None:
            Linker(self.store, Summary()).forget(old)
        return self.store.articles.save(result, cues.reference(result.cues), self._now())[1]


def addressed(page: Page) -> Page | Skipped:
    """Return `page`, or why its address cannot be a key."""
    if urls.is_text(page.url):
        return page
    return Skipped(ascii(page.where), "broken_record", "Its url holds half a character (a lone surrogate).")


def _place(page: Page | Skipped) -> str:
    return page.url or page.where
