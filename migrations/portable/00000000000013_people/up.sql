-- `epoch` is raised whenever what a person may do in a tenant gets less, and when they are signed out of it: whoever
-- has something open for them looks again, on every instance. `last_used_at` is kept to about five minutes.
ALTER TABLE memberships ADD COLUMN epoch bigint NOT NULL DEFAULT 0;
ALTER TABLE memberships ADD COLUMN last_used_at timestamptz;

-- Links that take one person into a tenant, for one address and one role; hashed. Without `invited_by` it was whoever
-- has a shell on the server.
CREATE TABLE invitations (
    id uuid PRIMARY KEY NOT NULL,
    tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    token_hash text NOT NULL UNIQUE,
    email text NOT NULL,
    role text NOT NULL,
    invited_by uuid REFERENCES users (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    accepted_at timestamptz,
    revoked_at timestamptz
);
CREATE INDEX invitations_of_tenant ON invitations (tenant_id, created_at);
CREATE INDEX invitations_by_expiry ON invitations (expires_at);

-- Links that let a person choose a new password, made by an operator; hashed, single use.
CREATE TABLE password_links (
    token_hash text PRIMARY KEY NOT NULL,
    user_id uuid NOT NULL UNIQUE REFERENCES users (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
