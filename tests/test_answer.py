"""The lookup contract sentence by sentence: what is answered about small stores of known truth."""

from itertools import combinations

import pytest
from build import article, names, prose

from syndet.align import align, prepare
from syndet.answer import answer
from syndet.decide import decide
from syndet.models import Cue, Link

STORY = prose(200, 1)
EARLY, LATER, LAST = ({"published": f"2024-03-{day}"} for day in ("01", "05", "09"))


class World:
    """Articles and the links that `decide` finds between all of them; each is asked about by its outlet's letter."""

    def __init__(self, *articles, links=None, said=()):
        self.said = said
        self.articles = {one.id: one for one in articles}
        self.found = list(links) if links is not None else []
        if links is None:
            for one, two in combinations(articles, 2):
                link = decide(one, two, align(prepare(one.body), prepare(two.body)))
                self.found += [link] if link else []

    def article(self, number):
        return self.articles[number]

    def links(self, number):
        return [link for link in self.found if number in (link.repost, link.origin)]

    def reviews(self, number):
        return [said for said in self.said if number in (said.repost, said.origin)]

    def compared(self, number, other):
        one, two = self.articles[number], self.articles[other]
        return decide(one, two, align(prepare(one.body), prepare(two.body)))

    def ask(self, letter):
        one = self.articles["abcdefgh".index(letter) + 1]
        return answer(one.url, one, self)

    def __getattr__(self, letter):
        if len(letter) != 1:
            raise AttributeError(letter)
        return self.ask(letter)


def at(letter, body=STORY, **known):
    """Return the article of outlet `letter`: letter.example, id by alphabet."""
    known.setdefault("site", f"{letter}-news.example")
    known.setdefault("outlet", f"The {letter.upper()} News")
    return article(body, number="abcdefgh".index(letter) + 1, path=known.pop("path", "story"), **known)


def by(letter, kind="attribution_line"):
    """Return a cue that names the outlet of `letter`."""
    return names(f"The {letter.upper()} News", kind=kind)


def roles(found):
    return {other.id: other.role for other in found.others}


REUTERS, DPA, AFP = (names(agency, kind="dateline") for agency in ("Reuters", "dpa", "AFP"))
REVIEW = names("The Tollgate Review", url="https://tollgate.example/essay", kind="labelled_link")


# -- verdict, the first that applies -----------------------------------------------------------------------------------


def test_a_page_that_shares_nothing_has_no_match():
    world = World(at("a", prose(200, 1)), at("b", prose(200, 2)))
    assert (world.a.verdict, world.a.relation, world.a.origin, world.a.reuse) == ("no_match", None, None, None)
    assert (world.a.others, world.a.cluster, world.a.shared, world.a.credit) == ((), None, None, None)


def test_a_later_copy_is_a_repost_and_the_earlier_page_its_origin():
    world = World(at("a", **EARLY), at("b", **LATER))
    assert (world.b.verdict, world.b.relation, world.b.origin.id) == ("repost", "exact", 1)
    assert (world.a.verdict, world.a.relation, world.a.origin) == ("origin", None, None)
    assert roles(world.a) == {2: "repost"}
    assert roles(world.b) == {1: "source"}


def test_a_page_that_names_its_origin_is_a_repost_though_nothing_of_that_is_stored():
    found = World(at("a", cues=(REVIEW,))).a
    assert (found.verdict, found.relation, found.shared, found.shared_with) == ("repost", "declared", None, None)
    assert (found.origin.in_store, found.origin.id, found.origin.outlet) == (False, None, "The Tollgate Review")
    assert (found.origin.url, found.origin.site, found.origin.title) == (
        "https://tollgate.example/essay",
        "tollgate.example",
        None,
    )


@pytest.mark.parametrize("grade", ["generic", "weak", "self"])
def test_a_page_that_names_nobody_clearly_is_no_repost(grade):
    cue = Cue("attribution_line", "as it stands", "text:0-5", grade, None)
    assert World(at("a", cues=(cue,))).a.verdict == "no_match"


def test_a_page_that_names_itself_is_no_repost():
    own = Cue("attribution_line", "Originally published by The A News", "text:0-5", "self", by("a").points_to)
    assert World(at("a", cues=(own,))).a.verdict == "no_match"


def test_text_in_common_without_a_direction_is_possible_on_both_sides():
    world = World(at("a"), at("b"))
    for found, other in ((world.a, 2), (world.b, 1)):
        assert (found.verdict, found.relation, found.origin, found.cluster) == ("possible", "exact", None, None)
        assert roles(found) == {other: "sibling"}
        assert found.direction == 0.5


def test_a_possible_excerpt_is_extended_seen_from_the_other_side():
    part = ". ".join(STORY.split(". ")[:7]) + "."
    for world in (World(at("a"), at("b", part)), World(at("a", part), at("b"))):
        short, long = (world.b, world.a) if world.a.article.words > world.b.article.words else (world.a, world.b)
        assert (short.verdict, short.relation, short.others[0].relation) == ("possible", "excerpt", "excerpt")
        assert (long.verdict, long.relation, long.others[0].relation) == ("possible", "extended", "extended")


def test_a_repost_that_others_copied_stays_a_repost_and_they_stand_in_others():
    world = World(at("a", **EARLY), at("b", **LATER, cues=(by("a"),)), at("c", **LAST, cues=(by("b"),)))
    assert (world.b.verdict, world.b.origin.id) == ("repost", 1)
    assert roles(world.b) == {1: "source", 3: "repost"}


# -- origin and via ----------------------------------------------------------------------------------------------------


def test_origin_is_the_root_and_via_the_hop_that_the_page_names():
    world = World(at("a", **EARLY), at("b", **LATER, cues=(by("a"),)), at("c", **LAST, cues=(by("b"),)))
    assert (world.c.origin.id, world.c.via.id, world.c.shared_with) == (1, 2, 1)
    assert world.b.via is None
    assert roles(world.c) == {1: "source", 2: "source"}
    assert roles(world.a) == {2: "repost", 3: "repost"}


def test_origin_and_via_in_a_chain_whose_ends_have_no_text_in_common():
    middle, last = STORY + " " + prose(200, 2), prose(200, 2)
    world = World(at("a", **EARLY), at("b", middle, **LATER, cues=(by("a"),)), at("c", last, **LAST, cues=(by("b"),)))
    assert (world.c.origin.id, world.c.via.id, world.c.shared_with) == (1, 2, 2)
    assert world.a.verdict == "origin"


def test_of_two_copies_that_name_the_origin_neither_is_the_other_ones_source():
    world = World(at("a", **EARLY), at("b", **LATER, cues=(by("a"),)), at("c", **LAST, cues=(by("a"),)))
    assert (world.c.origin.id, world.c.via) == (1, None)
    assert roles(world.c) == {1: "source", 2: "sibling"}
    assert roles(world.b) == {1: "source", 3: "sibling"}


def test_a_named_address_that_is_stored_is_the_origin_whatever_the_dates_say():
    world = World(at("a", **LAST), at("b", **EARLY, cues=(names(url="https://a-news.example/story"),)))
    assert (world.b.verdict, world.b.origin.id, world.b.origin.in_store) == ("repost", 1, True)


def test_a_named_outlet_and_title_that_are_stored_are_the_origin_even_of_wholly_other_words():
    world = World(
        at("a", title="Bridge over the Sallow closes"),
        at("b", prose(200, 2), cues=(names("The A News", title="Bridge over the Sallow closes"),)),
    )
    assert (world.b.verdict, world.b.relation, world.b.origin.id, world.b.shared) == ("repost", "declared", 1, None)
    assert world.a.verdict == "origin"


def test_a_canonical_link_to_a_stored_page_with_other_text_is_the_least_sure_repost():
    link = names(url="https://a-news.example/story", kind="canonical")
    world = World(at("a"), at("b", prose(200, 2), cues=(link,)))
    assert (world.b.verdict, world.b.relation, world.b.origin.id, world.b.shared) == ("repost", "declared", 1, None)
    assert world.b.reuse == pytest.approx(0.8)


def test_a_page_with_the_same_text_is_never_called_the_origin_of_one_that_names_another():
    for dates in (EARLY, {}, LAST):
        world = World(at("a", **LATER, cues=(REVIEW,)), at("b", **dates))
        assert (world.a.relation, world.a.origin.outlet) == ("declared", "The Tollgate Review")
        assert roles(world.a) == {2: "sibling" if dates != LAST else "repost"}
        assert world.b.verdict != "origin"


def test_a_later_copy_of_a_page_that_names_an_external_origin_goes_back_to_that_by_way_of_the_page():
    world = World(at("a", **EARLY, cues=(REVIEW,)), at("b", **LATER))
    assert (world.b.verdict, world.b.relation, world.b.origin.outlet) == ("repost", "exact", "The Tollgate Review")
    assert (world.b.via.id, world.b.shared_with, world.b.credit) == (1, 1, "none")
    assert roles(world.a) == {2: "repost"}


def test_two_pages_that_name_one_external_origin_are_siblings_and_each_declared():
    world = World(at("a", **EARLY, cues=(REVIEW,)), at("b", **LATER, cues=(REVIEW,)))
    for found, other in ((world.a, 2), (world.b, 1)):
        assert (found.verdict, found.relation, found.shared, found.via) == ("repost", "declared", None, None)
        assert [(o.id, o.role, o.relation) for o in found.others] == [(other, "sibling", "exact")]
        assert (found.cluster.articles, found.cluster.independent_sources) == (2, 1)


def test_what_the_page_names_and_its_text_confirms_goes_before_an_address_that_nobody_can_check():
    world = World(
        at("a", **EARLY), at("b", **LATER, cues=(names(url="https://cdn.example/x", kind="canonical"), by("a")))
    )
    assert (world.b.origin.id, world.b.credit) == (1, "named")


def test_nobody_is_its_own_origin_where_pages_name_each_other_in_a_circle():
    trio = [at("a", cues=(by("b"),)), at("b", cues=(by("c"),)), at("c", cues=(by("a"),))]
    world = World(*trio)
    for letter in "abc":
        found = world.ask(letter)
        assert found.verdict in ("repost", "origin")
        assert found.origin is None or found.origin.id != found.article.id
    assert [world.ask(letter).verdict for letter in "abc"].count("origin") == 1


def test_a_page_that_reaches_a_circle_from_outside_has_the_root_that_its_members_have():
    world = World(
        at("a", cues=(by("b"),)), at("b", cues=(by("c"),)), at("c", cues=(by("a"),)), at("d", **LAST, cues=(by("a"),))
    )  # fmt: skip
    roots = {found.origin.id for found in map(world.ask, "abcd") if found.origin}
    assert len(roots) == 1


# -- agency copy and press releases ------------------------------------------------------------------------------------


def test_two_wire_copies_of_which_one_names_the_agency_both_go_back_to_it():
    for dates in ({}, EARLY, LAST):
        world = World(at("a", **LATER, cues=(REUTERS,)), at("b", **dates))
        for found in (world.a, world.b):
            assert (found.verdict, found.relation, found.via) == ("repost", "wire", None)
            assert (found.origin.in_store, found.origin.outlet, found.origin.url) == (False, "Reuters", None)
            assert found.shared_with in (1, 2)
        assert roles(world.a) == {2: "sibling"}
        assert roles(world.b) == {1: "sibling"}
        assert (world.a.credit, world.b.credit) == ("named", "none")
        assert [item.kind for item in world.a.evidence if item.weight] == ["dateline"]
        assert [item.kind for item in world.b.evidence if item.weight] == ["named_by"]


def test_two_wire_copies_that_name_nobody_and_have_no_dates_are_possible():
    world = World(at("a"), at("b"))
    assert {world.a.verdict, world.b.verdict} == {"possible"}
    assert world.a.origin is None


def test_a_carrier_that_names_nobody_is_no_repost_of_an_earlier_carrier_that_names_nobody():
    world = World(at("a", **EARLY), at("b", **LATER), at("c", **LAST, cues=(REUTERS,)))
    assert {world.ask(letter).origin.outlet for letter in "abc"} == {"Reuters"}
    assert {role for letter in "abc" for role in roles(world.ask(letter)).values()} == {"sibling"}


def test_of_several_agencies_the_first_named_is_the_origin_and_the_rest_is_evidence():
    second = Cue("dateline", "dpa", "text:9-12", "named", DPA.points_to)
    found = World(at("a", cues=(REUTERS, second))).a
    assert found.origin.outlet == "Reuters"
    assert {item.points_to.outlet for item in found.evidence if item.points_to} == {"Reuters", "dpa"}


def test_an_agency_named_in_a_source_line_makes_agency_copy_too():
    world = World(at("a", cues=(names("dpa"),)), at("b"))
    assert {(found.relation, found.origin.outlet) for found in (world.a, world.b)} == {("wire", "dpa")}


def test_carriers_of_a_press_release_go_back_to_its_issuer():
    release = names("PR Newswire", kind="release_mark")
    world = World(at("a", **EARLY, cues=(release,)), at("b", **LATER))
    assert {(found.relation, found.origin.outlet) for found in (world.a, world.b)} == {("press_release", "PR Newswire")}


def test_the_agencys_own_page_is_the_origin_where_it_is_stored():
    world = World(at("a", site="reuters.com", outlet="Reuters"), at("b", cues=(REUTERS,)), at("c", cues=(REUTERS,)))
    assert (world.b.relation, world.b.origin.id, world.c.origin.id) == ("wire", 1, 1)
    assert (world.a.verdict, roles(world.a)) == ("origin", {2: "repost", 3: "repost"})


def test_a_page_that_names_the_carrier_it_has_agency_copy_from_came_by_way_of_it():
    world = World(at("a", **EARLY, cues=(REUTERS,)), at("b", **LATER, cues=(by("a"),)))
    assert (world.b.relation, world.b.origin.outlet, world.b.via.id) == ("wire", "Reuters", 1)
    assert world.b.credit == "named"


# -- relations ---------------------------------------------------------------------------------------------------------


def test_a_sister_is_the_same_outlet_on_another_site():
    world = World(at("a", outlet="Nordpost", **EARLY), at("b", outlet="Nordpost", **LATER))
    assert (world.b.verdict, world.b.relation, world.b.origin.id) == ("repost", "sister", 1)


def test_a_revision_goes_back_to_the_older_address_and_is_no_repost_between_outlets():
    world = World(at("a", **EARLY), at("b", site="a-news.example", outlet="The A News", path="new", **LATER))
    assert (world.b.verdict, world.b.relation, world.b.origin.id) == ("repost", "revision", 1)
    assert (world.a.verdict, roles(world.a), roles(world.b)) == ("origin", {2: "revision"}, {1: "revision"})
    assert world.a.cluster.outlets == 1


def test_of_two_addresses_of_a_story_without_dates_neither_is_the_origin():
    world = World(at("a"), at("b", site="a-news.example", outlet="The A News", path="new"))
    for found in (world.a, world.b):
        assert (found.verdict, found.relation, found.origin) == ("possible", "revision", None)
        assert (found.cluster.articles, found.cluster.outlets, found.cluster.independent_sources) == (2, 1, 1)


def test_a_copy_of_a_revision_goes_back_to_the_first_address_and_is_no_revision():
    second = at("b", site="a-news.example", outlet="The A News", path="new", **LATER)
    world = World(at("a", **EARLY), second, at("c", **LAST, cues=(names(url=second.url),)))
    assert (world.c.relation, world.c.origin.id, world.c.via.id) == ("exact", 1, 2)


def test_a_later_address_of_a_repost_has_the_relation_of_the_repost():
    again = at("c", f"{STORY} {prose(30, 5)}", site="b-news.example", outlet="The B News", path="new", **LAST)
    first = at("b", f"{STORY} {prose(60, 5)}", **LATER, cues=(by("a"),))
    links = World(at("a", **EARLY), first, again).found
    world = World(
        at("a", **EARLY), first, again, links=[link for link in links if {link.repost, link.origin} != {1, 3}]
    )
    assert (world.c.verdict, world.c.origin.id, world.c.via) == ("repost", 1, None)
    assert world.c.relation == world.b.relation == "near"
    assert world.c.shared_with == 1


def test_a_digest_shares_with_unrelated_stories_has_no_origin_and_joins_no_cluster():
    other = prose(200, 2)
    world = World(at("a", **EARLY), at("b", other, **EARLY), at("c", f"{STORY}\n{other}", **LATER))
    assert (world.c.verdict, world.c.relation, world.c.origin, world.c.cluster) == ("repost", "digest", None, None)
    assert roles(world.c) == {1: "source", 2: "source"}
    assert (world.a.verdict, world.a.cluster) == ("origin", None)
    assert [(o.role, o.relation) for o in world.a.others] == [("repost", "digest")]


def test_a_copy_of_a_digests_story_is_not_one_of_its_sources():
    other = prose(200, 2)
    digest = at("c", f"{STORY}\n{other}", **LAST)
    world = World(at("a", **EARLY), at("b", other, **EARLY), digest, at("d", **LATER, cues=(by("a"),)))
    assert roles(world.c) == {1: "source", 2: "source", 4: "sibling"}
    assert roles(world.d)[3] == "sibling"
    assert world.a.cluster.articles == 2


def test_a_debunk_that_quotes_is_no_repost():
    claim = prose(60, 1)
    debunk = f"{prose(120, 2)} “{claim}” {prose(120, 3)}"
    world = World(at("a", f"{claim} {prose(150, 4)}", **EARLY), at("b", debunk, **LATER))
    assert (world.a.verdict, world.b.verdict) == ("no_match", "no_match")


def test_two_reports_of_one_event_with_one_quotation_in_common_have_no_relation():
    said = f"“{prose(70, 9)}”"
    world = World(at("a", f"{prose(150, 1)} {said}", **EARLY), at("b", f"{said} {prose(150, 2)}", **LATER))
    assert (world.a.verdict, world.b.verdict) == ("no_match", "no_match")


def test_dates_do_not_make_an_origin_where_both_have_some_lines_of_a_third_text():
    lines = [prose(20, seed) for seed in (11, 12, 13, 14)]

    def report(seed):
        return "\n".join(f"{prose(40, seed + number)}\n{line}" for number, line in enumerate(lines))

    world = World(at("a", report(100), **EARLY), at("b", report(200), **LATER))
    assert (world.a.verdict, world.b.verdict) == ("possible", "possible")


# -- credit ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cues", "html", "expected"),
    [
        ((names("The A News", url="https://a-news.example/story"),), True, "linked"),
        ((by("a"),), True, "named"),
        ((Cue("generic_credit", "reprinted with permission", "text:0-5", "generic"),), True, "generic"),
        ((Cue("attribution_line", "via news agencies", "text:0-5", "generic"),), True, "generic"),
        ((), True, "none"),
        ((), False, "unknown"),
    ],
)
def test_credit_is_what_the_repost_says_of_its_origin(cues, html, expected):
    assert World(at("a", **EARLY), at("b", **LATER, cues=cues, html=html)).b.credit == expected


def test_naming_the_hop_is_credit_and_only_reposts_have_one():
    world = World(at("a", **EARLY), at("b", **LATER), at("c", **LAST, cues=(by("b"),)))
    assert (world.a.credit, world.b.credit, world.c.credit) == (None, "none", "named")


# -- evidence, probability, cluster ------------------------------------------------------------------------------------


def test_evidence_is_told_from_the_side_of_the_page_that_was_asked_about():
    world = World(at("a", **EARLY), at("b", f"{prose(90, 7)} {STORY}", **LATER, cues=(by("a"),)))
    ours, theirs = ({item.kind: item for item in found.evidence} for found in (world.a, world.b))
    assert ours["date_order"].value == "this one 2024-03-01, the other 2024-03-05"
    assert theirs["date_order"].value == "this one 2024-03-05, the other 2024-03-01"
    assert ours["named_by"].where == f"article:{world.b.article.url} text:0-5"
    assert theirs["attribution_line"].where == "text:0-5"
    for found, items in ((world.a, ours), (world.b, theirs)):
        begin, end = map(int, items["shared_text"].where.removeprefix("text:").split("-"))
        assert found.article.body[begin:end] == found.article.body[slice(*found.shared.passages[0].article)]


def test_weights_speak_for_the_origin_that_the_answer_names():
    world = World(at("a", **EARLY), at("b", **LATER, cues=(by("a"),)))
    for found in (world.a, world.b):
        assert {item.kind: item.weight > 0 for item in found.evidence if item.weight} == {
            "date_order": True,
            "named_by" if found.article.id == 1 else "attribution_line": True,
        }
        assert found.direction > 0.9


def test_no_probability_is_one_and_a_declaration_is_worth_its_constant():
    world = World(
        at("a", prose(900, 1), **EARLY),
        at("b", prose(900, 1), **LATER, cues=(names(url="https://a-news.example/story"),)),
    )
    for found in (world.a, world.b):
        assert found.reuse < 0.999
        assert found.direction < 0.999
    named, linked = World(at("a", cues=(REUTERS,))).a, World(at("a", cues=(REVIEW,))).a
    assert (round(named.reuse, 2), round(named.direction, 2)) == (0.92, 0.92)
    assert (round(linked.reuse, 2), round(linked.direction, 2)) == (0.97, 0.97)


def test_an_origin_at_the_end_of_a_chain_is_no_surer_than_the_chain():
    middle, last = STORY + " " + prose(200, 2), prose(200, 2)
    world = World(at("a", **EARLY), at("b", middle, **LATER), at("c", last, **LAST))
    assert (world.c.origin.id, world.c.via.id) == (1, 2)
    assert world.c.direction == pytest.approx(world.b.direction * world.found[-1].direction)
    assert world.c.direction < world.b.direction


def test_every_member_of_a_cluster_has_the_same_cluster():
    world = World(
        at("a", **EARLY), at("b", **LATER, cues=(by("a"),)), at("c", **LAST), at("d", **LATER, cues=(by("b"),))
    )  # fmt: skip
    found = {world.ask(letter).cluster for letter in "abcd"}
    assert len(found) == 1
    (cluster,) = found
    assert (cluster.id, cluster.representative, cluster.articles, cluster.outlets) == (0, 1, 4, 4)
    assert cluster.independent_sources == 1


def test_a_page_that_is_not_stored_is_answered_like_one_that_is():
    stored, asked = at("a", **EARLY), article(STORY, site="z-news.example", **LATER)
    link = decide(asked, stored, align(prepare(STORY), prepare(STORY)))
    world = World(stored, links=[link])
    world.articles[0] = asked
    found = answer("-", asked, world)
    assert (found.verdict, found.relation, found.origin.id, found.article.id) == ("repost", "exact", 1, None)
    assert isinstance(link, Link)
    assert roles(found) == {1: "source"}
