import gzip
import hashlib
import json
import logging
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from syndet import cues, dom
from syndet.extract import MAX_BYTES, MAX_ELEMENTS, MIN_WORDS, extract
from syndet.models import Article, Cue, Page, Reference, Skipped

STORY = [
    "The harbour of Port Ellery will close for three weeks in March while divers replace the chains of its outer"
    " boom, the port authority said on Monday.",
    "Ferries to the islands are to leave from the old coal pier instead, where a waiting room of wood and canvas"
    " has been put up next to the customs shed.",
    "Fishermen complained that they had been told too late. They land most of their herring in that month, and the"
    " coal pier has neither ice nor scales.",
    "The authority answered that the chains, which date from the last century, would not have survived another"
    " winter of storms like the one in November.",
]


def html(*paragraphs: str, head: str = "", lang: str = "en") -> str:
    body = "".join(f"<p>{line}</p>" for line in paragraphs)
    return (
        f'<!DOCTYPE html><html lang="{lang}"><head><meta charset="utf-8">{head}</head>'
        f"<body><article><h1>Harbour closes</h1>{body}</article></body></html>"
    )


def page(content: str | bytes, **fields: str) -> Page:
    data = content.encode() if isinstance(content, str) else content
    kind = "text" if fields.pop("kind", "html") == "text" else "html"
    return Page(fields.pop("url", "https://bugle.example/harbour"), data, kind, "test:1", **fields)


def article(content: str | bytes, **fields: str) -> Article:
    found = extract(page(content, **fields))
    assert isinstance(found, Article), found
    return found


def skipped(content: str | bytes, **fields: str) -> Skipped:
    found = extract(page(content, **fields))
    assert isinstance(found, Skipped), found
    assert found.detail.endswith(".") or found.reason == "extraction_failed"
    return found


def test_body_is_the_paragraphs_one_a_line():
    found = article(html(*STORY))
    assert found.body.splitlines()[-4:] == STORY
    assert found.words > 90
    assert (found.site, found.language, found.html) == ("bugle.example", "en", True)
    assert found.digest == hashlib.sha256(html(*STORY).encode()).digest()


def test_the_same_page_ten_times_gives_one_text_and_other_pages_do_not_change_it():
    first = article(html(*STORY))
    for number in range(10):
        article(
            html(*STORY, f"Number {number} has another last paragraph, which repeats the first four of the others.")
        )
        assert article(html(*STORY)) == first


def test_extraction_leaves_the_document_as_it_was(monkeypatch):
    seen = []

    def read(document, body, **_):
        seen.append(etree.tostring(document.tree))
        return ()

    monkeypatch.setattr(cues, "read", read)
    content = html(*STORY, head="<script>var a = 1</script><style>p {}</style>") + "<footer>By the Bugle</footer>"
    article(content)
    assert seen == [etree.tostring(dom.parse(content).tree)]


def test_the_outlet_of_an_unsigned_page_comes_from_its_own_words(monkeypatch):
    cue = Cue("own_outlet", "Ellery Bugle does not always share", "text:0-9", "self", Reference(outlet="Ellery Bugle"))
    monkeypatch.setattr(cues, "read", lambda *_, **__: (cue,))
    assert article(html(*STORY)).outlet == "Ellery Bugle"
    signed = html(*STORY, head='<meta property="og:site_name" content="The Gazette">')
    assert article(signed).outlet == "The Gazette"


def test_what_the_source_says_goes_before_what_the_page_says():
    head = (
        '<meta property="og:title" content="Page title"><meta name="author" content="Page Author">'
        '<meta property="article:published_time" content="2023-01-01T10:00:00Z">'
    )
    found = article(
        html(*STORY, head=head),
        title="Feed title",
        byline="Feed Author",
        published="Tue, 05 Mar 2024 09:30:00 +0100",
        language="pt-BR",
    )
    assert (found.title, found.byline, found.language) == ("Feed title", "Feed Author", "pt")
    assert found.published == "2024-03-05T09:30:00+01:00"
    plain = article(html(*STORY, head=head))
    assert (plain.title, plain.byline) == ("Page title", "Page Author")
    assert plain.published == "2023-01-01T10:00:00+00:00"


def test_plain_text_is_its_own_body():
    found = article("\r\n  " + "\r\n".join(STORY) + "\r\n\r\n", kind="text", url="file:///a/b.txt")
    assert found.body == "\n".join(STORY)
    assert (found.title, found.html, found.site, found.language) == (None, False, None, "en")
    assert article("\n".join(STORY), kind="text", title="Harbour").title == "Harbour"


def test_a_body_holds_no_control_characters_and_no_lone_surrogates():
    dirty = "\n".join(STORY) + "\x00\x07\x1b end\ud800".encode("utf-8", "ignore").decode()
    for found in (
        article(dirty, kind="text"),
        article(html(*STORY, "More of it \x08\x0b follows here &#1; and here.")),
    ):
        assert not any(ord(letter) < 32 and letter not in "\n\t" for letter in found.body)
        found.body.encode()


def test_a_body_is_not_normalised():
    line = "Die Bu\u0308rger im Cafe\u0301 \u201ezahlten\u201c \ufb01nanziell drauf, sagte der So\u00adnar-Techniker."
    assert line in article("\n".join([*STORY, line]), kind="text").body


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "no_text"),
        (b"  \n\n ", "no_text"),
        (b"%PDF-1.7\n%\xe2\xe3", "not_html"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not_html"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "not_html"),
        (b"GIF89a\x01\x00", "not_html"),
        (b"PK\x03\x04\x14\x00", "not_html"),
        (json.dumps({"html": "<p>" + " ".join(STORY) + "</p>"}).encode(), "not_html"),
        (b'<?xml version="1.0"?><rss version="2.0"><channel><title>x</title></channel></rss>', "not_html"),
        (b"<urlset><url><loc>https://bugle.example/</loc></url></urlset>", "not_html"),
        (" ".join(STORY).encode(), "not_html"),
        (b"\x00\x01\x02\x03" * 500, "undecodable"),
        (b"<html><head><title>Nothing</title></head><body></body></html>", "no_text"),
        (b"<html><body><script>var a = 'b'</script></body></html>", "no_text"),
        (b"<html><body><article><p>Only a few words of text.</p></article></body></html>", "too_short"),
        (b"<p>" + b"x" * MAX_BYTES, "too_large"),
        (b"<html><body>" + b"<p>x" * MAX_ELEMENTS, "too_large"),
    ],
)
def test_what_is_no_article_says_why(content, reason):
    found = skipped(content)
    assert (found.reason, found.where, found.url) == (reason, "test:1", "https://bugle.example/harbour")
    assert found.digest == (hashlib.sha256(content).digest() if content else None)


def test_the_floor_is_twenty_words_in_every_script():
    assert skipped(" ".join(["word"] * (MIN_WORDS - 1)), kind="text").reason == "too_short"
    assert article(" ".join(["word"] * MIN_WORDS), kind="text").words == MIN_WORDS
    assert skipped("港口将于三月关闭三周。", kind="text").reason == "too_short"
    chinese = "埃勒里港将于三月关闭三周，潜水员将更换外港的铁链，港务局星期一表示。前往各岛的渡轮将改从旧煤码头出发。"
    assert article(chinese, kind="text").language == "zh"
    assert article("ท่าเรือจะปิดเป็นเวลาสามสัปดาห์ในเดือนมีนาคม " * 6, kind="text").language == "th"


@pytest.mark.parametrize("tag", ["div", "blockquote", "span", "ul><li", "table><tr><td", "b"])
def test_deep_nesting_does_no_harm(tag):
    deep = f"<{tag}>" * 50_000
    found = extract(page(f"<html><body>{deep}{''.join(STORY)}</body></html>"))
    assert isinstance(found, Article | Skipped)
    before = extract(page(f"<html><body><article><p>{'</p><p>'.join(STORY)}</p></article>{deep}</body></html>"))
    assert isinstance(before, Article | Skipped)


def test_tags_left_open_hide_no_text():
    body = "".join(f"<font><p>{line}" for line in STORY * 100)
    assert article(f"<html><body><h1>Harbour</h1><font size=2>{body}").words > 10_000


def test_an_exception_in_a_library_becomes_a_reason(monkeypatch):
    def fail(*_, **__):
        raise RecursionError("too deep")

    monkeypatch.setattr("trafilatura.bare_extraction", fail)
    found = skipped(html(*STORY))
    assert found.reason == "extraction_failed"
    assert "RecursionError" in found.detail


def test_an_article_split_by_advertisements_is_put_together():
    pieces = [f'<div class="story-part"><p>{one}</p><p>{two}</p></div>' for one, two in (STORY[:2], STORY[2:])]
    more = "".join(f"<p>Paragraph {n} of the long rest: {STORY[n % 4]}</p>" for n in range(12))
    advertisement = '<section class="cns-ads"><div><div>Advertisement</div></div></section>'
    body = f"<div>{pieces[0]}</div>{advertisement}<div><div class='story-part'>{more}</div></div>"
    found = article(f"<html><body><main><article><h1>Harbour</h1>{body}</article></main></body></html>")
    assert STORY[0] in found.body
    assert "Paragraph 11" in found.body


def test_a_page_that_builds_itself_with_scripts_is_read_from_its_structured_data():
    node = json.dumps({"@type": "NewsArticle", "headline": "Harbour closes", "articleBody": " ".join(STORY)})
    head = f'<script type="application/ld+json">{node}</script>'
    found = article(f"<html><head>{head}</head><body><div id=app></div></body></html>")
    assert found.body == " ".join(STORY)
    assert found.title == "Harbour closes"


@pytest.mark.parametrize(
    ("encoding", "declared", "line"),
    [
        ("utf-8", "", "Žluťoučký kůň úpěl ďábelské ódy"),
        ("utf-8", "iso-8859-1", "Žluťoučký kůň úpěl ďábelské ódy"),
        ("cp1251", "windows-1251", "Широкая электрификация южных губерний"),
        ("euc-jp", "euc-jp", "港は三月に三週間閉鎖される"),
        ("gb18030", "gb2312", "港口将于三月关闭三周"),
        ("cp1252", "", "“Quoted” with Windows marks – and no declaration"),
        ("utf-16", "", "Ein Satz in UTF-16 mit Umlauten: äöü"),
    ],
)
def test_every_encoding_is_read(encoding, declared, line):
    meta = f'<meta charset="{declared}">' if declared else ""
    content = (
        f"<html><head>{meta}</head><body><article><p>{line} {STORY[0]}</p><p>{STORY[1]}</p></article></body></html>"
    )
    assert line in article(content.encode(encoding)).body


def test_a_page_cut_off_in_mid_character_is_still_utf_8():
    content = html(*STORY).encode() + "ü".encode()[:1]
    assert STORY[0] in article(content).body


@pytest.mark.parametrize(
    "charset", ["punycode", "unicode_escape", "rot13", "base64", "no-such-charset", "\x00", "utf-7"]
)
def test_a_charset_that_no_page_has_is_ignored(charset):
    content = html(*STORY, "Ein Wort mit \u00fc und mit \u00e4 darin.").encode("cp1252")
    assert STORY[0] in article(content, charset=charset).body


def test_nothing_is_printed_or_logged_to_the_terminal(capfd):
    handlers = list(logging.getLogger().handlers)
    for content in (b"<html></html>", b"<p>x</p>", b"\xff\xfe\x00", html("x").encode(), html(*STORY).encode()):
        extract(page(content))
    assert capfd.readouterr() == ("", "")
    assert logging.getLogger().handlers == handlers


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["html", "text"]))
def test_any_bytes_are_an_article_or_a_reason(content, kind):
    assert isinstance(extract(page(b"<html><body>" + content, kind=kind)), Article | Skipped)
    assert isinstance(extract(page(content, kind=kind)), Article | Skipped)


@pytest.mark.slow
@pytest.mark.parametrize("folder", ["extraction/html", "news_pages", "cues/pages"])
def test_every_real_page_is_an_article_or_has_a_reason(data: Path, folder: str):
    seen = 0
    for manifest in sorted((data / folder).rglob("manifest.jsonl")):
        for line in manifest.read_text("utf-8").splitlines():
            entry = json.loads(line)
            content = gzip.decompress((manifest.parent / entry["file"]).read_bytes())
            found = extract(Page(entry["url"], content, "html", entry["file"], entry.get("fetched")))
            assert isinstance(found, Article) or found.reason in ("no_text", "too_short"), found
            seen += 1
    assert seen > 30
