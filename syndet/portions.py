"""Pages and bodies in portions that memory holds, however large a single one is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from syndet.models import Page, Skipped

# Pages read, and articles linked, in one transaction. Killed at any moment, a night loses at most one batch of work
# and nothing that was stored; larger batches were no faster (an fsync costs 5 ms, a page 15).
BATCH = 64
# A batch of giants ends early (bytes of pages, characters of bodies): 64 pages of 10 MB would fill a small machine.
HEAVY = 16_000_000
# Prepared bodies that are remembered: so many, and so many characters of them, each worth some 60 bytes of memory.
# Bodies of ordinary length meet the first limit, giants the second.
REMEMBERED, REMEMBERED_CHARACTERS = 512, 5_000_000

_T = TypeVar("_T")
_Made = TypeVar("_Made")


def of_pages(pages: Iterable[Page | Skipped]) -> Iterator[list[Page | Skipped]]:
    """Yield `pages` in batches."""
    return _batches(pages, lambda page: len(page.data) if isinstance(page, Page) else 0)


def of_bodies(bodies: Iterable[tuple[int, str]]) -> Iterator[list[tuple[int, str]]]:
    """Yield (id, body) in batches."""
    return _batches(bodies, lambda one: len(one[1]))


def _batches(items: Iterable[_T], weight: Callable[[_T], int]) -> Iterator[list[_T]]:
    """Yield `items` in lists of at most BATCH; a list ends with the item by which it weighs HEAVY."""
    batch: list[_T] = []
    total = 0
    for item in items:
        batch.append(item)
        total += weight(item)
        if len(batch) == BATCH or total >= HEAVY:
            yield batch
            batch, total = [], 0
    if batch:
        yield batch


def remembered(make: Callable[[str], _Made], most: int = REMEMBERED) -> Callable[[str], _Made]:
    """Return `make` of a body, with a memory of `most`: the same stories are met again and again in one night."""
    kept: dict[str, _Made] = {}
    held = 0

    def made(body: str) -> _Made:
        nonlocal held
        found = kept.pop(body, None)
        if found is None:
            found = make(body)
            held += len(body)
        kept[body] = found  # at the end: the first is the one not asked for the longest
        while len(kept) > 2 and (held > REMEMBERED_CHARACTERS or len(kept) > most):
            oldest = next(iter(kept))
            held -= len(oldest)
            del kept[oldest]
        return found

    return made
