"""What a page says of its origin outside its text: microdata, and the header Link that came with it."""

import gzip
import io
import time

import pytest
from build import html, prose

from syndet import claims, cues, dom, warc
from syndet.extract import extract
from syndet.models import Reference
from syndet.records import page_digest

URL = "https://echo.example/ferry"
STORY = prose(60)


def read(body, links=None):
    document = dom.parse(f"<html><body>{body}</body></html>")
    return cues.read(
        document, STORY, url=URL, site="echo.example", outlet="Lakeside Echo", title=None, byline=None, links=links
    )


def article(inside, kind="https://schema.org/NewsArticle"):
    return f"<div itemscope itemtype='{kind}'><h1 itemprop='headline'>Ferry fares rise</h1>{inside}<p>{STORY}</p></div>"


# -- microdata ----


@pytest.mark.parametrize(
    "inside",
    [
        "<link itemprop='isBasedOn' href='https://gazette.example/ferry'>",
        "<meta itemprop='isBasedOn' content='https://gazette.example/ferry'>",
        "<a itemprop='isBasedOn url' href='https://gazette.example/ferry'>a paper</a>",
        "<i itemprop='isBasedOn' itemscope itemtype='https://schema.org/Article'>"
        "<link itemprop='url' href='https://gazette.example/ferry'></i>",
    ],
)
def test_an_article_of_microdata_says_what_it_is_based_on(inside):
    (found,) = [cue for cue in read(article(inside)) if cue.kind == "based_on"]
    assert (found.grade, found.points_to) == ("linked", Reference(url="https://gazette.example/ferry"))
    assert found.where == "microdata:/html/body/div.isBasedOn"


def test_who_provided_it_is_named_as_in_json_ld():
    provider = "<span itemprop='provider' itemscope itemtype='https://schema.org/Organization'>"
    found = read(article(provider + "<b itemprop='name'>Reuters</b></span>"))
    said = {(cue.where, cue.kind, cue.grade, cue.points_to.outlet) for cue in found}
    assert ("microdata:/html/body/div.provider", "source_organization", "named", "Reuters") in said


@pytest.mark.parametrize(
    "body",
    [
        article("") + article("<link itemprop='isBasedOn' href='https://gazette.example/ferry'>"),  # a teaser
        article("<link itemprop='isBasedOn' href='https://gazette.example/ferry'>", "https://schema.org/Recipe"),
        article("<link itemprop='isBasedOn' href='/older'>"),  # on the same site
        "<link itemprop='isBasedOn' href='https://gazette.example/ferry'>",  # of no item
        article(
            "<div itemprop='comment' itemscope itemtype='https://schema.org/Comment'>"
            "<link itemprop='isBasedOn' href='https://gazette.example/ferry'></div>"
        ),
    ],
)
def test_what_is_no_word_of_the_article_itself_is_no_claim(body):
    assert claims.reference(read(body)) is None


@pytest.mark.parametrize(
    "body",
    [
        "<div itemscope itemtype='https://schema.org/NewsArticle'><b itemprop='@type'>x</b><b itemprop=''>y</b></div>",
        "<b itemscope itemprop='a'>" * 3_000,
        "<b itemprop='a'>" * 3_000 + "x " * 100_000,
        article("<b itemprop='isBasedOn'>x</b>" * 30_000),
        article("<meta itemprop='isBasedOn isBasedOn' content='https://[::1'>"),
    ],
)
def test_hostile_items_take_no_time_and_say_nothing(body):
    begin = time.perf_counter()
    assert claims.reference(read(body)) is None
    assert time.perf_counter() - begin < 20  # a second or less; it hangs no night


# -- the header ----


@pytest.mark.parametrize(
    "links",
    [
        '<https://gazette.example/ferry>; rel="canonical"',
        "<https://gazette.example/ferry>;rel=canonical",
        '<https://echo.example/?p=7>; rel=shortlink, <https://gazette.example/ferry>; title="a, b"; REL="x Canonical"',
    ],
)
def test_a_canonical_address_on_another_site_may_come_as_a_header(links):
    (found,) = read(article(""), links)
    assert (found.kind, found.grade, found.where) == ("canonical", "linked", "http:link")
    assert found.points_to == Reference(url="https://gazette.example/ferry")


@pytest.mark.parametrize(
    "links",
    [
        '<https://echo.example/other>; rel="canonical"',  # its own site
        "<https://gazette.example/ferry>; rel=preload",
        '<https://gazette.example/ferry>; title="rel=canonical"',
        "rel=canonical",
        "<" * 5_000,
        "<https://gazette.example/ferry>" + "; rel" * 5_000,
        "",
    ],
)
def test_other_links_of_the_header_say_nothing(links):
    assert read(article(""), links) == ()


def test_the_header_of_a_web_archive_is_read_and_part_of_what_decides_the_article():
    def fetched(header):
        http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n" + header + b"\r\n" + html(prose())
        record = (
            b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://echo.example/x\r\n"
            b"WARC-Date: 2024-03-06T10:00:01Z\r\nContent-Type: application/http;msgtype=response\r\n"
            b"Content-Length: %d\r\n\r\n" % len(http)
        )
        (page,) = warc.read(io.BytesIO(gzip.compress(record + http + b"\r\n\r\n")), "test")
        return page

    page = fetched(b'Link: <https://gazette.example/x>; rel="canonical"\r\n')
    assert claims.reference(extract(page).cues) == Reference(url="https://gazette.example/x")
    assert page_digest(page) != page_digest(fetched(b""))
