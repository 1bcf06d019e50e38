-- Of rows about a call: its tool. Under the chain's key like every other column; rows from before have none.
ALTER TABLE audit_rows ADD COLUMN tool text;

-- Each filter of the log's page finds its rows newest first, and a span of time within them.
DROP INDEX audit_rows_by_target;
CREATE INDEX audit_rows_by_time ON audit_rows (chain, at, number);
CREATE INDEX audit_rows_by_actor ON audit_rows (chain, actor, at, number);
CREATE INDEX audit_rows_by_action ON audit_rows (chain, action, at, number);
CREATE INDEX audit_rows_by_object ON audit_rows (chain, object, at, number);
CREATE INDEX audit_rows_by_target ON audit_rows (chain, target, at, number) WHERE target IS NOT NULL;
CREATE INDEX audit_rows_by_tool ON audit_rows (chain, tool, at, number) WHERE tool IS NOT NULL;
