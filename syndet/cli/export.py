"""`syndet export`: what a store knows, written to files for others."""

from __future__ import annotations

import shlex
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import click

from syndet.cli import terminal
from syndet.errors import UsageError


@click.group()
def export() -> None:
    """Write what a store knows to files for others."""


@export.command()
@click.option(
    "--output", metavar="FILE", type=click.File("w", "utf-8", lazy=True), default="-", help="Instead of printing."
)
@click.pass_obj
def licences(path: Path, output: IO[str]) -> None:
    """Write every repost with what the register of licences says of it, as CSV for a spreadsheet.

    Those that are not permitted come first, then those of which it says nothing for certain.
    """
    from syndet import desk

    with terminal.corpus(path, readonly=True) as corpus:
        found = desk.reposts(corpus)
    output.write(desk.desk_csv(found))


@export.command()
@click.argument("target", metavar="LINK|A")
@click.argument("other", metavar="[B]", required=False)
@click.option(
    "--output", metavar="DIR", type=click.Path(path_type=Path), help="The folder.  [default: exhibit-A-B, by ids]"
)
@click.pass_obj
def exhibit(path: Path, target: str, other: str | None, output: Path | None) -> None:
    """Write one sealed folder that shows what two stored articles share, to be checked offline.

    A is the repost, B what it has its text from: addresses or ids. A alone: with what its answer shares text with. LINK
    is two ids, as in the table of links: 12-34. The folder holds both texts, their pages as they were fetched where
    that was kept (--keep-bytes), every figure and sign, versions, reviews, and a page that shows it. `syndet check
    FOLDER` verifies it without the store.
    """
    from syndet import exhibit as exhibits
    from syndet import verify

    with terminal.corpus(path, readonly=True) as corpus:
        one, two = exhibits.pair(corpus, target, other)
        folder = output or Path(f"exhibit-{one}-{two}")
        exhibits.write(folder, exhibits.documents(corpus, one, two, datetime.now(UTC)))
    terminal.say(f"{folder}: articles {one} and {two}. Its seal, to be noted elsewhere: {verify.sealed(folder)}")


@export.command()
@click.argument("folder", metavar="[DIR]", default="datasette", type=click.Path(file_okay=False, path_type=Path))
@click.pass_obj
def datasette(path: Path, folder: Path) -> None:
    """Write the files with which Datasette shows the store: what tables and columns mean, facets, queries, texts.

    DIR is `datasette` where it is not named; files of an earlier export are written over.
    """
    from syndet import browse

    try:
        for name, text in browse.documents(path.stem).items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{folder} cannot be written: {error.strerror}.") from error
    words = ("datasette", path, "--metadata", folder / "metadata.yaml", "--plugins-dir", folder / "plugins")
    terminal.say(f"Written. Now: {shlex.join(map(str, words))}")
