"""Table `boilerplate`: the sentences that many articles of one site carry."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable


class Boilerplate:
    """Sentences by site, with the number of articles that carried them."""

    def __init__(self, connection: sqlite3.Connection):
        self._db = connection

    def known(self, site: str, many: int, among: Collection[int] | None = None) -> set[int]:
        """Return the keys of the sentences that at least `many` articles of `site` carried, all or those `among`."""
        sql = f"SELECT sentence FROM boilerplate WHERE site = ? AND articles >= ?{_listed(among)}"
        return {row[0] for row in self._db.execute(sql, [site, many])}

    def everywhere(self, many: int, sites: int, among: Collection[int] | None = None) -> set[int]:
        """Return the keys of the sentences that at least so many `sites` repeat, on `many` articles in all."""
        sql = (
            f"SELECT sentence FROM boilerplate WHERE true{_listed(among)}"
            " GROUP BY sentence HAVING count(*) >= ? AND sum(articles) >= ?"
        )
        return {row[0] for row in self._db.execute(sql, [sites, many])}

    def met(self, site: str, sentences: Iterable[int], article: int) -> None:
        """Count `article`, which carries `sentences`; one that is new was first seen on an article before it."""
        self._db.executemany(
            "INSERT INTO boilerplate (site, sentence, articles, last) VALUES (?1, ?2, 2, ?3)"
            " ON CONFLICT DO UPDATE SET articles = articles + 1, last = excluded.last",
            ((site, sentence, article) for sentence in sentences),
        )

    def shares(self, site: str, limit: int) -> list[tuple[int, float]]:
        """Return (id, share of its words that is boilerplate) of the last `limit` linked articles of `site`."""
        found = self._db.execute(
            "SELECT articles.id, fingerprints.boilerplate * 1.0 / max(1, words) FROM articles JOIN fingerprints"
            " ON fingerprints.article = articles.id WHERE site = ? ORDER BY articles.id DESC LIMIT ?",
            [site, limit],
        )
        return [(row[0], row[1]) for row in found]


def _listed(among: Collection[int] | None) -> str:
    return "" if among is None else f" AND sentence IN ({', '.join(map(str, among))})"
