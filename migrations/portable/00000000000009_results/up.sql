-- The images and files that came with a call's result, as blocks of a message (JSON); NULL without. What is in them
-- stands in `blobs`.
ALTER TABLE tool_calls ADD COLUMN files text;
