"""A command that has to start first loads what it needs and no more."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from build import html

from syndet import Corpus, Page

# Each takes several times as long to load as the answer to an address takes.
HEAVY = (
    "numpy", "scipy", "lxml", "fastapi", "sqlite_utils", "courlan", "tldextract", "datasketch", "trafilatura",
    "htmldate", "py3langid", "regex", "ahocorasick_rs", "pydantic", "jinja2",
)  # fmt: skip
# Runs the command line and tells on standard error which of HEAVY are there when it is done.
WATCHED = (
    "import sys\nfrom syndet.cli import main\ntry:\n    main()\nexcept SystemExit as stop:\n    assert not stop.code\n"
    f"print(*(name for name in {HEAVY!r} if name in sys.modules), file=sys.stderr)"
)
ADDRESS = "https://www.harbour-courier.example/2024/ferries"
BODY = (
    "The ferry to Eastport will run every hour from Monday, said the harbour office, and fares stay as they were. " * 9
)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store of an article, a copy that credits it, and one that credits a page that is not stored."""
    path = tmp_path_factory.mktemp("start") / "news.db"
    credit = 'This article was originally published by <a href="{}">{}</a>.'
    copy = f"{BODY}\n{credit.format(ADDRESS, 'The Harbour Courier')}"
    other = f"{BODY.replace('ferry', 'boat')}\n{credit.format('https://www.far.co.uk/x', 'Far Post')}"
    pages = {
        ADDRESS: html(BODY, title="Fähren fahren häufiger – „jede Stunde“"),
        "https://lake.example/a": html(copy, title="Ferries"),
        "https://pond.example/b": html(other, title="Boats"),
    }
    with Corpus(path) as corpus:
        corpus.add_pages(Page(url, data, "html", url) for url, data in pages.items())
        corpus.link()
    return path


def loaded(*arguments: str) -> tuple[str, str]:
    """Return what a command prints, and which of HEAVY it loaded."""
    command = [sys.executable, "-W", "ignore", "-c", WATCHED, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env={**os.environ, "SYNDET_DB": ""})
    return done.stdout, done.stderr.strip()


@pytest.mark.parametrize("form", [[], ["--json"], ["--json", "--body"]])
@pytest.mark.parametrize("address", [ADDRESS, "http://m.lake.example/a?utm_source=x", "https://pond.example/b"])
def test_the_answer_to_an_address_loads_nothing_that_reading_pages_needs(
    store: Path, address: str, form: list[str]
) -> None:
    shown, heavy = loaded("--db", str(store), "lookup", address, *form)
    assert heavy == ""
    assert "harbour-courier.example" in shown or "far.co.uk" in shown


@pytest.mark.parametrize("arguments", [["--help"], ["lookup", "--help"], ["--version"]])
def test_help_loads_nothing_that_work_needs(arguments: list[str]) -> None:
    shown, heavy = loaded(*arguments)
    assert heavy == ""
    assert "syndet" in shown
