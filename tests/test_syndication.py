"""Stories planted on whole pages: the truth beside them is true, the same everywhere, and the pages read as made."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections import Counter
from difflib import SequenceMatcher
from pathlib import Path
from random import Random
from typing import get_args

import pytest

from syndet import dates, letters, urls
from syndet.background import background
from syndet.extract import extract
from syndet.intervals import wilson
from syndet.models import Answer, Article, Origin
from syndet.simulate import clock, syndication
from syndet.simulate.outlets import outlets, wordings
from syndet.simulate.syndication import Planted
from syndet.simulate.webpage import linked

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

import directions  # noqa: E402


def bodies() -> list[str]:
    """Return the stories of the project's own corpus, and its bodies in twelve languages."""
    rows = map(json.loads, (ROOT / "tests/rewrites/articles.jsonl").read_text(encoding="utf-8").splitlines())
    found = [row["text"] for row in rows if row["role"] == "source"]
    rows = map(json.loads, (ROOT / "tests/scripts_bodies.jsonl").read_text(encoding="utf-8").splitlines())
    return found + [row["text"] for row in rows]


def fillers() -> list[str]:
    return [one.body for one in background(bodies(), 300, seed=2)]


@pytest.fixture(scope="module")
def stories() -> list[Planted]:
    return list(syndication.stories(bodies(), fillers(), 60, 1))


@pytest.fixture(scope="module")
def carried() -> list[Planted]:
    return list(syndication.carried(bodies(), fillers(), 12, 1))


def digest(planted: list[Planted]) -> str:
    every = "\n".join(json.dumps(syndication.record(one), ensure_ascii=False) for one in planted)
    return hashlib.sha256(every.encode() + b"".join(one.page.data for one in planted)).hexdigest()


def test_the_same_pages_come_from_the_same_seed_in_every_process(stories: list[Planted]) -> None:
    code = (
        "import test_syndication as t; from syndet.simulate import syndication as s;"
        "print(t.digest(list(s.stories(t.bodies(), t.fillers(), 12, 1))))"
    )
    found = set()
    for seed in ("1", "2"):
        environment = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"}
        run = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
        found.add(run.stdout.strip())
    # Fewer stories are the beginning of more.
    assert found == {digest([one for one in stories if one.story < 12])}


def test_another_seed_plants_other_stories(stories: list[Planted]) -> None:
    other = list(syndication.stories(bodies(), fillers(), 12, 2))
    assert digest(other) != digest([one for one in stories if one.story < 12])


def test_every_kind_of_story_and_of_sign_occurs(stories: list[Planted], carried: list[Planted]) -> None:
    every = [*stories, *carried]
    assert {one.kind for one in every} == set(get_args(syndication.Kind))
    assert {one.signs for one in every} == set(get_args(syndication.Signs))
    assert {one.edit for one in every} >= {"copy", "first_100", "dropped", "inserted", "replaced_20", "reworded"}
    assert len({one.language for one in every}) > 8


def test_addresses_are_invented_and_no_two_pages_have_one(stories: list[Planted], carried: list[Planted]) -> None:
    for planted in (stories, carried):
        found = [one.url for one in planted]
        assert len(set(found)) == len(found)
        assert all(urls.site(url).endswith(".example") for url in found)


def test_a_page_is_copied_from_one_of_its_story_that_came_before_it(stories: list[Planted]) -> None:
    by_url = {one.url: one for one in stories}
    for one in stories:
        if one.role == "origin":
            assert (one.origin, one.parent, one.cue) == (None, None, None)
            continue
        parent = by_url.get(one.parent or "")
        assert (parent is None) == (one.kind == "absent")
        if parent is not None:
            assert parent.story == one.story
            assert parent.stamp.true < one.stamp.true
            assert one.origin == (parent.origin or parent.url)
            assert (one.via is None) == (parent.role == "origin")


def test_the_text_of_a_copy_is_made_from_that_of_its_parent(stories: list[Planted]) -> None:
    by_url = {one.url: one for one in stories}
    for one in stories:
        parent = by_url.get(one.parent or "")
        if parent is None:
            continue
        mine, theirs = letters.words(one.body), letters.words(parent.body)
        same = sum(block.size for block in SequenceMatcher(None, mine, theirs, autojunk=False).get_matching_blocks())
        assert same > 0.4 * min(len(mine), len(theirs))
        if one.exact:
            assert mine == theirs


def test_what_has_no_sign_has_none(stories: list[Planted]) -> None:
    names = {one.story: one.names[0] for one in stories if one.role == "origin"}
    for one in stories:
        if one.kind in syndication.UNDATED:
            assert one.stamp.stated is None
            assert one.cue is None
            page = one.page.data.decode()
            assert "datePublished" not in page
            assert "published_time" not in page
            if one.kind == "bare" and one.role == "copy":
                assert names[one.story] not in page


def test_where_the_origin_is_not_stored_a_page_names_it(stories: list[Planted]) -> None:
    absent = [one for one in stories if one.kind == "absent"]
    told = Counter(one.story for one in absent if one.cue)
    assert all(told[one.story] for one in absent)
    for one in absent:
        page = one.page.data.decode()
        # A name may be spelt in HTML; an address is not.
        assert not one.cue or one.names[1] in page or one.names[0].replace("'", "&#x27;") in page


def test_carriers_name_the_maker_one_of_each_text_at_least(carried: list[Planted]) -> None:
    told = Counter(one.story for one in carried if one.role == "carrier" and one.cue)
    assert all(told[one.story] for one in carried)
    assert all(one.via is None for one in carried)
    assert max(Counter(one.story for one in carried).values()) > 10


def test_the_pages_read_as_the_text_that_they_were_made_with(stories: list[Planted]) -> None:
    alike = []
    for one in stories:
        found = extract(one.page)
        assert isinstance(found, Article), found
        mine, theirs = letters.words(one.body), letters.words(found.body)
        alike.append(SequenceMatcher(None, mine, theirs, autojunk=False).ratio())
        assert found.outlet is not None
        assert (found.published is None) == (one.stamp.stated is None)
        if one.stamp.stated is not None:
            assert dates.when(found.published) == dates.when(one.stamp.stated)
    assert sum(ratio > 0.9 for ratio in alike) > 0.97 * len(alike)
    assert min(alike) > 0.6


def test_dates_are_as_noisy_as_said() -> None:
    chance = Random(1)
    time = clock.start(chance)
    found = Counter(clock.stamp(time, time, 1, chance).dated for _ in range(4000))
    for name, share in clock.NOISE.items():
        interval = wilson(found[name], 4000)
        assert interval.low is not None and interval.high is not None
        assert interval.low - 0.01 <= share <= interval.high + 0.01


def test_cues_are_dropped_as_often_as_said(stories: list[Planted]) -> None:
    copies = [one for one in stories if one.role == "copy" and one.kind in ("reposts", "chain", "edited")]
    interval = wilson(sum(one.cue is not None for one in copies), len(copies))
    assert interval.low is not None and interval.high is not None
    assert interval.low - 0.05 <= syndication.CUE_KEPT <= interval.high + 0.05


def test_a_title_can_not_break_out_of_a_credit() -> None:
    made = linked("The post <a>{title}</a> on <home>{site}</home>.", "https://a.example/1?a=1&b=2", "/", {
        "title": "</a><script>", "site": "A & B"})  # fmt: skip
    assert made == (
        'The post <a href="https://a.example/1?a=1&amp;b=2">&lt;/a&gt;&lt;script&gt;</a> on <a href="/">A &amp; B</a>.'
    )


@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "pt", "it", "nl", "ru", "pl", "sv", "ja", "xx"])
def test_every_language_has_outlets_for_thirty_carriers_and_words_for_a_credit(language: str) -> None:
    assert len(outlets(language)) >= syndication.CARRIERS
    values = dict.fromkeys("site domain title agency city CITY day year name issuer written place".split(), "x")
    for kind in ("credit", "feed", "left", "dateline", "agency_end", "agency_byline", "release_head", "release_end",
                 "caption", "byline", "date"):  # fmt: skip
        assert all(wording.format(**values) for wording in wordings(language, kind))


def test_an_answer_is_right_wrong_or_none(stories: list[Planted]) -> None:
    copy = next(one for one in stories if one.kind == "reposts" and one.role == "copy")
    absent = next(one for one in stories if one.kind == "absent")
    page = Article(copy.url, copy.body)

    def result(planted: Planted, verdict: str, found: Origin | None = None) -> tuple[str, bool]:
        outcome = directions.judged(planted, Answer("", page, verdict, origin=found))  # type: ignore[arg-type]
        return outcome.result, outcome.stored

    assert result(copy, "repost", Origin(True, url=copy.origin)) == ("right", True)
    assert result(copy, "repost", Origin(True, url="https://other.example/1")) == ("wrong", True)
    assert result(copy, "origin") == ("wrong", True)
    assert result(copy, "possible") == ("abstained", False)
    assert result(absent, "repost", Origin(False, outlet=absent.names[0])) == ("right", False)
    assert result(absent, "repost", Origin(False, url=f"https://www.{absent.names[1]}/1")) == ("right", False)
    assert result(absent, "repost", Origin(False, outlet="Somebody Else")) == ("wrong", False)
    assert result(absent, "repost", Origin(True, url=copy.url)) == ("wrong", True)
