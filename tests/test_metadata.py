import json
import time

import pytest

from syndet import dates, dom, languages, metadata
from syndet.metadata import Metadata


def read(
    head: str = "", body: str = "", *, lang: str = "", url: str = "https://bugle.example/x", fetched=None
) -> Metadata:
    document = dom.parse(f"<html{lang and f' lang={lang}'}><head>{head}</head><body>{body}<p>Text.</p></body></html>")
    assert document is not None
    return metadata.read(document, url=url, fetched=fetched)


def jsonld(*nodes: object) -> str:
    return "".join(f'<script type="application/ld+json">{json.dumps(node)}</script>' for node in nodes)


def test_a_bare_page_declares_nothing():
    assert read() == Metadata()


def test_the_main_article_is_told_from_teasers_and_quoted_works():
    main = {"@type": ["NewsArticle"], "headline": "Harbour closes", "datePublished": "2024-03-05", "author": "Jo Field"}
    teaser = {
        "@type": "NewsArticle",
        "headline": "Other",
        "datePublished": "2020-01-01",
        "author": "X Y",
        "articleBody": "z",
    }
    heading = "<h1>Harbour closes</h1>"
    for nodes in (
        [teaser, main],
        [{"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": teaser}]}, main],
        [{"@graph": [{"@type": "WebPage"}, {**main, "isBasedOn": teaser}]}],
    ):
        found = read(jsonld(*nodes), heading)
        assert (found.title, found.byline, found.published) == ("Harbour closes", "Jo Field", "2024-03-05")


def test_broken_json_does_no_harm():
    head = (
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline":</script><title>Harbour closes</title>'
    )
    assert read(head).title == "Harbour closes"
    odd = jsonld(
        {"@type": 5, "headline": {}}, {"@type": "Article", "headline": [None], "author": [[], 3, {"name": {}}]}
    )
    assert read(odd + "<title>Harbour closes</title>").title == "Harbour closes"


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        ("<title>Harbour closes | The Bugle</title>", "<h1>Harbour closes</h1>", "Harbour closes"),
        (
            '<title>Harbour closes - The Bugle</title><meta property="og:site_name" content="The Bugle">',
            "",
            "Harbour closes",
        ),
        ('<meta property="og:title" content="Rain &amp;amp; wind">', "", "Rain & wind"),
        ("<title>Harbour - a history</title>", "", "Harbour - a history"),
        ('<title>The Bugle</title><meta property="og:site_name" content="The Bugle">', "", None),
        (jsonld({"@type": "Article", "headline": "Harbour <em>closes</em>"}), "", "Harbour closes"),
        ("<title>Home</title>", "<h1>Harbour\n closes</h1>", "Harbour closes"),
    ],
)
def test_titles_are_without_site_names_and_markup(head, body, title):
    assert read(head, body).title == title


@pytest.mark.parametrize(
    ("value", "byline"),
    [
        ("By Jo Field", "Jo Field"),
        ("Von Ännchen Feld", "Ännchen Feld"),
        ("https://social.example/jo", None),
        ("jo@bugle.example", None),
        ("Jo Field (jo@bugle.example)", "Jo Field"),
        ("admin", None),
        ("Byron Lee", "Byron Lee"),
        ("w" * 101, None),
        ("12345", None),
    ],
)
def test_bylines_are_names(value, byline):
    assert read(f'<meta name="author" content="{value}">').byline == byline


def test_every_author_is_named_once():
    authors = [{"@type": "Person", "name": "Jo Field"}, {"@id": "#ann"}, "JO FIELD"]
    nodes = jsonld(
        {"@graph": [{"@type": "Article", "author": authors}, {"@type": "Person", "@id": "#ann", "name": "Ann Lee"}]}
    )
    assert read(nodes).byline == "Jo Field, Ann Lee"
    assert (
        read('<meta name="author" content="Jo Field"><meta name="author" content="Ann Lee">').byline
        == "Jo Field, Ann Lee"
    )


def test_a_person_goes_before_the_outlets_own_name():
    head = jsonld({"@type": "Article", "author": "The Bugle", "publisher": {"name": "The Bugle"}})
    assert read(head).byline == "The Bugle"
    assert read(head, '<p>By <a rel="author">Jo Field</a></p>').byline == "Jo Field"


def test_photographers_and_initials_are_no_authors():
    figure = '<figure><span itemprop="author">Pat Lens</span></figure>'
    assert read("", figure).byline is None
    assert read("", figure + '<a href="/author/jo">JF</a><a href="/author/jo">Jo Field</a>').byline == "Jo Field"


def test_the_outlet_is_the_site_name_then_the_publisher():
    head = jsonld({"@type": "Article", "publisher": {"@type": "Organization", "name": "Bugle Media"}})
    assert read(head).outlet == "Bugle Media"
    assert read(head + '<meta property="og:site_name" content="The Bugle">').outlet == "The Bugle"
    assert read('<meta name="application-name" content="Bugle App">').outlet == "Bugle App"
    assert read('<meta property="og:site_name" content="https://bugle.example/">').outlet is None


@pytest.mark.parametrize(
    ("head", "body", "published"),
    [
        (jsonld({"@type": "Article", "datePublished": "2024-03-05T09:30:00+0100"}), "", "2024-03-05T09:30:00+01:00"),
        ('<meta property="article:published_time" content="2024-03-05T09:30Z">', "", "2024-03-05T09:30:00+00:00"),
        ('<meta name="date" content="2024-03-05T00:00:00">', "", "2024-03-05"),
        (
            "",
            '<time datetime="2020-02-02"></time><h1>A</h1><time datetime="2024-03-05 09:30">5 March</time>',
            "2024-03-05T09:30:00",
        ),
        ("", '<aside><time datetime="2020-02-02"></time></aside><time datetime="2024-03-05">', "2024-03-05"),
        ("", "<p>It rained in March 2024.</p>", None),
        ("", '<h1>A</h1><p class="date">Published 5 March 2024</p>', "2024-03-05"),
    ],
)
def test_dates_keep_the_precision_and_zone_that_are_known(head, body, published):
    assert read(head, body, fetched="2024-06-01T00:00:00").published == published


def test_impossible_dates_are_passed_over():
    head = (
        jsonld({"@type": "Article", "datePublished": "1970-01-01T00:00:00Z"})
        + '<meta property="article:published_time" content="2031-01-01">'
        + '<meta name="date" content="2024-03-05">'
    )
    assert read(head, fetched="2024-03-06T01:00:00").published == "2024-03-05"
    assert read('<meta name="date" content="2024-03-07">', fetched="2024-03-06T23:00:00").published == "2024-03-07"
    assert read('<meta name="date" content="2024-03-08">', fetched="2024-03-06T23:00:00").published is None


def test_the_canonical_address_of_another_site_gives_no_date():
    head = '<link rel="canonical" href="https://origin.example/2019/11/02/harbour">'
    assert read(head).published is None
    assert read(head, url="https://bugle.example/2024/03/05/harbour").published == "2024-03-05"


@pytest.mark.parametrize(
    ("value", "date"),
    [
        ("2024-03-05", "2024-03-05"),
        ("2024-03-05T09:30:15.123456-05:00", "2024-03-05T09:30:15-05:00"),
        ("2024-03-05T09:30:15 UTC", "2024-03-05T09:30:15+00:00"),
        ("2024-03-05 09:30:15+05:30", "2024-03-05T09:30:15+05:30"),
        ("20240305T093015Z", "2024-03-05T09:30:15+00:00"),
        ("2024-02-30", None),
        ("2024-03-05T25:00:00", None),
        ("20240305123456789", None),
        ("1709627415", None),
        ("5 March", None),
        ("", None),
    ],
)
def test_dates_are_read_without_guessing(value, date):
    assert dates.iso(value) == date


def test_the_language_is_declared_or_recognised():
    german = "Der Hafen wird im März für drei Wochen geschlossen, während Taucher die Ketten ersetzen."
    assert read(lang="de-AT").language == "de"
    assert read('<meta property="og:locale" content="pt_BR">').language == "pt"
    assert languages.of(None, german) == "de"
    assert languages.of("nl", german) == "nl"
    assert languages.of("en", "Порт закроют на три недели в марте, сообщили в понедельник власти города.") == "ru"
    assert languages.of("ru", german) == "de"
    assert languages.of("sr", "Лука ће бити затворена три недеље у марту.") == "sr"
    assert languages.of("sr", "Luka će biti zatvorena tri nedelje u martu.") == "sr"
    assert languages.of("fr", "2024 – 17:30") == "fr"
    assert languages.of(None, "") is None


@pytest.mark.parametrize(
    "wrapped",
    [
        "<!-- {} -->",
        "//<![CDATA[\n{}\n//]]>",
        "/*<![CDATA[*/ {} /*]]>*/",
        "<![CDATA[{}]]>",
        "{};",
        "  {}  ",
    ],
)
def test_json_is_read_out_of_its_wrapping(wrapped):
    node = wrapped.replace("{}", '{"@type": "Article", "headline": "Harbour closes"}')
    assert read(f'<script type="application/ld+json">{node}</script>').title == "Harbour closes"


@pytest.mark.parametrize("run", [" ", "a", "<a ", "a@", "(", "|", " | ", "\n", "1", "/*", "<!--", "By "])
def test_long_runs_take_no_long_time(run):
    long = run * 200_000
    for head in (
        f'<script type="application/ld+json">{{"x": "y"{long}</script>',
        jsonld({"@type": "Article", "headline": long, "author": long, "datePublished": long, "articleBody": long}),
        f"<meta name=author content='{long}'><meta property='og:title' content='{long}'>"
        f"<meta property='og:site_name' content='{long}'><meta name=date content='{long}'>",
        f"<title>{long}</title>",
    ):
        begin = time.process_time()
        read(head, f"<h1>{long}</h1><time>{long}</time><span class=author>{long}</span>")
        assert time.process_time() - begin < 3
