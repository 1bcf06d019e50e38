-- Named collections of a tenant's JSON documents. Counts and sizes are kept up to date with the documents, in the same
-- transaction; the row is also what writers of one collection wait for one another on.
CREATE TABLE record_collections (
    tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    name text NOT NULL,
    documents bigint NOT NULL,
    bytes bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, name)
);

-- The documents: JSON as text. `id` is the document's `_id`.
CREATE TABLE records (
    tenant_id uuid NOT NULL,
    collection text NOT NULL,
    id text NOT NULL,
    document text NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, collection, id),
    FOREIGN KEY (tenant_id, collection) REFERENCES record_collections (tenant_id, name) ON DELETE CASCADE
);
CREATE INDEX records_in_order ON records (tenant_id, collection, created_at, id);

-- The tool calls whose effect on records is there: written with the effect, so that it happens once and can be told.
CREATE TABLE record_calls (
    call_id uuid NOT NULL PRIMARY KEY REFERENCES tool_calls (id) ON DELETE CASCADE,
    tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL
);
CREATE INDEX record_calls_of_tenant ON record_calls (tenant_id);
