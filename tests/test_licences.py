"""The register of licences: who may repost whom, when; what it says of a repost, in answers, listings and CSV."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import licence_cases
import pytest
from build import article, page, prose
from click.testing import CliRunner

from syndet import Corpus, desk, ledger, licences, outlets, report, tell, urls
from syndet.cli import cli
from syndet.errors import UsageError
from syndet.models import Article, Date, Origin
from syndet.permits import Register

HEAD = "licensee,source,from,to,terms"
OWN = """\
name,kind,codes,aliases,domains,owner
Lakeside News Service,agency,LNS,Lakeside Wire,lns.example,
Lake Post,,,The Post of the Lake; Seepost,lakepost.example; seepost.example,Lake Group
Hill Herald,outlet,,,hillherald.example,Lake Group
"""
STATES = {"P": "permitted", "N": "not_permitted", "U": "unknown"}
HILL = Origin(True, 1, "https://hill.example/x", "hill.example")


def rows(name: str) -> list[tuple[str, str]]:
    """Return the lines of a table: what stands before the letter, and the letter."""
    lines = [line.partition("#")[0].rstrip() for line in getattr(licence_cases, name).splitlines()]
    return [(line[:-1].rstrip(), line[-1]) for line in lines if line]


def cases() -> Iterator[tuple[str, str, str]]:
    for name in ("DAYS", "TIMES", "SEVERAL", "LICENSEES", "SOURCES", "OTHERS", "DOUBTS"):
        yield from ((name, row, letter) for row, letter in rows(name))


def opened(cell: str) -> str:
    return "" if cell == "." else cell


def judged(name: str, row: str) -> str:
    """Return what is found of a line of a table."""
    page, source = article(site="lake.example"), HILL
    if name in ("DAYS", "TIMES"):
        begin, end, published = row.split()
        lines = [f"lake.example,hill.example,{opened(begin)},{opened(end)},"]
        page = article(site="lake.example", published=published)
    elif name == "SEVERAL":
        *spans, published = row.split()
        ends = [(span.partition("/")[0], span.rpartition("/")[2]) for span in spans]
        lines = [f"lake.example,hill.example,{opened(begin)},{opened(end)}," for begin, end in ends]
        page = article(site="lake.example", published=published)
    elif name == "LICENSEES":
        licensee, _, url = row.rpartition(" ")
        lines = [f"{licensee.strip()},hill.example,,,"]
        page = Article(url, "text", site=None if url.startswith("file:") else urls.site(url))
    elif name in ("SOURCES", "OTHERS"):
        cell, where = row[:22].strip(), row[22:]
        url, outlet = (part.strip() or None for part in where.split("|"))
        lines = [f"{'lake' if name == 'SOURCES' else 'sea'}.example,{cell},,,"]
        source = Origin(False, None, url, urls.site(url) if url else None, outlet)
    else:
        begin, end, published, fetched, other = map(opened, row.split())
        lines = [f"lake.example,hill.example,{begin},{end},"]
        dates = tuple(Date("meta:date", value, value, "published") for value in (published, other) if value)
        page = article(site="lake.example", published=published or None, fetched=fetched or None, dates=dates)
    with outlets.using(outlets.roster(outlets.read(OWN)[0])):
        register, problems = licences.read("\n".join((HEAD, *lines)))
        assert problems == []
        return Register(register).judge(page, source).state


def test_there_are_two_hundred_boundary_cases_and_each_state_is_among_them() -> None:
    found = list(cases())
    assert len(found) == len(set(found)) >= 200
    assert {letter for _, _, letter in found} == set(STATES)


@pytest.mark.parametrize(("name", "row", "letter"), list(cases()), ids=lambda value: re.sub(r"\s+", " ", value))
def test_a_boundary_case_is_judged_as_the_rules_say(name: str, row: str, letter: str) -> None:
    assert judged(name, row) == STATES[letter]


# -- files -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_commas_tabs_and_semicolons_are_read_alike_in_any_order_of_columns(separator: str) -> None:
    lines = [
        ("To", "source", "remark", "licensee site", "from"),
        ("2024-12-31", "Hill Daily", "mine", "lake.example", ""),
    ]
    found, problems = licences.read("\ufeff" + "\r\n".join(separator.join(cells) for cells in lines))
    assert problems == []
    assert found == (licences.Licence("lake.example", "Hill Daily", "", "2024-12-31", "", 2),)


def test_what_is_written_is_read_again() -> None:
    found, _ = licences.read(f'{HEAD}\nlake.example; sea.example,Hill Daily,2024,,"full text, no ""photos"""\n*,AP,,,')
    again, problems = licences.read(licences.write(found))
    assert problems == []
    assert [(one.licensee, one.source, one.begins, one.terms) for one in again] == [
        ("lake.example", "Hill Daily", "2024", 'full text, no "photos"'),
        ("sea.example", "Hill Daily", "2024", 'full text, no "photos"'),
        ("*", "AP", "", ""),
    ]


def test_a_cell_may_go_on_over_lines_and_lines_keep_their_numbers() -> None:
    found, problems = licences.read(f'# ours\n{HEAD}\n\na.example,AP,,,"one\ntwo"\nb.example,AP,,,\n')
    assert problems == []
    assert [(one.licensee, one.terms, one.line) for one in found] == [("a.example", "one two", 4), ("b.example", "", 6)]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (",AP,,,", "names no licensee"),
        ("a.example,,,,", "names no source"),
        ("a.example,AP", "has 2 cells for 5 columns; a licence without an end has an empty cell there"),
        ("a.example,AP,2024-01-01", "has 3 cells for 5 columns"),
        ("a.example,AP,,,full text, no photos", "has 6 cells for 5 columns; quote a cell that holds a comma"),
        ("a.example,AP,01.03.2024,,", "has '01.03.2024' as a date; write it like 2024-12-31"),
        ("a.example,AP,,2024-02-30,", "has '2024-02-30' as a date"),
        ("a.example,AP,2023-02-29,,", "has '2023-02-29' as a date"),
        ("a.example,AP,,2024-1-5,", "has '2024-1-5' as a date"),
        ("a.example,AP,,soon,", "has 'soon' as a date"),
        ("a.example,AP,2024-01-01T10:00,,", "has a time without a zone, '2024-01-01T10:00'"),
        ("a.example,AP,2024-02-01,2024-01-31,", "ends before it begins"),
        ("a.example,AP,2024,2023,", "ends before it begins"),
        ("a.example/sport,AP,,,", "has 'a.example/sport' as licensee; write a site like example.com"),
        ("https://a.example/sport,AP,,,", "has 'https://a.example/sport' as licensee"),
        ("*.a.example,AP,,,", "has '*.a.example' as licensee"),
        ("a.example:8080,AP,,,", "has 'a.example:8080' as licensee"),
        ("Nobody's Paper,AP,,,", 'has a licensee, "Nobody\'s Paper", that is neither a site nor on the list'),
        ("a.example,*,,,", "has '*' as source"),
        ("a.example,owner:Nobody,,,", "names an owner, 'owner:Nobody', that nobody on the list of outlets has"),
        ("owner:Nobody,AP,,,", "has a licensee, 'owner:Nobody', that is neither a site nor on the list"),
        ('a.example,AP,,,"open', "has a quotation mark too many, or one that is not closed"),
        ('a.example,"A"P,,,', "has a quotation mark too many"),
    ],
)
def test_a_bad_line_is_told_with_its_number_and_the_rest_goes_on(line: str, words: str) -> None:
    found, problems = licences.read(f"{HEAD}\nfirst.example,AP,,,\n{line}\nlast.example,AP,,,")
    assert [one.licensee for one in found] == ["first.example", "last.example"]
    assert len(problems) == 1
    assert problems[0].startswith(f"Line 3 of the register {words}")


@pytest.mark.parametrize("text", ["", "# nothing\n", "licensee,source,from\na,b,", "licensee,source,from,to,to", "a,b"])
def test_a_register_without_one_of_its_columns_is_refused_as_a_whole(text: str) -> None:
    with pytest.raises(UsageError, match="names the columns"):
        licences.read(text)


# -- reasons ---------------------------------------------------------------------------------------------------------


def said(lines: str, **known: object) -> str:
    return Register(licences.read(f"{HEAD}\n{lines}")[0]).judge(article(site="lake.example", **known), HILL).why


def test_why_is_said_in_a_sentence_that_names_line_and_date() -> None:
    assert said("*,AP,,,") == "The register has no line about hill.example."
    assert said("-,hill.example,,,") == "The register has no licence of lake.example for hill.example."
    line = "lake.example,hill.example,2024-03-01,2024-03-31,"
    licensed = "ine 2 licenses lake.example for hill.example, from 2024-03-01 to 2024-03-31"
    assert said(line, published="2024-03-05") == f"L{licensed}."
    assert said(line, published="2024-04-05") == f"It came out 2024-04-05, and l{licensed}."
    assert said(line, published="2024").endswith(": it is dated no more precisely than that.")
    assert said(line, published="2024-03-31T23:30:00-05:00").endswith(": that depends on the time zone.")
    assert said(line).startswith("It came out at an unknown time, and line 2")


def test_terms_and_lines_of_all_licences_that_hold_are_given() -> None:
    register = Register(
        licences.read(f"{HEAD}\n*,hill.example,,,headline\nlake.example,hill.example,2024,2024,full")[0]
    )
    found = register.judge(article(site="lake.example", published="2024-03-05"), HILL)
    assert (found.state, found.lines, found.terms) == ("permitted", (2, 3), ("headline", "full"))


# -- stores ----------------------------------------------------------------------------------------------------------

CREDIT = '<meta name="syndication-source" content="{}"><meta property="article:published_time" content="{}">'
STORY = "https://hillherald.example/ferry"


def pages() -> list[object]:
    """Return a story of the Herald; three that credit it; agency copy; a digest of two stories."""
    body, second = prose(120, 1), prose(120, 2)
    dated = '<meta property="article:published_time" content="2024-03-01T08:00:00Z">'
    told = {"title": "The ferry of the great lake", "fetched": "2024-06-01T10:00:00Z"}
    found = [page(body, STORY, head=dated, **told), page(second, "https://sea.example/second", head=dated, **told)]
    for site, when in (("lake.example", "2024-03-02T09:00:00Z"), ("pond.example", "2024-05-02T09:00:00Z")):
        found.append(page(body, f"https://{site}/a", head=CREDIT.format(STORY, when), **told))
    found.append(page(f"OLDPORT (Reuters) - {prose(120, 3)}", "https://lake.example/wire", head=dated, **told))
    both = f"{body}\n{second}"
    head = '<meta property="article:published_time" content="2024-03-09T08:00:00Z">'
    found.append(page(both, "https://pond.example/digest", head=head, **told | {"title": "Two stories of this week"}))
    return found


REGISTER = f"""{HEAD}
lake.example,hillherald.example,2024-01-01,2024-12-31,full text
pond.example,hillherald.example,2024-01-01,2024-03-31,
-,sea.example,,,
"""


@pytest.fixture
def store(tmp_path: Path) -> Path:
    with Corpus(tmp_path / "a.db") as corpus:
        corpus.add_pages(pages())
        corpus.link()
    (tmp_path / "register.csv").write_text(REGISTER)
    return tmp_path / "a.db"


def run(store: Path, *words: str, code: int = 0) -> str:
    done = CliRunner().invoke(cli, ["--db", str(store), *words])
    assert done.exit_code == code, done.output
    return done.output


def test_without_a_register_answers_and_ledgers_say_nothing_of_licences(store: Path) -> None:
    with Corpus(store) as corpus:
        answer = corpus.lookup("https://pond.example/a")
        assert report.lookup_dict(answer, "")["licence"] is None
        assert "icence" not in tell.lookup_text(answer)
        record = ledger.ledger_dict(corpus.outlet("pond.example"))
        assert "icence" not in ledger.ledger_text(record)
        with pytest.raises(UsageError, match="keeps no register"):
            desk.reposts(corpus)


def test_a_register_is_kept_printed_and_replaced(store: Path) -> None:
    file = store.with_name("register.csv")
    assert "a.db has 3 lines." in run(store, "licences", str(file))
    assert run(store, "licences") == REGISTER
    file.write_text(f"{HEAD}\n*,Reuters,,,")
    run(store, "licences", str(file))
    assert run(store, "licences") == f"{HEAD}\n*,Reuters,,,\n"


def test_a_register_of_which_no_line_can_be_used_leaves_the_one_before(store: Path) -> None:
    file = store.with_name("register.csv")
    run(store, "licences", str(file))
    file.write_text(f"{HEAD}\nlake.example,,,,")
    assert "Line 2 of the register names no source." in run(store, "licences", str(file), code=1)
    assert run(store, "licences") == REGISTER
    file.write_text(f"{HEAD}\nlake.example,,,,\n*,AP,,,")
    assert "a.db has 1 line." in run(store, "licences", str(file), code=1)


def test_answers_say_whether_a_repost_is_permitted_without_linking_anew(store: Path) -> None:
    run(store, "licences", str(store.with_name("register.csv")))
    states = {}
    with Corpus(store, readonly=True) as corpus:
        for path in (
            "hillherald.example/ferry",
            "lake.example/a",
            "pond.example/a",
            "lake.example/wire",
            "pond.example/digest",
        ):
            licence = corpus.lookup(f"https://{path}").licence
            states[path] = licence and licence.state
        answer = corpus.lookup("https://pond.example/a")
    assert states == {
        "hillherald.example/ferry": None,
        "lake.example/a": "permitted",
        "pond.example/a": "not_permitted",
        "lake.example/wire": "unknown",
        "pond.example/digest": "not_permitted",  # of its two parts one is permitted
    }
    assert "\nLicence: not permitted. It came out 2024-05-02T09:00:00+00:00, and line 3" in tell.lookup_text(answer)
    assert report.lookup_dict(answer, "")["licence"]["lines"] == [3]


def test_the_listing_leads_with_what_is_not_permitted_then_with_what_is_unknown(store: Path) -> None:
    run(store, "licences", str(store.with_name("register.csv")))
    text = run(store, "show", "--licences")
    assert text.startswith("Licences: 2 not permitted, 1 unknown, 1 permitted.")
    assert text.index("Not permitted (2):") < text.index("https://pond.example/a") < text.index("Unknown (1):")
    assert text.index("Unknown (1):") < text.index("https://lake.example/wire")
    assert "https://lake.example/a " not in text
    record = json.loads(run(store, "show", "--licences", "--json"))
    assert [one["licence"]["state"] for one in record["reposts"]] == ["not_permitted"] * 2 + ["unknown", "permitted"]
    digest = next(one for one in record["reposts"] if one["relation"] == "digest")
    assert sorted(part["licence"]["state"] for part in digest["sources"]) == ["not_permitted", "permitted"]
    assert "1 earlier reposts were not looked at" in run(store, "show", "--licences", "--limit", "2", "--skip", "1")


def test_a_ledger_leads_with_the_licences_of_its_copies(store: Path) -> None:
    run(store, "licences", str(store.with_name("register.csv")))
    text = run(store, "show", "--outlet", "pond.example")
    assert "Licences, copied from others: 2 not permitted, 0 unknown, 1 permitted." in text
    assert text.index("Licences, copied from others") < text.index("Output:")
    record = json.loads(run(store, "show", "--outlet", "hillherald.example", "--json"))
    assert {one["site"]: one["licences"] for one in record["gives"]} == {
        "lake.example": {"not_permitted": 0, "unknown": 0, "permitted": 1},
        "pond.example": {"not_permitted": 1, "unknown": 0, "permitted": 1},
    }


def test_the_csv_has_a_line_for_each_source_and_no_formula_of_a_stranger(store: Path) -> None:
    run(store, "licences", str(store.with_name("register.csv")))
    with Corpus(store) as corpus:
        told = {"title": "=HYPERLINK(1)", "fetched": "2024-06-01T10:00:00Z"}
        head = CREDIT.format(STORY, "2024-05-03T09:00:00Z")
        corpus.add_pages([page(prose(120, 1), "https://evil.example/a", head=head, **told)])
        corpus.link()
    found = list(csv.DictReader(io.StringIO(run(store, "export", "licences"))))
    assert [row["licence"] for row in found] == ["not permitted"] * 3 + ["unknown"] + ["permitted"] * 2
    assert {row["title"] for row in found if row["site"] == "evil.example"} == {"'=HYPERLINK(1)"}
    assert all(row["why"] for row in found)


def test_a_new_list_of_outlets_changes_whom_the_register_means(store: Path) -> None:
    file = store.with_name("register.csv")
    file.write_text(f"{HEAD}\npond.example,Highland Voice,,,\n")
    run(store, "licences", str(file))
    with Corpus(store) as corpus:
        assert corpus.lookup("https://pond.example/a").licence.state == "unknown"
        corpus.list_outlets(outlets.read("name,domains\nHighland Voice,hillherald.example")[0])
        assert corpus.lookup("https://pond.example/a").licence.state == "permitted"
