import os
from pathlib import Path

import pytest
from build import prose, record, write
from click.testing import CliRunner

from syndet import Corpus
from syndet.cli import cli


@pytest.fixture(scope="session")
def data() -> Path:
    folder = Path(os.environ.get("SYNDET_DATA") or Path(__file__).parents[1] / ".." / "shared" / "data").resolve()
    if not folder.is_dir():
        pytest.skip(f"the collections are not at {folder}; set SYNDET_DATA to where they lie")
    return folder


@pytest.fixture
def path(tmp_path):
    """Return the path of a store with a story, its copy, and another story."""
    with Corpus(tmp_path / "news.db") as corpus:
        body = prose(150, 1)
        source = write(
            tmp_path / "pages.jsonl",
            record(1, body, published="2024-03-01"),
            record(2, body, published="2024-03-05"),
            record(3),
        )
        corpus.nightly([source])
    return tmp_path / "news.db"


@pytest.fixture
def run(tmp_path):
    def call(*arguments):
        return CliRunner().invoke(cli, ["--db", str(tmp_path / "news.db"), *map(str, arguments)])

    return call
