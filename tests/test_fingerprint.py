from __future__ import annotations

import subprocess
import sys
import time
import unicodedata

import datasketch
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from syndet import fingerprint as fp
from syndet import letters, pairs
from syndet.errors import EmptyBody
from syndet.models import Fingerprint

STORY = (
    "The harbour authority of Rostock closed both quays on Tuesday after inspectors found cracks in a crane's "
    "foundation. Operators expect ferries to sail from Warnemünde until the repair, which engineers put at "
    "3.5 million euros, is finished in autumn. The crane was built in 1978 and last inspected nine years ago."
)
SCRIPTS = (
    STORY,
    "Die Straße nach Gießen bleibt gesperrt, rechnet Bürgermeister Müller.",
    "Путин встретится с Си Цзиньпином в Пекине, сообщил Кремль.",
    "国家主席习近平在北京会见俄罗斯总统普京，双方签署联合声明。",
    "東京電力はサーバーへの攻撃を発表した。",
    "นายกรัฐมนตรีประชุมด่วนเรื่องน้ำท่วมกรุงเทพมหานคร",
    "قال الرئيس المصري إن القاهرة ستستضيف قمة عربية",
    "प्रधानमंत्री मोदी दिल्ली में मिले",
    "문재인 대통령은 평양에서 김정은 위원장을 만났다",
    "one @ @ @ two three four five six @ @",
)

anything = st.text(st.characters(), max_size=60) | st.sampled_from(SCRIPTS) | st.sampled_from(
    ["a", "zebra lemur", "e\u0301cole", "so\u00adnar", "😀", "\ud800", "@ @ @ left", "北京Xi京", "\u0e49", "zz " * 9]
)  # fmt: skip


def same(a: Fingerprint, b: Fingerprint) -> bool:
    return (
        a.text == b.text
        and np.array_equal(a.signature, b.signature)
        and np.array_equal(a.bands, b.bands)
        and np.array_equal(a.pairs, b.pairs)
    )


def has_word(body: str) -> bool:
    return letters.count(body) > 0


def shared(a: str, b: str) -> int:
    one, two = fp.fingerprints([a, b])
    return len(np.intersect1d(one.pairs, two.pairs))


def invented(words: int, seed: int) -> list[str]:
    """Return words that no list knows, with the same few repeated as in a text."""
    draw = np.random.default_rng(seed)
    return [f"w{number}ord" for number in (draw.zipf(1.3, words) % 5000)]


def test_the_recipe_changes_only_on_purpose() -> None:
    # Both move when stored fingerprints stop being comparable: every store must be rebuilt, and CHANGELOG says so.
    assert fp.RECIPE == "syndet-1-338dc8bf"
    assert fp.golden() == fp._GOLDEN == "887166cb6a1122b0"


def test_the_self_test_passes_quickly_and_says_what_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    fp.golden.cache_clear()
    begin = time.perf_counter()
    assert fp.self_test() is None
    assert time.perf_counter() - begin < 5  # about 0.01 s; it hangs no start
    monkeypatch.setattr(fp, "_GOLDEN", "0" * 16)
    sentence = fp.self_test()
    assert sentence is not None
    assert fp.RECIPE in sentence


def test_permutations_are_those_of_datasketch() -> None:
    factors, summands = fp._permutations()
    expected = datasketch.MinHash(num_perm=128, seed=1, scheme="affine32").permutations
    assert np.array_equal(np.concatenate((factors, summands), axis=1).T, expected)


@pytest.mark.parametrize("size", [1, 2, 500, 70_000])
def test_signatures_equal_those_of_datasketch_for_the_same_hashes(size: int) -> None:
    hashes = np.random.default_rng(size).integers(0, 1 << 32, size, dtype=np.uint32)
    theirs = datasketch.MinHash(num_perm=128, seed=1, scheme="affine32", hashfunc=lambda value: value)
    theirs.update_batch(hashes.tolist())
    assert np.array_equal(fp.signature(hashes), theirs.hashvalues)


def test_a_body_s_signature_is_datasketch_s_over_its_shingle_set() -> None:
    for body in SCRIPTS:
        made = fp.fingerprint(body)
        theirs = datasketch.MinHash(num_perm=128, seed=1, scheme="affine32", hashfunc=int)
        theirs.update_batch((fp.shingle_set(body) >> np.uint64(32)).tolist())
        assert np.array_equal(made.signature, theirs.hashvalues)
        assert fp.minhash(made.signature).jaccard(theirs) == 1.0


def test_a_stored_signature_goes_on_as_a_datasketch_minhash() -> None:
    half = " ".join(invented(400, 1))
    one, two = fp.fingerprints([half + " " + " ".join(invented(400, 2)), half])
    exact = fp.jaccard(*(fp.shingle_set(body) for body in (half + " " + " ".join(invented(400, 2)), half)))
    guess = fp.minhash(one.signature).jaccard(fp.minhash(two.signature))
    assert guess == pytest.approx(exact, abs=0.13)  # three times the standard error of 128 permutations
    index = datasketch.MinHashLSH(threshold=0.3, num_perm=128)
    index.insert("one", fp.minhash(one.signature))
    assert index.query(fp.minhash(two.signature)) == ["one"]


def test_importing_needs_no_datasketch() -> None:
    code = "import sys, syndet.fingerprint as f; f.fingerprint('a b'); sys.exit('datasketch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@given(st.lists(anything.filter(has_word), min_size=1, max_size=6), st.integers(1, 3), st.integers(1, 40))
@example(list(SCRIPTS), 2, 10)
@settings(max_examples=150, deadline=None)
def test_every_body_has_one_fingerprint_in_any_batch_and_order(bodies: list[str], many: int, words: int) -> None:
    alone = [fp.fingerprint(body) for body in bodies]
    for made, body in zip(fp.fingerprints(bodies[::-1]), bodies[::-1], strict=True):
        assert same(made, alone[bodies.index(body)])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fp, "_BATCH_BODIES", many)
        patch.setattr(fp, "_BATCH_WORDS", words)
        assert all(map(same, fp.fingerprints(bodies), alone))


@given(anything.filter(has_word))
@settings(deadline=None)
def test_shapes_and_types_hold_for_any_text(body: str) -> None:
    made = fp.fingerprint(body)
    assert (made.signature.dtype, made.signature.shape) == (np.uint32, (fp.PERMUTATIONS,))
    assert (made.bands.dtype, made.bands.shape) == (np.int64, (fp.BANDS,))
    assert made.pairs.dtype == np.int64
    assert np.all(made.pairs[1:] > made.pairs[:-1])  # a difference of two could overflow
    assert -(1 << 63) <= made.text < 1 << 63
    assert len(fp.shingle_set(body)) >= 1


def test_spelling_variants_of_a_text_have_one_text_hash() -> None:
    body = "“Don’t stop”, said Zoë at the café — the ﬁrst co\u00adoperative in Fürth. Ελλάδα, Ёлка, ガス, 각하."
    variants = [
        unicodedata.normalize("NFC", body),
        unicodedata.normalize("NFD", body),
        body.upper(),
        body.replace("“", '"').replace("”", '"').replace("’", "'").replace("—", "-"),
        body.replace("\u00ad", ""),
        body.replace(" ", "\n\u00a0 "),
        body.replace("Zoë", "Zo\u200bë"),
    ]
    first = fp.fingerprint(body)
    assert all(same(made, first) for made in fp.fingerprints(variants))


def test_the_text_hash_moves_with_order_words_and_breaks() -> None:
    bodies = ["a b c", "c b a", "a b", "a b c c", "a @ @ b c", "a b @ @ c", "ab c"]
    assert len({made.text for made in fp.fingerprints(bodies)}) == len(bodies)


@pytest.mark.parametrize("body", ["", " \n", "—…!", "@ @ @ @", "😀"])
def test_a_body_without_a_word_is_named(body: str) -> None:
    with pytest.raises(EmptyBody, match="body 2 of 3"):
        fp.fingerprints(["fine", body, "too"])


def test_no_bodies_and_no_shingles() -> None:
    assert fp.fingerprints([]) == []
    assert fp.jaccard(fp.shingle_set(""), fp.shingle_set("@ @")) == 0.0
    with pytest.raises(EmptyBody):
        fp.signature(np.empty(0, np.uint32))


def test_no_shingle_or_pair_crosses_a_break() -> None:
    left, right = "zebra lemur okapi quagga tapir", "walrus narwhal beluga orca vaquita"
    joined = set(fp.shingle_set(f"{left} @ @ {right}").tolist())
    assert joined == {*fp.shingle_set(left).tolist(), *fp.shingle_set(right).tolist()}
    apart = np.union1d(fp.fingerprint(left).pairs, fp.fingerprint(right).pairs)
    assert np.array_equal(fp.fingerprint(f"{left} @ @ {right}").pairs, apart)


def test_a_body_of_four_words_is_one_shingle_and_jaccard_is_exact() -> None:
    assert len(fp.shingle_set("a b c d")) == 1
    assert fp.jaccard(fp.shingle_set("a b c d"), fp.shingle_set("A, b: c d!")) == 1.0
    assert fp.jaccard(fp.shingle_set("a b c d e f g"), fp.shingle_set("c d e f g h i")) == pytest.approx(1 / 5)


def test_content_pairs_ignore_common_words_order_and_single_letters() -> None:
    words = [word for word in invented(300, 3) if word]
    plain = " ".join(words)
    assert np.array_equal(fp.fingerprint(plain).pairs, fp.fingerprint(" of the ".join(words)).pairs)
    assert np.array_equal(fp.fingerprint(plain).pairs, fp.fingerprint(" l'".join(words)).pairs)
    assert np.array_equal(fp.fingerprint(plain).pairs, fp.fingerprint(" ".join(words[::-1])).pairs)


def test_a_row_of_numbers_makes_no_pair() -> None:
    table = " ".join(str(number) for number in range(1000, 1400))
    assert len(fp.fingerprint(table).pairs) == 0
    assert len(fp.fingerprint(table.replace(" ", " tonnes ")).pairs) > 100


def test_a_body_of_common_words_has_no_pair_but_is_found_by_bands_and_text() -> None:
    made = fp.fingerprint("It was said that he had been there with all of them for more than one year.")
    assert len(made.pairs) == 0
    assert made.bands.shape == (fp.BANDS,)


def test_sampling_keeps_its_share() -> None:
    body = " ".join(f"word{number}" for number in range(20_001))
    assert len(fp.fingerprint(body).pairs) == pytest.approx(10_000, rel=0.05)
    draw = np.random.default_rng(5)
    han = "".join(chr(0x4E00 + number) for number in draw.integers(5000, 20_000, 20_003))
    assert len(fp.fingerprint(han).pairs) == pytest.approx(5_000, rel=0.05)


@pytest.mark.parametrize(
    "sentence",
    [
        "国家主席习近平在北京人民大会堂会见来访俄罗斯总统普京双方签署关于深化全面战略协作伙伴关系声明",
        "東京電力福島第一原子力発電所サーバー攻撃調査委員会報告書公開政府対策本部設置決定",
        "นายกรัฐมนตรีเศรษฐาประชุมคณะรัฐมนตรีนัดพิเศษกรุงเทพมหานครรับมือสถานการณ์น้ำท่วมภาคเหนือ",
    ],
)
def test_an_excerpt_in_an_unspaced_script_shares_pairs_with_its_source(sentence: str) -> None:
    assert shared(f"{STORY} {sentence} {STORY}", sentence) >= 5


def test_an_excerpt_of_forty_words_shares_pairs_with_its_source() -> None:
    words = invented(900, 4)
    assert shared(" ".join(words), " ".join(words[400:440])) >= 10


def test_bands_find_near_copies_and_leave_strangers() -> None:
    found = strangers = 0
    for seed in range(100):
        words = [f"{seed}x{number}" for number in range(300)]
        near = [f"new{i}" if i % 60 == 30 else word for i, word in enumerate(words)]
        one, two, other = fp.fingerprints([" ".join(words), " ".join(near), " ".join(invented(300, seed))])
        found += bool(np.intersect1d(one.bands, two.bands).size)
        strangers += bool(np.intersect1d(one.bands, other.bands).size)
    assert found == 100
    assert strangers == 0


def test_the_common_words_are_words_as_the_tokeniser_writes_them() -> None:
    assert len(pairs.COMMON) > 6000
    assert [word for word in sorted(pairs.COMMON) if letters.words(word) != [word]] == []


def test_a_body_of_megabytes_stays_within_memory() -> None:
    code = (
        "import resource; from syndet.fingerprint import fingerprints\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "fingerprints(['Straße ' + ' '.join(f'w{i % 70000}' for i in range(800_000)), 'zebra'])\n"
        "print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert int(done.stdout) < 400  # MiB
