"""`syndet check`: is a store, or an exhibit, as it was left?"""

from __future__ import annotations

import os
from pathlib import Path

import click

from syndet.cli import terminal


@click.command()
@click.option("--quiet", is_flag=True, help="No progress.")
@click.pass_obj
def check(path: Path, quiet: bool) -> None:
    """Check the integrity of the file and the index."""
    # Opened for writing where that can be: it takes in what a killed writer left, and an older schema.
    readonly = not all(os.access(place, os.W_OK, effective_ids=True) for place in (path, path.absolute().parent))
    opened = terminal.corpus(path, existing=True, readonly=path.exists() and readonly)
    with opened as corpus, terminal.progress(quiet) as progress:
        problems = corpus.check(progress=progress)
        count = corpus.count()
    for problem in problems:
        terminal.say(problem)
    if problems:
        raise SystemExit(1)
    terminal.say(f"{path} is sound: {count:,} articles, file and index agree.")
