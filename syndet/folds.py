"""Whole bodies to words, by one look into a table: each word in UTF-8, and where it stands.

What `letters` says of each character, for texts of which each can be read alone; the others go word by word.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from syndet import letters

Codes = NDArray[np.uint8] | NDArray[np.uint32]

_UNKNOWN, _GAP, _SEVERAL, _HARD = 0, ord(" "), 0xFFFF_FFFE, 0xFFFF_FFFF
# Code point -> that of the letter it is compared as, or one of the four above; filled in as characters are met.
_folds: NDArray[np.uint32] = np.zeros(0x11_0000, np.uint32)
_several: dict[int, str] = {}  # code point -> letters it is compared as


def _fold(code: int) -> int:
    """Return what belongs into `_folds` for a character."""
    letters_ = letters.fold(chr(code))
    if letters_ is None:
        return _HARD
    if len(letters_) == 1:
        return ord(letters_)
    _several[code] = letters_
    return _SEVERAL


@dataclass(frozen=True, slots=True)
class Folded:
    """The words of a text as they are compared, and where they stand; n words.

    `data`: uint8, the words in UTF-8, spaces between them. `firsts`, `lasts`: int64, shape (n,), word i is
    `data[firsts[i]:lasts[i]]`. `begins`, `ends`: int64, shape (n,), the same in code points of the text.
    """

    data: NDArray[np.uint8]
    firsts: NDArray[np.int64]
    lasts: NDArray[np.int64]
    begins: NDArray[np.int64]
    ends: NDArray[np.int64]


def alone(body: str) -> bool:
    """Return whether `folded` reads `body`: whether each of its characters can be read alone."""
    if letters.masked(body):
        return False
    return body.isascii() or int(_looked_up(codes(body)).max(initial=0)) != _HARD


def folded(body: str) -> Folded | None:
    """Return the words of `body`; None where some of its characters have to be read together with their neighbours."""
    if letters.masked(body):
        return None
    written = codes(body)
    folds = _looked_up(written)
    highest = int(folds.max(initial=0))
    if highest == _HARD:
        return None
    begins, ends = _edges(folds)
    if highest < 128:
        return Folded(folds.astype(np.uint8), begins, ends, begins, ends)
    if highest == _SEVERAL:
        for code in np.unique(written[folds == _SEVERAL]).tolist():
            body = body.replace(chr(code), _several[code])
        folds = _looked_up(codes(body))
    data = np.frombuffer(folds.astype("<u4").tobytes().decode("utf-32-le").encode(), np.uint8)
    return Folded(data, *_edges(data), begins, ends)


def folded_by_word(body: str) -> tuple[Folded, list[str]]:
    """Return the words of any `body`, and the same as a list; a break is the empty word."""
    spans = letters.runs(body)
    names = [letters.normal[body[begin:end]] for begin, end in spans]
    begins, ends = np.array(spans, np.int64).reshape(-1, 2).T
    data = np.frombuffer(" ".join(names).encode("utf-8", "surrogatepass"), np.uint8)
    lasts = np.cumsum([len(name.encode("utf-8", "surrogatepass")) + 1 for name in names], dtype=np.int64) - 1
    firsts = np.concatenate((np.zeros(min(1, len(names)), np.int64), lasts[:-1] + 1))
    return Folded(data, firsts, lasts, begins.copy(), ends.copy()), names


def together(parts: Sequence[Folded]) -> Folded:
    """Return the words of all `parts` as one; places stay those in each part."""
    shifts = np.concatenate(([0], np.cumsum([len(part.data) + 1 for part in parts])))
    gap = np.full(1, _GAP, np.uint8)
    return Folded(
        np.concatenate([piece for part in parts for piece in (part.data, gap)]),
        np.concatenate([part.firsts + shift for part, shift in zip(parts, shifts, strict=False)]),
        np.concatenate([part.lasts + shift for part, shift in zip(parts, shifts, strict=False)]),
        np.concatenate([part.begins for part in parts]),
        np.concatenate([part.ends for part in parts]),
    )


def _looked_up(written: Codes) -> NDArray[np.uint32]:
    """Return the entries of `_folds` for the code points `written`."""
    folds: NDArray[np.uint32] = _folds[written]
    if not folds.all():
        for code in np.unique(written[folds == _UNKNOWN]).tolist():
            _folds[code] = _fold(code)
        folds = _folds[written]
    return folds


def codes(body: str) -> Codes:
    """Return the code points of `body`."""
    if body.isascii():
        return np.frombuffer(body.encode(), np.uint8)
    return np.frombuffer(body.encode("utf-32-le", "surrogatepass"), "<u4")


def _edges(data: Codes) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where the stretches without spaces begin and end."""
    inside = np.zeros(len(data) + 2, np.bool_)
    np.not_equal(data, _GAP, out=inside[1:-1])
    edges = np.flatnonzero(inside[1:] != inside[:-1])
    return edges[::2], edges[1::2]
