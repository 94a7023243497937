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
    assert is_problem(client.post("/v1/lookup", json={"url": "https://a.example/1", "fetched": True}), 422)


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
    assert is_problem(client.get("/v1/lookup?target=a&url=b"), 422)
    assert "^" not in client.get("/v1/changes?since=yesterday").json()["detail"]


def test_what_an_address_may_be_asked_with_is_said_in_full(client):
    assert client.delete("/v1/lookup").headers["allow"] == "HEAD, GET, POST"
    assert client.get("/v1/articles").headers["allow"] == "POST"
    assert client.options("/v1/articles/1").headers["allow"] == "HEAD, GET"


def test_health(client, path):
    assert client.get("/healthz").json()["status"] == "ok"
    path.rename(path.with_name("gone.db"))
    assert is_problem(client.get("/healthz"), 503)


def test_ready_is_who_can_answer_everything(client, path):
    assert client.get("/readyz").json()["status"] == "ready"
    with Corpus(path) as corpus, corpus.store.transaction():
        corpus.store.index.set_recipe("another", "golden")
    assert client.get("/healthz").status_code == 200
    assert is_problem(client.get("/readyz"), 503)


def test_the_head_of_an_answer_comes_without_its_body(client):
    whole = client.get("/v1/articles/1")
    head = client.head("/v1/articles/1")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["etag"] == whole.headers["etag"]


def test_a_parameter_that_nobody_knows_is_no_silence(client):
    assert "target" in client.get("/v1/lookup", params={"traget": "x"}).json()["detail"]
    assert is_problem(client.get("/v1/lookup?target=a&target=b"), 422)


def test_an_answer_is_recognised_until_the_store_changes(client, path):
    answers = ("lookup?target=https://a.example/1", "articles/1", "clusters/1", "outlets/a.example", "compare?a=1&b=1",
               "changes", "outlets/a.example/reposts.atom")  # fmt: skip
    for address in (f"/v1/{one}" for one in answers):
        first = client.get(address)
        tag = first.headers["etag"]
        assert tag.startswith('"'), address
        for wanted in (tag, f'"x", {tag}', f"W/{tag}", "*"):
            again = client.get(address, headers={"If-None-Match": wanted})
            assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag), address
        assert client.get(address, headers={"If-None-Match": '"x"'}).content == first.content
        with Corpus(path) as corpus:
            corpus.take([Page(f"https://n.example/{hash(address)}", html(prose(99, len(address))), "html", "test")])
        changed = client.get(address, headers={"If-None-Match": tag})
        assert (changed.status_code, changed.headers["etag"] != tag) == (200, True), address


def test_two_questions_never_have_one_tag(client):
    asked = ["articles/1", "articles/1?body=true", "lookup?target=https://a.example/1", "lookup?target=x", "changes",
             "changes?limit=7"]  # fmt: skip
    assert len({client.get(f"/v1/{one}").headers["etag"] for one in asked}) == len(asked)


def test_what_is_not_stored_is_not_found_whoever_asks(client):
    missing = ("articles/9", "articles/9223372036854775807", "clusters/9", "outlets/nobody.example", "compare?a=1&b=9",
               "compare?a=https://nowhere.example/&b=1", "outlets/nobody.example/reposts.atom")  # fmt: skip
    for address in missing:
        assert is_problem(client.get(f"/v1/{address}", headers={"If-None-Match": "*"}), 404), address
    for address in ("articles/0", "articles/x", "articles/9223372036854775808", "compare?a=1", "changes?limit=0"):
        assert is_problem(client.get(f"/v1/{address}"), 422), address


def test_a_fault_of_the_server_is_told_without_its_inside(path, monkeypatch):
    def fail(*_):
        raise RuntimeError("a secret of the house")

    monkeypatch.setattr(Corpus, "lookup", fail)
    with TestClient(app(path), base_url="http://127.0.0.1", raise_server_exceptions=False) as client:
        found = client.get("/v1/lookup", params={"target": "https://a.example/1"})
    assert is_problem(found, 500)
    assert "secret" not in found.text
    assert found.json()["request"] == found.headers["x-request-id"]


def test_pages_of_people_may_tell_errors_as_pages_but_not_in_the_api():
    from syndet.api.problems import wants_page

    browser = "text/html,application/xhtml+xml,*/*;q=0.8"
    assert wants_page("/nothing", browser)
    assert not wants_page("/v1/nothing", browser)
    assert not wants_page("/nothing", "application/json")
