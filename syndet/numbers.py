"""Numbers as bodies write them to their values, in the digits of every script; words for numbers are not read."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

import regex

from syndet.models import Span

# Words after a number that multiply it, by power of ten, in the languages of most news. "billion" is the English one.
_WORDS = {
    3: "thousand k tausend tsd mille mil mila duizend tusen tysiąc tysiące tysięcy tisíc тысяча тысячи тысяч тыс тис "
    "bin ألف آلاف हज़ार हजार 千 천 พัน",
    4: "万 萬 만 หมื่น",
    5: "lakh lakhs लाख แสน",
    6: "million millions mln mn millionen mio millón millones milhão milhões milione milioni miljoen miljoner milion "
    "miliony milionów milionu milyon миллион миллиона миллионов млн мільйон мільйона мільйонів εκατομμύρια "
    "مليون ملايين 百万 ล้าน",
    7: "crore crores करोड़",
    8: "亿 億 억",
    9: "billion billions bn milliarde milliarden mrd milliard milliards miliardo miliardi miljard miljarder miliard "
    "miliardy miliardów milyar миллиард миллиарда миллиардов млрд мільярд мільярда мільярдів مليار مليارات",
    12: "trillion trillions trn billionen billón billones biliões триллион триллиона триллионов трлн تريليون 兆 조",
}
_POWERS = {word: power for power, words in _WORDS.items() for word in words.split()}
_SPACES = " \u00a0\u2009\u202f"
_MARKS = ".,:'’٫٬．，："
_PLAIN = str.maketrans("٫٬．，：’\u00a0\u2009\u202f", ".,.,:'   ")
# A space parts thousands only where each group has three digits. Letters of a spaced script right before digits make a
# name of them ("B52"); an Arabic prefix does not.
_NUMBER = regex.compile(
    rf"(?<![\p{{Latin}}\p{{Cyrillic}}\p{{Greek}}\p{{Nd}}])"
    rf"(?P<digits>\p{{Nd}}{{1,3}}(?:[{_SPACES}]\p{{Nd}}{{3}}(?!\p{{Nd}}))++(?:[.,٫]\p{{Nd}}++)?"
    rf"|\p{{Nd}}++(?:[{_MARKS}]\p{{Nd}}++)*+)"
    rf"(?:[{_SPACES}-]?(?P<power>{'|'.join(_POWERS)})(?![\p{{L}}--[\p{{Han}}\p{{Hangul}}\p{{Thai}}\p{{Hiragana}}]]))?",
    regex.I | regex.V1,
)
_PARTS = regex.compile(r"[^0-9]")


def numbers(body: str) -> Iterator[tuple[Span, str]]:
    """Yield the span of each number of `body`, with a word that multiplies it, and its value: equal for equal numbers.

    >>> body = "1,000 or 1 000 at 4.2 million, 4,2 Mio, ٤٫٢ or 420万"
    >>> [(body[begin:end], value) for (begin, end), value in numbers(body)][:3]
    [('1,000', '1000'), ('1 000', '1000'), ('4.2 million', '4200000')]
    >>> [value for _, value in numbers(body)][3:]
    ['4200000', '4.2', '4200000']
    """
    for found in _NUMBER.finditer(body):
        yield found.span(), _value(found["digits"], _POWERS.get((found["power"] or "").lower(), 0))


def _value(digits: str, power: int) -> str:
    """Return a number as its digits with at most one point; dates, times and the like as their parts."""
    plain = "".join(str(unicodedata.decimal(letter, letter)) for letter in digits).translate(_PLAIN)
    parts, marks = _PARTS.split(plain), "".join(_PARTS.findall(plain))
    *front, last = parts
    if _grouped(parts, marks):
        whole, fraction = "".join(parts), ""
    elif marks[-1] != ":" and marks[-1] not in marks[:-1] and _grouped(front, marks[:-1]):
        whole, fraction = "".join(front), last
    else:
        return ":".join(parts)
    whole = (whole + fraction[:power].ljust(power, "0")).lstrip("0") or "0"
    fraction = fraction[power:].rstrip("0")
    return f"{whole}.{fraction}" if fraction else whole


def _grouped(parts: list[str], marks: str) -> bool:
    """Return whether `marks` between `parts` part thousands or lakhs (1,234,567 or 12,34,567), or there is none."""
    if not marks:
        return True
    first, *middle, last = parts
    return (
        len(set(marks)) == 1
        and ":" not in marks
        and 1 <= len(first) <= 3
        and first[0] != "0"
        and len(last) == 3
        and len({len(part) for part in middle} - {2, 3}) == 0
    )
