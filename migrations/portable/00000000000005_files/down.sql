ALTER TABLE tool_calls DROP COLUMN undo;
DROP TABLE file_writes;
