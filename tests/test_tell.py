"""What people read: no figure surer than it is, no sign without its word, no claim that the JSON doesn't make."""

from dataclasses import replace

import pytest
from build import prose
from test_answer import EARLY, LATER, REUTERS, REVIEW, STORY, World, at, by

from syndet.models import Evidence
from syndet.tell import lookup_text

LINES = [prose(20, seed) for seed in (11, 12, 13, 14)]


def test_a_repost_is_told_with_its_origin_how_sure_and_where_it_says_so():
    told = lookup_text(World(at("a", title="Bridge closes", **EARLY), at("b", **LATER, cues=(by("a"),))).b)
    assert "goes back to The A News, “Bridge closes” <https://a-news.example/story>, word for word." in told
    assert "How sure: over 99% that text was reused, over 99% that this is where it comes from." in told
    assert "  strong sign  it says so: as it stands  (in the text)" in told
    assert "  clear sign   dates of publication: this one 2024-03-05, the other 2024-03-01" in told
    assert "Shared with https://a-news.example/story:" in told
    assert "Only the dates" not in told


def test_where_only_dates_tell_who_was_first_that_is_said():
    world = World(at("a", **EARLY), at("b", **LATER))
    for found in (world.a, world.b):
        assert "Only the dates tell which was first; both may go back to a third text." in lookup_text(found)


def test_what_rests_on_the_pages_word_alone_is_said_to():
    told = lookup_text(World(at("a", cues=(REVIEW,))).a)
    assert "How sure: 97%, on the page's own word; there was no text to compare." in told
    assert "(not in the store), by its own account." in told


def test_what_another_carrier_says_is_told_with_its_address():
    told = lookup_text(World(at("a", cues=(REUTERS,)), at("b")).b)
    assert "goes back to Reuters (not in the store), as agency copy." in told
    assert "the other page says so: as it stands  (in the text of https://a-news.example/story)" in told


def test_a_possible_repost_is_told_by_what_is_not_known():
    sure = lookup_text(World(at("a"), at("b")).b)
    assert "one of them from the other or both from a third; we can't say which" in sure
    moved = lookup_text(World(at("a"), at("b", site="a-news.example", outlet="The A News", path="new")).b)
    assert "stands at another address of its site as well, and nothing tells which is older" in moved
    unsure = World(at("a"), at("b")).b
    assert "may be reuse or two reports of one event" in lookup_text(replace(unsure, reuse=0.5))


def test_where_it_is_open_who_was_first_a_date_says_for_whom_it_speaks():
    bodies = ["\n".join(f"{prose(40, seed + n)}\n{line}" for n, line in enumerate(LINES)) for seed in (100, 200)]
    world = World(at("a", bodies[0], **EARLY), at("b", bodies[1], **LATER))
    assert "speaks for this page as the older one" in lookup_text(world.a)
    assert "speaks for the other page as the older one" in lookup_text(world.b)


@pytest.mark.parametrize(
    ("weight", "word"), [(0.6, "slight sign"), (2.2, "clear sign"), (5.0, "strong sign"), (-2.2, "clear sign")]
)
def test_a_weight_is_told_as_a_word_and_a_sign_against_as_such(weight, word):
    found = World(at("a", **EARLY), at("b", **LATER)).b
    told = lookup_text(replace(found, evidence=(Evidence("dateline", "X", "text:0-1", "named", None, weight),)))
    assert f"{word}" in told
    assert ("which speaks against it" in told) == (weight < 0)
    assert str(weight) not in told


def test_nothing_is_told_as_certain_and_nothing_twice():
    cue = by("a")
    found = World(
        at("a", prose(900, 1), **EARLY), at("b", prose(900, 1), **LATER, cues=(cue, replace(cue, where="text:9-14")))
    ).b
    told = lookup_text(found)
    assert "100% that" not in told
    assert told.count("it says so") == 1


def test_a_page_cannot_write_into_the_terminal():
    title = "Calm \x1b[2J\u202eseas"
    told = lookup_text(World(at("a", title=title, **EARLY), at("b", STORY, **LATER)).b)
    assert "\x1b" not in told
    assert "\u202e" not in told
