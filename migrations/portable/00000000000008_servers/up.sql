-- A tenant's own servers of tools, by their addresses. `headers` are sealed JSON, bound to row and address: who writes to
-- the database can neither read them nor have them sent elsewhere.
CREATE TABLE mcp_servers (
    id uuid PRIMARY KEY NOT NULL,
    tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    name text NOT NULL,
    url text NOT NULL,
    headers text,
    per_person boolean NOT NULL DEFAULT false,
    is_active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL,
    changed_by uuid,
    changed_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX mcp_servers_by_name ON mcp_servers (tenant_id, name);

-- What a server gave a tenant, or one person of it, to be known by: sealed JSON. Servers of the operators have no row
-- above, so they are known by name.
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
