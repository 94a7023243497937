"""Lists that a user keeps in the store: outlets and agencies, licences."""

from __future__ import annotations

from pathlib import Path

import click

from syndet.cli import terminal

_file = click.argument("given", metavar="[FILE]", required=False, type=click.Path(dir_okay=False, path_type=Path))


@click.command()
@_file
@click.option("--shipped", is_flag=True, help="Without FILE: print the list that syndet comes with.")
@click.option("--quiet", is_flag=True, help="No progress.")
@click.pass_obj
def outlets(path: Path, given: Path | None, shipped: bool, quiet: bool) -> None:
    """Keep your own list of outlets and agencies, FILE; without that, print it.

    FILE is separated by tabs or commas, and its first line names the columns: name, kind (outlet, agency, release,
    photo, data), codes, aliases, domains, owner; several values of a cell are separated by semicolons. It adds to the
    shipped list and takes the place of the FILE before. What is stored is linked anew, but what pages say of their
    origin is read when they are stored: keep the list before the first night. Exit code 1: some lines were of no use.
    """
    from syndet import outlets as lists

    if given is None:
        if shipped or not path.exists():
            listed = lists.shipped() if shipped else ()
        else:
            with terminal.corpus(path, readonly=True) as corpus:
                listed = corpus.listed()
        terminal.say(lists.write(listed))
        return
    entries, problems = lists.read(terminal.text_of(given))
    if problems and not entries:
        terminal.complain(problems)
    with terminal.corpus(path) as corpus, terminal.progress(quiet) as progress:
        summary = corpus.list_outlets(entries, progress=progress)
    linked = f"; {summary.linked:,} stored articles were linked anew" if summary.linked else ""
    terminal.say(f"{len(entries):,} outlets are kept in {path}{linked}.")
    terminal.complain(problems)


@click.command()
@_file
@click.pass_obj
def licences(path: Path, given: Path | None) -> None:
    """Keep a register of licences, FILE, by which reposts are judged; without that, print it.

    FILE is separated by commas, tabs or semicolons, and its first line names the columns: licensee, source, from, to,
    terms. A licensee is a site, a listed outlet, owner:NAME, * for anybody or - for nobody; a source a site, outlet,
    agency or owner:NAME; dates are included, and an empty one is open. It takes the place of the FILE before. Answers,
    `syndet show --outlet` and `syndet show --licences` then say of a repost whether it is permitted, not permitted or
    unknown, now and for what is stored already. Exit code 1: some lines were of no use.
    """
    from syndet import desk
    from syndet import licences as register
    from syndet.printable import plural

    if given is None:
        with terminal.corpus(path, readonly=True) as corpus:
            terminal.say(register.write(desk.kept(corpus)))
        return
    text = terminal.text_of(given)
    with terminal.corpus(path) as corpus, corpus.reading():
        lines, problems = register.read(text)
    if problems and not lines:
        terminal.complain(problems)
    with terminal.corpus(path) as corpus:
        desk.keep(corpus, lines)
    terminal.say(f"The register of licences in {path} has {plural(len({one.line for one in lines}), 'line')}.")
    terminal.complain(problems)
