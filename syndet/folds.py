"""Whole texts to words, by one look into a table for each character: each word in UTF-8, and where it stands.

What `letters` says of each character is written over it, byte for byte, so that all that ASCII needs is one pass over
bytes. A stretch between two spaces in which some character has to be read together with its neighbours goes word by
word instead, and is remembered: news repeats itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from syndet import compiled, letters
from syndet.hashing import hashed

Codes = NDArray[np.uint8] | NDArray[np.uint32]
Bytes = NDArray[np.uint8]
Places = NDArray[np.int64]
Hashes = NDArray[np.uint64]

_GAP = ord(" ")
# Bytes that no UTF-8 has: what a fold leaves over where it is shorter than its character, and what goes word by word.
_LEFT_OVER, _NEIGHBOURLY = 0xFE, 0xFF
# Stands for the empty word, a break; as a character of a text it parts words.
_BREAK = b"\0"
_ASCII = bytes(ord(letters.fold(chr(code)) or " ") for code in range(128)) + bytes(range(128, 256))
# Code point -> the bytes that it is compared as, the first the lowest, filled up with _LEFT_OVER to as many as it has,
# or one of the two; those of ideograms, which are words of their own, have the highest bit. Filled in as they are met.
_UNKNOWN, _HARD, _OWN = 0, 1, np.uint32(1 << 31)
_folds: NDArray[np.uint32] = np.zeros(0x11_0000, np.uint32)


def _fold(code: int) -> int:
    """Return what belongs into `_folds` for a character beyond ASCII."""
    size = len(chr(code).encode("utf-8", "surrogatepass"))
    found = letters.fold(chr(code))
    if found == " ":
        return int.from_bytes(b" " * size, "little")
    if found is None or len(folded := found.strip().encode("utf-8", "surrogatepass")) > size:
        return _HARD
    own = found[0] == " "
    if own and (size, len(folded)) != (3, 3):
        return _HARD
    return int.from_bytes(folded.ljust(size, bytes([_LEFT_OVER])), "little") | (int(_OWN) if own else 0)


@dataclass(frozen=True, slots=True)
class Folded:
    """The words of a text as they are compared, and where they stand; n words.

    `data`: uint8, the words in UTF-8, something between them. `firsts`, `lasts`: int64, shape (n,), word i is
    `data[firsts[i]:lasts[i]]`, empty for a break. `written`: the text in UTF-8. `begins`, `ends`: int64, shape (n,),
    word i was read at `written[begins[i]:ends[i]]`. `hashes`: uint64, shape (n,), `hashing.hashed` of each.
    """

    data: Bytes
    firsts: Places
    lasts: Places
    written: bytes
    begins: Places
    ends: Places
    hashes: Hashes

    def letters(self, places: Places) -> Places:
        """Return which letter of the text begins at each of `places`, of bytes of it."""
        if self.written.isascii():
            return places
        goes_on = (np.frombuffer(self.written, np.uint8) & 0xC0) == 0x80
        more = np.concatenate((np.zeros(1, np.int64), np.cumsum(goes_on)))
        found: Places = places - more[places]
        return found


def folded(body: str) -> Folded:
    """Return the words of `body`."""
    return _folded(_encoded(body))


def row(bodies: Sequence[str]) -> tuple[Folded, Places]:
    """Return the words of all `bodies` as of one text, and the bounds of each one's, shape (bodies + 1,)."""
    parts = [_encoded(body) for body in bodies]
    # Parts words, and is not white space, which a mask may run across.
    found = _folded(b"\0".join(parts))
    limits = np.cumsum([len(part) + 1 for part in parts], dtype=np.int64)
    return found, np.concatenate((np.zeros(1, np.int64), np.searchsorted(found.begins, limits)))


def codes(body: str) -> Codes:
    """Return the code points of `body`."""
    if body.isascii():
        return np.frombuffer(body.encode(), np.uint8)
    return np.frombuffer(body.encode("utf-32-le", "surrogatepass"), "<u4")


def _encoded(body: str) -> bytes:
    """Return a text in UTF-8, with masks made of `@` alone."""
    return (letters.solid(body) if letters.masked(body) else body).encode("utf-8", "surrogatepass")


class _Scan(NamedTuple):
    """What is told at sight: the fields of `Folded`, and where the stretches begin and end that go word by word."""

    data: Bytes
    firsts: Places
    lasts: Places
    begins: Places
    ends: Places
    hashes: Hashes
    hard_begins: Places
    hard_ends: Places


def _folded(written: bytes) -> Folded:
    """Return the words of a text in UTF-8 in which masks are made of `@` alone."""
    kernels = compiled.loaded()
    seen = _scanned(written) if kernels is None else _scanned_by(kernels, written)
    data, firsts, lasts, begins, ends, hashes, hard_begins, hard_ends = seen
    if not len(hard_begins):
        return Folded(data, firsts, lasts, written, begins, ends, hashes)
    read = [_stretches[written[begin:end]] for begin, end in zip(hard_begins.tolist(), hard_ends.tolist(), strict=True)]
    words = np.frombuffer(b"".join([one.words for one in read]), np.uint8)
    moves = np.repeat(hard_begins, [len(one.begins) for one in read])
    word_begins = moves + np.array([place for one in read for place in one.begins], np.int64)
    word_ends = moves + np.array([place for one in read for place in one.ends], np.int64)
    word_firsts, word_lasts = _edges(words)
    word_lasts = word_lasts - (words[word_firsts] == _BREAK[0])
    at = np.searchsorted(begins, word_begins)
    return Folded(
        np.concatenate((data, words)),
        np.insert(firsts, at, word_firsts + len(data)),
        np.insert(lasts, at, word_lasts + len(data)),
        written,
        np.insert(begins, at, word_begins),
        np.insert(ends, at, word_ends),
        np.insert(hashes, at, hashed(words, word_firsts, word_lasts)),
    )


def _scanned_by(kernels: ModuleType, written: bytes) -> _Scan:
    """Return what `_scanned` returns, by the compiled loop; between words, `data` may differ."""
    text = np.frombuffer(written, np.uint8)
    data = np.empty(len(text) + 4, np.uint8)
    most = len(text) // 2 + 2
    edges, hashes, hard = np.empty((4, most), np.int64), np.empty(most, np.uint64), np.empty((2, most), np.int64)
    while True:
        size, words, stretches, unknown = kernels.scanned(text, _folds, data, edges, hashes, hard)
        if unknown < 0:
            firsts, lasts, begins, ends = edges[:, :words]
            return _Scan(
                data[:size], firsts, lasts, begins, ends, hashes[:words], hard[0, :stretches], hard[1, :stretches]
            )
        _folds[unknown] = _fold(unknown)


def _scanned(written: bytes) -> _Scan:
    """Return the words of a text but for the stretches that go word by word, and where these are."""
    data = np.frombuffer(bytearray(written.translate(_ASCII)), np.uint8)
    own = np.empty(0, np.int64)
    hard = left_over = False
    if not written.isascii():
        own, hard, left_over = _fold_beyond_ascii(data)
    if b"@@" in written:
        hard = True
        at = np.frombuffer(written, np.uint8) == ord("@")
        twice = np.flatnonzero(at[1:] & at[:-1])
        data[twice] = data[twice + 1] = _NEIGHBOURLY
    begins, ends = _edges(data)
    hard_begins = hard_ends = own[:0]
    if hard:
        which = np.unique(np.searchsorted(begins, np.flatnonzero(data == _NEIGHBOURLY), "right") - 1)
        hard_begins, hard_ends = begins[which], ends[which]
        for begin, end in zip(hard_begins.tolist(), hard_ends.tolist(), strict=True):
            data[begin:end] = _GAP
        begins, ends = np.delete(begins, which), np.delete(ends, which)
        own = own[data[own] != _GAP]
    if len(own):
        begins, ends = _parted(data, begins, ends, own)
    firsts, lasts = begins, ends
    if left_over and len(fill := np.flatnonzero(data == _LEFT_OVER)):
        data = np.delete(data, fill)
        # Each lies in a word, behind its first byte.
        before = np.cumsum(np.bincount(np.searchsorted(begins, fill), minlength=len(begins) + 1))
        firsts, lasts = begins - before[:-1], ends - before[1:]
    return _Scan(data, firsts, lasts, begins, ends, hashed(data, firsts, lasts), hard_begins, hard_ends)


def _fold_beyond_ascii(data: Bytes) -> tuple[Places, bool, bool]:
    """Write over each character beyond ASCII what it is compared as.

    Return where ideograms begin, whether some characters go word by word, and whether something is left over.
    """
    leads = np.flatnonzero(data >= 0xC0)
    first = data[leads]
    own = np.empty(0, np.int64)
    hard = left_over = False
    for size, low, high in ((2, 0xC0, 0xE0), (3, 0xE0, 0xF0), (4, 0xF0, 0x100)):
        among = (first >= low) & (first < high)
        at = leads[among]
        if not len(at):
            continue
        code = (first[among] & (0x7F >> size)).astype(np.int64)
        for place in range(1, size):
            code <<= 6
            code |= data[at + place] & 0x3F
        found = _looked_up(code)
        if size == 3:
            own = at[found >= _OWN]
        neighbourly = found == _HARD
        if neighbourly.any():
            hard = True
            found[neighbourly] = 0xFFFF_FFFF
        for place in range(size):
            part = (found >> np.uint32(8 * place)).astype(np.uint8)
            left_over |= place > 0 and bool((part == _LEFT_OVER).any())
            data[at + place] = part
    return own, hard, left_over


def _looked_up(code: Places) -> NDArray[np.uint32]:
    """Return the entries of `_folds` for code points beyond ASCII."""
    found: NDArray[np.uint32] = _folds[code]
    if not found.all():
        for one in np.unique(code[found == _UNKNOWN]).tolist():
            _folds[one] = _fold(one)
        found = _folds[code]
    return found


def _edges(data: Bytes) -> tuple[Places, Places]:
    """Return where the stretches without gaps begin and end."""
    inside = np.zeros(len(data) + 2, np.bool_)
    np.not_equal(data, _GAP, out=inside[1:-1])
    edges = np.flatnonzero(inside[1:] != inside[:-1])
    return edges[::2], edges[1::2]


def _parted(data: Bytes, begins: Places, ends: Places, own: Places) -> tuple[Places, Places]:
    """Return where words begin and end that are parted before and after the ideograms at `own` of `data`."""
    cuts = np.union1d(own, own + 3)
    cuts = cuts[(cuts > 0) & (cuts < len(data))]
    cuts = cuts[(data[cuts - 1] != _GAP) & (data[cuts] != _GAP)]
    return np.insert(begins, np.searchsorted(begins, cuts), cuts), np.insert(ends, np.searchsorted(ends, cuts), cuts)


# -- word by word ------------------------------------------------------------------------------------------------------


class _Read(NamedTuple):
    """The words of a stretch: each in UTF-8 with a space after it, and at which bytes of the stretch it stands."""

    words: bytes
    begins: list[int]
    ends: list[int]


class _Stretches(dict[bytes, _Read]):
    """Stretch without gaps, in UTF-8 -> its words."""

    LIMIT = 50_000
    LONGEST = 60  # bytes; nothing longer comes again

    def __missing__(self, stretch: bytes) -> _Read:
        body = stretch.decode("utf-8", "surrogatepass")
        spans = letters.runs(body)
        words = [letters.normal[body[begin:end]].encode("utf-8", "surrogatepass") or _BREAK for begin, end in spans]
        sizes = [0]
        for letter in body:
            sizes.append(sizes[-1] + len(letter.encode("utf-8", "surrogatepass")))
        read = _Read(
            b"".join(word + b" " for word in words),
            [sizes[begin] for begin, _ in spans],
            [sizes[end] for _, end in spans],
        )
        if len(stretch) <= self.LONGEST:
            if len(self) >= self.LIMIT:
                self.clear()
            self[stretch] = read
        return read


_stretches = _Stretches()
