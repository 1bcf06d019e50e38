ALTER TABLE tool_calls DROP COLUMN files;
