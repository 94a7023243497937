"""Who is who: the shipped list of outlets and agencies, a user's own on top, and what follows from it."""

import json
from pathlib import Path

import pytest
from build import article, page, prose, read_cues
from click.testing import CliRunner

from syndet import Corpus, outlets, relate
from syndet.cli import cli
from syndet.errors import UsageError
from syndet.models import Reference
from syndet.names import lookup, of_site, same
from syndet.origin import external_fits, fit, same_outlet

OWN = """\
name\tkind\tcodes\taliases\tdomains\towner
Lakeside News Service\tagency\tLNS\tlakeside wire\tlns.example\t
Lake Post\t\t\tThe Post of the Lake; Seepost\tlakepost.example; seepost.example\tLake Group
Hill Herald\toutlet\t\t\thillherald.example\tLake Group
"""


DATED = '<meta property="article:published_time" content="{}">'


def own(text: str = OWN) -> outlets.Roster:
    entries, problems = outlets.read(text)
    assert problems == []
    return outlets.roster(entries)


# -- files -----------------------------------------------------------------------------------------------------------


def test_the_shipped_list_has_no_line_that_cannot_be_used() -> None:
    text = (Path(outlets.__file__).parent / "data/agencies.tsv").read_text(encoding="utf-8")
    entries, problems = outlets.read(text)
    assert problems == []
    assert len(entries) > 250
    assert entries == outlets.shipped()


def test_commas_tabs_and_any_order_of_columns_are_read_alike() -> None:
    tabs = "name\towner\tdomains\nLake Post\tLake, Hill & Co\tlake.example; hill.example"
    commas = '\ufeffSite,Name,Owner,remark\nhttps://www.lake.example/x;hill.example,Lake Post,"Lake, Hill & Co",mine'
    assert outlets.read(tabs) == outlets.read(commas)


def test_what_is_written_is_what_was_read() -> None:
    entries, _ = outlets.read(OWN)
    assert outlets.read(outlets.write(entries)) == (entries, [])


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("\tagency\tXY", "Line 3 of the list of outlets has no name"),
        ("Lake Post\tpaper", "has the kind 'paper'; it is one of agency, release, outlet, photo, data"),
        ("Lake Post\t\t\t\tlake post", "has 'lake post' as a site; write it like example.com"),
        ("Lake Post\t\t\t\tlocalhost", "has 'localhost' as a site"),
        ("Lake Post\t\t\t\t\t\tmore", "has 7 cells for 6 columns"),
        ("Another\t\t\thill herald", "that line 2 (Hill Herald) has already; leave it to one of them."),
    ],
)
def test_a_bad_line_is_told_and_the_rest_goes_on(line: str, words: str) -> None:
    entries, problems = outlets.read(f"{OWN.splitlines()[0]}\nHill Herald\n{line}\nSea Times")
    assert [one.name for one in entries] == ["Hill Herald", "Sea Times"]
    assert len(problems) == 1
    assert words in problems[0]


@pytest.mark.parametrize("text", ["", "# nothing\n\n", "Lake Post\tlake.example"])
def test_a_list_that_does_not_name_its_columns_is_refused_as_a_whole(text: str) -> None:
    with pytest.raises(UsageError, match="columns"):
        outlets.read(text)


# -- names -----------------------------------------------------------------------------------------------------------


def test_a_list_is_in_use_as_long_as_its_block_runs() -> None:
    assert lookup("LNS") is None
    with outlets.using(own()):
        assert lookup("LNS").name == lookup("Lakeside Wire").name == "Lakeside News Service"
        assert lookup("Reuters").kind == "agency"  # the shipped one is still there
        with outlets.using(outlets.roster()):
            assert lookup("LNS") is None
        assert lookup("LNS") is not None
    assert lookup("LNS") is None


def test_a_line_about_somebody_who_is_listed_adds_to_that() -> None:
    with outlets.using(own("name\taliases\tdomains\nNew York Times Company paper\tGray Lady\tnytimes.com")):
        assert lookup("NYT") is lookup("Gray Lady") is of_site("nytimes.com")
        assert same("The New York Times", "Gray Lady")


def test_a_name_of_the_user_goes_before_the_same_one_of_the_shipped_list() -> None:
    with outlets.using(own("name,codes,domains\nAmtspost,AP,amtspost.example")):
        assert lookup("AP").name == "Amtspost"
        assert lookup("Associated Press").name == "Associated Press"


def test_another_name_of_an_outlet_fits_its_pages() -> None:
    source = article(site="lakepost.example", outlet="Lake Post online")
    assert not same_outlet("Seepost", source)
    with outlets.using(own()):
        assert same_outlet("Seepost", source)
        assert fit(Reference(outlet="The Post of the Lake"), source) > 0
        assert external_fits(Reference(outlet="Seepost"), Reference(outlet="Lake Post"))
        assert not same_outlet("Hill Herald", source)
    assert same_outlet("NYT", article(site="nytimes.com"))


def test_sites_of_one_outlet_or_of_one_owner_are_sisters() -> None:
    post, see, hill, other = (
        article(site=f"{name}.example") for name in ("lakepost", "seepost", "hillherald", "seatimes")
    )
    assert not relate.sisters(post, hill)
    with outlets.using(own()):
        assert relate.sisters(post, see)
        assert relate.sisters(hill, post)
        assert not relate.sisters(post, other)
        assert not relate.sisters(post, post)
    assert relate.sisters(article(site="wired.com"), article(site="arstechnica.com"))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("HARBOUR, March 3 (LNS) - ", "Lakeside News Service"),
        ("Hafen (LNS) – ", "Lakeside News Service"),
        ("PUERTO, 3 mar (LNS).- ", "Lakeside News Service"),
        ("(LNS) - PORTO, 3 MAR - ", "Lakeside News Service"),
        ("İskele (LNS) - ", "Lakeside News Service"),
        ("الميناء (LNS) - ", "Lakeside News Service"),
        ("ГАВАНЬ, 3 марта. /Агентство Озеро/. ", "Lakeside News Service"),
        ("ГАВАНЬ, 3 мар - Агентство Озеро. ", "Lakeside News Service"),
        ("(호수=호반뉴스) ", "Lakeside News Service"),
        ("【ワシントン＝湖畔ニュース】", "Lakeside News Service"),
        ("HARBOUR, March 3, 2024 /Lake Release Wire/ -- ", "Lake Releases"),
        ("HARBOUR--(LRW)--", "Lake Releases"),
    ],
)
def test_an_agency_of_the_list_is_read_from_datelines_of_many_languages(text: str, name: str) -> None:
    given = "name,kind,codes,aliases\nLakeside News Service,agency,LNS,агентство озеро; 호반뉴스; 湖畔ニュース\n"
    body = f"{text}{prose(60)}"
    assert read_cues(body) == ()
    with outlets.using(own(f"{given}Lake Releases,release,LRW,lake release wire")):
        assert [cue.points_to.outlet for cue in read_cues(body)] == [name]


# -- a store's own list ----------------------------------------------------------------------------------------------


def _pages() -> list[object]:
    body = prose(150, 1).replace(". ", ".\n")
    return [
        page(body, "https://lakepost.example/a", head=DATED.format("2024-03-01")),
        page(body, "https://hillherald.example/a", head=DATED.format("2024-03-05")),
        page(f"HARBOUR (LNS) - {prose(150, 2)}", "https://seatimes.example/b"),
    ]


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    path = tmp_path / "outlets.tsv"
    path.write_text(OWN, encoding="utf-8")
    return path


def test_an_agency_of_the_list_is_read_from_datelines_and_the_origin_named(tmp_path: Path) -> None:
    with Corpus(tmp_path / "a.db") as corpus:
        corpus.list_outlets(outlets.read(OWN)[0])
        corpus.add_pages(_pages())
        corpus.link()
        found = corpus.lookup("https://seatimes.example/b")
        assert (found.verdict, found.relation, found.origin.outlet) == ("repost", "wire", "Lakeside News Service")
        assert corpus.lookup("https://hillherald.example/a").relation == "sister"
        assert corpus.lookup_text(f"BAY (LNS) - {prose(90, 7)}").origin.outlet == "Lakeside News Service"
    assert lookup("LNS") is None


def test_a_list_that_comes_later_makes_sisters_of_what_is_stored_but_reads_no_page_again(tmp_path: Path) -> None:
    with Corpus(tmp_path / "a.db") as corpus:
        corpus.add_pages(_pages())
        corpus.link()
        assert corpus.lookup("https://hillherald.example/a").relation == "exact"
        assert corpus.list_outlets(outlets.read(OWN)[0]).linked == 3
        assert corpus.lookup("https://hillherald.example/a").relation == "sister"
        assert corpus.lookup("https://seatimes.example/b").verdict == "no_match"
        assert corpus.list_outlets(outlets.read(OWN)[0]).linked == 0  # the same list: nothing to do
        assert corpus.check() == []


def test_another_process_sees_the_list_at_once(tmp_path: Path) -> None:
    with Corpus(tmp_path / "a.db") as writer, Corpus(tmp_path / "a.db", readonly=True) as reader:
        assert reader.lookup_text(f"BAY (LNS) - {prose(90, 7)}").verdict == "no_match"
        writer.list_outlets(outlets.read(OWN)[0])
        assert reader.lookup_text(f"BAY (LNS) - {prose(90, 7)}").verdict == "repost"


def test_the_command_keeps_a_list_prints_it_and_tells_bad_lines(tmp_path: Path, listed: Path) -> None:
    def run(*arguments: object) -> tuple[int, str, str]:
        done = CliRunner().invoke(cli, ["--db", str(tmp_path / "a.db"), "outlets", *map(str, arguments)])
        return done.exit_code, done.stdout, done.stderr

    assert run()[:2] == (0, outlets.write(()) + "\n")
    assert run(listed) == (0, f"3 outlets are kept in {tmp_path / 'a.db'}.\n", "")
    assert outlets.read(run()[1])[0] == outlets.read(OWN)[0]
    assert "Associated Press,agency,AP" in run("--shipped")[1]
    listed.write_text(OWN + "Sea Times\tpaper\n", encoding="utf-8")
    code, told, problem = run(listed)
    assert (code, told[:9]) == (1, "3 outlets")
    assert problem.startswith("Error: Line 5 of the list of outlets has the kind 'paper'")
    listed.write_text("name,kind\nSea Times,paper\n", encoding="utf-8")
    assert run(listed)[:2] == (1, "")  # of no use at all: the list before stays
    assert len(outlets.read(run()[1])[0]) == 3
    listed.write_bytes(b"\xff\xfe")
    assert "is no text in UTF-8" in run(listed)[2]
    assert "cannot be read" in run(tmp_path / "none.tsv")[2]


def test_compare_takes_names_as_the_store_lists_them(tmp_path: Path, listed: Path) -> None:
    with Corpus(tmp_path / "a.db") as corpus:
        corpus.list_outlets(outlets.read(OWN)[0])
        corpus.add_pages(_pages())
    ends = ("https://hillherald.example/a", "https://lakepost.example/a")
    done = CliRunner().invoke(cli, ["--db", str(tmp_path / "a.db"), "compare", "--json", *ends])
    assert json.loads(done.stdout)["relation"] == "sister"
