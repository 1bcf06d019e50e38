// Printed from the migrations (see diesel.toml); a test holds it against both databases.

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Timestamptz, Uuid};

    tenants (id) {
        id -> Uuid,
        slug -> Text,
        name -> Text,
        is_active -> Bool,
        system_prompt -> Nullable<Text>,
        created_at -> Timestamptz,
        topics -> Nullable<Text>,
        approvals_expire_after -> Nullable<BigInt>,
        models -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Timestamptz, Uuid};

    users (id) {
        id -> Uuid,
        email -> Text,
        name -> Text,
        password_hash -> Nullable<Text>,
        is_operator -> Bool,
        is_active -> Bool,
        epoch -> BigInt,
        language -> Nullable<Text>,
        created_at -> Timestamptz,
        leaving_since -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Timestamptz, Uuid};

    agent_calls (turn_id) {
        turn_id -> Uuid,
        tenant_id -> Uuid,
        user_id -> Uuid,
        conversation_id -> Uuid,
        client -> Text,
        token_id -> Uuid,
        token_name -> Text,
        awaited_until -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Timestamptz, Uuid};

    mcp_authorisations (state_hash) {
        state_hash -> Text,
        tenant_id -> Uuid,
        user_id -> Uuid,
        server -> Text,
        sealed -> Text,
        expires_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Timestamptz, Uuid};

    mcp_clients (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        server -> Text,
        is_given -> Bool,
        issuer -> Text,
        redirect -> Text,
        sealed -> Text,
        changed_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Timestamptz, Uuid};

    mcp_servers (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        name -> Text,
        url -> Text,
        headers -> Nullable<Text>,
        per_person -> Bool,
        is_active -> Bool,
        created_at -> Timestamptz,
        changed_by -> Nullable<Uuid>,
        changed_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Timestamptz, Uuid};

    mcp_tokens (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        server -> Text,
        holder -> Text,
        user_id -> Nullable<Uuid>,
        issuer -> Text,
        sealed -> Text,
        challenge -> Nullable<Text>,
        is_refused -> Bool,
        refreshing_until -> Nullable<Timestamptz>,
        changed_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Timestamptz, Uuid};

    memberships (tenant_id, user_id) {
        tenant_id -> Uuid,
        user_id -> Uuid,
        role -> Text,
        is_active -> Bool,
        created_at -> Timestamptz,
        epoch -> BigInt,
        last_used_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Timestamptz, Uuid};

    invitations (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        token_hash -> Text,
        email -> Text,
        role -> Text,
        invited_by -> Nullable<Uuid>,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
        accepted_at -> Nullable<Timestamptz>,
        revoked_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Timestamptz, Uuid};

    password_links (token_hash) {
        token_hash -> Text,
        user_id -> Uuid,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Timestamptz, Uuid};

    sessions (id) {
        id -> Uuid,
        key_hash -> Text,
        state -> Text,
        user_id -> Nullable<Uuid>,
        tenant_id -> Nullable<Uuid>,
        user_epoch -> BigInt,
        user_agent -> Text,
        address -> Text,
        created_at -> Timestamptz,
        last_used_at -> Timestamptz,
        expires_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Timestamptz, Uuid};

    setup_links (token_hash) {
        token_hash -> Text,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Timestamptz, Uuid};

    conversations (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        user_id -> Uuid,
        kind -> Text,
        title -> Text,
        title_source -> Text,
        provider -> Nullable<Text>,
        model -> Nullable<Text>,
        current_turn_id -> Nullable<Uuid>,
        last_position -> BigInt,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        ended_at -> Nullable<Timestamptz>,
        window_begins -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Timestamptz, Uuid};

    turns (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        user_id -> Uuid,
        conversation_id -> Uuid,
        state -> Text,
        error_code -> Nullable<Text>,
        retry_after -> Nullable<BigInt>,
        owner -> Nullable<Uuid>,
        epoch -> BigInt,
        lease_until -> Nullable<Timestamptz>,
        stop_requested -> Bool,
        model_calls -> Integer,
        denials_in_a_row -> Integer,
        next_seq -> BigInt,
        idempotency_key -> Nullable<Text>,
        created_at -> Timestamptz,
        finished_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Timestamptz, Uuid};

    messages (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        conversation_id -> Uuid,
        turn_id -> Uuid,
        position -> BigInt,
        role -> Text,
        state -> Text,
        content -> Text,
        provider -> Nullable<Text>,
        model -> Nullable<Text>,
        stop_reason -> Nullable<Text>,
        input_tokens -> Nullable<BigInt>,
        output_tokens -> Nullable<BigInt>,
        cached_tokens -> Nullable<BigInt>,
        usage_estimated -> Bool,
        tool_call_id -> Nullable<Uuid>,
        created_at -> Timestamptz,
        instead_of -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Timestamptz, Uuid};

    turn_events (turn_id, seq) {
        turn_id -> Uuid,
        seq -> BigInt,
        tenant_id -> Uuid,
        about -> Nullable<Uuid>,
        payload -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Timestamptz, Uuid};

    tool_calls (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        user_id -> Uuid,
        conversation_id -> Uuid,
        turn_id -> Uuid,
        message_id -> Uuid,
        ordinal -> Integer,
        server -> Text,
        launch -> Text,
        name -> Text,
        fingerprint -> Text,
        arguments -> Text,
        asked_arguments -> Nullable<Text>,
        target -> Nullable<Text>,
        precondition -> Nullable<Text>,
        difference -> Nullable<Text>,
        digest -> Text,
        state -> Text,
        decision -> Nullable<Text>,
        decided_by -> Nullable<Uuid>,
        decided_at -> Nullable<Timestamptz>,
        reason -> Nullable<Text>,
        result -> Nullable<Text>,
        error_code -> Nullable<Text>,
        repeats -> Nullable<Uuid>,
        created_at -> Timestamptz,
        started_at -> Nullable<Timestamptz>,
        finished_at -> Nullable<Timestamptz>,
        bounds -> Nullable<Text>,
        authority -> Nullable<Text>,
        undo -> Nullable<Text>,
        files -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Timestamptz, Uuid};

    model_calls (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        user_id -> Uuid,
        turn_id -> Nullable<Uuid>,
        purpose -> Text,
        provider -> Text,
        model -> Text,
        month -> Text,
        reserved_input_tokens -> BigInt,
        reserved_output_tokens -> BigInt,
        reserved_credits -> BigInt,
        input_tokens -> Nullable<BigInt>,
        output_tokens -> Nullable<BigInt>,
        cached_tokens -> Nullable<BigInt>,
        credits -> Nullable<BigInt>,
        estimated -> Bool,
        error_code -> Nullable<Text>,
        owner -> Uuid,
        created_at -> Timestamptz,
        settled_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Timestamptz, Uuid};

    usage_limits (tenant_id, subject_id) {
        tenant_id -> Uuid,
        subject_id -> Uuid,
        monthly_input_tokens -> Nullable<BigInt>,
        monthly_output_tokens -> Nullable<BigInt>,
        monthly_requests -> Nullable<BigInt>,
        monthly_credits -> Nullable<BigInt>,
        is_active -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Timestamptz, Uuid};

    usage_months (tenant_id, subject_id, month) {
        tenant_id -> Uuid,
        subject_id -> Uuid,
        month -> Text,
        input_tokens -> BigInt,
        output_tokens -> BigInt,
        cached_tokens -> BigInt,
        requests -> BigInt,
        credits -> BigInt,
        reserved_input_tokens -> BigInt,
        reserved_output_tokens -> BigInt,
        reserved_requests -> BigInt,
        reserved_credits -> BigInt,
        added_credits -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Timestamptz, Uuid};

    credit_entries (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        month -> Text,
        amount -> BigInt,
        note -> Text,
        added_by -> Nullable<Uuid>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Timestamptz, Uuid};

    usage_model_days (tenant_id, day, provider, model) {
        tenant_id -> Uuid,
        day -> Text,
        provider -> Text,
        model -> Text,
        input_tokens -> BigInt,
        output_tokens -> BigInt,
        cached_tokens -> BigInt,
        requests -> BigInt,
        credits -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Timestamptz, Uuid};

    usage_tool_days (tenant_id, subject_id, day, server, tool) {
        tenant_id -> Uuid,
        subject_id -> Uuid,
        day -> Text,
        server -> Text,
        tool -> Text,
        runs -> BigInt,
        failures -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Timestamptz, Uuid};

    usage_days (tenant_id, day, user_id, provider, model) {
        tenant_id -> Uuid,
        user_id -> Uuid,
        day -> Text,
        provider -> Text,
        model -> Text,
        input_tokens -> BigInt,
        output_tokens -> BigInt,
        cached_tokens -> BigInt,
        requests -> BigInt,
        estimated_requests -> BigInt,
        credits -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Timestamptz, Uuid};

    audit_rows (chain, number) {
        chain -> Text,
        number -> BigInt,
        id -> Uuid,
        at -> Timestamptz,
        actor -> Text,
        address -> Text,
        action -> Text,
        object -> Text,
        target -> Nullable<Text>,
        digest -> Nullable<Text>,
        details -> Text,
        hash -> Text,
        tool -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Timestamptz, Uuid};

    audit_heads (chain) {
        chain -> Text,
        count -> BigInt,
        last_hash -> Text,
        hash -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Timestamptz, Uuid};

    secrets_in_use (fingerprint) {
        fingerprint -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Timestamptz, Uuid};

    blobs (conversation_id, number) {
        conversation_id -> Uuid,
        number -> BigInt,
        tenant_id -> Uuid,
        user_id -> Uuid,
        media_type -> Text,
        name -> Text,
        size -> BigInt,
        bytes -> Binary,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Timestamptz, Uuid};

    record_collections (tenant_id, name) {
        tenant_id -> Uuid,
        name -> Text,
        documents -> BigInt,
        bytes -> BigInt,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Timestamptz, Uuid};

    records (tenant_id, collection, id) {
        tenant_id -> Uuid,
        collection -> Text,
        id -> Text,
        document -> Text,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Timestamptz, Uuid};

    record_calls (call_id) {
        call_id -> Uuid,
        tenant_id -> Uuid,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Timestamptz, Uuid};

    tool_rules (tenant_id, server, name) {
        tenant_id -> Uuid,
        server -> Text,
        name -> Text,
        verdict -> Text,
        fingerprint -> Nullable<Text>,
        definition -> Nullable<Text>,
        grants_allowed -> Bool,
        guests_allowed -> Bool,
        changed_by -> Nullable<Uuid>,
        changed_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Timestamptz, Uuid};

    grants (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        user_id -> Uuid,
        conversation_id -> Nullable<Uuid>,
        server -> Text,
        name -> Text,
        fingerprint -> Text,
        bound -> Text,
        arguments -> Text,
        count -> Integer,
        used -> Integer,
        call_id -> Uuid,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
        revoked_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Timestamptz, Uuid};

    api_tokens (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        user_id -> Uuid,
        hash -> Text,
        name -> Text,
        scopes -> Text,
        created_at -> Timestamptz,
        expires_at -> Nullable<Timestamptz>,
        last_used_at -> Nullable<Timestamptz>,
        revoked_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Timestamptz, Uuid};

    refresh_tokens (hash) {
        hash -> Text,
        family -> Uuid,
        tenant_id -> Uuid,
        user_id -> Uuid,
        user_epoch -> BigInt,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
        used_at -> Nullable<Timestamptz>,
        revoked_at -> Nullable<Timestamptz>,
        user_agent -> Text,
        address -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Timestamptz, Uuid};

    file_writes (call_id) {
        call_id -> Uuid,
        tenant_id -> Uuid,
        user_id -> Uuid,
        tool -> Text,
        path -> Text,
        hash_before -> Nullable<Text>,
        hash_after -> Text,
        content_before -> Nullable<Binary>,
        bytes_before -> BigInt,
        bytes_after -> BigInt,
        begun_at -> Timestamptz,
        done_at -> Nullable<Timestamptz>,
        undone_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Timestamptz, Uuid};

    questions (call_id, number) {
        call_id -> Uuid,
        number -> Integer,
        tenant_id -> Uuid,
        message -> Text,
        wanted -> Nullable<Text>,
        ends_at -> Timestamptz,
        answer -> Nullable<Text>,
        sealed -> Nullable<Text>,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    agent_calls,
    api_tokens,
    audit_heads,
    audit_rows,
    blobs,
    conversations,
    credit_entries,
    file_writes,
    grants,
    invitations,
    mcp_authorisations,
    mcp_clients,
    mcp_servers,
    mcp_tokens,
    memberships,
    messages,
    model_calls,
    password_links,
    questions,
    record_calls,
    record_collections,
    records,
    refresh_tokens,
    secrets_in_use,
    sessions,
    setup_links,
    tenants,
    tool_calls,
    tool_rules,
    turn_events,
    turns,
    usage_days,
    usage_limits,
    usage_model_days,
    usage_months,
    usage_tool_days,
    users,
);
