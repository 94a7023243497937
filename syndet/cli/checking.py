"""`syndet check`: is a store, or an exhibit, as it was left?"""

from __future__ import annotations

import os
from pathlib import Path

import click

from syndet.cli import terminal
from syndet.errors import UsageError


@click.command()
@click.argument("what", metavar="[EXHIBIT|STORE]", required=False, type=click.Path(path_type=Path))
@click.option("--quiet", is_flag=True, help="No progress.")
@click.pass_obj
def check(path: Path, what: Path | None, quiet: bool) -> None:
    """Check the integrity of a store, file and index, or of an exhibit.

    Without an argument, the store. A folder is an exhibit (`syndet export exhibit`): each file is compared with its
    hash, then all that can be made again from texts and pages is made again and compared. That needs no store.
    Exit code 0: sound; 1: not, with a sentence for each fault.
    """
    if what is not None and not what.is_file():
        _exhibit(what)
    else:
        _store(what or path, quiet)


def _store(path: Path, quiet: bool) -> None:
    # Opened for writing where that can be: it takes in what a killed writer left, and an older schema.
    readonly = not all(os.access(place, os.W_OK, effective_ids=True) for place in (path, path.absolute().parent))
    opened = terminal.corpus(path, existing=True, readonly=path.exists() and readonly)
    with opened as corpus, terminal.progress(quiet) as progress:
        problems = corpus.check(progress=progress)
        count = corpus.count()
    _tell(problems)
    terminal.say(f"{path} is sound: {count:,} articles, file and index agree.")


def _exhibit(folder: Path) -> None:
    from syndet import verify

    if not folder.is_dir():
        raise UsageError(f"There is no {folder}; name a store, or the folder of an exhibit.")
    if not verify.is_exhibit(folder):
        raise UsageError(f"{folder} is no exhibit: it has neither {verify.RECORD} nor a list of hashes.")
    _tell(verify.problems(folder))
    for note in verify.notes(folder):
        terminal.say(note)
    terminal.say(f"{folder} is sound: files, figures and page agree. Its seal: {verify.sealed(folder)}")


def _tell(problems: list[str]) -> None:
    for problem in problems:
        terminal.say(problem)
    if problems:
        raise SystemExit(1)
