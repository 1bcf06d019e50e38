-- What a server gave a tenant, or one person of it, to be known by: sealed JSON, bound to whom and to where it belongs.
-- `holder` is the person's id, or empty where it is the tenant's. The table was never written to before.
DROP TABLE mcp_tokens;
CREATE TABLE mcp_tokens (
    id uuid PRIMARY KEY NOT NULL,
    tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    server text NOT NULL,
    holder text NOT NULL,
    user_id uuid REFERENCES users (id) ON DELETE CASCADE,
    issuer text NOT NULL,
    sealed text NOT NULL,
    -- What the server asked for when the token was not enough.
    challenge text,
    -- The server did not take it: it is refreshed before it is sent again.
    is_refused boolean NOT NULL DEFAULT false,
    -- Somebody refreshes it until then: a refresh token may be good only once.
    refreshing_until timestamptz,
    changed_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX mcp_tokens_by_holder ON mcp_tokens (tenant_id, server, holder);
CREATE INDEX mcp_tokens_of_person ON mcp_tokens (user_id);

-- As what Sayso is known to authorisation servers: registered by itself (for one issuer and one address to come back to),
-- or given by an admin (bound to the first issuer that took it; empty until then). Sealed JSON.
CREATE TABLE mcp_clients (
    id uuid PRIMARY KEY NOT NULL,
    tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    server text NOT NULL,
    is_given boolean NOT NULL,
    issuer text NOT NULL,
    redirect text NOT NULL,
    sealed text NOT NULL,
    changed_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX mcp_clients_by_issuer ON mcp_clients (tenant_id, server, is_given, issuer, redirect);

-- Authorisations that wait for their person to come back: by the hash of their state, once and for ten minutes. Sealed
-- JSON with who began it, in which session, and the PKCE verifier.
CREATE TABLE mcp_authorisations (
    state_hash text PRIMARY KEY NOT NULL,
    tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    server text NOT NULL,
    sealed text NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX mcp_authorisations_by_expiry ON mcp_authorisations (expires_at);
CREATE INDEX mcp_authorisations_of_person ON mcp_authorisations (user_id);
