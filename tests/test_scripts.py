"""scripts/setup, nightly and test, with a python3 that only pretends: quick, and without a network."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHELL = [
    path for path in (*ROOT.glob("scripts/*"), ROOT / ".ci/run") if path.is_file() and b"bash" in path.read_bytes()[:30]
]

# Knows `-m venv FOLDER`, `-m pip install` and `-c`; keeps a diary of what it was asked.
PYTHON = r"""#!/usr/bin/env bash
printf '%s\n' "$*" >>"$DIARY"
case "$*" in
  "-m venv "*)
    mkdir -p "$3/bin"
    cp "$0" "$3/bin/python"
    ;;
  *"-m pip install"*)
    [[ -z ${BROKEN_PIP:-} ]] || { echo "no matching distribution"; exit 1; }
    [[ -z ${KILLED_PIP:-} ]] || kill -KILL $PPID
    printf '#!/usr/bin/env bash\nprintf "%%s\\n" "$@"\n' >"${0%/*}/syndet"
    chmod +x "${0%/*}/syndet"
    ;;
  *version_info*) [[ -z ${OLD_PYTHON:-} ]] ;;
  *ensurepip*) [[ -z ${NO_ENSUREPIP:-} ]] ;;
  -V) echo "Python 3.9.2" ;;
esac
"""


class Checkout:
    """A copy of the scripts in a folder of its own, beside a folder to call them from."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "a checkout"
        self.elsewhere = folder / "elsewhere"
        self.diary = folder / "diary"
        self.elsewhere.mkdir()
        shutil.copytree(ROOT / "scripts", self.root / "scripts")
        shutil.copy(ROOT / "pyproject.toml", self.root)
        (folder / "bin").mkdir()
        (folder / "bin/python3").write_text(PYTHON)
        (folder / "bin/python3").chmod(0o755)
        self.environment = {"PATH": f"{folder / 'bin'}:/usr/bin:/bin", "DIARY": str(self.diary)}

    def nightly(self, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        command = [self.root / "scripts/nightly", *words]
        return subprocess.run(
            command, cwd=self.elsewhere, env=self.environment | environment, capture_output=True, text=True
        )

    def installs(self) -> int:
        return self.diary.read_text().count("pip install")


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


@pytest.mark.parametrize("path", SHELL, ids=lambda path: path.name)
def test_shell_scripts_are_well_formed_and_executable(path: Path) -> None:
    subprocess.run(["bash", "-n", path], check=True)
    assert os.access(path, os.X_OK)


def test_the_first_night_sets_up_and_takes_the_sample(checkout: Checkout) -> None:
    done = checkout.nightly()
    assert done.stderr == "Setting up in .venv (once, about a minute) ...\n"
    root = checkout.root
    assert done.stdout.splitlines() == ["--db", f"{root}/db/syndet.db", "nightly", f"{root}/syndet/sample"]


def test_the_second_night_installs_nothing_and_says_nothing(checkout: Checkout) -> None:
    checkout.nightly()
    again = checkout.nightly()
    assert (again.returncode, again.stderr, checkout.installs()) == (0, "", 1)


def test_sources_are_handed_on_as_the_caller_wrote_them(checkout: Checkout) -> None:
    done = checkout.nightly("--json", "my pages", "-", SYNDET_DB="other.db")
    assert done.stdout.splitlines() == ["--db", "other.db", "nightly", "--json", "my pages", "-"]


def test_options_alone_leave_the_sample_in_place(checkout: Checkout) -> None:
    assert checkout.nightly("--dry-run").stdout.splitlines()[-2:] == ["--dry-run", f"{checkout.root}/syndet/sample"]


def test_a_changed_project_file_is_installed_again(checkout: Checkout) -> None:
    checkout.nightly()
    with (checkout.root / "pyproject.toml").open("a") as file:
        file.write("# a new dependency\n")
    checkout.nightly()
    assert checkout.installs() == 2
    assert checkout.diary.read_text().count("-m venv") == 1


def test_a_copied_checkout_does_not_run_the_code_of_the_old_place(checkout: Checkout) -> None:
    checkout.nightly()
    checkout.root = checkout.root.rename(checkout.root.with_name("moved"))
    checkout.nightly()
    assert checkout.installs() == 2


def test_the_tests_tools_count_for_the_night_too(checkout: Checkout) -> None:
    subprocess.run([checkout.root / "scripts/setup", "dev"], env=checkout.environment, check=True, capture_output=True)
    checkout.nightly()
    assert checkout.installs() == 1
    assert ".[dev]" in checkout.diary.read_text()


def test_a_killed_set_up_begins_anew(checkout: Checkout) -> None:
    assert checkout.nightly(KILLED_PIP="1").returncode != 0
    left_over = checkout.root / ".venv/left-over"
    left_over.touch()
    done = checkout.nightly()
    assert (done.returncode, left_over.exists(), checkout.installs()) == (0, False, 2)


def test_a_failing_pip_is_shown_and_keeps_what_was_complete(checkout: Checkout) -> None:
    checkout.nightly()
    before = (checkout.root / "pyproject.toml").read_text()
    (checkout.root / "pyproject.toml").write_text(before + "# changed\n")
    failed = checkout.nightly(BROKEN_PIP="1")
    assert (failed.returncode, failed.stdout) == (1, "")
    assert "no matching distribution" in failed.stderr
    (checkout.root / "pyproject.toml").write_text(before)
    assert (checkout.nightly().returncode, checkout.installs()) == (0, 2)


def test_a_python_that_went_away_is_noticed(checkout: Checkout) -> None:
    checkout.nightly()
    (checkout.root / ".venv/bin/python").unlink()
    assert (checkout.nightly().returncode, checkout.installs()) == (0, 2)


@pytest.mark.parametrize(
    ("trouble", "sentence"),
    [
        ("NO_ENSUREPIP", "syndet needs python3-venv to set itself up: sudo apt-get install python3-venv\n"),
        ("OLD_PYTHON", "syndet needs Python 3.11 or later, and python3 is 3.9.2 here.\n"),
    ],
)
def test_what_is_missing_is_said_in_one_sentence(checkout: Checkout, trouble: str, sentence: str) -> None:
    done = checkout.nightly(**{trouble: "1"})
    assert (done.returncode, done.stdout, done.stderr) == (1, "", sentence)
    assert not (checkout.root / ".venv").exists()
