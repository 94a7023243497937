-- What people said of pairs of articles. Given; rows are only added: of one pair the latest counts.

CREATE TABLE reviews (
  id INTEGER PRIMARY KEY,          -- in the order in which they were said
  repost INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
  origin INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
  verdict TEXT NOT NULL CHECK (verdict IN ('confirmed', 'rejected', 'origin', 'open')),
  who TEXT NOT NULL,
  why TEXT NOT NULL,               -- empty where nobody said
  said TEXT NOT NULL,              -- when, UTC
  CHECK (repost != origin)
) STRICT;

CREATE INDEX reviews_by_repost ON reviews (repost);
CREATE INDEX reviews_by_origin ON reviews (origin);
