"""Reposts that keep the words: whole, cut, rearranged, or in a page of other text."""

from __future__ import annotations

from collections.abc import Callable

from syndet import text
from syndet.errors import TooShort
from syndet.simulate.pieces import Draft, Piece, Task, between, paragraphs, units, worth

Maker = Callable[[Task], Draft]


def copy(task: Task) -> Draft:
    """The source, word for word."""
    return Draft([task.whole], task.source)


def headline(task: Task) -> Draft:
    """A new headline of words from the beginning, a byline and a date line before the source."""
    every = units(task.source)[:60]
    if len(every) < 8:
        raise TooShort("The source has fewer than 8 words; this edit needs them for a headline")
    chosen = sorted(task.chance.sample(range(len(every)), 8))
    title = " ".join(task.source[begin:end] for begin, end in (every[at] for at in chosen))
    byline = task.chance.choice(task.furniture.bylines)
    day = f"{task.chance.randint(1, 28):02}.{task.chance.randint(1, 12):02}.2024, {task.chance.randint(6, 22)}:15"
    return Draft([Piece(f"{title}\n{byline}\n{day}\n\n"), task.whole], task.source)


def boilerplate(task: Task) -> Draft:
    """Newsletter box, related stories, copyright notice, cookie text and author's note around the source."""
    own = task.furniture
    kinds = [own.newsletter, own.related, own.notice, own.cookies, own.author]
    written = [task.chance.choice(kind).format(site=task.site) for kind in kinds]
    task.chance.shuffle(written)
    before = task.chance.randint(0, 2)
    pieces = [*map(Piece, written[:before]), task.whole, *map(Piece, written[before:])]
    return Draft(between(pieces), task.source)


def first(words: int) -> Maker:
    """Return the edit that leaves the first `words` words."""

    def make(task: Task) -> Draft:
        return Draft([task.part(task.cut(words, first=True)), Piece(" …")], task.source)

    return make


def excerpt(words: int, prose: bool = True) -> Maker:
    """Return the edit that sets `words` words into an article of other text; `prose`: half of them unquoted."""

    def make(task: Task) -> Draft:
        piece = task.part(task.cut(words, prose=prose))
        host = task.filler(task.chance.randint(150, 400))
        at = task.chance.randint(1, len(host))
        gap = task.chance.choice(["\n\n", " "])
        before, after = paragraphs(host[:at], task.chance), paragraphs(host[at:], task.chance)
        return Draft([Piece(before + gap), piece, Piece(gap + after)], task.source)

    return make


def dropped(task: Task) -> Draft:
    """About a third of the paragraphs left out, here and there."""
    blocks = task.blocks(4)
    out = set(task.chance.sample(range(len(blocks)), max(1, len(blocks) // 3)))
    return Draft(between(task.part(span) for at, span in enumerate(blocks) if at not in out), task.source)


def reordered(task: Task) -> Draft:
    """The paragraphs in another order."""
    blocks = task.blocks(4)
    order = list(range(len(blocks)))
    while order == sorted(order):
        task.chance.shuffle(order)
    return Draft(between(task.part(blocks[at]) for at in order), task.source)


def inserted(task: Task) -> Draft:
    """New paragraphs, a third as much as the source, between those of the source."""
    blocks = task.blocks(4)
    new = paragraphs(task.filler(task.size / 3), task.chance).split("\n\n")
    pieces = [task.part(span) for span in blocks]
    for paragraph in new:
        pieces.insert(task.chance.randint(1, len(pieces) - 1), Piece(paragraph))
    return Draft(between(pieces), task.source)


def page(times: int) -> Maker:
    """Return the edit that sets the source into a page `times` as long."""

    def make(task: Task) -> Draft:
        others = task.filler(task.size * (times - 1))
        at = task.chance.randint(0, len(others))
        before, after = paragraphs(others[:at], task.chance), paragraphs(others[at:], task.chance)
        sides = [Piece(before), task.whole, Piece(after)]
        return Draft(between(piece for piece in sides if piece.text), task.source)

    return make


def digest(task: Task) -> Draft:
    """A round-up: the beginnings of four to six stories under a line each, the source among them."""
    number = task.chance.randint(3, 5)
    begin, end = task.cut(40, first=True)
    limit = next((stop for _, stop in text.sentences(task.source) if stop >= end), len(task.source))
    stories = [[task.part((begin, limit))]]
    for other in task.kin:
        if len(stories) > number:
            break
        shown, left = [], float(task.chance.randint(40, 110))
        for low, high in text.sentences(other):
            if left <= 0:
                break
            shown.append(other[low:high])
            left -= worth(shown[-1])
        if left <= 0:
            stories.append([Piece(" ".join(shown))])
    if len(stories) <= number:
        raise TooShort(f"A digest needs {number} other articles of 40 words; {len(stories) - 1} were given")
    task.chance.shuffle(stories)
    lines = task.chance.sample(range(1, 40), len(stories))
    pieces = [
        part for line, story in zip(lines, stories, strict=True) for part in (Piece(f"+++ {line:02} +++"), *story)
    ]
    return Draft(between(pieces), task.source)
