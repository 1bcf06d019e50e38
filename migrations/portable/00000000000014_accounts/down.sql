DROP INDEX conversations_of_user;
DROP INDEX users_leaving;
ALTER TABLE users DROP COLUMN leaving_since;
ALTER TABLE refresh_tokens DROP COLUMN address;
ALTER TABLE refresh_tokens DROP COLUMN user_agent;
