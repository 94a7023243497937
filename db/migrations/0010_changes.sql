-- What changed, for other systems that keep themselves in step with this one, and which state answers are of.

CREATE TABLE state (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  name TEXT NOT NULL,              -- of this store alone: another one that is made under its path has another
  version INTEGER NOT NULL         -- counts the transactions that wrote
) STRICT;

INSERT INTO state (id, name, version) VALUES (1, lower(hex(randomblob(8))), 1);

-- A row for each article or cluster that ever changed, with the last time that it did. Given: a rebuild adds to it.
CREATE TABLE changes (
  what TEXT NOT NULL CHECK (what IN ('links', 'origin', 'cluster')),
  about INTEGER NOT NULL,          -- an article; of 'cluster' a cluster, which may have ended
  version INTEGER NOT NULL,        -- of `state`, when it changed last
  PRIMARY KEY (what, about)
) STRICT, WITHOUT ROWID;

CREATE INDEX changes_by_version ON changes (version);

-- What is known so far changed now, so that who asks from the beginning on is told all of it.
INSERT INTO changes (what, about, version) SELECT 'links', repost, 1 FROM links UNION SELECT 'links', origin, 1 FROM links;
INSERT INTO changes (what, about, version)
  SELECT 'origin', article, 1 FROM clusters WHERE source IS NOT NULL OR external IS NOT NULL;
INSERT INTO changes (what, about, version)
  SELECT 'cluster', cluster, 1 FROM clusters WHERE cluster IS NOT NULL GROUP BY cluster HAVING count(*) > 1;

-- Pairs of which nothing tells who was first: they cast doubt on the origin of what goes back to either.
CREATE INDEX links_possible_by_repost ON links (repost) WHERE state = 'possible';
CREATE INDEX links_possible_by_origin ON links (origin) WHERE state = 'possible';
