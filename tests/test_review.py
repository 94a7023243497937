"""What a person said of a pair goes before all that was found, now and after every later night."""

import json
import random
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from itertools import permutations
from pathlib import Path

import jsonschema
import pytest
from build import html, names, prose
from click.testing import CliRunner
from test_answer import EARLY, LAST, LATER, REUTERS, STORY, World, at, by, roles
from test_faults import is_one_sentence, without_leave_to_write

from syndet import Corpus, evaluate, report
from syndet.cli import cli
from syndet.errors import NotStored, StoreError, UsageError
from syndet.fingerprint import RECIPE
from syndet.models import Page, Review
from syndet.tell import lookup_text

SCHEMA = json.loads((Path(__file__).parents[1] / "syndet" / "lookup.schema.json").read_text())
STORES = sorted((Path(__file__).parent / "stores").glob("*.db"))


def say(*said):
    """Return reviews in this order, each of (repost, verdict, origin) by letter."""
    verdicts = {"confirms": "confirmed", "rejects": "rejected", "origin": "origin", "withdraws": "open"}
    return [
        Review("abcdefgh".index(one) + 1, "abcdefgh".index(other) + 1, verdicts[verdict], "Ann", "seen", f"day {n}", n)
        for n, (one, verdict, other) in enumerate(said, 1)
    ]


def world(*articles, said):
    return World(*articles, said=say(*(line.split() for line in said)))


def reviewed(found):
    """Return the weight of a person's word in an answer, None where nobody spoke."""
    return next((item.weight for item in found.evidence if item.kind == "review"), None)


# -- a rejected pair ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pair", ["a rejects b", "b rejects a"])
@pytest.mark.parametrize("dates", [(EARLY, LATER), ({}, {})])
def test_a_rejected_pair_shows_nowhere(pair, dates):
    told = world(at("a", **dates[0]), at("b", **dates[1]), said=[pair])
    for found in (told.a, told.b):
        assert (found.verdict, found.others, found.cluster, found.shared) == ("no_match", (), None, None)


def test_a_rejected_pair_is_not_tied_by_a_comparison_that_was_made_late_either():
    pages = [at("a", **EARLY), at("b", **LATER, cues=(by("a"),)), at("c", **LAST, cues=(by("b"),))]
    assert World(*pages).c.origin.id == 1
    found = world(*pages, said=["c rejects a"]).c
    assert (found.verdict, found.origin.id, roles(found)) == ("repost", 2, {2: "source"})


def test_a_rejected_page_is_no_origin_though_the_page_itself_gives_its_address():
    wrong = names(url="https://a-news.example/story", kind="canonical")
    told = world(at("a", **EARLY), at("b", **LATER, cues=(wrong,)), said=["b rejects a"])
    assert (told.b.verdict, told.b.origin, told.a.verdict) == ("no_match", None, "no_match")


def test_rejecting_one_of_two_sources_leaves_the_other():
    pages = [at("a", **EARLY), at("b", **LATER), at("c", **LAST)]
    told = world(*pages, said=["c rejects b"])
    assert (told.c.origin.id, roles(told.c)) == (1, {1: "source"})
    assert roles(told.b) == {1: "source"}


# -- a confirmed pair --------------------------------------------------------------------------------------------------


def test_a_confirmed_pair_that_was_only_possible_is_a_repost():
    told = world(at("a"), at("b"), said=["b confirms a"])
    assert (told.b.verdict, told.b.relation, told.b.origin.id) == ("repost", "exact", 1)
    assert (told.b.reuse, told.b.direction, reviewed(told.b)) == (1.0, 1.0, 12.0)
    assert (told.a.verdict, told.a.reuse, told.a.direction, reviewed(told.a)) == ("origin", 1.0, 1.0, 12.0)
    assert {item.weight for item in told.b.evidence if item.kind != "review"} == {0.0}


def test_a_confirmed_pair_goes_the_way_that_the_person_says_whatever_the_dates_say():
    part = ". ".join(STORY.split(". ")[:7]) + "."
    told = world(at("a", part, **EARLY), at("b", **LATER), said=["a confirms b"])
    assert (told.a.verdict, told.a.relation, told.a.origin.id) == ("repost", "excerpt", 2)
    shared = told.a.shared
    assert (round(shared.containment_in_source, 1), shared.containment_of_source < 0.6) == (1.0, True)
    assert (told.b.verdict, roles(told.b)) == ("origin", {1: "repost"})


@pytest.mark.parametrize("words", [8, 60])
def test_a_confirmed_pair_that_was_not_found_is_linked_and_shows_what_is_shared(words):
    taken = " ".join(STORY.split()[:words])
    pages = [at("a"), at("b", f"{prose(90, 2)} {taken} {prose(90, 3)}")]
    assert World(*pages, links=[]).b.verdict == "no_match"
    told = World(*pages, links=[], said=say(("b", "confirms", "a")))
    assert (told.b.verdict, told.b.origin.id, roles(told.a)) == ("repost", 1, {2: "repost"})
    assert words - 2 <= told.b.shared.words <= words + 2
    assert told.a.cluster.articles == 2


def test_a_confirmed_pair_without_a_word_in_common_rests_on_the_person_alone():
    told = world(at("a", prose(120, 4)), at("b", prose(120, 5)), said=["b confirms a"])
    assert (told.b.verdict, told.b.relation, told.b.shared, told.b.origin.id) == ("repost", "declared", None, 1)
    text = lookup_text(told.b)
    assert "as a person says" in text
    assert "How sure: a person says so." in text
    assert "strong sign  a person says so: Ann: seen" in text
    for found in (told.a, told.b):
        jsonschema.validate(json.loads(json.dumps(report.lookup_dict(found, "r"))), SCHEMA)


def test_a_confirmed_step_is_followed_on_to_the_root():
    told = world(at("a", **EARLY), at("b", **LATER, cues=(by("a"),)), at("c", prose(90, 6)), said=["c confirms b"])
    assert (told.c.origin.id, told.c.via.id, told.c.shared_with) == (1, 2, None)


def test_a_confirmed_carrier_of_agency_copy_is_the_hop_to_the_agency():
    told = world(at("a", **EARLY, cues=(REUTERS,)), at("b", **LATER, cues=(REUTERS,)), said=["b confirms a"])
    assert (told.b.relation, told.b.origin.outlet, told.b.via.id) == ("wire", "Reuters", 1)
    assert told.a.via is None


def test_two_addresses_of_one_site_stay_revisions():
    moved = at("b", site="a-news.example", outlet="The A News", path="new")
    told = world(at("a"), moved, said=["b confirms a"])
    assert (told.b.verdict, told.b.relation, told.b.origin.id) == ("repost", "revision", 1)
    assert roles(told.b) == {1: "revision"}


# -- a pinned origin ---------------------------------------------------------------------------------------------------


def test_a_pinned_origin_goes_before_what_was_found_and_what_the_page_names():
    pages = [at("a", **EARLY), at("b", **LATER), at("c", **LAST, cues=(by("b"),))]
    told = world(*pages, said=["b origin c"])
    assert (told.b.origin.id, told.b.reuse, told.b.direction) == (3, 1.0, 1.0)
    assert (told.c.verdict, told.c.origin) == ("origin", None)


def test_a_pinned_origin_is_where_the_story_begins_for_all_who_follow():
    pages = [at("a", **EARLY), at("b", **LATER, cues=(by("a"),)), at("c", **LAST, cues=(by("b"),))]
    told = world(*pages, said=["c origin b"])
    assert (told.b.verdict, told.c.origin.id, told.c.via) == ("origin", 2, None)


def test_a_pinned_origin_goes_back_to_no_agency():
    told = world(at("a", **EARLY, cues=(REUTERS,)), at("b", **LATER, cues=(REUTERS,)), said=["b origin a"])
    assert (told.b.origin.id, told.b.relation, told.a.verdict) == (1, "exact", "origin")


def test_a_page_with_a_pinned_origin_is_no_digest():
    parts = [at("a", **EARLY), at("b", prose(200, 2), **EARLY)]
    both = at("c", f"{STORY}\n\n{prose(200, 2)}", **LAST)
    assert World(*parts, both).c.relation == "digest"
    found = world(*parts, both, said=["c origin a"]).c
    assert (found.relation, found.origin.id) == ("extended", 1)


def test_of_two_origins_of_one_page_the_later_counts():
    pages = [at("a"), at("b"), at("c")]
    told = world(*pages, said=["c origin a", "c origin b"])
    assert told.c.origin.id == 2
    assert told.b.verdict == "origin"
    withdrawn = world(*pages, said=["c origin a", "c origin b", "c withdraws b"])
    assert withdrawn.c.origin.id == 1


def test_pinned_origins_are_followed_in_whatever_order_they_were_said():
    pages = [at("a", prose(90, 1)), at("b", prose(90, 2)), at("c", prose(90, 3))]
    for said in permutations(["c origin b", "b origin a"]):
        told = world(*pages, said=said)
        assert (told.c.origin.id, told.c.via.id, told.b.origin.id, told.a.verdict) == (1, 2, 1, "origin")


def test_people_who_pin_in_a_circle_make_nobody_its_own_origin():
    pages = [at("a", prose(90, 1)), at("b", prose(90, 2)), at("c", prose(90, 3))]
    told = world(*pages, said=["a origin b", "b origin c", "c origin a"])
    assert told.a.verdict == "origin"  # the first that was said is the one not followed
    assert {told.b.origin.id, told.c.origin.id} == {1}


# -- which one counts --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        (["b confirms a", "a rejects b"], "no_match"),
        (["a rejects b", "b confirms a"], "repost"),
        (["b confirms a", "a confirms b"], "origin"),
        (["a rejects b", "b withdraws a"], "possible"),
        (["b confirms a", "b withdraws a", "b origin a"], "repost"),
    ],
)
def test_of_all_that_was_said_of_a_pair_the_latest_counts(said, verdict):
    assert world(at("a"), at("b"), said=said).b.verdict == verdict


@pytest.mark.parametrize("seed", range(4))
def test_answers_agree_with_each_other_whatever_people_say(seed):
    chance = random.Random(seed)
    dates = [{}, EARLY, LATER, LAST]
    for _ in range(12):
        bodies = [STORY, f"{STORY} {prose(60, 2)}", prose(90, 2), prose(90, 3)]
        cues = [(), (), (by("a"),), (by("d"),), (REUTERS,)]
        pages = [at(one, chance.choice(bodies), **chance.choice(dates), cues=chance.choice(cues)) for one in "abcdef"]
        pairs = [chance.sample("abcdef", 2) for _ in range(6)]
        words = ["confirms", "rejects", "origin", "origin", "withdraws"]
        told = world(*pages, said=[f"{one} {chance.choice(words)} {other}" for one, other in pairs])
        answers = {found.article.id: found for found in map(told.ask, "abcdef")}
        last = {frozenset((one.repost, one.origin)): one.verdict for one in told.said}
        for number, found in answers.items():
            jsonschema.validate(json.loads(json.dumps(report.lookup_dict(found, "r"))), SCHEMA)
            if found.origin is not None and found.origin.in_store:
                assert found.origin.id != number
                assert last.get(frozenset((found.origin.id, number))) != "rejected"
                assert answers[found.origin.id].verdict in ("origin", "repost")
            for other in found.others:
                mirrored = {"source": "repost", "repost": "source"}.get(other.role, other.role)
                assert roles(answers[other.id])[number] == mirrored
                assert last.get(frozenset((other.id, number))) != "rejected"
            for one, verdict in last.items():
                if number in one and verdict in ("confirmed", "origin"):
                    assert {*one} - {number} <= {other.id for other in found.others}


# -- in a store --------------------------------------------------------------------------------------------------------

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


def test_one_writer_at_a_time_and_none_where_nothing_may_be_written(path, run):
    with Corpus(path) as other, other.store.lock():
        assert is_one_sentence(run("review", "reject", 2, 1))
        assert run("review").exit_code == 0
    run("review", "reject", 2, 1)
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
