"""The command line: parse, call the Corpus once, print. Data on standard output, progress on standard error.

Here are most of the commands; `lists`, `export` and `checking` have more, and `terminal` is what they share.
"""

from __future__ import annotations

import io
import json
import signal
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any, Literal, NoReturn

import click

from syndet import __version__
from syndet.cli import checking, export, lists, terminal
from syndet.errors import NotStored, SyndetError, Terminated, UsageError


class _Group(click.Group):
    """Commands in the order in which a user meets them; errors as one sentence."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except UsageError as error:
            raise click.UsageError(terminal.shown(str(error))) from error
        except SyndetError as error:
            raise click.ClickException(terminal.shown(str(error))) from error
        except KeyboardInterrupt as stop:
            # As shells count it: 128 and the number of the signal.
            number = signal.SIGTERM if isinstance(stop, Terminated) else signal.SIGINT
            terminal.say("\nStopped. What was stored stays; the same command goes on from there.", err=True)
            raise SystemExit(128 + number) from None


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--db", "path", envvar="SYNDET_DB", default="syndet.db", show_default=True, show_envvar=True,
    type=click.Path(dir_okay=False, path_type=Path), help="The store.",
)  # fmt: skip
@click.option(
    "--representative", metavar="WHO", envvar="SYNDET_REPRESENTATIVE", default="origin", show_default=True,
    show_envvar=True, help="Who speaks for a cluster: origin, earliest, or a file with one preferred site a line.",
)  # fmt: skip
@click.version_option(__version__, prog_name="syndet")
@click.pass_context
def cli(ctx: click.Context, path: Path, representative: str) -> None:
    """Find which news page is a repost, of what, how much of it, and how we know."""
    ctx.obj = path


_sources = click.argument("sources", metavar="SOURCE...", nargs=-1, required=True)
_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_quiet = click.option("--quiet", is_flag=True, help="No progress.")
_keep = click.option(
    "--keep-bytes", is_flag=True, help="Keep the pages as they were fetched: some 60 KB a page of HTML."
)
_processes = click.option(
    "--processes", metavar="N", type=click.IntRange(1), envvar="SYNDET_PROCESSES", show_envvar=True,
    help="How many processes read pages and compare; one for each processor unless you say.",
)  # fmt: skip


@cli.command()
@_sources
@_keep
@_processes
@_json
@_quiet
@click.pass_obj
def nightly(
    path: Path, sources: tuple[str, ...], keep_bytes: bool, processes: int | None, as_json: bool, quiet: bool
) -> None:
    """Add pages from every SOURCE, link what is new, and sum up.

    A SOURCE is a file or folder (.html, .htm, .txt, .jsonl, .warc, each also as .gz) or - for JSON Lines on standard
    input. Exit code 0: done; 1: a source could not be read, or the job failed; 2: wrong use.
    """
    with terminal.corpus(path) as corpus, terminal.progress(quiet) as progress:
        summary = corpus.nightly(
            sources, stdin=terminal.stdin(), progress=progress, keep_bytes=keep_bytes, processes=processes
        )
    terminal.finish(summary, as_json)


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

    page = None if "://" in target else terminal.page(target, url)
    with terminal.corpus(path, readonly=True) as corpus:
        recipe = corpus.recipe()
        try:
            answer = corpus.lookup(target) if page is None else corpus.lookup_page(page, target, url=url)
        except NotStored:
            terminal.say(f"{target} is not stored; `syndet add` stores pages.", err=True)
            if as_json:
                terminal.print_json(report.not_found(target, recipe))
            return
    if isinstance(answer, Skipped):
        raise click.ClickException(terminal.shown(f"{target} can't be looked up: {answer.detail}"))
    if as_json:
        terminal.print_json(report.lookup_dict(answer, recipe, body=body))
    else:
        terminal.say(tell.lookup_text(answer))


@cli.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option("--port", default=8765, show_default=True, type=click.IntRange(0, 65535))
@click.pass_obj
def serve(path: Path, host: str, port: int) -> None:
    """Answer over HTTP, as docs/api.md says, until stopped.

    SYNDET_READ_TOKEN is what who asks has to give, SYNDET_WRITE_TOKEN who sends pages and reviews; or name files that
    hold them in SYNDET_READ_TOKEN_FILE and SYNDET_WRITE_TOKEN_FILE. Without one, it listens on this machine only;
    without one for writing, nothing is stored.
    """
    from syndet.api import run

    with terminal.corpus(path, readonly=True):
        pass  # a store that can't be read is told before the server starts
    run(path, host, port, representative=terminal.representative())


@cli.command()
@click.option(
    "--html", "folder", metavar="DIR", required=True, type=click.Path(file_okay=False, path_type=Path),
    help="The folder to write to.",
)  # fmt: skip
@click.option("--limit", default=500, show_default=True, type=click.IntRange(1), help="Of each list, the latest.")
@click.pass_obj
def report(path: Path, folder: Path, limit: int) -> None:
    """Write last night for an editor as a folder of pages that need no server.

    What is new: reposts by outlet, those without credit first, possible ones, alarms, what was left out; and the pages
    that serve shows of each article, comparison, cluster and outlet that these lead to. Begin with DIR/index.html.
    """
    from syndet.web.export import write

    with terminal.corpus(path, readonly=True) as corpus:
        done = write(corpus, folder, limit)
    left = f"; {done.left_out:,} more of the night are only counted (--limit)" if done.left_out else ""
    terminal.say(f"{done.pages:,} pages written to {folder / 'index.html'} and beside it{left}.")


@cli.command()
@_sources
@_keep
@_processes
@_json
@_quiet
@click.pass_obj
def add(
    path: Path, sources: tuple[str, ...], keep_bytes: bool, processes: int | None, as_json: bool, quiet: bool
) -> None:
    """Store pages from every SOURCE without linking them yet."""
    with terminal.corpus(path) as corpus, terminal.progress(quiet) as progress:
        summary = corpus.add(
            sources, stdin=terminal.stdin(), progress=progress, keep_bytes=keep_bytes, processes=processes
        )
    terminal.finish(summary, as_json)


@cli.command()
@_processes
@_json
@_quiet
@click.pass_obj
def link(path: Path, processes: int | None, as_json: bool, quiet: bool) -> None:
    """Link the articles that are not linked yet."""
    with terminal.corpus(path, existing=True) as corpus, terminal.progress(quiet) as progress:
        summary = corpus.link(progress=progress, processes=processes)
    terminal.finish(summary, as_json)


@cli.command()
@click.argument("target", metavar="ID|URL", required=False)
@click.option("--cluster", metavar="ID", type=click.IntRange(1), help="Show the cluster with this id.")
@click.option("--outlet", metavar="SITE", help="Show who copies whom at this outlet.")
@click.option("--licences", "licensed", is_flag=True, help="Show what the register of licences says of reposts.")
@click.option("--limit", default=1_000, show_default=True, type=click.IntRange(1), help="Articles, or reposts, read.")
@click.option("--skip", default=0, type=click.IntRange(0), help="Later ones passed over.")
@_json
@click.pass_obj
def show(
    path: Path, target: str | None, cluster: int | None, outlet: str | None, licensed: bool, limit: int, skip: int,
    as_json: bool,
) -> None:  # fmt: skip
    """Show a stored article: metadata, body, versions, links, reviews.

    With --cluster instead, its members by time, where each comes from, and what became of its id. With --outlet, whom
    the latest articles of a site were copied from and who copied them: by month, how late, how much, with what credit,
    and what is cut and added again and again. With --licences, the latest reposts that the register (`syndet licences`)
    does not permit, then those of which it says nothing for certain.
    """
    from syndet import desk, ledger, report, roster, tell

    if [target, cluster, outlet].count(None) + (not licensed) != 3:
        raise UsageError(
            "Name one stored article, one cluster (--cluster ID), one outlet (--outlet SITE) or --licences."
        )
    with terminal.corpus(path, readonly=True) as corpus:
        record: dict[str, Any]
        told: Callable[[dict[str, Any]], str]
        if outlet is not None:
            found = corpus.outlet(outlet, limit=limit, skip=skip)
            record, told = ledger.ledger_dict(found), ledger.ledger_text
        elif licensed:
            record, told = desk.desk_dict(desk.reposts(corpus, limit=limit, skip=skip)), desk.desk_text
        elif cluster is not None:
            record, told = roster.roster_dict(corpus.cluster(cluster)), roster.roster_text
        else:
            record, told = report.show_dict(*corpus.show(target or "")), tell.show_text
    if as_json:
        terminal.print_json(record)
    else:
        terminal.say(told(record))


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

    with terminal.names_of(path):
        sides = [terminal.article(path, target) for target in (a, b)]
        found = compare_articles(*sides)
    changes = between(*sides) if changed else None
    if as_json:
        terminal.print_json(report.comparison_dict(found, changes))
    else:
        terminal.say(tell.comparison_text(found, changes))


@cli.command()
@click.option("--since", metavar="PLACE", help="`next` of an earlier answer; now: only what is to come.")
@click.option("--limit", default=100, show_default=True, type=click.IntRange(1), help="How many are listed.")
@_json
@click.pass_obj
def changes(path: Path, since: str | None, limit: int, as_json: bool) -> None:
    """List articles whose links or origin, and clusters whose members changed, each as it is now.

    The earliest first, and each once, with its latest change. For systems that keep themselves in step: the answer ends
    with the place to go on from.
    """
    from syndet import bulletin, feed

    with terminal.corpus(path, readonly=True) as corpus:
        record = bulletin.bulletin_dict(feed.changes(corpus, since, limit=limit))
    terminal.print_json(record) if as_json else terminal.say(bulletin.bulletin_text(record))


_VERDICTS: dict[str, Literal["confirmed", "rejected", "origin", "open"]] = {
    "confirm": "confirmed", "reject": "rejected", "origin": "origin", "withdraw": "open"
}  # fmt: skip


@cli.command()
@click.argument("verdict", type=click.Choice([*_VERDICTS]), required=False)
@click.argument("repost", required=False)
@click.argument("origin", required=False)
@click.option("--by", "who", metavar="NAME", help="Who says so.  [default: your login name]")
@click.option("--why", default="", help="The reason, in your words.")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1), help="How many pairs are listed.")
@click.option("--export", metavar="FILE", type=click.File("w", "utf-8", lazy=True), help="Write labels for evaluate.")
@_json
@click.pass_obj
def review(
    path: Path, verdict: str | None, repost: str | None, origin: str | None, who: str | None, why: str, limit: int,
    export: IO[str] | None, as_json: bool,
) -> None:  # fmt: skip
    """Say what is so of two stored pages; without that, list the pairs that need it most.

    confirm: REPOST has text of ORIGIN. origin: and its story begins there. reject: neither has text of the other.
    withdraw: what was said of the two no longer counts. REPOST and ORIGIN are addresses or ids. What a person said
    last goes before all that was found, now and after every later night. Listed are the pairs, not reviewed yet,
    whose probability of reuse or of direction is nearest to the line, the nearest first.
    """
    from syndet import report, tell

    if verdict is not None:
        if repost is None or origin is None:
            raise UsageError(f"Name two stored articles: syndet review {verdict} REPOST ORIGIN.")
        with terminal.corpus(path, existing=True) as corpus:
            said = corpus.review(repost, origin, _VERDICTS[verdict], who=who or terminal.login(), why=why)
            record = report.review_dict(said, corpus.article(said.repost), corpus.article(said.origin))
        terminal.print_json(record) if as_json else terminal.say(tell.review_text(record))
    if export is not None:
        with terminal.corpus(path, readonly=True) as corpus:
            lines = corpus.labels()
        export.writelines(json.dumps(line) + "\n" for line in lines)
        terminal.say(f"{len(lines):,} labels written.", err=True)
    elif verdict is None:
        with terminal.corpus(path, readonly=True) as corpus:
            listed = report.borderline_dict(corpus.borderline(limit))
        terminal.print_json(listed) if as_json else terminal.say(tell.borderline_text(listed))


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
    with terminal.progress(quiet) as progress, ExitStack() as stack:
        stored = None if articles or given.pages else stack.enter_context(terminal.corpus(store or path, readonly=True))
        done = evaluation.evaluate(
            given, stored, articles=articles, pairwise=pairwise, threshold=threshold, progress=progress
        )
    if html is not None:
        html.write(page.evaluation_html(done, labels.name))
    terminal.print_json(scorecard.evaluation_dict(done)) if as_json else terminal.say(scorecard.evaluation_text(done))
    terminal.complain(done.unread)


cli.add_command(lists.outlets)
cli.add_command(lists.licences)
cli.add_command(export.export)


@cli.command()
@_processes
@_json
@_quiet
@click.pass_obj
def rebuild(path: Path, processes: int | None, as_json: bool, quiet: bool) -> None:
    """Make fingerprints, index and links anew, with this version's recipe."""
    with terminal.corpus(path, existing=True) as corpus, terminal.progress(quiet) as progress:
        summary = corpus.rebuild(progress=progress, processes=processes)
    terminal.finish(summary, as_json)


cli.add_command(checking.check)


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
