DROP INDEX audit_rows_by_tool;
DROP INDEX audit_rows_by_target;
DROP INDEX audit_rows_by_object;
DROP INDEX audit_rows_by_action;
DROP INDEX audit_rows_by_actor;
DROP INDEX audit_rows_by_time;
CREATE INDEX audit_rows_by_target ON audit_rows (chain, target);
ALTER TABLE audit_rows DROP COLUMN tool;
