"""How many words of a passage tell of reuse, so that what is left when passages are taken away can be told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Counts:
    """Aligned words of passages; "telling" are those that are neither quoted nor names nor numbers."""

    unquoted: int = 0
    telling: int = 0
    longest_run: int = 0  # of a verbatim run, all words
    telling_passage: int = 0  # of a dense passage, the most that are telling
    telling_run: int = 0  # of a verbatim run, the most that are telling


def together(several: Iterable[Counts]) -> Counts:
    """Return the counts of several passages as a whole.

    >>> together([Counts(4, 3, 9, 3, 2), Counts(2, 2, 5, 2, 2)])
    Counts(unquoted=6, telling=5, longest_run=9, telling_passage=3, telling_run=2)
    """
    found = list(several)
    return Counts(
        sum(one.unquoted for one in found),
        sum(one.telling for one in found),
        max((one.longest_run for one in found), default=0),
        max((one.telling_passage for one in found), default=0),
        max((one.telling_run for one in found), default=0),
    )
