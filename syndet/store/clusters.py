"""Tables `clusters`, `cluster_events` and `unsettled`: who is in which cluster, and what became of ids."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping

from syndet.known import PARTIAL, Event, Member
from syndet.store import rows

_COLUMNS = "article, cluster, source, external"  # as _member


class Clusters:
    """Members by article and by cluster; the articles whose ties have changed since."""

    def __init__(self, connection: sqlite3.Connection):
        self._db = connection
        self.touched = set[int]()  # articles that were unsettled here, since they were settled last

    # -- reading -----------------------------------------------------------------------------------------------------

    def member(self, article: int) -> Member | None:
        """Return what was stored of the place of an article, None where that was not worked out yet."""
        row = self._db.execute(f"SELECT {_COLUMNS} FROM clusters WHERE article = ?", [article]).fetchone()
        return _member(*row) if row else None

    def members(self, cluster: int) -> list[Member]:
        """Return the members of a cluster, ascending by article; an empty list where no cluster has this id."""
        found = self._db.execute(f"SELECT {_COLUMNS} FROM clusters WHERE cluster = ? ORDER BY article", [cluster])
        return [_member(*row) for row in found]

    def size(self, cluster: int) -> int:
        """Return the number of members of a cluster."""
        return int(self._db.execute("SELECT count(*) FROM clusters WHERE cluster = ?", [cluster]).fetchone()[0])

    def ties(self, article: int) -> dict[int, bool]:
        """Return the articles that a decided link, or the way to a source, ties to `article`, as `known.whole`.

        Only ids are read: a story on thousands of sites has thousands of ties.
        """
        sql = "SELECT article, 0 FROM clusters WHERE source = ?1"
        for end, other in (("repost", "origin"), ("origin", "repost")):
            sql += f" UNION ALL SELECT {other}, state != 'repost' OR relation NOT IN ({_PARTIAL}) FROM links"
            sql += f" WHERE {end} = ?1 AND state != 'possible'"
        # A link is said after the way to a source, which it may be.
        return {number: bool(whole) for number, whole in self._db.execute(sql, [article])}

    def followers(self, article: int) -> list[int]:
        """Return the articles that go back to `article` directly."""
        return [row[0] for row in self._db.execute("SELECT article FROM clusters WHERE source = ?", [article])]

    def reposts(self) -> list[int]:
        """Return the articles that go back to something, stored or not, and digests; the latest stored first."""
        sql = "SELECT article FROM clusters WHERE source IS NOT NULL OR external IS NOT NULL OR cluster IS NULL"
        return [row[0] for row in self._db.execute(f"{sql} ORDER BY article DESC")]

    def copies_of(self, site: str, limit: int) -> list[int]:
        """Return the articles of other sites that go back to one of `site`, step by step; the latest stored first."""
        sql = (
            "WITH RECURSIVE down (article) AS (SELECT clusters.article FROM articles JOIN clusters"
            " ON clusters.source = articles.id WHERE articles.site = ?1 UNION SELECT clusters.article FROM clusters"
            " JOIN down ON clusters.source = down.article) SELECT id FROM down JOIN articles ON id = down.article"
            " WHERE site IS NOT ?1 ORDER BY id DESC LIMIT ?2"
        )
        return [row[0] for row in self._db.execute(sql, [rows.storable(site), limit])]

    def digests_of(self, articles: Iterable[int]) -> set[int]:
        """Return the digests that were made of any of `articles`."""
        sql = (
            "SELECT links.repost FROM links JOIN clusters ON clusters.article = links.repost"
            " WHERE links.origin = ? AND clusters.cluster IS NULL"
        )
        return {row[0] for article in articles for row in self._db.execute(sql, [article])}

    def namers(self, address: str) -> list[int]:
        """Return the linked articles that name the page at a canonical address as their origin."""
        sql = "SELECT id FROM articles WHERE named_address = ? AND id IN (SELECT article FROM fingerprints) ORDER BY id"
        return [row[0] for row in self._db.execute(sql, [rows.storable(address)])]

    def history(self, cluster: int) -> list[Event]:
        """Return what became of the id of a cluster, in the order in which it happened; either side of an event."""
        sql = (
            "SELECT cluster, event, other, run, happened FROM cluster_events"
            " WHERE cluster = ?1 OR other = ?1 ORDER BY id"
        )
        return [Event(*row) for row in self._db.execute(sql, [cluster])]

    def next(self) -> int:
        """Return the first id that no cluster ever had."""
        sql = (
            "SELECT max(coalesce((SELECT max(cluster) FROM clusters), 0),"
            " coalesce((SELECT max(cluster) FROM cluster_events), 0))"
        )
        return int(self._db.execute(sql).fetchone()[0]) + 1

    # -- writing -----------------------------------------------------------------------------------------------------

    def save(self, members: Iterable[Member]) -> None:
        """Store the places of articles."""
        values = (
            (one.id, one.cluster, one.source, rows.to_json(one.external) if one.external else None) for one in members
        )
        self._db.executemany(f"INSERT OR REPLACE INTO clusters ({_COLUMNS}) VALUES (?, ?, ?, ?)", values)

    def move(self, articles: Mapping[int, int], clusters: Mapping[int, int]) -> None:
        """Put articles, by id, and all members of whole clusters into other clusters."""
        sql = "UPDATE clusters SET cluster = ? WHERE {} = ?"
        self._db.executemany(sql.format("cluster"), ((new, old) for old, new in clusters.items()))
        self._db.executemany(sql.format("article"), ((new, article) for article, new in articles.items()))

    def record(self, events: Iterable[Event]) -> None:
        """Write down what became of ids."""
        self._db.executemany(
            "INSERT INTO cluster_events (cluster, event, other, run, happened) VALUES (?, ?, ?, ?, ?)",
            ((one.cluster, one.kind, one.other, one.run, one.happened) for one in events),
        )

    # -- what has to be worked out anew --------------------------------------------------------------------------------

    def unsettle(self, articles: Iterable[int], *, cut: bool = False) -> None:
        """Write down that the ties of articles changed; `cut`: that some of them went away."""
        articles = list(articles)
        self.touched.update(articles)
        self._db.executemany(
            "INSERT INTO unsettled (article, cut) SELECT id, ?2 FROM articles WHERE id = ?1"
            " ON CONFLICT DO UPDATE SET cut = max(cut, ?2)",
            ((article, int(cut)) for article in articles),
        )

    def unsettle_all(self) -> None:
        """Write down that all ties went away, and drop what other programs left of articles that they deleted."""
        for table in ("clusters", "unsettled"):
            self._db.execute(f"DELETE FROM {table} WHERE article NOT IN (SELECT id FROM articles)")
        self._db.execute("INSERT OR REPLACE INTO unsettled (article, cut) SELECT id, 1 FROM articles")

    def unsettled(self, among: Iterable[int] | None = None) -> dict[int, bool]:
        """Return the articles, of all or `among` some, whose ties changed, and whether some of them went away."""
        sql = "SELECT article, cut FROM unsettled"
        if among is None:
            found = self._db.execute(f"{sql} ORDER BY article").fetchall()
        else:
            one = f"{sql} WHERE article = ?"
            found = [row for number in sorted(among) for row in self._db.execute(one, [number])]
        return {article: bool(cut) for article, cut in found}

    def waiting(self) -> bool:
        """Return whether an article whose ties changed is still to be linked."""
        sql = "SELECT 1 FROM unsettled WHERE article NOT IN (SELECT article FROM fingerprints) LIMIT 1"
        return self._db.execute(sql).fetchone() is not None

    def unfinished(self) -> set[int]:
        """Return the clusters with an article whose ties changed and which is still to be linked."""
        sql = (
            "SELECT DISTINCT cluster FROM unsettled JOIN clusters ON clusters.article = unsettled.article"
            " WHERE cluster IS NOT NULL AND unsettled.article NOT IN (SELECT article FROM fingerprints)"
        )
        return {row[0] for row in self._db.execute(sql)}

    def settled(self, articles: Iterable[int]) -> None:
        """Write down that the places of articles are up to date."""
        self._db.executemany("DELETE FROM unsettled WHERE article = ?", ((number,) for number in articles))

    # -- checking ----------------------------------------------------------------------------------------------------

    def strays(self) -> int:
        """Return the number of linked articles without a place, and of places without a linked article."""
        total = 0
        for one, other in (("fingerprints", "clusters"), ("clusters", "fingerprints")):
            sql = (
                f"SELECT count(*) FROM (SELECT article FROM {one} EXCEPT SELECT article FROM {other}"
                " EXCEPT SELECT article FROM unsettled)"
            )
            total += int(self._db.execute(sql).fetchone()[0])
        return total


_PARTIAL = ", ".join(f"'{relation}'" for relation in sorted(PARTIAL))


def _member(article: int, cluster: int | None, source: int | None, external: str | None) -> Member:
    return Member(article, cluster is None, source, rows.external(external) if external else None, cluster)
