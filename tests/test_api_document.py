"""The OpenAPI document is true: every answer fits what it declares, whatever is asked (schemathesis).

SYNDET_EXAMPLES=500 asks so many questions of each operation; 60 without that.
"""

import os
from copy import deepcopy
from pathlib import Path

import jsonschema
import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi import checks

from syndet import Corpus
from syndet.api import app
from syndet.api.tokens import Tokens

SAMPLE = Path(__file__).parents[1] / "syndet" / "sample"
TOKENS = Tokens(read="a token for reading", write="a token for writing")
WRITER = {"Authorization": "Bearer a token for writing"}
EXAMPLES = int(os.environ.get("SYNDET_EXAMPLES", "60"))


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    path = tmp_path_factory.mktemp("sample") / "sample.db"
    with Corpus(path) as corpus:
        corpus.nightly([str(SAMPLE)])
    return app(path, asked=TOKENS, hosts=None)


@pytest.fixture(scope="module")
def document(made):
    return made.openapi()


OPERATIONS = [
    "GET /v1/lookup", "POST /v1/lookup", "GET /v1/articles/{id}", "GET /v1/clusters/{id}", "GET /v1/outlets/{site}",
    "GET /v1/outlets/{site}/reposts.atom", "GET /v1/compare", "GET /v1/changes",
    "POST /v1/articles", "POST /v1/reviews", "GET /healthz", "GET /readyz", "GET /metrics",
]  # fmt: skip
# What fits the shapes may still be refused for what it says: no address at all, a text that is too short, a place in
# the changes of another store, an article reviewed with itself.
REFUSED_FOR_WHAT_THEY_SAY = (
    "GET /v1/lookup", "POST /v1/lookup", "GET /v1/clusters/{id}", "GET /v1/changes",
    "POST /v1/articles", "POST /v1/reviews",
)  # fmt: skip
# A page that is of no use is told of in its place, and the others are taken.
TOLERANT = ("POST /v1/articles",)


def test_no_operation_is_left_out_of_what_is_asked_below(document):
    found = [f"{method.upper()} {path}" for path, item in document["paths"].items() for method in item]
    assert sorted(found) == sorted(OPERATIONS)


def described(made, mode):
    """Return the document of `made`. Every request has a token: that one may lack is nothing to try wrong ones with."""
    document = deepcopy(made.openapi())
    if mode is GenerationMode.NEGATIVE:
        for item in document["paths"].values():
            for operation in item.values():
                operation["security"] = []
    found = schemathesis.openapi.from_dict(document)
    found.app = made
    return found


@pytest.mark.slow
@pytest.mark.parametrize("label", OPERATIONS)
def test_every_answer_is_declared_whatever_is_asked(made, label):
    method, _, path = label.partition(" ")
    left_out = [checks.positive_data_acceptance] if label in REFUSED_FOR_WHAT_THEY_SAY else []
    left_out += [checks.negative_data_rejection] if label in TOLERANT else []

    def ask(mode):
        @settings(
            max_examples=EXAMPLES, deadline=None, derandomize=True, database=None,
            suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate],
        )  # fmt: skip
        @given(case=described(made, mode)[path][method].as_strategy(generation_mode=mode))
        def asked(case):
            case.call_and_validate(headers=WRITER, excluded_checks=left_out)

        asked()

    ask(GenerationMode.POSITIVE)
    if path.startswith("/v1/"):  # the others take nothing that could be wrong
        ask(GenerationMode.NEGATIVE)


def closed(schema):
    """Return a schema that allows no key but those that it declares."""
    if isinstance(schema, list):
        return [closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    found = {name: closed(part) for name, part in schema.items()}
    if "properties" in found and found.get("type") == "object" and "additionalProperties" not in found:
        found["additionalProperties"] = False
    return found


def fits(document, name, record):
    components = {"components": document["components"]}
    if name != "Lookup":  # it says the same in parts that are one in all
        components = closed(components)
    jsonschema.Draft202012Validator({"$ref": f"#/components/schemas/{name}", **components}).validate(record)


def test_it_is_openapi_3_1_and_each_operation_says_what_may_come_back(document):
    assert document["openapi"].startswith("3.1")
    for path, item in document["paths"].items():
        for method, operation in item.items():
            assert {"400", "401", "403", "500", "503"} <= set(operation["responses"]), path
            for status, response in operation["responses"].items():
                assert status == "304" or response["content"], (path, method, status)
                if status >= "400":
                    assert list(response["content"]) == ["application/problem+json"]


def test_every_example_fits_its_shape(document):
    told = 0
    for item in document["paths"].values():
        for operation in item.values():
            for response in operation["responses"].values():
                content = response.get("content", {}).get("application/json", {})
                if "example" in content:
                    fits(document, content["schema"]["$ref"].rpartition("/")[2], content["example"])
                    told += 1
    assert told >= 9


def test_every_answer_about_the_sample_fits_its_shape_and_has_no_key_beside(made, document):
    with TestClient(made, base_url="http://127.0.0.1", headers=WRITER) as client:
        record = client.get("/v1/changes", params={"limit": 1000}).json()
        fits(document, "Changes", record)
        assert {one["what"] for one in record["changes"]} == {"links", "origin", "cluster"}
        for number in range(1, 49):
            record = client.get(f"/v1/articles/{number}", params={"body": number % 2}).json()
            fits(document, "Article", record)
            if record["cluster"] is not None:
                fits(document, "Cluster", client.get(f"/v1/clusters/{record['cluster']}").json())
            fits(document, "Lookup", client.get("/v1/lookup", params={"target": record["article"]["url"]}).json())
            fits(document, "Outlet", client.get(f"/v1/outlets/{record['article']['site']}").json())
            sides = {"a": number, "b": number % 7 + 1, "changes": True}
            fits(document, "Comparison", client.get("/v1/compare", params=sides).json())
        fits(document, "Problem", client.get("/v1/articles/999").json())


def test_reading_is_declared_free_where_no_token_is_asked_for(tmp_path):
    with Corpus(tmp_path / "news.db"):
        pass
    found = app(tmp_path / "news.db").openapi()
    assert found["paths"]["/v1/lookup"]["get"]["security"] == []
    assert found["paths"]["/v1/articles"]["post"]["security"] == [{"write": []}]
