DROP TABLE password_links;
DROP TABLE invitations;
ALTER TABLE memberships DROP COLUMN last_used_at;
ALTER TABLE memberships DROP COLUMN epoch;
