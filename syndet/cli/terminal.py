"""What the commands share: an open store, progress, what is printed and how, files as pages."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from syndet.errors import UsageError

if TYPE_CHECKING:
    from syndet.corpus import Corpus
    from syndet.models import Article, Page, Skipped
    from syndet.summary import Progress, Summary


@contextmanager
def corpus(path: Path, *, readonly: bool = False, existing: bool = False) -> Iterator[Corpus]:
    """Yield the corpus at `path`, made where it is missing unless `existing`. Raises StoreError."""
    from syndet.corpus import Corpus
    from syndet.errors import StoreError

    if existing and not path.is_file():
        raise StoreError(f"There is no store at {path}; `syndet --db {path} add SOURCE` makes one.")
    with Corpus(path, readonly=readonly, representative=representative()) as opened:
        yield opened


@contextmanager
def names_of(path: Path) -> Iterator[None]:
    """Look names up as the store at `path` lists them; where there is none that can be read, as shipped."""
    from syndet.corpus import Corpus
    from syndet.errors import StoreError

    with ExitStack() as stack:
        with suppress(StoreError):
            stack.enter_context(stack.enter_context(Corpus(path, readonly=True)).reading())
        yield


def text_of(path: Path) -> str:
    """Return the text of a file. Raises UsageError."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise UsageError(f"{path} is no text in UTF-8; save it as that.") from error


def representative() -> str | list[str]:
    """Return who speaks for a cluster, as the option says: its value, or the sites in the file that it names.

    Raises UsageError.
    """
    context = click.get_current_context(silent=True)
    given: str = context.find_root().params.get("representative", "origin") if context is not None else "origin"
    if given in ("origin", "earliest"):
        return given
    try:
        lines = Path(given).read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise UsageError(f"--representative is origin, earliest or a file; {given} cannot be read.") from error
    return [site for line in lines if (site := line.partition("#")[0].strip())]


@contextmanager
def progress(quiet: bool) -> Iterator[Progress]:
    """Yield a callback that draws a line a stage on standard error: count, speed, time; nothing without a terminal.

    No total: sources are read as a stream, and to count them first would be to read them twice.
    """
    lines: dict[str, Any] = {}
    names = {
        "add": "Reading pages",
        "link": "Linking articles",
        "check": "Checking articles",
        "compare": "Comparing pairs",
    }
    shape = "{desc:18} {n:>10,}  {rate_noinv_fmt:>10}  {elapsed:>8}"
    begun = time.time()

    def progress(stage: str, done: int) -> None:
        nonlocal begun
        if quiet or not sys.stderr.isatty():
            return
        if stage not in lines:
            from tqdm import tqdm

            for line in lines.values():
                line.close()
            lines[stage] = tqdm(desc=names.get(stage, stage), unit="", bar_format=shape, file=sys.stderr)
            # The first call comes when a batch is done: its time counts, too.
            lines[stage].start_t = lines[stage].last_print_t = begun
        lines[stage].update(done)
        begun = time.time()

    try:
        yield progress
    finally:
        for line in lines.values():
            line.close()


def finish(summary: Summary, as_json: bool) -> None:
    """Print what a run did; exit with 1 where a source could not be read."""
    from syndet import report, tell

    if as_json:
        print_json(report.summary_dict(summary))
    else:
        say(tell.summary_text(summary))
    complain(summary.problems)


def complain(problems: Sequence[str]) -> None:
    """Print each problem on standard error; exit with 1 where there is any."""
    for problem in problems:
        say(f"Error: {problem}", err=True)
    if problems:
        raise SystemExit(1)


def print_json(record: dict[str, Any]) -> None:
    """Print a record as JSON."""
    # ASCII escapes: a lone surrogate, or a terminal without UTF-8, must not end in a traceback.
    click.echo(json.dumps(record, ensure_ascii=True, indent=2))


def say(text: str, *, err: bool = False) -> None:
    """Print text for people."""
    click.echo(shown(text), err=err)


def shown(text: str) -> str:
    """Return `text` with every character escaped that could steer a terminal: a page's words are a stranger's."""
    return "".join(c if c.isprintable() or c == "\n" else c.encode("unicode_escape").decode("ascii") for c in text)


def login() -> str:
    """Return the name of who is logged in. Raises UsageError where the machine does not know it."""
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):
        raise UsageError("This machine does not know your name; give it with --by.") from None


def stdin() -> BinaryIO | None:
    """Return standard input, None where the caller closed it."""
    return sys.stdin.buffer if sys.stdin is not None else None


def page(target: str, url: str | None) -> Page | Skipped:
    """Return the page of a file or of standard input."""
    from syndet import sources

    if target == "-":
        given = stdin()
        if given is None:
            raise UsageError("There is no standard input; give a file instead of -.")
        return sources.from_bytes(given.read(sources.MAX_BYTES + 1), url=url, where="standard input")
    path = Path(target)
    if not path.is_file():
        raise UsageError(f"{target} is neither an address (with ://), an existing file, nor - for standard input.")
    return sources.read_file(path, url=url)


def article(path: Path, target: str) -> Article:
    """Return the article of a file, or the stored one at an address."""
    from syndet.extract import extract
    from syndet.models import Skipped

    if Path(target).is_file():
        given = page(target, None)
        found = given if isinstance(given, Skipped) else extract(given)
        if isinstance(found, Skipped):
            raise UsageError(f"{target} can't be compared: {found.detail}")
        return found
    if "://" not in target and not target.isdecimal():
        raise UsageError(f"{target} is neither an existing file nor the address or id of a stored article.")
    with corpus(path, readonly=True) as opened:
        return opened.article(target)
