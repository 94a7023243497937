"""Characters: which of them words are made of, in every script, and what each is when words are compared.

Most news is made of characters of which each alone is a letter or none. In such a text words are what stands between
the others, and all of it is one look into tables (`folded`). The rest goes the long way (`folded_by_word`).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import regex
from numpy.typing import NDArray

Codes = NDArray[np.uint8] | NDArray[np.uint32]

# Characters that a reader does not see: soft hyphen, combining grapheme joiner, Hangul fillers, zero-width and
# direction marks, variation selectors, tags, byte-order mark.
_UNSEEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff"
)
# The Arabic stretch mark and the forms of vowel points that stand for themselves: letters that no word is made of.
_SILENT = "\u0640\ufc5e-\ufc63\ufcf2-\ufcf4\ufe70-\ufe72\ufe74\ufe76-\ufe7f"
# Letters to Unicode, apostrophes to whoever types them (Ukrainian has three ways); an apostrophe parts two words.
_APOSTROPHES = "\u02b9-\u02bf\u0374"
IDEOGRAMS = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Bopomofo}\u3005-\u3007\u30fc\uff70"
CLUSTERED = r"\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{Tibetan}"
# Thai and Lao write some vowels before and some after their consonant; a cluster keeps them with it, so that
# composed and decomposed spellings (SARA AM) are the same word.
_CLUSTER = (
    r"(?:[\u0e40-\u0e44\u0ec0-\u0ec4][" + _UNSEEN + r"]*)?[[\p{L}\p{N}--\p{Nd}]&&[" + CLUSTERED + r"]]"
    r"[\p{M}\u0e30\u0e32\u0e33\u0e45\u0eb0\u0eb2\u0eb3" + _UNSEEN + r"]*"
)  # fmt: skip
# A number is one word in every script, as it is where its digits are ASCII.
_SPACED = rf"[[\p{{L}}\p{{N}}--[{IDEOGRAMS}{CLUSTERED}{_UNSEEN}{_SILENT}{_APOSTROPHES}]]||\p{{Nd}}]"
_LATIN = "[0-9A-Za-zÀ-ÖØ-öø-ſ]++"  # part of the former, only to be quick: most of most news
WORD = regex.compile(
    rf"(?:{_LATIN}|{_SPACED})(?:{_LATIN}|{_SPACED}|[\p{{M}}{_UNSEEN}{_SILENT}])*+"
    rf"|[\p{{L}}\p{{N}}\u2f00-\u2fd5&&[{IDEOGRAMS}]][\p{{M}}\uff9e\uff9f{_UNSEEN}]*"
    rf"|{_CLUSTER}"
    r"|@(?:\s*@)+",
    regex.V1,
)
IDEOGRAM_WORD = regex.compile(rf"[{IDEOGRAMS}]", regex.V1)
CLUSTER_WORD = regex.compile(rf"[{CLUSTERED}]", regex.V1)
_HIDDEN = regex.compile(rf"[{_UNSEEN}]", regex.V1)
# Left out of the normalised word: whatever NFKC turned into something else than letters, marks and digits; marks that
# enclose (keycaps); Arabic and Hebrew vowel points and the stretch mark, which one outlet prints and the next does not.
_DROPPED = regex.compile(
    r"[^\p{L}\p{M}\p{N}]|\p{Me}|[\u0591-\u05bd\u05bf\u05c1-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670"
    rf"{_UNSEEN}{_APOSTROPHES}]"
)
# One word, two spellings, by outlet or keyboard: Turkish dotless i (its capital is I), Russian yo, Romanian cedilla
# for comma, Arabic alef with and without its sign, Arabic for Persian yeh and kaf.
_SPELLINGS = str.maketrans("ıёșțأإآٱيىك", "iеşţااااییک")
# Thai and Lao: a tone mark typed after the ring of SARA AM, or before it.
_TONE = regex.compile("([\u0e4d\u0ecd])([\u0e48-\u0e4b\u0ec8-\u0ecb])")


class _Normal(dict[str, str]):
    """Token as written -> normalised word. News repeats itself, so nearly every look-up is a hit."""

    LIMIT = 500_000

    def __missing__(self, token: str) -> str:
        if len(self) >= self.LIMIT:
            self.clear()
        self[token] = word = "" if token[0] == "@" else _normalised(token)
        return word


def _normalised(token: str) -> str:
    if token.isascii():
        return token.lower()
    # Canonical order first: folding takes marks apart that would otherwise stand in each other's way.
    plain = unicodedata.normalize("NFD", _HIDDEN.sub("", token))
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", plain).casefold())
    # "i" with a dot above is what case folding makes of the Turkish capital.
    word: str = _DROPPED.sub("", folded).replace("i\u0307", "i").translate(_SPELLINGS)
    if word.isascii():
        return word
    word = _TONE.sub(r"\2\1", word)
    return "".join(str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in word)


normal = _Normal()

# Where letters lie of which each alone is one, whatever stands beside it: Latin, Greek, Cyrillic, Armenian, Hebrew,
# Arabic, letter-like signs, Hangul syllables. Marks and what nobody sees lie among them and go the long way.
_ALONE = ((0, 0x670), (0x1E00, 0x2000), (0x2100, 0x2150), (0xAC00, 0xD7A4), (0xFB00, 0xFB07))
_LETTER = regex.compile(rf"{_SPACED}", regex.V1)
_JOINED = regex.compile(rf"[\p{{M}}{_UNSEEN}{_SILENT}]")
# What may be part of a word; all else parts words.
_MAYBE = regex.compile(rf"[\p{{L}}\p{{N}}\p{{M}}\u2f00-\u2fd5{_UNSEEN}{_SILENT}]")
_MASKED = regex.compile(r"@\s*@")
_UNKNOWN, _GAP, _SEVERAL, _HARD = 0, ord(" "), 0xFFFF_FFFE, 0xFFFF_FFFF
# Code point -> that of the letter it is compared as, or one of the four above; filled in as characters are met.
_folds: NDArray[np.uint32] = np.zeros(0x11_0000, np.uint32)
_several: dict[int, str] = {}  # code point -> letters it is compared as


def _fold(code: int) -> int:
    """Return what belongs into `_folds` for a character."""
    letter = chr(code)
    if not any(low <= code < high for low, high in _ALONE):
        return _HARD if _MAYBE.match(letter) else _GAP
    if _JOINED.match(letter):
        return _HARD
    if not _LETTER.match(letter):
        return _GAP
    word = _normalised(letter)
    if word == letter:
        return code
    # The letters of a word are looked up again, so each has to stand for itself.
    if not word or any(_known(ord(one)) != ord(one) for one in word):
        return _HARD
    if len(word) == 1:
        return ord(word)
    _several[code] = word
    return _SEVERAL


def _known(code: int) -> int:
    if _folds[code] == _UNKNOWN:
        _folds[code] = _fold(code)
    return int(_folds[code])


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
    if "@" in body and _MASKED.search(body):
        return False
    return body.isascii() or int(_looked_up(codes(body)).max(initial=0)) != _HARD


def folded(body: str) -> Folded | None:
    """Return the words of `body`; None where some of its characters have to be read together with their neighbours."""
    if "@" in body and _MASKED.search(body):
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
        folds = _folds[codes(body)]
    data = np.frombuffer(folds.astype("<u4").tobytes().decode("utf-32-le").encode(), np.uint8)
    return Folded(data, *_edges(data), begins, ends)


def folded_by_word(body: str) -> tuple[Folded, list[str]]:
    """Return the words of any `body`, and the same as a list; a break is the empty word."""
    spans = [match.span() for match in WORD.finditer(body)]
    names = [normal[body[begin:end]] for begin, end in spans]
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
            _known(code)
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
