"""Addresses: which are one page, and which are one site."""

from __future__ import annotations

import time
from urllib.parse import quote

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from syndet import urls

SITES = {
    "https://www.news.example.co.uk/a": "example.co.uk",
    "HTTP://WWW.Example.COM./a": "example.com",
    "https://user:secret@m.example.com:8443/a": "example.com",
    "//cdn.example.com/a": "example.com",
    "example.com/a": "example.com",
    "example.com:8080": "example.com",
    "https://127.0.0.1:80/": "127.0.0.1",
    "https://[2001:DB8::1]:8080/a": "2001:db8::1",
    "http://localhost/a": "localhost",
    "https://anna.blogspot.com/a": "anna.blogspot.com",
    "https://www.ben.github.io/": "ben.github.io",
    "https://carla.substack.com/p/a": "carla.substack.com",
    "https://substack.com/home": "substack.com",
    "https://www.medium.com/@a": "medium.com",
    "https://www.gov.uk/a": "gov.uk",
    "https://a.b.unlisted/": "b.unlisted",
    "https://www.a.b.ck/": "a.b.ck",
    "https://www.b.ck/": "b.ck",
    "https://www.ck/": "www.ck",
    "https://news.city.kobe.jp/": "city.kobe.jp",
    "https://a.m.se/": "a.m.se",
    "https://co.uk/": "co.uk",
    "https://256.1.1.1/": "1.1",
    "https://a.公司.cn/": "a.xn--55qx5d.cn",
    "https://www.bücher.example/a": "xn--bcher-kva.example",
    "https://BU\u0308CHER.example/a": "xn--bcher-kva.example",
    "https://xn--bcher-kva.example/": "xn--bcher-kva.example",
    "https://новости.рф/a": "xn--b1amnebsh.xn--p1ai",
    "https://新闻。example。com/": "example.com",
}
NO_SITES = [
    "", " ", "/a/b", "http://", "http:///a", "file:///tmp/a.txt", "mailto:anna@example.com", "javascript:alert(1)",
    "data:text/html,x", "tel:123", "http://[::1", "http://a..b/", "http://a b.example/", "http://%77ww.example.com/",
    "http://example.com:99999/", "urn:isbn:1", "http://" + "ü" * 64 + ".example/", "#top", "?a=1",
]  # fmt: skip


@pytest.mark.parametrize(("url", "site"), SITES.items())
def test_the_site_is_what_one_publisher_registered(url: str, site: str) -> None:
    assert urls.site(url) == site


@pytest.mark.parametrize("url", NO_SITES)
def test_what_has_no_host_has_no_site(url: str) -> None:
    assert urls.site(url) is None
    assert urls.address(url) == url.strip()


ONE_PAGE = {
    "scheme, www, slash": ["https://www.example.com/a/", "http://example.com/a", "//www2.example.com/a"],
    "no scheme": ["example.com/a", "https://example.com/a"],
    "ports": ["https://example.com:443/a", "http://example.com:80/a", "https://example.com/a"],
    "user": ["https://anna:x@example.com/a", "https://example.com/a"],
    "screens": ["https://m.example.com/a", "https://mobile.example.com/a", "https://www.m.example.com/a"],
    "screens in the middle": ["https://en.m.example.org/a", "https://en.example.org/a"],
    "amp": [
        "https://example.com/a", "https://amp.example.com/a", "https://example.com/a/amp/", "https://example.com/a?amp=1",
        "https://example.com/amp/a", "https://example.com/a.amp", "https://example.com/a?outputType=amp",
        "https://www.google.com/amp/s/www.example.com/a", "https://www-example-com.cdn.ampproject.org/c/s/www.example.com/a",
    ],
    "amp before the suffix": ["https://example.com/a.amp.html", "https://example.com/a.html"],
    "tracking": [
        "https://example.com/a?id=7", "https://example.com/a?utm_source=x&id=7&fbclid=1", "https://example.com/a?id=7&ref=b",
        "https://example.com/a?UTM_Medium=x&id=7&gclid=1&mc_cid=2&ns_mchannel=3&at_medium=4#xtor=5",
    ],
    "order of parameters": ["https://example.com/a?b=2&a=1", "https://example.com/a?a=1&b=2"],
    "session in the path": ["https://example.com/a;jsessionid=0A?id=7", "https://example.com/a?id=7"],
    "fragment": ["https://example.com/a#top", "https://example.com/a#", "https://example.com/a"],
    "percent signs": ["https://example.com/%7Ea%2d%c3%a9", "https://example.com/~a-%C3%A9", "https://example.com/~a-é"],
    "composed and not": ["https://example.com/e\u0301", "https://example.com/e%CC%81", "https://example.com/é"],
    "spaces": ["https://example.com/a%20b", " https://example.com/a b "],
    "chinese path": ["https://example.com/新闻/1", "https://example.com/" + quote("新闻/1")],
    "host in letters and in ASCII": ["https://bücher.example/a", "https://xn--bcher-kva.example/a"],
    "double slashes": ["https://example.com//a///b", "https://example.com/a/b"],
    "script": ["https://example.com/#!/a", "https://www.example.com#!/a"],
}  # fmt: skip
DIFFERENT = [
    ["https://example.com/a?id=7", "https://example.com/a?id=8", "https://example.com/a", "https://example.com/a?p=7"],
    ["https://example.com/?p=123", "https://example.com/?p=124"],
    ["https://example.com/a?id=1&id=2", "https://example.com/a?id=1"],
    ["https://example.com/#!/a", "https://example.com/#!/b", "https://example.com/#/a", "https://example.com/"],
    ["https://example.com/a/index.html", "https://example.com/a"],  # a file may be anything
    ["https://example.com/A", "https://example.com/a"],
    ["https://example.com:8080/a", "https://example.com/a"],
    ["https://example.com/amp", "https://example.com/"],
    ["https://example.com/example", "https://example.com/ex", "https://example.com/champ"],
    ["https://example.com/a%2Bb", "https://example.com/a%20b", "https://example.com/a%25b"],
    ["https://blog.example.com/a", "https://example.com/a", "https://edition.example.com/a"],
    ["https://anna.blogspot.com/a", "https://ben.blogspot.com/a"],
    ["https://m.com/a", "https://www.com/a", "https://a.com/a", "https://com/a"],
    ["http://[::1]/a", "http://[::2]/a"],
]


@pytest.mark.parametrize("variants", ONE_PAGE.values(), ids=ONE_PAGE)
def test_addresses_of_one_page_are_equal(variants: list[str]) -> None:
    assert len({urls.address(url) for url in variants}) == 1


@pytest.mark.parametrize("others", DIFFERENT, ids=lambda others: others[0])
def test_addresses_of_different_pages_are_different(others: list[str]) -> None:
    assert len({urls.address(url) for url in others}) == len(others)


pieces = (
    "http:// https:// // www. m. amp. example.com co.uk / /amp .amp amp/ :80 ? & = a é % %2F %C3 %25 # #! #/ ; utm_x=1"
    " id=7 jsessionid= @ [ ] ::1 .. . \\ ü xn-- 新 。 ß www.google.com/amp/s/ a.cdn.ampproject.org/c/ file: mailto:"
)
piece = st.sampled_from([*pieces.split(), " ", "\t", "\x00", "\ud800", "\u0301"])
anything = (
    st.lists(piece, max_size=9).map("".join) | st.text(max_size=30) | st.text(st.characters(exclude_categories=()))
)


@given(anything)
@example("https://www.www.m.example.com/amp/amp/a/amp/amp.amp?&=&&a#!%2525")
@settings(max_examples=1000, deadline=None)
def test_any_text_has_one_canonical_form_that_can_be_stored(url: str) -> None:
    canonical = urls.address(url)
    assert urls.address(canonical) == canonical
    canonical.encode("utf-8")
    site = urls.site(url)
    assert site is None or (site.isascii() and site == site.lower())


def test_addresses_cost_little() -> None:
    many = [f"https://www.site{n % 500}.example/2024/03/05/story-{n}?utm_source=x&id={n}" for n in range(5_000)]
    begin = time.process_time()
    for url in many:
        urls.address(url)
        urls.site(url)
    assert time.process_time() - begin < 1.0  # about 0.15 s


@pytest.mark.parametrize(
    "text", ["/" * 100_000, "%" * 100_000, "a." * 50_000, "ü" * 100_000, "?" + "a=1&" * 30_000, ";" * 100_000]
)
def test_hostile_addresses_take_linear_time(text: str) -> None:
    begin = time.process_time()
    for url in (text, f"https://example.com/{text}", f"https://{text}/"):
        urls.address(url)
        urls.site(url)
    assert time.process_time() - begin < 1.0
