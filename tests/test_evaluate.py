"""`syndet evaluate`, from a labels file to tables, JSON and the page."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import jsonschema
import pytest
from build import prose
from click.testing import CliRunner

from syndet import Corpus, evaluate, labels
from syndet.cli import cli
from syndet.errors import SourceError

SCHEMA = json.loads((Path(__file__).parents[1] / "syndet" / "evaluation.schema.json").read_text())
ATTACK = "<script>alert('x')</script>"


def article(name, body, date="2024-03-05", title=None):
    return {"url": f"https://{name}.example/1", "text": body, "published": date, "title": title or f"Story of {name}"}


ORIGIN = article("origin", prose(200, 1))
COPY = article("copy", prose(200, 1), "2024-03-08")
PART = article("part", f"{prose(80, 2)}\n\n{prose(200, 1)[:700]}", "2024-03-09")
OTHER = article("other", prose(200, 3))
THIRD = article("third", prose(200, 4), title=f"{ATTACK} & so on")
ARTICLES = [ORIGIN, COPY, PART, OTHER, THIRD]


def url(one):
    return one["url"]


def pair(a, b, label, **more):
    return {"a": url(a), "b": url(b), "label": label, **more}


PAIRS = [
    pair(COPY, ORIGIN, "reuse", origin="b", edit="verbatim", relation="exact", language="en"),
    pair(ORIGIN, PART, True, origin="a", edit="excerpt"),
    pair(OTHER, THIRD, 1, edit="excerpt"),  # labelled reuse, but nothing in common: a miss
    pair(ORIGIN, OTHER, "none"),
    pair(COPY, PART, False),  # labelled none, but the same text: a false link
]


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SYNDET_DB", raising=False)
    write("articles.jsonl", ARTICLES)
    write("labels.jsonl", PAIRS)

    def call(*arguments):
        return CliRunner().invoke(cli, ["evaluate", *map(str, arguments)], catch_exceptions=False)

    return call


def write(name, rows):
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    Path(name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def as_json(done):
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    jsonschema.validate(found, SCHEMA)
    return found


def test_the_schema_is_a_valid_schema():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_pairs_are_judged_by_what_the_whole_real_way_links(run):
    found = as_json(run("labels.jsonl", "--articles", "articles.jsonl", "--json"))
    assert {name: found["labels"][name] for name in ("pairs", "reuse", "none", "articles")} == {
        "pairs": 5, "reuse": 3, "none": 2, "articles": 5,
    }  # fmt: skip
    decided = found["points"]["decided"]
    assert (decided["found_reuse"], decided["missed_reuse"], decided["found_none"]) == (2, 1, 1)
    assert decided["precision"]["value"] == pytest.approx(2 / 3, abs=1e-4)
    assert decided["recall"]["low"] < 0.6667 < decided["recall"]["high"]
    assert found["direction"] == found["direction"] | {"labelled": 2, "answered": 2, "right": 2}
    assert [case["a"] for case in found["misses"]] == [url(OTHER)]
    assert [(case["a"], case["b"]) for case in found["false_links"]] == [(url(COPY), url(PART))]
    assert found["false_links"][0]["compared"]["longest_run"] > 50
    edits = {one["value"]: one["points"]["decided"]["recall"]["value"] for one in found["breakdown"]["edit"]}
    assert edits == {"verbatim": 1.0, "excerpt": 0.5}


def test_nothing_of_a_temporary_store_stays(run, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path / "for-a-moment"))
    monkeypatch.setattr("tempfile.tempdir", None)
    (tmp_path / "for-a-moment").mkdir()
    before = sorted(path.name for path in tmp_path.iterdir())
    assert run("labels.jsonl", "--articles", "articles.jsonl").exit_code == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == before
    assert list((tmp_path / "for-a-moment").iterdir()) == []


def test_a_store_is_judged_as_it_is(run, tmp_path):
    with Corpus("news.db") as corpus:
        corpus.nightly(["articles.jsonl"])
    before = Path("news.db").read_bytes()
    found = as_json(run("labels.jsonl", "--db", "news.db", "--json"))
    assert found == as_json(run("labels.jsonl", "--articles", "articles.jsonl", "--json"))
    assert Path("news.db").read_bytes() == before
    assert CliRunner().invoke(cli, ["--db", "news.db", "evaluate", "labels.jsonl"]).exit_code == 0
    both = run("labels.jsonl", "--db", "news.db", "--articles", "articles.jsonl")
    assert both.exit_code == 2
    assert "leave one" in both.stderr


def test_pairs_can_be_compared_without_being_found_first(run):
    with Corpus("unlinked.db") as corpus:
        corpus.add(["articles.jsonl"])
    linked = as_json(run("labels.jsonl", "--db", "unlinked.db", "--json"))
    compared = as_json(run("labels.jsonl", "--db", "unlinked.db", "--pairwise", "--json"))
    assert linked["points"]["possible"]["found_reuse"] == 0
    assert (linked["labels"]["unlinked"], compared["labels"]["unlinked"]) == (5, 0)
    assert "5 of the articles are not linked yet" in run("labels.jsonl", "--db", "unlinked.db").output
    assert (compared["mode"], compared["points"]["decided"]["found_reuse"]) == ("pairwise", 2)
    assert compared["direction"]["right"] == 2


def test_articles_may_stand_in_the_labels(run):
    write("inline.jsonl", [{"a": COPY, "b": ORIGIN, "label": "reuse"}, {"a": ORIGIN, "b": url(OTHER), "label": "none"},
                           {"a": OTHER, "b": THIRD, "label": 0}])  # fmt: skip
    found = as_json(run("inline.jsonl", "--json"))
    assert (found["labels"]["pairs"], found["labels"]["articles"]) == (3, 4)
    assert found["points"]["decided"]["found_reuse"] == 1


def test_two_clusters_are_apart_only_where_the_file_says_so(run):
    clusters = [{"cluster": [url(ORIGIN), url(COPY), url(PART)], "origin": url(ORIGIN)}, {"cluster": [url(OTHER)]},
                {"cluster": [url(THIRD)], "name": "alone"}]  # fmt: skip
    write("open.jsonl", clusters)
    write("closed.jsonl", [*clusters, {"closed": True}])
    found = as_json(run("open.jsonl", "--articles", "articles.jsonl", "--json"))
    assert (found["labels"]["reuse"], found["labels"]["none"], found["clusters"]) == (3, 0, None)
    assert found["direction"]["labelled"] == 2
    found = as_json(run("closed.jsonl", "--articles", "articles.jsonl", "--json"))
    assert (found["labels"]["reuse"], found["labels"]["none"], found["labels"]["implied"]) == (3, 7, 7)
    assert found["clusters"]["adjusted_rand_index"]["value"] == 1.0
    assert (found["clusters"]["labelled"], found["clusters"]["found"]) == (3, 3)
    assert as_json(run("closed.jsonl", "--articles", "articles.jsonl", "--pairwise", "--json"))["labels"]["none"] == 7


def test_a_link_across_closed_clusters_is_a_false_one_and_named_pairs_are_not_counted_twice(run):
    apart = [{"cluster": [url(ORIGIN), url(COPY)]}, {"cluster": [url(PART), url(OTHER)]}]
    write("closed.jsonl", [{"closed": True}, *apart, pair(ORIGIN, OTHER, "none")])
    found = as_json(run("closed.jsonl", "--articles", "articles.jsonl", "--json"))
    assert (found["labels"]["reuse"], found["labels"]["none"], found["labels"]["implied"]) == (2, 4, 3)
    assert found["points"]["possible"]["found_none"] == 2
    assert {case["where"] for case in found["false_links"]} == {"closed clusters"}
    assert found["clusters"]["adjusted_rand_index"]["value"] < 1


def test_passages_are_measured_where_they_are_labelled(run):
    begin = PART["text"].index(prose(200, 1)[:60])
    end = len(PART["text"])
    rows = [pair(PART, ORIGIN, 1, passages=[{"a": [begin, end], "b": [0, end - begin]}]),
            pair(ORIGIN, OTHER, 0, passages=[]),
            pair(COPY, ORIGIN, 1, passages=[{"a": [0, 10**6], "b": [0, 5]}])]  # fmt: skip
    write("passages.jsonl", rows)
    found = as_json(run("passages.jsonl", "--articles", "articles.jsonl", "--json"))
    assert (found["passages"]["pairs"], found["passages"]["cases"]) == (2, 1)
    assert found["passages"]["recall"]["value"] > 0.9
    assert found["passages"]["precision"]["value"] > 0.9
    assert [problem["fault"] for problem in found["labels"]["problems"]] == ["outside_text"]
    assert found["labels"]["pairs"] == 3


BROKEN = {
    '{"a": "https://a.example/1"': "broken_line",
    "[]": "broken_line",
    '{"label": "reuse"}': "broken_line",
    '{"a": "https://origin.example/1", "b": "https://copy.example/1"}': "broken_line",
    '{"a": "https://origin.example/1", "b": "https://copy.example/1", "label": "maybe"}': "broken_line",
    '{"a": "https://origin.example/1", "b": "https://copy.example/1", "label": ["reuse"]}': "broken_line",
    '{"a": "https://origin.example/1", "b": 7, "label": "none"}': "broken_line",
    '{"a": "origin", "b": "https://copy.example/1", "label": "none"}': "broken_line",
    '{"a": "https://origin.example/1", "b": "https://copy.example/1", "label": 1, "origin": "c"}': "broken_line",
    '{"a": "https://origin.example/1", "b": "https://copy.example/1", "label": 1, "origin": {}}': "broken_line",
    '{"a": "https://origin.example/1", "b": "https://copy.example/1", "label": 1, "passages": 1}': "broken_line",
    '{"a": "https://origin.example/1", "b": "https://copy.example/1", "label": 1, "passages": [{"a": [3, 1]}]}': (
        "broken_line"
    ),
    '{"cluster": "https://origin.example/1"}': "broken_line",
    '{"cluster": ["https://origin.example/1"], "origin": "https://copy.example/1"}': "broken_line",
    '{"closed": "yes"}': "broken_line",
    "\ufffd{}": "broken_line",
    '{"a": {"url": "https://x.example/1"}, "b": "https://copy.example/1", "label": 1}': "broken_article",
    '{"a": "https://nowhere.example/1", "b": "https://copy.example/1", "label": 1}': "unknown_address",
    '{"a": "https://copy.example/1", "b": "https://copy.example/1", "label": 1}': "one_article",
    '{"a": "https://third.example/1", "b": "https://other.example/1", "label": 1}': "repeated",
    '{"a": "https://third.example/1", "b": "https://other.example/1", "label": 0}': "contradiction",
}


@pytest.mark.parametrize("line", BROKEN)
def test_a_line_that_cannot_be_used_is_counted_and_told_and_the_rest_goes_on(run, line):
    write("some.jsonl", [*PAIRS[:3], line, "", *PAIRS[3:]])
    found = as_json(run("some.jsonl", "--articles", "articles.jsonl", "--json"))
    [problem] = found["labels"]["problems"]
    assert (problem["fault"], problem["where"]) == (BROKEN[line], "some.jsonl:4")
    assert problem["detail"].endswith(".")
    assert found["labels"]["pairs"] == 5
    told = run("some.jsonl", "--articles", "articles.jsonl").output
    assert "Labels that could not be used: 1" in told
    assert "some.jsonl:4: " in told


def test_an_article_that_was_left_out_says_why_it_is_not_there(run):
    write("short.jsonl", [*ARTICLES, article("short", "Too few words.")])
    write("some.jsonl", [*PAIRS, {"a": "https://short.example/1", "b": url(COPY), "label": 1}])
    told = run("some.jsonl", "--articles", "short.jsonl").output
    assert "No article is stored at https://short.example/1: it was left out (too short)." in told


def test_an_article_in_two_clusters_stays_in_the_first(run):
    write("some.jsonl", [{"cluster": [url(ORIGIN), url(COPY)]}, {"cluster": [url(COPY), url(PART), url(PART)]}])
    found = as_json(run("some.jsonl", "--articles", "articles.jsonl", "--json"))
    assert [problem["fault"] for problem in found["labels"]["problems"]] == ["repeated"]
    assert found["labels"]["pairs"] == 1


def test_a_file_without_a_usable_label_or_articles_is_one_sentence(run):
    write("none.jsonl", ["{", '{"a": 1}'])
    done = run("none.jsonl", "--articles", "articles.jsonl")
    assert done.exit_code == 1
    assert done.stderr.startswith("Error: None of the 2 lines of labels can be used (none.jsonl:1: ")
    assert run("missing.jsonl", "--articles", "articles.jsonl").exit_code == 1
    assert "missing.jsonl" in run("missing.jsonl").stderr
    done = run("labels.jsonl", "--articles", "nowhere", "--articles", "articles.jsonl")
    assert done.exit_code == 1
    assert "nowhere" in done.stderr
    assert "decided" in done.stdout


def test_the_tables_show_every_figure_with_its_interval(run):
    told = run("labels.jsonl", "--articles", "articles.jsonl", "--threshold", "0.9").output
    assert "5 labelled pairs of 5 articles: 3 reuse, 2 none." in told
    assert re.search(r"^decided +0\.667 \[0\.\d{3}, 0\.\d{3}\] +0\.667 \[", told, re.MULTILINE)
    assert "score of 0.9 or more" in told
    for heading in ("average precision", "Brier", "calibration error", "direction right", "Threshold", "By edit"):
        assert heading in told
    assert "Worst misses" in told
    assert "Worst false links" in told


class Seen(HTMLParser):
    """What a browser would make of a page: tags, attributes, text."""

    def __init__(self, markup):
        super().__init__()
        self.tags, self.attributes, self.open, self.words = [], [], [], []
        self.feed(markup)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += attributes
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += attributes

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)


def page_of(run, *arguments):
    assert run(*arguments, "--html", "page.html").exit_code == 0
    markup = Path("page.html").read_text(encoding="utf-8")
    return markup, Seen(markup)


def test_the_page_is_sound_holds_the_figures_and_loads_nothing(run):
    _, seen = page_of(run, "labels.jsonl", "--articles", "articles.jsonl")
    assert seen.open == []
    assert seen.tags.count("svg") == 4  # precision and recall, scores, thresholds, bars by edit
    words = " ".join(seen.words)
    for figure in ("0.667", "Precision, decided", "Worst misses", url(OTHER), "By edit", "calibration error"):
        assert figure in words
    loading = [value for name, value in seen.attributes if name in ("src", "srcset", "data", "xlink:href", "action")]
    assert loading == []
    assert not {"script", "link", "img", "iframe", "object", "embed", "form", "base"} & set(seen.tags)
    style = next(text for text in seen.words if "color-scheme" in text)
    assert not re.search(r"url\(|@import", style)
    assert "prefers-color-scheme: dark" in style


def test_addresses_titles_and_names_are_escaped_on_the_page(run):
    bad = article("bad", prose(200, 9), title=ATTACK)
    bad["url"] = "https://bad.example/'\"><script>alert(1)</script>"
    write("bad-articles.jsonl", [*ARTICLES, bad])
    rows = [
        {"a": bad["url"], "b": url(THIRD), "label": 1, "edit": ATTACK, "relation": "\"><img src=x onerror='1'>"},
        {"a": bad["url"], "b": url(OTHER), "label": 1, "edit": "plain", "language": "</style><b>\u202e"},
        {"a": f"https://nowhere.example/{ATTACK.replace(' ', '')}", "b": url(OTHER), "label": 1},
        "{" + ATTACK,
    ]
    write("<i>labels.jsonl", rows)
    markup, seen = page_of(run, "<i>labels.jsonl", "--articles", "bad-articles.jsonl")
    assert seen.open == []
    assert not {"script", "img"} & set(seen.tags)
    assert "<i>labels" not in markup
    assert "\u202e" not in markup
    assert ATTACK in " ".join(seen.words)
    assert [name for name, _ in seen.attributes if name.startswith("on")] == []
    assert all(value.startswith("https://") for name, value in seen.attributes if name == "href")


def test_two_runs_say_the_same(run):
    once, again = [], []
    for told in (once, again):
        for options in ([], ["--json"], ["--pairwise"]):
            told.append(run("labels.jsonl", "--articles", "articles.jsonl", *options).output)
        told.append(page_of(run, "labels.jsonl", "--articles", "articles.jsonl")[0])
    assert once == again


def test_a_page_that_cannot_be_written_is_one_sentence(run):
    done = run("labels.jsonl", "--articles", "articles.jsonl", "--html", "no/such/folder.html")
    assert done.exit_code == 1
    assert "no/such/folder.html" in done.stderr


def test_the_same_from_python(run):
    done = evaluate("labels.jsonl", articles=["articles.jsonl"])
    assert [point.found_reuse for point in done.measures.points] == [2, 2, 2]
    made = labels.parse([json.dumps(row).encode() for row in PAIRS], "here")
    with Corpus("news.db") as corpus:
        corpus.nightly(["articles.jsonl"])
        assert evaluate(made, corpus).measures == done.measures
    with pytest.raises(SourceError):
        evaluate("missing.jsonl")
