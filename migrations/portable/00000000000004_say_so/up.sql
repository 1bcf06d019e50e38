-- What a tenant's admins say of a tool: deny, ask or allow. `fingerprint` and `definition` (JSON) are those that were
-- accepted; a tool that changed since is not the one that was meant.
CREATE TABLE tool_rules (
    tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    server text NOT NULL,
    name text NOT NULL,
    verdict text NOT NULL,
    fingerprint text,
    definition text,
    grants_allowed boolean NOT NULL DEFAULT true,
    guests_allowed boolean NOT NULL DEFAULT false,
    changed_by uuid,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, server, name)
);

-- Say-so that a person gave beforehand, for a number of calls, until a time, within a bound (JSON). Without a
-- conversation it is for all of theirs. `arguments` are those of the call it was given with.
CREATE TABLE grants (
    id uuid PRIMARY KEY NOT NULL,
    tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    conversation_id uuid REFERENCES conversations (id) ON DELETE CASCADE,
    server text NOT NULL,
    name text NOT NULL,
    fingerprint text NOT NULL,
    bound text NOT NULL,
    arguments text NOT NULL,
    count integer NOT NULL,
    used integer NOT NULL DEFAULT 0,
    call_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz
);
CREATE INDEX grants_of_person ON grants (tenant_id, user_id, expires_at);

-- What a person may grant with an approval (JSON list of bounds), and by what a call ran that nobody was asked about.
ALTER TABLE tool_calls ADD COLUMN bounds text;
ALTER TABLE tool_calls ADD COLUMN authority text;
CREATE INDEX tool_calls_by_state ON tool_calls (state, created_at);

-- After how many seconds a request that nobody decided counts as denied; NULL = never.
ALTER TABLE tenants ADD COLUMN approvals_expire_after bigint;
