"""Two articles and what they share -> both bodies in paragraphs, each stretch with what became of it in the other.

A stretch that stands in both carries the number of its passage; the others are dropped (only in the source), added
(only in the article) or plain (headlines, what is no sign of reuse). Inside, single words are marked: reworded ones,
changed numbers and names, quotations whose words are others now.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Literal

import numpy as np

from syndet.align import aligned, prepare
from syndet.models import Alignment, Article, Changes, Span
from syndet.seeds import Flags, Prepared

Mark = Literal["reworded", "number", "name", "quotation"]
State = Literal["passage", "dropped", "added", "plain"]
# Of several marks at one place the first of these is told.
_MARKS: tuple[Mark, ...] = ("number", "name", "quotation", "reworded")


# A passage may reach over a sentence that only one side has: less than this of its words are aligned there.
BRIDGED = 0.2


@dataclass(frozen=True, slots=True)
class Piece:
    """Words with one mark, or none."""

    text: str
    mark: Mark | None


@dataclass(frozen=True, slots=True)
class Stretch:
    """What stands together; `passage` is its number, from 1, and `first` whether the passage begins here."""

    state: State
    passage: int | None
    first: bool
    pieces: Sequence[Piece]


Paragraph = Sequence[Stretch]


@dataclass(frozen=True, slots=True)
class _Part:
    state: State
    number: int
    first: bool  # its passage begins here
    piece: Piece


@dataclass(frozen=True, slots=True)
class Spread:
    """Both bodies, side by side; passages have one number on both sides, in the order of the article."""

    article: Sequence[Paragraph]
    source: Sequence[Paragraph]
    passages: int


def spread(article: Article, source: Article, shared: Alignment, changes: Changes) -> Spread:
    """Return the bodies of two articles as `shared` and `changes` (article first) see them.

    >>> from syndet import changes, decide
    >>> one, two = Article("", "We met at noon. The old harbour bridge of Eastport will close on 3 May for repairs."), \
Article("", "The old harbour bridge of Eastport will close on 4 May for repairs. It is old.")
    >>> found = decide.compare(one, two)
    >>> made = spread(one, two, found.shared, changes.between(one, two))
    >>> [(stretch.state, [(piece.text, piece.mark) for piece in stretch.pieces]) for stretch in made.source[0]][1:]
    [('plain', [('. ', None)]), ('dropped', [('It is old.', None)])]
    """
    mine, theirs = prepare(article.body), prepare(source.body)
    blocks = aligned(mine, theirs)[1]
    one = _side(mine, [(a, size) for a, _, size in blocks], [passage.article for passage in shared.passages])
    other = _side(theirs, [(b, size) for _, b, size in blocks], [passage.source for passage in shared.passages])
    for mark, found in (("number", changes.numbers), ("name", changes.names), ("quotation", changes.quotations)):
        changed = [change for change in found if change.kind != "kept"]
        one.marks[mark] = [change.article for change in changed if change.article is not None]
        other.marks[mark] = [change.source for change in changed if change.source is not None]
    added = [change.article for change in changes.sentences if change.kind == "added" and change.article is not None]
    dropped = [change.source for change in changes.sentences if change.kind == "dropped" and change.source is not None]
    return Spread(
        tuple(_paragraphs(one, "added", added)), tuple(_paragraphs(other, "dropped", dropped)), len(shared.passages)
    )


@dataclass(frozen=True, slots=True)
class _Side:
    """A body, which of its words are aligned (bool, shape (n,)), where its passages and what is marked stand."""

    body: Prepared
    aligned: Flags
    passages: Sequence[Span]
    marks: dict[str, list[Span]]

    def words(self, span: Span) -> range:
        """Return the words in a span."""
        low, high = np.searchsorted(self.body.tokens.begins, span).tolist()
        return range(low, high)


def _side(body: Prepared, runs: Iterable[Span], passages: Sequence[Span]) -> _Side:
    """Return a side; `runs`: (first aligned word, how many). Words of passages that are not aligned are reworded."""
    found = np.zeros(len(body.hashes), np.bool_)
    for first, count in runs:
        found[first : first + count] = True
    side = _Side(body, found, passages, {"reworded": []})
    begins, ends = body.tokens.begins, body.tokens.ends
    for span in passages:
        others = [at for at in side.words(span) if not found[at] and body.hashes[at]]
        for _, group in groupby(enumerate(others), lambda item: item[1] - item[0]):
            words = [at for _, at in group]
            side.marks["reworded"].append((int(begins[words[0]]), int(ends[words[-1]])))
    return side


def _paragraphs(side: _Side, state: State, alone: Sequence[Span]) -> Iterator[Paragraph]:
    """Yield the paragraphs of a body; those without a word are left out. `alone`: sentences of one side only."""
    body = side.body.body
    edges = {0, len(body)}
    for spans in (side.passages, alone, *side.marks.values()):
        edges.update(place for span in spans for place in span)
    edges.update(at for at, letter in enumerate(body) if letter == "\n")
    edges.update(at + 1 for at, letter in enumerate(body) if letter == "\n")
    numbers, states = _painted(body, enumerate(side.passages, 1)), _painted(body, ((1, span) for span in alone))
    for begin, end in alone:
        words = side.words((begin, end))
        if side.aligned[words.start : words.stop].sum() < BRIDGED * len(words):
            numbers[begin:end] = 0
    painted = {mark: _painted(body, ((1, span) for span in side.marks.get(mark, ()))) for mark in _MARKS}
    met, first = np.unique(numbers, return_index=True)
    begun = dict(zip(first.tolist(), met.tolist(), strict=True))
    line: list[_Part] = []
    for begin, end in pairwise(sorted(edge for edge in edges if 0 <= edge <= len(body))):
        if body[begin:end] == "\n":
            yield from _joined(line)
            line = []
            continue
        number = int(numbers[begin])
        here: State = "passage" if number else state if states[begin] else "plain"
        mark = next((mark for mark in _MARKS if painted[mark][begin]), None)
        line.append(_Part(here, number, begun.get(begin) == number, Piece(body[begin:end], mark)))
    yield from _joined(line)


def _painted(body: str, spans: Iterable[tuple[int, Span]]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return for each character the number of the first span that covers it, 0 for none."""
    found = np.zeros(len(body) + 1, np.int64)
    for number, (begin, end) in spans:
        part = found[begin:end]
        part[part == 0] = number
    return found


def _joined(line: Sequence[_Part]) -> Iterator[Paragraph]:
    """Yield the paragraph that a line makes."""
    if not "".join(part.piece.text for part in line).strip():
        return
    made = []
    for (state, number), group in groupby(line, lambda part: (part.state, part.number)):
        parts = list(group)
        # An edge of something else may cut a mark in two.
        pieces = [
            Piece("".join(part.piece.text for part in some), mark)
            for mark, some in groupby(parts, lambda part: part.piece.mark)
        ]
        made.append(Stretch(state, number or None, bool(number) and parts[0].first, pieces))
    yield made
