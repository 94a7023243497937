"""What pages list: reposts as lookups call them, headlines, nights, who copies whom."""

from __future__ import annotations

import sqlite3
from collections import Counter
from pathlib import Path

import pytest
from build import prose

from syndet import Corpus, listings, traffic
from syndet.listings import ALL, Filters
from syndet.models import Page

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    path = tmp_path_factory.mktemp("sample") / "sample.db"
    with Corpus(path) as corpus:
        corpus.nightly([str(ROOT / "syndet/sample")])
    with Corpus(path, readonly=True) as corpus:
        yield corpus


def story(url: str, seed: int, title: str, *, published: str = "2024-03-05", body: str | None = None) -> Page:
    return Page(url, (body or prose(150, seed)).encode(), "text", "test", title=title, published=published)


def reposts_by_lookup(corpus: Corpus) -> set[int]:
    found = {number: corpus.lookup(number) for number in corpus.store.articles.ids()}
    return {number for number, one in found.items() if one.verdict == "repost" and one.relation != "revision"}


def test_the_latest_reposts_are_those_that_lookups_call_so(sample):
    shelf = listings.reposts(sample, size=1_000)
    assert {row.article.id for row in shelf.rows} == reposts_by_lookup(sample)
    assert shelf.after is None
    for row in shelf.rows:
        answer = sample.lookup(row.article.id)
        assert (row.origin, row.relation, row.credit) == (answer.origin, answer.relation, answer.credit)


def test_portions_make_the_whole_list_each_row_once(sample):
    whole = [row.article.id for row in listings.reposts(sample, size=1_000).rows]
    parts, after = [], None
    while True:
        shelf = listings.reposts(sample, after=after, size=3)
        parts += [row.article.id for row in shelf.rows]
        if shelf.after is None:
            break
        after = shelf.after
    assert parts == whole == sorted(whole, reverse=True)


@pytest.mark.parametrize(
    "filters",
    [
        Filters(site="dailycounterweight.example"), Filters(relation="wire"), Filters(relation="digest"),
        Filters(relation="revision"), Filters(first="2024-05-15", last="2024-05-31"), Filters(site="nowhere.example"),
        Filters(relation="near", first="2024-05-30"),
    ],
    ids=str,
)  # fmt: skip
def test_a_filter_leaves_what_fits_it(sample, filters):
    found = listings.reposts(sample, filters, size=1_000).rows
    every = [listings.reposts(sample, one, size=1_000).rows for one in (ALL, Filters(relation="revision"))]
    fits = [
        row.article.id
        for rows in every
        for row in rows
        if filters.site in (None, row.article.site)
        and filters.fit(row)
        and (filters.first or "") <= (row.article.published or "")[:10] <= (filters.last or "9")
        and (not (filters.first or filters.last) or row.article.published)
    ]
    assert [row.article.id for row in found] == sorted(fits, reverse=True)
    assert bool(found) == (filters.site != "nowhere.example")


def test_where_nothing_fits_among_what_was_read_the_list_says_where_to_read_on(sample):
    ids, low = sample.store.listings.reposts(2**62, 5, first="2999-01-01", scan=3)
    everything, _ = sample.store.listings.reposts(2**62, 3)
    assert ids == []
    assert low == everything[-1]


def test_filters_that_nobody_understands_are_left_out():
    assert Filters.of("", "no such", "yesterday", "2024-13-x") == ALL
    assert Filters.of(" A.example ", "wire", "2024-03", "2024-03") == Filters(
        "a.example", "wire", "2024-03", "2024-03-99"
    )


def test_a_headline_is_found_by_its_words_in_any_order_and_case(tmp_path):
    with Corpus(tmp_path / "news.db") as corpus:
        titles = ["Mayor opens the 100% old bridge", "Мэр открыл старый мост", "Another matter_of course", None]
        corpus.add_pages(story(f"https://a.example/{n}", n, title) for n, title in enumerate(titles))
        corpus.link()

        def found(wanted: str) -> list[str | None]:
            return [row.article.title for row in listings.headlines(corpus, wanted).rows]

        assert found("bridge MAYOR") == found("brid") == [titles[0]]
        assert found("мост мэр") == found("МОСТ") == [titles[1]]
        assert found("mayor course") == found("") == found("!?") == []
        # What SQLite takes for a sign of its own is only a letter here.
        assert found("matter_of") == [titles[2]]
        assert found("m_tter") == []


def test_headlines_come_in_portions_the_latest_first(tmp_path):
    with Corpus(tmp_path / "news.db") as corpus:
        corpus.add_pages(story(f"https://a.example/{n}", n, f"Bridge number {n}") for n in range(5))
        first = listings.headlines(corpus, "bridge", size=3)
        rest = listings.headlines(corpus, "bridge", first.after, size=3)
    assert [row.article.id for row in (*first.rows, *rest.rows)] == [5, 4, 3, 2, 1]
    assert rest.after is None


def test_a_night_tells_what_it_brought_and_not_what_was_there_before(tmp_path):
    times = iter(f"2024-03-0{day}T0{hour}:00:00+00:00" for day in (1, 2) for hour in range(9) for _ in range(20))
    from datetime import datetime

    with Corpus(tmp_path / "news.db", now=lambda: datetime.fromisoformat(next(times))) as corpus:
        assert listings.night(corpus) is None
        for name, pages in (
            ("one", [("https://a.example/1", 1), ("https://a.example/2", 2)]),
            ("two", [("https://b.example/1", 1), ("https://b.example/9", 9)]),
        ):
            folder = tmp_path / name
            folder.mkdir()
            lines = [
                f'{{"url": "{url}", "text": "{prose(150, seed)}", "published": "2024-03-05"}}' for url, seed in pages
            ]
            (folder / "pages.jsonl").write_text(
                "\n".join([*lines, f'{{"url": "https://b.example/x", "text": "short {name}"}}'])
            )
            corpus.nightly([str(folder)])
            for _ in range(20):
                next(times)
        found = listings.night(corpus)
    assert [answer.article.url for answer in found.answers] == ["https://b.example/1"]
    assert found.stored == 2
    assert [(reason, why[:12]) for reason, _, why in found.skips] == [("too_short", "The text has")]


def test_a_page_that_changed_is_among_what_a_night_brought(tmp_path):
    with Corpus(tmp_path / "news.db") as corpus:
        corpus.add_pages([story(f"https://a.example/{n}", n, "A") for n in range(4)])
        times = [f"2024-01-0{n}T00:00:00+00:00" for n in range(1, 5)]
        with sqlite3.connect(tmp_path / "news.db") as beside:
            for number, time in enumerate(times, 1):
                beside.execute("UPDATE articles SET added = ? WHERE id = ?", [time, number])
        beside.close()
        corpus.add_pages([story("https://a.example/0", 77, "A")])
        assert corpus.store.listings.arrived("2024-01-03T00:00:00", "9") == [1, 3, 4]


def test_who_copies_whom_agrees_with_what_is_said_of_each_outlet(sample):
    found = traffic.traffic(sample)
    by_outlet = Counter(
        {
            (one.site or one.name, site): one.copies
            for site in {flow.copier.site for flow in found.flows}
            for one in sample.outlet(site).takes
        }
    )
    assert (
        Counter({(flow.source.site or flow.source.name, flow.copier.site): flow.copies for flow in found.flows})
        == by_outlet
    )
    for flow in found.flows:
        partner = next(
            one for one in sample.outlet(flow.copier.site).takes
            if (one.site or one.name) == (flow.source.site or flow.source.name)
        )  # fmt: skip
        credits = dict(partner.credits)
        assert (flow.html, flow.credited) == (partner.html, credits.get("linked", 0) + credits.get("named", 0))
        assert flow.lag == partner.lag


def test_the_thickest_flow_comes_first_and_an_outlet_is_found_by_a_part_of_its_name(sample):
    found = traffic.traffic(sample)
    counts = [flow.copies for flow in found.flows]
    assert counts == sorted(counts, reverse=True)
    assert found.all
    among = found.among("reuters")
    assert among
    assert all("Reuters" in (flow.source.name, flow.copier.name) for flow in among)
    assert len(found.among(most=2)) == 2
    few = traffic.traffic(sample, read=3)
    assert (few.read, few.all) == (3, False)


def test_a_copy_is_counted_for_another_site_when_its_own_site_had_it_in_between(tmp_path):
    days = ["2024-03-05T08:00:00Z", "2024-03-05T12:00:00Z", "2024-03-06T12:00:00Z"]
    urls = ["https://a.example/1", "https://b.example/1", "https://b.example/again"]
    with Corpus(tmp_path / "news.db") as corpus:
        corpus.add_pages(
            story(url, 1, "A story of some words", published=day) for url, day in zip(urls, days, strict=True)
        )
        corpus.link()
        flows = traffic.traffic(corpus).flows
        takes = corpus.outlet("b.example").takes
    assert [(flow.source.site, flow.copier.site, flow.copies) for flow in flows] == [("a.example", "b.example", 2)]
    assert [one.copies for one in takes] == [2]


def test_who_copies_whom_is_worked_out_anew_when_the_store_has_changed(tmp_path):
    with Corpus(tmp_path / "news.db") as corpus:
        for number, site in enumerate(("a", "b", "c")):
            corpus.add_pages([story(f"https://{site}.example/1", 1, "A story", published=f"2024-03-0{number + 1}")])
            corpus.link()
            found = traffic.traffic(corpus)
            assert sum(flow.copies for flow in found.flows) == number
            assert traffic.traffic(corpus) is found


def test_the_queue_gives_the_likelier_copy_first_and_ends(tmp_path):
    with Corpus(tmp_path / "news.db") as corpus:
        dated = (("https://a.example/1", "2024-03-05"), ("https://b.example/1", "2024-03-09"))
        corpus.add_pages(story(url, 1, "A", published=day) for url, day in dated)
        corpus.link()
        link, repost, first = listings.pair(corpus, 0)
        assert (repost.url, first.url) == ("https://b.example/1", "https://a.example/1")
        assert link.repost == repost.id
        assert listings.pair(corpus, 1) is None
