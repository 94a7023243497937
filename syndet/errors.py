"""Every exception that syndet raises on purpose.

SyndetError
├── UsageError          the call makes no sense (exit code 2)
│   ├── TooShort            a text is too short for the edit that was asked for
│   └── LostPlace           a place in the changes of a store that is not this one
├── SourceError         a source of pages cannot be read at all
├── EmptyBody           a text without a single word has no fingerprint
├── NotStored           no article has this address or id
└── StoreError          the database cannot be used
    ├── ForeignDatabase     the file is not a syndet store
    ├── NewerStore          the store was written by a later syndet
    ├── RecipeMismatch      the store was fingerprinted with another recipe
    └── StoreBusy           another nightly, link or rebuild is running

Terminated stands apart: the process was asked to end, which no `except Exception` may swallow.

A bad page is not an error: it becomes `Skipped` with a reason, and the batch goes on.
Each message names the input and the remedy.
"""


class SyndetError(Exception):
    """Base class; catch this one to catch them all."""


class UsageError(SyndetError):
    """The call makes no sense as it stands, whatever is stored."""


class TooShort(UsageError):
    """A text, or what stands beside it, is too short for the edit that was asked for."""


class LostPlace(UsageError):
    """A place in the changes of another store, or of a later state than this one has: begin again."""


class SourceError(SyndetError):
    """A source of pages cannot be read at all."""


class EmptyBody(SyndetError):
    """A text without a single word has no fingerprint."""


class NotStored(SyndetError):
    """No article in the store has this address or id."""


class StoreError(SyndetError):
    """The database cannot be used."""


class ForeignDatabase(StoreError):
    """The file is not a syndet store."""


class NewerStore(StoreError):
    """The store was written by a later version of syndet."""


class RecipeMismatch(StoreError):
    """The store was fingerprinted with another recipe; `syndet rebuild` makes it current."""


class StoreBusy(StoreError):
    """Another process is writing to the store in bulk."""


class Terminated(KeyboardInterrupt):
    """The process was asked to end (SIGTERM); like Ctrl-C, but for the exit code."""
