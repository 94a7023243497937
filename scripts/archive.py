"""One file of articles to its duplicates: syndet, which stores, indexes, aligns and links, beside text-dedup.

`scripts/bench archive`. Both run as processes of their own; what counts is the CPU of all of them, start included.
text-dedup runs as its command does: 128 permutations, 32 bands of 4, runs of 5 words.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from planted import EDITS, Planted, planted

from syndet import Corpus, relate
from syndet.intervals import wilson

MINHASH = ("--ngram", "5", "--num_perm", "128", "--b", "32", "--r", "4", "--threshold", "0.4")
# What --debug writes down, which nobody can read who has not text-dedup.
READ = "import json, pickle, sys; print(json.dumps(pickle.load(open(sys.argv[1], 'rb')).parent))"
HASHES = ("sha1", "xxh3")  # its default, and the quicker one

_Claims = set[tuple[int, int]]  # (later article, earlier article), by number


@dataclass(frozen=True, slots=True)
class Run:
    """What one tool made of the file: `seconds` of CPU, user and system, by step."""

    name: str
    seconds: Mapping[str, float]
    claims: _Claims


def archive(texts: Sequence[str], count: int, python: str | None) -> None:
    """Print CPU, recall and precision of both on `count` articles; `python` is one that has text-dedup."""
    made = list(planted(texts, count))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = folder / "articles.jsonl"
        file.write_text("".join(json.dumps(one.record) + "\n" for one in made), encoding="utf-8")
        print(f"\n{count:,} articles, {file.stat().st_size / 1e6:.0f} MB, {sum(one.edit is not None for one in made):,}"
              " of them reposts\n")  # fmt: skip
        runs = [syndet(folder, file, made)]
        if python:
            runs += [text_dedup(python, folder, file, kind) for kind in HASHES]
        else:
            print("text-dedup: no Python that has it was given (--text-dedup), so syndet is measured alone")
    for line in table(made, runs):
        print(line)


# -- the tools ---------------------------------------------------------------------------------------------------------


def syndet(folder: Path, file: Path, made: Sequence[Planted]) -> Run:
    """Store and link the file with the commands; its claims are the decided links."""
    store = folder / "archive.db"
    command = [sys.executable, "-m", "syndet", "--db", str(store)]
    seconds = {"add": cpu([*command, "add", str(file)]), "link": cpu([*command, "link"])}
    places = {one.record["url"]: number for number, one in enumerate(made)}
    claims: _Claims = set()
    with Corpus(store, readonly=True) as corpus:
        numbers = {number: places[corpus.article(number).url] for number in corpus.store.articles.ids()}
        for number, place in numbers.items():
            for link in corpus.store.links.of(number):
                other = numbers[link.other(number)]
                if link.reuse >= relate.REUSE_DECIDED and other < place:
                    claims.add((place, other))
    return Run("syndet", seconds, claims)


def text_dedup(python: str, folder: Path, file: Path, kind: str) -> Run:
    """Run the command of text-dedup; its claims tie each member of a group to the first one."""
    output = folder / kind
    command = [
        python, "-m", "text_dedup.minhash", "--path", "json", "--data_files", str(file), "--split", "train",
        "--cache_dir", str(folder / f"{kind}-cache"), "--output", str(output), "--column", "text", *MINHASH,
        "--hash_func", kind, "--hash_bits", "64", "--debug",
    ]  # fmt: skip
    seconds = {"all": cpu(command)}
    written = subprocess.run([python, "-c", READ, str(output / "uf.pkl")], capture_output=True, text=True, check=True)
    groups = {int(one): int(first) for one, first in json.loads(written.stdout).items()}
    return Run(f"text-dedup, {kind}", seconds, {(one, first) for one, first in groups.items() if one != first})


def cpu(command: Sequence[str]) -> float:
    """Run a command and return the CPU seconds of it and of all processes that it started and waited for."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"running {' '.join(command[2:4])}", file=sys.stderr)
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines() or ["it said nothing"]
        raise SystemExit(f"{' '.join(command[:3])} failed: {said[-1]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


# -- the figures -------------------------------------------------------------------------------------------------------


def table(made: Sequence[Planted], runs: Sequence[Run]) -> Iterator[str]:
    """Yield the lines of two tables: what it cost and how good that is, and what is found of each edit."""
    yield "| | CPU, s | times syndet | recall | 95% interval | claims | precision |"
    yield "|---|---|---|---|---|---|---|"
    own = sum(runs[0].seconds.values())
    story = [number if one.source is None else one.source for number, one in enumerate(made)]
    reposts = [number for number, one in enumerate(made) if one.edit is not None]
    found = {run.name: together(run.claims) for run in runs}
    caught = {
        run.name: [number for number in reposts if found[run.name](number) == found[run.name](story[number])]
        for run in runs
    }
    for run in runs:
        total, right = sum(run.seconds.values()), sum(story[one] == story[other] for one, other in run.claims)
        steps = ", ".join(f"{step} {seconds:.1f}" for step, seconds in run.seconds.items())
        share = wilson(len(caught[run.name]), len(reposts))
        yield (
            f"| {run.name} | {total:.1f} ({steps}) | {total / own:.2f} | {share.value:.3f} "
            f"| {share.low:.3f} to {share.high:.3f} | {len(run.claims):,} | {right / max(1, len(run.claims)):.4f} |"
        )
    yield f"\n| found of | {' | '.join(run.name for run in runs)} |\n|---|{'---|' * len(runs)}"
    every = Counter(made[number].edit for number in reposts)
    for edit in filter(every.get, EDITS):
        shares = (sum(made[number].edit == edit for number in caught[run.name]) / every[edit] for run in runs)
        yield f"| {edit} | {' | '.join(f'{share:.3f}' for share in shares)} |"


def together(claims: _Claims) -> Callable[[int], int]:
    """Return what tells the group of an article, where claims make groups."""
    parents: dict[int, int] = {}

    def group(one: int) -> int:
        while (parent := parents.get(one, one)) != one:
            one = parent
        return one

    for one, other in claims:
        low, high = sorted((group(one), group(other)))
        parents[high] = low
    return group
