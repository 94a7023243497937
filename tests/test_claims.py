"""What pages say that cannot be right: two origins, or one whose text is another; and what they link to unsaid."""

import pytest
from build import article, names, page, prose
from test_answer import EARLY, LATER, STORY, World, at, by

from syndet import claims, origin
from syndet.extract import extract

OTHER = prose(200, 7)


def doubts(found):
    return [item for item in found.evidence if item.kind == "claim_doubt"]


# -- a false attribution -----------------------------------------------------------------------------------------------


def test_text_goes_before_the_word_of_a_page_where_the_article_that_it_names_is_another_one():
    named = names("The B News", url="https://b-news.example/story")
    world = World(at("a", **EARLY), at("b", OTHER, **EARLY), at("c", **LATER, cues=(named,)))
    assert (world.c.verdict, world.c.origin.id, world.c.relation) == ("repost", 1, "exact")
    (doubt,) = doubts(world.c)
    assert (doubt.weight, doubt.points_to.url) == (0.0, "https://b-news.example/story")
    assert "no text in common" in doubt.value


def test_where_nothing_else_is_known_the_word_of_a_page_stands_and_the_doubt_is_shown():
    named = names("The B News", url="https://b-news.example/story")
    found = World(at("b", OTHER, **EARLY), at("c", **LATER, cues=(named,))).c
    assert (found.relation, found.origin.id, len(doubts(found))) == ("declared", 2, 1)


@pytest.mark.parametrize(
    "source", [{"body": OTHER, "language": "de"}, {"body": prose(40, 7)}], ids=["in another language", "cut short"]
)
def test_a_translation_and_a_page_of_which_little_was_read_belie_nobody(source):
    named = names("The B News", url="https://b-news.example/story")
    world = World(at("a", **EARLY), at("b", **source), at("c", **LATER, language="en", cues=(named,)))
    assert (world.c.origin.id, doubts(world.c)) == (2, [])


# -- claims that contradict each other ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "contradict"),
    [
        (names("The B News"), names("The C News"), True),
        (names(url="https://b-news.example/story"), names("The C News"), True),
        (names(url="https://b-news.example/story"), names(url="https://b-news.example/other"), False),
        (names(url="https://lakesidegazette.example/story"), names("Lakeside Gazette"), False),
        (names("The B News"), names("Reuters", kind="dateline"), False),
        (names("The B News"), names("Reuters"), False),
        (names("The B News"), names(title="Premier to sign a ferry pact"), False),
    ],
)
def test_two_outlets_cannot_both_be_the_origin_but_an_agency_stands_beside_any(one, other, contradict):
    assert bool(claims.rivals((one, other))) is contradict
    assert bool(doubts(World(at("a", cues=(one, other))).a)) is contradict


# -- links without a label ---------------------------------------------------------------------------------------------


def linking(href):
    body = STORY.replace(". ", f', <a href="{href}">as we wrote</a>. ', 1) if href else STORY
    return extract(page(body, "https://b-news.example/story"))


def test_a_link_to_the_very_page_tells_which_had_the_text_first():
    source = article(STORY, number=1, site="a-news.example", path="story")
    made = linking("https://a-news.example/story?utm_source=x")
    (cue,) = [cue for cue in made.cues if cue.kind == "unlabelled_link"]
    assert (cue.value, cue.grade, cue.where.split("/")[-1]) == ("as we wrote", "weak", "a")
    (found,) = origin.naming(made, source, 1.0)
    assert found.weight == origin.WEIGHT_POINTED
    assert origin.direction(made, source, None).decided


def test_a_link_to_another_page_of_its_site_supports_and_does_not_decide():
    source = article(STORY, number=1, site="a-news.example", path="story")
    (found,) = origin.naming(linking("https://a-news.example/tags/ferries"), source, 1.0)
    assert found.weight == origin.WEIGHT_WEAK
    assert not origin.direction(linking("https://a-news.example/tags/ferries"), source, None).decided


@pytest.mark.parametrize("href", ["https://twitter.com/anews/status/1", "https://b-news.example/tags", "/tags", "#top"])
def test_links_to_networks_and_to_the_own_site_are_no_sign(href):
    assert not [cue for cue in linking(href).cues if cue.kind == "unlabelled_link"]


def test_a_labelled_link_is_told_once():
    made = extract(page(STORY + '\nOriginally published at <a href="https://a-news.example/story">The A News</a>.'))
    assert [cue.kind for cue in made.cues if cue.points_to and cue.points_to.url] == ["attribution_line"]


def test_no_link_makes_a_repost_of_a_page_that_shares_no_text():
    assert World(at("a", OTHER), at("b", cues=linking("https://a-news.example/story").cues)).b.verdict == "no_match"


def test_the_credits_of_two_pages_that_name_each_other_cancel_out():
    world = World(at("a", cues=(by("b"),)), at("b", cues=(by("a"),)))
    assert {world.a.direction, world.b.direction} == {0.5}
