"""Files -> a list of what they hold (`SHA256SUMS`), and such a list -> what was changed since, to the byte.

`sha256sum -c SHA256SUMS` reads the list as well. Its comments hold two sums for each file, by which a single byte that
was changed can be found: it differs by d, and weighs d times its place.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

LIST = "SHA256SUMS"
_HEAD = "# syndet.exhibit/1: the SHA-256 of each file, and (bytes, sum, weighted sum) to find a changed byte by"


@dataclass(frozen=True, slots=True)
class Mark:
    """What the list says of one file: digest (hexadecimal), bytes, their sum, and their sum weighted by place."""

    digest: str
    size: int
    plain: int
    weighted: int


def mark(data: bytes) -> Mark:
    """Return what the list says of these bytes.

    >>> mark(b"ab").plain, mark(b"ab").weighted
    (195, 293)
    """
    values = np.frombuffer(data, np.uint8).astype(np.uint64)
    places = np.arange(1, len(values) + 1, dtype=np.uint64)
    return Mark(hashlib.sha256(data).hexdigest(), len(data), int(values.sum()), int((values * places).sum()))


def write(files: Mapping[str, bytes]) -> str:
    """Return the list of files, by name."""
    marks = {name: mark(files[name]) for name in sorted(files)}
    sums = (f"# {name} {one.size} {one.plain} {one.weighted}" for name, one in marks.items())
    hashes = (f"{one.digest}  {name}" for name, one in marks.items())
    return "\n".join((_HEAD, *sums, *hashes)) + "\n"


def read(listed: str) -> dict[str, Mark]:
    """Return what a list says of each file. Raises ValueError where it is none."""
    sums: dict[str, list[int]] = {}
    found: dict[str, Mark] = {}
    for line in listed.splitlines()[1:]:
        if line.startswith("# "):
            name, *numbers = line[2:].split(" ")
            sums[name] = [int(number) for number in numbers]
        else:
            digest, _, name = line.partition("  ")
            size, plain, weighted = sums[name]
            found[name] = Mark(digest, size, plain, weighted)
    return found


def faults(files: Mapping[str, bytes], listed: bytes) -> list[str]:
    """Return what is wrong with files or their list, one sentence each that names the file and the byte."""
    expected = write(files).encode()
    if listed == expected:
        return []
    differing = _differing(listed, expected)
    if len(listed) == len(expected) and len(differing) == 1:
        # What a file holds and its hash cannot both be right; here all but one byte of the list is.
        at = differing[0]
        return [f"{LIST} was changed: its byte {at:,} is {listed[at]:#04x}, and the files make it {expected[at]:#04x}."]
    try:
        marks = read(listed.decode("ascii"))
    except (ValueError, KeyError, UnicodeDecodeError):
        return [f"{LIST} was changed, from its byte {differing[0]:,} on: it is no longer a list."]
    found = [f"{name} is missing." for name in sorted(marks.keys() - files.keys())]
    found += [f"{name} was added: {LIST} does not have it." for name in sorted(files.keys() - marks.keys())]
    found += [
        fault for name in sorted(marks.keys() & files.keys()) if (fault := _fault(name, files[name], marks[name]))
    ]
    return found or [f"{LIST} was changed, from its byte {differing[0]:,} on."]


def _differing(one: bytes, other: bytes) -> list[int]:
    """Return the places, from 0, at which two texts differ; the end of the shorter one where nothing before does."""
    size = min(len(one), len(other))
    places = np.flatnonzero(np.frombuffer(one, np.uint8, size) != np.frombuffer(other, np.uint8, size))
    return [int(place) for place in places] or [size]


def _fault(name: str, data: bytes, listed: Mark) -> str | None:
    now = mark(data)
    if now == listed:
        return None
    if now.size != listed.size:
        return f"{name} was changed: it has {now.size:,} bytes, and had {listed.size:,}."
    if now.digest == listed.digest or (now.plain, now.weighted) == (listed.plain, listed.weighted):
        return f"{LIST} was changed: what it says of {name} is not of one file."
    change, moved = now.plain - listed.plain, now.weighted - listed.weighted
    place = moved // change - 1 if change and moved % change == 0 else -1
    if 0 <= place < now.size and 0 <= data[place] - change <= 255:
        was = bytes((data[place] - change,))
        # Only what the hash confirms is said.
        if hashlib.sha256(data[:place] + was + data[place + 1 :]).hexdigest() == listed.digest:
            return f"{name} was changed: its byte {place:,} is {data[place]:#04x}, and was {was[0]:#04x}."
    return f"{name} was changed in more than one byte."
