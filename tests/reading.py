"""Small builders of sources, and what reading them gave."""

import io
import json

from syndet import sources
from syndet.models import Page, Skipped

HTML = b"<!doctype html><title>Ferry</title><p>The ferry was late again."


def pages(found):
    return [item for item in found if isinstance(item, Page)]


def skips(found):
    return [(item.where, item.reason) for item in found if isinstance(item, Skipped)]


def read(path, **more):
    return list(sources.read(str(path), **more))


def lines(*records):
    return b"".join((r if isinstance(r, bytes) else json.dumps(r).encode()) + b"\n" for r in records)


def from_stdin(*records):
    return read("-", stdin=io.BytesIO(lines(*records)))


def record(url="https://a.example/1", html="<p>The ferry was late again.", **more):
    return {"url": url, "html": html, **more}


def answer(body=HTML, content_type="text/html; charset=utf-8", status=200, **headers):
    head = [f"HTTP/1.1 {status} OK", f"Content-Type: {content_type}"]
    head += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def warc(block=None, url="https://a.example/1", kind="response", content_type="application/http", **headers):
    block = answer() if block is None else block
    head = {"WARC-Type": kind, "WARC-Target-URI": url, "WARC-Date": "2024-03-05T09:30:00Z"}
    head |= {"Content-Type": content_type, "Content-Length": str(len(block))} | headers
    fields = "".join(f"{name}: {value}\r\n" for name, value in head.items())
    return b"WARC/1.0\r\n" + fields.encode() + b"\r\n" + block + b"\r\n\r\n"
