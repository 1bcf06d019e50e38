-- What tools wrote into the workspace: by which call, on whose say-so, and what was there before, for Undo. Written
-- before the file is replaced. The call may be gone with its conversation; who wrote a file is still known.
-- `hash_before` is NULL where there was nothing, `content_before` where nothing is kept of it; `bytes_before` counts
-- what is kept.
CREATE TABLE file_writes (
    call_id uuid PRIMARY KEY NOT NULL,
    tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    tool text NOT NULL,
    path text NOT NULL,
    hash_before text,
    hash_after text NOT NULL,
    content_before bytea,
    bytes_before bigint NOT NULL,
    bytes_after bigint NOT NULL,
    begun_at timestamptz NOT NULL,
    done_at timestamptz,
    undone_at timestamptz
);
CREATE INDEX file_writes_of_path ON file_writes (tenant_id, path, begun_at);

-- Whether what a call wrote can be put back: NULL (no), possible, done.
ALTER TABLE tool_calls ADD COLUMN undo text;
