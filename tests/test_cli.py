import json
from pathlib import Path

import pytest
from build import html, prose
from click.testing import CliRunner

from syndet.cli import cli

SEED = 1


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SYNDET_DB", raising=False)

    def call(*arguments, given=None):
        return CliRunner().invoke(cli, [str(argument) for argument in arguments], input=given)

    return call


@pytest.fixture
def pages(tmp_path):
    folder = tmp_path / "pages"
    folder.mkdir()
    rows = []
    for name, body, date in (("origin", prose(150, 1), "2024-03-05"), ("copy", prose(150, 1), "2024-03-09")):
        head = (
            f"<meta property='article:published_time' content='{date}'><meta property='og:site_name' content='{name}'>"
        )
        (folder / f"{name}.html").write_bytes(html(body, title="A bridge over the Sallow closes", head=head))
        rows.append({"file": f"{name}.html", "url": f"https://{name}.example/1", "fetched": date})
    (folder / "manifest.jsonl").write_text("\n".join(map(json.dumps, rows)))
    return folder


def test_help_lists_the_commands_in_the_order_in_which_they_are_met(run):
    shown = run("--help").output
    names = "nightly lookup serve add link show compare review evaluate rebuild check".split()
    places = [shown.index(f"\n  {name} ") for name in names]
    assert places == sorted(places)


def test_a_night_then_a_lookup(run, pages):
    assert run("nightly", pages).exit_code == 0
    shown = run("lookup", "https://copy.example/1")
    assert shown.exit_code == 0
    assert shown.output.startswith("Repost:")
    assert "https://origin.example/1" in shown.output
    answer = json.loads(run("lookup", "https://copy.example/1", "--json", "--body").output)
    assert answer["article"]["body"]
    assert answer["shared"]["body"]


def test_the_store_is_named_by_option_or_variable(run, pages, tmp_path, monkeypatch):
    run("--db", "one.db", "nightly", pages)
    monkeypatch.setenv("SYNDET_DB", "two.db")
    run("nightly", pages)
    assert {"one.db", "two.db"} <= {path.name for path in tmp_path.iterdir()}


def test_a_night_that_could_not_read_a_source_exits_1_and_says_so(run, pages):
    shown = run("nightly", "nowhere", pages)
    assert shown.exit_code == 1
    assert "Error: " in shown.stderr
    assert "nowhere" in shown.stderr
    assert run("lookup", "https://copy.example/1").exit_code == 0


def test_a_night_prints_json_for_programs(run, pages):
    summary = json.loads(run("nightly", pages, "--json").output)
    assert (summary["read"], summary["new"], summary["links"]) == (2, 2, {"exact": 1})


def test_pages_come_from_standard_input_as_json_lines(run):
    record = json.dumps({"url": "https://a.example/1", "text": prose(100)})
    assert json.loads(run("nightly", "-", "--json", given=record).output)["new"] == 1


@pytest.mark.parametrize(
    "arguments", [(), ("nightly",), ("lookup",), ("lookup", "no-such-file"), ("bogus",), ("compare", "a", "b")]
)
def test_wrong_use_exits_2(run, arguments):
    assert run(*arguments).exit_code == 2


def test_an_address_that_is_not_stored_is_no_failure(run, pages):
    run("nightly", pages)
    shown = run("lookup", "https://nowhere.example/1", "--json")
    assert shown.exit_code == 0
    assert json.loads(shown.stdout) == json.loads(shown.stdout) | {
        "found": False,
        "target": "https://nowhere.example/1",
    }
    assert "syndet add" in shown.stderr


def test_a_file_and_standard_input_are_looked_up_without_being_stored(run, pages):
    run("nightly", pages)
    page = html(prose(150, 1), title="Again the bridge")
    Path("again.html").write_bytes(page)
    from_file = json.loads(run("lookup", "again.html", "--json").output)
    piped = json.loads(run("lookup", "-", "--json", "--url", "https://third.example/2", given=page).output)
    assert (from_file["article"]["id"], from_file["article"]["url"]) == (None, None)
    assert piped["article"]["url"] == "https://third.example/2"
    for answer in (from_file, piped):
        assert {other["url"] for other in answer["others"]} == {"https://origin.example/1", "https://copy.example/1"}


def test_a_page_that_is_no_article_cannot_be_looked_up(run, pages):
    run("nightly", pages)
    Path("empty.html").write_text("<html></html>")
    shown = run("lookup", "empty.html")
    assert shown.exit_code == 1
    assert "empty.html" in shown.stderr


def test_without_a_store_one_sentence_says_how_to_make_one(run):
    shown = run("lookup", "https://a.example/1")
    assert shown.exit_code == 1
    assert "syndet --db syndet.db add SOURCE" in shown.stderr
    assert run("check").exit_code == 1
    assert not Path("syndet.db").exists()


def test_show_gives_article_versions_and_links(run, pages):
    run("nightly", pages)
    record = json.loads(run("show", "1", "--json").output)
    assert record["article"]["id"] == 1
    assert record["versions"][0]["version"] == 1
    assert record["links"]
    assert prose(150, 1).split()[3] in run("show", "https://origin.example/1").output


def test_compare_takes_files_and_stored_addresses(run, pages):
    run("nightly", pages)
    found = json.loads(run("compare", pages / "copy.html", pages / "origin.html", "--json").output)
    assert found["relation"] == "exact"
    found = json.loads(run("compare", "https://copy.example/1", "https://origin.example/1", "--json").output)
    assert (found["state"], found["probability"]["origin"] > 0.8) == ("repost", True)
    assert "goes back to the second" in run("compare", "https://copy.example/1", "https://origin.example/1").output


def test_compare_says_what_was_changed_when_asked(run):
    Path("source.txt").write_text(
        "The quay will be closed for 11 weeks, said the harbour office on Monday. " + prose(90)
    )
    Path("spin.txt").write_text("The quay will be closed for 12 weeks, said the harbour office on Monday. " + prose(75))
    plain = run("compare", "spin.txt", "source.txt")
    assert "What the first made of the second" not in plain.output
    assert "changes" not in json.loads(run("compare", "spin.txt", "source.txt", "--json").output)
    told = run("compare", "spin.txt", "source.txt", "--changes").output
    assert "Other numbers (1):\n  11 -> 12" in told
    assert "Left out (1):" in told
    assert "Put in" not in told
    found = json.loads(run("compare", "spin.txt", "source.txt", "--changes", "--json").output)["changes"]
    assert set(found) == {"headline", "sentences", "numbers", "names", "quotations"}
    (number,) = found["numbers"]
    body = Path("spin.txt").read_text()
    assert (number["kind"], number["source_text"], body[slice(*number["article"])]) == ("changed", "11", "12")
    same = run("compare", "source.txt", "source.txt", "--changes").output
    assert same.endswith("No sentence was changed, dropped or added.\n")


def test_add_then_link_is_what_a_night_does(run, pages):
    run("add", pages)
    assert json.loads(run("lookup", "https://copy.example/1", "--json").output)["verdict"] == "no_match"
    run("link")
    assert json.loads(run("lookup", "https://copy.example/1", "--json").output)["verdict"] == "repost"


def test_check_and_rebuild(run, pages):
    run("nightly", pages)
    assert "is sound: 2 articles" in run("check").output
    assert run("rebuild").exit_code == 0
    assert run("check").exit_code == 0


def test_a_title_cannot_send_control_characters_to_the_terminal(run):
    record = {"url": "https://a.example/1", "text": prose(100), "title": "A \x1b[31mred\x1b[0m \u202etitle"}
    run("nightly", "-", given=json.dumps(record))
    for command in ("lookup", "show"):
        shown = run(command, "https://a.example/1").output
        assert "\x1b" not in shown
        assert "\u202e" not in shown


def test_progress_is_silent_without_a_terminal(run, pages):
    assert run("nightly", pages).stderr == ""
