"""Records -> HTML: templates with everything escaped, addresses of pages, what pages hold made fit to be shown."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import quote, urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from syndet import __version__, listings, verdicts
from syndet.models import Article, Origin
from syndet.printable import plural, short

# A browser that obeys runs and loads nothing but the two files beside the pages, even if something were not escaped.
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
STATIC = {"pages.css": "text/css", "pages.js": "text/javascript", "icon.svg": "image/svg+xml"}
# Files have no site of their own: "self" would be none of the others.
POLICY_OF_FILES = "; ".join(
    part.replace("'self'", "'self' file:") for part in POLICY.split("; ") if not part.startswith(("frame", "form"))
)
# What steers a reader's eye away from what is written: control and direction characters, and half surrogates.
_STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}")
_UNSAFE = re.compile(r"[^a-z0-9.-]")
# Colours of passages; after the last one the first comes again.
TINTS = 6


def shown(text: str) -> str:
    """Return `text` as it may stand on a page: as many characters, those that steer as a blank.

    >>> shown("a\\u202eb\\x00c")
    'a b c'
    """
    return _STEERING.sub(" ", text)


def web(url: str | None) -> str | None:
    """Return an address that a browser may follow without harm, None for any other."""
    return url if url and url.lower().startswith(("http://", "https://")) else None


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where pages are: below `root`, with `suffix`. `known`: those there are, None for all; others have no address."""

    root: str = "/"
    suffix: str = ""
    known: Collection[str] | None = None

    def to(self, path: str, **query: object) -> str | None:
        """Return the address of a page, with what is asked of it."""
        if self.known is not None and path not in self.known:
            return None
        given = {name: value for name, value in query.items() if value not in (None, "")}
        asked = f"?{urlencode(given)}" if given and not self.suffix else ""
        return f"{self.root}{path or 'index' * bool(self.suffix)}{self.suffix}{asked}"

    def article(self, number: int | None) -> str | None:
        """Return the address of a stored article."""
        return self.to(f"articles/{number}") if number else None

    def compare(self, one: int | None, other: int | None) -> str | None:
        """Return the address of two articles side by side, the repost first."""
        return self.to(f"compare/{one}-{other}") if one and other else None

    def cluster(self, number: int | None) -> str | None:
        """Return the address of a cluster."""
        return self.to(f"clusters/{number}") if number else None

    def outlet(self, site: str | None) -> str | None:
        """Return the address of an outlet that has a site."""
        return self.to(outlet_path(site, bool(self.suffix))) if site else None

    def static(self, name: str) -> str:
        """Return the address of a file beside the pages."""
        return f"{self.root}static/{name}"


def outlet_path(site: str, as_file: bool) -> str:
    """Return where the page of an outlet is; as a file, under a name that any disk takes.

    >>> outlet_path("a.example", True), outlet_path("ä/b", True), outlet_path("ä/b", False)
    ('outlets/a.example', 'outlets/_e4__2f_b', 'outlets/%C3%A4%2Fb')
    """
    if as_file:
        return f"outlets/{_UNSAFE.sub(lambda match: f'_{ord(match[0]):x}_', site)}"
    return f"outlets/{quote(site, safe='')}"


@cache
def environment() -> Environment:
    """Return the templates, and the words and figures that they use."""
    made = Environment(
        loader=PackageLoader("syndet.web"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, finalize=_final,
    )  # fmt: skip
    made.filters |= {
        "short": short, "percent": verdicts.percent, "share": _share, "place": verdicts.place, "plural": plural,
        "when": when, "lag": lag, "web": web, "words": _words, "language": _language,
        "outlet": _outlet, "title": _title,
    }  # fmt: skip
    made.globals |= {
        "version": __version__,
        "policy_of_files": POLICY_OF_FILES,
        "tints": TINTS,
        "credit": verdicts.CREDIT,
    }
    return made


def page(template: str, at: Addresses, **context: Any) -> str:
    """Return a page. `at` is where the others are, as seen from it."""
    return environment().get_template(f"{template}.html").render(at=at, static=at.known is not None, **context)


def file(name: str) -> bytes:
    """Return one of the files beside the pages."""
    return files("syndet.web").joinpath("static", name).read_bytes()


def _final(value: Any) -> Any:
    """Return what a template prints: text of pages as it may be shown, markup of ours as it is."""
    return shown(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def when(value: str | None) -> str:
    """Return a time of ISO 8601 for reading, with the precision that it has.

    >>> when("2024-09-17T14:30:00-04:00"), when("2024-09-17"), when(None)
    ('2024-09-17 14:30 -04:00', '2024-09-17', 'no date')
    """
    if not value:
        return "no date"
    day, _, time = value.partition("T")
    if not time:
        return day
    zone = "UTC" if time.endswith(("Z", "+00:00")) else time[-6:] if time[-6:-5] in ("+", "-") else ""
    return " ".join(part for part in (day, time[:5], zone) if part)


def lag(hours: float | None) -> str:
    """Return a span of time for reading.

    >>> lag(0.5), lag(5.25), lag(72), lag(-2), lag(None)
    ('30 min', '5.2 h', '3.0 days', '-2.0 h', '–')
    """
    if hours is None:
        return "–"
    if abs(hours) < 1:
        return f"{hours * 60:.0f} min"
    return f"{hours:.1f} h" if abs(hours) < 48 else f"{hours / 24:,.1f} days"


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.0%}"


def _words(value: str | None) -> str:
    return (value or "").replace("_", " ")


def _language(value: str | None) -> str:
    return value if value and _LANGUAGE.fullmatch(value) else ""


def _outlet(value: Article | Origin) -> str:
    return value.outlet or value.site or value.url or "an outlet it does not name"


def _title(value: Article | Origin) -> str:
    if isinstance(value, Article):
        return listings.title_of(value)
    return value.title or value.url or _outlet(value)
