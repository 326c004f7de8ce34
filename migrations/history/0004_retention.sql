-- A deletion is a higher version with blank columns, purged some weeks later: until then an older batch that
-- arrives late finds something newer than itself.

ALTER TABLE conversations ADD COLUMN deleted_at INTEGER;
CREATE INDEX conversations_deleted ON conversations (deleted_at) WHERE deleted_at IS NOT NULL;
ALTER TABLE mobile_users ADD COLUMN deleted_at INTEGER;
CREATE INDEX mobile_users_deleted ON mobile_users (deleted_at) WHERE deleted_at IS NOT NULL;

-- Who did what. The object keeps 90 days of it, this is for good. An object that went back in time gives an id
-- again, at another moment.
CREATE TABLE audit (
  account TEXT NOT NULL,
  id INTEGER NOT NULL,
  at INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  what TEXT NOT NULL,
  actor TEXT,
  about TEXT NOT NULL,
  PRIMARY KEY (account, id, at)
);
CREATE INDEX audit_by_time ON audit (account, at);
