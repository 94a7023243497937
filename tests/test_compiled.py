"""What numba compiles makes what numpy makes, to the bit; nobody waits for it who has little to do."""

from __future__ import annotations

import subprocess
import sys

import datasketch
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from test_fingerprint import SCRIPTS, has_word, same
from test_letters import anything

from syndet import compiled, fingerprint, pairs, text

needs_numba = pytest.mark.skipif(not compiled.available(), reason="numba is not installed (scripts/setup dev,fast)")


class Compiled:
    """Compiled loops are used inside of `with`, and numpy outside."""

    def __enter__(self) -> None:
        compiled.allow(True)
        compiled.load()
        assert compiled.loaded() is not None

    def __exit__(self, *_: object) -> None:
        compiled.allow(False)


@pytest.fixture(autouse=True)
def numpy_outside():
    compiled.allow(False)
    yield
    compiled.allow(True)


def everything(body: str) -> list[list[object]]:
    """Return all that is made of the words of a body."""
    words = text.tokens(body)
    worths = pairs.worths(words)
    bounds = np.array([0, len(words)])
    found = [pairs.pairs_of(worths, words.hashes, bounds, sampled=sampled) for sampled in (True, False)]
    texts = fingerprint._text_hashes(words.hashes, bounds) if len(words) else np.empty(0)
    return [
        words.words,
        *(
            part.tolist()
            for part in (words.hashes, words.begins, words.ends, words.weights, words.sizes, worths, texts)
        ),
        *(part.tolist() for keys, places in found for part in (keys, places)),
    ]


@needs_numba
@given(anything)
@example("")
@example("@@ a@@b @ @@\u00a0@ c@ d @")
@example("東京か\u3099へ  zebra 1234 5678 okapi 東 नमस्ते quagga 12x ışık")
@settings(max_examples=400, deadline=None)
def test_the_words_and_pairs_of_any_text_are_those_of_numpy(body: str) -> None:
    plain = everything(body)
    with Compiled():
        assert everything(body) == plain


@needs_numba
@given(st.lists((anything | st.sampled_from(SCRIPTS)).filter(has_word), min_size=1, max_size=6))
@example(list(SCRIPTS))
@settings(max_examples=200, deadline=None)
def test_the_fingerprints_of_any_bodies_are_those_of_numpy_and_of_datasketch(bodies: list[str]) -> None:
    plain = fingerprint.fingerprints(bodies)
    with Compiled():
        made = fingerprint.fingerprints(bodies)
    assert all(map(same, made, plain))
    for body, one in zip(bodies, made, strict=True):
        theirs = datasketch.MinHash(num_perm=128, seed=1, scheme="affine32", hashfunc=int)
        theirs.update_batch((fingerprint.shingle_set(body) >> np.uint64(32)).tolist())
        assert np.array_equal(one.signature, theirs.hashvalues)


@needs_numba
@pytest.mark.parametrize("words", [1, 4, 5, 20, 70_000])
def test_short_and_long_bodies_have_the_fingerprints_of_numpy(words: int) -> None:
    body = " ".join(f"w{number * number % 9973}ord" for number in range(words))
    plain = fingerprint.fingerprint(body)
    with Compiled():
        assert same(fingerprint.fingerprint(body), plain)
        fingerprint.golden.cache_clear()
        assert fingerprint.self_test() is None


def loaded(bodies: int, before: str = "") -> str:
    """Return what a process that makes so many fingerprints says of numba."""
    code = (
        f"import sys; {before}\nfrom syndet import compiled, fingerprint as f; compiled.ENOUGH = 64\n"
        f"f.fingerprints(['zebra okapi'] * {bodies}); f.fingerprint('tapir'); print('numba' in sys.modules)"
        "\nprint(compiled.loaded() is not None)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return " ".join(done.stdout.split())


def test_numba_is_loaded_by_who_has_much_to_do_only_and_missed_by_nobody() -> None:
    assert loaded(3) == "False False"
    assert loaded(64) == ("True True" if compiled.available() else "False False")
    assert loaded(64, "compiled_missing = sys.modules['numba'] = None").endswith("False")


@needs_numba
def test_loops_are_compiled_where_nothing_can_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    import numba

    def njit(**options: object):
        if options.get("cache"):
            raise RuntimeError("cannot cache function: no locator available")
        return numba.njit(**options)

    from syndet.compiled import kernels

    monkeypatch.setattr(kernels, "numba", type("Numba", (), {"njit": staticmethod(njit)}))
    assert kernels._compiled(lambda value: value + 1)(1) == 2
