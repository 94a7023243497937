"""The lookup contract: every answer fits lookup.schema.json and the rules that a schema can't say."""

import json
from pathlib import Path

import jsonschema
import pytest

from syndet import Corpus, report
from syndet.models import Evidence
from syndet.store import rows

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "syndet" / "sample"
SCHEMA = json.loads((ROOT / "syndet" / "lookup.schema.json").read_text())
EXPECTED = json.loads((SAMPLE / "expected.json").read_text())
PAGES = [row for row in EXPECTED if "skipped" not in row]


@pytest.fixture(scope="session")
def sample(tmp_path_factory):
    with Corpus(tmp_path_factory.mktemp("sample") / "sample.db") as corpus:
        corpus.nightly([str(SAMPLE)])
        yield corpus


def look(corpus, url):
    return json.loads(json.dumps(report.lookup_dict(corpus.lookup(url), corpus.recipe())))


def test_the_schema_is_a_valid_schema():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("row", PAGES, ids=lambda row: row["url"].split("//")[1])
def test_a_page_of_the_sample_gets_the_answer_that_is_true_by_construction(sample, row):
    found = look(sample, row["url"])
    assert (found["verdict"], found["relation"]) == (row["verdict"], row.get("relation"))
    origin = found["origin"] or {}
    if row.get("origin"):
        assert origin["url"] == row["origin"]
    elif row.get("origin_outlet"):
        assert origin["in_store"] is False
        assert origin["outlet"] in (row["origin_outlet"], *row.get("origin_outlet_also", []))
    else:
        assert not origin
    assert (found["via"] or {}).get("url") == row.get("via")
    if "sources" in row:
        assert {other["url"] for other in found["others"] if other["role"] == "source"} == set(row["sources"])


@pytest.mark.parametrize(
    "row", [row for row in EXPECTED if "skipped" in row], ids=lambda row: row["url"].split("//")[1]
)
def test_a_page_that_is_no_article_is_left_out_for_the_right_reason(sample, row):
    assert sample.store.articles.skipped(row["url"]) == [row["skipped"]]


@pytest.mark.parametrize("row", PAGES, ids=lambda row: row["url"].split("//")[1])
def test_every_answer_fits_the_schema(sample, row):
    jsonschema.validate(look(sample, row["url"]), SCHEMA)


def test_the_sample_shows_every_relation_of_the_contract():
    shown = {row.get("relation") for row in PAGES} - {None}
    assert shown == set(SCHEMA["then"]["properties"]["relation"]["enum"]) - {None}


def test_passages_are_cut_from_the_stored_bodies(sample):
    seen = 0
    for row in PAGES:
        answer = sample.lookup(row["url"])
        for passage in report.lookup_dict(answer, "r")["shared"]["passages"] if answer.shared else []:
            source = sample.article(answer.shared_with)
            assert answer.article.body[slice(*passage["article"])] == passage["article_text"]
            assert source.body[slice(*passage["source"])] == passage["source_text"]
            seen += 1
    assert seen > 20


def test_text_evidence_stands_where_it_says(sample):
    seen = 0
    for row in PAGES:
        article = sample.article(row["url"])
        for cue in article.cues:
            if cue.where.startswith("text:"):
                begin, end = map(int, cue.where[5:].split("-"))
                assert article.body[begin:end] == cue.value
                seen += 1
    assert seen > 10


def test_shares_are_shares_and_unquoted_words_are_some_of_the_words(sample):
    for row in PAGES:
        shared = look(sample, row["url"])["shared"]
        if shared:
            assert 0 < shared["words_unquoted"] <= shared["words"]
            assert shared["longest_run"] <= shared["words"]


def test_a_repost_credits_or_does_not_and_nobody_else_has_a_credit(sample):
    for row in PAGES:
        found = look(sample, row["url"])
        assert (found["article"]["credit"] is not None) == (found["verdict"] == "repost")


def test_kinds_of_evidence_and_relations_in_the_schema_are_those_of_the_models():
    from typing import get_args

    from syndet import models

    properties = SCHEMA["then"]["properties"]
    assert set(properties["evidence"]["items"]["properties"]["kind"]["enum"]) == set(get_args(models.EvidenceKind))
    assert set(properties["relation"]["enum"]) - {None} == set(get_args(models.Relation))


def test_an_unknown_address_is_answered_with_found_false():
    answer = report.not_found("https://nowhere.example/", "recipe")
    jsonschema.validate(answer, SCHEMA)
    assert answer["found"] is False


def test_evidence_survives_the_store():
    item = Evidence("dateline", "BERLIN (dpa) –", "text:0-14", "named", None, 1.5)
    assert rows.evidence(rows.to_json([item])) == (item,)
