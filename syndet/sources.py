"""Files, folders, JSON Lines, web archives -> Page | Skipped, one at a time, in the same order every night.

What a name ends in says what a file holds: `.html`, `.htm`, `.txt` one page; `.jsonl` and `.warc` many; each
also with `.gz`. A folder is walked with its subfolders; other files in it are no pages and passed over. Its
`manifest.jsonl` gives `file`, `url`, `fetched` (and title, byline, published, language) of the files beside
it; a file without an entry is keyed by its `file:` address. JSON Lines hold objects with `url` and `html` or
`text`.
"""

from __future__ import annotations

import errno
import gzip
import hashlib
import io
import os
import re
import stat
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO, Literal, cast

from syndet import records, warc
from syndet.errors import SourceError
from syndet.models import Page, Skipped
from syndet.records import MAX_BYTES, page_digest, skipped, too_large

__all__ = ["MAX_BYTES", "MAX_LINE", "STDIN_URL", "from_bytes", "page_digest", "read", "read_file"]

# JSON may write a two-byte letter as six (\u0434), so a page may be three times as long on its line.
MAX_LINE = 3 * MAX_BYTES + 65_536

# The address of a page that came without one. A file: address, because it has no site to be compared by.
STDIN_URL = "file:///dev/stdin"

MANIFEST = "manifest.jsonl"

_FORMAT = re.compile(r"\.(html?|txt|jsonl|warc)(?:\.gz)?$", re.IGNORECASE)
_FORMATS = "name it .html, .htm, .txt, .jsonl or .warc, each also with .gz"
_GZIP = b"\x1f\x8b"
_BOM = b"\xef\xbb\xbf"
# What opening, reading and decompressing raise; ValueError is a NUL in a name.
_READ_ERRORS = (OSError, EOFError, zlib.error, ValueError)


def read(source: str, *, stdin: BinaryIO | None = None) -> Iterator[Page | Skipped]:
    """Yield what `source` holds: a file, a folder, or `-` for JSON Lines (also gzipped) on standard input.

    Raises SourceError at once where the source cannot be read, and at the end of a folder without any page.
    """
    if source == "-":
        if stdin is None and sys.stdin is None:
            raise SourceError("There is no standard input; give a file or a folder instead of -.")
        return _json_lines(stdin or sys.stdin.buffer, "-")
    path = Path(source)
    try:
        mode = path.stat().st_mode if source else 0
        if stat.S_ISDIR(mode):
            os.scandir(path).close()
            return _folder(path)
        if stat.S_ISREG(mode):
            _open(path).close()
    except (FileNotFoundError, NotADirectoryError):
        raise SourceError(f"{_shown(path)}: there is no such file or folder; check the path.") from None
    except _READ_ERRORS as error:
        raise SourceError(f"{_shown(path)}: {_reason(error)}; check the path and its permissions.") from None
    if not stat.S_ISREG(mode):
        raise SourceError(f"{_shown(path)}: neither a file nor a folder; pipe JSON Lines into - instead.")
    if _format(path.name) is None:
        raise SourceError(f"{_shown(path)}: no file that syndet reads; {_FORMATS}.")
    return _file(path)


def read_file(path: Path, *, url: str | None = None) -> Page | Skipped:
    """Return the one page in a file of any name, keyed by `url` or else by its `file:` address.

    No manifest is asked: an answer about a file does not depend on what lies beside it.
    """
    if _format(path.name) in ("jsonl", "warc"):
        detail = "The file holds many pages; add it to the store, or give one of its pages."
        return skipped(_shown(path), "unreadable", detail)
    return _page(path, url, {})


def from_bytes(data: bytes, *, url: str | None, where: str) -> Page | Skipped:
    """Return the page in `data`, HTML or text by its look, gzipped or not; no `url` becomes STDIN_URL."""
    try:
        url = STDIN_URL if url is None else records.address(url)
    except ValueError as error:
        return skipped(where, "broken_record", str(error), data=data)
    try:
        body = _inflated(io.BytesIO(data)) if data.startswith(_GZIP) else data
    except _READ_ERRORS as error:
        return skipped(where, "unreadable", f"It cannot be decompressed: {_reason(error)}.", url, data)
    if len(body) > MAX_BYTES:
        return too_large(where, url, body[: MAX_BYTES + 1])
    return Page(url, body, records.kind_of(body), where)


@dataclass(frozen=True, slots=True)
class _Entry:
    """What a manifest says of one file; `where` is its line."""

    where: str
    url: str
    fields: dict[str, str | None]


_Manifest = dict[str | None, list["_Entry | Skipped"]]
"""Entries by file name, a broken one under the name it gives, None where it gives none."""


def _folder(root: Path) -> Iterator[Page | Skipped]:
    """Yield the pages of each folder in order of name, then those of its subfolders."""
    pending, seen, found = [root], set[tuple[int, int]](), False
    while pending:
        folder = pending.pop()
        try:
            status = folder.stat()
            names = sorted(entry.name for entry in folder.iterdir())
            # Links to folders are followed; one that leads back up would never end.
            if (status.st_dev, status.st_ino) in seen:
                continue
            seen.add((status.st_dev, status.st_ino))
            folders = {name for name in names if (folder / name).is_dir()}
        except OSError as error:
            yield skipped(_shown(folder), "unreadable", f"The folder cannot be read: {_reason(error)}.")
            continue
        for item in _beside(folder, [name for name in names if name not in folders]):
            found = True
            yield item
        found = found or any(_format(name) for name in names if name not in folders and name != MANIFEST)
        pending.extend(folder / name for name in sorted(folders, reverse=True))
    if not found:
        raise SourceError(f"{_shown(root)}: no page in this folder; {_FORMATS}.")


def _beside(folder: Path, names: list[str]) -> Iterator[Page | Skipped]:
    manifest = _manifest_of(folder) if MANIFEST in names else {}
    yield from (broken for broken in manifest.get(None, []) if isinstance(broken, Skipped))
    named = {name for name in manifest if name is not None}
    for name in sorted(named.union(name for name in names if _format(name) and name != MANIFEST)):
        if name in names:
            yield from _entries(folder / name, manifest.get(name, []))
        else:
            yield from map(_missing, manifest[name])


def _missing(entry: _Entry | Skipped) -> Skipped:
    if isinstance(entry, Skipped):
        return entry
    return skipped(entry.where, "unreadable", "The file it names is not beside the manifest.", entry.url)


def _file(path: Path) -> Iterator[Page | Skipped]:
    """Yield what a single file holds, under the same address as if its folder were read."""
    manifest = _manifest_of(path.parent) if (path.parent / MANIFEST).is_file() else {}
    yield from _entries(path, manifest.get(path.name, []))


def _entries(path: Path, entries: list[_Entry | Skipped]) -> Iterator[Page | Skipped]:
    form = _format(path.name)
    if form == "jsonl" or form == "warc":
        yield from _many(path, form)
        return
    if not entries:
        yield _page(path, None, {})
    for entry in entries:
        # A page whose entry is broken waits: stored under its path, it would later look like its own repost.
        yield entry if isinstance(entry, Skipped) else _page(path, entry.url, entry.fields)


def _many(path: Path, form: Literal["jsonl", "warc"]) -> Iterator[Page | Skipped]:
    try:
        file = _open(path)
    except _READ_ERRORS as error:
        yield skipped(_shown(path), "unreadable", f"The file cannot be read: {_reason(error)}.")
        return
    with file:
        yield from (warc.read if form == "warc" else _json_lines)(file, _shown(path))


def _page(path: Path, url: str | None, fields: dict[str, str | None]) -> Page | Skipped:
    where = _shown(path)
    try:
        # The path as it is named, links not followed: what a link points to may change from night to night.
        url = Path(os.path.abspath(path)).as_uri() if url is None else records.address(url)  # noqa: PTH100
    except ValueError as error:
        return skipped(where, "broken_record", str(error))
    try:
        with _open(path) as file:
            data = _inflated(file) if _packed(file, where) else file.read(MAX_BYTES + 1)
    except _READ_ERRORS as error:
        return skipped(where, "unreadable", f"The file cannot be read: {_reason(error)}.", url)
    if len(data) > MAX_BYTES:
        return too_large(where, url, data)
    form = _format(path.name)
    kind = records.kind_of(data) if form is None else "text" if form == "text" else "html"
    return Page(url=url, data=data, kind=kind, where=where, **fields)


def _manifest_of(folder: Path) -> _Manifest:
    path = folder / MANIFEST
    try:
        status = path.stat()
        return _manifest(path, status.st_mtime_ns, status.st_size)
    except OSError as error:
        return {None: [skipped(_shown(path), "unreadable", f"The manifest cannot be read: {_reason(error)}.")]}


# One is kept: a shell that lists the files of a folder asks for the same manifest once for each of them.
@lru_cache(maxsize=1)
def _manifest(path: Path, _changed: int, _size: int) -> _Manifest:
    manifest: _Manifest = {}
    with _open(path) as file:
        for where, line in _lines(file, _shown(path)):
            name, entry = (None, line) if isinstance(line, Skipped) else _entry(line, where)
            manifest.setdefault(name, []).append(entry)
    return manifest


def _entry(line: bytes, where: str) -> tuple[str | None, _Entry | Skipped]:
    """Return a manifest line's file name, as far as it can be told, and its entry."""
    name = None
    try:
        record = records.parse(line)
        given = records.text_field(record, "file") or ""
        parts = Path(given).parts
        if len(parts) != 1 or parts[0] in ("/", "..") or "\x00" in given:
            raise ValueError("It names no file beside the manifest.")
        if _format(parts[0]) in ("jsonl", "warc"):
            raise ValueError("It names a file of many pages, which give their addresses themselves.")
        name = parts[0]
        url = records.address(records.text_field(record, "url"))
        return name, _Entry(where, url, records.metadata(record))
    except ValueError as error:
        return name, skipped(where, "broken_record", str(error), data=line)


def _json_lines(file: BinaryIO, where: str) -> Iterator[Page | Skipped]:
    buffered = file if hasattr(file, "peek") else io.BufferedReader(cast(io.RawIOBase, file))
    try:
        for place, line in _lines(cast(io.BufferedReader, buffered), where):
            yield line if isinstance(line, Skipped) else _record(line, place)
    finally:
        if buffered is not file:
            cast(io.BufferedReader, buffered).detach()  # else it would close what the caller opened


def _record(line: bytes, where: str) -> Page | Skipped:
    url = None
    try:
        record = records.parse(line)
        url = records.address(records.text_field(record, "url"))
        return records.page(record, where)
    except ValueError as error:
        return skipped(where, "broken_record", str(error), url, line)


def _lines(file: io.BufferedReader, where: str) -> Iterator[tuple[str, bytes | Skipped]]:
    """Yield (place, line) for each line that isn't blank, decompressed; MAX_LINE bounds what memory holds."""
    number = 0
    try:
        stream = cast(BinaryIO, gzip.GzipFile(fileobj=file)) if _packed(file, where) else file
        while line := stream.readline(MAX_LINE + 1):
            number += 1
            place = f"{where}:{number}"
            if len(line) > MAX_LINE:
                yield place, _overlong(stream, line, place)
                continue
            line = (line.removeprefix(_BOM) if number == 1 else line).strip()
            if line:
                yield place, line
    except _READ_ERRORS as error:
        place, rest = (f"{where}:{number + 1}", "from here on") if number else (where, "at all")
        yield place, skipped(place, "unreadable", f"The file cannot be read {rest}: {_reason(error)}.")


def _overlong(stream: BinaryIO, begin: bytes, where: str) -> Skipped:
    digest = hashlib.sha256(begin)
    piece = begin
    while not piece.endswith(b"\n") and (piece := stream.readline(1 << 20)):
        digest.update(piece)
    detail = f"The line is longer than {MAX_LINE // 1_000_000} MB."
    return Skipped(where, "too_large", detail, digest=digest.digest())


def _open(path: Path) -> io.BufferedReader:
    """Open a regular file; anything else raises OSError, without waiting for the other end of a FIFO."""
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(errno.EINVAL, "not a regular file")
    return open(handle, "rb")  # noqa: PTH123 - a descriptor has no path


def _packed(file: io.BufferedReader, name: str) -> bool:
    """Tell whether to decompress `file`, by its first bytes or its name (a wrong name shows in reading)."""
    head = file.peek(2)[:2]
    if not head and name.lower().endswith(".gz"):
        raise EOFError("the compressed file is empty")
    return head == _GZIP or name.lower().endswith(".gz")


def _inflated(file: BinaryIO) -> bytes:
    """Return what a gzip file holds, up to MAX_BYTES + 1 bytes; the rest of a bomb stays packed."""
    with gzip.GzipFile(fileobj=file) as packed:
        return packed.read(MAX_BYTES + 1)


def _format(name: str) -> Literal["html", "text", "jsonl", "warc"] | None:
    found = _FORMAT.search(name)
    if found is None:
        return None
    return {"txt": "text", "jsonl": "jsonl", "warc": "warc"}.get(found[1].lower(), "html")  # type: ignore[return-value]


def _shown(path: Path) -> str:
    """Return a path for people: file names may hold bytes that are no text, and line ends."""
    shown = os.fsencode(path).decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in shown)


def _reason(error: BaseException) -> str:
    text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return (text[:1].lower() + text[1:]).rstrip(".") or type(error).__name__
