"""The licensing desk: the reposts of a store with what its register says of each; in words, as JSON, as CSV."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from syndet import clusters, permits, report
from syndet.answer import credit
from syndet.corpus import Corpus
from syndet.errors import UsageError
from syndet.known import Known
from syndet.licences import Licence
from syndet.models import Article, Origin, Permission
from syndet.permits import CALLED, STATES
from syndet.printable import clean, plural, short
from syndet.stored import Stored

# In words; JSON and CSV have them all.
_MOST = 50
_AT_ONCE = 1_000
COLUMNS = (
    "licence", "why", "terms", "lines", "address", "site", "outlet", "title", "published", "source_outlet",
    "source_site", "source_address", "source_title", "source_published", "relation", "credit",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Judged:
    """A repost (without its text) and what the register says of it."""

    repost: Article
    parts: tuple[tuple[Origin, Permission], ...]  # one, but for a digest
    relation: str
    credit: str
    licence: Permission  # that of the part that needs a look most


@dataclass(frozen=True, slots=True)
class Desk:
    """The reposts that were judged, those that need a look most first, the latest stored first among these."""

    judged: tuple[Judged, ...]
    read: int  # articles that go back to something
    left_out: int  # earlier ones that were not read


def keep(corpus: Corpus, register: Iterable[Licence]) -> None:
    """Keep a register in the place of the one before. Raises StoreBusy."""
    with corpus.store.transaction():
        corpus.store.licences.replace(register)


def kept(corpus: Corpus) -> tuple[Licence, ...]:
    """Return the register that a store keeps."""
    with corpus.reading():
        return corpus.store.licences.all()


def reposts(corpus: Corpus, *, limit: int | None = None, skip: int = 0) -> Desk:
    """Return the latest `limit` reposts of a store (None: all), after `skip`, judged by its register.

    Raises UsageError where no register is kept.
    """
    with corpus.reading():
        register = corpus.store.licences.register()
        if register is None:
            raise UsageError(f"{corpus.store.path} keeps no register of licences; `syndet licences FILE` keeps one.")
        stored = Stored(corpus.store)
        ids = corpus.store.clusters.reposts()
        read = ids[skip:] if limit is None else ids[skip : skip + limit]
        judged: list[Judged] = []
        for at in range(0, len(read), _AT_ONCE):
            # What a graph works out it remembers: of a store with a million reposts that would be all of it.
            graph = Known(stored, stored)
            found = (_judged(number, graph, register) for number in read[at : at + _AT_ONCE])
            judged += [one for one in found if one is not None]
    judged.sort(key=lambda one: STATES.index(one.licence.state))
    return Desk(tuple(judged), len(read), max(0, len(ids) - skip - len(read)))


def _judged(number: int, graph: Known, register: permits.Register) -> Judged | None:
    article, roots = graph.article(number), permits.sources(number, graph)
    parts = permits.judged(register, article, roots)
    if (licence := permits.worst(parts)) is None:
        return None
    found = clusters.source(number, graph)
    way = [graph.article(one) for one in ((found.id, found.via) if found is not None else ()) if one is not None]
    way = way or [graph.article(one.id) for one in roots if one.id is not None]
    relation = found.relation if found is not None else "digest"
    article = replace(article, body="", cues=(), dates=())
    return Judged(article, tuple(parts), relation, credit(article, way), licence)


# -- for reading -----------------------------------------------------------------------------------------------------


def desk_dict(found: Desk) -> dict[str, Any]:
    """Return the judged reposts as JSON."""
    counts = Counter[str](one.licence.state for one in found.judged)
    return {
        "counts": {state: counts[state] for state in STATES},
        "read": found.read,
        "left_out": found.left_out,
        "reposts": [_record(one) for one in found.judged],
    }


def _record(one: Judged) -> dict[str, Any]:
    names = ("id", "url", "site", "outlet", "title", "published")
    return {
        "licence": report.permission_dict(one.licence),
        **{name: getattr(one.repost, name) for name in names},
        "relation": one.relation,
        "credit": one.credit,
        "sources": [
            {**{name: getattr(source, name) for name in names}, "licence": report.permission_dict(licence)}
            for source, licence in one.parts
        ],
    }


def desk_text(record: dict[str, Any]) -> str:
    """Return the judged reposts, as `desk_dict` gives them, in words; those that are permitted are only counted."""
    lines = [f"Licences: {permits.counts_text(record['counts'])}."]
    if record["left_out"]:
        lines.append(f"{record['left_out']:,} earlier reposts were not looked at (--limit, --skip).")
    for state in STATES[:2]:
        told = [one for one in record["reposts"] if one["licence"]["state"] == state]
        if told:
            lines += ["", f"{CALLED[state].capitalize()} ({len(told):,}):"]
            lines += [line for one in told[:_MOST] for line in _told(one)]
        if len(told) > _MOST:
            lines.append(f"  ... and {plural(len(told) - _MOST, 'more repost')} (--json has them all)")
    return "\n".join(lines)


def _told(one: dict[str, Any]) -> Iterator[str]:
    when = (one["published"] or "undated")[:16]
    yield f"  {when:16}  {clean(one['url'])}  ({one['relation'].replace('_', ' ')}, credit: {one['credit']})"
    for source in one["sources"]:
        yield f"  {'':16}  of {short(source['outlet'] or source['site'] or 'a source that is not named')}" + (
            f"  {clean(source['url'])}" if source["url"] else ""
        )
    yield f"  {'':16}  {short(one['licence']['why'], 240)}"


def desk_csv(found: Desk) -> str:
    """Return the judged reposts as CSV for a spreadsheet, a line for each source, what needs a look most first."""
    made = io.StringIO()
    rows = csv.writer(made, lineterminator="\r\n")
    rows.writerow(COLUMNS)
    parts = [(one, *part) for one in found.judged for part in one.parts]
    for part in sorted(parts, key=lambda part: STATES.index(part[2].state)):
        rows.writerow([*map(_cell, _row(*part))])
    return made.getvalue()


def _row(one: Judged, source: Origin, licence: Permission) -> Sequence[str | None]:
    page = one.repost
    return (
        CALLED[licence.state], licence.why, "; ".join(licence.terms), " ".join(map(str, licence.lines)), page.url,
        page.site, page.outlet, page.title, page.published, source.outlet, source.site, source.url, source.title,
        source.published, one.relation.replace("_", " "), one.credit,
    )  # fmt: skip


def _cell(value: str | None) -> str:
    """Return a value that no spreadsheet takes for a formula: titles and addresses are a stranger's."""
    plain = clean(value or "")
    return f"'{plain}" if plain.lstrip()[:1] in tuple("=+-@") and plain.lstrip() else plain
