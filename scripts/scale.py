"""Stores of several sizes, measured -> what one of millions of articles would take, with intervals.

`scripts/bench scale`. A store of invented articles grows in steps; stores that are there already (`--store`; those of
scripts/evaluate_simulated are of the same kind) are measured as well, and not changed. What a night costs is measured
in a copy. Beyond the largest store everything is extrapolated, and the table says so.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path

import numpy as np
from planted import planted

from syndet import Corpus
from syndet.background import background

ASKED = (1_000_000, 10_000_000, 30_000_000)
STEPS = 4  # sizes of the store that grows, each twice the one before
NIGHT, LOOKUPS = 200, 60  # articles of the night that is measured, and lookups of each kind
# Of Student's distribution, 97.5%, by degrees of freedom; beyond these it is taken for that of the last one.
STUDENT = (12.71, 4.30, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26, 2.23)


@dataclass(frozen=True, slots=True)
class Size:
    """What was measured of one store; milliseconds of CPU, medians, for `new` the 99th percentile too."""

    articles: int
    file: int  # bytes
    index: int  # bytes of keys, packed and not, and signatures
    stored: float  # lookup of a stored address
    new: float  # lookup of a text that is not stored
    slowest: float
    night: float  # to store and link one article more


FITTED = {
    "file, GB": ("file", 1e-9),
    "index, GB": ("index", 1e-9),
    "lookup of a stored address, ms of CPU": ("stored", 1.0),
    "lookup of a new text, ms of CPU": ("new", 1.0),
    "the same, 99th percentile": ("slowest", 1.0),
    "a night, ms of CPU for each new article": ("night", 1.0),
}


def scale(texts: Sequence[str], largest: int, stores: Sequence[Path]) -> None:
    """Print what was measured of a store at `STEPS` sizes and of `stores`, and what follows for millions."""
    found = list(grown(texts, largest))
    found += [measured(path, texts) for path in stores]
    found.sort(key=lambda one: one.articles)
    print("\n| articles | file, MB | index, MB | stored address, ms | new text, ms | 99th, ms | night, ms an article |")
    print("|---|---|---|---|---|---|---|")
    for one in found:
        print(
            f"| {one.articles:,} | {one.file / 1e6:.1f} | {one.index / 1e6:.1f} | {one.stored:.1f} | {one.new:.1f} "
            f"| {one.slowest:.1f} | {one.night:.1f} |"
        )
    first, last = found[0].articles, found[-1].articles
    print(f"\nExtrapolated from {first:,} to {last:,} articles, with 95% prediction intervals\n")
    print(f"| | power of the articles | {' | '.join(f'{size:,}' for size in ASKED)} |")
    print(f"|---|---|{'---|' * len(ASKED)}")
    for name, (field, unit) in FITTED.items():
        line = Line([one.articles for one in found], [unit * getattr(one, field) for one in found])
        cells = (f"{middle:,.3g} ({low:,.3g} to {high:,.3g})" for low, middle, high in map(line.at, ASKED))
        print(f"| {name} | {line.power:.2f} ± {line.spread:.2f} | {' | '.join(cells)} |")


# -- measuring ---------------------------------------------------------------------------------------------------------


def grown(texts: Sequence[str], largest: int) -> Iterator[Size]:
    """Yield what a store costs that grows to `largest` articles."""
    made = articles(texts)
    with tempfile.TemporaryDirectory() as name:
        path, held = Path(name) / "scale.db", 0
        for step in range(STEPS):
            size = largest >> (STEPS - 1 - step)
            with Corpus(path) as corpus:
                store(corpus, Path(name), islice(made, size - held))
                corpus.link()
            held = size
            yield measured(path, texts)


def articles(texts: Sequence[str]) -> Iterator[dict[str, str]]:
    """Yield articles invented around `texts`, without end."""
    for one in background(texts, 1 << 40, seed=1):
        yield {"url": one.url, "text": one.body, "title": one.title, "published": one.date}


def store(corpus: Corpus, folder: Path, records: Iterator[dict[str, str]]) -> None:
    """Store records by way of a file."""
    file = folder / "articles.jsonl"
    with file.open("w", encoding="utf-8") as out:
        out.writelines(json.dumps(one) + "\n" for one in records)
    corpus.add([str(file)])
    file.unlink()


def measured(path: Path, texts: Sequence[str]) -> Size:
    """Return what the store at `path` costs; it stays as it is."""
    new = [
        {**one.record, "url": f"https://night-{number}.example/{number}"}
        for number, one in enumerate(islice(planted(texts[:100], 2 * NIGHT), NIGHT))
    ]
    with Corpus(path, readonly=True) as corpus:
        numbers = list(corpus.store.articles.ids())
        numbers = numbers[:: max(1, len(numbers) // LOOKUPS)][:LOOKUPS]
        urls = [corpus.article(number).url for number in numbers]
        stored = [spent(partial(corpus.lookup, url)) for url in urls]
        asked = [spent(partial(corpus.lookup_text, one["text"])) for one in new[:LOOKUPS]]
        count = corpus.count()
    file, index = sizes(path)
    with tempfile.TemporaryDirectory(dir=path.parent) as name:
        copy = Path(shutil.copy(path, name))
        with Corpus(copy) as corpus:
            begin = time.process_time()
            store(corpus, Path(name), iter(new))
            corpus.link()
            night = 1000 * (time.process_time() - begin) / len(new)
    middle, last = (float(np.quantile(asked, at)) for at in (0.5, 0.99))
    return Size(count, file, index, float(np.median(stored)), middle, last, night)


def spent(asking: Callable[[], object]) -> float:
    """Return the milliseconds of CPU that a call takes."""
    begin = time.process_time()
    asking()
    return 1000 * (time.process_time() - begin)


def sizes(path: Path) -> tuple[int, int]:
    """Return the bytes of a store and of its keys and signatures; SQLite's dbstat tells."""
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
        rows = connection.execute(
            "SELECT m.tbl_name, sum(s.pgsize) FROM dbstat AS s JOIN sqlite_master AS m ON m.name = s.name GROUP BY 1"
        ).fetchall()
    connection.close()
    index = sum(size for name, size in rows if name in ("postings", "segments", "blocks", "fingerprints"))
    return sum(size for _, size in rows), index


# -- fitting -----------------------------------------------------------------------------------------------------------


class Line:
    """A straight line through logarithms, by least squares: the value grows with a power of the size."""

    def __init__(self, sizes: Sequence[float], values: Sequence[float]) -> None:
        """Fit it to three points or more."""
        x, y = np.log(sizes), np.log(values)
        self.power, self._height = (float(one) for one in np.polyfit(x, y, 1))
        freedom = len(x) - 2
        self._student = STUDENT[min(freedom, len(STUDENT)) - 1]
        rest = y - self._height - self.power * x
        self._noise = float(np.sqrt(rest @ rest / freedom))
        self._middle, self._breadth, self._count = float(x.mean()), float(((x - x.mean()) ** 2).sum()), len(x)

    @property
    def spread(self) -> float:
        """Half the 95% interval of the power."""
        return float(self._student * self._noise / np.sqrt(self._breadth))

    def at(self, size: float) -> tuple[float, float, float]:
        """Return the value at a size with the interval in which one more measurement would lie with 95%."""
        x = float(np.log(size))
        middle = self._height + self.power * x
        far = (x - self._middle) ** 2 / self._breadth
        half = self._student * self._noise * (1 + 1 / self._count + far) ** 0.5
        return float(np.exp(middle - half)), float(np.exp(middle)), float(np.exp(middle + half))
