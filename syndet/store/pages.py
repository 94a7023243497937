"""Tables `pages` and `contents`: pages as they were fetched, where they are kept."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterator

from syndet.models import Page
from syndet.store import rows
from syndet.store.faults import Damaged

# What a source says of a page beside its address, kind and bytes.
FIELDS = ("fetched", "charset", "title", "byline", "published", "language", "last_modified", "served", "links")
# As for bodies. Of 252 news pages (322,000 bytes on average) 61,000 bytes are left; level 9 saves 1% for half as much
# time again, LZMA a quarter for ten times as much.
_LEVEL = 6


class Pages:
    """Pages by article and version; bytes that several have are stored once."""

    def __init__(self, connection: sqlite3.Connection):
        self._db = connection

    def keep(self, page: Page, digest: bytes) -> int | None:
        """Keep a page of which an article, or an earlier version of it, was read, unless it is kept already.

        `digest` is that of the article. Return how many bytes that took, None where there was nothing to keep.
        """
        url = rows.storable(page.url)
        row = self._db.execute(
            "SELECT id, version FROM (SELECT id, version FROM articles WHERE url = ?1 AND digest = ?2 UNION ALL"
            " SELECT id, versions.version FROM articles JOIN versions ON article = id"
            " WHERE url = ?1 AND versions.digest = ?2) AS one"
            " WHERE NOT EXISTS (SELECT 1 FROM pages WHERE article = one.id AND version = one.version)"
            " ORDER BY version DESC LIMIT 1",
            [url, digest],
        ).fetchone()
        if row is None:
            return None
        content, written = _sha256(page.data), 0
        if self._db.execute("SELECT 1 FROM contents WHERE digest = ?", [content]).fetchone() is None:
            data = zlib.compress(page.data, _LEVEL)
            written = len(data)
            sql = "INSERT INTO contents (digest, size, data) VALUES (?, ?, ?)"
            self._db.execute(sql, [content, len(page.data), data])
        fields = {name: value for name in FIELDS if (value := getattr(page, name)) is not None}
        self._db.execute(
            "INSERT INTO pages (article, version, content, kind, fields) VALUES (?, ?, ?, ?, ?)",
            [*row, content, page.kind, rows.to_json(fields)],
        )
        return written

    def of(self, article: int) -> Page | None:
        """Return the page that the current version of an article was read from, None where it was not kept."""
        row = self._db.execute(
            "SELECT url, kind, fields, data, contents.digest FROM articles"
            " JOIN pages ON article = articles.id AND pages.version = articles.version"
            " JOIN contents ON contents.digest = content WHERE articles.id = ?",
            [article],
        ).fetchone()
        if row is None:
            return None
        url, kind, fields, data, digest = row
        return Page(url, _bytes(data, digest), kind, f"article {article}", **json.loads(fields))

    def damaged(self) -> Iterator[int]:
        """Yield the articles whose kept bytes are no longer those that were fetched."""
        for data, digest in self._db.execute("SELECT data, digest FROM contents"):
            try:
                _bytes(data, digest)
            except Damaged:
                sql = "SELECT DISTINCT article FROM pages WHERE content = ? ORDER BY 1"
                yield from (row[0] for row in self._db.execute(sql, [digest]).fetchall())


def _bytes(data: bytes, digest: bytes) -> bytes:
    try:
        found = zlib.decompress(data)
    except zlib.error as error:
        raise Damaged("the kept bytes of a page cannot be read") from error
    if _sha256(found) != digest:
        raise Damaged("the kept bytes of a page are not those that were fetched")
    return found


def _sha256(data: bytes) -> bytes:
    # Here, not above: it loads OpenSSL, and answers read no pages.
    import hashlib

    return hashlib.sha256(data).digest()
