"""Web archives: their answers to pages, whatever is broken in them."""

import gzip
import hashlib
import random
import zlib

import pytest
from reading import HTML, answer, pages, read, skips, warc

from syndet import sources
from syndet.models import Page

# --- WARC -----------------------------------------------------------------------------------------


def archive(tmp_path, *parts, name="a.warc"):
    path = tmp_path / name
    path.write_bytes(b"".join(parts))
    return read(path)


PACKS = {
    "plain": lambda *records: b"".join(records),
    "by record": lambda *records: b"".join(map(gzip.compress, records)),
    "as a whole": lambda *records: gzip.compress(b"".join(records)),
}


@pytest.mark.parametrize("pack", PACKS)
def test_an_archive_gives_its_html_answers_and_resources_and_passes_over_the_rest(tmp_path, pack):
    records = [
        warc(b"software: x\r\n", kind="warcinfo", content_type="application/warc-fields"),
        warc(b"GET / HTTP/1.1\r\n\r\n", kind="request"),
        warc(url="<https://a.example/3>"),
        warc(answer(status=404)),
        warc(answer(b"\x89PNG", "image/png")),
        warc(answer(content_type='Application/XHTML+xml;charset="iso-8859-2"'), url="https://a.example/6"),
        warc(HTML, url="https://a.example/7", kind="resource", content_type="text/html"),
        warc(b"{}", kind="resource", content_type="application/json"),
        warc(b"20240305 a.example", "dns:a.example", content_type="text/dns"),
        warc(kind="revisit"),
    ]
    name = "a.warc" if pack == "plain" else "a.warc.gz"
    found = archive(tmp_path, PACKS[pack](*records), name=name)
    where, fetched = f"{tmp_path}/{name}:record", "2024-03-05T09:30:00Z"
    assert found == [
        Page("https://a.example/3", HTML, "html", f"{where} 3", fetched, "utf-8"),
        Page("https://a.example/6", HTML, "html", f"{where} 6", fetched, "iso-8859-2"),
        Page("https://a.example/7", HTML, "html", f"{where} 7", fetched, None),
    ]


def chunked(body, size=7):
    pieces = [body[n : n + size] for n in range(0, len(body), size)]
    return b"".join(b"%x;a=b\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def raw_deflate(body):
    pack = zlib.compressobj(wbits=-15)
    return pack.compress(body) + pack.flush()


def brotli(body):
    return pytest.importorskip("brotli").compress(body)


def zlib_deflate(body):
    return zlib.compress(body)


ENCODED = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib_deflate,
    "Deflate": raw_deflate,
    "br": brotli,
}


@pytest.mark.parametrize("encoding", ENCODED)
def test_content_encodings_are_taken_off_and_a_bomb_or_damage_in_them_is_skipped(tmp_path, encoding):
    pack = ENCODED[encoding]
    found = archive(
        tmp_path,
        warc(answer(pack(HTML), Content_Encoding=encoding)),
        warc(answer(chunked(pack(HTML)), Content_Encoding=encoding, Transfer_Encoding="chunked")),
        warc(answer(HTML, Content_Encoding=encoding)),
        warc(answer(pack(HTML * 99)[:-9], Content_Encoding=encoding)),
        warc(answer(pack(bytes(sources.MAX_BYTES + 1)), Content_Encoding=encoding)),
    )
    assert [page.data for page in pages(found)] == [HTML] * 3
    assert [reason for _, reason in skips(found)] == ["broken_record", "too_large"]
    assert [item.url for item in found[3:]] == ["https://a.example/1"] * 2


def test_chunks_cut_off_and_unknown_or_endless_encodings_are_broken(tmp_path):
    packed = warc(answer(chunked(gzip.compress(HTML * 99))[:-20], Transfer_Encoding="chunked", Content_Encoding="gzip"))
    unknown = warc(answer(b"abc", Content_Encoding="zopfli"))
    endless = warc(answer(HTML, Content_Encoding="gzip," * 1000 + "gzip"))
    found = archive(tmp_path, packed, unknown, endless, warc())
    assert [reason for _, reason in skips(found)] == ["broken_record"] * 3 and len(pages(found)) == 1


def test_an_answer_that_claims_html_with_a_bad_address_or_no_http_head_is_broken(tmp_path):
    found = archive(tmp_path, warc(url="a.example/1"), warc(b"no http at all"), warc(), warc(answer(b"\xff\x00")))
    assert skips(found) == [(f"{tmp_path}/a.warc:record {n}", "broken_record") for n in (1, 2)]
    assert len(pages(found)) == 2


def test_an_unknown_time_of_fetching_costs_no_page(tmp_path):
    [page] = archive(tmp_path, warc(**{"WARC-Date": "soon"}))
    assert page.fetched is None


def test_a_large_record_is_too_large_and_the_rest_goes_on(tmp_path):
    found = archive(tmp_path, warc(answer(b"x" * 25_000_000)), warc(answer(b"x" * (sources.MAX_BYTES + 1))), warc())
    assert [(item.reason, item.url) for item in found[:2]] == [("too_large", "https://a.example/1")] * 2
    assert len(pages(found)) == 1


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
@pytest.mark.parametrize("kind", ["response", "request"])
def test_an_archive_cut_off_at_its_end_says_so(tmp_path, pack, kind):
    noise = hashlib.sha512(b"1").hexdigest().encode() * 9
    last = pack(warc(answer(noise), url="https://a.example/2", kind=kind))
    for cut in (60, len(last) // 3):
        found = archive(tmp_path, pack(warc()), last[:-cut], name="a.warc.gz" if pack is gzip.compress else "a.warc")
        assert len(pages(found)) == 1 and len(found) == 2
        assert found[1].where.endswith(":record 2") and found[1].reason == "broken_record"
        assert "truncated" in found[1].detail


GZ = gzip.compress
DAMAGED = {
    "truncated": [warc()[:-40]],
    "truncated, compressed after": [GZ(warc()[:-40])],
    "a truncated member": [GZ(warc())[:-40]],
    "a member of noise": [GZ(warc())[:80] + b"z" * 40 + GZ(warc())[120:]],
    "a bad checksum": [GZ(warc())[:-6] + b"zzzzzz"],
    "a length too long": [warc(**{"Content-Length": "9" * 17})],
    "a length beyond all": [warc(**{"Content-Length": "9" * 5000})],
    "a negative length": [warc(**{"Content-Length": "-1"})],
    "no length": [warc(**{"Content-Length": "long"})],
    "a length too short": [warc(**{"Content-Length": "90"})],
    "a header without end": [b"WARC/1.0\r\nX: " + b"x" * 3_000_000],
    "junk": [b"junk\r\n" * 1000],
    "nul": [bytes(5_000_000)],
    "compressed junk": [GZ(b"junk\r\n" * 1000)],
}


@pytest.mark.parametrize("name", DAMAGED)
def test_a_truncated_warc_record_is_skipped_and_the_rest_goes_on(tmp_path, name):
    packed = DAMAGED[name][0][:2] == b"\x1f\x8b"
    good = [warc(url=f"https://a.example/{n}") for n in (1, 2, 3)]
    good = [GZ(r) for r in good] if packed else good
    found = archive(tmp_path, good[0], *DAMAGED[name], *good[1:], name="a.warc.gz" if packed else "a.warc")
    assert [page.data for page in pages(found)] == [HTML] * len(pages(found))
    assert [page.url[-1] for page in pages(found)][-2:] == ["2", "3"]
    assert [reason for _, reason in skips(found)] == ["broken_record"]
    assert len({item.where for item in found}) == len(found)


@pytest.mark.parametrize("content", [b"", b"not a web archive\n" * 99, bytes(100_000), bytes(range(256)) * 400, HTML])
@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz"])
def test_a_file_that_is_no_archive_is_unreadable(tmp_path, name, content):
    for body in (content, GZ(content), GZ(content)[:-5]):
        found = archive(tmp_path, body, name=name)
        assert skips(found) == [(f"{tmp_path}/{name}", "unreadable")]


def test_an_archive_damaged_everywhere_comes_to_an_end(tmp_path):
    broken = GZ(warc())[:-6] + b"zzzzzz"
    found = archive(tmp_path, GZ(warc()), broken * 1500, name="a.warc.gz")
    assert len(pages(found)) == 1 and len(found) < 1100
    assert "not read" in found[-1].detail


def test_no_change_of_a_few_bytes_in_an_archive_raises_or_loses_the_count(tmp_path):
    chance = random.Random(7)
    plain = [warc(url=f"https://a.example/{n}") for n in range(4)]
    for body in (b"".join(plain), b"".join(map(GZ, plain))):
        for _ in range(300):
            bent = bytearray(body)
            for _ in range(chance.randint(1, 4)):
                bent[chance.randrange(len(bent))] = chance.randrange(256)
            archive(tmp_path, bytes(bent[: chance.choice((len(bent), chance.randrange(len(bent))))]))
