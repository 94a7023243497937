-- Keys of bands and content pairs alike, 40 bits each: the latest in rows, the many before them packed and sorted.

-- A key: the upper 39 bits of the hash, and 1 for a content pair, 0 for a band. By chance one key in 12,000 leads to
-- something else in a store of a million articles, and one key alone makes no candidate.
CREATE TABLE postings (
  key INTEGER NOT NULL,
  article INTEGER NOT NULL,
  PRIMARY KEY (key, article)
) STRICT, WITHOUT ROWID;

INSERT OR IGNORE INTO postings SELECT (key >> 25 & 549755813887) << 1, article FROM bands;
INSERT OR IGNORE INTO postings SELECT (key >> 25 & 549755813887) << 1 | 1, article FROM pairs;
DROP TABLE bands;
DROP TABLE pairs;

CREATE TABLE segments (
  id INTEGER PRIMARY KEY,          -- higher than that of every segment before
  bits INTEGER NOT NULL,           -- its keys are in 2^bits blocks, by their first bits
  first INTEGER NOT NULL,          -- id of block 0; an empty block has no row
  postings INTEGER NOT NULL,
  width INTEGER NOT NULL           -- bytes of an article's id
) STRICT;

CREATE TABLE blocks (
  id INTEGER PRIMARY KEY,
  data BLOB NOT NULL               -- sorted: the other bits of a key in whole bytes, and an article, both little-endian
) STRICT;

-- Articles that were taken out of the index: what segments up to this one say of them holds no longer.
CREATE TABLE removed (
  article INTEGER PRIMARY KEY,
  segment INTEGER NOT NULL
) STRICT;

-- On how many sites a sentence is: asked for those that an article carries, not for all.
CREATE INDEX boilerplate_by_sentence ON boilerplate (sentence, articles);
