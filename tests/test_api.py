import json

import jsonschema
import pytest
from build import html, prose
from fastapi.testclient import TestClient
from test_contract import SCHEMA

from syndet import Corpus, report, sources
from syndet.api import app
from syndet.models import Page


@pytest.fixture
def path(tmp_path):
    with Corpus(tmp_path / "news.db") as corpus:
        known = {"fetched": "2024-03-05T00:00:00Z", "published": "2024-03-05"}
        corpus.add_pages([Page("https://a.example/1", html(prose(150, 1)), "html", "test", **known)])
        corpus.link()
    return tmp_path / "news.db"


@pytest.fixture
def client(path):
    with TestClient(app(path), base_url="http://127.0.0.1") as made:
        yield made


def is_problem(response, status):
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["status"] == status
    assert response.json()["detail"]
    return True


def test_the_answer_is_the_one_of_the_library(client, path):
    found = client.get("/v1/lookup", params={"target": "https://a.example/1", "body": "true"})
    jsonschema.validate(found.json(), SCHEMA)
    with Corpus(path, readonly=True) as corpus:
        answer = report.lookup_dict(corpus.lookup("https://a.example/1"), corpus.recipe(), body=True)
    assert found.json() == json.loads(json.dumps(answer))


def test_url_is_another_name_for_target(client):
    assert client.get("/v1/lookup", params={"url": "https://a.example/1"}).json()["found"]


def test_an_unknown_address_is_found_false(client):
    found = client.get("/v1/lookup", params={"target": "https://nowhere.example/"})
    assert (found.status_code, found.json()["found"]) == (200, False)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (html(prose(150, 1)), "text/html; charset=utf-8"),
        (prose(150, 1).encode(), "text/plain"),
        (json.dumps({"html": html(prose(150, 1)).decode(), "url": "https://b.example/2"}).encode(), "application/json"),
        (json.dumps({"text": prose(150, 1)}).encode(), "application/json"),
    ],
)
def test_a_page_that_is_sent_is_looked_up_and_not_stored(client, path, content, kind):
    found = client.post("/v1/lookup", content=content, headers={"content-type": kind})
    jsonschema.validate(found.json(), SCHEMA)
    assert found.json()["article"]["id"] is None
    assert [other["id"] for other in found.json()["others"]] == [1]
    with Corpus(path, readonly=True) as corpus:
        assert corpus.store.articles.count() == 1


def test_json_with_an_address_alone_asks_for_a_stored_page(client):
    assert client.post("/v1/lookup", json={"url": "https://a.example/1"}).json()["article"]["id"] == 1


@pytest.mark.parametrize("content", [b"", b"[", b"[1]", b'{"url": 7}', b'{"text": "\\ud800"}', b"\xff", b"[" * 50_000])
def test_a_body_that_cannot_be_read_is_a_problem(client, content):
    assert is_problem(client.post("/v1/lookup", content=content, headers={"content-type": "application/json"}), 422)


def test_a_page_without_text_is_a_problem(client):
    assert is_problem(client.post("/v1/lookup", content=b"<html></html>", headers={"content-type": "text/html"}), 422)


def test_too_large_a_page_is_refused(client):
    content = b"x" * (sources.MAX_BYTES + 1)
    assert is_problem(client.post("/v1/lookup", content=content, headers={"content-type": "text/html"}), 413)


def test_wrong_use_is_a_problem(client):
    assert is_problem(client.get("/v1/lookup"), 422)
    assert is_problem(client.get("/v1/lookup", params={"target": "x", "body": "perhaps"}), 422)
    assert is_problem(client.get("/v2/lookup"), 404)
    assert is_problem(client.delete("/v1/lookup"), 405)


def test_health(client, path):
    assert client.get("/healthz").json()["status"] == "ok"
    path.rename(path.with_name("gone.db"))
    assert is_problem(client.get("/healthz"), 503)


def test_a_server_is_not_reached_by_another_name(path):
    with TestClient(app(path), base_url="http://evil.example") as client:
        assert client.get("/healthz").status_code == 400


def test_the_server_refuses_to_listen_where_others_can_reach_it(path):
    from syndet.api import run
    from syndet.errors import UsageError

    with pytest.raises(UsageError, match="reverse proxy"):
        run(path, "0.0.0.0", 8765)
