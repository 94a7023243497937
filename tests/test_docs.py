"""What the documents say is so: their queries run, their lists are complete, their links lead somewhere."""

from __future__ import annotations

import re
import sqlite3
import subprocess
from pathlib import Path
from typing import get_args

import pytest
from click.testing import CliRunner

from syndet import models
from syndet.cli import cli
from syndet.corpus import Corpus

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "db/README.md")]
DOCUMENTS += sorted((ROOT / "docs").glob("*.md"))
QUERY = re.compile(r"```sql\n(?P<sql>.*?)```\n\n<!-- begin: result -->\n(?P<table>.*?)<!-- end -->", re.DOTALL)
QUERIES = list(QUERY.finditer((ROOT / "db/README.md").read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> sqlite3.Connection:
    path = tmp_path_factory.mktemp("sample") / "sample.db"
    with Corpus(path) as corpus:
        corpus.nightly([str(ROOT / "syndet/sample")])
    return sqlite3.connect(path)


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_there_are_three_queries() -> None:
    assert len(QUERIES) == 3


@pytest.mark.parametrize("query", QUERIES, ids=["by outlet", "without credit", "left out"])
def test_a_query_of_the_database_readme_finds_what_is_printed_below_it(
    query: re.Match[str], database: sqlite3.Connection
) -> None:
    cursor = database.execute(query["sql"])
    found = [[column[0] for column in cursor.description]]
    found += [["" if value is None else str(value) for value in row] for row in cursor]
    head, _, *rest = query["table"].strip().splitlines()
    assert len(found) > 1
    assert [cells(line) for line in (head, *rest)] == found


@pytest.mark.parametrize("name", ["EvidenceKind", "Relation", "Grade", "Reason"])
def test_every_value_of_the_answer_is_explained(name: str) -> None:
    page = "db/README.md" if name == "Reason" else "docs/contract.md"
    text = (ROOT / page).read_text(encoding="utf-8")
    table = re.findall(rf"<!-- begin: values of {name} -->\n(.*?)<!-- end -->", text, re.DOTALL)[0]
    explained = re.findall(r"^\| `(\w+)` \| \S", table, re.MULTILINE)
    assert explained == list(get_args(getattr(models, name)))


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_between_the_documents_lead_somewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    missing = []
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if "://" in target:
            continue
        name, _, anchor = target.partition("#")
        page = (path.parent / name).resolve() if name else path
        titles = (
            re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
            if page.suffix == ".md" and page.is_file()
            else []
        )
        anchors = {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}
        if not page.exists() or (anchor and anchor not in anchors):
            missing.append(target)
    assert missing == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_the_commands_and_options_that_documents_show_exist(path: Path) -> None:
    shown = re.findall(
        r"\bsyndet (?:--db \S+ )?([a-z]+)((?: --?[a-z]+)*)", re.sub(r"\s+", " ", path.read_text("utf-8"))
    )
    for command, options in shown:
        if command in cli.commands:
            known = CliRunner().invoke(cli, [command, "--help"]).output
            assert [option for option in options.split() if option not in known] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_no_gap_is_left_in_the_documents(path: Path) -> None:
    assert re.findall(r"LEAD:|TODO|FIXME|FILL", path.read_text(encoding="utf-8")) == []


def test_every_script_is_mentioned_where_people_look() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in DOCUMENTS)
    names = [path.name for path in (ROOT / "scripts").iterdir() if path.is_file()]
    assert [name for name in sorted(names) if f"scripts/{name}" not in text] == []


def test_the_library_example_of_the_readme_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)[0]
    assert len([line for line in code.splitlines() if line]) <= 6
    monkeypatch.chdir(tmp_path)
    (tmp_path / "syndet").symlink_to(ROOT / "syndet")
    printed: list[object] = []
    exec(code, {"print": printed.append})
    origin, share = printed
    assert isinstance(origin, models.Origin)
    assert isinstance(share, float)


@pytest.mark.slow
def test_the_units_for_systemd_are_sound(tmp_path: Path) -> None:
    text = (ROOT / "docs/deploy.md").read_text(encoding="utf-8")
    units = re.findall(r"`/etc/systemd/system/([\w.-]+)`:\n\n((?:    .*\n|\n)+)", text)
    assert len(units) == 3
    for name, body in units:
        (tmp_path / name).write_text("".join(line.removeprefix("    ") for line in body.splitlines(keepends=True)))
    try:
        done = subprocess.run(
            ["systemd-analyze", "verify", *(tmp_path / name for name, _ in units)], capture_output=True, text=True
        )
    except FileNotFoundError:
        pytest.skip("systemd-analyze, which judges the units, is not installed here")
    wrong = [line for line in done.stderr.splitlines() if "not executable" not in line and str(tmp_path) in line]
    assert wrong == []
