"""syndet: which news page is a repost, of what, how much of it, and how we know."""

__version__ = "0.1.0"
