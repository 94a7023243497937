-- Clusters that stay: which one each article is in, and what became of their ids.

CREATE TABLE clusters (
  article INTEGER PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
  cluster INTEGER,                 -- NULL: a digest, which joins none
  source INTEGER,                  -- the stored article that it goes back to directly
  external TEXT                    -- JSON: the origin that is not stored, where it goes back to one
) STRICT;

CREATE INDEX clusters_by_cluster ON clusters (cluster);
CREATE INDEX clusters_by_source ON clusters (source) WHERE source IS NOT NULL;

-- Given, like `runs`: only those who were there can tell it.
CREATE TABLE cluster_events (
  id INTEGER PRIMARY KEY,
  cluster INTEGER NOT NULL,
  event TEXT NOT NULL CHECK (event IN ('merged', 'split', 'ended')),
  other INTEGER,                   -- merged: into which; split: from which; ended: NULL
  run INTEGER,                     -- in which of `runs`; NULL: in none, by a command of its own
  happened TEXT NOT NULL           -- when, UTC
) STRICT;

CREATE INDEX cluster_events_by_cluster ON cluster_events (cluster);
CREATE INDEX cluster_events_by_other ON cluster_events (other);

-- Articles whose ties changed since clusters were last worked out: those of the store as it is, to begin with.
CREATE TABLE unsettled (
  article INTEGER PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
  cut INTEGER NOT NULL             -- 1: a tie went away, which may split a cluster
) STRICT;

INSERT INTO unsettled (article, cut) SELECT id, 0 FROM articles WHERE id IN (SELECT article FROM fingerprints);
