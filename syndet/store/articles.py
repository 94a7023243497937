"""Tables `articles`, `versions` and `skips`: what was given."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from syndet import __version__, urls
from syndet.errors import NotStored
from syndet.models import Article, Reference, Skipped
from syndet.store import rows

# As _article takes them.
_COLUMNS = "id, url, site, outlet, title, byline, published, language, words, fetched, html, cues, dates, digest, body"
_KEPT = "version, outlet, title, byline, published, language, words, html, body, cues, dates, digest, fetched, added"


class Articles:
    """Articles by id, address and what they name; every change at an address is kept as a version."""

    def __init__(self, connection: sqlite3.Connection):
        self._db = connection

    # -- writing -------------------------------------------------------------------------------------------------

    def known(self, pages: Sequence[tuple[str, bytes, str | None]]) -> set[tuple[str, bytes]]:
        """Return those of `pages` (address or place, digest, when fetched) that were stored or left out as they are.

        What was seen before is known even where something else stands at its address now: two archives may hold
        different copies of one page, and reading both again brings no news. Only a later fetch brings it back; what
        another version of syndet left out is tried again.
        """
        found: set[tuple[str, bytes]] = set()
        for place, digest, fetched in pages:
            row = self._db.execute(
                "SELECT 1 FROM articles WHERE url = ?1 AND digest = ?2"
                " UNION ALL SELECT 1 FROM skips WHERE place = ?1 AND digest = ?2 AND syndet = ?4"
                " UNION ALL SELECT 1 FROM articles JOIN versions ON versions.article = articles.id"
                " WHERE url = ?1 AND versions.digest = ?2 AND coalesce(?3, '') <= coalesce(articles.fetched, '')"
                " LIMIT 1",
                (rows.storable(place), digest, rows.storable(fetched), __version__),
            ).fetchone()
            if row is not None:
                found.add((place, digest))
        return found

    def save(self, article: Article, named: Reference | None, now: str) -> tuple[int, bool]:
        """Store `article`, keeping what stood at its address as a version; return its id and whether it is new.

        `named` is what the page declares as its origin. What was derived from an earlier version is the caller's
        to remove (`Index.remove`), before this call.
        """
        values = {
            "url": article.url,
            "address": urls.address(article.url),
            "site": article.site,
            "outlet": article.outlet,
            "title": article.title,
            "byline": article.byline,
            "published": article.published,
            "language": article.language,
            "words": article.words,
            "html": int(article.html),
            "body": rows.pack(article.body),
            "cues": rows.to_json(article.cues),
            "dates": rows.to_json(article.dates),
            "named_address": urls.address(named.url) if named and named.url else None,
            "named_outlet": named.outlet if named else None,
            "named_title": named.title if named else None,
            "digest": article.digest,
            "fetched": article.fetched,
            "added": now,
        }
        values = {name: rows.storable(value) for name, value in values.items()}
        self._db.execute("DELETE FROM skips WHERE place = ?", [values["url"]])
        old = self._db.execute("SELECT id FROM articles WHERE url = ?", [values["url"]]).fetchone()
        if old is None:
            names, marks = ", ".join(values), ", ".join(f":{name}" for name in values)
            cursor = self._db.execute(f"INSERT INTO articles ({names}, version) VALUES ({marks}, 1)", values)
            return int(cursor.lastrowid or 0), True
        self._db.execute(
            f"INSERT INTO versions (article, {_KEPT}) SELECT id, {_KEPT} FROM articles WHERE id = ?", [old[0]]
        )
        changes = ", ".join(f"{name} = :{name}" for name in values if name != "url")
        self._db.execute(f"UPDATE articles SET {changes}, version = version + 1 WHERE url = :url", values)
        return int(old[0]), False

    def skip(self, skipped: Skipped, now: str) -> None:
        """Store a page that was left out."""
        place = skipped.url or skipped.where
        self._db.execute(
            "INSERT OR REPLACE INTO skips (place, digest, reason, detail, syndet, seen) VALUES (?, ?, ?, ?, ?, ?)",
            [*map(rows.storable, (place, skipped.digest or b"", skipped.reason, skipped.detail, __version__, now))],
        )

    def skipped(self, place: str) -> list[str]:
        """Return the reasons for which what was read at `place` was left out."""
        sql = "SELECT reason FROM skips WHERE place = ? ORDER BY 1"
        return [row[0] for row in self._db.execute(sql, [rows.storable(place)])]

    def left_out(self, place: str) -> Skipped | None:
        """Return why what was last read at `place` was left out, None where nothing was."""
        sql = "SELECT reason, detail FROM skips WHERE place = ? ORDER BY seen DESC LIMIT 1"
        row = self._db.execute(sql, [rows.storable(place)]).fetchone()
        return Skipped(place, *row) if row else None

    # -- reading -------------------------------------------------------------------------------------------------

    def get(self, article: int) -> Article | None:
        """Return the article with this id, or None."""
        row = self._db.execute(f"SELECT {_COLUMNS} FROM articles WHERE id = ?", [article]).fetchone()
        return _article(row) if row else None

    def require(self, article: int) -> Article:
        """Return the article with this id. Raises NotStored."""
        if (found := self.get(article)) is None:
            raise NotStored(f"No article has the id {article}; `syndet show URL` finds it by its address.")
        return found

    def at(self, url: str) -> int | None:
        """Return the id of the article fetched from exactly `url`."""
        row = self._db.execute("SELECT id FROM articles WHERE url = ?", [rows.storable(url)]).fetchone()
        return int(row[0]) if row else None

    def find(self, url: str) -> int | None:
        """Return the id of the article at `url`: as fetched, else by the canonical form of the address."""
        exact = self.at(url)
        if exact is not None:
            return exact
        row = self._db.execute(
            "SELECT id FROM articles WHERE address = ? ORDER BY id LIMIT 1", [urls.address(url)]
        ).fetchone()
        return int(row[0]) if row else None

    def places(self, ids: Iterable[int]) -> dict[int, tuple[str, str | None]]:
        """Return (canonical address, site) of the articles `ids` that exist."""
        found = {}
        for number in ids:
            row = self._db.execute("SELECT address, site FROM articles WHERE id = ?", [number]).fetchone()
            if row:
                found[number] = (row[0], row[1])
        return found

    def bodies(self, ids: Iterable[int]) -> dict[int, str]:
        """Return the bodies of the articles `ids` that exist."""
        found = {}
        for number in ids:
            row = self._db.execute("SELECT body FROM articles WHERE id = ?", [number]).fetchone()
            if row:
                found[number] = rows.body(row[0])
        return found

    def unlinked(self) -> list[int]:
        """Return the ids of the articles that are not linked yet, ascending."""
        # Two sorted scans; looking up article by article reads the whole table where nearly all are linked (200,000
        # articles from a cold disk: 2.4 s against 0.5).
        found = self._db.execute("SELECT id FROM articles EXCEPT SELECT article FROM fingerprints ORDER BY 1")
        return [row[0] for row in found]

    def named_by(self, article: Article, limit: int) -> list[int]:
        """Return ids of stored articles that `article` may name: by address, else by title. At most `limit`."""
        ids: dict[int, None] = {}
        for cue in article.cues:
            target = cue.points_to
            if target is None or cue.grade not in ("linked", "named"):
                continue
            if target.url:
                sql, value = "SELECT id FROM articles WHERE address = ? ORDER BY id LIMIT ?", urls.address(target.url)
                ids.update((row[0], None) for row in self._db.execute(sql, [value, limit]))
            if target.title:
                sql = "SELECT id FROM articles WHERE title = ? COLLATE NOCASE ORDER BY id LIMIT ?"
                ids.update((row[0], None) for row in self._db.execute(sql, [rows.storable(target.title), limit]))
        return list(ids)[:limit]

    def naming(self, article: Article, limit: int) -> list[int]:
        """Return ids of stored articles that may name `article`: by its address, else by its title. At most `limit`."""
        ids: dict[int, None] = {}
        sql = "SELECT id FROM articles WHERE named_address = ? ORDER BY id LIMIT ?"
        ids.update((row[0], None) for row in self._db.execute(sql, [urls.address(article.url), limit]))
        if article.title:
            sql = "SELECT id FROM articles WHERE named_title = ? COLLATE NOCASE ORDER BY id LIMIT ?"
            ids.update((row[0], None) for row in self._db.execute(sql, [rows.storable(article.title), limit]))
        return list(ids)[:limit]

    def versions(self, article: int) -> list[tuple[int, Article, str]]:
        """Return (version number, article as it was, when it was stored), oldest first, the current one last."""
        now = self.get(article)
        if now is None:
            return []
        kept = self._db.execute(
            "SELECT version, added, outlet, title, byline, published, language, words, fetched, html, cues, dates,"
            " digest, body FROM versions WHERE article = ? ORDER BY version",
            [article],
        )
        found = [(row[0], _article((article, now.url, now.site, *row[2:])), row[1]) for row in kept]
        version, added = self._db.execute("SELECT version, added FROM articles WHERE id = ?", [article]).fetchone()
        return [*found, (version, now, added)]

    def ids(self) -> Iterator[int]:
        """Yield every article id, ascending."""
        for (number,) in self._db.execute("SELECT id FROM articles ORDER BY id"):
            yield number

    def of_site(self, site: str, limit: int, skip: int = 0) -> list[int]:
        """Return the ids of at most `limit` articles of a site (registrable domain), the latest first, after `skip`."""
        sql = "SELECT id FROM articles WHERE site = ? ORDER BY published IS NULL, published DESC, id DESC"
        found = self._db.execute(f"{sql} LIMIT ? OFFSET ?", [rows.storable(site), limit, skip])
        return [row[0] for row in found]

    def count_of(self, site: str) -> int:
        """Return the number of articles of a site."""
        row = self._db.execute("SELECT count(*) FROM articles WHERE site = ?", [rows.storable(site)]).fetchone()
        return int(row[0])

    def last(self) -> int:
        """Return the highest id, 0 where nothing is stored."""
        return int(self._db.execute("SELECT coalesce(max(id), 0) FROM articles").fetchone()[0])

    def added(self, article: int) -> str:
        """Return when the current version of an article was stored, UTC."""
        return str(self._db.execute("SELECT added FROM articles WHERE id = ?", [article]).fetchone()[0])

    def before(self, article: int) -> int:
        """Return how many articles of its site stand before an article, and with it, in the order of `of_site`."""
        sql = (
            "SELECT count(*) FROM articles AS other JOIN articles AS it ON other.site = it.site WHERE it.id = ?"
            " AND (other.published IS NULL, coalesce(it.published, ''), it.id)"
            " <= (it.published IS NULL, coalesce(other.published, ''), other.id)"
        )
        return int(self._db.execute(sql, [article]).fetchone()[0])

    def count(self) -> int:
        """Return the number of articles."""
        return int(self._db.execute("SELECT count(*) FROM articles").fetchone()[0])


def _article(row: tuple[Any, ...]) -> Article:
    """Return the article of a row of _COLUMNS."""
    number, url, site, outlet, title, byline, published, language, words, fetched, html, cues, dates, digest, body = row
    return Article(
        id=number,
        url=url,
        site=site,
        outlet=outlet,
        title=title,
        byline=byline,
        published=published,
        language=language,
        words=words,
        fetched=fetched,
        html=bool(html),
        cues=rows.cues(cues),
        dates=rows.dates(dates),
        digest=digest,
        body=rows.body(body),
    )
