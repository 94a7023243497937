"""Pages that come in by ones -> stored, linked and settled at once, whatever run is at work meanwhile."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from syndet import linking, portions
from syndet.intake import Intake, Taken, addressed
from syndet.linking import Linking
from syndet.models import Page, Skipped
from syndet.settle import settle_own
from syndet.store import Store
from syndet.summary import Summary


def take(store: Store, pages: Iterable[Page | Skipped], now: Callable[[], str]) -> list[Taken]:
    """Store and link pages; return what became of each, in order, with the id of the article at its address.

    A batch is stored, linked and settled in one transaction, so nobody sees the half of it, and a run that is at work
    never meets a page that is stored and not linked. Raises StoreBusy, RecipeMismatch.
    """
    linking.ready(store)
    intake, links = Intake(store, Summary(), now), Linking(store, Summary())
    done: list[Taken] = []
    for batch in portions.of_pages(map(addressed, pages)):
        read = intake.read(batch)
        with store.transaction():
            taken = [_found(store, one) for one in intake.keep(read)]
            waiting = deque(_unlinked(store, taken))
            while waiting:
                links.batch(waiting, yielding=False)
            settle_own(store, now())
        done += taken
    return done


def _found(store: Store, one: Taken) -> Taken:
    """Return what became of a page, with its article where that was stored before, or else why there is none."""
    if one.state != "known":
        return one
    number = store.articles.at(one.url)
    return replace(one, article=number, skipped=None if number is not None else store.articles.left_out(one.url))


def _unlinked(store: Store, taken: Sequence[Taken]) -> list[int]:
    """Return the articles that wait to be linked: new and changed ones, and those that a run has stored so far."""
    return sorted({one.article for one in taken if one.article is not None and not store.index.has(one.article)})
