DROP TABLE mcp_authorisations;
DROP TABLE mcp_clients;
DROP TABLE mcp_tokens;
CREATE TABLE mcp_tokens (
    id uuid PRIMARY KEY NOT NULL,
    tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    server text NOT NULL,
    user_id uuid REFERENCES users (id) ON DELETE CASCADE,
    sealed text NOT NULL,
    changed_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX mcp_tokens_of_tenant ON mcp_tokens (tenant_id, server) WHERE user_id IS NULL;
CREATE UNIQUE INDEX mcp_tokens_of_person ON mcp_tokens (tenant_id, server, user_id) WHERE user_id IS NOT NULL;
