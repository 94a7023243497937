-- The bytes of pages as they were fetched, where they are kept (`--keep-bytes`). Given.

CREATE TABLE contents (
  digest BLOB PRIMARY KEY NOT NULL, -- SHA-256 of the bytes
  size INTEGER NOT NULL,           -- of the bytes
  data BLOB NOT NULL               -- the bytes, zlib-compressed
) STRICT;

-- One version of an article as a source handed it over: with these fields the same article is read from the bytes.
CREATE TABLE pages (
  article INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
  version INTEGER NOT NULL,
  content BLOB NOT NULL REFERENCES contents (digest),
  kind TEXT NOT NULL CHECK (kind IN ('html', 'text')),
  fields TEXT NOT NULL,            -- JSON: what the source itself said: fetched, charset, title, byline, published ...
  PRIMARY KEY (article, version)
) STRICT, WITHOUT ROWID;

CREATE INDEX pages_by_content ON pages (content);
