-- Written in PostgreSQL's type names, which SQLite accepts. Times are UTC. Text that is JSON stays TEXT: what a
-- person approves is a sequence of bytes, and no database may reorder or reformat it.

-- Organisations: the walls between data.
CREATE TABLE tenants (
    id uuid PRIMARY KEY NOT NULL,
    slug text NOT NULL UNIQUE,
    name text NOT NULL,
    is_active boolean NOT NULL DEFAULT true,
    system_prompt text,
    created_at timestamptz NOT NULL
);

-- People, over all tenants. `epoch` is raised to end everything they have open.
CREATE TABLE users (
    id uuid PRIMARY KEY NOT NULL,
    email text NOT NULL UNIQUE,
    name text NOT NULL,
    password_hash text,
    is_operator boolean NOT NULL DEFAULT false,
    is_active boolean NOT NULL DEFAULT true,
    epoch bigint NOT NULL DEFAULT 0,
    language text,
    created_at timestamptz NOT NULL
);

CREATE TABLE memberships (
    tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    role text NOT NULL,
    is_active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, user_id)
);
CREATE INDEX memberships_of_user ON memberships (user_id);

-- Browser sessions, under the SHA-256 of their key. One without a person carries a sign-in form's CSRF token.
CREATE TABLE sessions (
    id uuid PRIMARY KEY NOT NULL,
    key_hash text NOT NULL UNIQUE,
    state text NOT NULL,
    user_id uuid REFERENCES users (id) ON DELETE CASCADE,
    tenant_id uuid REFERENCES tenants (id) ON DELETE CASCADE,
    user_epoch bigint NOT NULL DEFAULT 0,
    user_agent text NOT NULL DEFAULT '',
    address text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL,
    last_used_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX sessions_of_user ON sessions (user_id, last_used_at);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

-- The link that makes the first account; hashed, single use.
CREATE TABLE setup_links (
    token_hash text PRIMARY KEY NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);

-- `current_turn_id` is the lock: a conversation has at most one turn that is not finished.
CREATE TABLE conversations (
    id uuid PRIMARY KEY NOT NULL,
    tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    kind text NOT NULL,
    title text NOT NULL,
    title_source text NOT NULL,
    provider text,
    model text,
    current_turn_id uuid,
    last_position bigint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    ended_at timestamptz
);
CREATE INDEX conversations_of_person ON conversations (tenant_id, user_id, updated_at, id);

-- A running turn belongs to `owner` until `lease_until`; every write of its runner is conditional on `epoch`.
CREATE TABLE turns (
    id uuid PRIMARY KEY NOT NULL,
    tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    conversation_id uuid NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    state text NOT NULL,
    error_code text,
    retry_after bigint,
    owner uuid,
    epoch bigint NOT NULL DEFAULT 0,
    lease_until timestamptz,
    stop_requested boolean NOT NULL DEFAULT false,
    model_calls integer NOT NULL DEFAULT 0,
    denials_in_a_row integer NOT NULL DEFAULT 0,
    next_seq bigint NOT NULL DEFAULT 1,
    idempotency_key text,
    created_at timestamptz NOT NULL,
    finished_at timestamptz
);
CREATE INDEX turns_of_conversation ON turns (conversation_id, created_at);
CREATE INDEX turns_by_state ON turns (state, lease_until);
CREATE UNIQUE INDEX turns_by_idempotency_key ON turns (tenant_id, user_id, idempotency_key);

CREATE TABLE messages (
    id uuid PRIMARY KEY NOT NULL,
    tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    conversation_id uuid NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    turn_id uuid NOT NULL REFERENCES turns (id) ON DELETE CASCADE,
    position bigint NOT NULL,
    role text NOT NULL,
    state text NOT NULL,
    content text NOT NULL,
    provider text,
    model text,
    stop_reason text,
    input_tokens bigint,
    output_tokens bigint,
    cached_tokens bigint,
    usage_estimated boolean NOT NULL DEFAULT false,
    tool_call_id uuid,
    created_at timestamptz NOT NULL,
    UNIQUE (conversation_id, position)
);
CREATE INDEX messages_of_turn ON messages (turn_id, position);

-- What a running turn has told so far; append-only. A finished reply takes the place of the events `about` it.
CREATE TABLE turn_events (
    turn_id uuid NOT NULL REFERENCES turns (id) ON DELETE CASCADE,
    seq bigint NOT NULL,
    tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    about uuid,
    payload text NOT NULL,
    PRIMARY KEY (turn_id, seq)
);

-- `arguments` is what is shown, hashed and run; `asked_arguments` what the model asked for, where a person changed it.
CREATE TABLE tool_calls (
    id uuid PRIMARY KEY NOT NULL,
    tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    conversation_id uuid NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    turn_id uuid NOT NULL REFERENCES turns (id) ON DELETE CASCADE,
    message_id uuid NOT NULL,
    ordinal integer NOT NULL,
    server text NOT NULL,
    launch text NOT NULL,
    name text NOT NULL,
    fingerprint text NOT NULL,
    arguments text NOT NULL,
    asked_arguments text,
    target text,
    precondition text,
    difference text,
    digest text NOT NULL,
    state text NOT NULL,
    decision text,
    decided_by uuid,
    decided_at timestamptz,
    reason text,
    result text,
    error_code text,
    repeats uuid,
    created_at timestamptz NOT NULL,
    started_at timestamptz,
    finished_at timestamptz
);
CREATE INDEX tool_calls_of_turn ON tool_calls (turn_id, created_at, ordinal);
CREATE INDEX tool_calls_of_message ON tool_calls (tenant_id, message_id);
CREATE INDEX tool_calls_of_conversation ON tool_calls (conversation_id);
CREATE INDEX tool_calls_waiting ON tool_calls (tenant_id, user_id, state);

-- One row per request to a model API: reserved before, settled after.
CREATE TABLE model_calls (
    id uuid PRIMARY KEY NOT NULL,
    tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    turn_id uuid REFERENCES turns (id) ON DELETE SET NULL,
    purpose text NOT NULL,
    provider text NOT NULL,
    model text NOT NULL,
    month text NOT NULL,
    reserved_input_tokens bigint NOT NULL,
    reserved_output_tokens bigint NOT NULL,
    reserved_credits bigint NOT NULL,
    input_tokens bigint,
    output_tokens bigint,
    cached_tokens bigint,
    credits bigint,
    estimated boolean NOT NULL DEFAULT false,
    error_code text,
    owner uuid NOT NULL,
    created_at timestamptz NOT NULL,
    settled_at timestamptz
);
CREATE INDEX model_calls_unsettled ON model_calls (settled_at, owner);
CREATE INDEX model_calls_of_turn ON model_calls (turn_id);

-- Limits of a tenant (`subject_id` is the tenant) and of single people in it (`subject_id` is the person). NULL = none.
CREATE TABLE usage_limits (
    tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    subject_id uuid NOT NULL,
    monthly_input_tokens bigint,
    monthly_output_tokens bigint,
    monthly_requests bigint,
    monthly_credits bigint,
    is_active boolean NOT NULL DEFAULT true,
    PRIMARY KEY (tenant_id, subject_id)
);

-- Used and reserved in a month (`YYYY-MM`, UTC), of the tenant and of each person in it.
CREATE TABLE usage_months (
    tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    subject_id uuid NOT NULL,
    month text NOT NULL,
    input_tokens bigint NOT NULL DEFAULT 0,
    output_tokens bigint NOT NULL DEFAULT 0,
    cached_tokens bigint NOT NULL DEFAULT 0,
    requests bigint NOT NULL DEFAULT 0,
    credits bigint NOT NULL DEFAULT 0,
    reserved_input_tokens bigint NOT NULL DEFAULT 0,
    reserved_output_tokens bigint NOT NULL DEFAULT 0,
    reserved_requests bigint NOT NULL DEFAULT 0,
    reserved_credits bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant_id, subject_id, month)
);

-- Used by day, person and model: what the usage page adds up.
CREATE TABLE usage_days (
    tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    user_id uuid NOT NULL,
    day text NOT NULL,
    provider text NOT NULL,
    model text NOT NULL,
    input_tokens bigint NOT NULL DEFAULT 0,
    output_tokens bigint NOT NULL DEFAULT 0,
    cached_tokens bigint NOT NULL DEFAULT 0,
    requests bigint NOT NULL DEFAULT 0,
    estimated_requests bigint NOT NULL DEFAULT 0,
    credits bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant_id, day, user_id, provider, model)
);

-- Who did what. Each row carries an HMAC over its text and the row before it; the head holds count and last hash.
-- Rows outlive the people and tenants they tell of, so nothing here refers to another table.
CREATE TABLE audit_rows (
    chain text NOT NULL,
    number bigint NOT NULL,
    id uuid NOT NULL,
    at timestamptz NOT NULL,
    actor text NOT NULL,
    address text NOT NULL,
    action text NOT NULL,
    object text NOT NULL,
    target text,
    digest text,
    details text NOT NULL,
    hash text NOT NULL,
    PRIMARY KEY (chain, number)
);
CREATE INDEX audit_rows_by_target ON audit_rows (chain, target);

CREATE TABLE audit_heads (
    chain text PRIMARY KEY NOT NULL,
    count bigint NOT NULL,
    last_hash text NOT NULL,
    hash text NOT NULL
);

-- A fingerprint of the secrets with which this database is used. Instances with others would refuse one another's
-- cookies and break one another's audit chains, so they do not start.
CREATE TABLE secrets_in_use (
    fingerprint text PRIMARY KEY NOT NULL
);
