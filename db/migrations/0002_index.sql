-- What syndet derives from the articles. All of it can be dropped and made again: `syndet rebuild`.

-- The one recipe that everything below was made with.
CREATE TABLE recipe (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  name TEXT NOT NULL,
  golden TEXT NOT NULL             -- digest of the fingerprints of fixed texts, computed where the store was made
) STRICT;

-- A row here means: linked against everything that had a row before it.
CREATE TABLE fingerprints (
  article INTEGER PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
  text INTEGER NOT NULL,           -- hash of the whole word sequence
  signature BLOB NOT NULL          -- 128 little-endian uint32
) STRICT;

CREATE INDEX fingerprints_by_text ON fingerprints (text);

CREATE TABLE bands (
  key INTEGER NOT NULL,
  article INTEGER NOT NULL,
  PRIMARY KEY (key, article)
) STRICT, WITHOUT ROWID;

CREATE TABLE pairs (
  key INTEGER NOT NULL,
  article INTEGER NOT NULL,
  PRIMARY KEY (key, article)
) STRICT, WITHOUT ROWID;

CREATE TABLE links (
  repost INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
  origin INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
  state TEXT NOT NULL CHECK (state IN ('repost', 'sibling', 'revision', 'possible')),
  relation TEXT NOT NULL,
  reuse REAL NOT NULL,             -- probability that text was reused
  direction REAL NOT NULL,         -- probability that `origin` is the origin
  shared TEXT,                     -- JSON: figures and passages
  evidence TEXT NOT NULL,          -- JSON array
  external TEXT,                   -- JSON: the common origin that is not stored
  PRIMARY KEY (repost, origin)
) STRICT, WITHOUT ROWID;

CREATE INDEX links_by_origin ON links (origin);
