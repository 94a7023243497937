"""What people install is what we test: the wheel, far from the checkout."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import syndet

# One group: the wheel is built and installed once, not once a worker.
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("packaging")]

ROOT = Path(__file__).resolve().parent.parent
STORY = (
    "The harbour board of Oldport approved a plan on Tuesday to rebuild the eastern breakwater, which lost forty "
    "metres of stone in the storms of last winter. Engineers told the board that the work would take two summers and "
    "cost about nine million euros, most of it for granite blocks brought by barge from a quarry up the coast. Fishing "
    "crews, who have moored on the western side since January, asked for a temporary pontoon. The board promised an "
    "answer in May. Two members voted against the plan because the estimate leaves out the dredging of the inner "
    "channel, which silted up in the same storms. The mayor said the town would ask the region for a third."
)


def run(*words: str | Path, cwd: Path) -> str:
    done = subprocess.run(words, cwd=cwd, capture_output=True, text=True)
    assert done.returncode == 0, f"{words}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def build(source: Path, target: Path) -> Path:
    run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", target, source, cwd=target)
    (wheel,) = target.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the bin folder of an empty environment in which only the wheel, and what it asks for, was installed."""
    folder = tmp_path_factory.mktemp("installed")
    run(sys.executable, "-m", "venv", folder, cwd=folder)
    run(folder / "bin/python", "-m", "pip", "install", "--quiet", wheel, cwd=folder)
    return folder / "bin"


def contents(wheel: Path) -> set[str]:
    return {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}


def test_the_wheel_holds_all_that_the_package_needs_and_nothing_else(wheel: Path) -> None:
    files = [path for path in (ROOT / "syndet").rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    migrations = list((ROOT / "db/migrations").glob("*.sql"))
    expected = {path.relative_to(ROOT).as_posix() for path in files}
    expected |= {f"syndet/_migrations/{path.name}" for path in migrations}
    assert migrations
    assert "syndet/py.typed" in expected
    assert contents(wheel) == expected


def test_the_source_archive_makes_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    hook = "import sys, hatchling.build; print(hatchling.build.build_sdist(sys.argv[1]))"
    tools = tmp_path / "tools"
    run(sys.executable, "-m", "venv", tools, cwd=tmp_path)
    run(tools / "bin/python", "-m", "pip", "install", "--quiet", "hatchling>=1.26", cwd=tmp_path)
    name = run(tools / "bin/python", "-c", hook, tmp_path, cwd=ROOT).strip()
    run("tar", "-xzf", name, cwd=tmp_path)
    (tmp_path / "again").mkdir()
    assert contents(build(tmp_path / name.removesuffix(".tar.gz"), tmp_path / "again")) == contents(wheel)


def test_the_installed_command_knows_its_version_and_its_commands(installed: Path, tmp_path: Path) -> None:
    assert syndet.__version__ in run(installed / "syndet", "--version", cwd=tmp_path)
    text = run(installed / "syndet", "--help", cwd=tmp_path)
    as_module = run(installed / "python", "-m", "syndet", "--help", cwd=tmp_path)
    assert text.splitlines()[1:] == as_module.splitlines()[1:]
    for command in ("nightly", "lookup", "serve", "add", "link", "show", "compare", "rebuild", "check"):
        assert f"  {command} " in text


def test_the_installed_command_finds_a_repost(installed: Path, tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    addresses = {"first": "https://oldport.example/harbour", "second": "https://copies.example/oldport-harbour"}
    credit = '<p>This story was originally published by <a href="https://oldport.example/harbour">Oldport Post</a>.</p>'
    for name, extra in (("first", ""), ("second", credit)):
        paragraphs = "".join(f"<p>{part}.</p>" for part in STORY.removesuffix(".").split(". "))
        html = (
            f"<html><head><title>Harbour plan</title></head><body><article>{paragraphs}{extra}</article></body></html>"
        )
        (pages / f"{name}.html").write_text(html, encoding="utf-8")
    lines = [json.dumps({"file": f"{name}.html", "url": url}) for name, url in addresses.items()]
    (pages / "manifest.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    database = tmp_path / "store.db"
    run(installed / "syndet", "--db", database, "nightly", pages, cwd=tmp_path)
    found = json.loads(
        run(installed / "syndet", "--db", database, "lookup", addresses["second"], "--json", cwd=tmp_path)
    )
    assert found["found"], found
    assert (found["verdict"], found["origin"]["url"]) == ("repost", addresses["first"])


def test_the_installed_package_is_typed_and_brings_its_sample(installed: Path, tmp_path: Path) -> None:
    listing = "from importlib.resources import files; print(*[p.name for p in files('syndet').iterdir()])"
    names = run(installed / "python", "-c", listing, cwd=tmp_path).split()
    assert {"py.typed", "_migrations", "sample"} <= set(names)
