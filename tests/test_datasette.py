"""Datasette opens a store usefully: the real one, with the files of `syndet export datasette`."""

from __future__ import annotations

import asyncio
import html
import re
import sqlite3
import warnings
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from click.testing import CliRunner

from syndet import Corpus, browse
from syndet.cli import cli

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # what it imports is not ours to mend
    app = pytest.importorskip("datasette.app", reason="Datasette is not installed here (it comes with the dev extra)")
    utils = pytest.importorskip("datasette.utils")

pytestmark = pytest.mark.filterwarnings("ignore")

ROOT = Path(__file__).resolve().parent.parent
# What the queries that ask for something are asked for, on the sample.
ASKED = {
    "reposts_of_an_outlet": {"site": "harbour-courier.example"},
    "reposts_by_an_outlet": {"site": "dailycounterweight.example"},
    "uncredited_reposts_of_a_month": {"month": "2024-06"},
    "one_cluster": {"cluster": "2"},
}
METADATA: dict[str, Any] = utils.parse_metadata(browse.documents("syndet")["metadata.yaml"])["databases"]["syndet"]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("store") / "syndet.db"
    with Corpus(path) as corpus:
        corpus.nightly([str(ROOT / "syndet/sample")], keep_bytes=True)
        corpus.review(1, 2, "rejected", who="Ann", why="two stories")
    return path


@pytest.fixture(scope="module")
def opened(store: Path) -> Any:
    """Return Datasette with the store, as its command line opens it."""
    folder = store.with_name("made")
    done = CliRunner().invoke(cli, ["--db", str(store), "export", "datasette", str(folder)])
    assert done.exit_code == 0, done.output
    metadata = utils.parse_metadata((folder / "metadata.yaml").read_text("utf-8"))
    return app.Datasette([str(store)], metadata=metadata, plugins_dir=str(folder / "plugins"))


def get(opened: Any, path: str) -> Any:
    async def asked() -> Any:
        await opened.invoke_startup()
        return await opened.client.get(path)

    return asyncio.run(asked())


def columns(store: Path) -> dict[str, list[str]]:
    with sqlite3.connect(store) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = {name: database.execute("SELECT name FROM pragma_table_info(?)", [name]).fetchall() for name in tables}
    return {table: [name for (name,) in names] for table, names in found.items()}


def test_every_table_and_column_of_the_store_is_explained_and_no_other(store: Path) -> None:
    found = columns(store)
    assert set(METADATA["tables"]) == set(found)
    for table, about in METADATA["tables"].items():
        assert about["description"]
        if not table.startswith("_"):
            assert set(about["columns"]) == set(found[table]), table
        used = [*about.get("facets", []), about.get("sort_desc"), about.get("label_column")]
        assert {name for name in used if name} <= set(found[table]), table


def test_the_front_page_shows_what_is_given_and_hides_the_index(opened: Any) -> None:
    page = get(opened, "/syndet")
    assert page.status_code == 200
    shown = get(opened, "/syndet.json").json()
    hidden = {table["name"] for table in shown["tables"] if table["hidden"]}
    assert {"postings", "segments", "blocks", "removed", "fingerprints"} <= hidden
    assert not hidden & {"articles", "links", "clusters", "skips", "reviews", "runs", "licences"}
    assert {query["name"] for query in shown["queries"]} == set(METADATA["queries"])
    assert "Reposts of an outlet" in page.text


@pytest.mark.parametrize("table", [name for name, about in METADATA["tables"].items() if not about.get("hidden")])
def test_every_table_opens_with_its_facets_and_explanations(opened: Any, table: str) -> None:
    page = get(opened, f"/syndet/{table}")
    assert page.status_code == 200
    shown = re.sub(r"\W+", " ", html.unescape(page.text))
    for text in METADATA["tables"][table]["columns"].values():
        assert re.sub(r"\W+", " ", text)[:30] in shown, text
    facets = METADATA["tables"][table].get("facets", [])
    found = get(opened, f"/syndet/{table}.json").json()
    assert set(found["facet_results"]) <= set(facets)
    if table in ("articles", "links", "skips"):
        assert found["facet_results"]


@pytest.mark.parametrize("name", sorted(METADATA["queries"]))
def test_every_query_runs_and_finds_something_on_the_sample(opened: Any, name: str) -> None:
    asked = "&".join(f"{key}={quote(value)}" for key, value in ASKED.get(name, {}).items())
    assert set(re.findall(r":(\w+)", METADATA["queries"][name]["sql"])) == set(ASKED.get(name, {}))
    found = get(opened, f"/syndet/{name}.json?{asked}").json()
    assert found["ok"] is True, found
    assert found["rows"]
    assert get(opened, f"/syndet/{name}?{asked}").status_code == 200


def test_a_query_finds_what_is_true_of_the_sample(opened: Any) -> None:
    found = get(opened, "/syndet/skips_by_reason.json?_shape=array").json()
    assert {row["reason"]: row["pages"] for row in found} == {"not_html": 2, "no_text": 1, "too_short": 1}
    found = get(opened, "/syndet/uncredited_reposts_of_a_month.json?month=2024-06&_shape=array").json()
    assert {row["page"] for row in found} == {"https://dailycounterweight.example/three-stories-the-big-papers-missed/"}


def test_bodies_are_shown_as_text_and_nothing_in_them_as_markup(opened: Any, store: Path) -> None:
    with Corpus(store, readonly=True) as corpus:
        body = corpus.article(1).body
    assert " ".join(body.split()[:6]) in get(opened, "/syndet/articles/1").text
    found = get(opened, "/syndet.json?sql=select+body_text(body)+as+t+from+articles+where+id=1&_shape=array").json()
    assert found == [{"t": body}]
    sql = quote("select body_text('x') as a, body_text(x'00ff') as b, body_text(null) as c")
    assert get(opened, f"/syndet.json?sql={sql}&_shape=array").json() == [{"a": None, "b": None, "c": None}]


def test_a_store_of_any_name_finds_its_metadata(tmp_path: Path) -> None:
    path = tmp_path / 'news: "a", {b}.db'
    Corpus(path).close()
    made = utils.parse_metadata(browse.documents(path.stem)["metadata.yaml"])
    assert list(made["databases"]) == ['news: "a", {b}']
    opened = app.Datasette([str(path)], metadata=made)
    assert [name for name in opened.databases if name != "_internal"] == ['news: "a", {b}']


def test_the_command_says_how_to_start_it(store: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(cli, ["--db", str(store), "export", "datasette", str(tmp_path / "a b")])
    assert f"datasette {store} --metadata '{tmp_path}/a b/metadata.yaml' --plugins-dir" in done.output
    (tmp_path / "file").write_text("")
    done = CliRunner().invoke(cli, ["--db", str(store), "export", "datasette", str(tmp_path / "file/x")])
    assert done.exit_code == 2
    assert "cannot be written" in done.output
