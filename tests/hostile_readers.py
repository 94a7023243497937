"""What may become of a process that reads pages; its own module, since other processes import it."""

import os
import signal
import time

from syndet import extract, foresight, names
from syndet.models import Skipped


def read(page):
    """Read a page, or do as its address says."""
    word = page.url.rpartition("/")[2]
    if word.startswith("killed"):
        os.kill(os.getpid(), signal.SIGKILL)
    if word.startswith("stuck"):
        time.sleep(3600)
    if word.startswith("who"):  # at once, however busy the machine is
        return Skipped(page.where, "no_text", str(os.getpid()))
    if word.startswith("listed"):
        return Skipped(page.where, "no_text", str(names.lookup("Lake Post") is not None))
    return extract.extract(page)


def see(path, seen):
    """Look into an article, or end the process: every third time."""
    if seen[1] % 3 == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return foresight.see(path, seen)


def broken(*_):
    """Stand for a process that cannot begin."""
    raise OSError("no memory")
