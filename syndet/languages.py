"""Language tags -> ISO 639-1; the language of a body, declared or recognised."""

from __future__ import annotations

import re
from functools import lru_cache

import py3langid

SAMPLE = 300  # characters of the body that decide on a language

_LETTERS = re.compile(r"[^\W\d_]+")
_OLD_CODES = {"nb": "no", "iw": "he", "in": "id", "ji": "yi", "mo": "ro", "sh": "sr"}
_LONG_CODES = {
    "ara": "ar", "ces": "cs", "cze": "cs", "deu": "de", "ger": "de", "ell": "el", "eng": "en", "fin": "fi",
    "fra": "fr", "fre": "fr", "hin": "hi", "ita": "it", "jpn": "ja", "kor": "ko", "nld": "nl", "dut": "nl",
    "pol": "pl", "por": "pt", "ron": "ro", "rum": "ro", "rus": "ru", "spa": "es", "swe": "sv", "tur": "tr",
    "ukr": "uk", "vie": "vi", "zho": "zh", "chi": "zh",
}  # fmt: skip
# First and last code point -> the languages usually written so; anything else is expected in Latin letters.
_SCRIPTS: tuple[tuple[int, int, frozenset[str]], ...] = tuple(
    (first, last, frozenset(codes.split()))
    for first, last, codes in (
        (0x0370, 0x03FF, "el"),
        (0x0400, 0x052F, "ru uk bg be mk sr kk ky tg mn tt ba cv ce os"),
        (0x0590, 0x05FF, "he yi"),
        (0x0600, 0x06FF, "ar fa ur ps ug sd ckb"),
        (0x0900, 0x097F, "hi mr ne sa"),
        (0x0980, 0x09FF, "bn as"),
        (0x0B80, 0x0BFF, "ta"),
        (0x0C00, 0x0C7F, "te"),
        (0x0C80, 0x0CFF, "kn"),
        (0x0D00, 0x0D7F, "ml"),
        (0x0E00, 0x0E7F, "th"),
        (0x3040, 0x30FF, "ja"),
        (0x3400, 0x9FFF, "zh ja"),
        (0xAC00, 0xD7A3, "ko"),
    )
)
# Written in several scripts, so that none contradicts them.
_SEVERAL = frozenset("sr az uz kk ky mn tg tk ku pa sd ug tt bs ks ha ms kok".split())


def code(value: str | None) -> str | None:
    """Return the ISO 639-1 code in a language tag or locale.

    >>> code("pt_BR"), code("deu"), code("iw"), code("x-none")
    ('pt', 'de', 'he', None)
    """
    tag = re.split(r"[-_,; ]", (value or "").strip().lower())[0]
    tag = _OLD_CODES.get(tag, _LONG_CODES.get(tag, tag))
    return tag if re.fullmatch("[a-z]{2}", tag) else None


def of(declared: str | None, body: str) -> str | None:
    """Return the language of `body`: the declared one unless the script contradicts it, else the likeliest.

    >>> of("en", "Сегодня в Москве прошёл сильный дождь, движение остановилось.")
    'ru'
    """
    sample = body[:SAMPLE]
    letters = "".join(_LETTERS.findall(sample))
    if not letters:
        return declared
    if declared and (declared in _SEVERAL or _fits(declared, letters)):
        return declared
    return code(_classified(sample))


def _fits(language: str, letters: str) -> bool:
    """Say whether most of `letters` are in a script that `language` is written in."""
    own = [(first, last) for first, last, codes in _SCRIPTS if language in codes]
    if own:
        fitting = sum(any(first <= ord(letter) <= last for first, last in own) for letter in letters)
    else:
        fitting = sum(ord(letter) < 0x370 or 0x1E00 <= ord(letter) < 0x1F00 for letter in letters)
    return fitting * 2 >= len(letters)


@lru_cache(maxsize=1024)
def _classified(sample: str) -> str | None:
    name = py3langid.classify(sample)[0]
    return name if isinstance(name, str) else None
