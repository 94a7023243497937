"""Reposts that a machine spoilt: read in a wrong encoding, sown with unseen characters, extracted badly."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from itertools import cycle
from random import Random

import regex

from syndet import text
from syndet.simulate.pieces import Draft, Piece, Task, between, script, units

# Shares of a body, as seen on pages that were put together from parts of several encodings.
_SENTENCES_MISREAD = 0.15  # in scripts of which nothing would be left to read
_CHARACTERS_LOST = 0.02
_WORDS_SOWN = 0.15
_UNSEEN = tuple("\u00ad\u200b\u200c\u200d\u2060\ufe0f\ufeff")
_LIGATURES = {"ffi": "ﬃ", "ffl": "ﬄ", "ff": "ﬀ", "fi": "ﬁ", "fl": "ﬂ"}
_LINK = regex.compile("ffi|ffl|ff|fi|fl")
_QUOTES = regex.compile('[“”„«»"]')
_STYLES = ("“”", '""', "„“", "«»", "””")


def misread(encoding: str) -> Callable[[Task], Draft]:
    """Return the edit that reads UTF-8 as `encoding`: the whole text in Latin letters, else some sentences."""

    def make(task: Task) -> Draft:
        if script(task.source) == "LATIN":
            return _whole(task, _misread(task.source, encoding))
        pieces, place = [], 0
        for begin, end in text.sentences(task.source):
            sentence = task.source[begin:end]
            if task.chance.random() < _SENTENCES_MISREAD:
                sentence = _misread(sentence, encoding)
            pieces.append(task.source[place:begin] + sentence)
            place = end
        return _whole(task, "".join(pieces) + task.source[place:])

    return make


def _misread(body: str, encoding: str) -> str:
    data = body.encode("utf-8", "surrogatepass")
    # The five bytes that cp1252 leaves out are read as control characters, as browsers read them.
    return "".join(data[at : at + 1].decode(encoding, "ignore") or chr(byte) for at, byte in enumerate(data))


def lost(task: Task) -> Draft:
    """Question marks or replacement characters: for all that is not ASCII in Latin letters, else here and there."""
    mark = task.chance.choice(["?", "\ufffd"])
    share = 1.0 if script(task.source) == "LATIN" else _CHARACTERS_LOST
    body = "".join(mark if not letter.isascii() and task.chance.random() < share else letter for letter in task.source)
    return _whole(task, body)


def unseen(task: Task) -> Draft:
    """Soft hyphens, zero-width characters, variation selectors and byte-order marks inside of words."""
    pieces, place = [], 0
    for begin, end in units(task.source):
        if end - begin > 1 and task.chance.random() < _WORDS_SOWN:
            at = task.chance.randint(begin + 1, end - 1)
            pieces += [task.source[place:at], task.chance.choice(_UNSEEN)]
            place = at
    return _whole(task, "".join(pieces) + task.source[place:])


def typography(task: Task) -> Draft:
    """Ligatures, other quotation marks, apostrophes, dashes and spaces, letters in parts (NFD) or composed (NFC)."""
    form = task.chance.choice(["NFC", "NFD"])
    marks = task.chance.choice(_STYLES)
    swaps = {"’": "'", "'": "’", "–": "-", "—": " - ", "…": "...", "\u00a0": " "}
    body = _LINK.sub(lambda found: _LIGATURES[found.group()], task.source)
    body = "".join(swaps.get(letter, letter) for letter in body)
    turns = cycle(marks)
    body = _QUOTES.sub(lambda _: next(turns), body)
    return _whole(task, unicodedata.normalize(form, body))  # type: ignore[arg-type]


def breaks(task: Task) -> Draft:
    """Every paragraph break lost, or doubled, or words broken to lines of a mail."""
    kind = task.chance.choice(["lost", "doubled", "lines"])
    if kind == "lost":
        return _whole(task, regex.sub(r"\s*\n\s*", " ", task.source))
    if kind == "doubled":
        return _whole(task, regex.sub(r"(?<=[.!?。！？।؟…][\"”»」]?)\s+|\n+", "\n\n", task.source))
    return _whole(task, regex.sub(r"(\S(?:.{50,70}?)) ", r"\1\n", task.source))


def extracted(task: Task) -> Draft:
    """Lines of menus, share buttons and captions before, after and between the paragraphs."""
    pieces = [task.part(span) for span in task.blocks(3)]
    own = list(task.furniture.lines)
    body = [Piece(line.format(site=task.site)) for line in _some(own, 4, task.chance)]
    for piece in pieces:
        body.append(piece)
        if task.chance.random() < 0.5:
            body.append(Piece(task.chance.choice(own).format(site=task.site)))
    body += [Piece(line.format(site=task.site)) for line in _some(own, 3, task.chance)]
    return Draft(between(body, task.chance.choice(["\n", "\n\n"])), task.source)


def _some(lines: list[str], most: int, chance: Random) -> list[str]:
    return chance.sample(lines, chance.randint(1, min(most, len(lines))))


def _whole(task: Task, body: str) -> Draft:
    return Draft([Piece(body, (0, len(task.source)))], task.source)
