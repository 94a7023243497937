"""Invented articles, every fifth a repost of another, with the truth: what nights and archives are measured on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from syndet import letters
from syndet.background import background
from syndet.simulate import make

EVERY = 5
EDITS = ("copy", "headline", "boilerplate", "excerpt_100", "third", "replaced_30", "reworded")
LEAST = 200  # words; of shorter ones there are no excerpts


@dataclass(frozen=True, slots=True)
class Planted:
    """An article as a JSON line gives it; a repost with its edit and the number of the article it was made of."""

    record: dict[str, str]
    edit: str | None = None
    source: int | None = None


def planted(texts: Sequence[str], count: int) -> Iterator[Planted]:
    """Yield `count` articles around `texts`, numbered from 0 in their order."""
    # What stands around a repost stands nowhere else.
    hosts = (one.body for one in background(texts, 4 * count, seed=2))
    originals: list[tuple[int, str]] = []
    for number, one in enumerate(background(texts, count, seed=1)):
        body, edit, source = one.body, None, None
        if number % EVERY == EVERY - 1 and originals:
            edit = EDITS[number // EVERY % len(EDITS)]
            source, of = originals[number % len(originals)]
            body = make(edit, of, list(islice(hosts, 8)), number).body
        elif letters.count(body) >= LEAST:
            originals.append((number, body))
        record = {"url": one.url, "text": body, "title": one.title, "published": one.date}
        yield Planted(record, edit, source)
