"""The founding example, and a pair written for this project in the same manner."""

import json
from pathlib import Path

import jsonschema
import pytest

from syndet import Corpus, compare, report

PAIR = Path(__file__).parent / "pages" / "reworded"
SCHEMA = json.loads((Path(__file__).parents[1] / "syndet" / "lookup.schema.json").read_text())


@pytest.fixture
def corpus(tmp_path):
    with Corpus(tmp_path / "news.db") as made:
        yield made


def test_the_founding_example_alone_in_a_store_names_its_origin(corpus, data):
    (path,) = (data / "seed").glob("*.txt")
    corpus.nightly([str(path)])
    found = report.lookup_dict(corpus.lookup(path.resolve().as_uri()), corpus.recipe())
    jsonschema.validate(found, SCHEMA)
    assert (found["verdict"], found["relation"], found["shared"]) == ("repost", "declared", None)
    origin = found["origin"]
    assert (origin["in_store"], origin["outlet"]) == (False, "The Epoch Times")
    assert origin["title"] == "Putin to Meet Xi in Beijing This Week"
    assert found["article"]["outlet"] == "Conservative News Daily"
    assert found["article"]["credit"] == "named"
    body = corpus.article(path.resolve().as_uri()).body
    where = {item["kind"]: item["where"] for item in found["evidence"]}
    places = {kind: body[slice(*map(int, place[5:].split("-")))] for kind, place in where.items()}
    assert places["heading_outlet"] == body.split("\n")[0]
    assert places["attribution_line"].endswith("Putin to Meet Xi in Beijing This Week")
    assert places["own_outlet"].strip('" ').startswith("Conservative News Daily")


def test_a_reworded_padded_copy_is_linked_with_its_passages(corpus):
    corpus.nightly([str(PAIR)])
    answer = corpus.lookup((PAIR / "repost.txt").resolve().as_uri())
    assert (answer.verdict, answer.relation) == ("repost", "rewrite")
    assert answer.origin.url == (PAIR / "origin.txt").resolve().as_uri()
    assert answer.origin.in_store
    assert answer.shared.jaccard <= 0.1
    assert len(answer.shared.passages) >= 3
    assert answer.article.outlet == "Plain Speaker Daily"


def test_the_wording_alone_gives_a_reworded_copy_away():
    def undeclared(name):
        text = (PAIR / name).read_text()
        return text.split("Read More From Original Article Here")[0].split("\n", 2)[2]

    found = compare(undeclared("repost.txt"), undeclared("origin.txt"))
    assert found.relation == "rewrite"
    assert found.link.reuse >= 0.8


def test_two_articles_of_one_site_with_only_boilerplate_in_common_are_not_linked(corpus):
    summary = corpus.nightly([str(PAIR.parent / "boilerplate")])
    assert summary.new == 4
    assert summary.aligned > 0  # they were compared, not missed
    assert not summary.links
    assert not summary.possible
