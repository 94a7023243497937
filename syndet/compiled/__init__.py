"""The loops that a compiler makes faster, where numba is installed (extra `fast`): the same to the bit.

To get them ready takes seconds, as long as numpy takes for thousands of bodies, so a process that has little to do
never does; see `count`.
"""

from __future__ import annotations

from importlib.util import find_spec
from types import ModuleType

# To import numba and to load what it compiled takes 2.5 to 3 s of CPU, and saves about 0.15 ms a body of 600 words. Who
# does that once numpy has taken as long never loses more than as much again, and gains when as many bodies follow.
ENOUGH = 16_000  # bodies

_counted = 0
_kernels: ModuleType | None = None
_allowed = True


def available() -> bool:
    """Return whether numba is installed."""
    try:
        return find_spec("numba") is not None
    except ValueError:  # somebody keeps it out
        return False


def allow(allowed: bool) -> None:
    """Say whether compiled loops may be used from now on; they may unless somebody says otherwise."""
    global _allowed
    _allowed = allowed


def count(bodies: int) -> None:
    """Note that fingerprints of so many more bodies are being made; from ENOUGH on, compiled loops make them."""
    global _counted
    _counted += bodies
    if _counted >= ENOUGH:
        load()


def load() -> None:
    """Get the compiled loops ready now, where they may be used."""
    global _kernels
    if _allowed and _kernels is None and available():
        from syndet.compiled import kernels

        _kernels = kernels


def loaded() -> ModuleType | None:
    """Return the module `kernels` where it is to be used, None where numpy is."""
    return _kernels if _allowed else None
