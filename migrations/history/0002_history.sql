-- The durable history. Versions are the pair (epoch, seq) of the commit that wrote a row; a later one wins.

CREATE TABLE conversations (
  account TEXT NOT NULL,
  id TEXT NOT NULL,
  user TEXT NOT NULL,
  number TEXT NOT NULL,
  no INTEGER,
  started_at INTEGER NOT NULL,
  closed_at INTEGER,
  body TEXT,
  epoch INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (account, id)
);
CREATE INDEX conversations_by_user ON conversations (account, user, started_at);

CREATE TABLE entries (
  account TEXT NOT NULL,
  id TEXT NOT NULL,
  user TEXT NOT NULL,
  conversation TEXT NOT NULL,
  ord INTEGER NOT NULL,
  at INTEGER NOT NULL,
  kind TEXT NOT NULL,
  body TEXT,
  epoch INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (account, id)
);
CREATE INDEX entries_by_thread ON entries (account, user, ord);

CREATE TABLE mobile_users (
  account TEXT NOT NULL,
  id TEXT NOT NULL,
  address TEXT NOT NULL,
  body TEXT,
  epoch INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (account, id)
);
