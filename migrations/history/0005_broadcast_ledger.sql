-- What became of each text of a broadcast, one line a recipient. The object has the lines of the last weeks.
CREATE TABLE broadcast_ledger (
  account TEXT NOT NULL,
  message TEXT NOT NULL,
  broadcast TEXT NOT NULL,
  user TEXT NOT NULL,
  number TEXT NOT NULL,
  -- Where it stands in the inbox, if the list says "Add to Inbox".
  conversation TEXT,
  body TEXT NOT NULL,
  parts INTEGER NOT NULL,
  state TEXT NOT NULL,
  at INTEGER NOT NULL,
  code TEXT,
  reason TEXT,
  epoch INTEGER NOT NULL,
  version INTEGER NOT NULL,
  PRIMARY KEY (account, message)
);
CREATE INDEX broadcast_ledger_by_broadcast ON broadcast_ledger (account, broadcast, user);
