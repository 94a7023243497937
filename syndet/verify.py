"""An exhibit on disk -> what is wrong with it: its files against their hashes, then all that can be made again.

A folder may be anybody's: only regular files of known names are opened, none through a link, none that is too large,
and what they hold is data whose form is checked.
"""

from __future__ import annotations

import errno
import hashlib
import io
import json
import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from fastwarc.warc import ArchiveIterator, WarcRecordType

from syndet import exhibit, facing, letters, outlets, seal, warc
from syndet.errors import SourceError, SyndetError
from syndet.exhibit import INDEX, SCHEMA, SIDES
from syndet.extract import extract
from syndet.models import Article, Page, Skipped
from syndet.records import MAX_BYTES, page_digest
from syndet.store import rows
from syndet.store.pages import FIELDS

# Four bytes a character, as JSON may write them, and room for the rest.
_LARGEST = 8 * MAX_BYTES
RECORD = exhibit.RECORD
_NAMES = frozenset((RECORD, INDEX, seal.LIST, *(f"{side}.{end}" for side in SIDES for end in ("txt", "warc"))))
# What a record that is not of the right form makes of reading it.
_MALFORMED = (KeyError, TypeError, ValueError, AttributeError, IndexError, RecursionError, OverflowError, SyndetError)

Record = Mapping[str, Any]


def is_exhibit(folder: Path) -> bool:
    """Return whether a folder is an exhibit, sound or not: it has a record or a list of hashes."""
    return folder.is_dir() and any(os.path.lexists(folder / name) for name in (seal.LIST, RECORD))


def problems(folder: Path) -> list[str]:
    """Return what is wrong with an exhibit, one sentence each that names the file; an empty list is a sound one.

    Where the files are not those that were sealed, nothing else is looked at. Raises SourceError.
    """
    files, odd = _files(folder)
    listed = files.pop(seal.LIST, None)
    if listed is None:
        return [*odd, f"{seal.LIST} is missing."]
    found = odd + [fault for fault in seal.faults(files, listed) if not odd or "is missing" not in fault]
    if found:
        return found
    try:
        return _contents(files)
    except _MALFORMED as error:
        return [f"{RECORD} has not the form of an exhibit ({type(error).__name__}: {_brief(str(error))})."]


def sealed(folder: Path) -> str:
    """Return the SHA-256 of the list of hashes: the one number that stands for an exhibit as a whole."""
    return hashlib.sha256((folder / seal.LIST).read_bytes()).hexdigest()


def _files(folder: Path) -> tuple[dict[str, bytes], list[str]]:
    """Return the files of an exhibit by name, and one sentence about each entry that cannot be one of them."""
    files: dict[str, bytes] = {}
    odd = []
    try:
        names = sorted(entry.name for entry in folder.iterdir())
    except OSError as error:
        raise SourceError(f"{folder} cannot be read: {error.strerror}.") from error
    for name in names:
        if name not in _NAMES:
            odd.append(f"{_brief(name)} was added: it is no file of an exhibit.")
            continue
        try:
            files[name] = _read(folder / name)
        except OSError as error:
            why = (
                "it is a link, no file"
                if error.errno == errno.ELOOP
                else (error.strerror or "it cannot be read").lower()
            )
            odd.append(f"{name} cannot be used: {why}.")
    return files, odd


def _read(path: Path) -> bytes:
    """Return what a regular file holds; a link, a device or a giant raises OSError."""
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with open(handle, "rb") as file:  # noqa: PTH123 - a descriptor has no path
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, "it is no regular file")
        data = file.read(_LARGEST + 1)
    if len(data) > _LARGEST:
        raise OSError(errno.EFBIG, f"it is larger than {_LARGEST // 1_000_000} MB")
    return data


def _brief(words: str) -> str:
    shown = " ".join(os.fsencode(words).decode("utf-8", "backslashreplace").split())
    return shown if len(shown) <= 100 else f"{shown[:97]}..."


# -- what the files hold ---------------------------------------------------------------------------------------------


def _contents(files: Mapping[str, bytes]) -> list[str]:
    """Return where what the files say is not what can be made of them again."""
    record = json.loads(files[RECORD].decode("ascii"))
    if record["schema"] != SCHEMA:
        return [f"{RECORD} is of the form {_brief(str(record['schema']))}; this syndet knows {SCHEMA}."]
    if exhibit.canonical(record) != files[RECORD]:
        return [f"{RECORD} is not written in the form in which syndet writes it."]
    listed, _ = outlets.read(record["outlets"])
    if outlets.write(listed) != record["outlets"]:
        return [f"{RECORD}: outlets is no list of outlets in the form in which syndet writes it."]
    found: list[str] = []
    with outlets.using(outlets.roster(listed)):
        for side in SIDES:
            found += _side(side, record, files)
        if not found:
            found += _compared(record, files)
    if not found:
        found += _page(record, files)
    expected = {RECORD, INDEX, *(record[side]["text"]["file"] for side in SIDES)}
    expected |= {record[side]["page"]["file"] for side in SIDES if record[side]["page"] is not None}
    found += [f"{name} was added: {RECORD} does not name it." for name in sorted(files.keys() - expected)]
    other = record["made_with"] != exhibit.made_with()
    return [f"{one} {_versions(record)}" for one in found] if other else found


def _versions(record: Record) -> str:
    made, now = record["made_with"], exhibit.made_with()
    differing = [key for key in now if made[key] != now[key] and key != "libraries"]
    differing += [key for key in now["libraries"] if made["libraries"].get(key) != now["libraries"][key]]
    return (
        f"(It was made with other versions than those here: {', '.join(differing)}; syndet {made['syndet']} made it.)"
    )


def _side(side: str, record: Record, files: Mapping[str, bytes]) -> Iterator[str]:
    """Yield what is wrong with a text, and with the page that it was read from, where that is here."""
    told = record[side]
    name = f"{side}.txt"
    if told["text"] != {"file": name, "sha256": hashlib.sha256(files[name]).hexdigest()}:
        yield f"{RECORD}: {side}.text is not what {name} is."
    if told["words"] != (words := letters.count(files[name].decode("utf-8", "surrogatepass"))):
        yield f"{RECORD}: {side}.words is {told['words']}, and {name} gives {words}."
    if told["page"] is None:
        return
    page, archive = _page_of(side, told, files), f"{side}.warc"
    if page is None:
        yield f"{archive} holds no page of {_brief(told['url'])}."
        return
    about = {"file": archive, "bytes": len(page.data), "sha256": hashlib.sha256(page.data).hexdigest()}
    for key, value in about.items():
        if told["page"][key] != value:
            yield f"{RECORD}: {side}.page.{key} is {_brief(str(told['page'][key]))}, and {archive} makes it {value}."
            return
    again = warc.write(page, exhibit.captured(page, told["stored"]), exhibit.software(record["made_with"]))
    if again != files[archive]:
        yield f"{archive} is not what its page makes: it differs from byte {_first(again, files[archive]):,} on."
    if told["digest"] != page_digest(page).hex():
        yield f"{RECORD}: {side}.digest is not that of the page in {archive}."
    yield from _unlike(told["licence_tags"], exhibit.tags(page), f"{side}.licence_tags", archive)
    article, body = extract(page), files[name].decode("utf-8", "surrogatepass")
    if told["page"]["differs"] == exhibit.differs(told, body, article):
        return
    if isinstance(article, Skipped):
        yield f"{archive} holds no article: {article.detail}"
    elif article.body != body:
        at = _first(exhibit.encoded(article.body), files[name])
        yield f"{name} is not the text of the page in {archive}: it differs from byte {at:,} on."
    else:
        read = exhibit.read_from(article)
        unlike = [*_unlike({key: told[key] for key in read}, read, side, archive)]
        yield from unlike or [f"{RECORD}: {side}.page.differs is not what {archive} gives."]


def _page_of(side: str, told: Record, files: Mapping[str, bytes]) -> Page | None:
    """Return the page in the archive of a side, with what its source said of it."""
    for found in ArchiveIterator(io.BytesIO(files[f"{side}.warc"]), parse_http=False):
        if found.record_type == WarcRecordType.resource:
            fields = {key: told["page"]["fields"].get(key) for key in FIELDS}
            return Page(told["url"], found.reader.read(), told["page"]["fields"]["kind"], f"{side}.warc", **fields)
    return None


def _compared(record: Record, files: Mapping[str, bytes]) -> Iterator[str]:
    """Yield the figures that the two texts, aligned again, do not give."""
    sides = [_article(side, record[side], files) for side in SIDES]
    yield from _unlike(record["comparison"], exhibit.comparison(*sides), "comparison", "the two texts")


def _article(side: str, told: Record, files: Mapping[str, bytes]) -> Article:
    """Return a side as an article: its text from the file, the rest from the record."""
    if not isinstance(told["boilerplate"], list):
        raise TypeError("boilerplate is no list")
    cues = [{key: value for key, value in cue.items() if value is not None} for cue in told["cues"]]
    return Article(
        url=told["url"],
        body=files[f"{side}.txt"].decode("utf-8", "surrogatepass"),
        site=told["site"],
        outlet=told["outlet"],
        title=told["title"],
        byline=told["byline"],
        published=told["published"],
        language=told["language"],
        words=told["words"],
        fetched=told["fetched"],
        html=told["html"],
        cues=rows.cues(json.dumps(cues)),
        dates=rows.dates(json.dumps(told["dates"])),
        id=told["id"],
        boilerplate=tuple((begin, end) for begin, end in told["boilerplate"]),
    )


def _page(record: Record, files: Mapping[str, bytes]) -> Iterator[str]:
    bodies = [files[f"{side}.txt"].decode("utf-8", "surrogatepass") for side in SIDES]
    again = facing.page(record, *bodies).encode()
    if again != files[INDEX]:
        at = _first(again, files[INDEX])
        yield f"{INDEX} is not what {RECORD} and the texts make: it differs from byte {at:,} on."


def _first(one: bytes, other: bytes) -> int:
    """Return the first place, from 0, at which two texts differ."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


# Figures are given with four digits; machines may round the last one otherwise.
_CLOSE = 1.01e-4


def _unlike(told: Any, made: Any, path: str, by: str) -> Iterator[str]:
    """Yield the first place at which two records differ."""
    if isinstance(told, dict) and isinstance(made, dict) and told.keys() == made.keys():
        parts: Iterator[Iterator[str]] = (_unlike(told[key], made[key], f"{path}.{key}", by) for key in sorted(told))
    elif isinstance(told, list) and isinstance(made, list) and len(told) == len(made):
        parts = (_unlike(a, b, f"{path}[{at}]", by) for at, (a, b) in enumerate(zip(told, made, strict=True)))
    else:
        numbers = isinstance(told, float) and isinstance(made, float)
        if told != made and not (numbers and abs(told - made) < _CLOSE):
            shown = (_brief(json.dumps(one)) for one in (told, made))
            yield f"{RECORD}: {path} is {next(shown)}, and {by} gives {next(shown)}."
        return
    for part in parts:
        first = next(part, None)
        if first is not None:
            yield first
            return


def notes(folder: Path) -> list[str]:
    """Return what a sound exhibit does not show: what cannot be made again of what it holds."""
    record = json.loads((folder / RECORD).read_bytes())
    found = []
    for side in SIDES:
        kept = record[side]["page"]
        if kept is None:
            found.append(
                f"The {side}'s page was not kept: its dates and cues are as the record says, and cannot be read again."
            )
        elif kept["differs"]:
            told = ", ".join(kept["differs"])
            found.append(f"Of the {side}'s page other {told} are read here than were stored.")
    return found
