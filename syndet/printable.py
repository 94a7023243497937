"""What pages hold, made fit to be printed: short, on one line, without what could be used against a terminal."""

from __future__ import annotations


def short(text: str, most: int = 150) -> str:
    """Return `text` on one line, cut where it is longer than `most` characters."""
    text = " ".join(clean(text).split())
    return text if len(text) <= most else f"{text[: most - 3]}..."


def clean(text: str) -> str:
    """Return `text` without control and direction characters, which a page could use against a terminal."""
    return "".join(character if character.isprintable() else " " for character in text)


def plural(number: int, noun: str) -> str:
    """Return a count with its noun.

    >>> plural(1, "page"), plural(1200, "page"), plural(2, "copy")
    ('1 page', '1,200 pages', '2 copies')
    """
    many = f"{noun[:-1]}ies" if noun.endswith("y") and noun[-2] not in "aeiou" else f"{noun}s"
    return f"{number:,} {noun if number == 1 else many}"
