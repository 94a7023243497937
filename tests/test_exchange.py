"""Who copies whom at an outlet: `syndet show --outlet`."""

import json
from pathlib import Path

import pytest
from build import page, prose
from click.testing import CliRunner

from syndet import Corpus, ledger, outlets
from syndet.cli import cli
from syndet.errors import NotStored

CREDIT = '<meta name="syndication-source" content="{}">'
DATED = '<meta property="article:published_time" content="{}">'
BOX = "Sign up now for our letter about boats and rain."
STORIES = 4
FETCHED = "2024-12-01T10:00:00Z"  # a later date on a page is not believed


def _paragraphs(number: int) -> list[str]:
    return [prose(40, 100 * number + place) for place in range(6)]


def _pages(stories: int = STORIES) -> list[object]:
    """Return stories of the Post, each copied by the Herald without its last paragraph and with a box of its own."""
    found = []
    for number in range(1, stories + 1):
        body, address = _paragraphs(number), f"https://lakepost.example/{number}"
        head = DATED.format(f"2024-0{number}-01T10:00:00Z")
        known = {"title": f"Story {number} of the great old lake", "fetched": FETCHED}
        found.append(page("\n".join(body), address, head=head, **known))
        head = DATED.format(f"2024-0{number}-01T{12 + number}:00:00Z")
        head += CREDIT.format(address) if number % 2 else ""
        found.append(page("\n".join([*body[:-1], BOX]), f"https://hillherald.example/{number}", head=head, **known))
    return found


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    with Corpus(tmp_path / "a.db") as opened:
        opened.add_pages(_pages())
        opened.link()
        yield opened


def test_an_outlet_tells_whom_it_takes_from_how_late_how_much_and_with_what_credit(corpus: Corpus) -> None:
    found = corpus.outlet("hillherald.example")
    assert (found.stored, found.read, found.copying, found.copied) == (4, 4, 4, 0)
    assert found.gives == ()
    (partner,) = found.takes
    assert (partner.site, partner.copies) == ("lakepost.example", 4)
    assert partner.months == (("2024-01", 1), ("2024-02", 1), ("2024-03", 1), ("2024-04", 1))
    assert (partner.lag, partner.timed) == (4.5, 4)  # 3, 4, 5 and 6 hours
    assert partner.kept == pytest.approx(5 / 6, abs=0.03)
    assert (partner.html, dict(partner.credits)) == (4, {"linked": 2, "none": 2})


def test_what_is_cut_and_added_again_and_again_is_told(corpus: Corpus) -> None:
    (partner,) = corpus.outlet("hillherald.example").takes
    assert [(habit.kind, habit.what, habit.copies) for habit in partner.habits] == [
        ("cut_place", "the last paragraph", 4), ("added", BOX, 4)
    ]  # fmt: skip


def test_the_other_side_tells_the_same(corpus: Corpus) -> None:
    takes, gives = corpus.outlet("hillherald.example").takes, corpus.outlet("lakepost.example").gives
    assert [one.site for one in gives] == ["hillherald.example"]
    assert [(one.copies, one.lag, one.kept, one.credits, one.habits) for one in takes] == [
        (one.copies, one.lag, one.kept, one.credits, one.habits) for one in gives
    ]


def test_only_what_a_lookup_calls_a_repost_counts(corpus: Corpus) -> None:
    corpus.review("https://hillherald.example/2", "https://lakepost.example/2", "rejected", who="me")
    assert corpus.lookup("https://hillherald.example/2").verdict != "repost"
    found = corpus.outlet("hillherald.example")
    assert (found.copying, found.takes[0].copies) == (3, 3)
    assert corpus.outlet("lakepost.example").copied == 3


def test_a_copy_of_a_copy_is_one_of_the_copy_and_an_agency_is_a_partner_without_a_site(corpus: Corpus) -> None:
    via = "https://hillherald.example/1"
    body = "\n".join([*_paragraphs(1)[:-1], BOX])
    later = DATED.format("2024-01-03T10:00:00Z")
    corpus.add_pages(
        [
            page(body, "https://seatimes.example/1", head=later + CREDIT.format(via)),
            page(f"BAY (Reuters) - {prose(90, 7)}", "https://seatimes.example/2", head=later),
        ]
    )
    corpus.link()
    found = corpus.outlet("seatimes.example")
    assert {(one.site, one.name, one.copies) for one in found.takes} == {
        ("hillherald.example", None, 1), (None, "Reuters", 1)
    }  # fmt: skip
    assert [one.site for one in corpus.outlet("hillherald.example").gives] == ["seatimes.example"]


def test_the_latest_articles_are_read_and_the_others_counted(corpus: Corpus) -> None:
    found = corpus.outlet("hillherald.example", limit=2, skip=1)
    record = ledger.ledger_dict(found)
    assert [record[name] for name in ("stored", "skipped", "read", "left_out")] == [4, 1, 2, 1]
    assert [month["month"] for month in record["months"]] == ["2024-02", "2024-03"]
    assert "1 newer and 1 older ones are left out" in ledger.ledger_text(record)
    beyond = ledger.ledger_dict(corpus.outlet("hillherald.example", skip=9))
    assert [beyond[name] for name in ("skipped", "read", "left_out")] == [4, 0, 0]
    assert ledger.ledger_text(beyond)


def test_a_sister_is_told_from_a_stranger(corpus: Corpus) -> None:
    assert [one.sister for one in corpus.outlet("hillherald.example").takes] == [False]
    corpus.list_outlets(outlets.read("name,domains,owner\nLake Post,lakepost.example,Lake Group\n"
                                     "Hill Herald,hillherald.example,Lake Group")[0])  # fmt: skip
    found = corpus.outlet("hillherald.example")
    assert [one.sister for one in found.takes] == [True]
    assert "Lake Post (lakepost.example), a sister of this outlet" in ledger.ledger_text(ledger.ledger_dict(found))


def test_an_outlet_goes_by_its_address_or_its_listed_name(corpus: Corpus) -> None:
    corpus.list_outlets(outlets.read("name,aliases,domains,owner\nLake Post,Seepost,lakepost.example,Lake Group\n"
                                     "Hill Herald,,hillherald.example,Lake Group")[0])  # fmt: skip
    found = corpus.outlet("Seepost")
    assert (found.site, found.name, found.owner) == ("lakepost.example", "Lake Post", "Lake Group")
    assert found.sisters == ("hillherald.example",)
    assert corpus.outlet("https://www.lakepost.example/1") == found
    with pytest.raises(NotStored, match="No article of nobody"):
        corpus.outlet("nobody.example")


def test_the_command_prints_words_and_json(corpus: Corpus, tmp_path: Path) -> None:
    def run(*arguments: str) -> str:
        done = CliRunner().invoke(cli, ["--db", str(tmp_path / "a.db"), "show", *arguments])
        assert done.exit_code == 0, done.output
        return done.stdout

    told = run("--outlet", "hillherald.example")
    assert "4 of 4 articles (100%) have text of others, in 4 copies of 1 outlet:" in told
    assert "4.5 hours later (median of 4 with times), 8" in told
    assert "% of the text kept (median of 4), credit in 2 of 4 (2 linked, 2 none)" in told
    assert "4 of 4 copies leave out the last paragraph" in told
    assert f"4 of 4 copies add “{BOX}”" in told
    record = json.loads(run("--outlet", "hillherald.example", "--json"))
    assert record["takes"][0]["credit"] == {"of": 4, "linked": 2, "none": 2}
    wrong = CliRunner().invoke(cli, ["--db", str(tmp_path / "a.db"), "show", "1", "--outlet", "x.example"])
    assert wrong.exit_code == 2
