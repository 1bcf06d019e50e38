-- Credits that an operator added to a tenant's month, each with why. What a call took stands in its row of model_calls.
CREATE TABLE credit_entries (
    id uuid PRIMARY KEY NOT NULL,
    tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    month text NOT NULL,
    amount bigint NOT NULL,
    note text NOT NULL,
    added_by uuid,
    created_at timestamptz NOT NULL
);
CREATE INDEX credit_entries_of_month ON credit_entries (tenant_id, month, created_at);

-- Their sum, where the reservation's one conditional update sees it.
ALTER TABLE usage_months ADD COLUMN added_credits bigint NOT NULL DEFAULT 0;
-- All people of a tenant in a month.
CREATE INDEX usage_months_of_month ON usage_months (tenant_id, month);
-- One person's month, without passing by everybody else's.
CREATE INDEX usage_days_of_person ON usage_days (tenant_id, user_id, day);

-- usage_days without the people: a tenant's month has few of these rows, however many people it has.
CREATE TABLE usage_model_days (
    tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    day text NOT NULL,
    provider text NOT NULL,
    model text NOT NULL,
    input_tokens bigint NOT NULL DEFAULT 0,
    output_tokens bigint NOT NULL DEFAULT 0,
    cached_tokens bigint NOT NULL DEFAULT 0,
    requests bigint NOT NULL DEFAULT 0,
    credits bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant_id, day, provider, model)
);
INSERT INTO usage_model_days
    (tenant_id, day, provider, model, input_tokens, output_tokens, cached_tokens, requests, credits)
SELECT tenant_id, day, provider, model, SUM(input_tokens), SUM(output_tokens), SUM(cached_tokens), SUM(requests), SUM(credits)
FROM usage_days GROUP BY tenant_id, day, provider, model;

-- Runs of tools by day, of the tenant as a whole (`subject_id` is the tenant) and of each person in it.
CREATE TABLE usage_tool_days (
    tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    subject_id uuid NOT NULL,
    day text NOT NULL,
    server text NOT NULL,
    tool text NOT NULL,
    runs bigint NOT NULL DEFAULT 0,
    failures bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant_id, subject_id, day, server, tool)
);
