--
-- PostgreSQL database dump
--


-- Dumped from database version 15.18 (Debian 15.18-0+deb12u1)
-- Dumped by pg_dump version 15.18 (Debian 15.18-0+deb12u1)

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: search_message_added(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.search_message_added() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE entry bigint;
BEGIN
    INSERT INTO search_entries (tenant_id, user_id, conversation_id, message_id)
        SELECT tenant_id, user_id, id, new.id FROM conversations WHERE id = new.conversation_id
        RETURNING number INTO entry;
    INSERT INTO search_words (number, words)
        VALUES (entry, to_tsvector('simple', search_text(search_said(new.content))));
    RETURN NULL;
END $$;


--
-- Name: search_query(text); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.search_query(word text) RETURNS tsquery
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$
    SELECT CASE WHEN numnode(plain) = 0 THEN plain ELSE (plain::text || ':*')::tsquery END
    FROM (SELECT phraseto_tsquery('simple', search_text(word)) AS plain) AS parsed
$$;


--
-- Name: search_said(text); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.search_said(content text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$
    SELECT coalesce(string_agg(block ->> 'text', '' ORDER BY place), '')
    FROM json_array_elements(replace(content, '\u0000', '\ufffd')::json) WITH ORDINALITY AS blocks (block, place)
    WHERE block ->> 'type' = 'text'
$$;


--
-- Name: search_text(text); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.search_text(text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $_$
    SELECT regexp_replace(regexp_replace(
        translate(lower(normalize(regexp_replace(normalize(left($1, 100000), NFD), '[\u0300-\u036f]', '', 'g'), NFC)),
            'ς', 'σ'),
        '[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u007f]+', ' ', 'g'),
        '([\u3041-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af])', ' \1 ', 'g')
$_$;


--
-- Name: search_title_added(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.search_title_added() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE entry bigint;
BEGIN
    INSERT INTO search_entries (tenant_id, user_id, conversation_id) VALUES (new.tenant_id, new.user_id, new.id)
        RETURNING number INTO entry;
    INSERT INTO search_words (number, words) VALUES (entry, to_tsvector('simple', search_text(new.title)));
    RETURN NULL;
END $$;


--
-- Name: search_title_changed(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.search_title_changed() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    UPDATE search_words SET words = to_tsvector('simple', search_text(new.title))
        WHERE number = (SELECT number FROM search_entries WHERE conversation_id = new.id AND message_id IS NULL);
    RETURN NULL;
END $$;


SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: __diesel_schema_migrations; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.__diesel_schema_migrations (
    version character varying(50) NOT NULL,
    run_on timestamp without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);


--
-- Name: agent_calls; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.agent_calls (
    turn_id uuid NOT NULL,
    tenant_id uuid NOT NULL,
    user_id uuid NOT NULL,
    conversation_id uuid NOT NULL,
    client text NOT NULL,
    token_id uuid NOT NULL,
    token_name text NOT NULL,
    awaited_until timestamp with time zone
);


--
-- Name: api_tokens; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.api_tokens (
    id uuid NOT NULL,
    tenant_id uuid NOT NULL,
    user_id uuid NOT NULL,
    hash text NOT NULL,
    name text NOT NULL,
    scopes text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone,
    last_used_at timestamp with time zone,
    revoked_at timestamp with time zone
);


--
-- Name: audit_heads; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.audit_heads (
    chain text NOT NULL,
    count bigint NOT NULL,
    last_hash text NOT NULL,
    hash text NOT NULL
);


--
-- Name: audit_rows; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.audit_rows (
    chain text NOT NULL,
    number bigint NOT NULL,
    id uuid NOT NULL,
    at timestamp with time zone NOT NULL,
    actor text NOT NULL,
    address text NOT NULL,
    action text NOT NULL,
    object text NOT NULL,
    target text,
    digest text,
    details text NOT NULL,
    hash text NOT NULL
);


--
-- Name: blobs; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.blobs (
    conversation_id uuid NOT NULL,
    number bigint NOT NULL,
    tenant_id uuid NOT NULL,
    user_id uuid NOT NULL,
    media_type text NOT NULL,
    name text NOT NULL,
    size bigint NOT NULL,
    bytes bytea NOT NULL,
    created_at timestamp with time zone NOT NULL
);


--
-- Name: conversations; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.conversations (
    id uuid NOT NULL,
    tenant_id uuid NOT NULL,
    user_id uuid NOT NULL,
    kind text NOT NULL,
    title text NOT NULL,
    title_source text NOT NULL,
    provider text,
    model text,
    current_turn_id uuid,
    last_position bigint DEFAULT 0 NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    window_begins bigint DEFAULT 1 NOT NULL
);


--
-- Name: file_writes; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.file_writes (
    call_id uuid NOT NULL,
    tenant_id uuid NOT NULL,
    user_id uuid NOT NULL,
    tool text NOT NULL,
    path text NOT NULL,
    hash_before text,
    hash_after text NOT NULL,
    content_before bytea,
    bytes_before bigint NOT NULL,
    bytes_after bigint NOT NULL,
    begun_at timestamp with time zone NOT NULL,
    done_at timestamp with time zone,
    undone_at timestamp with time zone
);


--
-- Name: grants; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.grants (
    id uuid NOT NULL,
    tenant_id uuid NOT NULL,
    user_id uuid NOT NULL,
    conversation_id uuid,
    server text NOT NULL,
    name text NOT NULL,
    fingerprint text NOT NULL,
    bound text NOT NULL,
    arguments text NOT NULL,
    count integer NOT NULL,
    used integer DEFAULT 0 NOT NULL,
    call_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone
);


--
-- Name: mcp_authorisations; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.mcp_authorisations (
    state_hash text NOT NULL,
    tenant_id uuid NOT NULL,
    user_id uuid NOT NULL,
    server text NOT NULL,
    sealed text NOT NULL,
    expires_at timestamp with time zone NOT NULL
);


--
-- Name: mcp_clients; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.mcp_clients (
    id uuid NOT NULL,
    tenant_id uuid NOT NULL,
    server text NOT NULL,
    is_given boolean NOT NULL,
    issuer text NOT NULL,
    redirect text NOT NULL,
    sealed text NOT NULL,
    changed_at timestamp with time zone NOT NULL
);


--
-- Name: mcp_servers; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.mcp_servers (
    id uuid NOT NULL,
    tenant_id uuid NOT NULL,
    name text NOT NULL,
    url text NOT NULL,
    headers text,
    per_person boolean DEFAULT false NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    created_at timestamp with time zone NOT NULL,
    changed_by uuid,
    changed_at timestamp with time zone NOT NULL
);


--
-- Name: mcp_tokens; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.mcp_tokens (
    id uuid NOT NULL,
    tenant_id uuid NOT NULL,
    server text NOT NULL,
    holder text NOT NULL,
    user_id uuid,
    issuer text NOT NULL,
    sealed text NOT NULL,
    challenge text,
    is_refused boolean DEFAULT false NOT NULL,
    refreshing_until timestamp with time zone,
    changed_at timestamp with time zone NOT NULL
);


--
-- Name: memberships; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.memberships (
    tenant_id uuid NOT NULL,
    user_id uuid NOT NULL,
    role text NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    created_at timestamp with time zone NOT NULL
);


--
-- Name: messages; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.messages (
    id uuid NOT NULL,
    tenant_id uuid NOT NULL,
    conversation_id uuid NOT NULL,
    turn_id uuid NOT NULL,
    "position" bigint NOT NULL,
    role text NOT NULL,
    state text NOT NULL,
    content text NOT NULL,
    provider text,
    model text,
    stop_reason text,
    input_tokens bigint,
    output_tokens bigint,
    cached_tokens bigint,
    usage_estimated boolean DEFAULT false NOT NULL,
    tool_call_id uuid,
    created_at timestamp with time zone NOT NULL,
    instead_of text
);


--
-- Name: model_calls; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.model_calls (
    id uuid NOT NULL,
    tenant_id uuid NOT NULL,
    user_id uuid NOT NULL,
    turn_id uuid,
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
    estimated boolean DEFAULT false NOT NULL,
    error_code text,
    owner uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    settled_at timestamp with time zone
);


--
-- Name: questions; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.questions (
    call_id uuid NOT NULL,
    number integer NOT NULL,
    tenant_id uuid NOT NULL,
    message text NOT NULL,
    wanted text,
    ends_at timestamp with time zone NOT NULL,
    answer text,
    sealed text
);


--
-- Name: record_calls; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.record_calls (
    call_id uuid NOT NULL,
    tenant_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL
);


--
-- Name: record_collections; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.record_collections (
    tenant_id uuid NOT NULL,
    name text NOT NULL,
    documents bigint NOT NULL,
    bytes bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL
);


--
-- Name: records; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.records (
    tenant_id uuid NOT NULL,
    collection text NOT NULL,
    id text NOT NULL,
    document text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL
);


--
-- Name: refresh_tokens; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.refresh_tokens (
    hash text NOT NULL,
    family uuid NOT NULL,
    tenant_id uuid NOT NULL,
    user_id uuid NOT NULL,
    user_epoch bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    revoked_at timestamp with time zone
);


--
-- Name: search_entries; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.search_entries (
    number bigint NOT NULL,
    tenant_id uuid NOT NULL,
    user_id uuid NOT NULL,
    conversation_id uuid NOT NULL,
    message_id uuid
);


--
-- Name: search_entries_number_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.search_entries ALTER COLUMN number ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.search_entries_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: search_words; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.search_words (
    number bigint NOT NULL,
    words tsvector NOT NULL
);


--
-- Name: secrets_in_use; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.secrets_in_use (
    fingerprint text NOT NULL
);


--
-- Name: sessions; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.sessions (
    id uuid NOT NULL,
    key_hash text NOT NULL,
    state text NOT NULL,
    user_id uuid,
    tenant_id uuid,
    user_epoch bigint DEFAULT 0 NOT NULL,
    user_agent text DEFAULT ''::text NOT NULL,
    address text DEFAULT ''::text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    last_used_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL
);


--
-- Name: setup_links; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.setup_links (
    token_hash text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL
);


--
-- Name: tenants; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.tenants (
    id uuid NOT NULL,
    slug text NOT NULL,
    name text NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    system_prompt text,
    created_at timestamp with time zone NOT NULL,
    topics text,
    approvals_expire_after bigint
);


--
-- Name: tool_calls; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.tool_calls (
    id uuid NOT NULL,
    tenant_id uuid NOT NULL,
    user_id uuid NOT NULL,
    conversation_id uuid NOT NULL,
    turn_id uuid NOT NULL,
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
    decided_at timestamp with time zone,
    reason text,
    result text,
    error_code text,
    repeats uuid,
    created_at timestamp with time zone NOT NULL,
    started_at timestamp with time zone,
    finished_at timestamp with time zone,
    bounds text,
    authority text,
    undo text,
    files text
);


--
-- Name: tool_rules; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.tool_rules (
    tenant_id uuid NOT NULL,
    server text NOT NULL,
    name text NOT NULL,
    verdict text NOT NULL,
    fingerprint text,
    definition text,
    grants_allowed boolean DEFAULT true NOT NULL,
    guests_allowed boolean DEFAULT false NOT NULL,
    changed_by uuid,
    changed_at timestamp with time zone NOT NULL
);


--
-- Name: turn_events; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.turn_events (
    turn_id uuid NOT NULL,
    seq bigint NOT NULL,
    tenant_id uuid NOT NULL,
    about uuid,
    payload text NOT NULL
);


--
-- Name: turns; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.turns (
    id uuid NOT NULL,
    tenant_id uuid NOT NULL,
    user_id uuid NOT NULL,
    conversation_id uuid NOT NULL,
    state text NOT NULL,
    error_code text,
    retry_after bigint,
    owner uuid,
    epoch bigint DEFAULT 0 NOT NULL,
    lease_until timestamp with time zone,
    stop_requested boolean DEFAULT false NOT NULL,
    model_calls integer DEFAULT 0 NOT NULL,
    denials_in_a_row integer DEFAULT 0 NOT NULL,
    next_seq bigint DEFAULT 1 NOT NULL,
    idempotency_key text,
    created_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone
);


--
-- Name: usage_days; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.usage_days (
    tenant_id uuid NOT NULL,
    user_id uuid NOT NULL,
    day text NOT NULL,
    provider text NOT NULL,
    model text NOT NULL,
    input_tokens bigint DEFAULT 0 NOT NULL,
    output_tokens bigint DEFAULT 0 NOT NULL,
    cached_tokens bigint DEFAULT 0 NOT NULL,
    requests bigint DEFAULT 0 NOT NULL,
    estimated_requests bigint DEFAULT 0 NOT NULL,
    credits bigint DEFAULT 0 NOT NULL
);


--
-- Name: usage_limits; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.usage_limits (
    tenant_id uuid NOT NULL,
    subject_id uuid NOT NULL,
    monthly_input_tokens bigint,
    monthly_output_tokens bigint,
    monthly_requests bigint,
    monthly_credits bigint,
    is_active boolean DEFAULT true NOT NULL
);


--
-- Name: usage_months; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.usage_months (
    tenant_id uuid NOT NULL,
    subject_id uuid NOT NULL,
    month text NOT NULL,
    input_tokens bigint DEFAULT 0 NOT NULL,
    output_tokens bigint DEFAULT 0 NOT NULL,
    cached_tokens bigint DEFAULT 0 NOT NULL,
    requests bigint DEFAULT 0 NOT NULL,
    credits bigint DEFAULT 0 NOT NULL,
    reserved_input_tokens bigint DEFAULT 0 NOT NULL,
    reserved_output_tokens bigint DEFAULT 0 NOT NULL,
    reserved_requests bigint DEFAULT 0 NOT NULL,
    reserved_credits bigint DEFAULT 0 NOT NULL
);


--
-- Name: users; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.users (
    id uuid NOT NULL,
    email text NOT NULL,
    name text NOT NULL,
    password_hash text,
    is_operator boolean DEFAULT false NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    epoch bigint DEFAULT 0 NOT NULL,
    language text,
    created_at timestamp with time zone NOT NULL
);


--
-- Data for Name: __diesel_schema_migrations; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.__diesel_schema_migrations VALUES ('00000000000001', '2026-11-21 21:53:54.434052');
INSERT INTO public.__diesel_schema_migrations VALUES ('00000000000002', '2026-11-21 21:53:54.491002');
INSERT INTO public.__diesel_schema_migrations VALUES ('00000000000003', '2026-11-21 21:53:54.496634');
INSERT INTO public.__diesel_schema_migrations VALUES ('00000000000004', '2026-11-21 21:53:54.502638');
INSERT INTO public.__diesel_schema_migrations VALUES ('00000000000005', '2026-11-21 21:53:54.508314');
INSERT INTO public.__diesel_schema_migrations VALUES ('00000000000006', '2026-11-21 21:53:54.517138');
INSERT INTO public.__diesel_schema_migrations VALUES ('00000000000007', '2026-11-21 21:53:54.527812');
INSERT INTO public.__diesel_schema_migrations VALUES ('00000000000008', '2026-11-21 21:53:54.537195');
INSERT INTO public.__diesel_schema_migrations VALUES ('00000000000009', '2026-11-21 21:53:54.542976');
INSERT INTO public.__diesel_schema_migrations VALUES ('00000000000010', '2026-11-21 21:53:54.544');
INSERT INTO public.__diesel_schema_migrations VALUES ('00000000000011', '2026-11-21 21:53:54.548287');
INSERT INTO public.__diesel_schema_migrations VALUES ('00000000000012', '2026-11-21 21:53:54.551836');


--
-- Data for Name: agent_calls; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: api_tokens; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: audit_heads; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.audit_heads VALUES ('01a2001a-068d-71b2-b6c8-a668f0cd9558', 6, 'a8a6f832df68b5577fcfe784e0d2b1bd33ef940df27d8ebe05c0cc197761c823', 'e4c6ca8f2684ed865b59d1317cb8d0f9e8b3178a8b81d19123d9e264ddbd88c2');
INSERT INTO public.audit_heads VALUES ('system', 2, 'b7e9f14cd221da2bbcae81d75902b35d36e39e1d4a463423be0ab8929aa94c87', 'b6d56826ca37a9b2725c08280d5f685c9007924b1a1e9fb774006d091c94ea22');
INSERT INTO public.audit_heads VALUES ('01a2001a-10d6-7667-acd2-85842dfd3513', 4, '38fad252acaf5f918ae2e746063f6e49a0d250ee4f8b4a2d970e84840f560cb9', 'de56e4e21d82a80b47b968aecdfbd77c6d61bfb55a7c883ab3d198ab5487f777');


--
-- Data for Name: audit_rows; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.audit_rows VALUES ('system', 1, '01a2001a-0692-707a-9afe-ef3673b8ad50', '2026-11-21 21:53:55.346538+00', '01a2001a-068f-778f-b7bd-03c990805875', '127.0.0.1', 'user_created', 'user:01a2001a-068f-778f-b7bd-03c990805875', NULL, NULL, 'set-up', '65c84688c750b7b1282b5abe82310ac97d2b721a97c6c150ca48f18a54b6073b');
INSERT INTO public.audit_rows VALUES ('01a2001a-068d-71b2-b6c8-a668f0cd9558', 1, '01a2001a-0695-7383-87fc-37fd43cfa62a', '2026-11-21 21:53:55.349022+00', '01a2001a-068f-778f-b7bd-03c990805875', '127.0.0.1', 'tenant_created', 'tenant:01a2001a-068d-71b2-b6c8-a668f0cd9558', NULL, NULL, 'set-up', '1456e70abb17a2b6e72a9ce25a5706c706ca0b739eb30bd2ca5a3cb63246b875');
INSERT INTO public.audit_rows VALUES ('01a2001a-068d-71b2-b6c8-a668f0cd9558', 2, '01a2001a-0696-73ef-82e4-10aaa01eb043', '2026-11-21 21:53:55.350947+00', '01a2001a-068f-778f-b7bd-03c990805875', '127.0.0.1', 'sign_in', 'user:01a2001a-068f-778f-b7bd-03c990805875', NULL, NULL, 'set-up', '978887ae848dcd46448768234c068f5a03425e8da7fca9407edd293d3a0366e8');
INSERT INTO public.audit_rows VALUES ('01a2001a-068d-71b2-b6c8-a668f0cd9558', 3, '01a2001a-0afa-772a-9d51-6e58e88d1ba6', '2026-11-21 21:53:56.474022+00', '01a2001a-068f-778f-b7bd-03c990805875', '127.0.0.1', 'tool_approved', 'tool_call:01a2001a-0a37-7527-aa62-d22c9281cfe2', 'notes/hello.txt', 'a6dbee07074c7644727cb2fdd8e193165d59e9aebac3bb23a10529f97e3e0918', 'write_file', 'e746a28c4c5325a27f46a672fce7f522d75d1c2f0ed89b404d6251a07cf1c11a');
INSERT INTO public.audit_rows VALUES ('01a2001a-068d-71b2-b6c8-a668f0cd9558', 4, '01a2001a-0b14-7284-a6cb-f740ff74e310', '2026-11-21 21:53:56.500114+00', '01a2001a-068f-778f-b7bd-03c990805875', '', 'tool_run', 'tool_call:01a2001a-0a37-7527-aa62-d22c9281cfe2', 'notes/hello.txt', 'a6dbee07074c7644727cb2fdd8e193165d59e9aebac3bb23a10529f97e3e0918', '', 'bf7bdd60c9b35215357e00fa8820be0749a8c84613e227fdf6d03bf131212da6');
INSERT INTO public.audit_rows VALUES ('01a2001a-068d-71b2-b6c8-a668f0cd9558', 5, '01a2001a-0b2c-7732-b731-ca0cd0c82542', '2026-11-21 21:53:56.52448+00', '01a2001a-068f-778f-b7bd-03c990805875', '', 'tool_ended', 'tool_call:01a2001a-0a37-7527-aa62-d22c9281cfe2', 'notes/hello.txt', 'a6dbee07074c7644727cb2fdd8e193165d59e9aebac3bb23a10529f97e3e0918', 'succeeded', '9a1d83d03be2784977cd07ccd9fa75e38a8f627d196d71c4c59888caaa654833');
INSERT INTO public.audit_rows VALUES ('01a2001a-068d-71b2-b6c8-a668f0cd9558', 6, '01a2001a-0d07-757d-b141-06a57fe8ec19', '2026-11-21 21:53:56.999815+00', '01a2001a-068f-778f-b7bd-03c990805875', '127.0.0.1', 'tool_denied', 'tool_call:01a2001a-0cb4-7735-ad3a-5946f8bc4f41', 'notes/denied.txt', '606bc939a24d875bde45e3fc1e10b556dcdeaebc365c6bb7256dff4e5e4c0818', 'write_file', 'a8a6f832df68b5577fcfe784e0d2b1bd33ef940df27d8ebe05c0cc197761c823');
INSERT INTO public.audit_rows VALUES ('01a2001a-10d6-7667-acd2-85842dfd3513', 1, '01a2001a-10df-76a0-95d3-9cf8177897c2', '2026-11-21 21:53:57.983468+00', 'nobody', 'command line', 'tenant_created', 'tenant:01a2001a-10d6-7667-acd2-85842dfd3513', NULL, NULL, 'elsewhere', 'f3b2378fd54518c045a1ea8ec3e5381b835e2903b924a335c2f565d1b988f7bb');
INSERT INTO public.audit_rows VALUES ('01a2001a-10d6-7667-acd2-85842dfd3513', 2, '01a2001a-12c9-7499-97f6-b966910ecabd', '2026-11-21 21:53:58.473681+00', 'nobody', 'command line', 'member_added', 'user:01a2001a-12c3-77a5-894c-348d33cc99e2', NULL, NULL, 'owner', '93ebe3c6326e0a784730554a9c91693670013d9096e9e5ecf69348753f76baa1');
INSERT INTO public.audit_rows VALUES ('system', 2, '01a2001a-12cd-7458-84f0-7537bd38a26d', '2026-11-21 21:53:58.477102+00', 'nobody', 'command line', 'user_created', 'user:01a2001a-12c3-77a5-894c-348d33cc99e2', NULL, NULL, '', 'b7e9f14cd221da2bbcae81d75902b35d36e39e1d4a463423be0ab8929aa94c87');
INSERT INTO public.audit_rows VALUES ('01a2001a-10d6-7667-acd2-85842dfd3513', 3, '01a2001a-14c0-77d9-b595-f4f76a1cac8b', '2026-11-21 21:53:58.976034+00', '01a2001a-12c3-77a5-894c-348d33cc99e2', '127.0.0.1', 'sign_in', 'user:01a2001a-12c3-77a5-894c-348d33cc99e2', NULL, NULL, '', '018e5beeee39dfc5937578199a00460da1a0d15b5f7eeabe4c18a668cf371b51');
INSERT INTO public.audit_rows VALUES ('01a2001a-10d6-7667-acd2-85842dfd3513', 4, '01a2001a-1806-74be-9042-508d65353a16', '2026-11-21 21:53:59.81472+00', 'nobody', 'command line', 'limits_changed', 'tenant:01a2001a-10d6-7667-acd2-85842dfd3513', NULL, NULL, '1000000 input tokens, 500000 output tokens, 500 requests, any credits', '38fad252acaf5f918ae2e746063f6e49a0d250ee4f8b4a2d970e84840f560cb9');


--
-- Data for Name: blobs; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.blobs VALUES ('01a2001a-0e4e-7011-85f4-a727fc31ee68', 1, '01a2001a-068d-71b2-b6c8-a668f0cd9558', '01a2001a-068f-778f-b7bd-03c990805875', 'image/png', 'picture.png', 1076, '\x89504e470d0a1a0a0000000d49484452000000400000003008020000002e29eb48000003fb494441547801edc003a0245996c6f1ff77ee8dc8cca7724b63ae6ddbb66ddbb66ddbb66d698c9e964aaf9e323322eef976b76a7aa6873b6bd5af3e1a2850a142850a152a54a850a142850a152a54a850a142850a152a54a850a142850a152a54a850a142850a152a54a850a142850a152a54a850a142850a152a54a850a142850a152a153afe17a342c7ff6254e8f85f8c0a3dff8b51a1e37f312a74fc2f46859effc5a8d0f11fea6fdfe3242fd44bfed505fec350a1e33fc8df7ec0362f82bf7d9993c04b3e7e9fff0054e8f977fbdb8f98f1aff4b78fd9065ef2e96bfe5da8d0f1eff3b71f13fc5bfded43662f797bf26f47858e7f87bffd84c6bfcfdfde1c2f7977e1df880a3dff567ffb294bfe23fcedf5ed25cf2ef8b7a042c7bfc9df7ec61eff71fef6ccf2252feef0af46858e7fbdbffd9cf3fc47fbdb137b2fb97f8a7f1d2af4fc0fd2f3af43858e7fa5bffd82dbf8cff1b7db77bfe4f216fe15a8d0f13f4bc7bf02153afe35fef64b9ec07fa6bf5d3cf525c747f3a2a242cfff383d2f2a2a74fc8fd3f1a2a242c7ff381d2f2a2af4fc8fd3f3a2a242c7ff381d2f2a2a74fc8fd3f1a2a242cfff383d2f2a2a74fc8fd3f1a2a242c7ff381d2f2a2af4fc8fd3f3a222a0830e3ae8a0830e3ae8a0830e3ae8a0830e3ae85ef293de8fff4c2fb97c3fe8a0830e3ae8a0830e3ae8a0830e3ae8a083ae42c7ff2c1dff0a04f4d0430f3df4d0430f3df4d0430f3df4d0430f3df42ff9691fc97f8e97dcff48e8a1871e7ae8a1871e7ae8a1871e7ae8a1871efa0a1dff8374fceb10d041071d74d041071d74d041071d74d041071d74d041f7929ff5c9fc477bc98b9f0c1d74d041071d74d041071d74d041071d74d041075d40071d74d041071d74d041071d74d041071d74d041071d742ff9799fc17f9c973cfb19d041071d74d041071d74d041071d74d041071d74d04117d0430f3df4d0430f3df4d0430f3df4d0430f3df4d0430f3df42ff9459fc77f8497bcfbf3a0871e7ae8a1871e7ae8a1871e7ae8a1871e7ae8a1871efa800e3ae8a0830e3ae8a0830e3ae8a0830e3ae8a0830e3ae8a083ee25bfec8bf9f779c9dbbf183ae8a0830e3ae8a0830e3ae8a0830e3ae8a0830e3ae8a0832ea0830e3ae8a0830e3ae8a0830e3ae8a0830e3ae8a0830e3ae8a083ee25bfea2bf8b77ac9a77f0574d041071d74d041071d74d041071d74d041071d74d041071d747a347f45810a152a54a850a142850a152a54a850a142850a152a54a850a1f2b71ff211bcc85ef2f15f47850a152a54a850a142850a152a54a850a142850a152a54a850a9d0f11fe425bfed9ba9fcedfb7c302fd44bfed53753a1f21f810a1dffa15ef2fbbe830a152a54a850a142850a152aff71a8d0f3bf18153afe17a342c7ff6254e8f95f8c0a1dff8b51a1e37f31fe1188b75577c57aca6c0000000049454e44ae426082', '2026-11-21 21:53:57.332947+00');


--
-- Data for Name: conversations; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.conversations VALUES ('01a2001a-06d7-715f-8672-c1aa76307a1a', '01a2001a-068d-71b2-b6c8-a668f0cd9558', '01a2001a-068f-778f-b7bd-03c990805875', 'chat', 'Where do pelicans fly?', 'first_words', NULL, NULL, NULL, 2, '2026-11-21 21:53:55.41517+00', '2026-11-21 21:53:56.054629+00', NULL, 1);
INSERT INTO public.conversations VALUES ('01a2001a-09a8-7383-aeec-6b8560fd8be5', '01a2001a-068d-71b2-b6c8-a668f0cd9558', '01a2001a-068f-778f-b7bd-03c990805875', 'chat', 'Create a file `notes/hello.txt` with content: Hello world', 'first_words', NULL, NULL, NULL, 4, '2026-11-21 21:53:56.136174+00', '2026-11-21 21:53:56.69739+00', NULL, 1);
INSERT INTO public.conversations VALUES ('01a2001a-0c21-71d0-b29b-fcc61202629b', '01a2001a-068d-71b2-b6c8-a668f0cd9558', '01a2001a-068f-778f-b7bd-03c990805875', 'chat', 'Create a file `notes/denied.txt` with content: No', 'first_words', NULL, NULL, NULL, 4, '2026-11-21 21:53:56.769509+00', '2026-11-21 21:53:57.206541+00', NULL, 1);
INSERT INTO public.conversations VALUES ('01a2001a-0eb2-76bc-91de-e6bb2b092785', '01a2001a-068d-71b2-b6c8-a668f0cd9558', '01a2001a-068f-778f-b7bd-03c990805875', 'chat', 'Create a file `notes/never.txt` with content: Never', 'first_words', NULL, NULL, '01a2001a-0eb4-76b6-ba7c-e634cc58e0ba', 2, '2026-11-21 21:53:57.426663+00', '2026-11-21 21:53:57.593952+00', NULL, 1);
INSERT INTO public.conversations VALUES ('01a2001a-0faf-77fb-9871-3e0a9da3edd9', '01a2001a-068d-71b2-b6c8-a668f0cd9558', '01a2001a-068f-778f-b7bd-03c990805875', 'chat', 'Create a file `notes/after.txt` with content: After', 'first_words', NULL, NULL, '01a2001a-0fb0-7157-9653-29c4879c3f1d', 2, '2026-11-21 21:53:57.679458+00', '2026-11-21 21:53:57.855273+00', NULL, 1);
INSERT INTO public.conversations VALUES ('01a2001a-0e4e-7011-85f4-a727fc31ee68', '01a2001a-068d-71b2-b6c8-a668f0cd9558', '01a2001a-068f-778f-b7bd-03c990805875', 'chat', 'What is in this picture?', 'first_words', NULL, NULL, NULL, 2, '2026-11-21 21:53:57.32697+00', '2026-11-21 21:53:57.945303+00', NULL, 1);
INSERT INTO public.conversations VALUES ('01a2001a-1510-7285-828d-4e80f376f1a3', '01a2001a-10d6-7667-acd2-85842dfd3513', '01a2001a-12c3-77a5-894c-348d33cc99e2', 'chat', 'What do gulls eat?', 'first_words', NULL, NULL, NULL, 2, '2026-11-21 21:53:59.056231+00', '2026-11-21 21:53:59.675334+00', NULL, 1);


--
-- Data for Name: file_writes; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.file_writes VALUES ('01a2001a-0a37-7527-aa62-d22c9281cfe2', '01a2001a-068d-71b2-b6c8-a668f0cd9558', '01a2001a-068f-778f-b7bd-03c990805875', 'write_file', 'notes/hello.txt', NULL, '64ec88ca00b268e5ba1a35678a1b5316d212f4f366b2477232534a8aeca37f3c', NULL, 0, 11, '2026-11-21 21:53:56.509158+00', '2026-11-21 21:53:56.517708+00', NULL);


--
-- Data for Name: grants; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: mcp_authorisations; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: mcp_clients; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: mcp_servers; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: mcp_tokens; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: memberships; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.memberships VALUES ('01a2001a-068d-71b2-b6c8-a668f0cd9558', '01a2001a-068f-778f-b7bd-03c990805875', 'owner', true, '2026-11-21 21:53:55.344106+00');
INSERT INTO public.memberships VALUES ('01a2001a-10d6-7667-acd2-85842dfd3513', '01a2001a-12c3-77a5-894c-348d33cc99e2', 'owner', true, '2026-11-21 21:53:58.469257+00');


--
-- Data for Name: messages; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.messages VALUES ('01a2001a-06e3-7051-af52-0b48ba5ebec7', '01a2001a-068d-71b2-b6c8-a668f0cd9558', '01a2001a-06d7-715f-8672-c1aa76307a1a', '01a2001a-06db-77be-b213-db6e33df9dbd', 1, 'user', 'complete', '[{"type":"text","text":"Where do pelicans fly?"}]', NULL, NULL, NULL, NULL, NULL, NULL, false, NULL, '2026-11-21 21:53:55.428937+00', NULL);
INSERT INTO public.messages VALUES ('01a2001a-0710-72d5-9a1f-b979a81c1665', '01a2001a-068d-71b2-b6c8-a668f0cd9558', '01a2001a-06d7-715f-8672-c1aa76307a1a', '01a2001a-06db-77be-b213-db6e33df9dbd', 2, 'assistant', 'complete', '[{"type":"text","text":"## Hello from the demo\n\nYou wrote: “Where do pelicans fly?”\n\nI am **not a real model**, only a stand-in so that you can look around. I can show you:\n\n- text that *streams*, with Markdown\n- a tool that waits for **your** decision\n\n| Try this | What happens |\n|---|---|\n| Create a file `notes/hello.txt` with content: Hello world | I ask, you decide |\n| Write 300 words | A longer text streams in |\n\nFor real answers, set a key and start Sayso again:\n\n```sh\nexport ANTHROPIC_API_KEY=…   # or OPENAI_API_KEY, or OLLAMA_URL\nsayso\n```\n"}]', 'demo', 'demo', 'end_turn', 2370, 135, 0, true, NULL, '2026-11-21 21:53:56.055596+00', NULL);
INSERT INTO public.messages VALUES ('01a2001a-09af-7407-92ff-7346020b0cc2', '01a2001a-068d-71b2-b6c8-a668f0cd9558', '01a2001a-09a8-7383-aeec-6b8560fd8be5', '01a2001a-09ac-776f-a296-f949fadd1cef', 1, 'user', 'complete', '[{"type":"text","text":"Create a file `notes/hello.txt` with content: Hello world"}]', NULL, NULL, NULL, NULL, NULL, NULL, false, NULL, '2026-11-21 21:53:56.144173+00', NULL);
INSERT INTO public.messages VALUES ('01a2001a-09d5-7156-b55b-a6c0730b01d8', '01a2001a-068d-71b2-b6c8-a668f0cd9558', '01a2001a-09a8-7383-aeec-6b8560fd8be5', '01a2001a-09ac-776f-a296-f949fadd1cef', 2, 'assistant', 'complete', '[{"type":"text","text":"I am the demo, not a real model, and with your say-so I will write `notes/hello.txt`."},{"type":"tool_use","id":"01a2001a-0a37-7527-aa62-d22c9281cfe2","name":"write_file","input":"{\"path\":\"notes/hello.txt\",\"content\":\"Hello world\"}"}]', 'demo', 'demo', 'tool_use', 2379, 37, 0, true, NULL, '2026-11-21 21:53:56.337874+00', NULL);
INSERT INTO public.messages VALUES ('01a2001a-0a37-7527-aa62-d22c9281cfe2', '01a2001a-068d-71b2-b6c8-a668f0cd9558', '01a2001a-09a8-7383-aeec-6b8560fd8be5', '01a2001a-09ac-776f-a296-f949fadd1cef', 3, 'tool', 'complete', '[{"type":"tool_result","tool_call_id":"01a2001a-0a37-7527-aa62-d22c9281cfe2","text":"Wrote 11 bytes to notes/hello.txt.","is_error":false}]', NULL, NULL, NULL, NULL, NULL, NULL, false, '01a2001a-0a37-7527-aa62-d22c9281cfe2', '2026-11-21 21:53:56.521992+00', NULL);
INSERT INTO public.messages VALUES ('01a2001a-0b6a-7175-94a8-b4e5f45546e2', '01a2001a-068d-71b2-b6c8-a668f0cd9558', '01a2001a-09a8-7383-aeec-6b8560fd8be5', '01a2001a-09ac-776f-a296-f949fadd1cef', 4, 'assistant', 'complete', '[{"type":"text","text":"Done: `notes/hello.txt` was written.\n\nThat is all the demo can do with it; it is not a real model."}]', 'demo', 'demo', 'end_turn', 2432, 25, 0, true, NULL, '2026-11-21 21:53:56.700773+00', NULL);
INSERT INTO public.messages VALUES ('01a2001a-0c29-71ba-8749-2f960e90c08f', '01a2001a-068d-71b2-b6c8-a668f0cd9558', '01a2001a-0c21-71d0-b29b-fcc61202629b', '01a2001a-0c22-7620-bf6b-1645ec81c4d2', 1, 'user', 'complete', '[{"type":"text","text":"Create a file `notes/denied.txt` with content: No"}]', NULL, NULL, NULL, NULL, NULL, NULL, false, NULL, '2026-11-21 21:53:56.778459+00', NULL);
INSERT INTO public.messages VALUES ('01a2001a-0c51-7512-813d-62bc2220d541', '01a2001a-068d-71b2-b6c8-a668f0cd9558', '01a2001a-0c21-71d0-b29b-fcc61202629b', '01a2001a-0c22-7620-bf6b-1645ec81c4d2', 2, 'assistant', 'complete', '[{"type":"text","text":"I am the demo, not a real model, and with your say-so I will write `notes/denied.txt`."},{"type":"tool_use","id":"01a2001a-0cb4-7735-ad3a-5946f8bc4f41","name":"write_file","input":"{\"path\":\"notes/denied.txt\",\"content\":\"No\"}"}]', 'demo', 'demo', 'tool_use', 2377, 35, 0, true, NULL, '2026-11-21 21:53:56.932101+00', NULL);
INSERT INTO public.messages VALUES ('01a2001a-0cb4-7735-ad3a-5946f8bc4f41', '01a2001a-068d-71b2-b6c8-a668f0cd9558', '01a2001a-0c21-71d0-b29b-fcc61202629b', '01a2001a-0c22-7620-bf6b-1645ec81c4d2', 3, 'tool', 'complete', '[{"type":"tool_result","tool_call_id":"01a2001a-0cb4-7735-ad3a-5946f8bc4f41","text":"The person refused this request.","is_error":true}]', NULL, NULL, NULL, NULL, NULL, NULL, false, '01a2001a-0cb4-7735-ad3a-5946f8bc4f41', '2026-11-21 21:53:56.997293+00', NULL);
INSERT INTO public.messages VALUES ('01a2001a-0d42-75a2-9564-72e675cbaee6', '01a2001a-068d-71b2-b6c8-a668f0cd9558', '01a2001a-0c21-71d0-b29b-fcc61202629b', '01a2001a-0c22-7620-bf6b-1645ec81c4d2', 4, 'assistant', 'complete', '[{"type":"text","text":"`notes/denied.txt` was not written: The person refused this request.\n\nThat is all the demo can do with it; it is not a real model."}]', 'demo', 'demo', 'end_turn', 2428, 33, 0, true, NULL, '2026-11-21 21:53:57.207197+00', NULL);
INSERT INTO public.messages VALUES ('01a2001a-0e56-74e7-8a7b-dbcb323c1fe7', '01a2001a-068d-71b2-b6c8-a668f0cd9558', '01a2001a-0e4e-7011-85f4-a727fc31ee68', '01a2001a-0e51-7633-a190-d765305aa94b', 1, 'user', 'complete', '[{"type":"image","number":1,"media_type":"image/png","name":"picture.png","width":64,"height":48},{"type":"text","text":"What is in this picture?"}]', NULL, NULL, NULL, NULL, NULL, NULL, false, NULL, '2026-11-21 21:53:57.335646+00', NULL);
INSERT INTO public.messages VALUES ('01a2001a-0eb6-7762-9171-e1fce75a9810', '01a2001a-068d-71b2-b6c8-a668f0cd9558', '01a2001a-0eb2-76bc-91de-e6bb2b092785', '01a2001a-0eb4-76b6-ba7c-e634cc58e0ba', 1, 'user', 'complete', '[{"type":"text","text":"Create a file `notes/never.txt` with content: Never"}]', NULL, NULL, NULL, NULL, NULL, NULL, false, NULL, '2026-11-21 21:53:57.431112+00', NULL);
INSERT INTO public.messages VALUES ('01a2001a-0ee6-72fa-a3eb-9ef13e50a0af', '01a2001a-068d-71b2-b6c8-a668f0cd9558', '01a2001a-0eb2-76bc-91de-e6bb2b092785', '01a2001a-0eb4-76b6-ba7c-e634cc58e0ba', 2, 'assistant', 'complete', '[{"type":"text","text":"I am the demo, not a real model, and with your say-so I will write `notes/never.txt`."},{"type":"tool_use","id":"01a2001a-0f46-771b-aa23-ab0c6af14296","name":"write_file","input":"{\"path\":\"notes/never.txt\",\"content\":\"Never\"}"}]', 'demo', 'demo', 'tool_use', 2378, 35, 0, true, NULL, '2026-11-21 21:53:57.594625+00', NULL);
INSERT INTO public.messages VALUES ('01a2001a-0fb5-746b-a51e-e548c7b316a9', '01a2001a-068d-71b2-b6c8-a668f0cd9558', '01a2001a-0faf-77fb-9871-3e0a9da3edd9', '01a2001a-0fb0-7157-9653-29c4879c3f1d', 1, 'user', 'complete', '[{"type":"text","text":"Create a file `notes/after.txt` with content: After"}]', NULL, NULL, NULL, NULL, NULL, NULL, false, NULL, '2026-11-21 21:53:57.686289+00', NULL);
INSERT INTO public.messages VALUES ('01a2001a-0fe4-708b-9027-e01564e14f01', '01a2001a-068d-71b2-b6c8-a668f0cd9558', '01a2001a-0faf-77fb-9871-3e0a9da3edd9', '01a2001a-0fb0-7157-9653-29c4879c3f1d', 2, 'assistant', 'complete', '[{"type":"text","text":"I am the demo, not a real model, and with your say-so I will write `notes/after.txt`."},{"type":"tool_use","id":"01a2001a-1046-7744-b68e-c5dd58e219a8","name":"write_file","input":"{\"path\":\"notes/after.txt\",\"content\":\"After\"}"}]', 'demo', 'demo', 'tool_use', 2378, 35, 0, true, NULL, '2026-11-21 21:53:57.856388+00', NULL);
INSERT INTO public.messages VALUES ('01a2001a-0e80-7634-b48a-b9c1108d4bee', '01a2001a-068d-71b2-b6c8-a668f0cd9558', '01a2001a-0e4e-7011-85f4-a727fc31ee68', '01a2001a-0e51-7633-a190-d765305aa94b', 2, 'assistant', 'complete', '[{"type":"text","text":"## Hello from the demo\n\nYou wrote: “What is in this picture?”\n\nI am **not a real model**, only a stand-in so that you can look around. I can show you:\n\n- text that *streams*, with Markdown\n- a tool that waits for **your** decision\n\n| Try this | What happens |\n|---|---|\n| Create a file `notes/hello.txt` with content: Hello world | I ask, you decide |\n| Write 300 words | A longer text streams in |\n\nFor real answers, set a key and start Sayso again:\n\n```sh\nexport ANTHROPIC_API_KEY=…   # or OPENAI_API_KEY, or OLLAMA_URL\nsayso\n```\n"}]', 'demo', 'demo', 'end_turn', 2379, 136, 0, true, NULL, '2026-11-21 21:53:57.946072+00', NULL);
INSERT INTO public.messages VALUES ('01a2001a-1519-770a-92f7-8cc113983295', '01a2001a-10d6-7667-acd2-85842dfd3513', '01a2001a-1510-7285-828d-4e80f376f1a3', '01a2001a-1512-72c3-a80f-cfb5e05bf3b6', 1, 'user', 'complete', '[{"type":"text","text":"What do gulls eat?"}]', NULL, NULL, NULL, NULL, NULL, NULL, false, NULL, '2026-11-21 21:53:59.06941+00', NULL);
INSERT INTO public.messages VALUES ('01a2001a-154a-72d3-84d4-7c983d1798d5', '01a2001a-10d6-7667-acd2-85842dfd3513', '01a2001a-1510-7285-828d-4e80f376f1a3', '01a2001a-1512-72c3-a80f-cfb5e05bf3b6', 2, 'assistant', 'complete', '[{"type":"text","text":"## Hello from the demo\n\nYou wrote: “What do gulls eat?”\n\nI am **not a real model**, only a stand-in so that you can look around. I can show you:\n\n- text that *streams*, with Markdown\n- a tool that waits for **your** decision\n\n| Try this | What happens |\n|---|---|\n| Create a file `notes/hello.txt` with content: Hello world | I ask, you decide |\n| Write 300 words | A longer text streams in |\n\nFor real answers, set a key and start Sayso again:\n\n```sh\nexport ANTHROPIC_API_KEY=…   # or OPENAI_API_KEY, or OLLAMA_URL\nsayso\n```\n"}]', 'demo', 'demo', 'end_turn', 2369, 134, 0, true, NULL, '2026-11-21 21:53:59.675968+00', NULL);


--
-- Data for Name: model_calls; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.model_calls VALUES ('01a2001a-06f6-75a4-9a27-5b541aadb3a6', '01a2001a-068d-71b2-b6c8-a668f0cd9558', '01a2001a-068f-778f-b7bd-03c990805875', '01a2001a-06db-77be-b213-db6e33df9dbd', 'chat', 'demo', 'demo', '2026-11', 11664, 4096, 0, 2370, 135, 0, 0, true, NULL, '01a2001a-045e-7752-a651-700881c581ee', '2026-11-21 21:53:55.442099+00', '2026-11-21 21:53:56.050652+00');
INSERT INTO public.model_calls VALUES ('01a2001a-09bb-73a3-83e0-bd1342b36659', '01a2001a-068d-71b2-b6c8-a668f0cd9558', '01a2001a-068f-778f-b7bd-03c990805875', '01a2001a-09ac-776f-a296-f949fadd1cef', 'chat', 'demo', 'demo', '2026-11', 11699, 4096, 0, 2379, 37, 0, 0, true, NULL, '01a2001a-045e-7752-a651-700881c581ee', '2026-11-21 21:53:56.151457+00', '2026-11-21 21:53:56.328693+00');
INSERT INTO public.model_calls VALUES ('01a2001a-0b56-7699-b4e2-4105bb79f9f3', '01a2001a-068d-71b2-b6c8-a668f0cd9558', '01a2001a-068f-778f-b7bd-03c990805875', '01a2001a-09ac-776f-a296-f949fadd1cef', 'chat', 'demo', 'demo', '2026-11', 11958, 4096, 0, 2432, 25, 0, 0, true, NULL, '01a2001a-045e-7752-a651-700881c581ee', '2026-11-21 21:53:56.550719+00', '2026-11-21 21:53:56.693964+00');
INSERT INTO public.model_calls VALUES ('01a2001a-0c39-7027-a6ed-76d22c4b0211', '01a2001a-068d-71b2-b6c8-a668f0cd9558', '01a2001a-068f-778f-b7bd-03c990805875', '01a2001a-0c22-7620-bf6b-1645ec81c4d2', 'chat', 'demo', 'demo', '2026-11', 11691, 4096, 0, 2377, 35, 0, 0, true, NULL, '01a2001a-045e-7752-a651-700881c581ee', '2026-11-21 21:53:56.786832+00', '2026-11-21 21:53:56.927628+00');
INSERT INTO public.model_calls VALUES ('01a2001a-0d2f-76f5-9d3a-bb40baf68515', '01a2001a-068d-71b2-b6c8-a668f0cd9558', '01a2001a-068f-778f-b7bd-03c990805875', '01a2001a-0c22-7620-bf6b-1645ec81c4d2', 'chat', 'demo', 'demo', '2026-11', 11941, 4096, 0, 2428, 33, 0, 0, true, NULL, '01a2001a-045e-7752-a651-700881c581ee', '2026-11-21 21:53:57.034828+00', '2026-11-21 21:53:57.203176+00');
INSERT INTO public.model_calls VALUES ('01a2001a-0ec4-7733-a1a1-3bb7a3edb582', '01a2001a-068d-71b2-b6c8-a668f0cd9558', '01a2001a-068f-778f-b7bd-03c990805875', '01a2001a-0eb4-76b6-ba7c-e634cc58e0ba', 'chat', 'demo', 'demo', '2026-11', 11693, 4096, 0, 2378, 35, 0, 0, true, NULL, '01a2001a-045e-7752-a651-700881c581ee', '2026-11-21 21:53:57.439329+00', '2026-11-21 21:53:57.59104+00');
INSERT INTO public.model_calls VALUES ('01a2001a-0fc7-74f4-8cda-1ca24f4f0fba', '01a2001a-068d-71b2-b6c8-a668f0cd9558', '01a2001a-068f-778f-b7bd-03c990805875', '01a2001a-0fb0-7157-9653-29c4879c3f1d', 'chat', 'demo', 'demo', '2026-11', 11693, 4096, 0, 2378, 35, 0, 0, true, NULL, '01a2001a-045e-7752-a651-700881c581ee', '2026-11-21 21:53:57.696984+00', '2026-11-21 21:53:57.850444+00');
INSERT INTO public.model_calls VALUES ('01a2001a-0e65-724c-b291-5f3ea20a5b20', '01a2001a-068d-71b2-b6c8-a668f0cd9558', '01a2001a-068f-778f-b7bd-03c990805875', '01a2001a-0e51-7633-a190-d765305aa94b', 'chat', 'demo', 'demo', '2026-11', 20193, 4096, 0, 2379, 136, 0, 0, true, NULL, '01a2001a-045e-7752-a651-700881c581ee', '2026-11-21 21:53:57.344676+00', '2026-11-21 21:53:57.941169+00');
INSERT INTO public.model_calls VALUES ('01a2001a-152e-760b-a956-06d78bb21011', '01a2001a-10d6-7667-acd2-85842dfd3513', '01a2001a-12c3-77a5-894c-348d33cc99e2', '01a2001a-1512-72c3-a80f-cfb5e05bf3b6', 'chat', 'demo', 'demo', '2026-11', 11659, 4096, 0, 2369, 134, 0, 0, true, NULL, '01a2001a-045e-7752-a651-700881c581ee', '2026-11-21 21:53:59.081832+00', '2026-11-21 21:53:59.672285+00');


--
-- Data for Name: questions; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: record_calls; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: record_collections; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: records; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: refresh_tokens; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: search_entries; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.search_entries OVERRIDING SYSTEM VALUE VALUES (1, '01a2001a-068d-71b2-b6c8-a668f0cd9558', '01a2001a-068f-778f-b7bd-03c990805875', '01a2001a-06d7-715f-8672-c1aa76307a1a', NULL);
INSERT INTO public.search_entries OVERRIDING SYSTEM VALUE VALUES (2, '01a2001a-068d-71b2-b6c8-a668f0cd9558', '01a2001a-068f-778f-b7bd-03c990805875', '01a2001a-06d7-715f-8672-c1aa76307a1a', '01a2001a-06e3-7051-af52-0b48ba5ebec7');
INSERT INTO public.search_entries OVERRIDING SYSTEM VALUE VALUES (3, '01a2001a-068d-71b2-b6c8-a668f0cd9558', '01a2001a-068f-778f-b7bd-03c990805875', '01a2001a-06d7-715f-8672-c1aa76307a1a', '01a2001a-0710-72d5-9a1f-b979a81c1665');
INSERT INTO public.search_entries OVERRIDING SYSTEM VALUE VALUES (4, '01a2001a-068d-71b2-b6c8-a668f0cd9558', '01a2001a-068f-778f-b7bd-03c990805875', '01a2001a-09a8-7383-aeec-6b8560fd8be5', NULL);
INSERT INTO public.search_entries OVERRIDING SYSTEM VALUE VALUES (5, '01a2001a-068d-71b2-b6c8-a668f0cd9558', '01a2001a-068f-778f-b7bd-03c990805875', '01a2001a-09a8-7383-aeec-6b8560fd8be5', '01a2001a-09af-7407-92ff-7346020b0cc2');
INSERT INTO public.search_entries OVERRIDING SYSTEM VALUE VALUES (6, '01a2001a-068d-71b2-b6c8-a668f0cd9558', '01a2001a-068f-778f-b7bd-03c990805875', '01a2001a-09a8-7383-aeec-6b8560fd8be5', '01a2001a-09d5-7156-b55b-a6c0730b01d8');
INSERT INTO public.search_entries OVERRIDING SYSTEM VALUE VALUES (7, '01a2001a-068d-71b2-b6c8-a668f0cd9558', '01a2001a-068f-778f-b7bd-03c990805875', '01a2001a-09a8-7383-aeec-6b8560fd8be5', '01a2001a-0b6a-7175-94a8-b4e5f45546e2');
INSERT INTO public.search_entries OVERRIDING SYSTEM VALUE VALUES (8, '01a2001a-068d-71b2-b6c8-a668f0cd9558', '01a2001a-068f-778f-b7bd-03c990805875', '01a2001a-0c21-71d0-b29b-fcc61202629b', NULL);
INSERT INTO public.search_entries OVERRIDING SYSTEM VALUE VALUES (9, '01a2001a-068d-71b2-b6c8-a668f0cd9558', '01a2001a-068f-778f-b7bd-03c990805875', '01a2001a-0c21-71d0-b29b-fcc61202629b', '01a2001a-0c29-71ba-8749-2f960e90c08f');
INSERT INTO public.search_entries OVERRIDING SYSTEM VALUE VALUES (10, '01a2001a-068d-71b2-b6c8-a668f0cd9558', '01a2001a-068f-778f-b7bd-03c990805875', '01a2001a-0c21-71d0-b29b-fcc61202629b', '01a2001a-0c51-7512-813d-62bc2220d541');
INSERT INTO public.search_entries OVERRIDING SYSTEM VALUE VALUES (11, '01a2001a-068d-71b2-b6c8-a668f0cd9558', '01a2001a-068f-778f-b7bd-03c990805875', '01a2001a-0c21-71d0-b29b-fcc61202629b', '01a2001a-0d42-75a2-9564-72e675cbaee6');
INSERT INTO public.search_entries OVERRIDING SYSTEM VALUE VALUES (12, '01a2001a-068d-71b2-b6c8-a668f0cd9558', '01a2001a-068f-778f-b7bd-03c990805875', '01a2001a-0e4e-7011-85f4-a727fc31ee68', NULL);
INSERT INTO public.search_entries OVERRIDING SYSTEM VALUE VALUES (13, '01a2001a-068d-71b2-b6c8-a668f0cd9558', '01a2001a-068f-778f-b7bd-03c990805875', '01a2001a-0e4e-7011-85f4-a727fc31ee68', '01a2001a-0e56-74e7-8a7b-dbcb323c1fe7');
INSERT INTO public.search_entries OVERRIDING SYSTEM VALUE VALUES (14, '01a2001a-068d-71b2-b6c8-a668f0cd9558', '01a2001a-068f-778f-b7bd-03c990805875', '01a2001a-0eb2-76bc-91de-e6bb2b092785', NULL);
INSERT INTO public.search_entries OVERRIDING SYSTEM VALUE VALUES (15, '01a2001a-068d-71b2-b6c8-a668f0cd9558', '01a2001a-068f-778f-b7bd-03c990805875', '01a2001a-0eb2-76bc-91de-e6bb2b092785', '01a2001a-0eb6-7762-9171-e1fce75a9810');
INSERT INTO public.search_entries OVERRIDING SYSTEM VALUE VALUES (16, '01a2001a-068d-71b2-b6c8-a668f0cd9558', '01a2001a-068f-778f-b7bd-03c990805875', '01a2001a-0eb2-76bc-91de-e6bb2b092785', '01a2001a-0ee6-72fa-a3eb-9ef13e50a0af');
INSERT INTO public.search_entries OVERRIDING SYSTEM VALUE VALUES (17, '01a2001a-068d-71b2-b6c8-a668f0cd9558', '01a2001a-068f-778f-b7bd-03c990805875', '01a2001a-0faf-77fb-9871-3e0a9da3edd9', NULL);
INSERT INTO public.search_entries OVERRIDING SYSTEM VALUE VALUES (18, '01a2001a-068d-71b2-b6c8-a668f0cd9558', '01a2001a-068f-778f-b7bd-03c990805875', '01a2001a-0faf-77fb-9871-3e0a9da3edd9', '01a2001a-0fb5-746b-a51e-e548c7b316a9');
INSERT INTO public.search_entries OVERRIDING SYSTEM VALUE VALUES (19, '01a2001a-068d-71b2-b6c8-a668f0cd9558', '01a2001a-068f-778f-b7bd-03c990805875', '01a2001a-0faf-77fb-9871-3e0a9da3edd9', '01a2001a-0fe4-708b-9027-e01564e14f01');
INSERT INTO public.search_entries OVERRIDING SYSTEM VALUE VALUES (20, '01a2001a-068d-71b2-b6c8-a668f0cd9558', '01a2001a-068f-778f-b7bd-03c990805875', '01a2001a-0e4e-7011-85f4-a727fc31ee68', '01a2001a-0e80-7634-b48a-b9c1108d4bee');
INSERT INTO public.search_entries OVERRIDING SYSTEM VALUE VALUES (21, '01a2001a-10d6-7667-acd2-85842dfd3513', '01a2001a-12c3-77a5-894c-348d33cc99e2', '01a2001a-1510-7285-828d-4e80f376f1a3', NULL);
INSERT INTO public.search_entries OVERRIDING SYSTEM VALUE VALUES (22, '01a2001a-10d6-7667-acd2-85842dfd3513', '01a2001a-12c3-77a5-894c-348d33cc99e2', '01a2001a-1510-7285-828d-4e80f376f1a3', '01a2001a-1519-770a-92f7-8cc113983295');
INSERT INTO public.search_entries OVERRIDING SYSTEM VALUE VALUES (23, '01a2001a-10d6-7667-acd2-85842dfd3513', '01a2001a-12c3-77a5-894c-348d33cc99e2', '01a2001a-1510-7285-828d-4e80f376f1a3', '01a2001a-154a-72d3-84d4-7c983d1798d5');


--
-- Data for Name: search_words; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.search_words VALUES (1, '''do'':2 ''fly'':4 ''pelicans'':3 ''where'':1');
INSERT INTO public.search_words VALUES (2, '''do'':2 ''fly'':4 ''pelicans'':3 ''where'':1');
INSERT INTO public.search_words VALUES (3, '''300'':62 ''a'':14,18,36,48,64,73 ''again'':78 ''am'':12 ''and'':75 ''answers'':71 ''anthropic'':81 ''api'':82,86 ''around'':26 ''ask'':58 ''can'':24,28 ''content'':54 ''create'':47 ''decide'':60 ''decision'':42 ''demo'':4 ''do'':8 ''export'':80 ''file'':49 ''fly'':10 ''for'':40,69 ''from'':2 ''happens'':46 ''hello'':1,51,55 ''i'':11,27,57 ''in'':20,68 ''key'':74,83,87 ''longer'':65 ''look'':25 ''markdown'':35 ''model'':16 ''not'':13 ''notes'':50 ''ollama'':89 ''only'':17 ''openai'':85 ''or'':84,88 ''pelicans'':9 ''real'':15,70 ''sayso'':77,91 ''set'':72 ''sh'':79 ''show'':29 ''so'':21 ''stand'':19 ''start'':76 ''streams'':33,67 ''text'':31,66 ''that'':22,32,38 ''the'':3 ''this'':44 ''tool'':37 ''try'':43 ''txt'':52 ''url'':90 ''waits'':39 ''what'':45 ''where'':7 ''with'':34,53 ''words'':63 ''world'':56 ''write'':61 ''wrote'':6 ''you'':5,23,30,59 ''your'':41');
INSERT INTO public.search_words VALUES (4, '''a'':2 ''content'':8 ''create'':1 ''file'':3 ''hello'':5,9 ''notes'':4 ''txt'':6 ''with'':7 ''world'':10');
INSERT INTO public.search_words VALUES (5, '''a'':2 ''content'':8 ''create'':1 ''file'':3 ''hello'':5,9 ''notes'':4 ''txt'':6 ''with'':7 ''world'':10');
INSERT INTO public.search_words VALUES (6, '''a'':6 ''am'':2 ''and'':9 ''demo'':4 ''hello'':18 ''i'':1,14 ''model'':8 ''not'':5 ''notes'':17 ''real'':7 ''say'':12 ''so'':13 ''the'':3 ''txt'':19 ''will'':15 ''with'':10 ''write'':16 ''your'':11');
INSERT INTO public.search_words VALUES (7, '''a'':19 ''all'':9 ''can'':12 ''demo'':11 ''do'':13 ''done'':1 ''hello'':3 ''is'':8,17 ''it'':15,16 ''model'':21 ''not'':18 ''notes'':2 ''real'':20 ''that'':7 ''the'':10 ''txt'':4 ''was'':5 ''with'':14 ''written'':6');
INSERT INTO public.search_words VALUES (8, '''a'':2 ''content'':8 ''create'':1 ''denied'':5 ''file'':3 ''no'':9 ''notes'':4 ''txt'':6 ''with'':7');
INSERT INTO public.search_words VALUES (9, '''a'':2 ''content'':8 ''create'':1 ''denied'':5 ''file'':3 ''no'':9 ''notes'':4 ''txt'':6 ''with'':7');
INSERT INTO public.search_words VALUES (10, '''a'':6 ''am'':2 ''and'':9 ''demo'':4 ''denied'':18 ''i'':1,14 ''model'':8 ''not'':5 ''notes'':17 ''real'':7 ''say'':12 ''so'':13 ''the'':3 ''txt'':19 ''will'':15 ''with'':10 ''write'':16 ''your'':11');
INSERT INTO public.search_words VALUES (11, '''a'':24 ''all'':14 ''can'':17 ''demo'':16 ''denied'':2 ''do'':18 ''is'':13,22 ''it'':20,21 ''model'':26 ''not'':5,23 ''notes'':1 ''person'':8 ''real'':25 ''refused'':9 ''request'':11 ''that'':12 ''the'':7,15 ''this'':10 ''txt'':3 ''was'':4 ''with'':19 ''written'':6');
INSERT INTO public.search_words VALUES (12, '''in'':3 ''is'':2 ''picture'':5 ''this'':4 ''what'':1');
INSERT INTO public.search_words VALUES (13, '''in'':3 ''is'':2 ''picture'':5 ''this'':4 ''what'':1');
INSERT INTO public.search_words VALUES (14, '''a'':2 ''content'':8 ''create'':1 ''file'':3 ''never'':5,9 ''notes'':4 ''txt'':6 ''with'':7');
INSERT INTO public.search_words VALUES (15, '''a'':2 ''content'':8 ''create'':1 ''file'':3 ''never'':5,9 ''notes'':4 ''txt'':6 ''with'':7');
INSERT INTO public.search_words VALUES (16, '''a'':6 ''am'':2 ''and'':9 ''demo'':4 ''i'':1,14 ''model'':8 ''never'':18 ''not'':5 ''notes'':17 ''real'':7 ''say'':12 ''so'':13 ''the'':3 ''txt'':19 ''will'':15 ''with'':10 ''write'':16 ''your'':11');
INSERT INTO public.search_words VALUES (17, '''a'':2 ''after'':5,9 ''content'':8 ''create'':1 ''file'':3 ''notes'':4 ''txt'':6 ''with'':7');
INSERT INTO public.search_words VALUES (18, '''a'':2 ''after'':5,9 ''content'':8 ''create'':1 ''file'':3 ''notes'':4 ''txt'':6 ''with'':7');
INSERT INTO public.search_words VALUES (19, '''a'':6 ''after'':18 ''am'':2 ''and'':9 ''demo'':4 ''i'':1,14 ''model'':8 ''not'':5 ''notes'':17 ''real'':7 ''say'':12 ''so'':13 ''the'':3 ''txt'':19 ''will'':15 ''with'':10 ''write'':16 ''your'':11');
INSERT INTO public.search_words VALUES (20, '''300'':63 ''a'':15,19,37,49,65,74 ''again'':79 ''am'':13 ''and'':76 ''answers'':72 ''anthropic'':82 ''api'':83,87 ''around'':27 ''ask'':59 ''can'':25,29 ''content'':55 ''create'':48 ''decide'':61 ''decision'':43 ''demo'':4 ''export'':81 ''file'':50 ''for'':41,70 ''from'':2 ''happens'':47 ''hello'':1,52,56 ''i'':12,28,58 ''in'':9,21,69 ''is'':8 ''key'':75,84,88 ''longer'':66 ''look'':26 ''markdown'':36 ''model'':17 ''not'':14 ''notes'':51 ''ollama'':90 ''only'':18 ''openai'':86 ''or'':85,89 ''picture'':11 ''real'':16,71 ''sayso'':78,92 ''set'':73 ''sh'':80 ''show'':30 ''so'':22 ''stand'':20 ''start'':77 ''streams'':34,68 ''text'':32,67 ''that'':23,33,39 ''the'':3 ''this'':10,45 ''tool'':38 ''try'':44 ''txt'':53 ''url'':91 ''waits'':40 ''what'':7,46 ''with'':35,54 ''words'':64 ''world'':57 ''write'':62 ''wrote'':6 ''you'':5,24,31,60 ''your'':42');
INSERT INTO public.search_words VALUES (21, '''do'':2 ''eat'':4 ''gulls'':3 ''what'':1');
INSERT INTO public.search_words VALUES (22, '''do'':2 ''eat'':4 ''gulls'':3 ''what'':1');
INSERT INTO public.search_words VALUES (23, '''300'':62 ''a'':14,18,36,48,64,73 ''again'':78 ''am'':12 ''and'':75 ''answers'':71 ''anthropic'':81 ''api'':82,86 ''around'':26 ''ask'':58 ''can'':24,28 ''content'':54 ''create'':47 ''decide'':60 ''decision'':42 ''demo'':4 ''do'':8 ''eat'':10 ''export'':80 ''file'':49 ''for'':40,69 ''from'':2 ''gulls'':9 ''happens'':46 ''hello'':1,51,55 ''i'':11,27,57 ''in'':20,68 ''key'':74,83,87 ''longer'':65 ''look'':25 ''markdown'':35 ''model'':16 ''not'':13 ''notes'':50 ''ollama'':89 ''only'':17 ''openai'':85 ''or'':84,88 ''real'':15,70 ''sayso'':77,91 ''set'':72 ''sh'':79 ''show'':29 ''so'':21 ''stand'':19 ''start'':76 ''streams'':33,67 ''text'':31,66 ''that'':22,32,38 ''the'':3 ''this'':44 ''tool'':37 ''try'':43 ''txt'':52 ''url'':90 ''waits'':39 ''what'':7,45 ''with'':34,53 ''words'':63 ''world'':56 ''write'':61 ''wrote'':6 ''you'':5,23,30,59 ''your'':41');


--
-- Data for Name: secrets_in_use; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.secrets_in_use VALUES ('b44c21c91fb1307ff0cff2138ab2318d5d608f934879fbfcbbc431e98e8fb03e');


--
-- Data for Name: sessions; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.sessions VALUES ('01a2001a-0698-70bf-be61-e4c8e1c4d6f5', '919a7174eac0b6a883e12fb1cc4a25591d6653b378dac45e0316d34a66910584', '{"address":"\"127.0.0.1\"","id":"\"01a2001a-0698-70bf-be61-e4c8e1c4d6f5\"","user_agent":"\"Mozilla/5.0 (a person without JavaScript)\"","user":"\"01a2001a-068f-778f-b7bd-03c990805875\"","seen":"1795298035","epoch":"0","csrf":"\"VXz9qxwwN8redUAFmZUwoMAh_EoLwf3zyt6ETUXk0W0\"","tenant":"\"01a2001a-068d-71b2-b6c8-a668f0cd9558\""}', '01a2001a-068f-778f-b7bd-03c990805875', '01a2001a-068d-71b2-b6c8-a668f0cd9558', 0, 'Mozilla/5.0 (a person without JavaScript)', '127.0.0.1', '2026-11-21 21:53:55.354128+00', '2026-11-21 21:53:55.354128+00', '2026-12-05 21:53:55.354128+00');
INSERT INTO public.sessions VALUES ('01a2001a-14c5-73cd-aec8-cb19c9c28a01', '736ddfedc6880a8b4833ee5b2a944be48e792b2d7bd4a1219c3de1c2b82dd247', '{"csrf":"\"NpdW_7oULueuYcXxVmERb1_JUHqDcxC2CSiCdjSSOEk\"","user":"\"01a2001a-12c3-77a5-894c-348d33cc99e2\"","seen":"1795298038","id":"\"01a2001a-14c5-73cd-aec8-cb19c9c28a01\"","tenant":"\"01a2001a-10d6-7667-acd2-85842dfd3513\"","epoch":"0","user_agent":"\"Mozilla/5.0 (a person without JavaScript)\"","address":"\"127.0.0.1\""}', '01a2001a-12c3-77a5-894c-348d33cc99e2', '01a2001a-10d6-7667-acd2-85842dfd3513', 0, 'Mozilla/5.0 (a person without JavaScript)', '127.0.0.1', '2026-11-21 21:53:58.983224+00', '2026-11-21 21:53:58.983224+00', '2026-12-05 21:53:58.983224+00');


--
-- Data for Name: setup_links; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: tenants; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.tenants VALUES ('01a2001a-068d-71b2-b6c8-a668f0cd9558', 'test-works', 'Test Works', true, NULL, '2026-11-21 21:53:55.341391+00', NULL, NULL);
INSERT INTO public.tenants VALUES ('01a2001a-10d6-7667-acd2-85842dfd3513', 'elsewhere', 'Elsewhere', true, NULL, '2026-11-21 21:53:57.97423+00', NULL, NULL);


--
-- Data for Name: tool_calls; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.tool_calls VALUES ('01a2001a-0a37-7527-aa62-d22c9281cfe2', '01a2001a-068d-71b2-b6c8-a668f0cd9558', '01a2001a-068f-778f-b7bd-03c990805875', '01a2001a-09a8-7383-aeec-6b8560fd8be5', '01a2001a-09ac-776f-a296-f949fadd1cef', '01a2001a-09d5-7156-b55b-a6c0730b01d8', 0, 'sayso', 'builtin', 'write_file', '1513a920e53361bbff607caa23f60a8ddc9b846cf04baf7dc501c1c231f89823', '{"path":"notes/hello.txt","content":"Hello world"}', NULL, 'notes/hello.txt', 'absent', '{"is_new":true,"lines":[{"kind":"added","text":"Hello world"}],"omitted":0}', 'a6dbee07074c7644727cb2fdd8e193165d59e9aebac3bb23a10529f97e3e0918', 'succeeded', 'approve', '01a2001a-068f-778f-b7bd-03c990805875', '2026-11-21 21:53:56.470469+00', NULL, 'Wrote 11 bytes to notes/hello.txt.', NULL, NULL, '2026-11-21 21:53:56.320619+00', '2026-11-21 21:53:56.497973+00', '2026-11-21 21:53:56.520104+00', '[{"kind":"same"},{"kind":"below","value":"notes"}]', NULL, 'possible', NULL);
INSERT INTO public.tool_calls VALUES ('01a2001a-0cb4-7735-ad3a-5946f8bc4f41', '01a2001a-068d-71b2-b6c8-a668f0cd9558', '01a2001a-068f-778f-b7bd-03c990805875', '01a2001a-0c21-71d0-b29b-fcc61202629b', '01a2001a-0c22-7620-bf6b-1645ec81c4d2', '01a2001a-0c51-7512-813d-62bc2220d541', 0, 'sayso', 'builtin', 'write_file', '1513a920e53361bbff607caa23f60a8ddc9b846cf04baf7dc501c1c231f89823', '{"path":"notes/denied.txt","content":"No"}', NULL, 'notes/denied.txt', 'absent', '{"is_new":true,"lines":[{"kind":"added","text":"No"}],"omitted":0}', '606bc939a24d875bde45e3fc1e10b556dcdeaebc365c6bb7256dff4e5e4c0818', 'denied', 'deny', '01a2001a-068f-778f-b7bd-03c990805875', '2026-11-21 21:53:56.989567+00', NULL, NULL, NULL, NULL, '2026-11-21 21:53:56.923598+00', NULL, NULL, '[{"kind":"same"},{"kind":"below","value":"notes"}]', NULL, NULL, NULL);
INSERT INTO public.tool_calls VALUES ('01a2001a-0f46-771b-aa23-ab0c6af14296', '01a2001a-068d-71b2-b6c8-a668f0cd9558', '01a2001a-068f-778f-b7bd-03c990805875', '01a2001a-0eb2-76bc-91de-e6bb2b092785', '01a2001a-0eb4-76b6-ba7c-e634cc58e0ba', '01a2001a-0ee6-72fa-a3eb-9ef13e50a0af', 0, 'sayso', 'builtin', 'write_file', '1513a920e53361bbff607caa23f60a8ddc9b846cf04baf7dc501c1c231f89823', '{"path":"notes/never.txt","content":"Never"}', NULL, 'notes/never.txt', 'absent', '{"is_new":true,"lines":[{"kind":"added","text":"Never"}],"omitted":0}', '3b666b4eea7c60f03822333cf6ad295b58b99ab62b7dca59d0db2c4b4c1ea042', 'pending', NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2026-11-21 21:53:57.58358+00', NULL, NULL, '[{"kind":"same"},{"kind":"below","value":"notes"}]', NULL, NULL, NULL);
INSERT INTO public.tool_calls VALUES ('01a2001a-1046-7744-b68e-c5dd58e219a8', '01a2001a-068d-71b2-b6c8-a668f0cd9558', '01a2001a-068f-778f-b7bd-03c990805875', '01a2001a-0faf-77fb-9871-3e0a9da3edd9', '01a2001a-0fb0-7157-9653-29c4879c3f1d', '01a2001a-0fe4-708b-9027-e01564e14f01', 0, 'sayso', 'builtin', 'write_file', '1513a920e53361bbff607caa23f60a8ddc9b846cf04baf7dc501c1c231f89823', '{"path":"notes/after.txt","content":"After"}', NULL, 'notes/after.txt', 'absent', '{"is_new":true,"lines":[{"kind":"added","text":"After"}],"omitted":0}', '938ca46ea16dc7b4a0fd745688d01f90b8302df84d02444f14e183e0ac9ab3ba', 'pending', NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2026-11-21 21:53:57.843626+00', NULL, NULL, '[{"kind":"same"},{"kind":"below","value":"notes"}]', NULL, NULL, NULL);


--
-- Data for Name: tool_rules; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: turn_events; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.turn_events VALUES ('01a2001a-06db-77be-b213-db6e33df9dbd', 1, '01a2001a-068d-71b2-b6c8-a668f0cd9558', NULL, '{"event":"message","message":{"id":"01a2001a-06e3-7051-af52-0b48ba5ebec7","turn_id":"01a2001a-06db-77be-b213-db6e33df9dbd","position":1,"role":"user","state":"complete","content":[{"type":"text","text":"Where do pelicans fly?"}],"provider":null,"model":null,"stop_reason":null,"usage":null,"tool_call_id":null,"created_at":"2026-11-21T21:53:55.428937Z"}}');
INSERT INTO public.turn_events VALUES ('01a2001a-06db-77be-b213-db6e33df9dbd', 2, '01a2001a-068d-71b2-b6c8-a668f0cd9558', NULL, '{"event":"turn","turn":{"id":"01a2001a-06db-77be-b213-db6e33df9dbd","state":"running","failure":null,"epoch":1}}');
INSERT INTO public.turn_events VALUES ('01a2001a-06db-77be-b213-db6e33df9dbd', 6, '01a2001a-068d-71b2-b6c8-a668f0cd9558', NULL, '{"event":"message","message":{"id":"01a2001a-0710-72d5-9a1f-b979a81c1665","turn_id":"01a2001a-06db-77be-b213-db6e33df9dbd","position":2,"role":"assistant","state":"complete","content":[{"type":"text","text":"## Hello from the demo\n\nYou wrote: “Where do pelicans fly?”\n\nI am **not a real model**, only a stand-in so that you can look around. I can show you:\n\n- text that *streams*, with Markdown\n- a tool that waits for **your** decision\n\n| Try this | What happens |\n|---|---|\n| Create a file `notes/hello.txt` with content: Hello world | I ask, you decide |\n| Write 300 words | A longer text streams in |\n\nFor real answers, set a key and start Sayso again:\n\n```sh\nexport ANTHROPIC_API_KEY=…   # or OPENAI_API_KEY, or OLLAMA_URL\nsayso\n```\n"}],"provider":"demo","model":"demo","stop_reason":"end_turn","usage":{"input_tokens":2370,"output_tokens":135,"cached_tokens":0,"estimated":true},"tool_call_id":null,"created_at":"2026-11-21T21:53:56.055596Z"}}');
INSERT INTO public.turn_events VALUES ('01a2001a-06db-77be-b213-db6e33df9dbd', 7, '01a2001a-068d-71b2-b6c8-a668f0cd9558', NULL, '{"event":"turn","turn":{"id":"01a2001a-06db-77be-b213-db6e33df9dbd","state":"completed","failure":null,"epoch":1}}');
INSERT INTO public.turn_events VALUES ('01a2001a-09ac-776f-a296-f949fadd1cef', 1, '01a2001a-068d-71b2-b6c8-a668f0cd9558', NULL, '{"event":"message","message":{"id":"01a2001a-09af-7407-92ff-7346020b0cc2","turn_id":"01a2001a-09ac-776f-a296-f949fadd1cef","position":1,"role":"user","state":"complete","content":[{"type":"text","text":"Create a file `notes/hello.txt` with content: Hello world"}],"provider":null,"model":null,"stop_reason":null,"usage":null,"tool_call_id":null,"created_at":"2026-11-21T21:53:56.144173Z"}}');
INSERT INTO public.turn_events VALUES ('01a2001a-09ac-776f-a296-f949fadd1cef', 2, '01a2001a-068d-71b2-b6c8-a668f0cd9558', NULL, '{"event":"turn","turn":{"id":"01a2001a-09ac-776f-a296-f949fadd1cef","state":"running","failure":null,"epoch":1}}');
INSERT INTO public.turn_events VALUES ('01a2001a-09ac-776f-a296-f949fadd1cef', 3, '01a2001a-068d-71b2-b6c8-a668f0cd9558', NULL, '{"event":"message","message":{"id":"01a2001a-09d5-7156-b55b-a6c0730b01d8","turn_id":"01a2001a-09ac-776f-a296-f949fadd1cef","position":2,"role":"assistant","state":"complete","content":[{"type":"text","text":"I am the demo, not a real model, and with your say-so I will write `notes/hello.txt`."},{"type":"tool_use","id":"01a2001a-0a37-7527-aa62-d22c9281cfe2","name":"write_file","input":"{\"path\":\"notes/hello.txt\",\"content\":\"Hello world\"}"}],"provider":"demo","model":"demo","stop_reason":"tool_use","usage":{"input_tokens":2379,"output_tokens":37,"cached_tokens":0,"estimated":true},"tool_call_id":null,"created_at":"2026-11-21T21:53:56.337874Z"}}');
INSERT INTO public.turn_events VALUES ('01a2001a-09ac-776f-a296-f949fadd1cef', 4, '01a2001a-068d-71b2-b6c8-a668f0cd9558', NULL, '{"event":"tool_call","call":{"id":"01a2001a-0a37-7527-aa62-d22c9281cfe2","conversation_id":"01a2001a-09a8-7383-aeec-6b8560fd8be5","turn_id":"01a2001a-09ac-776f-a296-f949fadd1cef","message_id":"01a2001a-09d5-7156-b55b-a6c0730b01d8","ordinal":0,"server":"sayso","name":"write_file","arguments":"{\"path\":\"notes/hello.txt\",\"content\":\"Hello world\"}","asked_arguments":null,"preview":{"target":"notes/hello.txt","precondition":"absent","difference":{"is_new":true,"lines":[{"kind":"added","text":"Hello world"}],"omitted":0},"bounds":[{"kind":"same"},{"kind":"below","value":"notes"}]},"digest":"a6dbee07074c7644727cb2fdd8e193165d59e9aebac3bb23a10529f97e3e0918","state":"pending","reason":null,"outcome":null}}');
INSERT INTO public.turn_events VALUES ('01a2001a-09ac-776f-a296-f949fadd1cef', 5, '01a2001a-068d-71b2-b6c8-a668f0cd9558', NULL, '{"event":"turn","turn":{"id":"01a2001a-09ac-776f-a296-f949fadd1cef","state":"awaiting_approval","failure":null,"epoch":1}}');
INSERT INTO public.turn_events VALUES ('01a2001a-09ac-776f-a296-f949fadd1cef', 6, '01a2001a-068d-71b2-b6c8-a668f0cd9558', NULL, '{"event":"tool_call","call":{"id":"01a2001a-0a37-7527-aa62-d22c9281cfe2","conversation_id":"01a2001a-09a8-7383-aeec-6b8560fd8be5","turn_id":"01a2001a-09ac-776f-a296-f949fadd1cef","message_id":"01a2001a-09d5-7156-b55b-a6c0730b01d8","ordinal":0,"server":"sayso","name":"write_file","arguments":"{\"path\":\"notes/hello.txt\",\"content\":\"Hello world\"}","asked_arguments":null,"preview":{"target":"notes/hello.txt","precondition":"absent","difference":{"is_new":true,"lines":[{"kind":"added","text":"Hello world"}],"omitted":0},"bounds":[{"kind":"same"},{"kind":"below","value":"notes"}]},"digest":"a6dbee07074c7644727cb2fdd8e193165d59e9aebac3bb23a10529f97e3e0918","state":"approved","decision":"approve","reason":null,"outcome":null}}');
INSERT INTO public.turn_events VALUES ('01a2001a-09ac-776f-a296-f949fadd1cef', 7, '01a2001a-068d-71b2-b6c8-a668f0cd9558', NULL, '{"event":"turn","turn":{"id":"01a2001a-09ac-776f-a296-f949fadd1cef","state":"running","failure":null,"epoch":2}}');
INSERT INTO public.turn_events VALUES ('01a2001a-09ac-776f-a296-f949fadd1cef', 8, '01a2001a-068d-71b2-b6c8-a668f0cd9558', NULL, '{"event":"tool_call","call":{"id":"01a2001a-0a37-7527-aa62-d22c9281cfe2","conversation_id":"01a2001a-09a8-7383-aeec-6b8560fd8be5","turn_id":"01a2001a-09ac-776f-a296-f949fadd1cef","message_id":"01a2001a-09d5-7156-b55b-a6c0730b01d8","ordinal":0,"server":"sayso","name":"write_file","arguments":"{\"path\":\"notes/hello.txt\",\"content\":\"Hello world\"}","asked_arguments":null,"preview":{"target":"notes/hello.txt","precondition":"absent","difference":{"is_new":true,"lines":[{"kind":"added","text":"Hello world"}],"omitted":0},"bounds":[{"kind":"same"},{"kind":"below","value":"notes"}]},"digest":"a6dbee07074c7644727cb2fdd8e193165d59e9aebac3bb23a10529f97e3e0918","state":"running","decision":"approve","reason":null,"outcome":null}}');
INSERT INTO public.turn_events VALUES ('01a2001a-09ac-776f-a296-f949fadd1cef', 9, '01a2001a-068d-71b2-b6c8-a668f0cd9558', NULL, '{"event":"tool_chunk","id":"01a2001a-0a37-7527-aa62-d22c9281cfe2","chunk":"Hello world"}');
INSERT INTO public.turn_events VALUES ('01a2001a-09ac-776f-a296-f949fadd1cef', 10, '01a2001a-068d-71b2-b6c8-a668f0cd9558', NULL, '{"event":"tool_call","call":{"id":"01a2001a-0a37-7527-aa62-d22c9281cfe2","conversation_id":"01a2001a-09a8-7383-aeec-6b8560fd8be5","turn_id":"01a2001a-09ac-776f-a296-f949fadd1cef","message_id":"01a2001a-09d5-7156-b55b-a6c0730b01d8","ordinal":0,"server":"sayso","name":"write_file","arguments":"{\"path\":\"notes/hello.txt\",\"content\":\"Hello world\"}","asked_arguments":null,"preview":{"target":"notes/hello.txt","precondition":"absent","difference":{"is_new":true,"lines":[{"kind":"added","text":"Hello world"}],"omitted":0},"bounds":[{"kind":"same"},{"kind":"below","value":"notes"}]},"digest":"a6dbee07074c7644727cb2fdd8e193165d59e9aebac3bb23a10529f97e3e0918","state":"succeeded","decision":"approve","reason":null,"outcome":{"text":"Wrote 11 bytes to notes/hello.txt.","error_code":null},"undo":"possible"}}');
INSERT INTO public.turn_events VALUES ('01a2001a-0c22-7620-bf6b-1645ec81c4d2', 1, '01a2001a-068d-71b2-b6c8-a668f0cd9558', NULL, '{"event":"message","message":{"id":"01a2001a-0c29-71ba-8749-2f960e90c08f","turn_id":"01a2001a-0c22-7620-bf6b-1645ec81c4d2","position":1,"role":"user","state":"complete","content":[{"type":"text","text":"Create a file `notes/denied.txt` with content: No"}],"provider":null,"model":null,"stop_reason":null,"usage":null,"tool_call_id":null,"created_at":"2026-11-21T21:53:56.778459Z"}}');
INSERT INTO public.turn_events VALUES ('01a2001a-0c22-7620-bf6b-1645ec81c4d2', 2, '01a2001a-068d-71b2-b6c8-a668f0cd9558', NULL, '{"event":"turn","turn":{"id":"01a2001a-0c22-7620-bf6b-1645ec81c4d2","state":"running","failure":null,"epoch":1}}');
INSERT INTO public.turn_events VALUES ('01a2001a-1512-72c3-a80f-cfb5e05bf3b6', 7, '01a2001a-10d6-7667-acd2-85842dfd3513', NULL, '{"event":"turn","turn":{"id":"01a2001a-1512-72c3-a80f-cfb5e05bf3b6","state":"completed","failure":null,"epoch":1}}');
INSERT INTO public.turn_events VALUES ('01a2001a-09ac-776f-a296-f949fadd1cef', 11, '01a2001a-068d-71b2-b6c8-a668f0cd9558', NULL, '{"event":"message","message":{"id":"01a2001a-0a37-7527-aa62-d22c9281cfe2","turn_id":"01a2001a-09ac-776f-a296-f949fadd1cef","position":3,"role":"tool","state":"complete","content":[{"type":"tool_result","tool_call_id":"01a2001a-0a37-7527-aa62-d22c9281cfe2","text":"Wrote 11 bytes to notes/hello.txt.","is_error":false}],"provider":null,"model":null,"stop_reason":null,"usage":null,"tool_call_id":"01a2001a-0a37-7527-aa62-d22c9281cfe2","created_at":"2026-11-21T21:53:56.521992Z"}}');
INSERT INTO public.turn_events VALUES ('01a2001a-09ac-776f-a296-f949fadd1cef', 12, '01a2001a-068d-71b2-b6c8-a668f0cd9558', NULL, '{"event":"message","message":{"id":"01a2001a-0b6a-7175-94a8-b4e5f45546e2","turn_id":"01a2001a-09ac-776f-a296-f949fadd1cef","position":4,"role":"assistant","state":"complete","content":[{"type":"text","text":"Done: `notes/hello.txt` was written.\n\nThat is all the demo can do with it; it is not a real model."}],"provider":"demo","model":"demo","stop_reason":"end_turn","usage":{"input_tokens":2432,"output_tokens":25,"cached_tokens":0,"estimated":true},"tool_call_id":null,"created_at":"2026-11-21T21:53:56.700773Z"}}');
INSERT INTO public.turn_events VALUES ('01a2001a-09ac-776f-a296-f949fadd1cef', 13, '01a2001a-068d-71b2-b6c8-a668f0cd9558', NULL, '{"event":"turn","turn":{"id":"01a2001a-09ac-776f-a296-f949fadd1cef","state":"completed","failure":null,"epoch":2}}');
INSERT INTO public.turn_events VALUES ('01a2001a-0eb4-76b6-ba7c-e634cc58e0ba', 1, '01a2001a-068d-71b2-b6c8-a668f0cd9558', NULL, '{"event":"message","message":{"id":"01a2001a-0eb6-7762-9171-e1fce75a9810","turn_id":"01a2001a-0eb4-76b6-ba7c-e634cc58e0ba","position":1,"role":"user","state":"complete","content":[{"type":"text","text":"Create a file `notes/never.txt` with content: Never"}],"provider":null,"model":null,"stop_reason":null,"usage":null,"tool_call_id":null,"created_at":"2026-11-21T21:53:57.431112Z"}}');
INSERT INTO public.turn_events VALUES ('01a2001a-0eb4-76b6-ba7c-e634cc58e0ba', 2, '01a2001a-068d-71b2-b6c8-a668f0cd9558', NULL, '{"event":"turn","turn":{"id":"01a2001a-0eb4-76b6-ba7c-e634cc58e0ba","state":"running","failure":null,"epoch":1}}');
INSERT INTO public.turn_events VALUES ('01a2001a-0c22-7620-bf6b-1645ec81c4d2', 5, '01a2001a-068d-71b2-b6c8-a668f0cd9558', NULL, '{"event":"message","message":{"id":"01a2001a-0c51-7512-813d-62bc2220d541","turn_id":"01a2001a-0c22-7620-bf6b-1645ec81c4d2","position":2,"role":"assistant","state":"complete","content":[{"type":"text","text":"I am the demo, not a real model, and with your say-so I will write `notes/denied.txt`."},{"type":"tool_use","id":"01a2001a-0cb4-7735-ad3a-5946f8bc4f41","name":"write_file","input":"{\"path\":\"notes/denied.txt\",\"content\":\"No\"}"}],"provider":"demo","model":"demo","stop_reason":"tool_use","usage":{"input_tokens":2377,"output_tokens":35,"cached_tokens":0,"estimated":true},"tool_call_id":null,"created_at":"2026-11-21T21:53:56.932101Z"}}');
INSERT INTO public.turn_events VALUES ('01a2001a-0c22-7620-bf6b-1645ec81c4d2', 6, '01a2001a-068d-71b2-b6c8-a668f0cd9558', NULL, '{"event":"tool_call","call":{"id":"01a2001a-0cb4-7735-ad3a-5946f8bc4f41","conversation_id":"01a2001a-0c21-71d0-b29b-fcc61202629b","turn_id":"01a2001a-0c22-7620-bf6b-1645ec81c4d2","message_id":"01a2001a-0c51-7512-813d-62bc2220d541","ordinal":0,"server":"sayso","name":"write_file","arguments":"{\"path\":\"notes/denied.txt\",\"content\":\"No\"}","asked_arguments":null,"preview":{"target":"notes/denied.txt","precondition":"absent","difference":{"is_new":true,"lines":[{"kind":"added","text":"No"}],"omitted":0},"bounds":[{"kind":"same"},{"kind":"below","value":"notes"}]},"digest":"606bc939a24d875bde45e3fc1e10b556dcdeaebc365c6bb7256dff4e5e4c0818","state":"pending","reason":null,"outcome":null}}');
INSERT INTO public.turn_events VALUES ('01a2001a-0c22-7620-bf6b-1645ec81c4d2', 7, '01a2001a-068d-71b2-b6c8-a668f0cd9558', NULL, '{"event":"turn","turn":{"id":"01a2001a-0c22-7620-bf6b-1645ec81c4d2","state":"awaiting_approval","failure":null,"epoch":1}}');
INSERT INTO public.turn_events VALUES ('01a2001a-0c22-7620-bf6b-1645ec81c4d2', 13, '01a2001a-068d-71b2-b6c8-a668f0cd9558', NULL, '{"event":"message","message":{"id":"01a2001a-0d42-75a2-9564-72e675cbaee6","turn_id":"01a2001a-0c22-7620-bf6b-1645ec81c4d2","position":4,"role":"assistant","state":"complete","content":[{"type":"text","text":"`notes/denied.txt` was not written: The person refused this request.\n\nThat is all the demo can do with it; it is not a real model."}],"provider":"demo","model":"demo","stop_reason":"end_turn","usage":{"input_tokens":2428,"output_tokens":33,"cached_tokens":0,"estimated":true},"tool_call_id":null,"created_at":"2026-11-21T21:53:57.207197Z"}}');
INSERT INTO public.turn_events VALUES ('01a2001a-0c22-7620-bf6b-1645ec81c4d2', 14, '01a2001a-068d-71b2-b6c8-a668f0cd9558', NULL, '{"event":"turn","turn":{"id":"01a2001a-0c22-7620-bf6b-1645ec81c4d2","state":"completed","failure":null,"epoch":2}}');
INSERT INTO public.turn_events VALUES ('01a2001a-0e51-7633-a190-d765305aa94b', 1, '01a2001a-068d-71b2-b6c8-a668f0cd9558', NULL, '{"event":"message","message":{"id":"01a2001a-0e56-74e7-8a7b-dbcb323c1fe7","turn_id":"01a2001a-0e51-7633-a190-d765305aa94b","position":1,"role":"user","state":"complete","content":[{"type":"image","number":1,"media_type":"image/png","name":"picture.png","width":64,"height":48},{"type":"text","text":"What is in this picture?"}],"provider":null,"model":null,"stop_reason":null,"usage":null,"tool_call_id":null,"created_at":"2026-11-21T21:53:57.335646Z"}}');
INSERT INTO public.turn_events VALUES ('01a2001a-0e51-7633-a190-d765305aa94b', 2, '01a2001a-068d-71b2-b6c8-a668f0cd9558', NULL, '{"event":"turn","turn":{"id":"01a2001a-0e51-7633-a190-d765305aa94b","state":"running","failure":null,"epoch":1}}');
INSERT INTO public.turn_events VALUES ('01a2001a-0fb0-7157-9653-29c4879c3f1d', 5, '01a2001a-068d-71b2-b6c8-a668f0cd9558', NULL, '{"event":"message","message":{"id":"01a2001a-0fe4-708b-9027-e01564e14f01","turn_id":"01a2001a-0fb0-7157-9653-29c4879c3f1d","position":2,"role":"assistant","state":"complete","content":[{"type":"text","text":"I am the demo, not a real model, and with your say-so I will write `notes/after.txt`."},{"type":"tool_use","id":"01a2001a-1046-7744-b68e-c5dd58e219a8","name":"write_file","input":"{\"path\":\"notes/after.txt\",\"content\":\"After\"}"}],"provider":"demo","model":"demo","stop_reason":"tool_use","usage":{"input_tokens":2378,"output_tokens":35,"cached_tokens":0,"estimated":true},"tool_call_id":null,"created_at":"2026-11-21T21:53:57.856388Z"}}');
INSERT INTO public.turn_events VALUES ('01a2001a-0fb0-7157-9653-29c4879c3f1d', 6, '01a2001a-068d-71b2-b6c8-a668f0cd9558', NULL, '{"event":"tool_call","call":{"id":"01a2001a-1046-7744-b68e-c5dd58e219a8","conversation_id":"01a2001a-0faf-77fb-9871-3e0a9da3edd9","turn_id":"01a2001a-0fb0-7157-9653-29c4879c3f1d","message_id":"01a2001a-0fe4-708b-9027-e01564e14f01","ordinal":0,"server":"sayso","name":"write_file","arguments":"{\"path\":\"notes/after.txt\",\"content\":\"After\"}","asked_arguments":null,"preview":{"target":"notes/after.txt","precondition":"absent","difference":{"is_new":true,"lines":[{"kind":"added","text":"After"}],"omitted":0},"bounds":[{"kind":"same"},{"kind":"below","value":"notes"}]},"digest":"938ca46ea16dc7b4a0fd745688d01f90b8302df84d02444f14e183e0ac9ab3ba","state":"pending","reason":null,"outcome":null}}');
INSERT INTO public.turn_events VALUES ('01a2001a-0fb0-7157-9653-29c4879c3f1d', 7, '01a2001a-068d-71b2-b6c8-a668f0cd9558', NULL, '{"event":"turn","turn":{"id":"01a2001a-0fb0-7157-9653-29c4879c3f1d","state":"awaiting_approval","failure":null,"epoch":1}}');
INSERT INTO public.turn_events VALUES ('01a2001a-1512-72c3-a80f-cfb5e05bf3b6', 1, '01a2001a-10d6-7667-acd2-85842dfd3513', NULL, '{"event":"message","message":{"id":"01a2001a-1519-770a-92f7-8cc113983295","turn_id":"01a2001a-1512-72c3-a80f-cfb5e05bf3b6","position":1,"role":"user","state":"complete","content":[{"type":"text","text":"What do gulls eat?"}],"provider":null,"model":null,"stop_reason":null,"usage":null,"tool_call_id":null,"created_at":"2026-11-21T21:53:59.069410Z"}}');
INSERT INTO public.turn_events VALUES ('01a2001a-1512-72c3-a80f-cfb5e05bf3b6', 2, '01a2001a-10d6-7667-acd2-85842dfd3513', NULL, '{"event":"turn","turn":{"id":"01a2001a-1512-72c3-a80f-cfb5e05bf3b6","state":"running","failure":null,"epoch":1}}');
INSERT INTO public.turn_events VALUES ('01a2001a-1512-72c3-a80f-cfb5e05bf3b6', 6, '01a2001a-10d6-7667-acd2-85842dfd3513', NULL, '{"event":"message","message":{"id":"01a2001a-154a-72d3-84d4-7c983d1798d5","turn_id":"01a2001a-1512-72c3-a80f-cfb5e05bf3b6","position":2,"role":"assistant","state":"complete","content":[{"type":"text","text":"## Hello from the demo\n\nYou wrote: “What do gulls eat?”\n\nI am **not a real model**, only a stand-in so that you can look around. I can show you:\n\n- text that *streams*, with Markdown\n- a tool that waits for **your** decision\n\n| Try this | What happens |\n|---|---|\n| Create a file `notes/hello.txt` with content: Hello world | I ask, you decide |\n| Write 300 words | A longer text streams in |\n\nFor real answers, set a key and start Sayso again:\n\n```sh\nexport ANTHROPIC_API_KEY=…   # or OPENAI_API_KEY, or OLLAMA_URL\nsayso\n```\n"}],"provider":"demo","model":"demo","stop_reason":"end_turn","usage":{"input_tokens":2369,"output_tokens":134,"cached_tokens":0,"estimated":true},"tool_call_id":null,"created_at":"2026-11-21T21:53:59.675968Z"}}');
INSERT INTO public.turn_events VALUES ('01a2001a-0c22-7620-bf6b-1645ec81c4d2', 8, '01a2001a-068d-71b2-b6c8-a668f0cd9558', NULL, '{"event":"tool_call","call":{"id":"01a2001a-0cb4-7735-ad3a-5946f8bc4f41","conversation_id":"01a2001a-0c21-71d0-b29b-fcc61202629b","turn_id":"01a2001a-0c22-7620-bf6b-1645ec81c4d2","message_id":"01a2001a-0c51-7512-813d-62bc2220d541","ordinal":0,"server":"sayso","name":"write_file","arguments":"{\"path\":\"notes/denied.txt\",\"content\":\"No\"}","asked_arguments":null,"preview":{"target":"notes/denied.txt","precondition":"absent","difference":{"is_new":true,"lines":[{"kind":"added","text":"No"}],"omitted":0},"bounds":[{"kind":"same"},{"kind":"below","value":"notes"}]},"digest":"606bc939a24d875bde45e3fc1e10b556dcdeaebc365c6bb7256dff4e5e4c0818","state":"denied","decision":"deny","reason":null,"outcome":null}}');
INSERT INTO public.turn_events VALUES ('01a2001a-0c22-7620-bf6b-1645ec81c4d2', 9, '01a2001a-068d-71b2-b6c8-a668f0cd9558', NULL, '{"event":"message","message":{"id":"01a2001a-0cb4-7735-ad3a-5946f8bc4f41","turn_id":"01a2001a-0c22-7620-bf6b-1645ec81c4d2","position":3,"role":"tool","state":"complete","content":[{"type":"tool_result","tool_call_id":"01a2001a-0cb4-7735-ad3a-5946f8bc4f41","text":"The person refused this request.","is_error":true}],"provider":null,"model":null,"stop_reason":null,"usage":null,"tool_call_id":"01a2001a-0cb4-7735-ad3a-5946f8bc4f41","created_at":"2026-11-21T21:53:56.997293Z"}}');
INSERT INTO public.turn_events VALUES ('01a2001a-0c22-7620-bf6b-1645ec81c4d2', 10, '01a2001a-068d-71b2-b6c8-a668f0cd9558', NULL, '{"event":"turn","turn":{"id":"01a2001a-0c22-7620-bf6b-1645ec81c4d2","state":"running","failure":null,"epoch":2}}');
INSERT INTO public.turn_events VALUES ('01a2001a-0e51-7633-a190-d765305aa94b', 6, '01a2001a-068d-71b2-b6c8-a668f0cd9558', NULL, '{"event":"message","message":{"id":"01a2001a-0e80-7634-b48a-b9c1108d4bee","turn_id":"01a2001a-0e51-7633-a190-d765305aa94b","position":2,"role":"assistant","state":"complete","content":[{"type":"text","text":"## Hello from the demo\n\nYou wrote: “What is in this picture?”\n\nI am **not a real model**, only a stand-in so that you can look around. I can show you:\n\n- text that *streams*, with Markdown\n- a tool that waits for **your** decision\n\n| Try this | What happens |\n|---|---|\n| Create a file `notes/hello.txt` with content: Hello world | I ask, you decide |\n| Write 300 words | A longer text streams in |\n\nFor real answers, set a key and start Sayso again:\n\n```sh\nexport ANTHROPIC_API_KEY=…   # or OPENAI_API_KEY, or OLLAMA_URL\nsayso\n```\n"}],"provider":"demo","model":"demo","stop_reason":"end_turn","usage":{"input_tokens":2379,"output_tokens":136,"cached_tokens":0,"estimated":true},"tool_call_id":null,"created_at":"2026-11-21T21:53:57.946072Z"}}');
INSERT INTO public.turn_events VALUES ('01a2001a-0e51-7633-a190-d765305aa94b', 7, '01a2001a-068d-71b2-b6c8-a668f0cd9558', NULL, '{"event":"turn","turn":{"id":"01a2001a-0e51-7633-a190-d765305aa94b","state":"completed","failure":null,"epoch":1}}');
INSERT INTO public.turn_events VALUES ('01a2001a-0eb4-76b6-ba7c-e634cc58e0ba', 5, '01a2001a-068d-71b2-b6c8-a668f0cd9558', NULL, '{"event":"message","message":{"id":"01a2001a-0ee6-72fa-a3eb-9ef13e50a0af","turn_id":"01a2001a-0eb4-76b6-ba7c-e634cc58e0ba","position":2,"role":"assistant","state":"complete","content":[{"type":"text","text":"I am the demo, not a real model, and with your say-so I will write `notes/never.txt`."},{"type":"tool_use","id":"01a2001a-0f46-771b-aa23-ab0c6af14296","name":"write_file","input":"{\"path\":\"notes/never.txt\",\"content\":\"Never\"}"}],"provider":"demo","model":"demo","stop_reason":"tool_use","usage":{"input_tokens":2378,"output_tokens":35,"cached_tokens":0,"estimated":true},"tool_call_id":null,"created_at":"2026-11-21T21:53:57.594625Z"}}');
INSERT INTO public.turn_events VALUES ('01a2001a-0eb4-76b6-ba7c-e634cc58e0ba', 6, '01a2001a-068d-71b2-b6c8-a668f0cd9558', NULL, '{"event":"tool_call","call":{"id":"01a2001a-0f46-771b-aa23-ab0c6af14296","conversation_id":"01a2001a-0eb2-76bc-91de-e6bb2b092785","turn_id":"01a2001a-0eb4-76b6-ba7c-e634cc58e0ba","message_id":"01a2001a-0ee6-72fa-a3eb-9ef13e50a0af","ordinal":0,"server":"sayso","name":"write_file","arguments":"{\"path\":\"notes/never.txt\",\"content\":\"Never\"}","asked_arguments":null,"preview":{"target":"notes/never.txt","precondition":"absent","difference":{"is_new":true,"lines":[{"kind":"added","text":"Never"}],"omitted":0},"bounds":[{"kind":"same"},{"kind":"below","value":"notes"}]},"digest":"3b666b4eea7c60f03822333cf6ad295b58b99ab62b7dca59d0db2c4b4c1ea042","state":"pending","reason":null,"outcome":null}}');
INSERT INTO public.turn_events VALUES ('01a2001a-0eb4-76b6-ba7c-e634cc58e0ba', 7, '01a2001a-068d-71b2-b6c8-a668f0cd9558', NULL, '{"event":"turn","turn":{"id":"01a2001a-0eb4-76b6-ba7c-e634cc58e0ba","state":"awaiting_approval","failure":null,"epoch":1}}');
INSERT INTO public.turn_events VALUES ('01a2001a-0fb0-7157-9653-29c4879c3f1d', 1, '01a2001a-068d-71b2-b6c8-a668f0cd9558', NULL, '{"event":"message","message":{"id":"01a2001a-0fb5-746b-a51e-e548c7b316a9","turn_id":"01a2001a-0fb0-7157-9653-29c4879c3f1d","position":1,"role":"user","state":"complete","content":[{"type":"text","text":"Create a file `notes/after.txt` with content: After"}],"provider":null,"model":null,"stop_reason":null,"usage":null,"tool_call_id":null,"created_at":"2026-11-21T21:53:57.686289Z"}}');
INSERT INTO public.turn_events VALUES ('01a2001a-0fb0-7157-9653-29c4879c3f1d', 2, '01a2001a-068d-71b2-b6c8-a668f0cd9558', NULL, '{"event":"turn","turn":{"id":"01a2001a-0fb0-7157-9653-29c4879c3f1d","state":"running","failure":null,"epoch":1}}');


--
-- Data for Name: turns; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.turns VALUES ('01a2001a-06db-77be-b213-db6e33df9dbd', '01a2001a-068d-71b2-b6c8-a668f0cd9558', '01a2001a-068f-778f-b7bd-03c990805875', '01a2001a-06d7-715f-8672-c1aa76307a1a', 'completed', NULL, NULL, NULL, 1, NULL, false, 1, 0, 8, '01a2001a06c4743e833b3e6f653eb519', '2026-11-21 21:53:55.425757+00', '2026-11-21 21:53:56.061781+00');
INSERT INTO public.turns VALUES ('01a2001a-0e51-7633-a190-d765305aa94b', '01a2001a-068d-71b2-b6c8-a668f0cd9558', '01a2001a-068f-778f-b7bd-03c990805875', '01a2001a-0e4e-7011-85f4-a727fc31ee68', 'completed', NULL, NULL, NULL, 1, NULL, false, 1, 0, 8, '01a2001a0e39741db286c4d80e763ffa', '2026-11-21 21:53:57.330615+00', '2026-11-21 21:53:57.959573+00');
INSERT INTO public.turns VALUES ('01a2001a-0c22-7620-bf6b-1645ec81c4d2', '01a2001a-068d-71b2-b6c8-a668f0cd9558', '01a2001a-068f-778f-b7bd-03c990805875', '01a2001a-0c21-71d0-b29b-fcc61202629b', 'completed', NULL, NULL, NULL, 2, NULL, false, 2, 1, 15, '01a2001a0c17769e9e358fa45694a529', '2026-11-21 21:53:56.776519+00', '2026-11-21 21:53:57.209442+00');
INSERT INTO public.turns VALUES ('01a2001a-09ac-776f-a296-f949fadd1cef', '01a2001a-068d-71b2-b6c8-a668f0cd9558', '01a2001a-068f-778f-b7bd-03c990805875', '01a2001a-09a8-7383-aeec-6b8560fd8be5', 'completed', NULL, NULL, NULL, 2, NULL, false, 2, 0, 14, '01a2001a09997515a1096168a8e95a7f', '2026-11-21 21:53:56.141775+00', '2026-11-21 21:53:56.702982+00');
INSERT INTO public.turns VALUES ('01a2001a-0eb4-76b6-ba7c-e634cc58e0ba', '01a2001a-068d-71b2-b6c8-a668f0cd9558', '01a2001a-068f-778f-b7bd-03c990805875', '01a2001a-0eb2-76bc-91de-e6bb2b092785', 'awaiting_approval', NULL, NULL, NULL, 1, NULL, false, 1, 0, 8, '01a2001a0ea4770d99defe4dea16ca9e', '2026-11-21 21:53:57.429356+00', NULL);
INSERT INTO public.turns VALUES ('01a2001a-1512-72c3-a80f-cfb5e05bf3b6', '01a2001a-10d6-7667-acd2-85842dfd3513', '01a2001a-12c3-77a5-894c-348d33cc99e2', '01a2001a-1510-7285-828d-4e80f376f1a3', 'completed', NULL, NULL, NULL, 1, NULL, false, 1, 0, 8, '01a2001a14fa7372a981c35bdd2507b3', '2026-11-21 21:53:59.059966+00', '2026-11-21 21:53:59.678002+00');
INSERT INTO public.turns VALUES ('01a2001a-0fb0-7157-9653-29c4879c3f1d', '01a2001a-068d-71b2-b6c8-a668f0cd9558', '01a2001a-068f-778f-b7bd-03c990805875', '01a2001a-0faf-77fb-9871-3e0a9da3edd9', 'awaiting_approval', NULL, NULL, NULL, 1, NULL, false, 1, 0, 8, '01a2001a0fa0719899087e747e17b23f', '2026-11-21 21:53:57.684458+00', NULL);


--
-- Data for Name: usage_days; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.usage_days VALUES ('01a2001a-068d-71b2-b6c8-a668f0cd9558', '01a2001a-068f-778f-b7bd-03c990805875', '2026-11-21', 'demo', 'demo', 19121, 471, 0, 8, 8, 0);
INSERT INTO public.usage_days VALUES ('01a2001a-10d6-7667-acd2-85842dfd3513', '01a2001a-12c3-77a5-894c-348d33cc99e2', '2026-11-21', 'demo', 'demo', 2369, 134, 0, 1, 1, 0);


--
-- Data for Name: usage_limits; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.usage_limits VALUES ('01a2001a-068d-71b2-b6c8-a668f0cd9558', '01a2001a-068d-71b2-b6c8-a668f0cd9558', 1000000, 500000, 10000, NULL, true);
INSERT INTO public.usage_limits VALUES ('01a2001a-10d6-7667-acd2-85842dfd3513', '01a2001a-10d6-7667-acd2-85842dfd3513', 1000000, 500000, 500, NULL, true);


--
-- Data for Name: usage_months; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.usage_months VALUES ('01a2001a-068d-71b2-b6c8-a668f0cd9558', '01a2001a-068d-71b2-b6c8-a668f0cd9558', '2026-11', 19121, 471, 0, 8, 0, 0, 0, 0, 0);
INSERT INTO public.usage_months VALUES ('01a2001a-068d-71b2-b6c8-a668f0cd9558', '01a2001a-068f-778f-b7bd-03c990805875', '2026-11', 19121, 471, 0, 8, 0, 0, 0, 0, 0);
INSERT INTO public.usage_months VALUES ('01a2001a-10d6-7667-acd2-85842dfd3513', '01a2001a-10d6-7667-acd2-85842dfd3513', '2026-11', 2369, 134, 0, 1, 0, 0, 0, 0, 0);
INSERT INTO public.usage_months VALUES ('01a2001a-10d6-7667-acd2-85842dfd3513', '01a2001a-12c3-77a5-894c-348d33cc99e2', '2026-11', 2369, 134, 0, 1, 0, 0, 0, 0, 0);


--
-- Data for Name: users; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.users VALUES ('01a2001a-068f-778f-b7bd-03c990805875', 'ada@example.org', 'Ada Lovelace', '$2b$12$zU0vCh7A31d2CVoaGIXd/OpBAEtSKgRlnuS4bbnGnKRjWE.PcSR1O', true, true, 0, NULL, '2026-11-21 21:53:55.343452+00');
INSERT INTO public.users VALUES ('01a2001a-12c3-77a5-894c-348d33cc99e2', 'eve@example.org', 'eve@example.org', '$2b$12$NIhnJLSzjkqIDF95VYV04OdO5eLo2.ZT26QGDSrhiEIBQqJaCXstm', false, true, 0, NULL, '2026-11-21 21:53:58.467882+00');


--
-- Name: search_entries_number_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.search_entries_number_seq', 23, true);


--
-- Name: __diesel_schema_migrations __diesel_schema_migrations_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.__diesel_schema_migrations
    ADD CONSTRAINT __diesel_schema_migrations_pkey PRIMARY KEY (version);


--
-- Name: agent_calls agent_calls_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.agent_calls
    ADD CONSTRAINT agent_calls_pkey PRIMARY KEY (turn_id);


--
-- Name: api_tokens api_tokens_hash_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.api_tokens
    ADD CONSTRAINT api_tokens_hash_key UNIQUE (hash);


--
-- Name: api_tokens api_tokens_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.api_tokens
    ADD CONSTRAINT api_tokens_pkey PRIMARY KEY (id);


--
-- Name: audit_heads audit_heads_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.audit_heads
    ADD CONSTRAINT audit_heads_pkey PRIMARY KEY (chain);


--
-- Name: audit_rows audit_rows_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.audit_rows
    ADD CONSTRAINT audit_rows_pkey PRIMARY KEY (chain, number);


--
-- Name: blobs blobs_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.blobs
    ADD CONSTRAINT blobs_pkey PRIMARY KEY (conversation_id, number);


--
-- Name: conversations conversations_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.conversations
    ADD CONSTRAINT conversations_pkey PRIMARY KEY (id);


--
-- Name: file_writes file_writes_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.file_writes
    ADD CONSTRAINT file_writes_pkey PRIMARY KEY (call_id);


--
-- Name: grants grants_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.grants
    ADD CONSTRAINT grants_pkey PRIMARY KEY (id);


--
-- Name: mcp_authorisations mcp_authorisations_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.mcp_authorisations
    ADD CONSTRAINT mcp_authorisations_pkey PRIMARY KEY (state_hash);


--
-- Name: mcp_clients mcp_clients_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.mcp_clients
    ADD CONSTRAINT mcp_clients_pkey PRIMARY KEY (id);


--
-- Name: mcp_servers mcp_servers_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.mcp_servers
    ADD CONSTRAINT mcp_servers_pkey PRIMARY KEY (id);


--
-- Name: mcp_tokens mcp_tokens_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.mcp_tokens
    ADD CONSTRAINT mcp_tokens_pkey PRIMARY KEY (id);


--
-- Name: memberships memberships_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.memberships
    ADD CONSTRAINT memberships_pkey PRIMARY KEY (tenant_id, user_id);


--
-- Name: messages messages_conversation_id_position_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.messages
    ADD CONSTRAINT messages_conversation_id_position_key UNIQUE (conversation_id, "position");


--
-- Name: messages messages_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.messages
    ADD CONSTRAINT messages_pkey PRIMARY KEY (id);


--
-- Name: model_calls model_calls_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.model_calls
    ADD CONSTRAINT model_calls_pkey PRIMARY KEY (id);


--
-- Name: questions questions_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.questions
    ADD CONSTRAINT questions_pkey PRIMARY KEY (call_id, number);


--
-- Name: record_calls record_calls_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.record_calls
    ADD CONSTRAINT record_calls_pkey PRIMARY KEY (call_id);


--
-- Name: record_collections record_collections_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.record_collections
    ADD CONSTRAINT record_collections_pkey PRIMARY KEY (tenant_id, name);


--
-- Name: records records_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.records
    ADD CONSTRAINT records_pkey PRIMARY KEY (tenant_id, collection, id);


--
-- Name: refresh_tokens refresh_tokens_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.refresh_tokens
    ADD CONSTRAINT refresh_tokens_pkey PRIMARY KEY (hash);


--
-- Name: search_entries search_entries_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.search_entries
    ADD CONSTRAINT search_entries_pkey PRIMARY KEY (number);


--
-- Name: search_words search_words_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.search_words
    ADD CONSTRAINT search_words_pkey PRIMARY KEY (number);


--
-- Name: secrets_in_use secrets_in_use_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.secrets_in_use
    ADD CONSTRAINT secrets_in_use_pkey PRIMARY KEY (fingerprint);


--
-- Name: sessions sessions_key_hash_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_key_hash_key UNIQUE (key_hash);


--
-- Name: sessions sessions_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (id);


--
-- Name: setup_links setup_links_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.setup_links
    ADD CONSTRAINT setup_links_pkey PRIMARY KEY (token_hash);


--
-- Name: tenants tenants_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tenants
    ADD CONSTRAINT tenants_pkey PRIMARY KEY (id);


--
-- Name: tenants tenants_slug_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tenants
    ADD CONSTRAINT tenants_slug_key UNIQUE (slug);


--
-- Name: tool_calls tool_calls_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tool_calls
    ADD CONSTRAINT tool_calls_pkey PRIMARY KEY (id);


--
-- Name: tool_rules tool_rules_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tool_rules
    ADD CONSTRAINT tool_rules_pkey PRIMARY KEY (tenant_id, server, name);


--
-- Name: turn_events turn_events_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.turn_events
    ADD CONSTRAINT turn_events_pkey PRIMARY KEY (turn_id, seq);


--
-- Name: turns turns_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.turns
    ADD CONSTRAINT turns_pkey PRIMARY KEY (id);


--
-- Name: usage_days usage_days_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.usage_days
    ADD CONSTRAINT usage_days_pkey PRIMARY KEY (tenant_id, day, user_id, provider, model);


--
-- Name: usage_limits usage_limits_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.usage_limits
    ADD CONSTRAINT usage_limits_pkey PRIMARY KEY (tenant_id, subject_id);


--
-- Name: usage_months usage_months_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.usage_months
    ADD CONSTRAINT usage_months_pkey PRIMARY KEY (tenant_id, subject_id, month);


--
-- Name: users users_email_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_email_key UNIQUE (email);


--
-- Name: users users_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);


--
-- Name: agent_calls_awaited; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX agent_calls_awaited ON public.agent_calls USING btree (awaited_until) WHERE (awaited_until IS NOT NULL);


--
-- Name: agent_calls_by_conversation; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX agent_calls_by_conversation ON public.agent_calls USING btree (conversation_id);


--
-- Name: api_tokens_of_person; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX api_tokens_of_person ON public.api_tokens USING btree (tenant_id, user_id, created_at);


--
-- Name: audit_rows_by_target; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX audit_rows_by_target ON public.audit_rows USING btree (chain, target);


--
-- Name: blobs_of_tenant; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX blobs_of_tenant ON public.blobs USING btree (tenant_id);


--
-- Name: conversations_of_person; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX conversations_of_person ON public.conversations USING btree (tenant_id, user_id, updated_at, id);


--
-- Name: file_writes_of_path; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX file_writes_of_path ON public.file_writes USING btree (tenant_id, path, begun_at);


--
-- Name: grants_of_person; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX grants_of_person ON public.grants USING btree (tenant_id, user_id, expires_at);


--
-- Name: mcp_authorisations_by_expiry; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX mcp_authorisations_by_expiry ON public.mcp_authorisations USING btree (expires_at);


--
-- Name: mcp_authorisations_of_person; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX mcp_authorisations_of_person ON public.mcp_authorisations USING btree (user_id);


--
-- Name: mcp_clients_by_issuer; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX mcp_clients_by_issuer ON public.mcp_clients USING btree (tenant_id, server, is_given, issuer, redirect);


--
-- Name: mcp_servers_by_name; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX mcp_servers_by_name ON public.mcp_servers USING btree (tenant_id, name);


--
-- Name: mcp_tokens_by_holder; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX mcp_tokens_by_holder ON public.mcp_tokens USING btree (tenant_id, server, holder);


--
-- Name: mcp_tokens_of_person; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX mcp_tokens_of_person ON public.mcp_tokens USING btree (user_id);


--
-- Name: memberships_of_user; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX memberships_of_user ON public.memberships USING btree (user_id);


--
-- Name: messages_of_turn; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX messages_of_turn ON public.messages USING btree (turn_id, "position");


--
-- Name: model_calls_of_turn; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX model_calls_of_turn ON public.model_calls USING btree (turn_id);


--
-- Name: model_calls_unsettled; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX model_calls_unsettled ON public.model_calls USING btree (settled_at, owner);


--
-- Name: questions_of_tenant; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX questions_of_tenant ON public.questions USING btree (tenant_id);


--
-- Name: record_calls_of_tenant; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX record_calls_of_tenant ON public.record_calls USING btree (tenant_id);


--
-- Name: records_in_order; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX records_in_order ON public.records USING btree (tenant_id, collection, created_at, id);


--
-- Name: refresh_tokens_by_expiry; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX refresh_tokens_by_expiry ON public.refresh_tokens USING btree (expires_at);


--
-- Name: refresh_tokens_of_family; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX refresh_tokens_of_family ON public.refresh_tokens USING btree (family);


--
-- Name: search_entries_of_conversation; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX search_entries_of_conversation ON public.search_entries USING btree (conversation_id, message_id);


--
-- Name: search_entries_of_message; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX search_entries_of_message ON public.search_entries USING btree (message_id);


--
-- Name: search_entries_of_person; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX search_entries_of_person ON public.search_entries USING btree (tenant_id, user_id);


--
-- Name: search_words_index; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX search_words_index ON public.search_words USING gin (words);


--
-- Name: sessions_by_expiry; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX sessions_by_expiry ON public.sessions USING btree (expires_at);


--
-- Name: sessions_of_user; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX sessions_of_user ON public.sessions USING btree (user_id, last_used_at);


--
-- Name: tool_calls_by_state; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tool_calls_by_state ON public.tool_calls USING btree (state, created_at);


--
-- Name: tool_calls_of_conversation; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tool_calls_of_conversation ON public.tool_calls USING btree (conversation_id);


--
-- Name: tool_calls_of_message; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tool_calls_of_message ON public.tool_calls USING btree (tenant_id, message_id);


--
-- Name: tool_calls_of_turn; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tool_calls_of_turn ON public.tool_calls USING btree (turn_id, created_at, ordinal);


--
-- Name: tool_calls_waiting; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tool_calls_waiting ON public.tool_calls USING btree (tenant_id, user_id, state);


--
-- Name: turns_by_idempotency_key; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX turns_by_idempotency_key ON public.turns USING btree (tenant_id, user_id, idempotency_key);


--
-- Name: turns_by_state; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX turns_by_state ON public.turns USING btree (state, lease_until);


--
-- Name: turns_of_conversation; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX turns_of_conversation ON public.turns USING btree (conversation_id, created_at);


--
-- Name: messages search_message_added; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER search_message_added AFTER INSERT ON public.messages FOR EACH ROW WHEN ((new.role = ANY (ARRAY['user'::text, 'assistant'::text]))) EXECUTE FUNCTION public.search_message_added();


--
-- Name: conversations search_title_added; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER search_title_added AFTER INSERT ON public.conversations FOR EACH ROW EXECUTE FUNCTION public.search_title_added();


--
-- Name: conversations search_title_changed; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER search_title_changed AFTER UPDATE OF title ON public.conversations FOR EACH ROW EXECUTE FUNCTION public.search_title_changed();


--
-- Name: agent_calls agent_calls_conversation_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.agent_calls
    ADD CONSTRAINT agent_calls_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES public.conversations(id) ON DELETE CASCADE;


--
-- Name: agent_calls agent_calls_tenant_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.agent_calls
    ADD CONSTRAINT agent_calls_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants(id) ON DELETE CASCADE;


--
-- Name: agent_calls agent_calls_turn_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.agent_calls
    ADD CONSTRAINT agent_calls_turn_id_fkey FOREIGN KEY (turn_id) REFERENCES public.turns(id) ON DELETE CASCADE;


--
-- Name: agent_calls agent_calls_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.agent_calls
    ADD CONSTRAINT agent_calls_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;


--
-- Name: api_tokens api_tokens_tenant_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.api_tokens
    ADD CONSTRAINT api_tokens_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants(id) ON DELETE CASCADE;


--
-- Name: api_tokens api_tokens_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.api_tokens
    ADD CONSTRAINT api_tokens_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;


--
-- Name: blobs blobs_conversation_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.blobs
    ADD CONSTRAINT blobs_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES public.conversations(id) ON DELETE CASCADE;


--
-- Name: blobs blobs_tenant_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.blobs
    ADD CONSTRAINT blobs_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants(id) ON DELETE CASCADE;


--
-- Name: blobs blobs_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.blobs
    ADD CONSTRAINT blobs_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;


--
-- Name: conversations conversations_tenant_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.conversations
    ADD CONSTRAINT conversations_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants(id) ON DELETE CASCADE;


--
-- Name: conversations conversations_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.conversations
    ADD CONSTRAINT conversations_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;


--
-- Name: file_writes file_writes_tenant_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.file_writes
    ADD CONSTRAINT file_writes_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants(id) ON DELETE CASCADE;


--
-- Name: file_writes file_writes_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.file_writes
    ADD CONSTRAINT file_writes_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;


--
-- Name: grants grants_conversation_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.grants
    ADD CONSTRAINT grants_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES public.conversations(id) ON DELETE CASCADE;


--
-- Name: grants grants_tenant_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.grants
    ADD CONSTRAINT grants_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants(id) ON DELETE CASCADE;


--
-- Name: grants grants_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.grants
    ADD CONSTRAINT grants_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;


--
-- Name: mcp_authorisations mcp_authorisations_tenant_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.mcp_authorisations
    ADD CONSTRAINT mcp_authorisations_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants(id) ON DELETE CASCADE;


--
-- Name: mcp_authorisations mcp_authorisations_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.mcp_authorisations
    ADD CONSTRAINT mcp_authorisations_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;


--
-- Name: mcp_clients mcp_clients_tenant_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.mcp_clients
    ADD CONSTRAINT mcp_clients_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants(id) ON DELETE CASCADE;


--
-- Name: mcp_servers mcp_servers_tenant_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.mcp_servers
    ADD CONSTRAINT mcp_servers_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants(id) ON DELETE CASCADE;


--
-- Name: mcp_tokens mcp_tokens_tenant_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.mcp_tokens
    ADD CONSTRAINT mcp_tokens_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants(id) ON DELETE CASCADE;


--
-- Name: mcp_tokens mcp_tokens_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.mcp_tokens
    ADD CONSTRAINT mcp_tokens_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;


--
-- Name: memberships memberships_tenant_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.memberships
    ADD CONSTRAINT memberships_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants(id) ON DELETE CASCADE;


--
-- Name: memberships memberships_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.memberships
    ADD CONSTRAINT memberships_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;


--
-- Name: messages messages_conversation_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.messages
    ADD CONSTRAINT messages_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES public.conversations(id) ON DELETE CASCADE;


--
-- Name: messages messages_tenant_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.messages
    ADD CONSTRAINT messages_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants(id) ON DELETE CASCADE;


--
-- Name: messages messages_turn_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.messages
    ADD CONSTRAINT messages_turn_id_fkey FOREIGN KEY (turn_id) REFERENCES public.turns(id) ON DELETE CASCADE;


--
-- Name: model_calls model_calls_tenant_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.model_calls
    ADD CONSTRAINT model_calls_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants(id) ON DELETE CASCADE;


--
-- Name: model_calls model_calls_turn_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.model_calls
    ADD CONSTRAINT model_calls_turn_id_fkey FOREIGN KEY (turn_id) REFERENCES public.turns(id) ON DELETE SET NULL;


--
-- Name: model_calls model_calls_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.model_calls
    ADD CONSTRAINT model_calls_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;


--
-- Name: questions questions_call_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.questions
    ADD CONSTRAINT questions_call_id_fkey FOREIGN KEY (call_id) REFERENCES public.tool_calls(id) ON DELETE CASCADE;


--
-- Name: questions questions_tenant_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.questions
    ADD CONSTRAINT questions_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants(id) ON DELETE CASCADE;


--
-- Name: record_calls record_calls_call_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.record_calls
    ADD CONSTRAINT record_calls_call_id_fkey FOREIGN KEY (call_id) REFERENCES public.tool_calls(id) ON DELETE CASCADE;


--
-- Name: record_calls record_calls_tenant_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.record_calls
    ADD CONSTRAINT record_calls_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants(id) ON DELETE CASCADE;


--
-- Name: record_collections record_collections_tenant_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.record_collections
    ADD CONSTRAINT record_collections_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants(id) ON DELETE CASCADE;


--
-- Name: records records_tenant_id_collection_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.records
    ADD CONSTRAINT records_tenant_id_collection_fkey FOREIGN KEY (tenant_id, collection) REFERENCES public.record_collections(tenant_id, name) ON DELETE CASCADE;


--
-- Name: refresh_tokens refresh_tokens_tenant_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.refresh_tokens
    ADD CONSTRAINT refresh_tokens_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants(id) ON DELETE CASCADE;


--
-- Name: refresh_tokens refresh_tokens_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.refresh_tokens
    ADD CONSTRAINT refresh_tokens_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;


--
-- Name: search_entries search_entries_conversation_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.search_entries
    ADD CONSTRAINT search_entries_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES public.conversations(id) ON DELETE CASCADE;


--
-- Name: search_entries search_entries_message_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.search_entries
    ADD CONSTRAINT search_entries_message_id_fkey FOREIGN KEY (message_id) REFERENCES public.messages(id) ON DELETE CASCADE;


--
-- Name: search_words search_words_number_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.search_words
    ADD CONSTRAINT search_words_number_fkey FOREIGN KEY (number) REFERENCES public.search_entries(number) ON DELETE CASCADE;


--
-- Name: sessions sessions_tenant_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants(id) ON DELETE CASCADE;


--
-- Name: sessions sessions_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;


--
-- Name: tool_calls tool_calls_conversation_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tool_calls
    ADD CONSTRAINT tool_calls_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES public.conversations(id) ON DELETE CASCADE;


--
-- Name: tool_calls tool_calls_tenant_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tool_calls
    ADD CONSTRAINT tool_calls_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants(id) ON DELETE CASCADE;


--
-- Name: tool_calls tool_calls_turn_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tool_calls
    ADD CONSTRAINT tool_calls_turn_id_fkey FOREIGN KEY (turn_id) REFERENCES public.turns(id) ON DELETE CASCADE;


--
-- Name: tool_calls tool_calls_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tool_calls
    ADD CONSTRAINT tool_calls_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;


--
-- Name: tool_rules tool_rules_tenant_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tool_rules
    ADD CONSTRAINT tool_rules_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants(id) ON DELETE CASCADE;


--
-- Name: turn_events turn_events_tenant_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.turn_events
    ADD CONSTRAINT turn_events_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants(id) ON DELETE CASCADE;


--
-- Name: turn_events turn_events_turn_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.turn_events
    ADD CONSTRAINT turn_events_turn_id_fkey FOREIGN KEY (turn_id) REFERENCES public.turns(id) ON DELETE CASCADE;


--
-- Name: turns turns_conversation_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.turns
    ADD CONSTRAINT turns_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES public.conversations(id) ON DELETE CASCADE;


--
-- Name: turns turns_tenant_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.turns
    ADD CONSTRAINT turns_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants(id) ON DELETE CASCADE;


--
-- Name: turns turns_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.turns
    ADD CONSTRAINT turns_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;


--
-- Name: usage_days usage_days_tenant_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.usage_days
    ADD CONSTRAINT usage_days_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants(id) ON DELETE CASCADE;


--
-- Name: usage_limits usage_limits_tenant_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.usage_limits
    ADD CONSTRAINT usage_limits_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants(id) ON DELETE CASCADE;


--
-- Name: usage_months usage_months_tenant_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.usage_months
    ADD CONSTRAINT usage_months_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants(id) ON DELETE CASCADE;


--
-- PostgreSQL database dump complete
--


