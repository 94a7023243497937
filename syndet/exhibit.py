"""Two stored articles -> an exhibit: one sealed folder with all that shows what they share, to be checked offline.

`documents` makes the files; what of them can be made again from others of them (figures, evidence, page), `verify`
makes again.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from syndet import __version__, dates, decide, dom, facing, outlets, report, rights, seal, warc
from syndet.corpus import Corpus
from syndet.errors import SourceError, UsageError
from syndet.extract import extract
from syndet.fingerprint import RECIPE
from syndet.linker import Linker
from syndet.models import Article, Link, Page, Review, Skipped
from syndet.store.pages import FIELDS
from syndet.summary import Summary

SCHEMA = "syndet.exhibit/1"
SIDES = ("article", "source")  # as in a comparison: the suspected repost, and what it may have its text from
RECORD, INDEX = "exhibit.json", "index.html"
# What reads a page or a text: another version of these may read it otherwise.
LIBRARIES = ("trafilatura", "lxml", "htmldate", "py3langid", "charset-normalizer", "regex", "numpy")
_METADATA = (
    "url", "site", "outlet", "title", "byline", "published", "language", "words", "html", "fetched",
)  # fmt: skip


def pair(corpus: Corpus, target: str, other: str | None = None) -> tuple[int, int]:
    """Return the two articles (ids) that are meant, the repost first where one is known.

    `target` is an article, alone: with what its answer shares text with; or two ids as in the table of links, "12-34".
    Raises NotStored, UsageError.
    """
    if other is None and len(parts := target.split("-")) == 2 and all(part.isdecimal() for part in parts):
        target, other = parts
    one = corpus.find(target)
    two = corpus.find(other) if other is not None else corpus.lookup(one).shared_with
    if two is None:
        raise UsageError(f"{target} shares text with nothing that is stored; name the other article as well.")
    if one == two:
        raise UsageError("Both are one stored article; an exhibit is about two.")
    with corpus.reading():
        link = corpus.store.links.between(one, two)
    return (two, one) if link is not None and link.state == "repost" and link.origin == one else (one, two)


def documents(corpus: Corpus, one: int, two: int, now: datetime) -> dict[str, bytes]:
    """Return the files of an exhibit of two articles (ids), by name, the list of their hashes included.

    They are the same for the same store and `now`, the time that they are dated. Raises NotStored.
    """
    with corpus.reading():
        linker = Linker(corpus.store, Summary())
        sides = [linker.article(number) for number in (one, two)]
        pages = [corpus.store.pages.of(number) for number in (one, two)]
        files: dict[str, bytes] = {}
        record: dict[str, Any] = {
            "schema": SCHEMA,
            "exported": now.astimezone(UTC).isoformat(timespec="seconds"),
            "made_with": made_with(),
            "outlets": outlets.write(corpus.store.outlets.all()),
        }
        for name, side, page in zip(SIDES, sides, pages, strict=True):
            number, _, added = corpus.store.articles.versions(side.id or 0)[-1]
            record[name] = _side(name, side, page, added, files) | {"version": number, "stored": added}
        said = [item for item in corpus.store.reviews.of(one) if item.other(one) == two]
        record |= {
            "comparison": comparison(*sides),
            "store": {
                "link": _link(corpus.store.links.between(one, two), one),
                "answer": _answer(corpus, one),
                "reviews": [_review(item, one) for item in said],
            },
        }
    files[RECORD] = canonical(record)
    files[INDEX] = facing.page(record, sides[0].body, sides[1].body).encode()
    files[seal.LIST] = seal.write(files).encode()
    return files


def canonical(record: Mapping[str, Any]) -> bytes:
    """Return a record in the one form in which it is written."""
    return json.dumps(record, ensure_ascii=True, indent=1, sort_keys=True).encode("ascii") + b"\n"


def made_with() -> dict[str, Any]:
    """Return the versions of all that reads pages and compares texts here."""
    found = {}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "unknown"
    return {
        "syndet": __version__,
        "recipe": RECIPE,
        "python": platform.python_version(),
        "unicode": unicodedata.unidata_version,
        "libraries": found,
    }


def comparison(article: Article, source: Article) -> dict[str, Any]:
    """Return what the two share and how sure that is, as `syndet compare --json`: from texts, dates and cues alone."""
    found = report.comparison_dict(decide.compare(article, source))
    return {key: value for key, value in found.items() if key not in ("schema", "article", "source")}


def encoded(body: str) -> bytes:
    """Return the bytes of a text file; whatever stands in a body survives."""
    return body.encode("utf-8", "surrogatepass")


def captured(page: Page, added: str) -> str:
    """Return when the bytes of a page were taken, as a web archive writes it; when they were stored, where unknown."""
    begin, _, offset = dates.clock(page.fetched) or dates.clock(added) or (0.0, 0.0, None)
    time = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(hours=begin - (offset or 0.0))
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


def software(made: Mapping[str, Any]) -> str:
    """Return what a web archive says it was written by."""
    return f"syndet {made['syndet']}"


def read_from(article: Article) -> dict[str, Any]:
    """Return what was read of a page, as it is kept in the record: with the page's bytes it can be read again."""
    shown = report.article_dict(article)
    return {name: getattr(article, name) for name in _METADATA} | {"cues": shown["cues"], "dates": shown["dates"]}


def tags(page: Page) -> list[dict[str, str]] | None:
    """Return the licence tags of a page, None of plain text."""
    content = dom.decode(page.data, page.charset) if page.kind == "html" else None
    document = dom.parse(content) if content else None
    return [asdict(tag) for tag in rights.read(document)] if document is not None else None


def differs(told: Mapping[str, Any], body: str, read: Article | Skipped) -> list[str]:
    """Return what of a side is not what is read of its page's bytes now: it was stored by another version, or list.

    `told` has the fields of `read_from`; "text" stands for the body.
    """
    if isinstance(read, Skipped):
        return ["all"]
    again = read_from(read)
    return [*(key for key in sorted(again) if told[key] != again[key]), *(["text"] if body != read.body else [])]


def _side(name: str, side: Article, page: Page | None, added: str, files: dict[str, bytes]) -> dict[str, Any]:
    """Return what the record says of one side; its texts and bytes go into `files`."""
    files[f"{name}.txt"] = encoded(side.body)
    found = read_from(side) | {
        "id": side.id,
        "digest": side.digest.hex(),
        "boilerplate": [list(span) for span in side.boilerplate],
        "text": {"file": f"{name}.txt", "sha256": hashlib.sha256(files[f"{name}.txt"]).hexdigest()},
        "page": None,
        "licence_tags": None,
    }
    if page is None:
        return found
    files[f"{name}.warc"] = warc.write(page, captured(page, added), software(made_with()))
    fields = {key: getattr(page, key) for key in ("kind", *FIELDS)}
    about = {"file": f"{name}.warc", "bytes": len(page.data), "sha256": hashlib.sha256(page.data).hexdigest()}
    about |= {"fields": fields, "differs": differs(found, side.body, extract(page))}
    return found | {"page": about, "licence_tags": tags(page)}


def _link(link: Link | None, one: int) -> dict[str, Any] | None:
    """Return what was stored of the pair when it was linked."""
    if link is None:
        return None
    return {
        "state": link.state,
        "relation": decide.relation_of(link, one),
        "reuse": round(link.reuse, 4),
        "origin": round(link.direction if link.repost == one else 1 - link.direction, 4),
    }


def _answer(corpus: Corpus, one: int) -> dict[str, Any]:
    """Return the answer about the article, less what stands elsewhere in the record."""
    found = report.lookup_dict(corpus.lookup(one), corpus.recipe())
    return {key: value for key, value in found.items() if key not in ("schema", "found", "target", "article", "shared")}


def _review(said: Review, one: int) -> dict[str, Any]:
    names = ("verdict", "who", "why", "said")
    sides = (
        {"repost": "article", "origin": "source"} if said.repost == one else {"repost": "source", "origin": "article"}
    )
    return sides | {name: getattr(said, name) for name in names}


def write(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write an exhibit to a folder that is not there yet, whole or not at all. Raises UsageError, SourceError."""
    part = folder.with_name(f"{folder.name}.part")
    try:
        if os.path.lexists(folder):
            raise UsageError(f"{folder} is there already; name another folder with --output.")
        part.mkdir(parents=True)
        for name, data in files.items():
            (part / name).write_bytes(data)
        part.rename(folder)
    except FileExistsError as error:
        raise UsageError(f"{error.filename} is there already, left by a run that was stopped; remove it.") from error
    except OSError as error:
        raise SourceError(f"{folder} cannot be written: {error.strerror}.") from error
