DROP TABLE usage_tool_days;
DROP TABLE usage_model_days;
DROP INDEX usage_days_of_person;
DROP INDEX usage_months_of_month;
ALTER TABLE usage_months DROP COLUMN added_credits;
DROP TABLE credit_entries;
