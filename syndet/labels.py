"""A labels file -> labelled pairs and clusters, checked; a broken line is noted and the rest goes on.

JSON Lines; a line is one of

    {"a": ADDRESS, "b": ADDRESS, "label": "reuse" | "none"}     a labelled pair
    {"cluster": [ADDRESS, ...]}                                 articles that tell one text: every two are reuse
    {"closed": true}                                            the clusters are all: any other two articles are none

An ADDRESS may also be an article, an object as `syndet add` takes it on a line. docs/evaluate.md explains the rest.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from syndet import records
from syndet.models import Page, Review, Skipped, Span

Fault = Literal[
    "broken_line",  # no JSON, no label, a field of a wrong kind
    "broken_article",  # an article inside the file that cannot be used
    "unknown_address",  # no article at this address
    "one_article",  # both sides are the same article
    "repeated",  # a pair that an earlier line has labelled, or an article that an earlier cluster holds
    "contradiction",  # a pair with another label on an earlier line
    "outside_text",  # a passage that ends after the text
]

# JSON may write a letter as six characters; an article as large as `syndet add` takes it still fits on a line, twice.
MAX_LINE = 6 * records.MAX_BYTES + 65_536

_LABELS: dict[object, bool] = {"reuse": True, "none": False, "true": True, "false": False, 1: True, 0: False}


@dataclass(frozen=True, slots=True)
class Problem:
    """A label, or a part of one, that could not be used, and why, in one clear sentence (`detail`)."""

    where: str
    fault: Fault
    detail: str


@dataclass(frozen=True, slots=True)
class Label:
    """A labelled pair. `passages` are their places on (a, b), None where nobody marked them."""

    a: str
    b: str
    reuse: bool
    where: str
    relation: str | None = None
    edit: str | None = None
    language: str | None = None
    group: str | None = None
    origin: Literal["a", "b"] | None = None
    passages: tuple[tuple[Span, Span], ...] | None = None


@dataclass(frozen=True, slots=True)
class LabelledCluster:
    """Articles that share a text, every two of them."""

    addresses: tuple[str, ...]
    where: str
    origin: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Labels:
    """What a labels file holds; `pages` are the articles that stand in it, `closed` says that clusters are all."""

    pairs: tuple[Label, ...] = ()
    clusters: tuple[LabelledCluster, ...] = ()
    pages: tuple[Page, ...] = ()
    closed: bool = False
    lines: int = 0  # that hold something
    problems: tuple[Problem, ...] = ()


def of_review(review: Review, repost: str, origin: str) -> dict[str, str]:
    """Return the line of a labels file that says of two addresses what `review`, not withdrawn, says of their pages."""
    pair = {"a": repost, "b": origin}
    return pair | ({"label": "none"} if review.verdict == "rejected" else {"label": "reuse", "origin": "b"})


class _Broken(Exception):
    """An article inside the file that cannot be used."""


def parse(lines: Iterable[bytes], name: str) -> Labels:
    """Return the labels on `lines` of the file `name`; whatever is wrong with a line is a Problem."""
    pairs, clusters, problems = list[Label](), list[LabelledCluster](), list[Problem]()
    pages = dict[str, Page]()
    closed, count = False, 0
    for number, line in enumerate(lines, 1):
        if not line.strip() or (number == 1 and not line.removeprefix(b"\xef\xbb\xbf").strip()):
            continue
        where, count = f"{name}:{number}", count + 1
        met = dict[str, Page]()
        try:
            if len(line) > MAX_LINE:
                raise ValueError(f"The line is longer than {MAX_LINE // 1_000_000} MB.")
            record = records.parse(line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line)
            if "cluster" in record:
                clusters.append(_cluster(record, where, met))
            elif "a" in record or "b" in record:
                pairs.append(_pair(record, where, met))
            elif not isinstance(record.get("closed"), bool):
                raise ValueError("It has neither a and b, nor cluster, nor closed (true or false).")
            else:
                closed = record["closed"]
        except _Broken as error:
            problems.append(Problem(where, "broken_article", str(error)))
        except ValueError as error:
            problems.append(Problem(where, "broken_line", str(error)))
            continue
        problems += _kept(met, pages, where)
    return Labels(tuple(pairs), tuple(clusters), tuple(pages.values()), closed, count, tuple(problems))


def _kept(met: dict[str, Page], pages: dict[str, Page], where: str) -> list[Problem]:
    """Take the articles of one line in; return a problem for each whose address had another text before."""
    problems = []
    for url, page in met.items():
        old = pages.setdefault(url, page)
        if old is not page and records.page_digest(old) != records.page_digest(page):
            detail = f"{url} had another text or other fields on {old.where}; the earlier one is used."
            problems.append(Problem(where, "broken_article", detail))
    return problems


def _pair(record: dict[str, Any], where: str, met: dict[str, Page]) -> Label:
    given = record.get("label")
    label = _LABELS.get(given.strip().lower() if isinstance(given, str) else given) if _plain(given) else None
    if label is None:
        raise ValueError('Its label is none of "reuse" (or true, 1) and "none" (or false, 0).')
    a, b = (_address(record.get(side), side, where, met) for side in ("a", "b"))
    given = record.get("origin")
    if given not in ("a", "b", None):
        raise ValueError('Its origin is none of "a", "b" and null.')
    origin: Literal["a", "b"] | None = "a" if given == "a" else "b" if given == "b" else None
    relation, edit, language, group = (_word(record, name) for name in ("relation", "edit", "language", "group"))
    return Label(a, b, label, where, relation, edit, language, group, origin, _passages(record.get("passages")))


def _word(record: dict[str, Any], name: str) -> str | None:
    if type(record.get(name)) is int:
        return str(record[name])
    return (records.text_field(record, name) or "").strip() or None


def _plain(value: object) -> bool:
    return isinstance(value, (str, bool, int, float))


def _cluster(record: dict[str, Any], where: str, met: dict[str, Page]) -> LabelledCluster:
    members = record["cluster"]
    if not isinstance(members, list) or not members:
        raise ValueError("Its cluster is no list of addresses.")
    addresses = [_address(member, "cluster", where, met) for member in members]
    origin = record.get("origin")
    found = _address(origin, "origin", where, met) if origin is not None else None
    if found is not None and found not in addresses:
        raise ValueError("Its origin is not in the cluster.")
    return LabelledCluster(tuple(dict.fromkeys(addresses)), where, found, records.text_field(record, "name"))


def _address(value: object, field: str, where: str, met: dict[str, Page]) -> str:
    """Return an address; where `value` is an article, it goes to `met`."""
    if isinstance(value, dict):
        try:
            page = records.page(value, where)
        except ValueError as error:
            raise _Broken(f"The article in {field}: {error}") from None
        if isinstance(page, Skipped):
            raise _Broken(f"The article in {field}: {page.detail}")
        met.setdefault(page.url, page)
        return page.url
    try:
        return records.address(records.text_field({field: value}, field))
    except ValueError as error:
        raise ValueError(f"Its {field} is neither an address nor an article: {error}") from None


def _passages(given: object) -> tuple[tuple[Span, Span], ...] | None:
    if given is None:
        return None
    if not isinstance(given, list):
        raise ValueError("Its passages are no list.")
    return tuple((_span(one, "a"), _span(one, "b")) for one in given)


def _span(passage: object, side: str) -> Span:
    found = passage.get(side) if isinstance(passage, dict) else None
    if isinstance(found, list) and len(found) == 2 and all(type(place) is int for place in found):
        begin, end = found
        if 0 <= begin < end:
            return (begin, end)
    raise ValueError(f'A passage has no "{side}": [begin, end] with 0 <= begin < end.')
