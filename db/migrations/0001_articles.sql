-- What was given to syndet: articles, their earlier versions, what was left out, and the runs.

CREATE TABLE articles (
  id INTEGER PRIMARY KEY,
  url TEXT NOT NULL UNIQUE,        -- as fetched
  address TEXT NOT NULL,           -- canonical form of url, by which people and pages refer to it
  site TEXT,                       -- registrable domain
  outlet TEXT,
  title TEXT,
  byline TEXT,
  published TEXT,                  -- ISO 8601, with the precision that is known
  language TEXT,                   -- ISO 639-1
  words INTEGER NOT NULL,
  html INTEGER NOT NULL,           -- 0: only text was read
  body BLOB NOT NULL,              -- zlib-compressed UTF-8
  cues TEXT NOT NULL,              -- JSON array of provenance cues
  named_address TEXT,              -- what the page declares as its origin: address (canonical),
  named_outlet TEXT,               --   outlet or agency,
  named_title TEXT,                --   title
  digest BLOB NOT NULL,            -- SHA-256 of what was read
  fetched TEXT,
  added TEXT NOT NULL,             -- when this version was stored, UTC
  version INTEGER NOT NULL         -- 1, 2, ... for each change at this address
) STRICT;

CREATE INDEX articles_by_address ON articles (address);
CREATE INDEX articles_by_title ON articles (title COLLATE NOCASE) WHERE title IS NOT NULL;
CREATE INDEX articles_by_site ON articles (site);
CREATE INDEX articles_by_named_address ON articles (named_address) WHERE named_address IS NOT NULL;
CREATE INDEX articles_by_named_title ON articles (named_title COLLATE NOCASE) WHERE named_title IS NOT NULL;

-- Earlier versions; the current one is in `articles`.
CREATE TABLE versions (
  article INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
  version INTEGER NOT NULL,
  outlet TEXT,
  title TEXT,
  byline TEXT,
  published TEXT,
  language TEXT,
  words INTEGER NOT NULL,
  html INTEGER NOT NULL,
  body BLOB NOT NULL,
  cues TEXT NOT NULL,
  digest BLOB NOT NULL,
  fetched TEXT,
  added TEXT NOT NULL,
  PRIMARY KEY (article, version)
) STRICT, WITHOUT ROWID;

-- Pages that did not become articles.
CREATE TABLE skips (
  place TEXT NOT NULL,             -- address, or the place in its source where it has none
  digest BLOB NOT NULL,            -- SHA-256 of what was read, empty where nothing could be
  reason TEXT NOT NULL,
  detail TEXT NOT NULL,
  syndet TEXT NOT NULL,            -- the version that left it out; a later one tries again
  seen TEXT NOT NULL,
  PRIMARY KEY (place, digest)
) STRICT, WITHOUT ROWID;

CREATE TABLE runs (
  id INTEGER PRIMARY KEY,
  command TEXT NOT NULL,
  sources TEXT NOT NULL,           -- JSON array
  started TEXT NOT NULL,
  finished TEXT,                   -- NULL: still running, or killed
  status INTEGER,                  -- exit code
  counts TEXT,                     -- JSON: pages read, new, changed, skipped by reason, links by relation
  seconds TEXT,                    -- JSON: by stage
  syndet TEXT NOT NULL,
  recipe TEXT NOT NULL
) STRICT;
