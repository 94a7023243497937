"""The application -> a server: its logs, what it tells of a request that is no HTTP, how it ends."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import h11
import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.h11_impl import H11Protocol

from syndet.api import problems

# A server that is asked to end does not wait longer for those who hold it up.
FAREWELL_SECONDS = 5
# Connections of which nothing is heard are closed.
_IDLE_SECONDS = 30
# The request line and all headers together.
_HEAD_BYTES = 32_768
_LOGS: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "stream": "ext://sys.stderr"}},
    "loggers": {
        "syndet.api": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        "uvicorn": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        # It would write down whole addresses, with what is asked for.
        "uvicorn.access": {"handlers": [], "level": "CRITICAL", "propagate": False},
    },
}


class Protocol(H11Protocol):
    """HTTP/1.1 that answers what is none by a problem, as everything else is answered."""

    def send_400_response(self, msg: str) -> None:
        """Answer a request that can't be read, and close the connection."""
        told = problems.problem(400, "That is no HTTP request that can be read.")
        headers = [*told.raw_headers, (b"connection", b"close")]
        for event in (
            h11.Response(status_code=400, headers=headers, reason=b"Bad Request"),
            h11.Data(data=bytes(told.body)),
            h11.EndOfMessage(),
        ):
            self.transport.write(self.conn.send(event))
        self.transport.close()


def config(api: FastAPI, host: str, port: int) -> uvicorn.Config:
    """Return how the server is run."""
    return uvicorn.Config(
        api, host=host, port=port, http=Protocol, ws="none", log_config=_LOGS, access_log=False, server_header=False,
        timeout_graceful_shutdown=FAREWELL_SECONDS, timeout_keep_alive=_IDLE_SECONDS,
        h11_max_incomplete_event_size=_HEAD_BYTES, proxy_headers=False,
    )  # fmt: skip


def serve(api: FastAPI, host: str, port: int) -> None:
    """Serve until asked to end: what was begun is finished first."""
    # The server hands the signal on when all is done; that it was asked to end is no failure.
    with suppress(KeyboardInterrupt):
        uvicorn.Server(config(api, host, port)).run()
