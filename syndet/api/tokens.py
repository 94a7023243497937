"""Who may read and who may write: two tokens, compared in constant time."""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from syndet.errors import UsageError

# Fewer characters can be guessed.
_SHORTEST = 16
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens that are asked for. Whoever may write may read; without a token for writing nobody writes.

    `closed`: reading needs a token, even where none but that for writing is set.
    """

    read: str | None = field(default=None, repr=False)
    write: str | None = field(default=None, repr=False)
    closed: bool = False

    def may_read(self, given: str | None) -> bool:
        """Return whether who gives this token may read."""
        if self.read is None and not self.closed:
            return True
        return self.known(given)

    @property
    def free(self) -> bool:
        """Return whether no token is asked for: a server of one user, on his own machine."""
        return self.read is None and self.write is None and not self.closed

    def known(self, given: str | None) -> bool:
        """Return whether a token is one of the two."""
        # Both are compared, whatever the first says: the time tells nothing.
        return same(given, self.read) | same(given, self.write)

    def may_write(self, given: str | None) -> bool:
        """Return whether who gives this token may write."""
        return same(given, self.write)


def same(given: str | None, kept: str | None) -> bool:
    """Return whether two tokens are one, in a time that does not tell how much of them is, nor how long the kept is."""
    digests = [hashlib.sha256((one or "").encode("utf-8", "surrogateescape")).digest() for one in (given, kept)]
    return hmac.compare_digest(*digests) and given is not None and kept is not None


def given(authorization: str | None) -> str | None:
    """Return the token of an Authorization header.

    >>> given("Bearer 0123456789abcdef"), given("bearer  x "), given("Basic eDp5"), given(None)
    ('0123456789abcdef', 'x', None, None)
    """
    scheme, _, rest = (authorization or "").partition(" ")
    return rest.strip() or None if scheme.lower() == "bearer" else None


def read(environment: Mapping[str, str] = os.environ, *, host: str = "127.0.0.1") -> Tokens:
    """Return the tokens that the environment names: SYNDET_READ_TOKEN, SYNDET_WRITE_TOKEN, or files (..._FILE).

    Raises UsageError where one is no use, and where others than this machine could reach `host` without any.
    """
    found = {name: _token(name, environment) for name in ("READ", "WRITE")}
    if found["READ"] is not None and found["READ"] == found["WRITE"]:
        raise UsageError("SYNDET_READ_TOKEN and SYNDET_WRITE_TOKEN are the same; who may read could write.")
    open_to_others = host not in _LOOPBACK
    if open_to_others and not any(found.values()):
        raise UsageError(
            f"Others can reach {host}: set SYNDET_READ_TOKEN (and SYNDET_WRITE_TOKEN, for those who add pages), or "
            "listen on 127.0.0.1."
        )
    return Tokens(found["READ"], found["WRITE"], closed=open_to_others)


def _token(name: str, environment: Mapping[str, str]) -> str | None:
    variable = f"SYNDET_{name}_TOKEN"
    text, path = environment.get(variable), environment.get(f"{variable}_FILE")
    if text and path:
        raise UsageError(f"Set {variable} or {variable}_FILE, not both.")
    if path:
        variable = f"{variable}_FILE"
        try:
            text = Path(path).read_text(encoding="utf-8").strip()
        except (OSError, ValueError) as error:
            raise UsageError(f"{path}, which {variable} names, cannot be read.") from error
    elif not text:
        return None
    if (
        len(text or "") < _SHORTEST
        or not (text or "").isascii()
        or not (text or "").isprintable()
        or " " in (text or "")
    ):
        raise UsageError(
            f"The token of {variable} is not {_SHORTEST} or more printable ASCII characters without blanks; "
            "`openssl rand -hex 32` makes one."
        )
    return text
