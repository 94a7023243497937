"""The cues of invented pages and texts, and the claims of real ones."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from syndet import claims, cues, dom, names, outlets, urls, wording
from syndet.marks import Own, agency_of
from syndet.models import Cue, Reference

PROSE = (
    "The ferry between the two towns will cost more from the spring, the harbour office said. "
    "Passengers with a yearly ticket are not affected by the change."
)
STORY = "\n".join([PROSE, PROSE.replace("ferry", "boat"), PROSE.replace("towns", "islands")])


def text_cues(
    body: str, *, site: str | None = "lakeside.example", outlet: str | None = "Lakeside Echo"
) -> tuple[Cue, ...]:
    url = f"https://www.{site}/news/ferry" if site else "file:///ferry.txt"
    return cues.read(None, body, url=url, site=site, outlet=outlet, title="Ferry fares rise", byline=None)


def page(
    after: str = "",
    *,
    head: str = "",
    before: str = "",
    footer: str = "",
    url: str = "https://www.lakeside.example/n/ferry",
) -> tuple[Cue, ...]:
    paragraphs = "".join(f"<p>{line}</p>" for line in STORY.split("\n"))
    html = (
        f"<html><head><meta property='og:site_name' content='Lakeside Echo'>{head}</head><body><nav>Reuters</nav>"
        f"<article><h1>Ferry fares rise</h1>{before}<div class='story'>{paragraphs}</div>{after}</article>"
        f"<footer>{footer}</footer></body></html>"
    )
    document = dom.parse(html)
    assert document is not None
    return cues.read(
        document,
        STORY,
        url=url,
        site=urls.site(url),
        outlet="Lakeside Echo",
        title="Ferry fares rise",
        byline=None,
    )


def origin(found: tuple[Cue, ...]) -> str | None:
    merged = claims.reference(found)
    return merged and (merged.outlet or merged.url or merged.title)


@pytest.mark.parametrize("pattern", wording.patterns(), ids=lambda p: f"{p.language}-{p.kind}-{p.example[:30]}")
def test_every_pattern_reads_its_own_example(pattern: wording.Pattern) -> None:
    line = (0, len(pattern.example))
    found = list(wording._read(pattern, pattern.example, line, line))
    assert len(found) == 1
    raw = found[0].outlet
    named = found[0].credited[0].name if found[0].credited else raw and names.pretty(raw)
    assert (named, found[0].title) == (pattern.outlet, pattern.title)
    lowered = wording.lower(pattern.example)
    assert not pattern.keys or any(key in lowered for key in pattern.keys)


@pytest.mark.parametrize(
    ("closing", "named"),
    [
        ("This story was originally published by Harbour Weekly.", "Harbour Weekly"),
        (
            "This article first appeared on Harbour Weekly and is republished here with permission.",
            "Harbour Weekly",
        ),
        ("Originally published in Harbour Weekly on March 4, 2031.", "Harbour Weekly"),
        (
            "This column originally ran in The Harbour Gazette under the headline “Boats”.",
            "The Harbour Gazette",
        ),
        ("This article was republished with permission from Harbour Weekly.", "Harbour Weekly"),
        ("Reprinted from Harbour Weekly.", "Harbour Weekly"),
        ("Dieser Text ist zuerst in der Hafen-Zeitung erschienen.", "Hafen-Zeitung"),
        (
            "Dieser Beitrag erschien zuerst im Hafenblatt.",
            "Hafenblatt",
        ),
        ("Cet article est paru initialement dans Gazette du Port.", "Gazette du Port"),
        ("Este artículo se publicó originalmente en Diario del Puerto.", "Diario del Puerto"),
        ("Este texto foi publicado originalmente no Jornal do Porto.", "Jornal do Porto"),
        ("Questo articolo è apparso originariamente su Gazzetta del Porto.", "Gazzetta del Porto"),
        ("来源：港口日报", "港口日报"),
        ("本記事は、港新聞で2031年3月4日に掲載した記事からの転載です。", "港新聞"),
        ("Quelle: APA/dpa", "APA"),
        ("Zdroj: ČTK", "ČTK"),
        ("Die Fähre bleibt im Hafen. (dpa/kl)", "dpa"),
        ("(Con información de EFE)", "EFE"),
        ("© dpa-infocom, dpa:310301-99-000001/2", "dpa"),
        ("The post Boats and fares appeared first on Harbour Weekly.", "Harbour Weekly"),
    ],
)
def test_a_closing_line_names_the_origin(closing: str, named: str) -> None:
    assert origin(text_cues(f"{STORY}\n{closing}")) == named


@pytest.mark.parametrize(
    ("opening", "named"),
    [
        ("BERLIN (Reuters) - ", "Reuters"),
        ("HARBOUR CITY, Alaska (AP) — ", "Associated Press"),
        ("PARIS (AFP) – ", "AFP"),
        ("(Reuters) — ", "Reuters"),
        ("Москва. 5 марта. ИНТЕРФАКС - ", "Interfax"),
        ("МОСКВА, 5 марта. /ТАСС/. ", "TASS"),
        ("КИЕВ, 5 марта (РИА Новости) — ", "RIA Novosti"),
        ("Hamburg (dpa/lno) - ", "dpa"),
        ("Madrid, 5 mar (EFE).- ", "EFE"),
        ("(ANSA) - ROMA, 05 MAR - ", "ANSA"),
        ("新华社北京3月5日电 ", "Xinhua"),
        ("【ワシントン共同】", "Kyodo"),
        ("(서울=연합뉴스) ", "Yonhap"),
        ("ANKARA (AA) - ", "Anadolu"),
        ("Praha (ČTK) - ", "ČTK"),
        ("Wiesbaden (KNA/iz). ", "KNA"),
    ],
)
def test_a_dateline_names_its_agency(opening: str, named: str) -> None:
    found = text_cues(opening + STORY)
    assert origin(found) == named
    assert claims.declared(found).kind == "dateline"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("mark", "named"),
    [
        ("HARBOUR CITY, March 5, 2031 /PRNewswire/ -- ", "PR Newswire"),
        ("HARBOUR CITY--(BUSINESS WIRE)--", "Business Wire"),
        ("HARBOUR CITY, March 05, 2031 (GLOBE NEWSWIRE) -- ", "GlobeNewswire"),
        ("HARBOUR CITY, March 5, 2031 /EINPresswire.com/ -- ", "EIN Presswire"),
        ("Hafenstadt (ots) - ", "news aktuell"),
    ],
)
def test_a_press_release_names_its_wire(mark: str, named: str) -> None:
    found = text_cues(mark + STORY)
    assert origin(found) == named
    assert claims.declared(found).kind == "release_mark"  # type: ignore[union-attr]


TRAPS = [
    "dpa/Mary Pike",
    "Foto: dpa/Mary Pike",
    "Photo: Reuters",
    "Photo by Mary Pike/Reuters",
    "(AP Photo/Mary Pike)",
    "Quelle: dpa/Mary Pike",
    "Mary Pike / Getty Images",
    "Quelle: Statista",
    "Fonte: Instituto de Estatística",
    "Source: Bureau of Labor Statistics",
    "Kilde: Fiskeri.example",
    "Originally published at 2:05 p.m.",
    "This story was originally published at 2:05 p.m. Monday.",
    "(originally published in 2019)",
    "This article was originally published in March 2019.",
    "This article was first published on March 3, 2031.",
    "The Associated Press contributed to this report.",
    "Reuters reporter Mary Pike contributed to this story.",
    "Material from AFP and Reuters was used in this report.",
    "This story was first published on Lakeside Echo.",
    "This article was reprinted on wired.com.",
    "The claim was first reported by Reuters.",
    "The mayor told Reuters on Monday that fares would rise.",
    "Fares rose, according to AP.",
    "The camp first appeared in 2014, when the boats came.",
    "The novel was first published in the Harbour Review in 1950.",
    "All contents © 2031 The Associated Press. Reproduction needs a licence.",
    "無断転載を禁じます。",
    "При использовании материалов активная гиперссылка на сайт обязательна.",
    "This article was first published in our print edition.",
    "Das Interview erschien zuerst in der gedruckten Ausgabe.",
    "A version of this article appears in print on March 4, 2031, Section A, Page 1 of the New York edition.",
    "Copyright Thomson Reuters 2031. All rights reserved.",
    "Mary Pike has written for Reuters, The Guardian and The Times.",
    "Follow us on Twitter",
    "Reporting by Mary Pike",
    "Reuters",
]


@pytest.mark.parametrize("trap", TRAPS)
def test_a_trap_names_no_origin(trap: str) -> None:
    for body in (f"{STORY}\n{trap}", f"{trap}\n{STORY}", f"{PROSE}\n{trap}\n{STORY}\n{trap}\n{PROSE}"):
        found = text_cues(body)
        assert claims.declared(found) is None, found
        assert claims.reference(found) is None


@pytest.mark.parametrize("trap", TRAPS)
def test_a_trap_in_a_caption_or_footer_names_no_origin(trap: str) -> None:
    found = page(
        before=f"<figure><img src='/a.jpg'><figcaption class='source'>{trap}</figcaption></figure>",
        footer=f"<div class='source'>{trap}</div>",
    )
    assert claims.declared(found) is None, found


def test_text_cues_stand_where_they_say() -> None:
    body = f"İstanbul 🚢 heading\n{STORY}\nThis story was originally published by Harbour Weekly."
    for cue in text_cues(body):
        begin, end = map(int, cue.where.removeprefix("text:").split("-"))
        assert body[begin:end] == cue.value


def test_a_heading_names_the_origin_when_a_closing_line_admits_one() -> None:
    body = f"the harbour herald\n\n{STORY}\nRead More From Original Article Here: Boats to Cost More This Spring"
    found = text_cues(body, site=None, outlet=None)
    heading = found[0]
    assert (heading.kind, heading.value, heading.where) == (
        "heading_outlet",
        "the harbour herald",
        "text:0-18",
    )
    assert heading.grade == "named"
    assert claims.reference(found) == Reference(outlet="The Harbour Herald", title="Boats to Cost More This Spring")


def test_a_heading_alone_is_weak_and_a_page_s_own_name_is_no_heading() -> None:
    assert text_cues(f"The Harbour Herald\n{STORY}")[0].grade == "weak"
    assert text_cues(f"Lakeside Echo\n{STORY}") == ()
    assert text_cues(f"Sport\n{STORY}") == ()


def test_a_disclaimer_names_the_page_s_own_outlet() -> None:
    line = '" Lakeside Daily does not always share or support the views expressed here; they are the writer\'s."'
    (cue,) = text_cues(f"{STORY}\n{line}", site=None, outlet=None)
    assert (cue.kind, cue.grade, cue.points_to) == ("own_outlet", "self", Reference(outlet="Lakeside Daily"))


def test_generic_credit_admits_an_origin_without_naming_it() -> None:
    found = text_cues(f"{STORY}\nReprinted with permission.")
    assert [(cue.kind, cue.grade) for cue in found] == [("generic_credit", "generic")]
    assert claims.declared(found) is None


def test_a_writer_who_published_it_first_herself_is_no_other_outlet() -> None:
    body = f"{STORY}\nThis article was originally published by Mary Pike on March 3."
    url = "https://lakeside.example/n"
    found = cues.read(None, body, url=url, site="lakeside.example", outlet=None, title=None, byline="Mary Pike")
    assert claims.declared(found) is None


def test_a_source_label_counts_under_the_article_and_not_between_its_paragraphs() -> None:
    assert origin(page("<div>Quelle: dpa</div>")) == "dpa"
    assert origin(page(before="<div>Quelle: dpa</div>")) is None
    assert origin(page("<p class='source'>Quelle: Lakeside Echo, kl/dpa</p>")) == "dpa"
    assert origin(page(before="<div class='source'>Quelle: dpa</div>")) == "dpa"
    assert origin(page("<p>Source: <a href='https://www.statista.com/chart/1/boats'>Statista</a></p>")) is None


def test_a_link_in_the_attribution_gives_the_address() -> None:
    found = page(
        "<p class='syndication'>This story was originally published on"
        " <a href='https://harbour.example/boats/fares'>Harbour Weekly</a> and is used with permission.</p>"
    )
    best = claims.declared(found)
    assert best is not None
    assert (best.kind, best.grade) == ("attribution_line", "linked")
    assert best.where.startswith("dom:/html/body/article")
    assert claims.reference(found) == Reference("https://harbour.example/boats/fares", "Harbour Weekly")


def test_a_feed_suffix_gives_title_outlet_and_address() -> None:
    found = page(
        "<p>The post <a href='https://harbour.example/boats/fares'>Boats and fares</a> appeared first on"
        " <a href='https://harbour.example'>Harbour Weekly</a>.</p>"
    )
    expected = Reference("https://harbour.example/boats/fares", "Harbour Weekly", "Boats and fares")
    assert claims.reference(found) == expected
    assert claims.declared(found).kind == "feed_suffix"  # type: ignore[union-attr]


def test_a_bare_link_to_the_original_is_a_labelled_link() -> None:
    found = page("<p><a href='https://harbour.example/boats/fares'>Read the original article</a></p>")
    assert claims.reference(found) == Reference("https://harbour.example/boats/fares")
    own = page("<p><a href='https://www.lakeside.example/boats/fares'>Read the full story here</a></p>")
    assert claims.declared(own) is None


@pytest.mark.parametrize(
    ("head", "grade"),
    [
        ("<link rel=canonical href='https://harbour.example/boats/fares'>", "linked"),
        ("<meta name='syndication-source' content='https://harbour.example/boats/fares'>", "linked"),
        ("<meta name='original-source' content='harbour.example'>", "named"),
        ("<meta property='og:url' content='https://harbour.example/boats/fares'>", "linked"),
        ("<link rel=canonical href='https://www.lakeside.example/n/ferry'>", None),
        ("<link rel=canonical href='http://m.lakeside.example/n/ferry'>", None),
        ("<link rel=canonical href='https://harbour.example/'>", None),
        ("<link rel=canonical href='https://www-lakeside-example.cdn.ampproject.org/c/s/n/ferry'>", None),
        ("<link rel=canonical href='https://lakesideecho.wordpress.com/n/ferry'>", None),
        ("<meta name='syndication-source' content='https://www.lakeside.example/n/ferry'>", None),
        ("<meta name='original-source' content='lakeside.example'>", None),
    ],
)
def test_an_address_counts_only_when_it_is_an_article_on_another_site(head: str, grade: str | None) -> None:
    best = claims.declared(page(head=head))
    assert (best and best.grade) == grade


def test_structured_data_names_the_organisation_that_wrote_it() -> None:
    def told(**fields: object) -> Cue | None:
        data = json.dumps({"@type": "NewsArticle", **fields})
        return claims.declared(page(head=f"<script type='application/ld+json'>{data}</script>"))

    assert told(isBasedOn="https://harbour.example/boats/fares").kind == "based_on"  # type: ignore[union-attr]
    assert told(author={"@type": "Organization", "name": "AFP"}).kind == "agency_byline"  # type: ignore[union-attr]
    assert told(sourceOrganization={"name": "Harbour Gazette"}).kind == "source_organization"  # type: ignore[union-attr]
    assert told(author={"@type": "Person", "name": "Mary Pike"}) is None
    assert told(publisher={"@type": "Organization", "name": "Lake Media Holding"}) is None
    assert told(sourceOrganization={"name": "Lakeside Echo"}) is None


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            "https://counter.theconversation.com/content/123456/count.gif",
            Reference(outlet="The Conversation"),
        ),
        ("https://pixel.propublica.org/pixel.js", Reference(outlet="ProPublica")),
        (
            "https://harbour.example/?republication-pixel=true&post=71&ga4=G-1",
            Reference("https://harbour.example/?p=71", "harbour.example"),
        ),
    ],
)
def test_a_republication_mark_names_the_origin(source: str, expected: Reference) -> None:
    found = page(f"<img src='{source}'>")
    assert claims.reference(found) == expected
    assert claims.declared(found).kind == "republication_mark"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("byline", "agency"),
    [
        ("Reuters", "Reuters"),
        ("By The Associated Press", "Associated Press"),
        ("Von dpa", "dpa"),
        ("AFP/Reuters", "AFP"),
        ("By JANE DOE Associated Press", "Associated Press"),
        ("Mary Pike, Associated Press", "Associated Press"),
        ("Mary Pike | Reuters", "Reuters"),
        ("Lakeside Echo avec AFP", "AFP"),
        ("Mary Pike with Reuters", None),
        ("Mary Pike", None),
        ("dpa/Mary Pike", None),
        ("Lakeside Echo, kl/dpa", "dpa"),
        ("Mary Pike is a reporter here. She worked for Reuters and AFP.", None),
        ("Anka Maier", None),
    ],
)
def test_an_agency_in_the_byline_is_the_writer(byline: str, agency: str | None) -> None:
    found = agency_of(byline, Own("https://lakeside.example/n", "lakeside.example", ("Lakeside Echo",)))
    assert (found[0].name if found else None) == agency
    block = page(before=f"<div class='byline'>{byline}</div>")
    assert origin(block) == agency


def test_an_agency_s_own_site_names_no_other_origin() -> None:
    url = "https://www.reuters.com/world/ferry-fares"
    body = f"HARBOUR CITY (Reuters) - {STORY}"
    found = cues.read(None, body, url=url, site="reuters.com", outlet="Reuters", title=None, byline="Reuters")
    assert claims.declared(found) is None
    assert {cue.grade for cue in found} <= {"self", "weak"}


def test_a_mirror_s_address_holds_the_origin_s() -> None:
    found = page(url="https://reader.example/https://www.harbour.org/boats/fares")
    assert claims.reference(found) == Reference("https://www.harbour.org/boats/fares")


def test_an_empty_page_has_no_cues() -> None:
    assert text_cues("") == ()
    document = dom.parse("<p></p>")
    assert (
        cues.read(document, "", url="https://a.example/", site="a.example", outlet=None, title=None, byline=None) == ()
    )
    assert claims.declared(()) is None
    assert claims.reference(()) is None


@pytest.mark.parametrize(
    "unit",
    [
        "originally published by ",
        "this article was this article ",
        "(Reuters (AP (",
        "A, ",
        "The post The post ",
        "Source: ",
        "a" * 50,
        "\n(dpa) - ",
        "。来源：",
    ],
)
def test_hostile_text_is_read_in_linear_time(unit: str) -> None:
    body = unit * (1_000_000 // len(unit))
    began = time.perf_counter()
    text_cues(body)
    assert time.perf_counter() - began < 5


def test_names_are_known_in_many_spellings() -> None:
    assert {names.lookup(n).name for n in ("AP", "The Associated Press", "美联社")} == {"Associated Press"}  # type: ignore[union-attr]
    assert names.lookup("ap") is None
    assert len({known.name for known in outlets.shipped()}) == len(outlets.shipped())


def test_the_founding_example_names_its_source(data: Path) -> None:
    body = next((data / "seed").glob("*.txt")).read_text(encoding="utf-8")
    found = text_cues(body, site=None, outlet=None)
    assert claims.reference(found) == Reference(outlet="The Epoch Times", title="Putin to Meet Xi in Beijing This Week")
    assert [cue.points_to for cue in found if cue.kind == "own_outlet"] == [Reference(outlet="Conservative News Daily")]


def test_halves_of_characters_in_a_text_move_no_place() -> None:
    body = "A line \ud800 of text.\nOriginally published by Harbour Weekly."
    (cue,) = cues.read(None, body, url="", site=None, outlet=None, title=None, byline=None)
    begin, end = map(int, cue.where.removeprefix("text:").split("-"))
    assert body[begin:end] == cue.value == "Originally published by Harbour Weekly"
