-- The index keeps no text of its own: a row and its words come and go together.

CREATE TRIGGER texts_come AFTER INSERT ON texts BEGIN
  INSERT INTO texts_index (rowid, text) VALUES (new.id, new.text);
END;

CREATE TRIGGER texts_go AFTER DELETE ON texts BEGIN
  -- It wants the words that it is to forget.
  INSERT INTO texts_index (texts_index, rowid, text) VALUES ('delete', old.id, old.text);
END;
