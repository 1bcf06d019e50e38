-- Calls that came in by /mcp: which program asked, with which token, and until when it is believed to wait for its answer.
-- `awaited_until` is NULL once it has its answer; when it is past, the program has left, and what waits is denied.
CREATE TABLE agent_calls (
    turn_id uuid PRIMARY KEY NOT NULL REFERENCES turns (id) ON DELETE CASCADE,
    tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    conversation_id uuid NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    client text NOT NULL,
    token_id uuid NOT NULL,
    token_name text NOT NULL,
    awaited_until timestamptz
);
CREATE INDEX agent_calls_by_conversation ON agent_calls (conversation_id);
CREATE INDEX agent_calls_awaited ON agent_calls (awaited_until) WHERE awaited_until IS NOT NULL;
