"""WARC -> pages: the HTML responses and resources of a web archive, damaged ones included as Skipped. And back."""

from __future__ import annotations

import gzip
import hashlib
import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

from fastwarc.stream_io import BrotliReader
from fastwarc.warc import ArchiveIterator, WarcRecordType

from syndet.models import Page, Skipped
from syndet.records import MAX_BYTES, address, moment, skipped, too_large

_HEAD = 65_536  # bytes of HTTP or WARC header, as much as fastwarc takes
_BLOCK = MAX_BYTES + _HEAD
# A file with more damaged places is no archive, and each costs a new start of the reader.
MAX_RESTARTS = 1000

_HTML = ("text/html", "application/xhtml+xml")
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")
_STATUS = re.compile(rb"HTTP/\d(?:\.\d)?[ \t]+(\d{3})\b")
_CHARSET = re.compile(r"""charset\s*=\s*["']?([\w.:-]{1,40})""", re.IGNORECASE)
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?\r?\n")
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*<")
_RECORD = re.compile(rb"WARC/[01]\.\d+\r\n")
_MEMBER = re.compile(rb"\x1f\x8b\x08[\x00-\x1f]")


@dataclass(slots=True)
class _Run:
    """One pass of fastwarc over the file: where it is, and how it ended."""

    position: int  # of the record that was read last, or where the pass began
    number: int  # of that record
    last: Page | Skipped | None = None  # its page, held back until the next record shows that it ended well
    failure: Exception | None = None


def read(file: BinaryIO, where: str) -> Iterator[Page | Skipped]:
    """Yield the pages of the archive in `file` (seekable), in order; the rest of the records is passed over.

    After a damaged place the next record is looked for. Records count from 1, the unused ones too.
    """
    compressed = file.read(2) == b"\x1f\x8b"
    number, start = 0, 0
    reported = False  # the damage before `start` has its Skipped
    for _ in range(MAX_RESTARTS):
        run = _Run(start, number)
        yield from _pass(file, run, where)
        reported = reported and run.number == number
        number = run.number
        if run.failure is None:
            if number == 0:
                yield skipped(where, "unreadable", "The file holds no WARC record.")
            return
        if run.last:
            yield run.last
            reported = isinstance(run.last, Skipped) and run.last.reason == "broken_record"
        following = _next_record(file, run.position + 1, compressed)
        if number == 0 and following is None:
            detail = f"The file is not a WARC file, or is damaged ({_plain(run.failure)})."
            yield skipped(where, "unreadable", detail)
            return
        if not reported:
            number += 1
            rest = "nothing after it can be read" if following is None else "what can be read after it follows"
            detail = f"The archive is damaged here ({_plain(run.failure)}); {rest}."
            yield skipped(f"{where}:record {number}", "broken_record", detail)
            reported = True
        if following is None:
            return
        start = following
    detail = f"The archive is damaged in {MAX_RESTARTS} places; the rest is not read."
    yield skipped(where, "broken_record", detail)


def _pass(file: BinaryIO, run: _Run, where: str) -> Iterator[Page | Skipped]:
    """Yield pages up to the end or the next damage; the one before the damage is left in `run.last`."""
    file.seek(run.position)
    try:
        for record in ArchiveIterator(file, parse_http=False):
            if run.last:
                yield run.last
            run.last = None
            run.number += 1
            run.position = record.stream_pos
            run.last = _result(record, f"{where}:record {run.number}")
    except (OSError, ValueError) as error:
        run.failure = error
        page = run.last
        if isinstance(page, Page) and not _ends_well(file, run.position, page.data):
            detail = "The record is truncated: its Content-Length does not fit what follows."
            run.last = skipped(page.where, "broken_record", detail, page.url, page.data)
        return
    if isinstance(run.last, Skipped) and not _ends_well(file, run.position):
        # A length that is too long swallows the records behind it; `read` looks for them.
        run.failure = EOFError("the file ends inside a record")
    elif run.last:
        yield run.last


def _plain(error: Exception) -> str:
    return str(error).strip().rstrip(".").split("\n")[0].lower() or "unreadable"


def _ends_well(file: BinaryIO, position: int, data: bytes = b"") -> bool:
    """Tell whether the record at `position` is followed by the two line ends that close a record.

    `data` is its page. Inside one large gzip member no record has a position; only `data` is looked at there.
    """
    if re.search(rb"\r\nWARC/[01]\.\d+\r\nWARC-", data):
        return False
    file.seek(position)
    magic = file.read(5)
    if magic[:2] != b"\x1f\x8b" and magic != b"WARC/":
        return True
    file.seek(position)
    stream: Any = file if magic == b"WARC/" else gzip.GzipFile(fileobj=file)
    try:
        length = 0
        while (line := stream.readline(_HEAD)).strip():
            name, _, value = line.partition(b":")
            if name.strip().lower() == b"content-length":
                length = int(value)
        while length > 0 and (piece := stream.read(min(length, _HEAD))):
            length -= len(piece)
        return length == 0 and stream.read(4) in (b"", b"\r\n\r\n")
    except (OSError, EOFError, ValueError, zlib.error):
        return False


def _next_record(file: BinaryIO, after: int, compressed: bool) -> int | None:
    """Return where the first record at or behind `after` begins, None where there is none."""
    pattern, overlap = (_MEMBER, 3) if compressed else (_RECORD, 15)
    at = after
    while True:
        file.seek(at)
        window = file.read(1 << 20)
        for found in pattern.finditer(window):
            begin = at + found.start()
            if not compressed or _is_member(file, begin):
                return begin
        if len(window) <= overlap:
            return None
        at += len(window) - overlap


def _is_member(file: BinaryIO, begin: int) -> bool:
    file.seek(begin)
    try:
        return zlib.decompressobj(31).decompress(file.read(1024), 5) == b"WARC/"
    except zlib.error:
        return False


def _result(record: Any, where: str) -> Page | Skipped | None:
    """Return the page of a record, None where it isn't one, Skipped where it should be one."""
    length = record.headers.get("Content-Length") or ""
    if not re.fullmatch(r"\d{1,18}", length):
        return skipped(where, "broken_record", "The record has no valid Content-Length: its header is truncated.")
    wanted = record.record_type in (WarcRecordType.response, WarcRecordType.resource)
    block = _take(record.reader, _BLOCK + 1) if wanted else b""
    seen = len(block) + _drain(record.reader)
    target = (record.headers.get("WARC-Target-URI") or "").strip().removeprefix("<").removesuffix(">")
    if seen < int(length):
        detail = f"The record is truncated: {seen} of {int(length)} bytes are there."
        return skipped(where, "broken_record", detail, _known(target), block)
    try:
        return _page(record, target, block, where) if wanted else None
    except ValueError as error:
        return skipped(where, "broken_record", str(error), _known(target), block)


def _take(reader: Any, size: int) -> bytes:
    pieces = []
    while size > 0 and (piece := reader.read(min(size, 1 << 20))):
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)


def _drain(reader: Any) -> int:
    """Return how many bytes are left of a record, by reading them: fastwarc does not tell of a short one."""
    seen = 0
    while piece := reader.read(1 << 20):
        seen += len(piece)
    return seen


def _known(target: str) -> str | None:
    try:
        return address(target)
    except ValueError:
        return None


def _page(record: Any, target: str, block: bytes, where: str) -> Page | Skipped | None:
    content_type = record.headers.get("Content-Type") or ""
    body: bytes | None = block
    headers: dict[str, str] = {}
    encodings: list[str] = []
    if record.record_type == WarcRecordType.response:
        if not content_type.lower().startswith("application/http"):
            return None  # an answer of another protocol, such as dns:
        status, headers, body = _http(block)
        content_type = headers.get("content-type", "")
        if status != 200:
            return None
        encodings = [e.strip().lower() for e in headers.get("content-encoding", "").split(",")]
        if "chunked" in headers.get("transfer-encoding", "").lower():
            encodings.append("chunked")
    if content_type.split(";")[0].strip().lower() not in _HTML:
        return None
    url = address(target)
    body = None if len(block) > _BLOCK else _decoded(body or b"", encodings)
    if body is None or len(body) > MAX_BYTES:
        return too_large(where, url, body or block)
    charset = _CHARSET.search(content_type)
    fetched = record.headers.get("WARC-Date") or ""
    try:
        fetched = moment(fetched.strip(), "WARC-Date")
    except ValueError:
        fetched = ""  # the page is whole, and its time only unknown
    return Page(
        url, body, "html", where, fetched or None, charset[1] if charset else None,
        last_modified=headers.get("last-modified"), served=headers.get("date"), links=headers.get("link"),
    )  # fmt: skip


def _http(block: bytes) -> tuple[int, dict[str, str], bytes]:
    """Return status, headers (lower-case names, the first of each) and body of an HTTP answer."""
    status, end = _STATUS.match(block), _END_OF_HEAD.search(block, 0, _HEAD)
    if not status or not end:
        raise ValueError("The record holds no HTTP answer.")
    headers: dict[str, str] = {}
    for line in block[: end.start()].decode("latin-1").splitlines()[1:]:
        name, _, value = line.partition(":")
        headers.setdefault(name.strip().lower(), value.strip())
    return int(status[1]), headers, block[end.end() :]


def _decoded(body: bytes, encodings: list[str]) -> bytes:
    """Return `body` with its encodings taken off, the last one first, at most MAX_BYTES + 1 bytes."""
    if len(encodings) > 4:
        raise ValueError("The page is encoded more than four times over.")
    for encoding in reversed(encodings):
        decoder = _DECODERS.get(encoding)
        if decoder is None:
            raise ValueError(f"The page has the unknown encoding {encoding[:40]!r}.")
        try:
            body = decoder(body)
        except (OSError, ValueError, zlib.error):
            # Archivers often store the page decoded and its header as it came.
            if not _MARKUP.match(body):
                raise ValueError(f"The page is truncated or damaged inside its {encoding} encoding.") from None
    return body


def _unchunked(body: bytes) -> bytes:
    pieces: list[bytes] = []
    at = 0
    while True:
        mark = _CHUNK.match(body, at)
        if not mark:
            raise ValueError("no chunk")
        size = int(mark[1], 16)
        at = mark.end() + size
        if size == 0:
            return b"".join(pieces)
        if at > len(body):
            raise ValueError("chunk cut off")
        pieces.append(body[mark.end() : at])
        at += 2 if body.startswith(b"\r\n", at) else 1


def _inflated(body: bytes, bits: int = 31) -> bytes:
    inflate = zlib.decompressobj(bits)
    data = inflate.decompress(body, MAX_BYTES + 1)
    if not inflate.eof and len(data) <= MAX_BYTES:
        raise ValueError("cut off")
    return data


def _deflated(body: bytes) -> bytes:
    try:
        return _inflated(body, 15)
    except zlib.error:
        return _inflated(body, -15)  # what some servers send under the name


def _unbrotli(body: bytes) -> bytes:
    return _take(BrotliReader(io.BytesIO(body)), MAX_BYTES + 1)


_DECODERS = {
    "": lambda body: body,
    "identity": lambda body: body,
    "none": lambda body: body,
    "chunked": _unchunked,
    "gzip": _inflated,
    "x-gzip": _inflated,
    "deflate": _deflated,
    "br": _unbrotli,
}


# -- writing ---------------------------------------------------------------------------------------------------------


def write(page: Page, captured: str, software: str) -> bytes:
    """Return a web archive with the bytes of one page, the same for the same arguments.

    Two records: one that says by what it was written, and the page as a `resource`, since HTTP headers are not kept.
    `captured`: when its bytes were taken, UTC ("2024-03-05T09:30:00Z").
    """
    charset = f"; charset={page.charset}" if page.charset and re.fullmatch(r"[\w.:-]{1,40}", page.charset) else ""
    kind = f"text/{'html' if page.kind == 'html' else 'plain'}{charset}"
    about = f"software: {software}\r\nformat: WARC File Format 1.1\r\n".encode()
    return _record("warcinfo", about, captured, "application/warc-fields") + _record(
        "resource", page.data, captured, kind, quote(page.url, safe=_PRINTABLE)
    )


# What stands in an address as it is: a line end in one would begin another header.
_PRINTABLE = "".join(map(chr, range(0x21, 0x7F)))


def _record(kind: str, block: bytes, captured: str, content: str, target: str | None = None) -> bytes:
    digest = hashlib.sha256(block).hexdigest()
    number = uuid5(NAMESPACE_URL, f"{kind} {target or ''} {captured} {digest}")
    lines = [
        "WARC/1.1",
        f"WARC-Type: {kind}",
        f"WARC-Record-ID: <urn:uuid:{number}>",
        f"WARC-Date: {captured}",
        *([f"WARC-Target-URI: {target}"] if target else []),
        f"WARC-Block-Digest: sha256:{digest}",
        f"Content-Type: {content}",
        f"Content-Length: {len(block)}",
    ]
    return "\r\n".join(lines).encode("ascii") + b"\r\n\r\n" + block + b"\r\n\r\n"
