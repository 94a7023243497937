"""What a run did: counts, and seconds by stage."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from syndet.models import Link

Progress = Callable[[str, int], None]
"""Called with the stage ("add", "link" ...) and the number of things done since the last call."""


@dataclass(slots=True)
class Summary:
    """What a run did."""

    read: int = 0  # pages and records met
    new: int = 0
    changed: int = 0
    known: int = 0  # stored, or left out, before as they are
    kept: int = 0  # pages whose bytes were kept
    kept_bytes: int = 0  # that this took
    skipped: Counter[str] = field(default_factory=Counter)  # by reason, in this run
    linked: int = 0  # articles linked
    links: Counter[str] = field(default_factory=Counter)  # decided, by relation
    possible: int = 0
    aligned: int = 0  # pairs of bodies
    left_out: int = 0  # candidates over the floor that were not aligned
    hot_keys: int = 0
    alarms: list[str] = field(default_factory=list)  # sites whose boilerplate suddenly changed
    problems: list[str] = field(default_factory=list)  # sources that could not be read
    seconds: dict[str, float] = field(default_factory=dict)  # by stage

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        """Add the time a block takes to `stage`."""
        begin = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[stage] = self.seconds.get(stage, 0.0) + time.perf_counter() - begin

    @property
    def cost(self) -> int:
        """How many bytes a page took whose bytes were kept."""
        return self.kept_bytes // max(1, self.kept)

    def count(self, links: Iterable[Link]) -> None:
        """Count one linked article and its links."""
        self.linked += 1
        for link in links:
            if link.state == "possible":
                self.possible += 1
            else:
                self.links[link.relation] += 1

    def counts(self) -> dict[str, Any]:
        """Return all but the seconds, for the `runs` table and `--json`."""
        names = (
            "read",
            "new",
            "changed",
            "known",
            "kept",
            "kept_bytes",
            "linked",
            "possible",
            "aligned",
            "left_out",
            "hot_keys",
            "alarms",
            "problems",
        )
        return {name: getattr(self, name) for name in names} | {
            "skipped": dict(sorted(self.skipped.items())),
            "links": dict(sorted(self.links.items())),
        }
