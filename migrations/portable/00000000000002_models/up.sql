-- What a tenant's assistant may talk about; NULL = anything.
ALTER TABLE tenants ADD COLUMN topics text;

-- Where the window that models are sent begins: the position of a person's message.
ALTER TABLE conversations ADD COLUMN window_begins bigint NOT NULL DEFAULT 1;

-- The provider that should have written a reply and could not (JSON), where another one did.
ALTER TABLE messages ADD COLUMN instead_of text;

-- Images that people attach and results too long to keep in a message: numbered within their conversation, shown to
-- its person alone. `number` is the last part of their address.
CREATE TABLE blobs (
    conversation_id uuid NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    number bigint NOT NULL,
    tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    media_type text NOT NULL,
    name text NOT NULL,
    size bigint NOT NULL,
    bytes bytea NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (conversation_id, number)
);
CREATE INDEX blobs_of_tenant ON blobs (tenant_id);
