"""Kinds of evidence that are left out, one after the other, and what that does to the answers.

For scripts/evaluate_origin. What is left out counts nothing, whether pages are read, linked or answered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import directions
from directions import Outcome

from syndet import cues, origin, outlets, witnesses
from syndet.intervals import wilson
from syndet.simulate.syndication import Planted

Change = tuple[Any, str, Any]  # of what, which attribute, to what
# Each kind with what makes it count nothing.
KINDS: dict[str, tuple[Change, ...]] = {
    "cues": ((cues, "read", lambda *_, **__: ()),),
    "dates": tuple((origin, name, 0.0) for name in (
        "WEIGHT_DATES", "WEIGHT_DATES_CLOSE", "WEIGHT_DATES_SOON", "WEIGHT_DATES_DOUBTED", "WEIGHT_DATES_IN_PART",
        "WEIGHT_FIRST_SEEN")),
    "text asymmetry": tuple((origin, name, 0.0) for name in ("WEIGHT_EXCERPT", "WEIGHT_SELF_REFERENCE")),
    "known sites": ((outlets, "roster", lambda _=(): outlets.Roster(list)),),
    "witnesses": ((witnesses.Witnesses, "heard", lambda _, link: link),),
}  # fmt: skip
ROWS = ("any cue", "dates alone", "text alone", "origin not stored, but named")


def leave_out(kinds: Sequence[str]) -> None:
    """Make these kinds count nothing from now on."""
    for kind in kinds:
        for thing, name, value in KINDS[kind]:
            setattr(thing, name, value)


@contextmanager
def _without(kind: str | None) -> Iterator[None]:
    changes = KINDS[kind] if kind else ()
    kept = [(thing, name, getattr(thing, name)) for thing, name, _ in changes]
    leave_out([kind] if kind else [])
    try:
        yield
    finally:
        for thing, name, value in kept:
            setattr(thing, name, value)


def report(
    ask: Callable[[Sequence[Planted]], list[Outcome]], stories: Sequence[Planted], carried: Sequence[Planted]
) -> None:
    """Print by what is left out how many answers are right, with intervals, and how many pages are answered."""
    print(f"| left out | {' | '.join((*ROWS, 'all copies', 'carriers'))} |")
    print("|---" * (len(ROWS) + 3) + "|")
    for kind in (None, *KINDS):
        with _without(kind):
            outcomes, carriers = ask(stories), [one for one in ask(carried) if one.planted.role == "carrier"]
        groups = directions.by(outcomes, directions.signs)
        every = [one for group in groups.values() for one in group]
        cells = [_cell(group) for group in (*(groups.get(row, []) for row in ROWS), every, carriers)]
        print(f"| {kind or 'nothing'} | {' | '.join(cells)} |", flush=True)


def _cell(outcomes: Sequence[Outcome]) -> str:
    right, wrong = (sum(one.result == result for one in outcomes) for result in ("right", "wrong"))
    return f"{directions.shown(wilson(right, right + wrong))} of {right + wrong}/{len(outcomes)}"
