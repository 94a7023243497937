"""`syndet export`: what a store knows, written to files for others."""

from __future__ import annotations

from pathlib import Path
from typing import IO

import click

from syndet.cli import terminal


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
