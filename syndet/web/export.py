"""The last night and the latest reposts as a folder of pages that need no server: links are relative, nothing is asked.

What is written: the night, lists of the latest reposts, and each page that these lead to: articles, their origins, the
clusters with their members, comparisons, outlets, the queue, the runs. A link to anything else is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from syndet import listings
from syndet.corpus import Corpus
from syndet.errors import UsageError
from syndet.listings import Filters, Shelf
from syndet.web import pages
from syndet.web.pages import Told
from syndet.web.render import STATIC, Addresses, file, outlet_path

# Pairs of the queue that are listed at most.
_QUEUE = 50
_Make = Callable[[Addresses], str]


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: how many pages, and how many reposts of the night were left out."""

    pages: int
    left_out: int


@dataclass(frozen=True, slots=True)
class _Chosen:
    """What is written: ids of articles and clusters, pairs of articles, sites."""

    articles: set[int]
    clusters: set[int]
    pairs: set[tuple[int, int]]
    sites: set[str]


def write(corpus: Corpus, folder: Path, limit: int) -> Written:
    """Write the pages to `folder`, with the latest `limit` reposts and as many of the night; say how many.

    Pages that are there are replaced, others stay. Raises UsageError where the folder cannot be written.
    """
    with corpus.reading():
        night = listings.night(corpus)
        told = pages.told(night, limit) if night is not None else None
        shelves, queue = list(_shelves(corpus, limit)), min(limit, _QUEUE)
        made = dict(_pages(corpus, told, shelves, _chosen(corpus, told, shelves, queue), queue))
        try:
            for name in STATIC:
                _save(folder / "static" / name, file(name))
            for path, make in made.items():
                at = Addresses("../" * path.count("/"), ".html", made)
                _save(folder / f"{path or 'index'}.html", make(at).encode("utf-8", "replace"))
        except OSError as error:
            raise UsageError(f"{folder} cannot be written: {error.strerror}.") from error
    return Written(len(made), told.left_out if told is not None else 0)


def _save(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _shelves(corpus: Corpus, limit: int) -> Iterator[tuple[int | None, Shelf]]:
    """Yield the portions of the latest reposts, each with where it begins."""
    after, left = None, limit
    while left > 0:
        shelf = listings.reposts(corpus, after=after, size=min(left, listings.PORTION))
        yield after, shelf
        left -= max(len(shelf.rows), 1)
        if shelf.after is None:
            return
        after = shelf.after


def _chosen(corpus: Corpus, told: Told | None, shelves: list[tuple[int | None, Shelf]], queue: int) -> _Chosen:
    """Return what the lists lead to."""
    found = _Chosen(set(), set(), set(), set())
    for _, shelf in shelves:
        for row in shelf.rows:
            _add(found, row.article.id, row.origin.id if row.origin is not None else None)
    for answer in told.answers() if told is not None else ():
        _add(found, answer.article.id, answer.shared_with)
        _add(found, answer.article.id, answer.origin.id if answer.origin is not None else None)
    for link, _, _ in corpus.borderline(queue):
        _add(found, link.repost, link.origin)
    places = (corpus.store.clusters.member(one) for one in sorted(found.articles))
    found.clusters.update(place.cluster for place in places if place is not None and place.cluster is not None)
    for cluster in sorted(found.clusters):
        roster = corpus.cluster(cluster)
        if len(roster.places) < 2:
            found.clusters.discard(cluster)
        for place in roster.places[: pages.MOST_LISTED]:
            _add(found, place.article.id, place.source.id if place.source is not None else None)
    found.sites.update(site for _, site in corpus.store.articles.places(found.articles).values() if site)
    return found


def _add(found: _Chosen, article: int | None, other: int | None) -> None:
    found.articles.update(one for one in (article, other) if one)
    if article and other:
        found.pairs.add((article, other))


def _pages(
    corpus: Corpus, told: Told | None, shelves: list[tuple[int | None, Shelf]], chosen: _Chosen, queue: int
) -> Iterator[tuple[str, _Make]]:
    """Yield the path of each page, without its ending, and what makes it once all paths are known."""
    yield "", lambda at: pages.night(at, told)
    for number, (after, shelf) in enumerate(shelves):
        yield _list(number), _listed(corpus, number, after, len(shelf.rows))
    yield "outlets", lambda at: pages.outlets(corpus, at)
    yield "review", lambda at: pages.queue(corpus, at, queue)
    yield "runs", lambda at: pages.runs(corpus, at)
    yield "words", pages.words
    for one in sorted(chosen.articles):
        yield f"articles/{one}", lambda at, one=one: pages.article(corpus, at, one)  # type: ignore[misc]
    for pair in sorted(chosen.pairs):
        yield "compare/{}-{}".format(*pair), lambda at, pair=pair: pages.compare(corpus, at, *pair)  # type: ignore[misc]
    for one in sorted(chosen.clusters):
        yield f"clusters/{one}", lambda at, one=one: pages.cluster(corpus, at, one)  # type: ignore[misc]
    for site in sorted(chosen.sites):
        yield outlet_path(site, True), lambda at, site=site: pages.outlet(corpus, at, site)  # type: ignore[misc]


def _list(number: int) -> str:
    return f"reposts-{number + 1}" if number else "reposts"


def _listed(corpus: Corpus, number: int, after: int | None, size: int) -> _Make:
    def make(at: Addresses) -> str:
        newer = at.to(_list(number - 1)) if number else None
        return pages.search(corpus, at, Filters(), after, size=max(size, 1), older=_list(number + 1), newer=newer)

    return make
