"""What third pages tell: who is credited, who stands between others, whose text it is, who else may be the first."""

import pytest
from build import names, page, prose
from test_answer import EARLY, LAST, LATER, REUTERS, REVIEW, STORY, World, at, by

from syndet import Corpus, origin
from syndet.models import Review

HALVES = STORY.split(". ")
OPENING, CLOSE = ". ".join(HALVES[:9]) + ".", ". ".join(HALVES[5:])


def test_two_credits_outweigh_the_date_of_a_page_that_says_it_was_first():
    backdated, credited = at("b", **EARLY), at("a", **LATER)
    world = World(credited, backdated, at("c", **LAST, cues=(by("a"),)), at("d", **LAST, cues=(by("a"),)))
    assert world.a.verdict == "origin"
    assert (world.c.origin.id, world.d.origin.id) == (1, 1)
    assert world.b.verdict == "possible"
    told = [item for item in world.b.evidence if item.kind == "named_by"]
    assert {item.where.split()[0] for item in told} == {
        f"article:{world.c.article.url}",
        f"article:{world.d.article.url}",
    }
    assert all(item.weight > 0 for item in told)  # for the other page


def test_one_credit_does_not_since_who_is_credited_may_have_copied_as_well():
    world = World(at("a", **EARLY), at("b", **LATER), at("c", **LAST, cues=(by("b"),)))
    assert (world.b.origin.id, world.c.origin.id, world.c.via.id) == (1, 1, 2)


def test_two_pages_of_one_site_are_one_witness():
    pages = [at("a", **EARLY), at("b", **LATER)]
    pages += [at(letter, **LAST, cues=(by("b"),), site="c-news.example", outlet="The C News") for letter in "cd"]
    assert World(*pages).b.origin.id == 1


def test_what_two_pages_have_by_way_of_a_third_tells_where_it_came_from():
    """Without dates or credits: two parts of one text, each more like the whole than like the other."""
    whole = World(at("a"), at("b", OPENING), at("c", CLOSE))
    pair = World(at("a"), at("b", OPENING))
    assert whole.b.direction > pair.b.direction > 0.5
    told = [item for item in whole.b.evidence if item.kind == "text_asymmetry" and item.where.startswith("article:")]
    assert [item.weight > 0 for item in told] == [True]


def test_equal_copies_tell_nothing_of_each_other():
    world = World(*(at(letter) for letter in "abcd"))
    assert {world.ask(letter).verdict for letter in "abcd"} == {"possible"}
    assert {world.ask(letter).direction for letter in "abcd"} == {0.5}


BACKGROUND = prose(60, 77)
PAPER = {"site": "a-news.example", "outlet": "The A News"}


def follow_up(seed):
    """Return a story of the paper that repeats what happened before."""
    return "\n\n".join((prose(90, seed), BACKGROUND, prose(90, seed + 10)))


def serial(**copied):
    """Return a paper's two stories with one background in both (a, b), and a copy of the second (c)."""
    return World(
        at("a", follow_up(1), path="first", **PAPER, **EARLY),
        at("b", follow_up(2), path="second", **PAPER, **LATER),
        at("c", follow_up(2), **LAST, **copied),
    )


def test_what_a_site_repeats_in_the_page_that_was_copied_ties_the_copy_to_no_other_page_of_it():
    world = serial()
    assert len(world.links(1)) == 1  # which shares the background, and is decided by itself
    assert {other.id for other in world.c.others} == {2} and world.c.origin.id == 2
    assert world.a.verdict == "no_match"


def test_unless_the_copy_credits_that_page_or_it_is_the_one_with_more():
    credited = serial(cues=(names("The A News", url="https://a-news.example/first"),))
    assert {other.id for other in credited.c.others} == {1, 2}
    both = World(
        at("a", follow_up(1), path="first", **PAPER, **EARLY),
        at("b", follow_up(2), path="second", **PAPER, **LATER),
        at("c", follow_up(2) + "\n\n" + prose(150, 1), **LAST),
    )
    assert {other.id for other in both.c.others} == {1, 2}


def test_whom_a_page_was_copied_by_keeps_each_copy_of_a_part_of_it():
    """The same three pages with the dates the other way: the paper copied the page, in whole and in part."""
    world = World(
        at("a", follow_up(1), path="first", **PAPER, **LATER),
        at("b", follow_up(2), path="second", **PAPER, **LAST),
        at("c", follow_up(2), **EARLY),
    )
    assert {other.id for other in world.c.others} == {1, 2}
    assert world.a.origin.id == 3


def test_an_agency_that_one_carrier_names_is_the_origin_of_all():
    world = World(at("a", **EARLY), at("b", **LATER), at("c", **LAST, cues=(REUTERS,)))
    for letter in "abc":
        found = world.ask(letter)
        assert (found.verdict, found.relation, found.origin.outlet) == ("repost", "wire", "Reuters")
        assert found.via is None
        assert {other.role for other in found.others} == {"sibling"}


def test_the_agencys_own_page_is_the_origin_also_of_carriers_that_do_not_name_it():
    agency = at("a", outlet="Reuters", site="reuters.com", **EARLY)
    world = World(agency, at("b", **LATER), at("c", **LATER, cues=(REUTERS,)), at("d", **LAST))
    assert [world.ask(letter).origin.id for letter in "bcd"] == [1, 1, 1]


def test_nor_does_it_matter_which_carriers_were_compared_with_the_agencys_own_page():
    pages = [at("a", outlet="Reuters", site="reuters.com", **EARLY)]
    pages += [at(letter, **LATER, cues=(REUTERS,)) for letter in "bc"] + [at("d", **LAST)]
    all_of_them = World(*pages).found
    for alone in (2, 3, 4):
        pairs = [link for link in all_of_them if {link.repost, link.origin} != {1, alone}]
        world = World(*pages, links=pairs)
        assert [world.ask(letter).origin.id for letter in "bcd"] == [1, 1, 1]


def test_an_origin_outside_the_store_that_a_copy_names_is_not_replaced_by_a_copy_that_names_nobody():
    world = World(at("a", **EARLY), at("b", **LATER, cues=(REVIEW,)))
    for found in (world.a, world.b):
        assert (found.verdict, found.origin.in_store, found.origin.url) == ("repost", False, REVIEW.points_to.url)


def test_but_what_a_page_names_for_a_part_of_its_text_is_not_the_origin_of_another_page():
    world = World(at("a", f"{OPENING} {prose(400, 3)}", **EARLY), at("b", OPENING, **LATER, cues=(REVIEW,)))
    assert world.a.origin is None or world.a.origin.url != REVIEW.points_to.url


@pytest.mark.parametrize("named", [{"outlet": "The Tollgate Review"}, {"url": "https://tollgate.example/essay"}])
def test_the_headline_of_another_outlet_than_the_named_one_does_not_fit(named):
    sister = at("a", title="Premier to sign a ferry pact", **EARLY)
    assert origin.fit(names(title=sister.title).points_to, sister) > 0
    assert origin.fit(names(title=sister.title, **named).points_to, sister) == 0


@pytest.mark.parametrize(("outlet", "name"), [("The New York Times", "NYT"), ("SCMP", "South China Morning Post")])
def test_initials_are_a_name(outlet, name):
    assert origin.same_outlet(name, at("a", outlet=outlet))
    assert not origin.same_outlet("NYP", at("a", outlet=outlet))


def test_a_page_without_a_date_may_have_been_before_the_one_that_dates_call_the_first():
    few = World(at("a", **EARLY), at("b"), at("c", **LATER))
    assert few.c.verdict == "possible"
    assert few.c.direction < origin.DECIDED
    many = World(at("a", **EARLY), at("b"), *(at(letter, **LATER) for letter in "cdefgh"))
    assert many.c.origin.id == 1


def test_pages_of_the_same_hours_are_more_often_customers_of_one_agency_than_copies():
    times = {"a": "2024-03-01T10:00Z", "b": "2024-03-01T10:50Z", "c": "2024-03-01T18:00Z"}
    world = World(*(at(letter, published=time) for letter, time in times.items()))
    assert {world.ask(letter).verdict for letter in "abc"} == {"possible"}
    apart = World(*(at(letter, published=times[letter]) for letter in "ac"))
    assert apart.c.origin.id == 1


def test_pages_whose_credits_people_denied_do_not_ask_each_other_for_ever():
    pages = [
        at("a", cues=(names(url="https://c-news.example/story"),)),
        at("b", cues=(names(url="https://d-news.example/story"),)),
    ]
    said = [Review(one, other, "rejected", "Ann", "", "2024-03-05", id=one) for one, other in ((1, 3), (2, 4))]
    world = World(*pages, at("c", prose(200, 8)), at("d", prose(200, 9)), said=said)
    assert {world.ask(letter).verdict for letter in "ab"} == {"possible"}


def stored_states(corpus):
    return {
        tuple(sorted(corpus.article(end).site[0] for end in (link.repost, link.origin))): link.state
        for number in corpus.store.articles.ids()
        for link in corpus.store.links.of(number)
    }


@pytest.mark.parametrize("order", ["abc", "cab", "bca"])
@pytest.mark.parametrize("parts", [(STORY, STORY), (OPENING, CLOSE)], ids=["whole", "cut to less than half in common"])
def test_what_carriers_owe_to_the_word_of_a_third_is_written_down_and_withdrawn_with_it(order, parts, tmp_path):
    dated = {"a": "2024-03-01", "b": "2024-03-05", "c": "2024-03-09"}

    def carrier(letter, body):
        head = f'<meta property="article:published_time" content="{dated[letter]}">'
        return page(body, f"https://{letter}-news.example/story", head=head, fetched="2024-04-01")

    bodies = {"a": parts[0], "b": parts[1], "c": f"HARBOUR, March 1 (Reuters) - {STORY}"}
    with Corpus(tmp_path / "a.db") as corpus:
        for letter in order:
            corpus.add_pages([carrier(letter, bodies[letter])])
            corpus.link()
        assert set(stored_states(corpus).values()) == {"sibling"}
        assert {corpus.lookup(f"https://{letter}-news.example/story").origin.outlet for letter in "abc"} == {"Reuters"}
        corpus.add_pages([carrier("c", f"{STORY} It rained.")])
        corpus.link()
        assert set(stored_states(corpus).values()) == {"repost"}
        assert "wire" not in {corpus.lookup(f"https://{letter}-news.example/story").relation for letter in "abc"}
        corpus.add_pages([carrier("c", f"{bodies['c']} It rained.")])
        corpus.link()
        assert set(stored_states(corpus).values()) == {"sibling"}
