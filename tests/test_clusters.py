"""Clusters that stay: who is in one, in any order of arrival, and what becomes of its id from night to night."""

import json
import random
from pathlib import Path

import pytest
from build import html, prose
from click.testing import CliRunner
from test_answer_rules import invented_pages

from syndet import Corpus
from syndet.cli import cli
from syndet.errors import NotStored, UsageError
from syndet.models import Page
from syndet.sources import read

SAMPLE = Path(__file__).parents[1] / "syndet" / "sample"
STORY, OTHER = prose(240, 1), prose(240, 2)
HEADLINE = "Premier to sign ferry pact with Orrin Isles"


@pytest.fixture
def corpus(tmp_path):
    with Corpus(tmp_path / "news.db") as made:
        yield made


def page(name, body=STORY, day=5, *, outlet=None, title=None, head="", fetched="2024-04-01"):
    """Return the page of outlet `name`, published in March."""
    head += f'<meta property="og:site_name" content="{outlet}">' if outlet else ""
    text = html(body, title=title or f"What {name} has to say of it", head=head)
    return Page(url(name), text, "html", "test", published=f"2024-03-{day:02}", fetched=fetched)


def url(name):
    return f"https://{name}.example/story"


def night(corpus, *pages):
    corpus.add_pages(pages)
    return corpus.link()


def ids(corpus):
    """Return the stored cluster of every article, by outlet."""
    places = {number: corpus.store.clusters.member(number) for number in corpus.store.articles.ids()}
    return {corpus.article(number).site.split(".")[0]: place and place.cluster for number, place in places.items()}


def events(corpus):
    """Return what became of ids, in order."""
    rows = corpus.store._db.execute("SELECT cluster, event, other FROM cluster_events ORDER BY id")
    return [tuple(row) for row in rows]


def half(number):
    """Return a half of the story, the first or the second."""
    words = STORY.split()
    return " ".join(words[:120] if number == 1 else words[120:])


# -- any order of arrival ----------------------------------------------------------------------------------------------


def content(corpus, pages):
    """Return who is with whom, and every page's origin."""
    together, origins = {}, {}
    for one in pages:
        number = corpus.store.articles.find(one.url)
        if number is None:
            continue
        place, origin = corpus.store.clusters.member(number), corpus.lookup(number).origin
        together.setdefault(place.cluster if place.cluster is not None else -number, set()).add(one.url)
        origins[one.url] = origin and (origin.in_store, origin.url, origin.outlet, origin.title)
    return set(map(frozenset, together.values())), origins


def arrivals(folder, pages, orders, nights):
    """Yield the content of a store for each of `orders` in which `pages` may arrive, in that many `nights`."""
    for number in range(orders):
        order = random.Random(number).sample(pages, len(pages)) if number else list(pages)
        with Corpus(folder / f"{number}.db") as corpus:
            for part in range(nights):
                night(corpus, *order[part::nights])
            yield content(corpus, pages)
            assert corpus.check() == []


@pytest.mark.parametrize("seed", range(3))
def test_in_any_order_of_arrival_the_same_pages_are_together(tmp_path, seed):
    first, *others = arrivals(tmp_path, invented_pages(seed), 4, 3)
    assert max(map(len, first[0])) > 2
    assert all(other == first for other in others)


@pytest.mark.slow
def test_the_sample_in_twenty_orders_has_the_same_clusters_and_origins(tmp_path):
    pages = [one for one in read(str(SAMPLE)) if isinstance(one, Page)]
    first, *others = arrivals(tmp_path, pages, 20, 2)
    assert len(others) == 19
    assert all(other == first for other in others)


# -- ids that stay -----------------------------------------------------------------------------------------------------


def test_an_id_stays_when_members_come_and_copies_older_than_all_before(corpus):
    night(corpus, page("b", day=5), page("c", day=9))
    before = ids(corpus)
    assert before["b"] == before["c"]
    night(corpus, page("d", day=12), page("x", OTHER))
    night(corpus, page("a", day=1))
    after = ids(corpus)
    assert {after[name] for name in "abcd"} == {before["b"]}
    assert after["x"] != before["b"]
    assert corpus.lookup(url("b")).origin.url == url("a")
    assert corpus.lookup(url("b")).cluster.id == before["b"]
    assert events(corpus) == []


def test_a_story_that_ties_two_clusters_together_is_a_merge(corpus):
    night(corpus, page("a", half(1), 5), page("b", half(2), 6), page("c", half(2), 7))
    assert ids(corpus) == {"a": 1, "b": 2, "c": 2}
    night(corpus, page("whole", day=1))
    assert ids(corpus) == {"a": 2, "b": 2, "c": 2, "whole": 2}  # the id that most of them had
    assert events(corpus) == [(1, "merged", 2)]
    night(corpus, page("new", OTHER))
    assert ids(corpus)["new"] == 3  # 1 is not used again


def test_a_page_that_is_a_part_of_two_stories_joins_them_not(corpus):
    shared = prose(90, 7)
    night(corpus, page("a", f"{shared}\n{prose(60, 3)}", 1), page("b", f"{shared}\n{prose(200, 4)}", 2))
    found = corpus.lookup(url("a"))
    night(corpus, page("c", f"{prose(200, 5)}\n{shared}", 9))
    places = {name: corpus.store.clusters.member(corpus.find(url(name))) for name in "abc"}
    assert found.cluster is None or found.cluster.articles == 2
    assert all(place.source is None or place.cluster == places["a"].cluster for place in places.values())


def test_a_reject_splits_and_its_withdrawal_merges_again(corpus):
    night(corpus, page("a", day=1), page("b", day=5), page("x", OTHER))
    assert ids(corpus) == {"a": 1, "b": 1, "x": 2}
    corpus.review(url("b"), url("a"), "rejected", who="Ann")
    assert ids(corpus) == {"a": 1, "b": 3, "x": 2}
    assert corpus.lookup(url("a")).cluster is None
    corpus.review(url("b"), url("a"), "open", who="Ann")
    assert ids(corpus) == {"a": 1, "b": 1, "x": 2}
    corpus.review(url("x"), url("a"), "confirmed", who="Ann")
    assert set(ids(corpus).values()) == {1}
    assert events(corpus) == [(3, "split", 1), (3, "merged", 1), (2, "merged", 1)]
    assert corpus.check() == []


def test_a_page_that_changes_wholly_leaves_and_the_others_keep_the_id(corpus):
    night(corpus, page("a", day=1), page("b", day=5), page("c", day=9))
    changed = page("a", OTHER, 1, fetched="2024-05-01")
    corpus.add_pages([changed])
    assert set(ids(corpus).values()) == {1}  # not yet linked: nothing moves before it is
    corpus.review(url("c"), url("b"), "confirmed", who="Ann")
    assert set(ids(corpus).values()) == {1}
    corpus.link()
    assert ids(corpus) == {"a": 2, "b": 1, "c": 1}
    assert events(corpus) == [(2, "split", 1)]
    assert corpus.check() == []


def test_a_page_that_changes_a_little_stays_with_its_cluster(corpus):
    night(corpus, page("a", day=1), page("b", half(1), 5), page("c", half(2), 9))
    assert set(ids(corpus).values()) == {1}
    night(corpus, page("a", f"{STORY}\nOne line more, written later.", 1, fetched="2024-05-01"))
    assert set(ids(corpus).values()) == {1}
    assert events(corpus) == []


def test_a_digest_joins_nothing_and_ends_a_cluster_of_its_own(corpus):
    night(corpus, page("a", day=1), page("b", OTHER, 1), page("d", prose(200, 9), 9))
    assert ids(corpus) == {"a": 1, "b": 2, "d": 3}
    night(corpus, page("d", f"{STORY}\n{OTHER}", 9, fetched="2024-05-01"))
    assert ids(corpus) == {"a": 1, "b": 2, "d": None}
    assert events(corpus) == [(3, "ended", None)]


def test_a_rebuild_keeps_ids_and_adds_no_event(corpus):
    night(corpus, page("b", day=5), page("x", OTHER))
    night(corpus, page("a", day=1), page("d", f"{STORY}\n{OTHER}", 9))
    before = ids(corpus)
    corpus.rebuild()
    assert (ids(corpus), events(corpus)) == (before, [])


def test_a_night_that_ends_before_clusters_are_stored_is_taken_up_by_the_next(tmp_path, monkeypatch):
    pages = invented_pages(1)
    with Corpus(tmp_path / "whole.db") as corpus:
        night(corpus, *pages[:10])
        night(corpus, *pages[10:])
        expected = content(corpus, pages)
    with Corpus(tmp_path / "cut.db") as corpus:
        night(corpus, *pages[:10])
        before = {number: corpus.store.clusters.member(number) for number in corpus.store.articles.ids()}
        with monkeypatch.context() as patch:
            patch.setattr(type(corpus.store.clusters), "save", lambda *_: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                night(corpus, *pages[10:])
        assert {number: corpus.store.clusters.member(number) for number in before} == before
        assert corpus.store.clusters.unsettled()
        for one in pages:
            corpus.lookup(one.url)  # answers are given meanwhile
        assert corpus.link().linked == 0
        assert content(corpus, pages) == expected
        assert corpus.check() == []


@pytest.mark.slow
def test_a_story_on_more_sites_than_an_answer_visits_is_one_cluster_and_a_copy_more_costs_little(tmp_path):
    with Corpus(tmp_path / "news.db") as corpus:
        body = prose(80, 1).encode()
        days = {number: f"2024-03-{number % 27 + 1:02}" for number in range(1_050)}
        night(corpus, *(Page(url(f"site{n}"), body, "text", "test", published=day) for n, day in days.items()))
        assert set(ids(corpus).values()) == {1}
        asked = []
        corpus.store._db.set_trace_callback(asked.append)
        night(corpus, page("late", prose(80, 1), 28))
        corpus.store._db.set_trace_callback(None)
        assert sum("FROM clusters" in one or "FROM links" in one for one in asked) < 600
        found = corpus.lookup(url("late")).cluster
        assert (found.id, found.articles, found.independent_sources) == (1, 1_051, 1)


# -- origins outside the store -----------------------------------------------------------------------------------------


def carrier(name, day, number, credit="This article was originally published by The Harbour Courier."):
    return page(name, f"{STORY}\n{prose(30, number)}\n{credit}", day, title=HEADLINE)


def test_the_real_article_takes_the_place_of_the_origin_that_its_copies_named(corpus):
    night(corpus, carrier("b", 5, 11), carrier("c", 6, 12))
    told = {name: corpus.lookup(url(name)) for name in "bc"}
    assert {(one.origin.in_store, one.origin.outlet) for one in told.values()} == {(False, "The Harbour Courier")}
    night(corpus, page("courier", day=2, outlet="The Harbour Courier", title=HEADLINE))
    for name, before in told.items():
        after = corpus.lookup(url(name))
        assert (after.origin.in_store, after.origin.url) == (True, url("courier"))
        assert after.cluster.id == before.cluster.id
        assert {other.url for other in before.others} <= {other.url for other in after.others}
    assert events(corpus) == []


def test_a_sister_sites_copy_with_the_same_title_does_not_take_the_place_of_the_outlet_that_is_named(corpus):
    night(corpus, carrier("b", 5, 11), carrier("c", 6, 12))
    night(corpus, page("sister", day=7, outlet="The Sister Gazette", title=HEADLINE))
    for name in "bc":
        found = corpus.lookup(url(name)).origin
        assert (found.in_store, found.outlet) == (False, "The Harbour Courier")


def test_the_founding_example_keeps_link_and_cluster_when_its_origin_comes_a_night_later(corpus):
    folder = Path(__file__).parent / "pages" / "reworded"
    repost, copy = (folder / "repost.txt").resolve().as_uri(), "https://copy.example/story"
    corpus.nightly([str(folder / "repost.txt")])
    night(corpus, Page(copy, (folder / "repost.txt").read_bytes(), "text", "test"))
    before = [corpus.lookup(one) for one in (repost, copy)]
    assert {answer.origin.in_store for answer in before} == {False}
    assert len({(answer.origin.outlet, answer.origin.title, answer.cluster.id) for answer in before}) == 1
    corpus.nightly([str(folder / "origin.txt")])
    for old, one in zip(before, (repost, copy), strict=True):
        answer = corpus.lookup(one)
        assert answer.origin.url == (folder / "origin.txt").resolve().as_uri()
        assert answer.cluster.id == old.cluster.id
        assert {other.url for other in old.others} <= {other.url for other in answer.others}


def test_not_even_where_outlet_and_title_are_named_and_its_text_is_the_origins(corpus):
    folder = Path(__file__).parent / "pages" / "reworded"
    title, _, body = (folder / "origin.txt").read_text().partition("\n")
    night(corpus, Page(url("b"), (folder / "repost.txt").read_bytes(), "text", "test"))
    before = corpus.lookup(url("b")).origin
    assert (before.in_store, before.title) == (False, title)
    assert before.outlet.lower() == "the summit dispatch"
    night(corpus, page("sister", body, 2, outlet="The Sister Gazette", title=title))
    assert corpus.lookup(url("b")).origin == before
    night(corpus, page("dispatch", body, 1, outlet="The Summit Dispatch", title=title))
    assert corpus.lookup(url("b")).origin.url == url("dispatch")
    assert set(ids(corpus).values()) == {1}


def test_pages_that_name_one_address_outside_the_store_are_one_cluster_and_a_name_alone_makes_none(corpus):
    address = "https://courier.example/story"
    link = f'<link rel="canonical" href="{address}">'
    agency = [page(f"w{number}", f"BERLIN (Reuters) - {prose(120, 40 + number)}") for number in range(2)]
    night(corpus, *(page(f"c{number}", prose(120, 20 + number), head=link) for number in range(3)), *agency)
    found = ids(corpus)
    assert len({found[f"c{number}"] for number in range(3)}) == 1
    assert found["w0"] != found["w1"]
    cluster = corpus.lookup(url("c0")).cluster
    assert (cluster.articles, cluster.independent_sources) == (3, 1)


def test_all_who_name_an_address_go_to_the_article_that_comes_later_however_many(corpus):
    link = f'<link rel="canonical" href="{url("courier")}">'
    names = [f"c{number}" for number in range(12)]
    night(corpus, *(page(name, prose(120, 20 + number), 9, head=link) for number, name in enumerate(names)))
    before = ids(corpus)["c0"]
    night(corpus, page("courier", day=1, outlet="The Harbour Courier"))
    assert {corpus.lookup(url(name)).origin.url for name in names} == {url("courier")}
    assert set(ids(corpus).values()) == {before}
    assert corpus.check() == []


# -- what is told ------------------------------------------------------------------------------------------------------


def test_a_page_that_is_not_stored_is_told_the_stored_cluster_that_it_would_belong_to(corpus):
    night(corpus, page("x", OTHER), page("a", day=1), page("b", day=5))
    found = corpus.lookup_page(page("new", day=9), url=url("new")).cluster
    assert (found.id, found.articles) == (ids(corpus)["a"], 2)
    alone = corpus.lookup_page(page("new", OTHER, day=9), url=url("new")).cluster
    assert (alone.id, alone.articles) == (ids(corpus)["x"], 1)


def test_who_speaks_for_a_cluster_is_a_matter_of_policy(tmp_path):
    path = tmp_path / "news.db"
    with Corpus(path) as corpus:
        link = f'<link rel="canonical" href="{url("courier")}">'
        night(corpus, page("b", day=5, head=link), page("c", day=6, head=link), page("courier", day=9))
    spoken = {}
    for policy in ("origin", "earliest", ("none.example", "www.c.example"), ("none.example",)):
        with Corpus(path, readonly=True, representative=policy) as corpus:
            spoken[policy] = corpus.article(corpus.lookup(url("b")).cluster.representative).url
    assert [one.split("//")[1].split(".")[0] for one in spoken.values()] == ["courier", "b", "c", "courier"]
    with pytest.raises(UsageError, match="earliest"):
        Corpus(path, representative="latest")


def test_a_cluster_is_shown_with_its_members_and_the_history_of_its_id(corpus, tmp_path):
    night(corpus, page("a", day=1), page("b", day=5), page("x", OTHER))
    corpus.review(url("b"), url("a"), "rejected", who="Ann")
    corpus.review(url("b"), url("a"), "open", who="Ann")

    def run(*arguments):
        return CliRunner().invoke(cli, ["--db", str(corpus.store.path), *arguments])

    found = json.loads(run("show", "--cluster", "1", "--json").stdout)
    assert found["cluster"]["articles"] == 2
    members = [(one["url"], one["relation"], one["hops"], one["origin"]) for one in found["members"]]
    assert members == [(url("a"), None, 0, None), (url("b"), "exact", 1, 1)]
    assert [(one["id"], one["event"], one["other"]) for one in found["history"]] == [(3, "split", 1), (3, "merged", 1)]
    preferred = tmp_path / "sites.txt"
    preferred.write_text("# ours first\nb.example\n")
    told = run("--representative", str(preferred), "show", "--cluster", "1").stdout
    assert "2 pages at 2 outlets" in told
    assert "* 2024-03-05" in told
    assert "cluster 3 went up in cluster 1" in told
    assert "no members now" in run("show", "--cluster", "3").stdout
    for arguments in (["--cluster", "9"], [], ["1", "--cluster", "1"]):
        assert run("show", *arguments).exit_code != 0
    with pytest.raises(NotStored, match="lookup"):
        corpus.cluster(9)


def test_check_finds_a_member_in_the_wrong_cluster(corpus):
    night(corpus, page("a", day=1), page("b", day=5), page("x", OTHER))
    for damage in ("cluster = 2 WHERE article = 2", "source = NULL WHERE article = 2", "cluster = NULL"):
        corpus.store._db.execute(f"UPDATE clusters SET {damage}")
        assert "in the cluster that their links say" in corpus.check()[0]
        corpus.rebuild()
        assert corpus.check() == []
    corpus.store._db.execute("DELETE FROM clusters WHERE article = 1")
    assert "are not in the cluster" in corpus.check()[0]
