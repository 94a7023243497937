"""Characters: which of them words are made of, in every script, and what each is when words are compared.

Most news is made of characters of which each alone is a letter or none. In such a text words are what stands between
the others, and each character is one look into a table (`fold`). The rest goes the long way, word by word.
"""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import regex

# What one word is worth in words of a spaced script, so that "eight words" means as much text in every script
# (measured as characters an English word takes in translation: about 1.7 in Chinese, 3 clusters in Thai).
IDEOGRAM_WEIGHT = 0.6
CLUSTER_WEIGHT = 0.35

# ASCII but for what words are made of.
_ASCII_SPACES = {code: " " for code in range(128) if not chr(code).isalnum()}
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


class _Patterns(NamedTuple):
    """What is compiled on first use: most names and titles, and all that an answer reads besides, need none of it."""

    word: regex.Pattern[str]
    ideogram: regex.Pattern[str]
    cluster: regex.Pattern[str]
    hidden: regex.Pattern[str]
    dropped: regex.Pattern[str]
    letter: regex.Pattern[str]
    joined: regex.Pattern[str]
    maybe: regex.Pattern[str]
    mask: regex.Pattern[str]


@lru_cache(maxsize=1)
def _patterns() -> _Patterns:
    # Here, not above: to import it and to compile all this takes as long as Python takes to start.
    import regex

    word = regex.compile(
        rf"(?:{_LATIN}|{_SPACED})(?:{_LATIN}|{_SPACED}|[\p{{M}}{_UNSEEN}{_SILENT}])*+"
        rf"|[\p{{L}}\p{{N}}\u2f00-\u2fd5&&[{IDEOGRAMS}]][\p{{M}}\uff9e\uff9f{_UNSEEN}]*"
        rf"|{_CLUSTER}"
        r"|@(?:\s*@)+",
        regex.V1,
    )
    # Left out of the normalised word: whatever NFKC turned into something else than letters, marks and digits; marks
    # that enclose (keycaps); Arabic and Hebrew vowel points and the stretch mark, which one outlet prints and the next
    # does not.
    dropped = regex.compile(
        r"[^\p{L}\p{M}\p{N}]|\p{Me}|[\u0591-\u05bd\u05bf\u05c1-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670"
        rf"{_UNSEEN}{_APOSTROPHES}]"
    )
    return _Patterns(
        word=word,
        ideogram=regex.compile(rf"[{IDEOGRAMS}]", regex.V1),
        cluster=regex.compile(rf"[{CLUSTERED}]", regex.V1),
        hidden=regex.compile(rf"[{_UNSEEN}]", regex.V1),
        dropped=dropped,
        letter=regex.compile(rf"{_SPACED}", regex.V1),
        joined=regex.compile(rf"[\p{{M}}{_UNSEEN}{_SILENT}]"),
        maybe=regex.compile(rf"[\p{{L}}\p{{N}}\p{{M}}\u2f00-\u2fd5{_UNSEEN}{_SILENT}]"),  # all else parts words
        mask=regex.compile(r"@(?:\s*@)+", regex.V1),
    )


# One word, two spellings, by outlet or keyboard: Turkish dotless i (its capital is I), Russian yo, Romanian cedilla
# for comma, Arabic alef with and without its sign, Arabic for Persian yeh and kaf.
_SPELLINGS = str.maketrans("ıёșțأإآٱيىك", "iеşţااااییک")
# Thai and Lao: a tone mark typed after the ring of SARA AM, or before it.
_TONE = re.compile("([\u0e4d\u0ecd])([\u0e48-\u0e4b\u0ec8-\u0ecb])")


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
    plain = unicodedata.normalize("NFD", _patterns().hidden.sub("", token))
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", plain).casefold())
    # "i" with a dot above is what case folding makes of the Turkish capital.
    return _spelled(_patterns().dropped.sub("", folded).replace("i\u0307", "i"))


def _spelled(word: str) -> str:
    """Return a folded word in the spelling by which it is compared."""
    word = word.translate(_SPELLINGS)
    if word.isascii():
        return word
    word = _TONE.sub(r"\2\1", word)
    return "".join(str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in word)


normal = _Normal()

# Where letters lie of which each alone is one, whatever stands beside it: Latin, Greek, Cyrillic, Armenian, Hebrew,
# Arabic, letter-like signs, Hangul syllables. Marks and what nobody sees lie among them and go the long way.
_ALONE = ((0, 0x670), (0x1E00, 0x2000), (0x2100, 0x2150), (0xAC00, 0xD7A4), (0xFB00, 0xFB07))
_SILENCE = re.compile(f"[{_UNSEEN}{_SILENT}]")
_APOSTROPHE = re.compile(f"[{_APOSTROPHES}]")
_MASKED = re.compile(r"@\s*@")
# From Thai on any letter may be one that writes no spaces; not what is folded to Latin, or Greek, or is no letter.
_UNSPACED = re.compile("[\u0e00-\u1dff\u2e80-\U0010ffff]")


def fold(letter: str) -> str | None:
    """Return what a character is compared as; None where its neighbours have a say in it.

    " " where it parts words, with spaces around it where it is a word of its own.
    """
    kind = unicodedata.category(letter)
    if not any(low <= ord(letter) < high for low, high in _ALONE):
        # Dashes, quotation marks, arrows, but not the signs that NFKC makes ideograms of.
        if kind[0] in "PSZ" and not "\u2f00" <= letter <= "\u2fd5":
            return " "
        if not _patterns().maybe.match(letter):
            return " "
        if not (_patterns().ideogram.match(letter) and _patterns().word.match(letter)):
            return None
        # A mark may follow, but that has to be read together with its neighbours.
        return f" {word} " if (word := _normalised(letter)) else None
    if kind == "Cn":  # `regex` knows a later Unicode
        if _patterns().joined.match(letter) or _patterns().letter.match(letter):
            return None
        return " "
    if kind[0] == "M" or _SILENCE.match(letter):
        return None
    if kind[0] not in "LN" or _APOSTROPHE.match(letter):
        return " "
    word = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", letter).casefold())
    # What is made of letters and digits alone, as nearly all are, has nothing to leave out.
    word = _spelled(word) if word.isalnum() and not _APOSTROPHE.search(word) else _normalised(letter)
    # Each letter of a word may be looked up again, so it has to stand for itself.
    return word if word == letter or (word and all(fold(one) == one for one in word)) else None


class _Folds(dict[int, str]):
    """Code point -> `fold` of its character. Raises ValueError where that is None."""

    def __missing__(self, code: int) -> str:
        found = fold(chr(code))
        if found is None:
            raise ValueError(f"U+{code:04X} is read together with its neighbours")
        self[code] = found
        return found


_folds = _Folds()


def masked(body: str) -> bool:
    """Return whether a text has a run of `@`, which masks words."""
    return "@" in body and _MASKED.search(body) is not None


def solid(body: str) -> str:
    """Return a text with `@` for white space inside of its masks.

    >>> solid("a @ @ b @ c")
    'a @@@ b @ c'
    """
    made: str = _patterns().mask.sub(lambda match: "@" * len(match[0]), body)
    return made


def words(body: str) -> list[str]:
    """Return the normalised words of `body` in order; a break is the empty word.

    >>> words("Don’t STOP, ﬁne so\u00adnar! @ @ @ 東京へ")
    ['don', 't', 'stop', 'fine', 'sonar', '', '東', '京', 'へ']
    """
    if not masked(body):
        if body.isascii():
            return body.lower().translate(_ASCII_SPACES).split()
        with suppress(ValueError):
            return body.translate(_folds).split()
    return [normal[token] for token in _patterns().word.findall(body)]


def runs(body: str) -> list[tuple[int, int]]:
    """Return where the words of `body` stand, breaks included, as the pattern finds them."""
    return [match.span() for match in _patterns().word.finditer(body)]


@lru_cache(maxsize=200_000)
def weight(word: str) -> float:
    """Return what `word` is worth in words of a spaced script; 0 for a break.

    >>> weight("beijing"), weight("京"), weight("")
    (1.0, 0.6, 0.0)
    """
    if word.isascii():
        return 1.0 if word else 0.0
    if _patterns().cluster.match(word):
        return CLUSTER_WEIGHT
    return IDEOGRAM_WEIGHT if _patterns().ideogram.match(word) else 1.0


def spaced(body: str) -> bool:
    """Return whether each word of `body` is surely worth 1.0: letters of spaced scripts, and none is masked.

    >>> spaced("“Don’t stop”, said Żaneta"), spaced("in 東京"), spaced("Jane @ @ @")
    (True, False, False)
    """
    return not masked(body) and (body.isascii() or _UNSPACED.search(body) is None)


def count(body: str) -> int:
    """Return the number of words in `body`, breaks not counted."""
    return sum(map(bool, words(body)))
