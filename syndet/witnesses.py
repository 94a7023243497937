"""What third pages tell of two: whose name they print under the text that all have, who stands between the others, and
what a site prints on more than one page.

Two dates, one of them wrong, make a copy the origin of its own source, and nothing on the two pages says otherwise. The
others that carry the text do. Like a review this is applied when links are read for an answer (`known.Known`),
never when they are made: it holds for pages that came before the witness as for those that came after.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Protocol

from syndet import decide, origin, relate
from syndet.models import Article, Evidence, Link, Reference, Span

# A page of a third site credits one of the two. It says where that page has the text from, not that the one it
# credits was the first: its source may itself be a copy. So one witness does not outweigh two dates, which decide
# still (four to one); two do. Of planted pairs (scripts/evaluate_origin --seed 2, --seed 3) 0.96 are as the credits of
# third pages say, so more than this would be true there; on the web nobody counted.
WEIGHT_CREDIT = 1.2
# A third page and one of the two have less in common with each other than each has with the other one: what they
# have came by way of that. A copy may stand between two others, so this is less than dates: of planted pairs 0.74 are
# as one such page says (seeds 2 and 3), which is e to one; with two 0.91.
WEIGHT_BETWEEN = 1.0
MOST = 3  # witnesses of each kind that count
# By how many words that must be less, and by which share of what the third page has in common with the other one.
MORE_WORDS, MORE_SHARE = 8, 0.05
# Pages asked that were compared with both; a story may be on thousands of sites.
ASKED = 40
# What a page has in common with one page of a site is an echo where it has this many times as much of another page of
# that site, and so much of it (in code points) is in that, too.
ECHOED, ECHO_WITHIN = 2.0, 0.8


class Graph(Protocol):
    """What is stored, as far as witnesses need it."""

    def article(self, number: int) -> Article:
        """Return the article with this id."""

    def links(self, number: int) -> list[Link]:
        """Return the links of the article with this id, as they were found."""


class Witnesses:
    """What the articles of a graph tell of the links between others; what each of them says is worked out once."""

    def __init__(self, graph: Graph):
        self._graph = graph
        self._heard: dict[tuple[int, int], tuple[Link, Link]] = {}
        self._by_site: dict[int, dict[str, list[Link]]] = {}
        self._beside: dict[int, dict[int, Link]] = {}
        self._crediting: dict[int, list[Article]] = {}
        self._signed: dict[int, list[Link]] = {}
        self._made: dict[int, list[tuple[Link, Reference]]] = {}

    def heard(self, link: Link) -> Link:
        """Return `link` with what third pages tell of its two ends; turned round where that outweighs all else."""
        if self._hearsay(link):
            # What third pages said when it was written down may hold no longer.
            link = decide.alone(link, self._graph.article(link.repost), self._graph.article(link.origin))
        if link.state not in ("repost", "possible") or link.shared is None or link.reuse < relate.REUSE_DECIDED:
            return link
        pair = (link.repost, link.origin)
        if pair not in self._heard or self._heard[pair][0] != link:
            self._heard[pair] = link, self._carried(link) or self._weighed(link)
        return self._heard[pair][1]

    def echo(self, link: Link) -> bool:
        """Return whether a page has what `link` shares from another page of the same site, of which it has far more.

        Sites repeat themselves: a notice, the background of a story in each that follows it. Who copies one such page
        has a few sentences of all of them in it, and nothing from them. Not where the one credits the other, nor where
        the link shares most of either: that is the story itself at a second address.
        """
        if link.state not in ("repost", "possible") or link.shared is None or decide.mostly(link.shared):
            return False
        ends = (link.repost,) if link.state == "repost" else (link.repost, link.origin)
        return any(self._echoed(link, end) for end in ends)

    def _echoed(self, link: Link, end: int) -> bool:
        site = self._graph.article(link.other(end)).site
        if site is None or site == self._graph.article(end).site:
            return False
        if end not in self._by_site:
            self._by_site[end] = {}
            for tie in self._ties(end).values():
                self._by_site[end].setdefault(self._graph.article(tie.other(end)).site or "", []).append(tie)
        return any(
            tie.other(end) != link.other(end)
            and tie.state in ("repost", "possible")
            # A page whose source is stored as such keeps a source.
            and (link.state == "possible" or (tie.state == "repost" and tie.repost == end))
            and _words(tie) >= ECHOED * _words(link)
            and _within(_places(link, end), _places(tie, end)) >= ECHO_WITHIN
            for tie in self._by_site[end].get(site, ())
        ) and not origin.credits(self._graph.article(end), self._graph.article(link.other(end)))

    def _hearsay(self, link: Link) -> bool:
        return decide.hearsay(link, self._graph.article(link.repost), self._graph.article(link.origin))

    def _weighed(self, link: Link) -> Link:
        told = (*self._credited(link, 1.0), *self._credited(link, -1.0), *self._between(link))
        if not told:
            return link
        total = math.log(link.direction / (1 - link.direction)) + sum(item.weight for item in told)
        sure = 1 / (1 + math.exp(-min(origin.MOST, abs(total))))
        if total < 0:
            link = self._turned(link)
            told = tuple(replace(item, weight=-item.weight) for item in told)
        settled = origin.settled(self._graph.article(link.repost), self._graph.article(link.origin), sure)
        return replace(link, state="repost" if settled else "possible", direction=sure, heard=told)

    def _carried(self, link: Link) -> Link | None:
        """Return `link` as one between two carriers where a third page that has the same text names its maker.

        Where they share less than most of either, both have to be carriers by themselves: each may have cut the text.
        """
        mostly = decide.mostly(link.shared)
        # By address: which end is the origin may depend on the order in which the pages came, where nothing else tells.
        for end in sorted((link.origin, link.repost), key=lambda number: self._graph.article(number).url):
            for tie in self._signatures(end):
                if tie.external is None or not _meet(link, tie, end):
                    continue
                if not mostly and not self._carries(link.other(end), tie.external, link):
                    continue
                one, two = self._graph.article(link.origin), self._graph.article(link.repost)
                if origin.credits(two, one):
                    return None
                if not _either(tie.external, one, two):
                    return replace(
                        link, state="sibling", relation=tie.relation, direction=0.5, external=tie.external,
                        evidence=tuple(item for item in link.evidence if item.kind == "shared_text"),
                        heard=decide.claims(self._graph.article(tie.other(end)), tie.external),
                    )  # fmt: skip
        return None

    def _carries(self, number: int, maker: Reference, link: Link) -> bool:
        """Return whether an article says that it carries a text of `maker`, or has what `link` shares from who does."""
        if decide.claims(self._graph.article(number), maker):
            return True
        return any(
            origin.external_fits(named, maker) and _meet(link, tie, number) for tie, named in self._makers(number)
        )

    def _makers(self, number: int) -> list[tuple[Link, Reference]]:
        """Return the ties of an article to carriers of a text with its maker, whoever names that."""
        if number not in self._made:
            told = [tie for tie in self._ties(number).values() if decide.mostly(tie.shared)]
            named = [(tie, tie.external if self._signing(tie) else self._maker(tie)) for tie in told]
            self._made[number] = [(tie, maker) for tie, maker in named if maker is not None]
        return self._made[number]

    def _maker(self, tie: Link) -> Reference | None:
        heard = self._carried(tie)
        return heard.external if heard is not None else None

    def _signatures(self, number: int) -> list[Link]:
        """Return the ties of an article to other carriers of a text whose maker one of the two names."""
        if number not in self._signed:
            signed = [tie for tie in self._ties(number).values() if self._signing(tie)]
            self._signed[number] = sorted(signed, key=lambda tie: self._graph.article(tie.other(number)).url)
        return self._signed[number]

    def _signing(self, tie: Link) -> bool:
        return tie.state == "sibling" and tie.relation in decide.CARRIERS and not self._hearsay(tie)

    def _turned(self, link: Link) -> Link:
        """Return `link` from its origin to its repost."""
        repost, source = self._graph.article(link.origin), self._graph.article(link.repost)
        return replace(
            link,
            repost=link.origin,
            origin=link.repost,
            relation=decide.relation_of(link, link.origin),
            direction=1 - link.direction,
            shared=link.seen_from(link.origin),
            evidence=decide.reasons(repost, source, link),
        )

    def _ties(self, number: int) -> dict[int, Link]:
        """Return the links of an article that surely share text with articles of other sites, by their other ends."""
        if number not in self._beside:
            links = self._graph.links(number)
            sure = (one for one in links if one.reuse >= relate.REUSE_DECIDED and one.shared is not None)
            ties = [(self._graph.article(one.other(number)).url, one) for one in sure if one.state != "revision"]
            # By address, since ids depend on the order in which the pages came.
            ties.sort(key=lambda tie: tie[0])
            self._beside[number] = {one.other(number): one for _, one in ties}
        return self._beside[number]

    def _creditors(self, number: int) -> list[Article]:
        """Return the articles that share text with this one and credit it."""
        if number not in self._crediting:
            one = self._graph.article(number)
            pages = (self._graph.article(other) for other in self._ties(number))
            self._crediting[number] = [page for page in pages if page.site != one.site and origin.credits(page, one)]
        return self._crediting[number]

    def _credited(self, link: Link, sign: float) -> Iterator[Evidence]:
        """Yield who credits the origin of `link` (`sign` 1) or its repost (-1) for what the two have in common."""
        end, other = (link.origin, link.repost) if sign > 0 else (link.repost, link.origin)
        if not (creditors := self._creditors(end)):
            return
        one, another = self._graph.article(end), self._graph.article(other)
        met = {another.site}
        for page in creditors:
            if page.id == other or page.site in met or origin.credits(page, another):
                continue
            if not _meet(link, self._ties(end)[page.id or 0], end):
                continue
            best = max(origin.naming(page, one, 1.0), key=lambda item: item.weight)
            if best.weight <= origin.WEIGHT_SITE:
                continue  # another page of that site is meant
            yield replace(best, kind="named_by", where=f"article:{page.url} {best.where}", weight=sign * WEIGHT_CREDIT)
            met.add(page.site)
            if len(met) > MOST:
                return

    def _between(self, link: Link) -> Iterator[Evidence]:
        """Yield third pages that have their common wording with one end by way of the other; positive: the origin."""
        ties = self._ties(link.origin), self._ties(link.repost)
        fewer, more_of_them = sorted(ties, key=len)
        left = {1.0: MOST, -1.0: MOST}
        for number in islice((one for one in fewer if one in more_of_them), ASKED):
            theirs, ours = (_words(side[number]) for side in ties)
            less, more = sorted((theirs, ours))
            # Made of the nearer one, both have less of each other than of it.
            if min(more, _words(link)) - less < max(MORE_WORDS, MORE_SHARE * more):
                continue
            sign = 1.0 if theirs == more else -1.0
            if left[sign]:
                left[sign] -= 1
                page = self._graph.article(number)
                value = f"{page.url} has {more} words in common with one of the two, {less} with the other"
                yield Evidence(
                    "text_asymmetry", value, f"article:{page.url} text-asymmetry", "weak", None, sign * WEIGHT_BETWEEN
                )


def _words(link: Link) -> int:
    return link.shared.words if link.shared else 0


def _either(maker: Reference, one: Article, two: Article) -> bool:
    return origin.fit(maker, one) > 0 or origin.fit(maker, two) > 0


def _meet(link: Link, tie: Link, end: int) -> bool:
    """Return whether what two links of article `end` share has a place of it in common."""
    ours, theirs = _places(link, end), _places(tie, end)
    return any(low < stop and begin < high for low, high in ours for begin, stop in theirs)


def _within(some: Sequence[Span], others: Sequence[Span]) -> float:
    """Return the share, 0..1, of the code points of `some` that `others` cover; the spans of each don't overlap."""
    covered = sum(max(0, min(a[1], b[1]) - max(a[0], b[0])) for a in some for b in others)
    return covered / max(1, sum(end - begin for begin, end in some))


def _places(link: Link, end: int) -> list[Span]:
    shared = link.shared.passages if link.shared else ()
    return [passage.article if link.repost == end else passage.source for passage in shared]
