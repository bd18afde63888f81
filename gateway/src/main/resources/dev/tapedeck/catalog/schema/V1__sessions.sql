-- Times are milliseconds since 1970 in UTC, or since the session's start where a column says so.
-- The words are those of session.json; "user" is a word of PostgreSQL's own, hence user_name.

CREATE TABLE sessions (
  id         VARCHAR(36) NOT NULL PRIMARY KEY,
  kind       TEXT        NOT NULL,
  user_name  TEXT        NOT NULL,
  source     TEXT        NOT NULL,
  started_ms BIGINT      NOT NULL,
  ended_ms   BIGINT,
  status     TEXT        NOT NULL,
  reason     TEXT,
  attributes TEXT        NOT NULL -- a JSON object of strings
);

CREATE INDEX sessions_started ON sessions (started_ms DESC, id DESC);
CREATE INDEX sessions_user ON sessions (user_name, started_ms DESC, id DESC);
CREATE INDEX sessions_status ON sessions (status, started_ms DESC, id DESC);

CREATE TABLE tracks (
  session_id  VARCHAR(36) NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  position    INTEGER     NOT NULL, -- from 0, in the order of session.json
  name        TEXT        NOT NULL,
  type        TEXT        NOT NULL,
  file        TEXT        NOT NULL,
  started_ms  BIGINT      NOT NULL, -- since the session's start
  command     TEXT,
  events      BIGINT      NOT NULL,
  bytes       BIGINT      NOT NULL,
  exit_status INTEGER,
  sha256      TEXT,
  payloads    TEXT        NOT NULL, -- a JSON array of objects
  PRIMARY KEY (session_id, position)
);

CREATE TABLE gaps (
  session_id VARCHAR(36) NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  position   INTEGER     NOT NULL,
  track      TEXT        NOT NULL,
  from_ms    BIGINT      NOT NULL, -- since the session's start
  to_ms      BIGINT,               -- since the session's start
  events     BIGINT      NOT NULL,
  bytes      BIGINT      NOT NULL,
  reason     TEXT        NOT NULL,
  PRIMARY KEY (session_id, position)
);

-- Not rebuilt from recordings: most attempts never became a session.
CREATE TABLE logins (
  id             VARCHAR(36) NOT NULL PRIMARY KEY, -- a random UUID
  time_ms        BIGINT      NOT NULL,
  source         TEXT        NOT NULL,
  user_name      TEXT        NOT NULL,
  method         TEXT        NOT NULL,
  outcome        TEXT        NOT NULL,
  fingerprint    TEXT,
  client_version TEXT,
  session_id     VARCHAR(36) -- its session may be pruned or not yet written: no reference
);

CREATE INDEX logins_time ON logins (time_ms DESC, id DESC);
CREATE INDEX logins_user ON logins (user_name, time_ms DESC, id DESC);
