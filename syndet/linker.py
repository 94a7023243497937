"""One article against the index: what it is compared with, what ties it to whom, by what later ones find it."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Container, Iterable, Set
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import islice

import numpy as np

from syndet import boilerplate, letters, origin, relate, retrieve, urls
from syndet.align import align
from syndet.decide import decide
from syndet.findings import Fact, Facts, Findings
from syndet.fingerprint import fingerprint
from syndet.models import Alignment, Article, Fingerprint, Link, Passage, Span
from syndet.pairs import Placed, couples
from syndet.store import Store
from syndet.summary import Summary


@dataclass(slots=True)
class _Site:
    """What this run met of a site."""

    first: int  # id of its first article
    template: frozenset[int]  # the boilerplate that was known before
    carried: list[bool] = field(default_factory=list)  # for each article, whether it has any of that


@dataclass(frozen=True, slots=True)
class Found:
    """What ties an article to the indexed ones, and what the search came by."""

    links: list[Link]
    query: Fingerprint  # without the content pairs of boilerplate
    postings: dict[int, list[int]]  # key, of bands and pairs alike, -> articles that have it, oldest first
    repeated: set[int]  # sentences that other stories on the same site have, too


class Linker:
    """Links articles to those that are indexed.

    A text is found by the keys of the first article that had them: of a story on thousands of sites each copy adds
    only what is new in it, so its keys stay as rare as its wording, and the origin stays findable.
    """

    def __init__(self, store: Store, summary: Summary):
        self._store = store
        self._summary = summary
        self._findings = Findings(store)
        self._prepared = self._findings.prepared
        self._known: dict[str, set[int]] = {}
        self._everywhere: set[int] | None = None
        self._sites: dict[str, _Site] = {}

    def refresh(self) -> None:
        """Forget what was remembered of the store: others wrote to it."""
        self.learn_anew()
        self._findings.refresh()

    def learn_anew(self) -> None:
        """Forget what was remembered as boilerplate: others linked articles."""
        self._known.clear()
        self._everywhere = None

    # -- asking ------------------------------------------------------------------------------------------------------

    def article(self, number: int) -> Article:
        """Return a stored article with its boilerplate marked. Raises NotStored."""
        return self._marked(self._store.articles.require(number))

    def _marked(self, article: Article) -> Article:
        """Return `article` with what is known as boilerplate of its site marked."""
        return replace(article, boilerplate=self._carried(article)[1])

    def links(self, article: Article, made: Fingerprint) -> list[Link]:
        """Return what ties `article`, stored or not, to the indexed articles. Nothing is stored."""
        return self._find(self._marked(article), made, self._store.index.size()).links

    def candidates(self, article: Article, made: Fingerprint) -> list[int]:
        """Return the ids of the articles that `article` would be compared with, best first."""
        article = self._marked(article)
        return self._candidates(article, self.query(article, made), self._store.index.size())[0]

    def compared(self, article: Article, other: Article) -> Link | None:
        """Return what ties two articles."""
        return self._compared(self._marked(article), self._marked(other))[1]

    def query(self, article: Article, made: Fingerprint) -> Fingerprint:
        """Return a fingerprint with the content pairs of what is no boilerplate: that leads to the whole site.

        `article` with its boilerplate marked, as from `article`.
        """
        if not article.boilerplate:
            return made
        pairs = self._findings.once(
            ("sampled", article.id, article.boilerplate),
            lambda: self._prepared(article.body).pairs(article.boilerplate, sampled=True),
        )
        return replace(made, pairs=pairs)

    def foresee(self, number: int) -> Facts:
        """Return the facts about a stored article that is not linked yet, as far as they will be asked for."""
        facts: Facts = {}
        if (article := self._store.articles.get(number)) is not None:
            with self._findings.about(facts):
                self.links(article, self._findings.once(("made", number), lambda: fingerprint(article.body)))
        return facts

    # -- storing -----------------------------------------------------------------------------------------------------

    def add(self, number: int, made: Fingerprint, size: int, facts: Facts | None = None) -> list[Link]:
        """Link a stored article to the `size` indexed ones, save that, and index it; return its links.

        `facts`: what `foresee` found out about it, here or in another process.
        """
        with self._findings.about(facts if facts is not None else {}):
            return self._add(number, made, size)

    def _add(self, number: int, made: Fingerprint, size: int) -> list[Link]:
        article = self._store.articles.require(number)
        carried, spans = self._carried(article)
        article = replace(article, boilerplate=spans)
        found = self._find(article, made, size)
        self._store.links.save(found.links)
        # A copy more changes nothing for what it was copied from: what has thousands of copies is not asked anew.
        concerned = (link for link in found.links if link.state == "sibling" or link.origin == number)
        self._store.clusters.unsettle([number, *(link.other(number) for link in concerned)])
        self._store.index.add(number, found.query, _posted(found, number), sum(_words(article)))
        self._learn(article, carried, found.repeated)
        return found.links

    def forget(self, number: int) -> None:
        """Drop what was derived from the current version of an article, and hand its keys to its relatives."""
        index = self._store.index
        if not index.has(number):
            return
        left = fingerprint(self._findings.body(number))
        index.remove(number, left)
        # The oldest first, as in `_find`: those are the ones that all the other relatives are linked with.
        heirs = sorted({heir for heir, _ in self._store.links.kin(number, relate.REUSE_DECIDED)})
        self._store.clusters.unsettle([number, *self._store.links.others(number)], cut=True)
        self._store.links.remove(number)
        for heir in filter(index.has, heirs):
            if not len(left.pairs) and not len(left.bands):
                break
            own = fingerprint(self._findings.body(heir))
            bands, pairs = np.intersect1d(left.bands, own.bands), np.intersect1d(left.pairs, own.pairs)
            index.post(heir, bands, pairs)
            left = replace(left, bands=np.setdiff1d(left.bands, bands), pairs=np.setdiff1d(left.pairs, pairs))

    def alarms(self) -> list[str]:
        """Return one sentence for each site whose boilerplate changed suddenly with the articles of this run."""
        found = []
        for name, site in sorted(self._sites.items()):
            shares = self._store.boilerplate.shares(name, 2 * boilerplate.RECENT)
            before = [share for number, share in shares if number < site.first][: boilerplate.RECENT]
            now = [share for number, share in shares if number >= site.first]
            alarm = boilerplate.alarm(name, before, now, site.carried)
            found += [alarm] if alarm else []
        return found

    # -- the search --------------------------------------------------------------------------------------------------

    def _find(self, article: Article, made: Fingerprint, size: int) -> Found:
        """Compare `article` with its candidates, best first, and with the relatives of those that it has text from."""
        query = self.query(article, made)
        chosen, surely, postings = self._candidates(article, query, size)
        mine, links, repeated = urls.address(article.url), list[Link](), set[int]()
        met = {article.id, *chosen}
        waiting = deque(chosen)
        own = cache(lambda: self._prepared(article.body).placed(article.boilerplate))
        self._findings.read_pairs(
            number for number in chosen if number not in surely and not self._findings.has(_alike(article, number))
        )
        while waiting:
            number = waiting.popleft()
            if not (number in surely or self._alike(article, own, number)):
                continue
            other = self.article(number)
            if urls.address(other.url) == mine:
                continue  # another version of the same page
            shared, link = self._compared(article, other)
            links += [link] if link else []
            if _differ(article, other, link):
                repeated |= self._repeated(article, other)
            fresh = self._kin(other, shared, query, met, retrieve.MOST_KIN + len(chosen) + 1 - len(met))
            met.update(fresh)
            waiting.extendleft(reversed(fresh))
        links += self._with_roots(article, links, query, met)
        return Found(links, query, postings, repeated)

    def _kin(
        self, other: Article, shared: Alignment, query: Fingerprint, met: Container[int | None], most: int
    ) -> list[int]:
        """Return up to `most` relatives of `other` that have the same part of it, and keys that may lead to it alone.

        That goes for pages of one site too, which are never tied to each other by a part.
        """
        if not shared.passages:
            return []
        near = self._store.links.kin(other.id or 0, relate.REUSE_DECIDED)
        found = (
            number
            for number, theirs in near
            if number not in met and _meet(shared.passages, theirs) and self._meets(query, number)
        )
        return list(islice(found, max(0, most)))

    def _meets(self, query: Fingerprint, number: int) -> bool:
        """Return whether an article would be a candidate if it had posted all of its keys."""
        made = self._findings.fingerprint(number)
        pairs = len(np.intersect1d(made.pairs, query.pairs, assume_unique=True))
        return pairs >= retrieve.LEAST_PAIRS or made.text == query.text or bool(np.isin(made.bands, query.bands).any())

    def _alike(self, article: Article, own: Callable[[], Placed], number: int) -> bool:
        """Return whether a stored article has enough content pairs in common with `article`, which has those of `own`.

        A short one has enough where half of its pairs are; few ones have to lie together.
        """

        def found() -> bool:
            theirs = self._findings.pairs(number)
            common = len(np.intersect1d(own()[0], theirs[0], assume_unique=True))
            half = (min(len(own()[0]), len(theirs[0])) + 1) // 2
            if common >= min(retrieve.MANY_PAIRS, half):
                return True
            return common >= retrieve.LEAST_ALL_PAIRS and couples(own(), theirs) >= retrieve.LEAST_COUPLES

        return self._findings.once(_alike(article, number), found)

    def _with_roots(
        self, article: Article, links: Iterable[Link], query: Fingerprint, compared: set[int | None]
    ) -> list[Link]:
        """Return links to the origins, so far, of what `article` has text from, where these were not compared yet.

        A story may have more copies than are compared: of those left out, the earliest would pass for an origin.
        """
        roots = {self._store.links.top(link.other(article.id or 0)) for link in links if _kin(link)} - compared
        near = (root for root in sorted(roots) if self._meets(query, root))
        others = [one for one in map(self.article, near) if urls.address(one.url) != urls.address(article.url)]
        return [link for link in (self._compared(article, other)[1] for other in others) if link is not None]

    def _compared(self, article: Article, other: Article) -> tuple[Alignment, Link | None]:
        self._summary.aligned += 1

        def found() -> tuple[Alignment, Link | None]:
            shared = align(self._prepared(article.body), self._prepared(other.body))
            return shared, decide(article, other, shared)

        return self._findings.once(
            ("compared", article.id, article.boilerplate, other.id, other.boilerplate), found
        )  # fmt: skip

    def _candidates(
        self, article: Article, query: Fingerprint, size: int
    ) -> tuple[list[int], set[int], dict[int, list[int]]]:
        """Return the candidates, best first, those that need no further sign, and the postings read."""
        index, articles = self._store.index, self._store.articles
        named = [*articles.named_by(article, retrieve.MOST_DECLARED), *articles.naming(article, retrieve.MOST_DECLARED)]
        packed = self._findings.once(
            ("packed", article.id, article.boilerplate, index.newest()), lambda: index.packed(query, retrieve.POSTINGS)
        )
        bands, pairs = index.postings(query, retrieve.POSTINGS, packed)
        same = {0: ids} if (ids := index.same_text(query.text, retrieve.POSTINGS + 1)) else {}
        ranked, hot = retrieve.rank(bands | same, pairs, max(1, size), [one for one in named if index.has(one)])
        found = articles.places(candidate.id for candidate in ranked[: 4 * retrieve.MOST_ALIGNED])
        mine = urls.address(article.url)
        ranked = [c for c in ranked if c.id != article.id and (c.id not in found or found[c.id][0] != mine)]
        near = [candidate for candidate in ranked if candidate.id in found]
        own = {c.id: article.site is not None and found[c.id][1] == article.site for c in near}
        choice = retrieve.choose(near, own, hot)
        self._summary.left_out += len(ranked) - len(choice.chosen)
        self._summary.hot_keys += choice.hot_keys
        surely = {*same.get(0, []), *(candidate.id for candidate in choice.chosen if candidate.declared)}
        return [candidate.id for candidate in choice.chosen], surely, bands | pairs

    # -- boilerplate -------------------------------------------------------------------------------------------------

    def _boilerplate(self, site: str | None) -> tuple[set[int], set[int]]:
        """Return what is known as boilerplate of a site, and what as that of every site."""
        if self._everywhere is None:
            self._everywhere = self._store.boilerplate.everywhere(boilerplate.MANY_EVERYWHERE, boilerplate.SITES)
        if site is None:
            return set(), self._everywhere
        if site not in self._known:
            self._known[site] = self._store.boilerplate.known(site, boilerplate.MANY)
        return self._known[site], self._everywhere

    def _carried(self, article: Article) -> tuple[set[int], tuple[Span, ...]]:
        """Return the sentences of an article that are known as boilerplate, and where they stand."""
        return self._findings.carried(article, *self._boilerplate(article.site))

    def _repeated(self, article: Article, other: Article) -> set[int]:
        """Return the sentences that two stories of one site have in common."""
        if article.site is None or article.site != other.site:
            return set()
        return boilerplate.common(self._findings.keys(article), self._findings.keys(other))

    def _learn(self, article: Article, carried: set[int], repeated: set[int]) -> None:
        """Count the boilerplate of a stored article: what it has that is known as such, and what may become so."""
        site, number, store = article.site, article.id or 0, self._store.boilerplate
        if site is None:
            return
        own, everywhere = self._boilerplate(site)
        met = self._sites.setdefault(site, _Site(number, frozenset(own | everywhere)))
        met.carried.append(not met.template.isdisjoint(carried))
        if not (sentences := carried | repeated):
            return
        store.met(site, sorted(sentences), number)
        many = store.known(site, boilerplate.MANY, sentences)
        spread = store.everywhere(boilerplate.MANY_EVERYWHERE, boilerplate.SITES, sentences)
        fresh = (many | spread) - own - everywhere
        own |= many
        everywhere |= spread
        if fresh:
            self._reconsider(site, fresh)

    def _reconsider(self, site: str, fresh: Set[int]) -> None:
        """Decide links of a site's latest articles again: what is boilerplate as of now may be what ties them."""
        for number, _ in self._store.boilerplate.shares(site, boilerplate.RECENT):
            links = [link for link in self._store.links.of(number) if link.shared is not None]
            if not links or fresh.isdisjoint(self._findings.sentences(self._findings.body(number)).tolist()):
                continue
            for link in links:
                other = link.other(number)
                again = self._compared(self.article(number), self.article(other))[1]
                self._store.links.cut(number, other)
                self._store.clusters.unsettle([number, other], cut=True)
                if again is not None:
                    self._store.links.save([again])
                    continue
                for end in (number, other):
                    article = self.article(end)
                    query = self.query(article, fingerprint(article.body))
                    self._store.index.post(end, query.bands, query.pairs)


def _alike(article: Article, number: int) -> Fact:
    """Return the key of the fact whether an article is worth aligning with `article`."""
    return ("alike", article.id, article.boilerplate, number)


def _meet(ours: Iterable[Passage], theirs: Iterable[Passage]) -> bool:
    """Return whether passages of two articles have a place in their common source in common."""
    return any(a.source[0] < b.article[1] and b.article[0] < a.source[1] for a in ours for b in theirs)


def _posted(found: Found, number: int) -> set[int]:
    """Return the keys that the closest relative of article `number` has posted: they lead here by way of their link.

    Of one relative only: two keys are needed to find anything, and two relatives might have one each.
    """
    kin = {link.other(number) for link in found.links if _kin(link)}
    held = Counter(one for ids in found.postings.values() for one in ids if one in kin)
    if not held:
        return set()
    most = max(held.values())
    closest = min(one for one, count in held.items() if count == most)
    return {key for key, ids in found.postings.items() if closest in ids}


def _differ(article: Article, other: Article, link: Link | None) -> bool:
    """Return whether two articles tell different stories, as far as is known."""
    if link is None or link.shared is None or link.state == "possible":
        return True
    share = max(link.shared.containment_in_source, link.shared.containment_of_source)
    return share < relate.MOST and not origin.same_title(article.title, other.title)


def _kin(link: Link) -> bool:
    """Return whether two articles have text from one another, or from one source, for sure."""
    return link.shared is not None and link.reuse >= relate.REUSE_DECIDED


def _words(article: Article) -> Iterable[int]:
    """Yield the words of each stretch of boilerplate."""
    return (letters.count(article.body[slice(*span)]) for span in article.boilerplate)
