-- With what a program signed in, and from where: its person shall know it again.
ALTER TABLE refresh_tokens ADD COLUMN user_agent text NOT NULL DEFAULT '';
ALTER TABLE refresh_tokens ADD COLUMN address text NOT NULL DEFAULT '';

-- Since when somebody who deleted their account is gone, until all they wrote is too: that is done in small pieces, and
-- goes on after a crash.
ALTER TABLE users ADD COLUMN leaving_since timestamptz;
CREATE INDEX users_leaving ON users (leaving_since) WHERE leaving_since IS NOT NULL;
CREATE INDEX conversations_of_user ON conversations (user_id);
