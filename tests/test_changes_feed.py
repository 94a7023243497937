"""The feed of changes: whoever reads on from where it was knows what every answer says now."""

import random

import pytest
from build import html, prose
from click.testing import CliRunner

from syndet import Corpus, feed, report
from syndet.bulletin import bulletin_dict
from syndet.cli import cli
from syndet.errors import LostPlace, UsageError
from syndet.models import Page
from syndet.outlets import Listed

STORY = prose(240, 1)


@pytest.fixture
def corpus(tmp_path):
    with Corpus(tmp_path / "news.db") as made:
        yield made


def page(name, body=STORY, day=5, credit=None, fetched="2024-04-01"):
    words = f'<p>Originally published by <a href="{url(credit)}">it</a></p>' if credit else ""
    return Page(url(name), html(body, title=f"What {name} says") + words.encode(), "html", "test",
                published=f"2024-03-{day:02}", fetched=fetched)  # fmt: skip


def url(name):
    return f"https://{name}.example/story"


def night(corpus, *pages):
    corpus.add_pages(pages)
    corpus.link()


def read(corpus, since=None, limit=1000):
    """Return (what, id) of the changes after a place, and the next place."""
    found = feed.changes(corpus, since, limit=limit)
    return {(one.what, one.id) for one in found.changes}, found.next


def whose(origin):
    return origin and (origin.id, origin.url, origin.outlet)


def test_a_store_without_copies_has_nothing_to_tell(corpus):
    night(corpus, page("a"), page("b", prose(200, 2)))
    assert read(corpus)[0] == set()


def test_a_copy_is_told_with_its_origin_and_its_cluster(corpus):
    night(corpus, page("a"))
    _, place = read(corpus)
    night(corpus, page("b", day=6, credit="a"))
    found = bulletin_dict(feed.changes(corpus, place))
    cluster = corpus.lookup(url("a")).cluster.id
    assert {(one["what"], one.get("article", one.get("cluster"))["id"]) for one in found["changes"]} == {
        ("links", 1), ("links", 2), ("origin", 2), ("cluster", cluster),
    }  # fmt: skip
    origin = next(one["origin"] for one in found["changes"] if one["what"] == "origin")
    assert origin == report.origin_dict(corpus.lookup(url("b")).origin)
    (told,) = (one["cluster"] for one in found["changes"] if one["what"] == "cluster")
    assert (told["articles"], told["representative"]["url"]) == (2, url("a"))
    assert read(corpus, found["next"])[0] == set()


def test_what_goes_back_by_way_of_another_is_told_when_the_root_changes(corpus):
    night(corpus, page("b", day=6, credit="a"), page("c", day=8, credit="b"))
    _, place = read(corpus)
    night(corpus, page("a"))
    told, place = read(corpus, place)
    assert {("origin", 1), ("origin", 2)} <= told
    assert corpus.lookup(url("c")).origin.url == url("a")
    corpus.review(url("b"), url("a"), "rejected", who="Ann")
    told, _ = read(corpus, place)
    assert {("links", 1), ("links", 3), ("origin", 1)} <= told
    assert corpus.lookup(url("b")).origin is None


def test_a_page_that_changed_takes_its_links_with_it(corpus):
    night(corpus, page("a"), page("b", day=6, credit="a"))
    _, place = read(corpus)
    night(corpus, page("b", prose(200, 9), day=9, fetched="2024-04-02"))
    told, _ = read(corpus, place)
    assert {("links", 1), ("links", 2), ("origin", 2)} <= told
    assert {what for what, _ in told} == {"links", "origin", "cluster"}


def test_a_rebuild_tells_links_anew_and_no_origin_that_stayed(corpus):
    night(corpus, page("a"), page("b", day=6, credit="a"), page("c", prose(200, 3)))
    _, place = read(corpus)
    corpus.rebuild()
    told, place = read(corpus, place)
    assert {one for one in told if one[0] != "cluster"} == {("links", 1), ("links", 2)}
    corpus.list_outlets((Listed("A Times", "outlet", (), (), ("a.example",), ""),))
    assert ("links", 2) in read(corpus, place)[0]


def test_a_place_among_many_changes_is_no_page_of_a_book(corpus):
    """Whoever reads in small steps misses nothing, and meets nothing twice, unless it changed again."""
    names = [f"s{number}" for number in range(8)]
    night(corpus, page("a"), *(page(name, day=6 + at, credit="a") for at, name in enumerate(names)))
    whole, last = read(corpus)
    steps, place = [], None
    while True:
        found = feed.changes(corpus, place, limit=3)
        steps += [(one.what, one.id) for one in found.changes]
        place = found.next
        if not found.more:
            break
    assert (len(steps), set(steps), place) == (len(whole), whole, last)


def test_now_is_where_a_reader_begins_who_has_all_there_is(corpus):
    night(corpus, page("a"), page("b", day=6))
    told, place = read(corpus, "now")
    assert told == set()
    night(corpus, page("c", day=7))
    assert ("links", 3) in read(corpus, place)[0]


def test_a_place_that_is_none_or_of_another_store_is_refused(corpus, tmp_path):
    night(corpus, page("a"), page("b"))
    _, place = read(corpus)
    with pytest.raises(UsageError):
        read(corpus, "yesterday")
    with Corpus(tmp_path / "other.db") as other, pytest.raises(LostPlace):
        read(other, place)
    name, _, rest = place.partition("-")
    with pytest.raises(LostPlace):
        read(corpus, f"{name}-9{rest}")


def test_whoever_follows_the_feed_has_every_origin_right(tmp_path):
    """In any order of pages, versions and reviews: what was not told is as it was."""
    for seed in range(70):
        chance = random.Random(seed)
        names, held, place = list("abcdef"), {}, None
        with Corpus(tmp_path / f"{seed}.db") as corpus:
            for step in range(10):
                if step > 4 and chance.random() < 0.4 and corpus.count() > 1:
                    two = chance.sample(list(corpus.store.articles.ids()), 2)
                    corpus.review(*two, chance.choice(["rejected", "origin", "confirmed", "open"]), who="Ann")
                else:
                    name, credit = chance.sample(names, 2)
                    body = STORY if chance.random() < 0.8 else prose(200, chance.randint(2, 4))
                    credit = credit if chance.random() < 0.7 else None
                    one = page(name, body, chance.randint(1, 28), credit, f"2024-04-{step + 1:02}")
                    night(corpus, one) if chance.random() < 0.5 else corpus.take([one])
                found = feed.changes(corpus, place, limit=1000)
                for one in found.changes:
                    if one.what == "origin":
                        held[one.id] = one.origin
                place = found.next
                for number in corpus.store.articles.ids():
                    assert whose(held.get(number)) == whose(corpus.lookup(number).origin), (seed, step, number)


def test_the_command_tells_the_same(corpus, tmp_path):
    night(corpus, page("a"), page("b", day=6, credit="a"))
    run = CliRunner()
    shown = run.invoke(cli, ["--db", str(tmp_path / "news.db"), "changes"]).output
    assert f"origin          2  {url('b')}  goes back to {url('a')}" in shown
    assert f"2 pages, {url('a')} speaks for it" in shown
    refused = run.invoke(cli, ["--db", str(tmp_path / "news.db"), "changes", "--since", "x"])
    assert refused.exit_code == 2
