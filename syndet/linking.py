"""Articles that are not linked yet -> links, a batch a transaction, and the clusters of those concerned."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator

from syndet import foresight, portions
from syndet.foresight import Foresight
from syndet.linker import Linker
from syndet.models import Link
from syndet.settle import settle
from syndet.store import Store
from syndet.summary import Progress, Summary


def link(
    store: Store, summary: Summary, now: Callable[[], str], run: int | None, progress: Progress,
    processes: int | None,
) -> None:  # fmt: skip
    """Link every article that is not linked yet against all that are, and see to the clusters of those concerned.

    `processes` look into articles before their turn comes (`foresight`); this one decides, one article after the other,
    what it would decide alone. The caller holds the lock of a run. Others may add and link pages of their own in
    between the transactions.
    """
    ready(store)
    waiting = deque(store.articles.unlinked())
    with foresight.seers(processes if len(waiting) >= foresight.MANY else 1, store) as seers:
        linking = Linking(store, summary, Foresight(seers))
        while waiting:
            linking.foresee(waiting)
            with store.transaction():
                done = linking.batch(waiting)
            for links in done:
                summary.count(links)
            progress("link", len(done))
    with store.transaction():
        settle(store, now(), run)
    summary.alarms += linking.linker.alarms()


def ready(store: Store) -> None:
    """See to it that the index is one of this syndet's recipe. Raises RecipeMismatch."""
    from syndet.fingerprint import RECIPE, golden

    store.require_recipe(RECIPE, golden())
    if store.index.recipe() is None:
        with store.transaction():
            store.index.set_recipe(RECIPE, golden())


class Linking:
    """What links stored articles, one after the other, while others may write in between transactions."""

    def __init__(self, store: Store, summary: Summary, foresight: Foresight | None = None):
        self._store = store
        self._foresight = foresight
        self._size: int | None = None
        store.stirred()  # from here on
        self.linker = Linker(store, summary)

    def foresee(self, waiting: deque[int]) -> None:
        """Wait for what other processes find out about the next articles of those `waiting`. Holds no transaction."""
        if self._foresight is not None:
            self._foresight.look(waiting)

    def batch(self, waiting: deque[int], *, yielding: bool = True) -> list[list[Link]]:
        """Link the next articles of those `waiting`, which are taken out of there; return the links of each.

        As many as go into one transaction, which the caller holds; fewer where it is `yielding` and somebody else
        waits to write.
        """
        from syndet.fingerprint import fingerprints

        stirred = self._store.stirred()
        if stirred and self._foresight is not None:
            self._foresight.forget()
        if stirred or self._size is None:
            self._size = self._store.index.size()
            self.linker.refresh()
        batch = next(portions.of_bodies(self._bodies(waiting)), None)
        if batch is None:
            return []
        decided = list[list[Link]]()
        facts = {number: self._foresight.of(number) if self._foresight is not None else {} for number, _ in batch}
        bodies = {number: body for number, body in batch if not facts[number]}
        made = dict(zip(bodies, fingerprints(list(bodies.values())), strict=True))
        for number, _ in batch:
            if yielding and decided and self._store.wanted():
                break
            own = made.get(number) or facts[number]["made", number]
            decided.append(self.linker.add(number, own, self._size, facts[number]))
            self._size += 1
        waiting.extendleft(number for number, _ in reversed(batch[len(decided) :]))
        self._store.index.pack()
        return decided

    def _bodies(self, waiting: deque[int]) -> Iterator[tuple[int, str]]:
        """Yield the articles that nobody linked meanwhile, with their bodies."""
        while waiting:
            number = waiting.popleft()
            if not self._store.index.has(number):
                yield number, self._store.articles.bodies([number])[number]
