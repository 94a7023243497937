"""Facts about the articles that are linked next, found by other processes while this one links others.

Only one process can decide, since what an article is compared with, and what counts as boilerplate, hangs on all that
were linked before. What takes long does not: two bodies share what they share. So other processes look for what ties an
article to those linked so far, and the facts that they come by (`findings`) are what this one need not work out again,
whatever it looks for itself; what nobody foresaw, such as what ties two articles of one batch, it finds on its own.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path

from syndet import portions
from syndet.errors import SyndetError
from syndet.findings import Facts
from syndet.linker import Linker
from syndet.store import Store
from syndet.summary import Summary
from syndet.workers import Workers

# Batches that are looked into while an earlier one is linked: two keep as many processes busy as a batch has articles.
AHEAD = 2
# Articles from which other processes are worth their start, a second or two each.
MANY = 400

Seen = tuple[int, int]  # how often others wrote meanwhile, id


def seers(processes: int | None, store: Store) -> Workers[Seen, Facts]:
    """Return workers that look into articles of `store`. Where one fails nothing is known."""
    work = partial(see, store.path.absolute())
    return Workers(processes, work, lambda _, __: {}, here=lambda _: {}, listed=store.outlets.all())


class Foresight:
    """What is known of the next articles, given who looks into them."""

    def __init__(self, workers: Workers[Seen, Facts]):
        self._workers = workers
        self._facts = dict[int, Facts]()
        self._asked = deque[tuple[list[int], Callable[[], list[Facts]]]]()
        self._disturbed = 0

    def look(self, waiting: Iterable[int]) -> None:
        """Have the next articles of those `waiting` looked into, and wait for what is known of the first batch."""
        if self._workers.processes < 2:
            return
        near = list(islice(waiting, (1 + AHEAD) * portions.BATCH))
        asked = {number for numbers, _ in self._asked for number in numbers}
        self._facts = {number: self._facts[number] for number in near if number in self._facts}
        fresh = [number for number in near if number not in asked and number not in self._facts]
        for begin in range(0, len(fresh), portions.BATCH):
            part = fresh[begin : begin + portions.BATCH]
            self._asked.append((part, self._workers.begin([(self._disturbed, number) for number in part])))
        first = set(near[: portions.BATCH])
        while self._asked and not first.isdisjoint(self._asked[0][0]):
            numbers, found = self._asked.popleft()
            self._facts.update(zip(numbers, found(), strict=True))

    def of(self, number: int) -> Facts:
        """Return what is known of an article, empty where nothing is."""
        return self._facts.get(number, {})

    def forget(self) -> None:
        """Forget all: others wrote to the store, so articles may be what they were not."""
        self._disturbed += 1
        self._facts.clear()
        self._asked.clear()


# -- in the other process ----------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Eyes:
    store: Store
    linker: Linker
    disturbed: int


_eyes: list[_Eyes] = []


def see(path: Path, seen: Seen) -> Facts:
    """Return the facts about an article of the store at `path`, none where that cannot be read."""
    disturbed, number = seen
    try:
        if not _eyes:
            store = Store.open(path, readonly=True)
            _eyes.append(_Eyes(store, Linker(store, Summary()), disturbed))
        eyes = _eyes[0]
        with eyes.store.snapshot():
            if disturbed != eyes.disturbed:
                eyes.linker.refresh()
                eyes.disturbed = disturbed
            elif eyes.store.stirred():
                eyes.linker.learn_anew()
            return eyes.linker.foresee(number)
    except SyndetError:
        return {}
