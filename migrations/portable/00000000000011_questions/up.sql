-- What servers ask the person of a running call. What they answered stands here, sealed, only until the instance that runs
-- the call takes it.
CREATE TABLE questions (
    call_id uuid NOT NULL REFERENCES tool_calls (id) ON DELETE CASCADE,
    number integer NOT NULL,
    tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    message text NOT NULL,
    -- What it wants (JSON); NULL once it is over.
    wanted text,
    ends_at timestamptz NOT NULL,
    -- accept, decline, cancel; NULL while it waits.
    answer text,
    sealed text,
    PRIMARY KEY (call_id, number)
);
CREATE INDEX questions_of_tenant ON questions (tenant_id);
