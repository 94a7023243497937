"""Dates as evidence: which ones a page states, what contradicts its own, and what that does to who was first."""

import gzip
import io

import pytest
from build import article, html, names, page, prose

from syndet import Corpus, dated, dates, dating, dom, origin, report, tell, warc
from syndet.extract import extract
from syndet.models import Article, Date

DAY = "2024-03-05"


def stated(head="", body="", url="https://a.example/story", fetched="2024-06-01T00:00:00Z"):
    """Return (source, ISO, says) of the dates on a page."""
    document = dom.parse(f"<html><head>{head}</head><body><h1>Harbour closes</h1>{body}</body></html>")
    node = next((node for _, node in document.jsonld), {})
    return [(date.source, date.iso, date.says) for date in dating.read(document, node, url=url, fetched=fetched)]


def jsonld(**keys):
    said = ", ".join(f'"{key}": "{value}"' for key, value in keys.items())
    return f'<script type="application/ld+json">{{"@type": "NewsArticle", {said}}}</script>'


def meta(name, value):
    return f'<meta property="{name}" content="{value}">'


def dated_by(published, *others, body=None, site="a.example", **known):
    """Return an article dated `published` by its JSON-LD; `others` are (source, ISO, says)."""
    own = ("jsonld:datePublished", published, "published")
    found = tuple(Date(source, iso, iso, says) for source, iso, says in (own, *others))
    return article(body, site=site, published=published, dates=found, **known)


def way(one, two):
    return origin.direction(one, two, None)


# -- which dates -------------------------------------------------------------------------------------------------------


def test_every_date_is_kept_with_its_place_the_most_trusted_first():
    head = jsonld(datePublished="2024-03-05T09:30:00Z", dateModified="2024-03-06") + meta(
        "article:published_time", "2024-03-05T10:30:00+01:00"
    )
    body = '<span itemprop="datePublished" content="2024-03-05">5 March</span><time datetime="2024-03-04">Monday</time>'
    assert stated(head, body, "https://a.example/2024/03/harbour") == [
        ("jsonld:datePublished", "2024-03-05T09:30:00+00:00", "published"),
        ("meta:article:published_time", "2024-03-05T10:30:00+01:00", "published"),
        ("dom:/html/body/span", "2024-03-05", "shown"),
        ("dom:/html/body/time", "2024-03-04", "shown"),
        ("address", "2024-03", "published"),
        ("jsonld:dateModified", "2024-03-06", "modified"),
    ]


def test_a_date_that_cannot_be_is_kept_and_not_believed():
    found = extract(page(prose(), head=jsonld(datePublished="2031-01-01") + meta("article:published_time", DAY)))
    assert found.published == DAY
    assert [date.iso for date in found.dates if date.says == "published"] == ["2031-01-01", DAY]
    assert dated.source(found) == "meta:article:published_time"


def test_a_date_is_kept_as_it_was_written():
    (first, *_) = extract(page(prose(), head=jsonld(datePublished="20240305 09:30"))).dates
    assert (first.value, first.iso) == ("20240305 09:30", "2024-03-05T09:30:00")


def test_what_the_source_says_goes_before_the_page_and_does_not_overwrite_it():
    found = extract(page(prose(), head=jsonld(datePublished="2024-03-04"), published=DAY))
    assert found.published == DAY
    assert [(date.source, date.iso) for date in found.dates] == [
        ("feed:published", DAY), ("jsonld:datePublished", "2024-03-04"), ("date:fetched", "2024-03-05T10:00:00+00:00"),
    ]  # fmt: skip


def test_headers_of_a_web_archive_give_dates():
    http = (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nLast-Modified: Tue, 05 Mar 2024 09:30:00 GMT\r\n"
        b"Date: Wed, 06 Mar 2024 10:00:00 GMT\r\n\r\n" + html(prose())
    )
    record = (
        b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://a.example/x\r\n"
        b"WARC-Date: 2024-03-06T10:00:01Z\r\nContent-Type: application/http;msgtype=response\r\n"
        b"Content-Length: %d\r\n\r\n" % len(http)
    )
    (found,) = warc.read(io.BytesIO(gzip.compress(record + http + b"\r\n\r\n")), "test")
    assert [(date.source, date.iso, date.says) for date in extract(found).dates] == [
        ("http:last-modified", "2024-03-05T09:30:00+00:00", "shown"),
        ("http:date", "2024-03-06T10:00:00+00:00", "fetched"),
        ("date:fetched", "2024-03-06T10:00:01+00:00", "fetched"),
    ]


@pytest.mark.parametrize("path", ["2024/03/05/x", "2024/3/5/x", "news/2024-03-05/x", "20240305/x.html", "2024/03/05"])
def test_an_address_gives_its_date(path):
    assert stated(url=f"https://a.example/{path}")[0] == ("address", "2024-03-05", "published")


@pytest.mark.parametrize("path", ["2024/x", "2024/13/x", "best-of-2024-03-05", "story-20240305.html", "2024/3-reasons"])
def test_numbers_in_an_address_that_may_be_anything_are_no_date_of_its_own(path):
    assert not [found for found in stated(url=f"https://a.example/{path}") if found[0] == "address"]


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("on March 5, 2024 and Sept. 6th, 2023", ["2024-03-05", "2023-09-06"]),
        ("am 5. März 2024, le 1er mai 2024, el 7 de marzo de 2024", ["2024-03-05", "2024-05-01", "2024-03-07"]),
        ("5 марта 2024 года, 2024年3月5日, 2024-03-05", [DAY, DAY, DAY]),
        ("in March 2024, 1,2024 on May 32, 2024 or 05/03/2024 or v1.5 March 2024", []),
    ],
)
def test_full_dates_are_read_out_of_running_text(words, days):
    assert [day for _, day in dates.written(words)] == days
    assert all(words[begin:end].strip() == words[begin:end] for (begin, end), _ in dates.written(words))


# -- what contradicts them ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "other",
    [
        ("address", "2024-03-10", "published"),
        ("address", "2018-04", "published"),
        ("meta:article:published_time", "2024-03-07T00:00:01Z", "published"),
        ("jsonld:dateModified", "2024-03-01", "modified"),
        ("date:fetched", "2024-03-01T10:00:00Z", "fetched"),
        ("text:3-20", "2024-03-15", "told"),
    ],
)
def test_a_page_whose_dates_contradict_each_other_says_so(other):
    (found,) = origin.contradictions(dated_by(DAY, other))
    assert (found.kind, found.grade, found.weight) == ("date_doubt", "weak", 0.0)
    assert other[0] in found.where


@pytest.mark.parametrize(
    "other",
    [
        ("address", "2024-03", "published"),
        ("address", "2024-03-06", "published"),  # put out at midnight
        ("jsonld:dateModified", "2024-05-01", "modified"),
        ("jsonld:dateModified", "1970-01-01", "modified"),
        ("dom:/html/body/time", "2019-01-01", "shown"),
        ("http:last-modified", "2019-01-01", "shown"),
        ("date:fetched", "2025-01-01", "fetched"),
    ],
)
def test_dates_that_may_all_be_true_are_no_contradiction(other):
    assert origin.contradictions(dated_by(DAY, other)) == []


def told(sentence, published="2024-03-01", **known):
    found = extract(page(f"{prose(60)} {sentence} {prose(60, 1)}", published=published, **known))
    return [date.value for date in dated.doubts(found) if date.says == "told"]


LATE = {"fetched": "2024-06-01T00:00:00Z"}


def test_a_page_dated_before_what_it_tells_is_doubted():
    assert told("The mayor said on March 15, 2024 that it was over.", **LATE) == ["March 15, 2024"]
    assert told("Er starb am 15. März 2024 in Bremen.", **LATE) == ["15. März 2024"]


@pytest.mark.parametrize(
    "sentence",
    [
        "The hearing is on March 15, 2024. It is on March 15, 2024.",
        "The mayor said it will open on March 15, 2024.",
        "The mayor said that bids are open until March 15, 2024.",
        "Correction added March 15, 2024: an earlier version said otherwise.",
        "The mayor said on March 2, 2024 that it was over.",  # a day later: a zone
        "The mayor said on June 15, 2024 that it was over.",  # too far off, and not fetched yet
    ],
)
def test_plans_terms_corrections_and_far_days_are_no_doubt(sentence):
    assert told(sentence, **LATE) == []


def test_a_day_on_which_the_page_was_changed_or_not_yet_fetched_is_no_doubt():
    sentence = "The mayor said on March 15, 2024 that it was over."
    assert told(sentence, head=jsonld(dateModified="2024-03-16"), **LATE) == []
    assert told(sentence, fetched="2024-03-02T00:00:00Z") == []


def test_a_page_dated_before_the_address_that_it_credits_is_doubted():
    credit = names(url="https://b.example/2024/03/15/harbour")
    (found,) = dating.told("", [credit], (), "2024-03-01")
    assert (found.source, found.iso) == (credit.where, "2024-03-15")
    assert dating.told("", [credit], (), "2024-03-15") == ()


# -- what that does ----------------------------------------------------------------------------------------------------


def test_the_order_of_dates_says_from_where_each_is():
    (found,) = way(dated_by(DAY), dated_by("2024-03-01", site="b.example")).evidence
    assert found.where == "date:jsonld:datePublished"
    assert found.value == "this one 2024-03-05 (jsonld:datePublished), the other 2024-03-01 (jsonld:datePublished)"


def test_a_date_in_doubt_never_makes_a_page_the_origin():
    backdated = dated_by("2024-03-01", ("address", "2024-03-10", "published"))
    other = dated_by(DAY, site="b.example")
    assert not way(other, backdated).decided
    assert not way(backdated, other).decided
    assert way(other, dated_by("2024-03-01")).decided
    ordered, doubt = way(other, backdated).evidence
    assert (ordered.kind, doubt.kind) == ("date_order", "date_doubt")
    assert ordered.weight + doubt.weight == pytest.approx(origin.WEIGHT_DATES_DOUBTED)


def test_a_doubt_that_leaves_the_order_takes_nothing():
    backdated = dated_by("2024-03-01", ("address", "2024-03-10", "published"))
    later, earlier = dated_by("2024-03-20", site="b.example"), dated_by("2024-02-01", site="b.example")
    assert way(later, backdated).probability == way(later, dated_by("2024-03-01")).probability
    assert way(backdated, earlier).decided
    assert [item.weight for item in way(later, backdated).evidence if item.kind == "date_doubt"] == [0.0]


def test_doubts_are_the_same_from_both_sides():
    one = dated_by("2024-03-01", ("address", "2024-03-10", "published"), ("text:0-9", "2024-03-12", "told"))
    two = dated_by(DAY, ("jsonld:dateModified", "2024-02-20", "modified"), site="b.example")
    assert way(one, two).probability == pytest.approx(1 - way(two, one).probability)


def test_an_article_without_kept_dates_is_dated_as_ever():
    plain = Article("https://a.example/x", "", site="a.example", published="2024-03-01")
    assert dated.span(plain) == dates.when("2024-03-01")
    assert dated.span(Article("u", "")) is None


def test_dates_are_stored_shown_and_read_back(tmp_path):
    body = prose(200)
    credit = "The mayor said on March 15, 2024 that it was over."
    backdated = page(f"{body} {credit}", "https://a.example/x", head=jsonld(datePublished="2024-03-01"), **LATE)
    true = page(body, "https://b.example/y", head=jsonld(datePublished="2024-03-10"), **LATE)
    with Corpus(tmp_path / "news.db") as corpus:
        corpus.add_pages([backdated, true])
        corpus.link()
        assert corpus.article("https://a.example/x").dates == extract(backdated).dates
        answer = corpus.lookup("https://b.example/y")
        assert answer.verdict == "possible"
        against = [item for item in answer.evidence if item.kind == "date_doubt"]
        assert [item.value for item in against] == ["March 15, 2024"]
        assert against[0].where.startswith("article:https://a.example/x text:")
        assert "dates of one page that contradict each other" in tell.lookup_text(answer)
        record = report.show_dict([], corpus.lookup("https://a.example/x"), [])
    assert {"source": "jsonld:datePublished", "value": "2024-03-01", "iso": "2024-03-01", "says": "published"} in (
        record["article"]["dates"]
    )
    assert "published  2024-03-01  [jsonld:datePublished]" in tell.show_text(record)
