"""The rules of the house (CONTRIBUTING.md), so that nobody has to remember them."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

import syndet

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "syndet"
# The list in CONTRIBUTING.md is the list: a room a line, in import order.
ROOMS = re.findall(r"^\| `(\w+)` \|", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), re.MULTILINE)
PURE = ROOMS[: ROOMS.index("store")]
FILES = sorted(PACKAGE.rglob("*.py"))
TREES = {path: ast.parse(path.read_text(encoding="utf-8"), str(path)) for path in FILES}

LONGEST_FILE = 400  # lines; longer than that, nobody finds his way at a glance
LONGEST_FUNCTION = 60  # lines, docstring included
# Exceptions: name -> the reason. Empty is how it should be.
LONG_FILES: dict[str, str] = {}
LONG_FUNCTIONS: dict[str, str] = {}

SQL = re.compile(
    r"\bSELECT\s|\bINSERT\s+(?:OR\s+\w+\s+)?INTO\b|\bUPDATE\s+\w+\s+SET\b|\bDELETE\s+FROM\b|\bPRAGMA\s"
    r"|\b(?:CREATE|DROP|ALTER)\s+(?:TABLE|(?:UNIQUE\s+)?INDEX|VIEW|TRIGGER|VIRTUAL)\b"
)
# What a pure module has no business with: files, processes, the network, the clock, chance, the database.
IMPURE = frozenset(
    "asyncio http multiprocessing os pathlib random requests secrets shutil socket sqlite3 sqlite_utils "
    "subprocess tempfile threading time urllib3".split()
)
HOME_OF_SOMEBODY = re.compile(r"(?<![\w.:/~-])/(?:home|root|work|Users)/[\w.-]")


def room(path: Path) -> str:
    """Return the module of `path`; a folder is one room."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def of_rooms(*names: str) -> list[Path]:
    return [path for path in FILES if room(path) in names]


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imported(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield line and dotted name of every import, wherever it stands; `from a import b` is `a.b`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = "syndet" if node.level else node.module or ""
            start = f"{start}.{node.module}" if node.level and node.module else start
            yield from ((node.lineno, f"{start}.{alias.name}") for alias in node.names)


def calls(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield line and name, as written, of everything that is called."""
    return ((node.lineno, ast.unparse(node.func)) for node in ast.walk(tree) if isinstance(node, ast.Call))


def strings(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield line and value of every string that is not a docstring, pieces of f-strings too."""
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            yield node.lineno, node.value


def tracked() -> list[Path]:
    """Return the files under version control; where there is no git, all that would be."""
    try:
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        top = [path for path in ROOT.iterdir() if not path.name.startswith(".") or path.name == ".ci"]
        found = [file for path in top for file in ([path] if path.is_file() else path.rglob("*"))]
        return [path for path in found if path.is_file() and "__pycache__" not in path.parts]
    return [ROOT / line for line in listed.split("\0") if line and (ROOT / line).is_file()]


def documents() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "README.md", *ROOT.glob("docs/*.md")))


def test_every_module_stands_in_the_list_of_rooms() -> None:
    assert len(ROOMS) > 10
    assert sorted({room(path) for path in FILES} - {"__init__", "__main__"}) == sorted(ROOMS)


@pytest.mark.parametrize("path", FILES, ids=name)
def test_a_module_imports_only_from_above_it(path: Path) -> None:
    order = [*ROOMS, "__init__", "__main__"]
    assert room(path) in order, "no such room in CONTRIBUTING.md"
    here = order.index(room(path))
    wrong = []
    for line, target in imported(TREES[path]):
        parts = target.split(".")
        if parts[0] != "syndet" or parts[1:] == ["__version__"]:
            continue
        # `from syndet import compare` asks the package itself, which stands below all of its rooms.
        there = parts[1] if len(parts) > 1 and parts[1] in order else "__init__"
        if order.index(there) > here or (there == room(path) and not (PACKAGE / there).is_dir()):
            wrong.append(f"line {line}: {target}")
    assert wrong == []


@pytest.mark.parametrize("path", [path for path in FILES if room(path) != "store"], ids=name)
def test_sql_is_written_only_in_the_store(path: Path) -> None:
    assert [f"line {line}: {text!r}" for line, text in strings(TREES[path]) if SQL.search(text)] == []
    assert [line for line, target in imported(TREES[path]) if target.split(".")[0] in ("sqlite3", "sqlite_utils")] == []


@pytest.mark.parametrize("path", of_rooms(*PURE), ids=name)
def test_a_pure_module_takes_values_and_returns_values(path: Path) -> None:
    tree = TREES[path]
    imports = [f"line {line}: {target}" for line, target in imported(tree) if target.split(".")[0] in IMPURE]
    # To silence the logger of a library is fine; to write to one is not.
    forbidden = re.compile(
        r"(?:^open|\.(?:now|today|utcnow|urlopen|write_text|write_bytes)"
        r"|^_?log(?:ger|ging)?\.(?:debug|info|warning|error|exception|critical))$"
    )
    assert imports == []
    assert [f"line {line}: {call}" for line, call in calls(tree) if forbidden.search(call)] == []


@pytest.mark.parametrize("path", [path for path in FILES if room(path) != "cli"], ids=name)
def test_only_the_commands_print(path: Path) -> None:
    loud = re.compile(r"^(?:print|pprint|click\.s?echo|echo|sys\.std(?:out|err)\..*)$")
    assert [f"line {line}: {call}" for line, call in calls(TREES[path]) if loud.match(call)] == []


@pytest.mark.parametrize("path", FILES, ids=name)
def test_files_and_functions_are_short_enough_to_read(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= LONGEST_FILE or name(path) in LONG_FILES
    long = [
        f"{name(path)}:{node.name}"
        for node in ast.walk(TREES[path])
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION
    ]
    assert set(long) <= set(LONG_FUNCTIONS)


def test_no_file_names_a_folder_of_somebodys_machine() -> None:
    wrong = []
    for path in tracked():
        # Pages and feeds hold addresses that look like paths.
        if path.suffix in {".html", ".xml", ".gz", ".warc", ".jsonl", ".db", ".png"}:
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            if HOME_OF_SOMEBODY.search(line):
                wrong.append(f"{name(path)}:{number}: {line.strip()[:80]}")
    assert wrong == []


def test_every_import_is_a_declared_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    plain = re.compile(r"^[\w.-]+")

    def normal(text: str) -> str:
        return re.sub(r"[-_.]+", "-", plain.findall(text)[0]).lower()

    extras = [line for key, lines in project["optional-dependencies"].items() if key != "dev" for line in lines]
    declared = {normal(line) for line in (*project["dependencies"], *extras)}
    owners = packages_distributions()
    used = {target.split(".")[0] for tree in TREES.values() for _, target in imported(tree)}
    foreign = used - set(sys.stdlib_module_names) - {"syndet"}
    assert {top for top in foreign if not declared & {normal(owner) for owner in owners.get(top, [top])}} == set()


def test_every_declared_dependency_is_imported() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    # Declared for others: trafilatura fails at its import without it, and does not ask for it.
    unseen = {"lxml-html-clean"}
    tops = {target.split(".")[0] for tree in TREES.values() for _, target in imported(tree)}
    owners = packages_distributions()
    used = {re.sub(r"[-_.]+", "-", owner).lower() for top in tops for owner in owners.get(top, [top])}
    declared = {re.sub(r"[-_.]+", "-", re.findall(r"^[\w.-]+", line)[0]).lower() for line in project["dependencies"]}
    assert declared - used == unseen
    assert {"datasketch", "trafilatura", "sqlite-utils"} <= declared


def test_the_changelog_knows_the_current_version() -> None:
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(rf"^## \[?{re.escape(syndet.__version__)}\b", changes, re.MULTILINE)


def test_the_documents_and_the_package_agree_on_what_is_public() -> None:
    text = documents()
    public = set(syndet.__all__)
    shown = {
        part.strip()
        for line in re.findall(r"^from syndet import (.+)$", text, re.MULTILINE)
        for part in line.split(",")
    }
    assert shown <= public, "the documents import what the package does not export"
    assert {word for word in public if not re.search(rf"\b{word}\b", text)} == set(), "exported, but nowhere explained"
    assert [word for word in sorted(public) if not hasattr(syndet, word)] == []


def test_every_table_is_explained_to_its_readers() -> None:
    migrations = "\n".join(path.read_text(encoding="utf-8") for path in sorted(ROOT.glob("db/migrations/*.sql")))
    tables = set(re.findall(r"CREATE (?:VIRTUAL )?TABLE (?:IF NOT EXISTS )?(\w+)", migrations))
    tables -= set(re.findall(r"DROP TABLE (?:IF EXISTS )?(\w+)", migrations))
    explained = set(re.findall(r"^\| `(\w+)` \|", (ROOT / "db/README.md").read_text(encoding="utf-8"), re.MULTILINE))
    assert tables <= explained
