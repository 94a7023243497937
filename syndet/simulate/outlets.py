"""Invented outlets, agencies and issuers, and the words with which news sites credit, sign and name themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import product
from random import Random

import regex

# Hours east of UTC of the places that outlets are in.
ZONES = (-5, 0, 1, 1, 2, 3)
_SLUG = regex.compile("[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Outlet:
    """An invented site. `skin` numbers the layout of its pages, the same for all of them."""

    name: str
    domain: str
    skin: int
    zone: int

    def address(self, path: str) -> str:
        """Return the address of one of its pages."""
        return f"https://www.{self.domain}/{path}"


@lru_cache(maxsize=1)
def _lines() -> Mapping[str, Mapping[str, Sequence[Sequence[str]]]]:
    """Return data/syndication.tsv: language -> kind -> lines, each (text, part of an address or nothing)."""
    found: dict[str, dict[str, list[Sequence[str]]]] = {}
    for line in files("syndet").joinpath("data/syndication.tsv").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            language, kind, *rest = line.split("\t")
            found.setdefault(language, {}).setdefault(kind, []).append(rest)
    return found


def _kind(language: str, kind: str) -> Sequence[Sequence[str]]:
    """Return the lines of a kind in `language`, in English where it has none."""
    lines = _lines()
    return lines.get(language, {}).get(kind) or lines["en"][kind]


def languages() -> list[str]:
    """Return the languages of which anything is known."""
    return sorted(_lines())


def wordings(language: str, kind: str, *, fall_back: bool = True) -> list[str]:
    """Return what sites in `language` write; where nothing is known, what they write in English, or nothing.

    >>> wordings("de", "feed")
    ['Der Beitrag <a>{title}</a> erschien zuerst auf <home>{site}</home>.']
    """
    lines = _kind(language, kind) if fall_back else _lines()[language].get(kind, [])
    return [line[0] for line in lines]


def place(language: str, chance: Random) -> str:
    """Return the name of an invented place."""
    return chance.choice(_kind(language, "place"))[0]


@lru_cache(maxsize=64)
def outlets(language: str) -> tuple[Outlet, ...]:
    """Return all invented outlets of a language, 24 and more, always the same; followed by English ones."""
    chance = Random(f"outlets {language}")
    found: dict[str, Outlet] = {}
    for tongue in dict.fromkeys((language, "en")):
        made = []
        for (name, part), (where, slug) in product(_kind(tongue, "outlet"), _kind(tongue, "place")):
            mark = chance.choice(["", "-"])
            domain = f"{slug}{mark}{part}.example" if language == tongue else f"{part}{mark}{slug}.example"
            made.append(Outlet(name.format(place=where), domain, chance.randrange(4), chance.choice(ZONES)))
        chance.shuffle(made)
        found |= {one.domain: one for one in made}
    return tuple(found.values())


def agency(language: str, chance: Random) -> Outlet:
    """Return a news agency that sites in `language` carry, at an invented address."""
    name = chance.choice(wordings(language, "agency"))
    return Outlet(name, _domain(name, "wire"), 0, 0)


def issuer(language: str, chance: Random) -> Outlet:
    """Return an invented company or association that sends out press releases."""
    name = chance.choice(wordings(language, "issuer"))
    return Outlet(name, _domain(name, "press"), 1, 0)


def _domain(name: str, kind: str) -> str:
    slug = _SLUG.sub("-", name.casefold()).strip("-")
    return f"{slug or kind + str(sum(map(ord, name)))}.example"
