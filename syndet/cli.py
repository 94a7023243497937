"""The command line: parse, call the Corpus once, print. Data on standard output, progress on standard error."""

from __future__ import annotations

import io
import json
import os
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, BinaryIO, NoReturn

import click

from syndet import __version__
from syndet.errors import NotStored, SyndetError, Terminated, UsageError

if TYPE_CHECKING:
    from syndet.corpus import Corpus
    from syndet.models import Article, Page, Skipped
    from syndet.summary import Progress, Summary


class _Group(click.Group):
    """Commands in the order in which a user meets them; errors as one sentence."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except UsageError as error:
            raise click.UsageError(_shown(str(error))) from error
        except SyndetError as error:
            raise click.ClickException(_shown(str(error))) from error
        except KeyboardInterrupt as stop:
            # As shells count it: 128 and the number of the signal.
            number = signal.SIGTERM if isinstance(stop, Terminated) else signal.SIGINT
            _say("\nStopped. What was stored stays; the same command goes on from there.", err=True)
            raise SystemExit(128 + number) from None


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--db", "path", envvar="SYNDET_DB", default="syndet.db", show_default=True, show_envvar=True,
    type=click.Path(dir_okay=False, path_type=Path), help="The store.",
)  # fmt: skip
@click.version_option(__version__, prog_name="syndet")
@click.pass_context
def cli(ctx: click.Context, path: Path) -> None:
    """Find which news page is a repost, of what, how much of it, and how we know."""
    ctx.obj = path


_sources = click.argument("sources", metavar="SOURCE...", nargs=-1, required=True)
_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_quiet = click.option("--quiet", is_flag=True, help="No progress.")


@cli.command()
@_sources
@_json
@_quiet
@click.pass_obj
def nightly(path: Path, sources: tuple[str, ...], as_json: bool, quiet: bool) -> None:
    """Add pages from every SOURCE, link what is new, and sum up.

    A SOURCE is a file or folder (.html, .htm, .txt, .jsonl, .warc, each also as .gz) or - for JSON Lines on standard
    input. Exit code 0: done; 1: a source could not be read, or the job failed; 2: wrong use.
    """
    with _corpus(path) as corpus, _progress(quiet) as progress:
        summary = corpus.nightly(sources, stdin=_stdin(), progress=progress)
    _finish(summary, as_json)


@cli.command()
@click.argument("target")
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON (schema syndet.lookup/1).")
@click.option("--body", is_flag=True, help="With --json, add both bodies.")
@click.option("--url", help="The address of the page, where TARGET is a file or standard input.")
@click.pass_obj
def lookup(path: Path, target: str, as_json: bool, body: bool, url: str | None) -> None:
    """Say where TARGET comes from, and how we know.

    TARGET is the address of a stored page, a file, or - for standard input. A file is looked up without being stored.
    """
    from syndet import report, tell
    from syndet.models import Skipped

    page = None if "://" in target else _page(target, url)
    with _corpus(path, readonly=True) as corpus:
        recipe = corpus.recipe()
        try:
            answer = corpus.lookup(target) if page is None else corpus.lookup_page(page, target, url=url)
        except NotStored:
            _say(f"{target} is not stored; `syndet add` stores pages.", err=True)
            if as_json:
                _print(report.not_found(target, recipe))
            return
    if isinstance(answer, Skipped):
        raise click.ClickException(_shown(f"{target} can't be looked up: {answer.detail}"))
    if as_json:
        _print(report.lookup_dict(answer, recipe, body=body))
    else:
        _say(tell.lookup_text(answer))


@cli.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option("--port", default=8765, show_default=True, type=click.IntRange(0, 65535))
@click.pass_obj
def serve(path: Path, host: str, port: int) -> None:
    """Answer lookups over HTTP: GET and POST /v1/lookup, /healthz."""
    from syndet.api import run

    with _corpus(path, readonly=True):
        pass  # a store that can't be read is told before the server starts
    run(path, host, port)


@cli.command()
@_sources
@_json
@_quiet
@click.pass_obj
def add(path: Path, sources: tuple[str, ...], as_json: bool, quiet: bool) -> None:
    """Store pages from every SOURCE without linking them yet."""
    with _corpus(path) as corpus, _progress(quiet) as progress:
        summary = corpus.add(sources, stdin=_stdin(), progress=progress)
    _finish(summary, as_json)


@cli.command()
@_json
@_quiet
@click.pass_obj
def link(path: Path, as_json: bool, quiet: bool) -> None:
    """Link the articles that are not linked yet."""
    with _corpus(path, existing=True) as corpus, _progress(quiet) as progress:
        summary = corpus.link(progress=progress)
    _finish(summary, as_json)


@cli.command()
@click.argument("target", metavar="ID|URL")
@_json
@click.pass_obj
def show(path: Path, target: str, as_json: bool) -> None:
    """Show a stored article: metadata, body, versions, links."""
    from syndet import report, tell

    with _corpus(path, readonly=True) as corpus:
        record = report.show_dict(*corpus.show(target))
    if as_json:
        _print(record)
    else:
        _say(tell.show_text(record))


@cli.command()
@click.argument("a")
@click.argument("b")
@click.option("--changes", "changed", is_flag=True, help="Also say what A dropped, added and changed.")
@_json
@click.pass_obj
def compare(path: Path, a: str, b: str, changed: bool, as_json: bool) -> None:
    """Say what A, the suspected repost, shares with B.

    A and B are files, or addresses of stored articles.
    """
    from syndet import report, tell
    from syndet.changes import between
    from syndet.decide import compare as compare_articles

    sides = [_article(path, target) for target in (a, b)]
    found = compare_articles(*sides)
    changes = between(*sides) if changed else None
    if as_json:
        _print(report.comparison_dict(found, changes))
    else:
        _say(tell.comparison_text(found, changes))


@cli.command()
@click.argument("labels", type=click.Path(path_type=Path))
@click.option("--articles", metavar="SOURCE", multiple=True, help="Judge on these, in a store of their own, not kept.")
@click.option(
    "--db", "store", type=click.Path(dir_okay=False, path_type=Path), help="The store, as before the command."
)
@click.option("--pairwise", is_flag=True, help="Compare each pair instead of asking what was linked.")
@click.option("--threshold", default=0.8, show_default=True, type=click.FloatRange(0, 1), help="Also judge by a score.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON (schema syndet.evaluation/1).")
@click.option("--html", type=click.File("w", "utf-8", lazy=True), help="Write a page with drawings to this file.")
@_quiet
@click.pass_obj
def evaluate(
    path: Path, labels: Path, articles: tuple[str, ...], store: Path | None, pairwise: bool, threshold: float,
    as_json: bool, html: IO[str] | None, quiet: bool,
) -> None:  # fmt: skip
    """Measure how well syndet agrees with LABELS, pairs and clusters that you labelled.

    LABELS is JSON Lines: {"a": ADDRESS, "b": ADDRESS, "label": "reuse" or "none"} or {"cluster": [ADDRESS, ...]}; an
    article may stand in the place of its address. docs/evaluate.md explains the fields and the figures. Exit code 0:
    done; 1: no label could be used, or a source not be read.
    """
    from syndet import evaluation, page, scorecard

    if store is not None and articles:
        raise UsageError("Articles come from --db or from --articles; leave one of them out.")
    given = evaluation.read(labels)
    with _progress(quiet) as progress, ExitStack() as stack:
        stored = None if articles or given.pages else stack.enter_context(_corpus(store or path, readonly=True))
        done = evaluation.evaluate(
            given, stored, articles=articles, pairwise=pairwise, threshold=threshold, progress=progress
        )
    if html is not None:
        html.write(page.evaluation_html(done, labels.name))
    _print(scorecard.evaluation_dict(done)) if as_json else _say(scorecard.evaluation_text(done))
    _complain(done.unread)


@cli.command()
@_json
@_quiet
@click.pass_obj
def rebuild(path: Path, as_json: bool, quiet: bool) -> None:
    """Make fingerprints, index and links anew, with this version's recipe."""
    with _corpus(path, existing=True) as corpus, _progress(quiet) as progress:
        summary = corpus.rebuild(progress=progress)
    _finish(summary, as_json)


@cli.command()
@_quiet
@click.pass_obj
def check(path: Path, quiet: bool) -> None:
    """Check the integrity of the file and the index."""
    # Opened for writing where that can be: it takes in what a killed writer left, and an older schema.
    readonly = not all(os.access(place, os.W_OK, effective_ids=True) for place in (path, path.absolute().parent))
    with _corpus(path, existing=True, readonly=path.exists() and readonly) as corpus, _progress(quiet) as progress:
        problems = corpus.check(progress=progress)
        count = corpus.count()
    for problem in problems:
        _say(problem)
    if problems:
        raise SystemExit(1)
    _say(f"{path} is sound: {count:,} articles, file and index agree.")


def main() -> None:
    """Run the command line."""
    signal.signal(signal.SIGTERM, _terminate)
    for stream in (sys.stdout, sys.stderr):
        # A terminal that knows no Cyrillic shows it escaped; it is no reason to fail.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    cli()


def _terminate(*_: object) -> NoReturn:
    raise Terminated


# -- shared by the commands --------------------------------------------------------------------------------------------


@contextmanager
def _corpus(path: Path, *, readonly: bool = False, existing: bool = False) -> Iterator[Corpus]:
    from syndet.corpus import Corpus
    from syndet.errors import StoreError

    if existing and not path.is_file():
        raise StoreError(f"There is no store at {path}; `syndet --db {path} add SOURCE` makes one.")
    with Corpus(path, readonly=readonly) as corpus:
        yield corpus


@contextmanager
def _progress(quiet: bool) -> Iterator[Progress]:
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


def _finish(summary: Summary, as_json: bool) -> None:
    from syndet import report, tell

    if as_json:
        _print(report.summary_dict(summary))
    else:
        _say(tell.summary_text(summary))
    _complain(summary.problems)


def _complain(problems: Sequence[str]) -> None:
    for problem in problems:
        _say(f"Error: {problem}", err=True)
    if problems:
        raise SystemExit(1)


def _print(record: dict[str, Any]) -> None:
    # ASCII escapes: a lone surrogate, or a terminal without UTF-8, must not end in a traceback.
    click.echo(json.dumps(record, ensure_ascii=True, indent=2))


def _say(text: str, *, err: bool = False) -> None:
    click.echo(_shown(text), err=err)


def _shown(text: str) -> str:
    """Return `text` with every character escaped that could steer a terminal: a page's words are a stranger's."""
    return "".join(c if c.isprintable() or c == "\n" else c.encode("unicode_escape").decode("ascii") for c in text)


def _stdin() -> BinaryIO | None:
    """Return standard input, None where the caller closed it."""
    return sys.stdin.buffer if sys.stdin is not None else None


def _page(target: str, url: str | None) -> Page | Skipped:
    """Return the page of a file or of standard input."""
    from syndet import sources

    if target == "-":
        given = _stdin()
        if given is None:
            raise UsageError("There is no standard input; give a file instead of -.")
        return sources.from_bytes(given.read(sources.MAX_BYTES + 1), url=url, where="standard input")
    path = Path(target)
    if not path.is_file():
        raise UsageError(f"{target} is neither an address (with ://), an existing file, nor - for standard input.")
    return sources.read_file(path, url=url)


def _article(path: Path, target: str) -> Article:
    """Return the article of a file, or the stored one at an address."""
    from syndet.extract import extract
    from syndet.models import Skipped

    if Path(target).is_file():
        page = _page(target, None)
        article = page if isinstance(page, Skipped) else extract(page)
        if isinstance(article, Skipped):
            raise UsageError(f"{target} can't be compared: {article.detail}")
        return article
    if "://" not in target and not target.isdecimal():
        raise UsageError(f"{target} is neither an existing file nor the address or id of a stored article.")
    with _corpus(path, readonly=True) as corpus:
        return corpus.article(target)
