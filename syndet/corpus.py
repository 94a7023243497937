"""Corpus: a store and what can be done with it. Load, call a pure stage, save."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Literal

from syndet import __version__, groups, names, origin, outlets, portions, relate, review, urls
from syndet.answer import answer
from syndet.errors import NotStored, SourceError, Terminated, UsageError
from syndet.groups import Policy, Roster
from syndet.known import Known
from syndet.models import Answer, Article, Link, Page, Review, Skipped
from syndet.outlets import Listed
from syndet.store import Store
from syndet.stored import Stored
from syndet.summary import Progress, Summary

if TYPE_CHECKING:
    from syndet.exchange import Exchange
    from syndet.intake import Taken


def _silent(stage: str, done: int) -> None:
    """Report nothing."""


class Corpus:
    """A collection of articles that knows which go back to which.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder, Corpus(f"{folder}/news.db") as corpus:
    ...     corpus.lookup_text("A short note on nothing in particular, long enough to be looked up.").verdict
    'no_match'
    """

    def __init__(
        self, path: str | Path, *, readonly: bool = False, now: Callable[[], datetime] | None = None,
        representative: Policy = "origin",
    ):  # fmt: skip
        """Open the store at `path`; unless `readonly`, make it where it is missing. Raises StoreError, UsageError.

        `representative` says which article speaks for a cluster: its "origin", its "earliest", or the first of a
        list of sites that has one in it. `now` gives the time that is written down; tests set it.
        """
        self.policy = groups.policy(representative)
        self._run: int | None = None
        self.store = Store.open(path, readonly=readonly)
        self._clock = now or (lambda: datetime.now(UTC))

    def close(self) -> None:
        """Close the store."""
        self.store.close()

    def __enter__(self) -> Corpus:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _now(self) -> str:
        return self._clock().astimezone(UTC).isoformat(timespec="seconds")

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Read in one state of the store, whatever a writer does meanwhile, with names as it lists them."""
        with self.store.snapshot(), outlets.using(self.store.outlets.roster()):
            yield

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Write with names as the store lists them, in turn with a run that may be at work."""
        with outlets.using(self.store.outlets.roster()):
            yield

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Hold the lock of a run, with names as the store lists them. Raises StoreBusy."""
        with self.store.lock(), self.writing():
            yield

    # -- adding ----------------------------------------------------------------------------------------------------

    def add(
        self, sources: Iterable[str], *, stdin: BinaryIO | None = None, progress: Progress = _silent,
        summary: Summary | None = None, keep_bytes: bool = False, processes: int | None = 1,
    ) -> Summary:  # fmt: skip
        """Read pages, by `processes`, and store what is new or changed, with `keep_bytes` as it was fetched.

        A source that cannot be read is noted in `Summary.problems`; the others go on. Raises StoreBusy.
        """
        from syndet import sources as reader
        from syndet.intake import Intake
        from syndet.workers import readers

        summary = summary or Summary()
        with self._writing(), summary.timed("add"), readers(processes, self.listed()) as workers:
            intake = Intake(self.store, summary, self._now, keep=keep_bytes, workers=workers)
            for source in sources:
                try:
                    given = portions.of_pages(reader.read(source, stdin=stdin))
                    for pages in intake.add(given, streamed=source == "-"):
                        progress("add", pages)
                except SourceError as error:
                    summary.problems.append(str(error))
        return summary

    def add_pages(self, pages: Iterable[Page], *, summary: Summary | None = None, keep_bytes: bool = False) -> Summary:
        """Store pages that the caller holds; one whose address is no text is left out. Raises StoreBusy."""
        from syndet.intake import Intake, addressed

        summary = summary or Summary()
        with self._writing(), summary.timed("add"):
            intake = Intake(self.store, summary, self._now, keep=keep_bytes)
            sum(intake.add(portions.of_pages(map(addressed, pages))))
        return summary

    def take(self, pages: Iterable[Page | Skipped]) -> list[Taken]:
        """Store and link pages that the caller holds, also while a run is at work; return what became of each.

        In order, with the id of the article at its address. Raises StoreBusy, RecipeMismatch.
        """
        from syndet import arrivals

        with self.writing():
            return arrivals.take(self.store, pages, self._now)

    # -- linking ---------------------------------------------------------------------------------------------------

    def link(
        self, *, progress: Progress = _silent, summary: Summary | None = None, processes: int | None = 1
    ) -> Summary:  # fmt: skip
        """Link what is not linked yet, by `processes`, and see to its clusters. Raises StoreBusy, RecipeMismatch."""
        from syndet import linking

        summary = summary or Summary()
        with self._writing(), summary.timed("link"):
            linking.link(self.store, summary, self._now, self._run, progress, processes)
        return summary

    # -- the nightly job ---------------------------------------------------------------------------------------------

    def nightly(
        self, sources: Iterable[str], *, stdin: BinaryIO | None = None, progress: Progress = _silent,
        keep_bytes: bool = False, processes: int | None = 1,
    ) -> Summary:  # fmt: skip
        """Add, link, and write down what was done in `runs`. Raises StoreBusy, RecipeMismatch."""
        from syndet.fingerprint import RECIPE, golden

        sources = list(sources)
        summary = Summary()
        with self._writing():
            self.store.require_recipe(RECIPE, golden())
            with self.store.transaction():
                run = self.store.runs.start("nightly", sources, self._now(), __version__, RECIPE)
            self._run, status = run, 1
            try:
                self.add(
                    sources, stdin=stdin, progress=progress, summary=summary, keep_bytes=keep_bytes, processes=processes
                )  # fmt: skip
                self.link(progress=progress, summary=summary, processes=processes)
                status = 1 if summary.problems else 0
            except KeyboardInterrupt as stop:
                status = 143 if isinstance(stop, Terminated) else 130
                raise
            finally:
                self._run = None
                seconds = {stage: round(value, 3) for stage, value in summary.seconds.items()}
                with self.store.transaction():
                    self.store.runs.finish(run, self._now(), status, summary.counts(), seconds)
        return summary

    # -- asking ----------------------------------------------------------------------------------------------------

    def lookup(self, target: str | int) -> Answer:
        """Return where the stored article at address (or with id) `target` comes from. Raises NotStored."""
        with self.reading():
            stored = Stored(self.store)
            found = answer(str(target), self.article(target), stored, stored, self.policy)
            return self._licensed(found)

    def find(self, target: str | int) -> int:
        """Return the id of the article with this id or address. Raises NotStored."""
        number: int | None
        with self.reading():
            if isinstance(target, int) or target.isdecimal():
                # No id has more digits, nor would SQLite take them.
                wanted = int(target) if len(str(target)) < 19 else 0
                number = wanted if self.store.articles.get(wanted) else None
            else:
                number = self.store.articles.find(target) if urls.is_text(target) else None
        if number is None:
            raise NotStored(f"{target} is not stored; `syndet add SOURCE` stores pages.")
        return number

    def article(self, target: str | int) -> Article:
        """Return the stored article with this id or address. Raises NotStored."""
        with self.reading():
            return self.store.articles.require(self.find(target))

    def show(
        self, target: str | int
    ) -> tuple[list[tuple[int, Article, str]], Answer, list[tuple[Review, Article, Article]]]:
        """Return all versions of a stored article (number, article, when stored), its answer, and its reviews.

        Oldest first; each review with both articles, the repost first.
        """
        with self.reading():
            number = self.find(target)
            said = [(one, *self._ends(one)) for one in self.store.reviews.of(number)]
            return self.store.articles.versions(number), self.lookup(target), said

    def cluster(self, number: int) -> Roster:
        """Return a stored cluster with its members by time and what became of its id. Raises NotStored."""
        with self.reading():
            stored = Stored(self.store)
            found = groups.roster(number, Known(stored, stored), self.store.clusters.history(number), self.policy)
        if found is None:
            raise NotStored(f"No cluster has the id {number}; `syndet lookup` gives that of a page.")
        return found

    def outlet(self, target: str, *, limit: int = 1_000, skip: int = 0) -> Exchange:
        """Return who copies whom at an outlet, by its site, an address on it, or a listed name. Raises NotStored.

        Of its articles the latest `limit` are read, after `skip`.
        """
        from syndet.exchange import exchange

        with self.reading():
            who, articles = names.lookup(target), self.store.articles
            sites = [urls.site(target) or "", *(who.domains if who is not None else ())]
            site, stored = max(((one, articles.count_of(one)) for one in sites), key=lambda item: item[1])
            if not stored:
                raise NotStored(f"No article of {target} is stored; name a site, like example.com.")
            graph = Stored(self.store)
            ids, register = articles.of_site(site, limit, skip), self.store.licences.register()
            return exchange(site, ids, stored, min(skip, stored), Known(graph, graph), register)

    def recipe(self) -> str:
        """Return the name of the recipe that answers are made with."""
        with self.reading():
            stored = self.store.index.recipe()
        if stored is not None:
            return stored[0]
        from syndet.fingerprint import RECIPE

        return RECIPE

    def lookup_page(
        self, page: Page | Skipped, target: str | None = None, *, url: str | None = None
    ) -> Answer | Skipped:
        """Return where a page that is not stored comes from, or why it is no article. Nothing is stored.

        `url` is its address where that is known; without it, the answer gives none.
        """
        from syndet.extract import extract

        with self.reading():
            article = extract(page) if isinstance(page, Page) else page
        if isinstance(article, Skipped):
            return article
        return self.lookup_article(article, target or page.where, url=url)

    def lookup_text(self, body: str, *, url: str = "") -> Answer:
        """Return where a text that is not stored comes from. Nothing is stored. Raises EmptyBody."""
        from syndet import cues, letters

        with self.reading():
            found = cues.read(None, body, url=url, site=urls.site(url), outlet=None, title=None, byline=None)
        own = next((cue.points_to.outlet for cue in found if cue.kind == "own_outlet" and cue.points_to), None)
        article = Article(url, body, site=urls.site(url), outlet=own, words=letters.count(body), html=False, cues=found)
        return self.lookup_article(article, url or "text", url=url or None)

    def lookup_article(self, article: Article, target: str, *, url: str | None = None) -> Answer:
        """Return where an article that is not stored comes from. Raises EmptyBody, RecipeMismatch.

        The answer gives `url` as its address. It is never compared with what is stored at `article.url`.
        """
        from syndet.fingerprint import RECIPE, fingerprint, golden
        from syndet.linker import Linker

        made = fingerprint(article.body)
        with self.reading():
            self.store.require_recipe(RECIPE, golden())
            article = replace(article, id=None)
            linker = Linker(self.store, Summary())
            links = linker.links(article, made)
            article = replace(article, url=url or "")
            stored = Stored(self.store, article, links)
            found = answer(target, article, stored, stored, self.policy)
            return self._licensed(found)

    def _licensed(self, found: Answer) -> Answer:
        """Return an answer with what the register of licences says of it."""
        if (register := self.store.licences.register()) is not None:
            # Here, not above: few stores have a register.
            from syndet import permits

            found = permits.marked(found, register)
        return found

    # -- people's word -----------------------------------------------------------------------------------------------

    def review(
        self, repost: str | int, origin: str | int, verdict: Literal["confirmed", "rejected", "origin", "open"], *,
        who: str, why: str = "",
    ) -> Review:  # fmt: skip
        """Write down what a person says of two stored articles; return that. It goes before all that was found.

        Raises NotStored, StoreBusy, and UsageError where both are one article.
        """
        from syndet.settle import settle_own

        with self.writing(), self.store.transaction():
            said = Review(self.find(repost), self.find(origin), verdict, who, why, self._now())
            if said.repost == said.origin:
                raise UsageError(f"{repost} and {origin} are one stored article; a review is about two.")
            said = self.store.reviews.add(said)
            self.store.links.told([said.repost, said.origin], doubtful=True)
            # Of several origins that were given to one page the latest counts: this may undo an earlier word.
            known = (*self.store.reviews.of(said.repost), *self.store.reviews.of(said.origin))
            self.store.clusters.unsettle({end for one in known for end in (one.repost, one.origin)}, cut=True)
            settle_own(self.store, self._now())
            return said

    def borderline(self, limit: int = 20) -> list[tuple[Link, Article, Article]]:
        """Return the links that nobody reviewed whose reuse or direction is nearest to its threshold, nearest first.

        As they were found, at most `limit`, each with its two articles.
        """
        with self.reading():
            said = review.latest(self.store.reviews.all())
            near = self.store.links.borderline(relate.REUSE_DECIDED, origin.DECIDED)
            pairs = islice((pair for pair in near if tuple(sorted(pair)) not in said), limit)
            links = [link for link in (self.store.links.between(*pair) for pair in pairs) if link is not None]
            return [(link, *self._ends(link)) for link in links]

    def labels(self) -> list[dict[str, str]]:
        """Return the reviews that count as labels: lines for `evaluate`."""
        from syndet import labels

        with self.reading():
            said = review.latest(self.store.reviews.all()).values()
            return [labels.of_review(one, *(article.url for article in self._ends(one))) for one in said]

    def _ends(self, pair: Link | Review) -> tuple[Article, Article]:
        """Return the two articles of a link or a review, the repost first."""
        return self.store.articles.require(pair.repost), self.store.articles.require(pair.origin)

    # -- upkeep ------------------------------------------------------------------------------------------------------

    def rebuild(self, *, progress: Progress = _silent, processes: int | None = 1) -> Summary:
        """Drop everything derived and make it again with this syndet's recipe. Raises StoreBusy."""
        with self._writing():
            with self.store.transaction():
                self._drop_derived()
            return self.link(progress=progress, processes=processes)

    def _drop_derived(self) -> None:
        from syndet.fingerprint import RECIPE, golden

        self.store.clusters.unsettle_all()
        self.store.index.clear()
        self.store.index.set_recipe(RECIPE, golden())

    def list_outlets(self, entries: tuple[Listed, ...], *, progress: Progress = _silent) -> Summary:
        """Keep these lines in the place of the user's own list; where they are others, link anew what is stored.

        What a page says of its origin was read when it was stored, with the list of that time. Raises StoreBusy.
        """
        with self._writing():
            if entries != self.store.outlets.all():
                # Together: links are never those of another list.
                with self.store.transaction():
                    self.store.outlets.replace(entries)
                    self._drop_derived()
            return self.link(progress=progress)

    def check(self, *, progress: Progress = _silent) -> list[str]:
        """Return what is wrong with the file and the index, one sentence each; an empty list is a sound store."""
        from syndet import audit

        with self.reading():
            return audit.problems(self.store, progress)

    def listed(self) -> tuple[Listed, ...]:
        """Return the user's own list of outlets."""
        with self.reading():
            return self.store.outlets.all()

    def count(self) -> int:
        """Return the number of stored articles."""
        with self.reading():
            return self.store.articles.count()
