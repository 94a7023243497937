"""A corpus -> each page: what stands on it. The same for pages that are served and for files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from syndet import dates, drawings, ledger, listings, permits, sidebyside, traffic, verdicts
from syndet.changes import between
from syndet.corpus import Corpus
from syndet.decide import compare as compare_articles
from syndet.drawings import Dot
from syndet.groups import Roster
from syndet.listings import ALL, Filters, Night
from syndet.models import Answer, Article
from syndet.permits import STATES
from syndet.printable import plural
from syndet.web.render import Addresses, lag, page

# Larger clusters are drawn on their own page only, and of very large ones the first members.
_DRAWN_BESIDE = 60
_MOST_DRAWN = 60
# Members of a cluster that are listed.
MOST_LISTED = 500
# Of an outlet: articles that are read for its page.
_OUTLET_READ = 300
TOPS = (10, 25, 50)
_MOST_FLOWS = 500


@dataclass(frozen=True, slots=True)
class Reviewing:
    """What a visitor may say of pairs: nothing (`allowed` false); `token` goes with the form, `who` was said before.

    `signs`: whether a token would help.
    """

    allowed: bool
    token: str = ""
    who: str = ""
    signs: bool = False


def search(
    corpus: Corpus, at: Addresses, filters: Filters = ALL, after: int | None = None, *,
    asked: dict[str, str] | None = None, size: int = listings.PORTION, older: str = "", newer: str | None = None,
) -> str:  # fmt: skip
    """Return the first page: what can be asked, and the latest reposts. `asked`: the filters as they were given."""
    shelf = listings.reposts(corpus, filters, after, size)
    return page(
        "search", at, shelf=shelf, asked=asked or {}, relations=listings.relations(), stored=corpus.count(),
        after=after, filtered=filters != ALL, older=older, newer=newer,
    )  # fmt: skip


def headlines(corpus: Corpus, at: Addresses, wanted: str, after: int | None = None) -> str:
    """Return what is found by headline."""
    return page("headlines", at, found=listings.headlines(corpus, wanted, after), wanted=wanted)


def missing(at: Addresses, wanted: str) -> str:
    """Return the page for an address that is not stored."""
    return page("missing", at, wanted=wanted)


def problem(at: Addresses, status: int, title: str, detail: str) -> str:
    """Return the page for what went wrong."""
    return page("problem", at, status=status, title=title, detail=detail)


def sign_in(at: Addresses, token: str, *, refused: bool = False, signed: bool = False) -> str:
    """Return the page on which a visitor gives a token; `signed`: as one who has."""
    return page("sign-in", at, token=token, refused=refused, signed=signed)


def asked(corpus: Corpus, at: Addresses, answer: Answer) -> str:
    """Return where a text comes from that was sent and not stored, beside what it shares text with."""
    given: dict[str, Any] = {"spread": None, "changed": [], "source": None, "headline": "unknown"}
    if answer.shared is not None and answer.shared_with is not None:
        source = corpus.article(answer.shared_with)
        changes = between(answer.article, source)
        given = {
            "spread": sidebyside.spread(answer.article, source, answer.shared, changes),
            "changed": list(verdicts.changed(compare_articles(answer.article, source), changes)),
            "source": source,
            "headline": changes.headline,
        }
    return page("asked", at, **_answered(corpus, answer), **given, article=answer.article)


def article(corpus: Corpus, at: Addresses, number: int) -> str:
    """Return the page of a stored article. Raises NotStored."""
    with corpus.reading():
        versions, answer, reviews = corpus.show(number)
        cluster = answer.cluster
        roster = corpus.cluster(cluster.id) if cluster and cluster.id and cluster.articles <= _DRAWN_BESIDE else None
        return page(
            "article", at, **_answered(corpus, answer), article=answer.article, versions=versions, reviews=reviews,
            dots=_drawn(roster, at, number) if roster else None,
        )  # fmt: skip


def _answered(corpus: Corpus, answer: Answer) -> dict[str, Any]:
    """Return what the page of an answer tells."""
    ids = [other.id for other in answer.others[:MOST_LISTED]]
    others = [corpus.store.articles.require(one) for one in ids]
    return {
        "answer": answer,
        "sentence": verdicts.sentence(answer, address=False),
        "sureness": [*verdicts.sureness(answer), *permits.told(answer.licence)],
        "signs": verdicts.signs(answer),
        "shared": verdicts.measured(answer.shared) if answer.shared else None,
        "clustered": verdicts.clustered(answer.cluster) if answer.cluster else None,
        "others": list(zip(answer.others, others, strict=False)),
    }


def compare(corpus: Corpus, at: Addresses, one: int, other: int) -> str:
    """Return two stored articles side by side, the origin at the left where one goes back to the other."""
    with corpus.reading():
        article, source = corpus.article(one), corpus.article(other)
        sides = _side_by_side(article, source)
        link = sides["link"]
        if link is not None and link.state == "repost" and sides["repost"] != "article":
            sides = _side_by_side(source, article)
        return page("compare", at, **sides)


def _side_by_side(article: Article, source: Article) -> dict[str, Any]:
    """Return two articles as a page shows them: `source` is A, at the left, `article` is B."""
    found = compare_articles(article, source)
    link, changes = found.link, between(article, source)
    repost = "article" if link is not None and link.repost == found.article.id else "source"
    told = [item for item in link.evidence if item.kind not in ("shared_text", "first_seen")] if link else []
    # Evidence speaks of the repost as "this one"; here both have letters.
    this, other = ("B", "A") if repost == "article" else ("A", "B")
    told = [
        replace(item, value=item.value.replace("this one", this).replace("the other", other))
        if item.kind == "date_order"
        else item
        for item in told
    ]
    said = verdicts.compared(found).replace("the first", "B").replace("the second", "A")
    return {
        "article": article,
        "source": source,
        "link": link,
        "repost": repost,
        "sentence": said[:1].upper() + said[1:],
        "measured": verdicts.measured(found.shared).replace("this page", "B").replace("that one", "A"),
        "signs": list(verdicts.signs_of(told)),
        "spread": sidebyside.spread(article, source, found.shared, changes),
        "headline": changes.headline,
        "changed": list(verdicts.changed(found, changes)),
    }


def cluster(corpus: Corpus, at: Addresses, number: int) -> str:
    """Return a cluster: who published when, and who has it from whom. Raises NotStored."""
    with corpus.reading():
        roster = corpus.cluster(number)
        urls = {place.article.id: place.article for place in roster.places}
        members = [
            (place, urls.get(place.source.id) if place.source else None, _told(_later(place.article, roster)))
            for place in roster.places[:MOST_LISTED]
        ]
        return page(
            "cluster", at, roster=roster, clustered=verdicts.clustered(roster.cluster), members=members,
            dots=_drawn(roster, at), drawn=min(len(roster.places), _MOST_DRAWN),
        )  # fmt: skip


def _later(article: Article, roster: Roster) -> tuple[float, bool] | None:
    """Return by how many hours an article is later than the first of its cluster, and whether that is exact.

    It is where both give time and zone; None where one has no date.
    """
    first, here = dates.when(roster.places[0].article.published), dates.when(article.published)
    return (here[0] - first[0], here[2] and first[2]) if here is not None and first is not None else None


def _told(later: tuple[float, bool] | None) -> str | None:
    """Return the same in words, None where it is nothing."""
    if later is None or later[0] <= 0:
        return None
    hours, exact = later
    return lag(hours) if exact else f"about {plural(round(hours / 24), 'day')}" if hours >= 24 else None


def _drawn(roster: Roster, at: Addresses, here: int | None = None) -> tuple[str, str]:
    """Return the drawing of a cluster, for wide and for narrow screens."""
    places = roster.places[:_MOST_DRAWN]
    external: dict[str, int] = {}
    for place in places:
        source = place.source
        if source is not None and source.id is None and source.named is not None and source.via is None:
            name = source.named.outlet or source.named.title or source.named.url or "not named"
            external.setdefault(name, len(external))
    rows = {place.article.id: len(external) + row for row, place in enumerate(places)}
    dots = [Dot(f"{name} (not stored)", f"{name}: not in the store", 0.0, stored=False) for name in external]
    for place in places:
        source, article = place.source, place.article
        above = None
        if source is not None:
            above = rows.get(source.via or source.id)
            if above is None and source.named is not None:
                above = external.get(source.named.outlet or source.named.title or source.named.url or "not named")
        label, later = listings.outlet_of(article), _later(article, roster)
        said = f"{label}, {article.published or 'no date'}: {listings.title_of(article)}"
        dots.append(
            Dot(label, said, later[0] if later else None, above, at.article(article.id), here=here == article.id)
        )
    return drawings.timeline(dots), drawings.timeline(dots, narrow=True)


def outlets(corpus: Corpus, at: Addresses, wanted: str = "", top: int = TOPS[1]) -> str:
    """Return who copies whom, over all outlets."""
    found = traffic.traffic(corpus)
    flows = found.among(wanted)
    sites = {outlet.key: outlet.site for flow in flows for outlet in (flow.source, flow.copier)}
    links = {key: link for key, site in sites.items() if (link := at.outlet(site))}
    drawn = flows[:top]
    return page(
        "outlets", at, traffic=found, flows=flows[:_MOST_FLOWS], more=len(flows) - _MOST_FLOWS, wanted=wanted, top=top,
        tops=TOPS, drawn=len(drawn),
        graph=(drawings.flows(drawn, links), drawings.flows(drawn, links, narrow=True)) if drawn else None,
    )  # fmt: skip


def outlet(corpus: Corpus, at: Addresses, site: str) -> str:
    """Return whom an outlet copies, and who copies it. Raises NotStored."""
    with corpus.reading():
        record = ledger.ledger_dict(corpus.outlet(site, limit=_OUTLET_READ))
        latest = listings.reposts(corpus, Filters(site=record["site"]))
    return page("outlet", at, record=record, shelf=latest)


def review(corpus: Corpus, at: Addresses, reviewing: Reviewing, skip: int = 0, said: str = "") -> str:
    """Return the pair that needs a look most, after `skip` others. `said`: what was written down just before."""
    with corpus.reading():
        pair = listings.pair(corpus, skip)
        sides: dict[str, Any] = {}
        if pair is not None:
            link, repost, first = pair
            sides = _side_by_side(repost, first) | {"found": link}
        return page("review", at, pair=pair is not None, skip=skip, reviewing=reviewing, said=said, **sides)


def queue(corpus: Corpus, at: Addresses, limit: int) -> str:
    """Return the pairs that need a look most, to read."""
    return page("queue", at, pairs=corpus.borderline(limit), limit=limit)


def runs(corpus: Corpus, at: Addresses) -> str:
    """Return the last nights."""
    return page("runs", at, runs=listings.runs(corpus))


def words(at: Addresses) -> str:
    """Return what the words of the other pages mean."""
    return page("words", at)


@dataclass(frozen=True, slots=True)
class Group:
    """What one outlet took over in a night, what needs a look most first, and how much of it in all.

    `licences`: how many the register of licences calls not permitted or unknown, by state.
    """

    outlet: str
    site: str | None
    answers: Sequence[Answer]
    reposts: int
    uncredited: int
    licences: dict[str, int]


@dataclass(frozen=True, slots=True)
class Told:
    """A night for an editor: what is listed, and what there is in all."""

    night: Night
    groups: Sequence[Group]
    possible: Sequence[Answer]
    origins: Sequence[Answer]
    counts: dict[str, int]
    left_out: int

    def answers(self) -> Iterator[Answer]:
        """Yield what is listed."""
        for group in self.groups:
            yield from group.answers
        yield from (*self.possible, *self.origins)


def told(night: Night, most: int) -> Told:
    """Return a night with at most `most` reposts, possible ones and origins, of each the first by need."""
    reposts = [one for one in night.answers if one.verdict == "repost" and one.relation != "revision"]
    possible = [one for one in night.answers if one.verdict == "possible"]
    origins = [one for one in night.answers if one.verdict == "origin"]
    counts = {"reposts": len(reposts), "possible": len(possible), "origins": len(origins)}
    counts |= {
        state: sum(one.licence is not None and one.licence.state == state for one in reposts) for state in STATES
    }
    counts["uncredited"] = sum(one.credit == "none" for one in reposts)
    groups, left = [], most
    for group in grouped(reposts):
        groups.append(replace(group, answers=group.answers[: max(left, 0)]))
        left -= len(group.answers)
    left_out = max(-left, 0) + sum(max(len(some) - most, 0) for some in (possible, origins))
    return Told(night, groups, possible[:most], origins[:most], counts, left_out)


def night(at: Addresses, found: Told | None) -> str:
    """Return what the last night brought, for an editor."""
    return page("night", at, told=found, night=found.night if found is not None else None)


def grouped(reposts: Sequence[Answer]) -> list[Group]:
    """Return reposts by outlet, those first that need a look most, and so within each.

    That is what the register of licences does not permit, what it does not know, and then what gives no credit.
    """
    by_site: dict[str, list[Answer]] = {}
    for answer in reposts:
        by_site.setdefault(answer.article.site or listings.outlet_of(answer.article), []).append(answer)
    made = []
    for some in by_site.values():
        ordered = sorted(some, key=_need)
        counted = Counter[str](one.licence.state for one in some if one.licence is not None)
        licences = {state: counted[state] for state in STATES[:2] if counted[state]}
        first, uncredited = ordered[0].article, sum(one.credit == "none" for one in some)
        made.append(Group(listings.outlet_of(first), first.site, ordered, len(some), uncredited, licences))
    return sorted(made, key=_needs)


def _needs(group: Group) -> tuple[int | str, ...]:
    licences = [-group.licences.get(state, 0) for state in STATES[:2]]
    return (*licences, -group.uncredited, -group.reposts, group.outlet)


def _need(answer: Answer) -> tuple[int, int, str]:
    licence = STATES.index(answer.licence.state) if answer.licence is not None else len(STATES)
    return licence, _ORDER.index(answer.credit or "unknown"), answer.article.url


_ORDER = ("none", "generic", "unknown", "named", "linked")
