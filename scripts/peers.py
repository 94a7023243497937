"""Other tools, and syndet, as methods of one shape: index a collection, say what shares text with a query.

All get their words from syndet.text.words, so that scripts without spaces are no handicap; shingles are five of them.
Sizes are of what a tool itself would write: its own file format, or its index pickled. Bodies are counted nowhere.
"""

from __future__ import annotations

import importlib
import pickle
import sqlite3
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from claims import Query
from winnowing import Winnowed

from syndet import Corpus, cues, letters, portions, relate, urls
from syndet.align import align
from syndet.fingerprint import fingerprint
from syndet.linker import Linker
from syndet.models import Article, Page
from syndet.summary import Summary

SHINGLE = 5  # words
PERMUTATIONS = 128
BM25_CANDIDATES = 20
GIVEN = ("articles", "versions", "skips", "runs")  # the tables of a store that are not derived (db/README.md)


@dataclass(frozen=True, slots=True)
class Held:
    """An article of the collection."""

    body: str
    url: str
    language: str | None


class Method(Protocol):
    """What is compared."""

    def build(self, collection: Sequence[Held]) -> None:
        """Index the collection, once."""

    def scores(self, query: Query) -> dict[int, float]:
        """Return the articles, by their place in the collection, that the method proposes, with its score."""

    def bytes(self) -> int:
        """Return the size of the index."""


def shingles(body: str) -> set[bytes]:
    """Return the runs of five words; of a shorter body, all of it."""
    words = letters.words(body)
    last = max(1, len(words) - SHINGLE + 1)
    return {" ".join(words[at : at + SHINGLE]).encode("utf-8", "surrogatepass") for at in range(last)}


class MinHashLSH:
    """datasketch's MinHashLSH; a candidate's score is the Jaccard similarity that the signatures tell."""

    def __init__(self, threshold: float, permutations: int = PERMUTATIONS) -> None:
        self._datasketch = importlib.import_module("datasketch")
        self._permutations = permutations
        self._index: Any = self._datasketch.MinHashLSH(threshold=threshold, num_perm=permutations)
        self._signatures: list[Any] = []

    def _signature(self, body: str) -> Any:
        made = self._datasketch.MinHash(num_perm=self._permutations)
        made.update_batch(sorted(shingles(body)))
        return made

    def build(self, collection: Sequence[Held]) -> None:
        for number, held in enumerate(collection):
            self._signatures.append(self._signature(held.body))
            self._index.insert(number, self._signatures[-1])

    def scores(self, query: Query) -> dict[int, float]:
        own = self._signature(query.body)
        return {number: own.jaccard(self._signatures[number]) for number in sorted(self._index.query(own))}

    def bytes(self) -> int:
        return len(pickle.dumps(self._index, protocol=5)) + 4 * self._permutations * len(self._signatures)


class Ensemble:
    """datasketch's MinHashLSHEnsemble; the score is the share of the query that signatures and sizes tell."""

    def __init__(self, threshold: float) -> None:
        self._datasketch = importlib.import_module("datasketch")
        self._index: Any = self._datasketch.MinHashLSHEnsemble(threshold=threshold, num_perm=PERMUTATIONS)
        self._signatures: list[tuple[Any, int]] = []

    def _signature(self, body: str) -> tuple[Any, int]:
        own = shingles(body)
        made = self._datasketch.MinHash(num_perm=PERMUTATIONS)
        made.update_batch(sorted(own))
        return made, len(own)

    def build(self, collection: Sequence[Held]) -> None:
        self._signatures = [self._signature(held.body) for held in collection]
        self._index.index((number, *signature) for number, signature in enumerate(self._signatures))

    def scores(self, query: Query) -> dict[int, float]:
        own, size = self._signature(query.body)
        found = {}
        for number in sorted(set(self._index.query(own, size))):
            other, others = self._signatures[number]
            jaccard = own.jaccard(other)
            found[number] = jaccard * (size + others) / ((1 + jaccard) * size)
        return found

    def bytes(self) -> int:
        return len(pickle.dumps(self._index, protocol=5)) + (4 * PERMUTATIONS + 4) * len(self._signatures)


class Rensa:
    """rensa's RMinHash and RMinHashLSH; the score is the Jaccard similarity that the signatures tell."""

    def __init__(self, threshold: float, bands: int) -> None:
        self._rensa = importlib.import_module("rensa")
        self._index: Any = self._rensa.RMinHashLSH(threshold, PERMUTATIONS, bands)
        self._signatures: list[Any] = []

    def _signature(self, body: str) -> Any:
        made = self._rensa.RMinHash(PERMUTATIONS, 42)
        made.update(sorted(shingles(body)))
        return made

    def build(self, collection: Sequence[Held]) -> None:
        for number, held in enumerate(collection):
            self._signatures.append(self._signature(held.body))
            self._index.insert(number, self._signatures[-1])

    def scores(self, query: Query) -> dict[int, float]:
        own = self._signature(query.body)
        return {number: own.jaccard(self._signatures[number]) for number in sorted(set(self._index.query(own)))}

    def bytes(self) -> int:
        return len(pickle.dumps(self._index, protocol=5)) + 4 * PERMUTATIONS * len(self._signatures)


class Winnowing:
    """Winnowed runs of five words; the score is the number of fingerprints in common."""

    def __init__(self, window: int) -> None:
        self._index = Winnowed(SHINGLE, window)

    def build(self, collection: Sequence[Held]) -> None:
        self._index.build(letters.words(held.body) for held in collection)

    def scores(self, query: Query) -> dict[int, float]:
        return {
            number: float(shared) for number, shared in sorted(self._index.shared(letters.words(query.body)).items())
        }

    def bytes(self) -> int:
        return self._index.bytes()


class BM25:
    """The best 20 of bm25s (its defaults), aligned by syndet; the score is what syndet's model of reuse says."""

    def __init__(self) -> None:
        self._index: Any = importlib.import_module("bm25s").BM25()
        self._bodies: list[str] = []
        self._prepared = portions.remembered()

    def build(self, collection: Sequence[Held]) -> None:
        self._bodies = [held.body for held in collection]
        self._index.index([letters.words(body) for body in self._bodies], show_progress=False)

    def scores(self, query: Query) -> dict[int, float]:
        known = [word for word in letters.words(query.body) if word in self._index.vocab_dict]
        ranks = np.asarray(self._index.get_scores(known))
        own = self._prepared(query.body)
        found = {}
        for number in np.argsort(-ranks, kind="stable")[:BM25_CANDIDATES].tolist():
            other = self._bodies[number]
            shared = align(own, self._prepared(other))
            shared = relate.telling(shared, Article("", query.body), Article("", other))
            found[number] = relate.reuse(shared, relate.worth(shared, query.body))
        return found

    def bytes(self) -> int:
        with tempfile.TemporaryDirectory() as folder:
            self._index.save(folder, show_progress=False)
            return sum(path.stat().st_size for path in Path(folder).iterdir())


class Syndet:
    """syndet as its users have it: a store, linked, and asked for a page that is not in it; the score is `reuse`."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "collection.db"
        self._corpus = Corpus(self._path)
        self._linker = Linker(self._corpus.store, Summary())
        self._place: dict[int, int] = {}

    def close(self) -> None:
        """Close the store."""
        self._corpus.close()

    @property
    def stored(self) -> int:
        """The number of articles that it took in."""
        return len(self._place)

    def build(self, collection: Sequence[Held]) -> None:
        self._corpus.add_pages(
            Page(held.url, held.body.encode("utf-8", "replace"), "text", held.url, language=held.language)
            for held in collection
        )
        self._corpus.link()
        places = {held.url: place for place, held in enumerate(collection)}
        for number in self._corpus.store.articles.ids():
            self._place[number] = places[self._corpus.article(number).url]

    def scores(self, query: Query) -> dict[int, float]:
        body, url = query.body, query.url
        site = urls.site(url)
        said = cues.read(None, body, url=url, site=site, outlet=None, title=None, byline=None)
        page = Article(url, body, site=site, words=letters.count(body), html=False, cues=said)
        with self._corpus.reading():
            links = self._linker.links(page, fingerprint(body))
        found: dict[int, float] = {}
        for link in links:
            place = self._place[link.other(0)]
            found[place] = max(link.reuse, found.get(place, 0.0))
        return found

    def bytes(self) -> int:
        with sqlite3.connect(self._path) as connection:
            rows = connection.execute(
                "SELECT m.tbl_name, sum(s.pgsize) FROM dbstat AS s JOIN sqlite_master AS m ON m.name = s.name "
                "GROUP BY 1"
            ).fetchall()
        connection.close()
        return int(sum(size for name, size in rows if name not in GIVEN))


def sized(make: Callable[[int], Method], choices: Sequence[int], sample: Sequence[Held], target: float) -> int:
    """Return which of `choices` makes the index of `sample` come nearest to `target` bytes an article."""

    def away(choice: int) -> float:
        method = make(choice)
        method.build(sample)
        return abs(method.bytes() / len(sample) - target)

    return min(choices, key=away)
