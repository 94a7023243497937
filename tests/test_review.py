"""What a person said of a pair goes before all that was found."""

import json
import random
from itertools import permutations
from pathlib import Path

import jsonschema
import pytest
from build import names, prose
from test_answer import EARLY, LAST, LATER, REUTERS, STORY, World, at, by, roles

from syndet import report
from syndet.models import Review
from syndet.tell import lookup_text

SCHEMA = json.loads((Path(__file__).parents[1] / "syndet" / "lookup.schema.json").read_text())
STORES = sorted((Path(__file__).parent / "stores").glob("*.db"))


def say(*said):
    """Return reviews in this order, each of (repost, verdict, origin) by letter."""
    verdicts = {"confirms": "confirmed", "rejects": "rejected", "origin": "origin", "withdraws": "open"}
    return [
        Review("abcdefgh".index(one) + 1, "abcdefgh".index(other) + 1, verdicts[verdict], "Ann", "seen", f"day {n}", n)
        for n, (one, verdict, other) in enumerate(said, 1)
    ]


def world(*articles, said):
    return World(*articles, said=say(*(line.split() for line in said)))


def reviewed(found):
    """Return the weight of a person's word in an answer, None where nobody spoke."""
    return next((item.weight for item in found.evidence if item.kind == "review"), None)


# -- a rejected pair ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pair", ["a rejects b", "b rejects a"])
@pytest.mark.parametrize("dates", [(EARLY, LATER), ({}, {})])
def test_a_rejected_pair_shows_nowhere(pair, dates):
    told = world(at("a", **dates[0]), at("b", **dates[1]), said=[pair])
    for found in (told.a, told.b):
        assert (found.verdict, found.others, found.cluster, found.shared) == ("no_match", (), None, None)


def test_a_rejected_pair_is_not_tied_by_a_comparison_that_was_made_late_either():
    pages = [at("a", **EARLY), at("b", **LATER, cues=(by("a"),)), at("c", **LAST, cues=(by("b"),))]
    assert World(*pages).c.origin.id == 1
    found = world(*pages, said=["c rejects a"]).c
    assert (found.verdict, found.origin.id, roles(found)) == ("repost", 2, {2: "source"})


def test_a_rejected_page_is_no_origin_though_the_page_itself_gives_its_address():
    wrong = names(url="https://a-news.example/story", kind="canonical")
    told = world(at("a", **EARLY), at("b", **LATER, cues=(wrong,)), said=["b rejects a"])
    assert (told.b.verdict, told.b.origin, told.a.verdict) == ("no_match", None, "no_match")


def test_rejecting_one_of_two_sources_leaves_the_other():
    pages = [at("a", **EARLY), at("b", **LATER), at("c", **LAST)]
    told = world(*pages, said=["c rejects b"])
    assert (told.c.origin.id, roles(told.c)) == (1, {1: "source"})
    assert roles(told.b) == {1: "source"}


# -- a confirmed pair --------------------------------------------------------------------------------------------------


def test_a_confirmed_pair_that_was_only_possible_is_a_repost():
    told = world(at("a"), at("b"), said=["b confirms a"])
    assert (told.b.verdict, told.b.relation, told.b.origin.id) == ("repost", "exact", 1)
    assert (told.b.reuse, told.b.direction, reviewed(told.b)) == (1.0, 1.0, 12.0)
    assert (told.a.verdict, told.a.reuse, told.a.direction, reviewed(told.a)) == ("origin", 1.0, 1.0, 12.0)
    assert {item.weight for item in told.b.evidence if item.kind != "review"} == {0.0}


def test_a_confirmed_pair_goes_the_way_that_the_person_says_whatever_the_dates_say():
    part = ". ".join(STORY.split(". ")[:7]) + "."
    told = world(at("a", part, **EARLY), at("b", **LATER), said=["a confirms b"])
    assert (told.a.verdict, told.a.relation, told.a.origin.id) == ("repost", "excerpt", 2)
    shared = told.a.shared
    assert (round(shared.containment_in_source, 1), shared.containment_of_source < 0.6) == (1.0, True)
    assert (told.b.verdict, roles(told.b)) == ("origin", {1: "repost"})


@pytest.mark.parametrize("words", [8, 60])
def test_a_confirmed_pair_that_was_not_found_is_linked_and_shows_what_is_shared(words):
    taken = " ".join(STORY.split()[:words])
    pages = [at("a"), at("b", f"{prose(90, 2)} {taken} {prose(90, 3)}")]
    assert World(*pages, links=[]).b.verdict == "no_match"
    told = World(*pages, links=[], said=say(("b", "confirms", "a")))
    assert (told.b.verdict, told.b.origin.id, roles(told.a)) == ("repost", 1, {2: "repost"})
    assert words - 2 <= told.b.shared.words <= words + 2
    assert told.a.cluster.articles == 2


def test_a_confirmed_pair_without_a_word_in_common_rests_on_the_person_alone():
    told = world(at("a", prose(120, 4)), at("b", prose(120, 5)), said=["b confirms a"])
    assert (told.b.verdict, told.b.relation, told.b.shared, told.b.origin.id) == ("repost", "declared", None, 1)
    text = lookup_text(told.b)
    assert "as a person says" in text
    assert "How sure: a person says so." in text
    assert "strong sign  a person says so: Ann: seen" in text
    for found in (told.a, told.b):
        jsonschema.validate(json.loads(json.dumps(report.lookup_dict(found, "r"))), SCHEMA)


def test_a_confirmed_step_is_followed_on_to_the_root():
    told = world(at("a", **EARLY), at("b", **LATER, cues=(by("a"),)), at("c", prose(90, 6)), said=["c confirms b"])
    assert (told.c.origin.id, told.c.via.id, told.c.shared_with) == (1, 2, None)


def test_a_confirmed_carrier_of_agency_copy_is_the_hop_to_the_agency():
    told = world(at("a", **EARLY, cues=(REUTERS,)), at("b", **LATER, cues=(REUTERS,)), said=["b confirms a"])
    assert (told.b.relation, told.b.origin.outlet, told.b.via.id) == ("wire", "Reuters", 1)
    assert told.a.via is None


def test_two_addresses_of_one_site_stay_revisions():
    moved = at("b", site="a-news.example", outlet="The A News", path="new")
    told = world(at("a"), moved, said=["b confirms a"])
    assert (told.b.verdict, told.b.relation, told.b.origin.id) == ("repost", "revision", 1)
    assert roles(told.b) == {1: "revision"}


# -- a pinned origin ---------------------------------------------------------------------------------------------------


def test_a_pinned_origin_goes_before_what_was_found_and_what_the_page_names():
    pages = [at("a", **EARLY), at("b", **LATER), at("c", **LAST, cues=(by("b"),))]
    told = world(*pages, said=["b origin c"])
    assert (told.b.origin.id, told.b.reuse, told.b.direction) == (3, 1.0, 1.0)
    assert (told.c.verdict, told.c.origin) == ("origin", None)


def test_a_pinned_origin_is_where_the_story_begins_for_all_who_follow():
    pages = [at("a", **EARLY), at("b", **LATER, cues=(by("a"),)), at("c", **LAST, cues=(by("b"),))]
    told = world(*pages, said=["c origin b"])
    assert (told.b.verdict, told.c.origin.id, told.c.via) == ("origin", 2, None)


def test_a_pinned_origin_goes_back_to_no_agency():
    told = world(at("a", **EARLY, cues=(REUTERS,)), at("b", **LATER, cues=(REUTERS,)), said=["b origin a"])
    assert (told.b.origin.id, told.b.relation, told.a.verdict) == (1, "exact", "origin")


def test_a_page_with_a_pinned_origin_is_no_digest():
    parts = [at("a", **EARLY), at("b", prose(200, 2), **EARLY)]
    both = at("c", f"{STORY}\n\n{prose(200, 2)}", **LAST)
    assert World(*parts, both).c.relation == "digest"
    found = world(*parts, both, said=["c origin a"]).c
    assert (found.relation, found.origin.id) == ("extended", 1)


def test_of_two_origins_of_one_page_the_later_counts():
    pages = [at("a"), at("b"), at("c")]
    told = world(*pages, said=["c origin a", "c origin b"])
    assert told.c.origin.id == 2
    assert told.b.verdict == "origin"
    withdrawn = world(*pages, said=["c origin a", "c origin b", "c withdraws b"])
    assert withdrawn.c.origin.id == 1


def test_pinned_origins_are_followed_in_whatever_order_they_were_said():
    pages = [at("a", prose(90, 1)), at("b", prose(90, 2)), at("c", prose(90, 3))]
    for said in permutations(["c origin b", "b origin a"]):
        told = world(*pages, said=said)
        assert (told.c.origin.id, told.c.via.id, told.b.origin.id, told.a.verdict) == (1, 2, 1, "origin")


def test_people_who_pin_in_a_circle_make_nobody_its_own_origin():
    pages = [at("a", prose(90, 1)), at("b", prose(90, 2)), at("c", prose(90, 3))]
    told = world(*pages, said=["a origin b", "b origin c", "c origin a"])
    assert told.a.verdict == "origin"  # the first that was said is the one not followed
    assert {told.b.origin.id, told.c.origin.id} == {1}


# -- which one counts --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        (["b confirms a", "a rejects b"], "no_match"),
        (["a rejects b", "b confirms a"], "repost"),
        (["b confirms a", "a confirms b"], "origin"),
        (["a rejects b", "b withdraws a"], "possible"),
        (["b confirms a", "b withdraws a", "b origin a"], "repost"),
    ],
)
def test_of_all_that_was_said_of_a_pair_the_latest_counts(said, verdict):
    assert world(at("a"), at("b"), said=said).b.verdict == verdict


@pytest.mark.parametrize("seed", range(4))
def test_answers_agree_with_each_other_whatever_people_say(seed):
    chance = random.Random(seed)
    dates = [{}, EARLY, LATER, LAST]
    for _ in range(12):
        bodies = [STORY, f"{STORY} {prose(60, 2)}", prose(90, 2), prose(90, 3)]
        cues = [(), (), (by("a"),), (by("d"),), (REUTERS,)]
        pages = [at(one, chance.choice(bodies), **chance.choice(dates), cues=chance.choice(cues)) for one in "abcdef"]
        pairs = [chance.sample("abcdef", 2) for _ in range(6)]
        words = ["confirms", "rejects", "origin", "origin", "withdraws"]
        told = world(*pages, said=[f"{one} {chance.choice(words)} {other}" for one, other in pairs])
        answers = {found.article.id: found for found in map(told.ask, "abcdef")}
        last = {frozenset((one.repost, one.origin)): one.verdict for one in told.said}
        for number, found in answers.items():
            jsonschema.validate(json.loads(json.dumps(report.lookup_dict(found, "r"))), SCHEMA)
            if found.origin is not None and found.origin.in_store:
                assert found.origin.id != number
                assert last.get(frozenset((found.origin.id, number))) != "rejected"
                assert answers[found.origin.id].verdict in ("origin", "repost")
            for other in found.others:
                mirrored = {"source": "repost", "repost": "source"}.get(other.role, other.role)
                assert roles(answers[other.id])[number] == mirrored
                assert last.get(frozenset((other.id, number))) != "rejected"
            for one, verdict in last.items():
                if number in one and verdict in ("confirmed", "origin"):
                    assert {*one} - {number} <= {other.id for other in found.others}
