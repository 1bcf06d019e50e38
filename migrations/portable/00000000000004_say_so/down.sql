ALTER TABLE tenants DROP COLUMN approvals_expire_after;
DROP INDEX tool_calls_by_state;
ALTER TABLE tool_calls DROP COLUMN authority;
ALTER TABLE tool_calls DROP COLUMN bounds;
DROP TABLE grants;
DROP TABLE tool_rules;
