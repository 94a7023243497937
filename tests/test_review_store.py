"""Reviews in a store and on the command line: kept now and after every later night."""

import json
import random
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from itertools import permutations
from pathlib import Path

import pytest
from build import html, prose
from click.testing import CliRunner
from test_faults import is_one_sentence, without_leave_to_write

from syndet import Corpus, evaluate
from syndet.cli import cli
from syndet.errors import NotStored, StoreError, UsageError
from syndet.fingerprint import RECIPE
from syndet.models import Page

SCHEMA = json.loads((Path(__file__).parents[1] / "syndet" / "lookup.schema.json").read_text())
STORES = sorted((Path(__file__).parent / "stores").glob("*.db"))


BODIES = {
    "origin": prose(150, 1),
    "copy": prose(150, 1),
    "part": f"{prose(80, 2)} {' '.join(prose(150, 1).split()[20:90])}",
    "other": prose(150, 3),
}
URLS = {name: f"https://{name}.example/1" for name in BODIES}
REVIEWS = [("copy", "origin", "rejected"), ("part", "copy", "confirmed"), ("other", "origin", "origin")]


def page(name, body=None, day=None):
    dates = {"origin": "2024-03-05", "copy": "2024-03-09", "part": "2024-03-12", "other": "2024-03-01"}
    body = html(body or BODIES[name], title=f"What {name} has to say of it")
    return Page(URLS[name], body, "html", "test", published=day or dates[name], fetched="2024-04-01")


def night(corpus, *pages):
    corpus.add_pages(pages)
    corpus.link()


def review(corpus, *said):
    return [corpus.review(URLS[one], URLS[two], verdict, who="Ann", why="seen") for one, two, verdict in said]


def told(corpus):
    """Return what every page is told, without its id."""
    found = {}
    for name, url in URLS.items():
        answer = corpus.lookup(url)
        others = sorted((other.url, other.role, other.relation) for other in answer.others)
        found[name] = (answer.verdict, answer.relation, answer.origin and answer.origin.url, others)
    return found


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "news.db"
    with Corpus(path, now=lambda: datetime(2024, 5, 1, 3, tzinfo=UTC)) as corpus:
        night(corpus, *map(page, BODIES))
    return path


@pytest.fixture
def corpus(path):
    with Corpus(path, now=lambda: datetime(2024, 5, 1, 3, tzinfo=UTC)) as corpus:
        yield corpus


def test_what_people_say_survives_a_rebuild_and_a_second_night(corpus):
    before = told(corpus)
    review(corpus, *REVIEWS)
    after = told(corpus)
    assert after != before
    assert after["other"][:3] == ("repost", "declared", URLS["origin"])
    assert URLS["origin"] not in str(after["copy"])
    corpus.rebuild()
    assert told(corpus) == after
    night(corpus, replace(page("origin"), url="https://late.example/1", published="2024-03-20"), *map(page, BODIES))
    assert corpus.lookup(URLS["other"]).origin.url == URLS["origin"]
    assert {other.url for other in corpus.lookup(URLS["copy"]).others} == {URLS["part"], "https://late.example/1"}
    assert corpus.check() == []


def test_what_people_say_survives_a_new_version_of_a_page(corpus):
    review(corpus, *REVIEWS)
    expected = told(corpus)["copy"]
    for name in ("copy", "origin"):
        night(corpus, page(name, f"{BODIES[name]} {prose(40, 9)}"))
    assert told(corpus)["copy"][0::2] == expected[0::2]
    night(corpus, page("other", prose(90, 12)))
    assert corpus.lookup(URLS["other"]).origin.url == URLS["origin"]
    assert corpus.check() == []


def test_whether_people_speak_before_or_after_a_night_makes_no_difference(tmp_path):
    late = replace(page("copy"), url="https://late.example/1", published="2024-03-20")
    exports, answers = [], []
    steps = (lambda corpus: review(corpus, *REVIEWS), lambda corpus: night(corpus, late))
    for place, order in enumerate([steps, steps[::-1]]):
        with Corpus(tmp_path / f"{place}.db") as corpus:
            night(corpus, *map(page, BODIES))
            for step in order:
                step(corpus)
            exports.append(list(corpus.store.export()))
            answers.append(told(corpus))
    assert exports[0] == exports[1]
    assert answers[0] == answers[1]


def test_the_order_of_reviews_of_different_pairs_makes_no_difference(tmp_path):
    answers = []
    for place, said in enumerate(permutations(REVIEWS)):
        with Corpus(tmp_path / f"{place}.db") as corpus:
            night(corpus, *map(page, random.Random(place).sample([*BODIES], len(BODIES))))
            review(corpus, *said)
            answers.append(told(corpus))
    assert all(one == answers[0] for one in answers)


def test_a_rejected_page_is_still_found_by_later_copies_when_its_relative_changes(corpus):
    review(corpus, ("copy", "origin", "rejected"))
    night(corpus, page("origin", prose(150, 20)))
    found = corpus.lookup_text(BODIES["copy"])
    assert URLS["copy"] in {other.url for other in found.others}
    assert corpus.check() == []


def test_a_review_is_about_two_stored_articles(corpus):
    with pytest.raises(NotStored, match="nowhere"):
        corpus.review(URLS["copy"], "https://nowhere.example/", "confirmed", who="Ann")
    with pytest.raises(UsageError, match="one stored article"):
        corpus.review(URLS["copy"], corpus.find(URLS["copy"]), "confirmed", who="Ann")
    assert corpus.store.reviews.all() == []


def test_what_was_said_of_a_page_that_is_deleted_goes_with_it(corpus):
    review(corpus, *REVIEWS)
    corpus.store._db.execute("DELETE FROM articles WHERE url = ?", [URLS["origin"]])
    assert [one.verdict for one in corpus.store.reviews.all()] == ["confirmed"]
    assert corpus.lookup(URLS["other"]).verdict == "no_match"


def test_what_was_said_of_a_page_that_was_deleted_by_another_program_does_no_harm(corpus):
    review(corpus, *REVIEWS)
    corpus.store._db.execute("PRAGMA foreign_keys = OFF")
    corpus.store._db.execute("DELETE FROM articles WHERE url = ?", [URLS["origin"]])
    corpus.rebuild()
    assert corpus.lookup(URLS["other"]).verdict == "no_match"
    assert len(corpus.show(URLS["other"])[2]) == 0
    assert len(corpus.labels()) == 1
    assert "rows refer to articles that are not there" in corpus.check()[0]


def test_text_of_any_kind_can_be_said(corpus):
    said = corpus.review(1, 2, "confirmed", who="half \ud83d", why="\x1b[2J\n; DROP TABLE reviews")
    assert corpus.store.reviews.of(2) == [replace(said, who="half \ufffd")]


@pytest.mark.parametrize("kept", STORES, ids=lambda kept: kept.stem)
def test_a_store_of_every_released_version_takes_reviews(kept, tmp_path):
    path = tmp_path / "news.db"
    shutil.copy(kept, path)
    with Corpus(path) as corpus:
        if corpus.recipe() != RECIPE:
            corpus.rebuild()
        reposts = (one for one in map(corpus.lookup, corpus.store.articles.ids()) if one.origin and one.origin.id)
        found = next(reposts)
        corpus.review(found.article.id, found.origin.id, "rejected", who="Ann")
        again = corpus.lookup(found.article.id)
        assert again.origin is None or again.origin.id != found.origin.id
        assert corpus.check() == []


# -- the queue and the labels ------------------------------------------------------------------------------------------


def test_the_pairs_nearest_to_the_line_come_first_and_reviewed_ones_not_at_all(corpus):
    def distances():
        return [min(abs(one.reuse - 0.8), abs(max(one.direction, 1 - one.direction) - 0.8)) for one, *_ in near()]

    def near():
        return corpus.borderline()

    pairs = [(one.url, two.url) for _, one, two in near()]
    assert len(pairs) == 3
    assert distances() == sorted(distances())
    assert [(one.url, two.url) for _, one, two in corpus.borderline(1)] == pairs[:1]
    corpus.review(*reversed(pairs[0]), "rejected", who="Ann")
    assert [(one.url, two.url) for _, one, two in near()] == pairs[1:]
    corpus.review(*pairs[0], "open", who="Ann")
    assert [(one.url, two.url) for _, one, two in near()] == pairs


def test_reviews_are_labels_that_measure_what_was_found_and_not_what_people_said(corpus, tmp_path):
    review(corpus, *REVIEWS, ("part", "origin", "confirmed"), ("part", "origin", "open"))
    labels = tmp_path / "labels.jsonl"
    labels.write_text("\n".join(map(json.dumps, corpus.labels())), encoding="utf-8")
    for pairwise in (False, True):
        done = evaluate(labels, corpus, pairwise=pairwise)
        assert (done.lines, done.problems) == (3, ())
        assert [(case.a, case.b) for case in done.misses] == [(URLS["other"], URLS["origin"])]
        assert [(case.a, case.b) for case in done.false_links] == [(URLS["copy"], URLS["origin"])]
        assert done.direction.labelled == 2


# -- commands ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def run(path, monkeypatch):
    monkeypatch.setenv("LOGNAME", "ann")

    def call(*arguments):
        return CliRunner().invoke(cli, ["--db", str(path), *map(str, arguments)])

    return call


def test_a_review_is_written_down_and_lookup_and_show_tell_it(run):
    done = run("review", "confirm", URLS["other"], URLS["origin"], "--why", "the editor says so")
    assert done.exit_code == 0
    assert done.output.startswith("Written down. 20")
    assert f"ann: {URLS['other']} has text of {URLS['origin']} (the editor says so)" in done.output
    assert "a person says so: ann: the editor says so" in run("lookup", URLS["other"]).output
    record = json.loads(run("review", "reject", URLS["origin"], "4", "--by", "Ben", "--json").output)
    assert (record["verdict"], record["who"], record["why"]) == ("rejected", "Ben", "")
    assert (record["repost"]["url"], record["origin"]["id"]) == (URLS["origin"], 4)
    assert json.loads(run("lookup", URLS["other"], "--json").output)["verdict"] == "no_match"
    history = json.loads(run("show", URLS["other"], "--json").output)["reviews"]
    assert [one["verdict"] for one in history] == ["confirmed", "rejected"]
    shown = run("show", URLS["other"]).output
    assert "Reviews, of each pair the last one counts:" in shown
    assert f"Ben: {URLS['origin']} and {URLS['other']} have no text of each other" in shown


def test_every_word_of_the_command_is_a_verdict(run):
    for word, verdict in (("origin", "origin"), ("withdraw", "open"), ("confirm", "confirmed"), ("reject", "rejected")):
        assert json.loads(run("review", word, 2, 1, "--json").output)["verdict"] == verdict


def test_without_a_verdict_the_queue_is_listed(run):
    listed = json.loads(run("review", "--json").output)["pairs"]
    assert [one["state"] for one in listed] == [one.split(",")[0] for one in run("review").output.split("\n")[:9:3]]
    assert listed[0]["probability"].keys() == {"reuse", "origin"}
    assert len(json.loads(run("review", "--json", "--limit", 1).output)["pairs"]) == 1
    for one in listed:
        run("review", "confirm", one["repost"]["id"], one["origin"]["id"])
    assert run("review").output == "No link waits for a review.\n"


def test_labels_are_exported_for_evaluate(run, tmp_path):
    run("review", "confirm", URLS["part"], URLS["copy"])
    run("review", "reject", URLS["other"], URLS["copy"])
    labels = tmp_path / "labels.jsonl"
    assert run("review", "--export", labels).stderr == "2 labels written.\n"
    assert [json.loads(line) for line in labels.read_text().splitlines()] == [
        {"a": URLS["part"], "b": URLS["copy"], "label": "reuse", "origin": "b"},
        {"a": URLS["other"], "b": URLS["copy"], "label": "none"},
    ]
    assert run("evaluate", labels).exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("confirm",), 2, "Name two stored articles: syndet review confirm REPOST ORIGIN."),
        (("confirm", "1"), 2, "Name two stored articles"),
        (("agree", "1", "2"), 2, "agree"),
        (("confirm", "1", "1"), 2, "one stored article"),
        (("confirm", "1", "99"), 1, "99 is not stored; `syndet add SOURCE` stores pages."),
    ],
)
def test_wrong_use_is_told_in_one_sentence(run, arguments, code, said):
    done = run("review", *arguments)
    assert done.exit_code == code
    assert said in done.stderr


def test_who_is_unknown_to_the_machine_has_to_say_his_name(run, monkeypatch):
    def nobody():
        raise KeyError("uid")

    monkeypatch.setattr("getpass.getuser", nobody)
    assert "--by" in run("review", "confirm", 2, 1).stderr
    assert run("review", "confirm", 2, 1, "--by", "Ann").exit_code == 0


def test_a_run_that_is_at_work_holds_up_no_review_and_none_is_made_where_nothing_may_be_written(path, run):
    with Corpus(path) as other, other.store.lock():
        assert run("review", "reject", 2, 1).exit_code == 0
        assert run("review").exit_code == 0
    with without_leave_to_write(path.parent):
        assert is_one_sentence(run("review", "confirm", 2, 1))
        assert run("lookup", URLS["copy"]).exit_code == 0
    with Corpus(path, readonly=True) as reader:
        with pytest.raises(StoreError, match="it cannot be written"):
            reader.review(2, 1, "confirmed", who="Ann")
        assert [one.verdict for one in reader.store.reviews.all()] == ["rejected"]


def test_without_a_store_none_is_made(tmp_path):
    missing = tmp_path / "none.db"
    for arguments in (("review",), ("review", "confirm", "1", "2")):
        done = CliRunner().invoke(cli, ["--db", str(missing), *arguments])
        assert is_one_sentence(done)
    assert not missing.exists()
