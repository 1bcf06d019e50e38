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
    undo text
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

INSERT INTO public.__diesel_schema_migrations VALUES ('00000000000001', '2026-11-21 22:06:38.000803');
INSERT INTO public.__diesel_schema_migrations VALUES ('00000000000002', '2026-11-21 22:06:38.049787');
INSERT INTO public.__diesel_schema_migrations VALUES ('00000000000003', '2026-11-21 22:06:38.054335');
INSERT INTO public.__diesel_schema_migrations VALUES ('00000000000004', '2026-11-21 22:06:38.066065');
INSERT INTO public.__diesel_schema_migrations VALUES ('00000000000005', '2026-11-21 22:06:38.073166');
INSERT INTO public.__diesel_schema_migrations VALUES ('00000000000006', '2026-11-21 22:06:38.0774');
INSERT INTO public.__diesel_schema_migrations VALUES ('00000000000007', '2026-11-21 22:06:38.089257');


--
-- Data for Name: api_tokens; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: audit_heads; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.audit_heads VALUES ('01a20025-aca7-703c-9490-3c4bc2597965', 6, '864e53ba032dc55b37a0c0fa9fc6d41c4f9020a2d444ad05c11dd0bea1841016', '06fe93430bb0cd80de32d6eeb2501fcd46b67a2bd382d77fd01c8bfcfbe8d5a1');
INSERT INTO public.audit_heads VALUES ('system', 2, '9f1d94546931348f0a70aa04eed63a5451009d6304544599795c2ea1c2064fd9', '01f1c556351819df984d28de285353ef03c3c8aa79854ca5a133f2ddcc60223d');
INSERT INTO public.audit_heads VALUES ('01a20025-b733-7677-9f31-70097ca2fe7f', 4, 'c6873374cddcc41776134ef4e79b6195c39d947da7a251dcba8ec4eec655290d', '7408d07d90279163ca337292eb8b0659f58f65b1ad19185d9fc1e2a98379be1b');


--
-- Data for Name: audit_rows; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.audit_rows VALUES ('system', 1, '01a20025-acad-707b-b317-fe769c598c86', '2026-11-21 22:06:38.765848+00', '01a20025-aca9-75d1-ba78-dd3e53379d84', '127.0.0.1', 'user_created', 'user:01a20025-aca9-75d1-ba78-dd3e53379d84', NULL, NULL, 'set-up', '14069fef5f7a36bbb9a8d1681fad86772c8dc1f97ba33fd570d9b2ffc75bee20');
INSERT INTO public.audit_rows VALUES ('01a20025-aca7-703c-9490-3c4bc2597965', 1, '01a20025-acb1-726c-a956-811225f98752', '2026-11-21 22:06:38.769011+00', '01a20025-aca9-75d1-ba78-dd3e53379d84', '127.0.0.1', 'tenant_created', 'tenant:01a20025-aca7-703c-9490-3c4bc2597965', NULL, NULL, 'set-up', '941e845f883148390eae4c7e2fc6314bf788072c8aa049483f66173b4747a9df');
INSERT INTO public.audit_rows VALUES ('01a20025-aca7-703c-9490-3c4bc2597965', 2, '01a20025-acb3-75a0-8b4c-8062ee4c1593', '2026-11-21 22:06:38.771453+00', '01a20025-aca9-75d1-ba78-dd3e53379d84', '127.0.0.1', 'sign_in', 'user:01a20025-aca9-75d1-ba78-dd3e53379d84', NULL, NULL, 'set-up', '0ca9ed28b654298a16ca8a76ba755ef7bb77328f4674d6853e86c962c7fca519');
INSERT INTO public.audit_rows VALUES ('01a20025-aca7-703c-9490-3c4bc2597965', 3, '01a20025-b0ff-70ff-b090-064c0cce5770', '2026-11-21 22:06:39.871681+00', '01a20025-aca9-75d1-ba78-dd3e53379d84', '127.0.0.1', 'tool_approved', 'tool_call:01a20025-b093-70ff-86e0-ae62576b5aef', 'notes/hello.txt', 'a1efac683e901ca208bd4e5afc7e517b4a079d96e3b06076fb343487a035b28d', 'write_file', '235f5d9a9d85d012721a988dedc4a2cdc5d6856a2823d7e01c0f5e691b9aab13');
INSERT INTO public.audit_rows VALUES ('01a20025-aca7-703c-9490-3c4bc2597965', 4, '01a20025-b116-733c-93e2-6f35ee18b7ba', '2026-11-21 22:06:39.894033+00', '01a20025-aca9-75d1-ba78-dd3e53379d84', '', 'tool_run', 'tool_call:01a20025-b093-70ff-86e0-ae62576b5aef', 'notes/hello.txt', 'a1efac683e901ca208bd4e5afc7e517b4a079d96e3b06076fb343487a035b28d', '', 'c3bbdac0a42c9e2f496040ee9ecfe99fe2d9e1c8ebd1d9f272c56f5d3cac8bf7');
INSERT INTO public.audit_rows VALUES ('01a20025-aca7-703c-9490-3c4bc2597965', 5, '01a20025-b133-72cc-b81d-043e76ae37cd', '2026-11-21 22:06:39.923737+00', '01a20025-aca9-75d1-ba78-dd3e53379d84', '', 'tool_ended', 'tool_call:01a20025-b093-70ff-86e0-ae62576b5aef', 'notes/hello.txt', 'a1efac683e901ca208bd4e5afc7e517b4a079d96e3b06076fb343487a035b28d', 'succeeded', 'c6bb4ed8626fe429ed4d2941caef89cf67bc4090427236a35694a3cbee677810');
INSERT INTO public.audit_rows VALUES ('01a20025-aca7-703c-9490-3c4bc2597965', 6, '01a20025-b394-7626-a31c-b4e383cd51c9', '2026-11-21 22:06:40.532132+00', '01a20025-aca9-75d1-ba78-dd3e53379d84', '127.0.0.1', 'tool_denied', 'tool_call:01a20025-b2ff-72ec-8eb4-b11709aee0f4', 'notes/denied.txt', 'd80eb65a381297c17516a59ce6fc13080f72db42d486d9febde7c108f6e0fb8f', 'write_file', '864e53ba032dc55b37a0c0fa9fc6d41c4f9020a2d444ad05c11dd0bea1841016');
INSERT INTO public.audit_rows VALUES ('01a20025-b733-7677-9f31-70097ca2fe7f', 1, '01a20025-b737-7385-9137-f9f94b7f2afd', '2026-11-21 22:06:41.46358+00', 'nobody', 'command line', 'tenant_created', 'tenant:01a20025-b733-7677-9f31-70097ca2fe7f', NULL, NULL, 'elsewhere', 'b75ea6bb3b5accf443a60694d1a22fd9f9502b5dc47e5a9d0eae451f612de1bb');
INSERT INTO public.audit_rows VALUES ('01a20025-b733-7677-9f31-70097ca2fe7f', 2, '01a20025-b8de-710b-97da-ff5fb7e3b945', '2026-11-21 22:06:41.886959+00', 'nobody', 'command line', 'member_added', 'user:01a20025-b8d5-71f8-97f3-9a9c23b9d4e1', NULL, NULL, 'owner', '4cc52ca776823079a680e154b199f14b2e690f79fbf5d8f0e58d5496bb30785d');
INSERT INTO public.audit_rows VALUES ('system', 2, '01a20025-b8e0-77aa-b43b-b99c03e98700', '2026-11-21 22:06:41.888565+00', 'nobody', 'command line', 'user_created', 'user:01a20025-b8d5-71f8-97f3-9a9c23b9d4e1', NULL, NULL, '', '9f1d94546931348f0a70aa04eed63a5451009d6304544599795c2ea1c2064fd9');
INSERT INTO public.audit_rows VALUES ('01a20025-b733-7677-9f31-70097ca2fe7f', 3, '01a20025-ba96-7481-8db8-8a7a9e37461d', '2026-11-21 22:06:42.326845+00', '01a20025-b8d5-71f8-97f3-9a9c23b9d4e1', '127.0.0.1', 'sign_in', 'user:01a20025-b8d5-71f8-97f3-9a9c23b9d4e1', NULL, NULL, '', '6cf1cbbed8654b8323348cb480b40123bb9b8be4da13da39715db33d42b31d88');
INSERT INTO public.audit_rows VALUES ('01a20025-b733-7677-9f31-70097ca2fe7f', 4, '01a20025-bd99-74ed-8a21-20bbc637d28e', '2026-11-21 22:06:43.097902+00', 'nobody', 'command line', 'limits_changed', 'tenant:01a20025-b733-7677-9f31-70097ca2fe7f', NULL, NULL, '1000000 input tokens, 500000 output tokens, 500 requests, any credits', 'c6873374cddcc41776134ef4e79b6195c39d947da7a251dcba8ec4eec655290d');


--
-- Data for Name: blobs; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.blobs VALUES ('01a20025-b4d8-7752-9d18-bb2096de830c', 1, '01a20025-aca7-703c-9490-3c4bc2597965', '01a20025-aca9-75d1-ba78-dd3e53379d84', 'image/png', 'picture.png', 1076, '\x89504e470d0a1a0a0000000d49484452000000400000003008020000002e29eb48000003fb494441547801edc003a0245996c6f1ff77ee8dc8cca7724b63ae6ddbb66ddbb66ddbb66d698c9e964aaf9e323322eef976b76a7aa6873b6bd5af3e1a2850a142850a152a54a850a142850a152a54a850a142850a152a54a850a142850a152a54a850a142850a152a54a850a142850a152a54a850a142850a152a54a850a142850a152a153afe17a342c7ff6254e8f85f8c0a3dff8b51a1e37f312a74fc2f46859effc5a8d0f11fea6fdfe3242fd44bfed505fec350a1e33fc8df7ec0362f82bf7d9993c04b3e7e9fff0054e8f977fbdb8f98f1aff4b78fd9065ef2e96bfe5da8d0f1eff3b71f13fc5bfded43662f797bf26f47858e7f87bffd84c6bfcfdfde1c2f7977e1df880a3dff567ffb294bfe23fcedf5ed25cf2ef8b7a042c7bfc9df7ec61eff71fef6ccf2252feef0af46858e7fbdbffd9cf3fc47fbdb137b2fb97f8a7f1d2af4fc0fd2f3af43858e7fa5bffd82dbf8cff1b7db77bfe4f216fe15a8d0f13f4bc7bf02153afe35fef64b9ec07fa6bf5d3cf525c747f3a2a242cfff383d2f2a2a74fc8fd3f1a2a242c7ff381d2f2a2af4fc8fd3f3a2a242c7ff381d2f2a2a74fc8fd3f1a2a242cfff383d2f2a2a74fc8fd3f1a2a242c7ff381d2f2a2af4fc8fd3f3a222a0830e3ae8a0830e3ae8a0830e3ae8a0830e3ae85ef293de8fff4c2fb97c3fe8a0830e3ae8a0830e3ae8a0830e3ae8a083ae42c7ff2c1dff0a04f4d0430f3df4d0430f3df4d0430f3df4d0430f3df42ff9691fc97f8e97dcff48e8a1871e7ae8a1871e7ae8a1871e7ae8a1871efa0a1dff8374fceb10d041071d74d041071d74d041071d74d041071d74d041f7929ff5c9fc477bc98b9f0c1d74d041071d74d041071d74d041071d74d041075d40071d74d041071d74d041071d74d041071d74d041071d742ff9799fc17f9c973cfb19d041071d74d041071d74d041071d74d041071d74d04117d0430f3df4d0430f3df4d0430f3df4d0430f3df4d0430f3df42ff9459fc77f8497bcfbf3a0871e7ae8a1871e7ae8a1871e7ae8a1871e7ae8a1871efa800e3ae8a0830e3ae8a0830e3ae8a0830e3ae8a0830e3ae8a083ee25bfec8bf9f779c9dbbf183ae8a0830e3ae8a0830e3ae8a0830e3ae8a0830e3ae8a0832ea0830e3ae8a0830e3ae8a0830e3ae8a0830e3ae8a0830e3ae8a083ee25bfea2bf8b77ac9a77f0574d041071d74d041071d74d041071d74d041071d74d041071d747a347f45810a152a54a850a142850a152a54a850a142850a152a54a850a1f2b71ff211bcc85ef2f15f47850a152a54a850a142850a152a54a850a142850a152a54a850a9d0f11fe425bfed9ba9fcedfb7c302fd44bfed53753a1f21f810a1dffa15ef2fbbe830a152a54a850a142850a152aff71a8d0f3bf18153afe17a342c7ff6254e8f95f8c0a1dff8b51a1e37f31fe1188b75577c57aca6c0000000049454e44ae426082', '2026-11-21 22:06:40.865776+00');


--
-- Data for Name: conversations; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.conversations VALUES ('01a20025-acf4-77e1-8c2c-1908394ae9b9', '01a20025-aca7-703c-9490-3c4bc2597965', '01a20025-aca9-75d1-ba78-dd3e53379d84', 'chat', 'Where do pelicans fly?', 'first_words', NULL, NULL, NULL, 2, '2026-11-21 22:06:38.836388+00', '2026-11-21 22:06:39.480593+00', NULL, 1);
INSERT INTO public.conversations VALUES ('01a20025-afea-75f8-8183-89329f4b42d9', '01a20025-aca7-703c-9490-3c4bc2597965', '01a20025-aca9-75d1-ba78-dd3e53379d84', 'chat', 'Create a file `notes/hello.txt` with content: Hello world', 'first_words', NULL, NULL, NULL, 4, '2026-11-21 22:06:39.594913+00', '2026-11-21 22:06:40.093317+00', NULL, 1);
INSERT INTO public.conversations VALUES ('01a20025-b26e-7749-8ccc-9da58e9a9b3a', '01a20025-aca7-703c-9490-3c4bc2597965', '01a20025-aca9-75d1-ba78-dd3e53379d84', 'chat', 'Create a file `notes/denied.txt` with content: No', 'first_words', NULL, NULL, NULL, 4, '2026-11-21 22:06:40.238956+00', '2026-11-21 22:06:40.760303+00', NULL, 1);
INSERT INTO public.conversations VALUES ('01a20025-b539-72b3-81f4-4285f28cb433', '01a20025-aca7-703c-9490-3c4bc2597965', '01a20025-aca9-75d1-ba78-dd3e53379d84', 'chat', 'Create a file `notes/never.txt` with content: Never', 'first_words', NULL, NULL, '01a20025-b53a-731c-85ba-0d51cbbe97be', 2, '2026-11-21 22:06:40.953282+00', '2026-11-21 22:06:41.125461+00', NULL, 1);
INSERT INTO public.conversations VALUES ('01a20025-b65b-7316-870c-0c5535d17ebc', '01a20025-aca7-703c-9490-3c4bc2597965', '01a20025-aca9-75d1-ba78-dd3e53379d84', 'chat', 'Create a file `notes/after.txt` with content: After', 'first_words', NULL, NULL, '01a20025-b65d-7182-a181-7e4eb4893c58', 2, '2026-11-21 22:06:41.243838+00', '2026-11-21 22:06:41.394473+00', NULL, 1);
INSERT INTO public.conversations VALUES ('01a20025-b4d8-7752-9d18-bb2096de830c', '01a20025-aca7-703c-9490-3c4bc2597965', '01a20025-aca9-75d1-ba78-dd3e53379d84', 'chat', 'What is in this picture?', 'first_words', NULL, NULL, NULL, 2, '2026-11-21 22:06:40.85674+00', '2026-11-21 22:06:41.48427+00', NULL, 1);
INSERT INTO public.conversations VALUES ('01a20025-bae1-7105-a1f1-bfa7c7b31f65', '01a20025-b733-7677-9f31-70097ca2fe7f', '01a20025-b8d5-71f8-97f3-9a9c23b9d4e1', 'chat', 'What do gulls eat?', 'first_words', NULL, NULL, NULL, 2, '2026-11-21 22:06:42.401008+00', '2026-11-21 22:06:43.005695+00', NULL, 1);


--
-- Data for Name: file_writes; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.file_writes VALUES ('01a20025-b093-70ff-86e0-ae62576b5aef', '01a20025-aca7-703c-9490-3c4bc2597965', '01a20025-aca9-75d1-ba78-dd3e53379d84', 'write_file', 'notes/hello.txt', NULL, '64ec88ca00b268e5ba1a35678a1b5316d212f4f366b2477232534a8aeca37f3c', NULL, 0, 11, '2026-11-21 22:06:39.902672+00', '2026-11-21 22:06:39.913547+00', NULL);


--
-- Data for Name: grants; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: memberships; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.memberships VALUES ('01a20025-aca7-703c-9490-3c4bc2597965', '01a20025-aca9-75d1-ba78-dd3e53379d84', 'owner', true, '2026-11-21 22:06:38.762523+00');
INSERT INTO public.memberships VALUES ('01a20025-b733-7677-9f31-70097ca2fe7f', '01a20025-b8d5-71f8-97f3-9a9c23b9d4e1', 'owner', true, '2026-11-21 22:06:41.884567+00');


--
-- Data for Name: messages; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.messages VALUES ('01a20025-acfe-71bf-a045-81d127f22738', '01a20025-aca7-703c-9490-3c4bc2597965', '01a20025-acf4-77e1-8c2c-1908394ae9b9', '01a20025-acfa-764a-b4d8-b93ed90f3146', 1, 'user', 'complete', '[{"type":"text","text":"Where do pelicans fly?"}]', NULL, NULL, NULL, NULL, NULL, NULL, false, NULL, '2026-11-21 22:06:38.8473+00', NULL);
INSERT INTO public.messages VALUES ('01a20025-ad30-7020-b006-e3d682d3a685', '01a20025-aca7-703c-9490-3c4bc2597965', '01a20025-acf4-77e1-8c2c-1908394ae9b9', '01a20025-acfa-764a-b4d8-b93ed90f3146', 2, 'assistant', 'complete', '[{"type":"text","text":"## Hello from the demo\n\nYou wrote: “Where do pelicans fly?”\n\nI am **not a real model**, only a stand-in so that you can look around. I can show you:\n\n- text that *streams*, with Markdown\n- a tool that waits for **your** decision\n\n| Try this | What happens |\n|---|---|\n| Create a file `notes/hello.txt` with content: Hello world | I ask, you decide |\n| Write 300 words | A longer text streams in |\n\nFor real answers, set a key and start Sayso again:\n\n```sh\nexport ANTHROPIC_API_KEY=…   # or OPENAI_API_KEY, or OLLAMA_URL\nsayso\n```\n"}]', 'demo', 'demo', 'end_turn', 2370, 135, 0, true, NULL, '2026-11-21 22:06:39.492917+00', NULL);
INSERT INTO public.messages VALUES ('01a20025-aff9-7718-b500-bacd7b04b264', '01a20025-aca7-703c-9490-3c4bc2597965', '01a20025-afea-75f8-8183-89329f4b42d9', '01a20025-aff0-7457-9db8-b7952c0d6583', 1, 'user', 'complete', '[{"type":"text","text":"Create a file `notes/hello.txt` with content: Hello world"}]', NULL, NULL, NULL, NULL, NULL, NULL, false, NULL, '2026-11-21 22:06:39.611109+00', NULL);
INSERT INTO public.messages VALUES ('01a20025-b031-7453-a61c-87e69af2f4e9', '01a20025-aca7-703c-9490-3c4bc2597965', '01a20025-afea-75f8-8183-89329f4b42d9', '01a20025-aff0-7457-9db8-b7952c0d6583', 2, 'assistant', 'complete', '[{"type":"text","text":"I am the demo, not a real model, and with your say-so I will write `notes/hello.txt`."},{"type":"tool_use","id":"01a20025-b093-70ff-86e0-ae62576b5aef","name":"write_file","input":"{\"path\":\"notes/hello.txt\",\"content\":\"Hello world\"}"}]', 'demo', 'demo', 'tool_use', 2379, 37, 0, true, NULL, '2026-11-21 22:06:39.802357+00', NULL);
INSERT INTO public.messages VALUES ('01a20025-b093-70ff-86e0-ae62576b5aef', '01a20025-aca7-703c-9490-3c4bc2597965', '01a20025-afea-75f8-8183-89329f4b42d9', '01a20025-aff0-7457-9db8-b7952c0d6583', 3, 'tool', 'complete', '[{"type":"tool_result","tool_call_id":"01a20025-b093-70ff-86e0-ae62576b5aef","text":"Wrote 11 bytes to notes/hello.txt.","is_error":false}]', NULL, NULL, NULL, NULL, NULL, NULL, false, '01a20025-b093-70ff-86e0-ae62576b5aef', '2026-11-21 22:06:39.921004+00', NULL);
INSERT INTO public.messages VALUES ('01a20025-b171-77d7-80e9-42e0981d8a8d', '01a20025-aca7-703c-9490-3c4bc2597965', '01a20025-afea-75f8-8183-89329f4b42d9', '01a20025-aff0-7457-9db8-b7952c0d6583', 4, 'assistant', 'complete', '[{"type":"text","text":"Done: `notes/hello.txt` was written.\n\nThat is all the demo can do with it; it is not a real model."}]', 'demo', 'demo', 'end_turn', 2432, 25, 0, true, NULL, '2026-11-21 22:06:40.095067+00', NULL);
INSERT INTO public.messages VALUES ('01a20025-b276-769a-bea4-bcef97321248', '01a20025-aca7-703c-9490-3c4bc2597965', '01a20025-b26e-7749-8ccc-9da58e9a9b3a', '01a20025-b273-77e2-aa0f-d8ba7bd6abf4', 1, 'user', 'complete', '[{"type":"text","text":"Create a file `notes/denied.txt` with content: No"}]', NULL, NULL, NULL, NULL, NULL, NULL, false, NULL, '2026-11-21 22:06:40.247434+00', NULL);
INSERT INTO public.messages VALUES ('01a20025-b29e-75f8-96df-2c17d671c887', '01a20025-aca7-703c-9490-3c4bc2597965', '01a20025-b26e-7749-8ccc-9da58e9a9b3a', '01a20025-b273-77e2-aa0f-d8ba7bd6abf4', 2, 'assistant', 'complete', '[{"type":"text","text":"I am the demo, not a real model, and with your say-so I will write `notes/denied.txt`."},{"type":"tool_use","id":"01a20025-b2ff-72ec-8eb4-b11709aee0f4","name":"write_file","input":"{\"path\":\"notes/denied.txt\",\"content\":\"No\"}"}]', 'demo', 'demo', 'tool_use', 2377, 35, 0, true, NULL, '2026-11-21 22:06:40.402268+00', NULL);
INSERT INTO public.messages VALUES ('01a20025-b2ff-72ec-8eb4-b11709aee0f4', '01a20025-aca7-703c-9490-3c4bc2597965', '01a20025-b26e-7749-8ccc-9da58e9a9b3a', '01a20025-b273-77e2-aa0f-d8ba7bd6abf4', 3, 'tool', 'complete', '[{"type":"tool_result","tool_call_id":"01a20025-b2ff-72ec-8eb4-b11709aee0f4","text":"The person refused this request.","is_error":true}]', NULL, NULL, NULL, NULL, NULL, NULL, false, '01a20025-b2ff-72ec-8eb4-b11709aee0f4', '2026-11-21 22:06:40.525002+00', NULL);
INSERT INTO public.messages VALUES ('01a20025-b3e5-7128-8832-56e86de870b4', '01a20025-aca7-703c-9490-3c4bc2597965', '01a20025-b26e-7749-8ccc-9da58e9a9b3a', '01a20025-b273-77e2-aa0f-d8ba7bd6abf4', 4, 'assistant', 'complete', '[{"type":"text","text":"`notes/denied.txt` was not written: The person refused this request.\n\nThat is all the demo can do with it; it is not a real model."}]', 'demo', 'demo', 'end_turn', 2428, 33, 0, true, NULL, '2026-11-21 22:06:40.760993+00', NULL);
INSERT INTO public.messages VALUES ('01a20025-b4e2-7327-86cc-9e5777dc89b6', '01a20025-aca7-703c-9490-3c4bc2597965', '01a20025-b4d8-7752-9d18-bb2096de830c', '01a20025-b4da-7738-a944-57f0526ce602', 1, 'user', 'complete', '[{"type":"image","number":1,"media_type":"image/png","name":"picture.png","width":64,"height":48},{"type":"text","text":"What is in this picture?"}]', NULL, NULL, NULL, NULL, NULL, NULL, false, NULL, '2026-11-21 22:06:40.867744+00', NULL);
INSERT INTO public.messages VALUES ('01a20025-b541-749b-86bc-3c03dd4c0ff2', '01a20025-aca7-703c-9490-3c4bc2597965', '01a20025-b539-72b3-81f4-4285f28cb433', '01a20025-b53a-731c-85ba-0d51cbbe97be', 1, 'user', 'complete', '[{"type":"text","text":"Create a file `notes/never.txt` with content: Never"}]', NULL, NULL, NULL, NULL, NULL, NULL, false, NULL, '2026-11-21 22:06:40.962554+00', NULL);
INSERT INTO public.messages VALUES ('01a20025-b574-7563-9275-759c3c06dd1c', '01a20025-aca7-703c-9490-3c4bc2597965', '01a20025-b539-72b3-81f4-4285f28cb433', '01a20025-b53a-731c-85ba-0d51cbbe97be', 2, 'assistant', 'complete', '[{"type":"text","text":"I am the demo, not a real model, and with your say-so I will write `notes/never.txt`."},{"type":"tool_use","id":"01a20025-b5d5-7295-85f6-a06e9de83dcb","name":"write_file","input":"{\"path\":\"notes/never.txt\",\"content\":\"Never\"}"}]', 'demo', 'demo', 'tool_use', 2378, 35, 0, true, NULL, '2026-11-21 22:06:41.126267+00', NULL);
INSERT INTO public.messages VALUES ('01a20025-b65f-71ba-ac8c-9f6141745eba', '01a20025-aca7-703c-9490-3c4bc2597965', '01a20025-b65b-7316-870c-0c5535d17ebc', '01a20025-b65d-7182-a181-7e4eb4893c58', 1, 'user', 'complete', '[{"type":"text","text":"Create a file `notes/after.txt` with content: After"}]', NULL, NULL, NULL, NULL, NULL, NULL, false, NULL, '2026-11-21 22:06:41.248113+00', NULL);
INSERT INTO public.messages VALUES ('01a20025-b683-721b-8111-a4a93986b3f4', '01a20025-aca7-703c-9490-3c4bc2597965', '01a20025-b65b-7316-870c-0c5535d17ebc', '01a20025-b65d-7182-a181-7e4eb4893c58', 2, 'assistant', 'complete', '[{"type":"text","text":"I am the demo, not a real model, and with your say-so I will write `notes/after.txt`."},{"type":"tool_use","id":"01a20025-b6e4-734b-99ca-b78fd4cdfed2","name":"write_file","input":"{\"path\":\"notes/after.txt\",\"content\":\"After\"}"}]', 'demo', 'demo', 'tool_use', 2378, 35, 0, true, NULL, '2026-11-21 22:06:41.395071+00', NULL);
INSERT INTO public.messages VALUES ('01a20025-b511-726b-b5bb-d519bc9ff7f0', '01a20025-aca7-703c-9490-3c4bc2597965', '01a20025-b4d8-7752-9d18-bb2096de830c', '01a20025-b4da-7738-a944-57f0526ce602', 2, 'assistant', 'complete', '[{"type":"text","text":"## Hello from the demo\n\nYou wrote: “What is in this picture?”\n\nI am **not a real model**, only a stand-in so that you can look around. I can show you:\n\n- text that *streams*, with Markdown\n- a tool that waits for **your** decision\n\n| Try this | What happens |\n|---|---|\n| Create a file `notes/hello.txt` with content: Hello world | I ask, you decide |\n| Write 300 words | A longer text streams in |\n\nFor real answers, set a key and start Sayso again:\n\n```sh\nexport ANTHROPIC_API_KEY=…   # or OPENAI_API_KEY, or OLLAMA_URL\nsayso\n```\n"}]', 'demo', 'demo', 'end_turn', 2379, 136, 0, true, NULL, '2026-11-21 22:06:41.485982+00', NULL);
INSERT INTO public.messages VALUES ('01a20025-bae5-71a2-9714-e065950ae8b6', '01a20025-b733-7677-9f31-70097ca2fe7f', '01a20025-bae1-7105-a1f1-bfa7c7b31f65', '01a20025-bae3-7186-893c-33543280e4ca', 1, 'user', 'complete', '[{"type":"text","text":"What do gulls eat?"}]', NULL, NULL, NULL, NULL, NULL, NULL, false, NULL, '2026-11-21 22:06:42.407013+00', NULL);
INSERT INTO public.messages VALUES ('01a20025-bb0e-71ba-be5b-d7c40aa5a099', '01a20025-b733-7677-9f31-70097ca2fe7f', '01a20025-bae1-7105-a1f1-bfa7c7b31f65', '01a20025-bae3-7186-893c-33543280e4ca', 2, 'assistant', 'complete', '[{"type":"text","text":"## Hello from the demo\n\nYou wrote: “What do gulls eat?”\n\nI am **not a real model**, only a stand-in so that you can look around. I can show you:\n\n- text that *streams*, with Markdown\n- a tool that waits for **your** decision\n\n| Try this | What happens |\n|---|---|\n| Create a file `notes/hello.txt` with content: Hello world | I ask, you decide |\n| Write 300 words | A longer text streams in |\n\nFor real answers, set a key and start Sayso again:\n\n```sh\nexport ANTHROPIC_API_KEY=…   # or OPENAI_API_KEY, or OLLAMA_URL\nsayso\n```\n"}]', 'demo', 'demo', 'end_turn', 2369, 134, 0, true, NULL, '2026-11-21 22:06:43.006319+00', NULL);


--
-- Data for Name: model_calls; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.model_calls VALUES ('01a20025-ad11-74e0-9374-69d3b3058fac', '01a20025-aca7-703c-9490-3c4bc2597965', '01a20025-aca9-75d1-ba78-dd3e53379d84', '01a20025-acfa-764a-b4d8-b93ed90f3146', 'chat', 'demo', 'demo', '2026-11', 11664, 4096, 0, 2370, 135, 0, 0, true, NULL, '01a20025-aa9e-70a3-afd7-fb14f2bac43c', '2026-11-21 22:06:38.858795+00', '2026-11-21 22:06:39.476545+00');
INSERT INTO public.model_calls VALUES ('01a20025-b010-72bb-9afc-0ffaeeeba558', '01a20025-aca7-703c-9490-3c4bc2597965', '01a20025-aca9-75d1-ba78-dd3e53379d84', '01a20025-aff0-7457-9db8-b7952c0d6583', 'chat', 'demo', 'demo', '2026-11', 11699, 4096, 0, 2379, 37, 0, 0, true, NULL, '01a20025-aa9e-70a3-afd7-fb14f2bac43c', '2026-11-21 22:06:39.625872+00', '2026-11-21 22:06:39.797848+00');
INSERT INTO public.model_calls VALUES ('01a20025-b15b-72e3-bae7-0358cea93cd9', '01a20025-aca7-703c-9490-3c4bc2597965', '01a20025-aca9-75d1-ba78-dd3e53379d84', '01a20025-aff0-7457-9db8-b7952c0d6583', 'chat', 'demo', 'demo', '2026-11', 11958, 4096, 0, 2432, 25, 0, 0, true, NULL, '01a20025-aa9e-70a3-afd7-fb14f2bac43c', '2026-11-21 22:06:39.953116+00', '2026-11-21 22:06:40.089682+00');
INSERT INTO public.model_calls VALUES ('01a20025-b282-77b2-91c8-787ea8d6eec0', '01a20025-aca7-703c-9490-3c4bc2597965', '01a20025-aca9-75d1-ba78-dd3e53379d84', '01a20025-b273-77e2-aa0f-d8ba7bd6abf4', 'chat', 'demo', 'demo', '2026-11', 11691, 4096, 0, 2377, 35, 0, 0, true, NULL, '01a20025-aa9e-70a3-afd7-fb14f2bac43c', '2026-11-21 22:06:40.254622+00', '2026-11-21 22:06:40.398533+00');
INSERT INTO public.model_calls VALUES ('01a20025-b3d3-7415-85ed-78a5afbda09e', '01a20025-aca7-703c-9490-3c4bc2597965', '01a20025-aca9-75d1-ba78-dd3e53379d84', '01a20025-b273-77e2-aa0f-d8ba7bd6abf4', 'chat', 'demo', 'demo', '2026-11', 11941, 4096, 0, 2428, 33, 0, 0, true, NULL, '01a20025-aa9e-70a3-afd7-fb14f2bac43c', '2026-11-21 22:06:40.588108+00', '2026-11-21 22:06:40.750433+00');
INSERT INTO public.model_calls VALUES ('01a20025-b550-72cb-8f62-2747b0cefdb9', '01a20025-aca7-703c-9490-3c4bc2597965', '01a20025-aca9-75d1-ba78-dd3e53379d84', '01a20025-b53a-731c-85ba-0d51cbbe97be', 'chat', 'demo', 'demo', '2026-11', 11693, 4096, 0, 2378, 35, 0, 0, true, NULL, '01a20025-aa9e-70a3-afd7-fb14f2bac43c', '2026-11-21 22:06:40.969338+00', '2026-11-21 22:06:41.122199+00');
INSERT INTO public.model_calls VALUES ('01a20025-b669-7546-94ef-a89fd12e83ee', '01a20025-aca7-703c-9490-3c4bc2597965', '01a20025-aca9-75d1-ba78-dd3e53379d84', '01a20025-b65d-7182-a181-7e4eb4893c58', 'chat', 'demo', 'demo', '2026-11', 11693, 4096, 0, 2378, 35, 0, 0, true, NULL, '01a20025-aa9e-70a3-afd7-fb14f2bac43c', '2026-11-21 22:06:41.253852+00', '2026-11-21 22:06:41.391715+00');
INSERT INTO public.model_calls VALUES ('01a20025-b4f2-7411-9e30-1915143437ef', '01a20025-aca7-703c-9490-3c4bc2597965', '01a20025-aca9-75d1-ba78-dd3e53379d84', '01a20025-b4da-7738-a944-57f0526ce602', 'chat', 'demo', 'demo', '2026-11', 20193, 4096, 0, 2379, 136, 0, 0, true, NULL, '01a20025-aa9e-70a3-afd7-fb14f2bac43c', '2026-11-21 22:06:40.878595+00', '2026-11-21 22:06:41.478736+00');
INSERT INTO public.model_calls VALUES ('01a20025-baf6-73c5-934a-17e94f1f46e2', '01a20025-b733-7677-9f31-70097ca2fe7f', '01a20025-b8d5-71f8-97f3-9a9c23b9d4e1', '01a20025-bae3-7186-893c-33543280e4ca', 'chat', 'demo', 'demo', '2026-11', 11659, 4096, 0, 2369, 134, 0, 0, true, NULL, '01a20025-aa9e-70a3-afd7-fb14f2bac43c', '2026-11-21 22:06:42.417308+00', '2026-11-21 22:06:43.002627+00');


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

INSERT INTO public.search_entries OVERRIDING SYSTEM VALUE VALUES (1, '01a20025-aca7-703c-9490-3c4bc2597965', '01a20025-aca9-75d1-ba78-dd3e53379d84', '01a20025-acf4-77e1-8c2c-1908394ae9b9', NULL);
INSERT INTO public.search_entries OVERRIDING SYSTEM VALUE VALUES (2, '01a20025-aca7-703c-9490-3c4bc2597965', '01a20025-aca9-75d1-ba78-dd3e53379d84', '01a20025-acf4-77e1-8c2c-1908394ae9b9', '01a20025-acfe-71bf-a045-81d127f22738');
INSERT INTO public.search_entries OVERRIDING SYSTEM VALUE VALUES (3, '01a20025-aca7-703c-9490-3c4bc2597965', '01a20025-aca9-75d1-ba78-dd3e53379d84', '01a20025-acf4-77e1-8c2c-1908394ae9b9', '01a20025-ad30-7020-b006-e3d682d3a685');
INSERT INTO public.search_entries OVERRIDING SYSTEM VALUE VALUES (4, '01a20025-aca7-703c-9490-3c4bc2597965', '01a20025-aca9-75d1-ba78-dd3e53379d84', '01a20025-afea-75f8-8183-89329f4b42d9', NULL);
INSERT INTO public.search_entries OVERRIDING SYSTEM VALUE VALUES (5, '01a20025-aca7-703c-9490-3c4bc2597965', '01a20025-aca9-75d1-ba78-dd3e53379d84', '01a20025-afea-75f8-8183-89329f4b42d9', '01a20025-aff9-7718-b500-bacd7b04b264');
INSERT INTO public.search_entries OVERRIDING SYSTEM VALUE VALUES (6, '01a20025-aca7-703c-9490-3c4bc2597965', '01a20025-aca9-75d1-ba78-dd3e53379d84', '01a20025-afea-75f8-8183-89329f4b42d9', '01a20025-b031-7453-a61c-87e69af2f4e9');
INSERT INTO public.search_entries OVERRIDING SYSTEM VALUE VALUES (7, '01a20025-aca7-703c-9490-3c4bc2597965', '01a20025-aca9-75d1-ba78-dd3e53379d84', '01a20025-afea-75f8-8183-89329f4b42d9', '01a20025-b171-77d7-80e9-42e0981d8a8d');
INSERT INTO public.search_entries OVERRIDING SYSTEM VALUE VALUES (8, '01a20025-aca7-703c-9490-3c4bc2597965', '01a20025-aca9-75d1-ba78-dd3e53379d84', '01a20025-b26e-7749-8ccc-9da58e9a9b3a', NULL);
INSERT INTO public.search_entries OVERRIDING SYSTEM VALUE VALUES (9, '01a20025-aca7-703c-9490-3c4bc2597965', '01a20025-aca9-75d1-ba78-dd3e53379d84', '01a20025-b26e-7749-8ccc-9da58e9a9b3a', '01a20025-b276-769a-bea4-bcef97321248');
INSERT INTO public.search_entries OVERRIDING SYSTEM VALUE VALUES (10, '01a20025-aca7-703c-9490-3c4bc2597965', '01a20025-aca9-75d1-ba78-dd3e53379d84', '01a20025-b26e-7749-8ccc-9da58e9a9b3a', '01a20025-b29e-75f8-96df-2c17d671c887');
INSERT INTO public.search_entries OVERRIDING SYSTEM VALUE VALUES (11, '01a20025-aca7-703c-9490-3c4bc2597965', '01a20025-aca9-75d1-ba78-dd3e53379d84', '01a20025-b26e-7749-8ccc-9da58e9a9b3a', '01a20025-b3e5-7128-8832-56e86de870b4');
INSERT INTO public.search_entries OVERRIDING SYSTEM VALUE VALUES (12, '01a20025-aca7-703c-9490-3c4bc2597965', '01a20025-aca9-75d1-ba78-dd3e53379d84', '01a20025-b4d8-7752-9d18-bb2096de830c', NULL);
INSERT INTO public.search_entries OVERRIDING SYSTEM VALUE VALUES (13, '01a20025-aca7-703c-9490-3c4bc2597965', '01a20025-aca9-75d1-ba78-dd3e53379d84', '01a20025-b4d8-7752-9d18-bb2096de830c', '01a20025-b4e2-7327-86cc-9e5777dc89b6');
INSERT INTO public.search_entries OVERRIDING SYSTEM VALUE VALUES (14, '01a20025-aca7-703c-9490-3c4bc2597965', '01a20025-aca9-75d1-ba78-dd3e53379d84', '01a20025-b539-72b3-81f4-4285f28cb433', NULL);
INSERT INTO public.search_entries OVERRIDING SYSTEM VALUE VALUES (15, '01a20025-aca7-703c-9490-3c4bc2597965', '01a20025-aca9-75d1-ba78-dd3e53379d84', '01a20025-b539-72b3-81f4-4285f28cb433', '01a20025-b541-749b-86bc-3c03dd4c0ff2');
INSERT INTO public.search_entries OVERRIDING SYSTEM VALUE VALUES (16, '01a20025-aca7-703c-9490-3c4bc2597965', '01a20025-aca9-75d1-ba78-dd3e53379d84', '01a20025-b539-72b3-81f4-4285f28cb433', '01a20025-b574-7563-9275-759c3c06dd1c');
INSERT INTO public.search_entries OVERRIDING SYSTEM VALUE VALUES (17, '01a20025-aca7-703c-9490-3c4bc2597965', '01a20025-aca9-75d1-ba78-dd3e53379d84', '01a20025-b65b-7316-870c-0c5535d17ebc', NULL);
INSERT INTO public.search_entries OVERRIDING SYSTEM VALUE VALUES (18, '01a20025-aca7-703c-9490-3c4bc2597965', '01a20025-aca9-75d1-ba78-dd3e53379d84', '01a20025-b65b-7316-870c-0c5535d17ebc', '01a20025-b65f-71ba-ac8c-9f6141745eba');
INSERT INTO public.search_entries OVERRIDING SYSTEM VALUE VALUES (19, '01a20025-aca7-703c-9490-3c4bc2597965', '01a20025-aca9-75d1-ba78-dd3e53379d84', '01a20025-b65b-7316-870c-0c5535d17ebc', '01a20025-b683-721b-8111-a4a93986b3f4');
INSERT INTO public.search_entries OVERRIDING SYSTEM VALUE VALUES (20, '01a20025-aca7-703c-9490-3c4bc2597965', '01a20025-aca9-75d1-ba78-dd3e53379d84', '01a20025-b4d8-7752-9d18-bb2096de830c', '01a20025-b511-726b-b5bb-d519bc9ff7f0');
INSERT INTO public.search_entries OVERRIDING SYSTEM VALUE VALUES (21, '01a20025-b733-7677-9f31-70097ca2fe7f', '01a20025-b8d5-71f8-97f3-9a9c23b9d4e1', '01a20025-bae1-7105-a1f1-bfa7c7b31f65', NULL);
INSERT INTO public.search_entries OVERRIDING SYSTEM VALUE VALUES (22, '01a20025-b733-7677-9f31-70097ca2fe7f', '01a20025-b8d5-71f8-97f3-9a9c23b9d4e1', '01a20025-bae1-7105-a1f1-bfa7c7b31f65', '01a20025-bae5-71a2-9714-e065950ae8b6');
INSERT INTO public.search_entries OVERRIDING SYSTEM VALUE VALUES (23, '01a20025-b733-7677-9f31-70097ca2fe7f', '01a20025-b8d5-71f8-97f3-9a9c23b9d4e1', '01a20025-bae1-7105-a1f1-bfa7c7b31f65', '01a20025-bb0e-71ba-be5b-d7c40aa5a099');


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

INSERT INTO public.sessions VALUES ('01a20025-acb5-77f7-b122-546351d2eeef', '86677e94eefae844d184ae7849cd4e261ff2cd748ba596f490cdf834498fc280', '{"tenant":"\"01a20025-aca7-703c-9490-3c4bc2597965\"","id":"\"01a20025-acb5-77f7-b122-546351d2eeef\"","seen":"1795298798","epoch":"0","user_agent":"\"Mozilla/5.0 (a person without JavaScript)\"","user":"\"01a20025-aca9-75d1-ba78-dd3e53379d84\"","address":"\"127.0.0.1\"","csrf":"\"dJevQ6q-mjGbFQSHiSDybME0hT5g-T5wK4qdoFGkR_Q\""}', '01a20025-aca9-75d1-ba78-dd3e53379d84', '01a20025-aca7-703c-9490-3c4bc2597965', 0, 'Mozilla/5.0 (a person without JavaScript)', '127.0.0.1', '2026-11-21 22:06:38.77474+00', '2026-11-21 22:06:38.77474+00', '2026-12-05 22:06:38.77474+00');
INSERT INTO public.sessions VALUES ('01a20025-ba98-7607-811e-ceba4fdbc366', '7b8d098fb30625e693b5441c4fe933d030f9c54645e97697ecb5e1464e6802d7', '{"csrf":"\"gRuzXfBj99pW4o92M012nUhaOb0N0SeeclTq4Gmojf0\"","id":"\"01a20025-ba98-7607-811e-ceba4fdbc366\"","epoch":"0","user_agent":"\"Mozilla/5.0 (a person without JavaScript)\"","address":"\"127.0.0.1\"","tenant":"\"01a20025-b733-7677-9f31-70097ca2fe7f\"","user":"\"01a20025-b8d5-71f8-97f3-9a9c23b9d4e1\"","seen":"1795298802"}', '01a20025-b8d5-71f8-97f3-9a9c23b9d4e1', '01a20025-b733-7677-9f31-70097ca2fe7f', 0, 'Mozilla/5.0 (a person without JavaScript)', '127.0.0.1', '2026-11-21 22:06:42.334283+00', '2026-11-21 22:06:42.334283+00', '2026-12-05 22:06:42.334283+00');


--
-- Data for Name: setup_links; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: tenants; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.tenants VALUES ('01a20025-aca7-703c-9490-3c4bc2597965', 'test-works', 'Test Works', true, NULL, '2026-11-21 22:06:38.759204+00', NULL, NULL);
INSERT INTO public.tenants VALUES ('01a20025-b733-7677-9f31-70097ca2fe7f', 'elsewhere', 'Elsewhere', true, NULL, '2026-11-21 22:06:41.459549+00', NULL, NULL);


--
-- Data for Name: tool_calls; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.tool_calls VALUES ('01a20025-b093-70ff-86e0-ae62576b5aef', '01a20025-aca7-703c-9490-3c4bc2597965', '01a20025-aca9-75d1-ba78-dd3e53379d84', '01a20025-afea-75f8-8183-89329f4b42d9', '01a20025-aff0-7457-9db8-b7952c0d6583', '01a20025-b031-7453-a61c-87e69af2f4e9', 0, 'sayso', 'builtin', 'write_file', '1513a920e53361bbff607caa23f60a8ddc9b846cf04baf7dc501c1c231f89823', '{"path":"notes/hello.txt","content":"Hello world"}', NULL, 'notes/hello.txt', 'absent', '{"is_new":true,"lines":[{"kind":"added","text":"Hello world"}],"omitted":0}', 'a1efac683e901ca208bd4e5afc7e517b4a079d96e3b06076fb343487a035b28d', 'succeeded', 'approve', '01a20025-aca9-75d1-ba78-dd3e53379d84', '2026-11-21 22:06:39.868149+00', NULL, 'Wrote 11 bytes to notes/hello.txt.', NULL, NULL, '2026-11-21 22:06:39.792741+00', '2026-11-21 22:06:39.891391+00', '2026-11-21 22:06:39.916491+00', '[{"kind":"same"},{"kind":"below","value":"notes"}]', NULL, 'possible');
INSERT INTO public.tool_calls VALUES ('01a20025-b2ff-72ec-8eb4-b11709aee0f4', '01a20025-aca7-703c-9490-3c4bc2597965', '01a20025-aca9-75d1-ba78-dd3e53379d84', '01a20025-b26e-7749-8ccc-9da58e9a9b3a', '01a20025-b273-77e2-aa0f-d8ba7bd6abf4', '01a20025-b29e-75f8-96df-2c17d671c887', 0, 'sayso', 'builtin', 'write_file', '1513a920e53361bbff607caa23f60a8ddc9b846cf04baf7dc501c1c231f89823', '{"path":"notes/denied.txt","content":"No"}', NULL, 'notes/denied.txt', 'absent', '{"is_new":true,"lines":[{"kind":"added","text":"No"}],"omitted":0}', 'd80eb65a381297c17516a59ce6fc13080f72db42d486d9febde7c108f6e0fb8f', 'denied', 'deny', '01a20025-aca9-75d1-ba78-dd3e53379d84', '2026-11-21 22:06:40.515988+00', NULL, NULL, NULL, NULL, '2026-11-21 22:06:40.394694+00', NULL, NULL, '[{"kind":"same"},{"kind":"below","value":"notes"}]', NULL, NULL);
INSERT INTO public.tool_calls VALUES ('01a20025-b5d5-7295-85f6-a06e9de83dcb', '01a20025-aca7-703c-9490-3c4bc2597965', '01a20025-aca9-75d1-ba78-dd3e53379d84', '01a20025-b539-72b3-81f4-4285f28cb433', '01a20025-b53a-731c-85ba-0d51cbbe97be', '01a20025-b574-7563-9275-759c3c06dd1c', 0, 'sayso', 'builtin', 'write_file', '1513a920e53361bbff607caa23f60a8ddc9b846cf04baf7dc501c1c231f89823', '{"path":"notes/never.txt","content":"Never"}', NULL, 'notes/never.txt', 'absent', '{"is_new":true,"lines":[{"kind":"added","text":"Never"}],"omitted":0}', '93f251f2e2442c5580deb617e0c4f2e88eade0c4c7888b8a628f7b2884819028', 'pending', NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2026-11-21 22:06:41.117603+00', NULL, NULL, '[{"kind":"same"},{"kind":"below","value":"notes"}]', NULL, NULL);
INSERT INTO public.tool_calls VALUES ('01a20025-b6e4-734b-99ca-b78fd4cdfed2', '01a20025-aca7-703c-9490-3c4bc2597965', '01a20025-aca9-75d1-ba78-dd3e53379d84', '01a20025-b65b-7316-870c-0c5535d17ebc', '01a20025-b65d-7182-a181-7e4eb4893c58', '01a20025-b683-721b-8111-a4a93986b3f4', 0, 'sayso', 'builtin', 'write_file', '1513a920e53361bbff607caa23f60a8ddc9b846cf04baf7dc501c1c231f89823', '{"path":"notes/after.txt","content":"After"}', NULL, 'notes/after.txt', 'absent', '{"is_new":true,"lines":[{"kind":"added","text":"After"}],"omitted":0}', '68e9c4fe420ef3812fa3e9b28f98ec05e5126cb70f00aa4635a111b118f83082', 'pending', NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2026-11-21 22:06:41.387642+00', NULL, NULL, '[{"kind":"same"},{"kind":"below","value":"notes"}]', NULL, NULL);


--
-- Data for Name: tool_rules; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: turn_events; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.turn_events VALUES ('01a20025-acfa-764a-b4d8-b93ed90f3146', 1, '01a20025-aca7-703c-9490-3c4bc2597965', NULL, '{"event":"message","message":{"id":"01a20025-acfe-71bf-a045-81d127f22738","turn_id":"01a20025-acfa-764a-b4d8-b93ed90f3146","position":1,"role":"user","state":"complete","content":[{"type":"text","text":"Where do pelicans fly?"}],"provider":null,"model":null,"stop_reason":null,"usage":null,"tool_call_id":null,"created_at":"2026-11-21T22:06:38.847300Z"}}');
INSERT INTO public.turn_events VALUES ('01a20025-acfa-764a-b4d8-b93ed90f3146', 2, '01a20025-aca7-703c-9490-3c4bc2597965', NULL, '{"event":"turn","turn":{"id":"01a20025-acfa-764a-b4d8-b93ed90f3146","state":"running","failure":null,"epoch":1}}');
INSERT INTO public.turn_events VALUES ('01a20025-acfa-764a-b4d8-b93ed90f3146', 6, '01a20025-aca7-703c-9490-3c4bc2597965', NULL, '{"event":"message","message":{"id":"01a20025-ad30-7020-b006-e3d682d3a685","turn_id":"01a20025-acfa-764a-b4d8-b93ed90f3146","position":2,"role":"assistant","state":"complete","content":[{"type":"text","text":"## Hello from the demo\n\nYou wrote: “Where do pelicans fly?”\n\nI am **not a real model**, only a stand-in so that you can look around. I can show you:\n\n- text that *streams*, with Markdown\n- a tool that waits for **your** decision\n\n| Try this | What happens |\n|---|---|\n| Create a file `notes/hello.txt` with content: Hello world | I ask, you decide |\n| Write 300 words | A longer text streams in |\n\nFor real answers, set a key and start Sayso again:\n\n```sh\nexport ANTHROPIC_API_KEY=…   # or OPENAI_API_KEY, or OLLAMA_URL\nsayso\n```\n"}],"provider":"demo","model":"demo","stop_reason":"end_turn","usage":{"input_tokens":2370,"output_tokens":135,"cached_tokens":0,"estimated":true},"tool_call_id":null,"created_at":"2026-11-21T22:06:39.492917Z"}}');
INSERT INTO public.turn_events VALUES ('01a20025-acfa-764a-b4d8-b93ed90f3146', 7, '01a20025-aca7-703c-9490-3c4bc2597965', NULL, '{"event":"turn","turn":{"id":"01a20025-acfa-764a-b4d8-b93ed90f3146","state":"completed","failure":null,"epoch":1}}');
INSERT INTO public.turn_events VALUES ('01a20025-aff0-7457-9db8-b7952c0d6583', 1, '01a20025-aca7-703c-9490-3c4bc2597965', NULL, '{"event":"message","message":{"id":"01a20025-aff9-7718-b500-bacd7b04b264","turn_id":"01a20025-aff0-7457-9db8-b7952c0d6583","position":1,"role":"user","state":"complete","content":[{"type":"text","text":"Create a file `notes/hello.txt` with content: Hello world"}],"provider":null,"model":null,"stop_reason":null,"usage":null,"tool_call_id":null,"created_at":"2026-11-21T22:06:39.611109Z"}}');
INSERT INTO public.turn_events VALUES ('01a20025-aff0-7457-9db8-b7952c0d6583', 2, '01a20025-aca7-703c-9490-3c4bc2597965', NULL, '{"event":"turn","turn":{"id":"01a20025-aff0-7457-9db8-b7952c0d6583","state":"running","failure":null,"epoch":1}}');
INSERT INTO public.turn_events VALUES ('01a20025-aff0-7457-9db8-b7952c0d6583', 5, '01a20025-aca7-703c-9490-3c4bc2597965', NULL, '{"event":"message","message":{"id":"01a20025-b031-7453-a61c-87e69af2f4e9","turn_id":"01a20025-aff0-7457-9db8-b7952c0d6583","position":2,"role":"assistant","state":"complete","content":[{"type":"text","text":"I am the demo, not a real model, and with your say-so I will write `notes/hello.txt`."},{"type":"tool_use","id":"01a20025-b093-70ff-86e0-ae62576b5aef","name":"write_file","input":"{\"path\":\"notes/hello.txt\",\"content\":\"Hello world\"}"}],"provider":"demo","model":"demo","stop_reason":"tool_use","usage":{"input_tokens":2379,"output_tokens":37,"cached_tokens":0,"estimated":true},"tool_call_id":null,"created_at":"2026-11-21T22:06:39.802357Z"}}');
INSERT INTO public.turn_events VALUES ('01a20025-aff0-7457-9db8-b7952c0d6583', 6, '01a20025-aca7-703c-9490-3c4bc2597965', NULL, '{"event":"tool_call","call":{"id":"01a20025-b093-70ff-86e0-ae62576b5aef","conversation_id":"01a20025-afea-75f8-8183-89329f4b42d9","turn_id":"01a20025-aff0-7457-9db8-b7952c0d6583","message_id":"01a20025-b031-7453-a61c-87e69af2f4e9","ordinal":0,"server":"sayso","name":"write_file","arguments":"{\"path\":\"notes/hello.txt\",\"content\":\"Hello world\"}","asked_arguments":null,"preview":{"target":"notes/hello.txt","precondition":"absent","difference":{"is_new":true,"lines":[{"kind":"added","text":"Hello world"}],"omitted":0},"bounds":[{"kind":"same"},{"kind":"below","value":"notes"}]},"digest":"a1efac683e901ca208bd4e5afc7e517b4a079d96e3b06076fb343487a035b28d","state":"pending","reason":null,"outcome":null}}');
INSERT INTO public.turn_events VALUES ('01a20025-aff0-7457-9db8-b7952c0d6583', 7, '01a20025-aca7-703c-9490-3c4bc2597965', NULL, '{"event":"turn","turn":{"id":"01a20025-aff0-7457-9db8-b7952c0d6583","state":"awaiting_approval","failure":null,"epoch":1}}');
INSERT INTO public.turn_events VALUES ('01a20025-aff0-7457-9db8-b7952c0d6583', 8, '01a20025-aca7-703c-9490-3c4bc2597965', NULL, '{"event":"tool_call","call":{"id":"01a20025-b093-70ff-86e0-ae62576b5aef","conversation_id":"01a20025-afea-75f8-8183-89329f4b42d9","turn_id":"01a20025-aff0-7457-9db8-b7952c0d6583","message_id":"01a20025-b031-7453-a61c-87e69af2f4e9","ordinal":0,"server":"sayso","name":"write_file","arguments":"{\"path\":\"notes/hello.txt\",\"content\":\"Hello world\"}","asked_arguments":null,"preview":{"target":"notes/hello.txt","precondition":"absent","difference":{"is_new":true,"lines":[{"kind":"added","text":"Hello world"}],"omitted":0},"bounds":[{"kind":"same"},{"kind":"below","value":"notes"}]},"digest":"a1efac683e901ca208bd4e5afc7e517b4a079d96e3b06076fb343487a035b28d","state":"approved","decision":"approve","reason":null,"outcome":null}}');
INSERT INTO public.turn_events VALUES ('01a20025-aff0-7457-9db8-b7952c0d6583', 9, '01a20025-aca7-703c-9490-3c4bc2597965', NULL, '{"event":"turn","turn":{"id":"01a20025-aff0-7457-9db8-b7952c0d6583","state":"running","failure":null,"epoch":2}}');
INSERT INTO public.turn_events VALUES ('01a20025-aff0-7457-9db8-b7952c0d6583', 10, '01a20025-aca7-703c-9490-3c4bc2597965', NULL, '{"event":"tool_call","call":{"id":"01a20025-b093-70ff-86e0-ae62576b5aef","conversation_id":"01a20025-afea-75f8-8183-89329f4b42d9","turn_id":"01a20025-aff0-7457-9db8-b7952c0d6583","message_id":"01a20025-b031-7453-a61c-87e69af2f4e9","ordinal":0,"server":"sayso","name":"write_file","arguments":"{\"path\":\"notes/hello.txt\",\"content\":\"Hello world\"}","asked_arguments":null,"preview":{"target":"notes/hello.txt","precondition":"absent","difference":{"is_new":true,"lines":[{"kind":"added","text":"Hello world"}],"omitted":0},"bounds":[{"kind":"same"},{"kind":"below","value":"notes"}]},"digest":"a1efac683e901ca208bd4e5afc7e517b4a079d96e3b06076fb343487a035b28d","state":"running","decision":"approve","reason":null,"outcome":null}}');
INSERT INTO public.turn_events VALUES ('01a20025-aff0-7457-9db8-b7952c0d6583', 11, '01a20025-aca7-703c-9490-3c4bc2597965', NULL, '{"event":"tool_chunk","id":"01a20025-b093-70ff-86e0-ae62576b5aef","chunk":"Hello world"}');
INSERT INTO public.turn_events VALUES ('01a20025-aff0-7457-9db8-b7952c0d6583', 16, '01a20025-aca7-703c-9490-3c4bc2597965', NULL, '{"event":"message","message":{"id":"01a20025-b171-77d7-80e9-42e0981d8a8d","turn_id":"01a20025-aff0-7457-9db8-b7952c0d6583","position":4,"role":"assistant","state":"complete","content":[{"type":"text","text":"Done: `notes/hello.txt` was written.\n\nThat is all the demo can do with it; it is not a real model."}],"provider":"demo","model":"demo","stop_reason":"end_turn","usage":{"input_tokens":2432,"output_tokens":25,"cached_tokens":0,"estimated":true},"tool_call_id":null,"created_at":"2026-11-21T22:06:40.095067Z"}}');
INSERT INTO public.turn_events VALUES ('01a20025-aff0-7457-9db8-b7952c0d6583', 17, '01a20025-aca7-703c-9490-3c4bc2597965', NULL, '{"event":"turn","turn":{"id":"01a20025-aff0-7457-9db8-b7952c0d6583","state":"completed","failure":null,"epoch":2}}');
INSERT INTO public.turn_events VALUES ('01a20025-b273-77e2-aa0f-d8ba7bd6abf4', 3, '01a20025-aca7-703c-9490-3c4bc2597965', NULL, '{"event":"message","message":{"id":"01a20025-b29e-75f8-96df-2c17d671c887","turn_id":"01a20025-b273-77e2-aa0f-d8ba7bd6abf4","position":2,"role":"assistant","state":"complete","content":[{"type":"text","text":"I am the demo, not a real model, and with your say-so I will write `notes/denied.txt`."},{"type":"tool_use","id":"01a20025-b2ff-72ec-8eb4-b11709aee0f4","name":"write_file","input":"{\"path\":\"notes/denied.txt\",\"content\":\"No\"}"}],"provider":"demo","model":"demo","stop_reason":"tool_use","usage":{"input_tokens":2377,"output_tokens":35,"cached_tokens":0,"estimated":true},"tool_call_id":null,"created_at":"2026-11-21T22:06:40.402268Z"}}');
INSERT INTO public.turn_events VALUES ('01a20025-bae3-7186-893c-33543280e4ca', 7, '01a20025-b733-7677-9f31-70097ca2fe7f', NULL, '{"event":"turn","turn":{"id":"01a20025-bae3-7186-893c-33543280e4ca","state":"completed","failure":null,"epoch":1}}');
INSERT INTO public.turn_events VALUES ('01a20025-aff0-7457-9db8-b7952c0d6583', 12, '01a20025-aca7-703c-9490-3c4bc2597965', NULL, '{"event":"tool_call","call":{"id":"01a20025-b093-70ff-86e0-ae62576b5aef","conversation_id":"01a20025-afea-75f8-8183-89329f4b42d9","turn_id":"01a20025-aff0-7457-9db8-b7952c0d6583","message_id":"01a20025-b031-7453-a61c-87e69af2f4e9","ordinal":0,"server":"sayso","name":"write_file","arguments":"{\"path\":\"notes/hello.txt\",\"content\":\"Hello world\"}","asked_arguments":null,"preview":{"target":"notes/hello.txt","precondition":"absent","difference":{"is_new":true,"lines":[{"kind":"added","text":"Hello world"}],"omitted":0},"bounds":[{"kind":"same"},{"kind":"below","value":"notes"}]},"digest":"a1efac683e901ca208bd4e5afc7e517b4a079d96e3b06076fb343487a035b28d","state":"succeeded","decision":"approve","reason":null,"outcome":{"text":"Wrote 11 bytes to notes/hello.txt.","error_code":null},"undo":"possible"}}');
INSERT INTO public.turn_events VALUES ('01a20025-aff0-7457-9db8-b7952c0d6583', 13, '01a20025-aca7-703c-9490-3c4bc2597965', NULL, '{"event":"message","message":{"id":"01a20025-b093-70ff-86e0-ae62576b5aef","turn_id":"01a20025-aff0-7457-9db8-b7952c0d6583","position":3,"role":"tool","state":"complete","content":[{"type":"tool_result","tool_call_id":"01a20025-b093-70ff-86e0-ae62576b5aef","text":"Wrote 11 bytes to notes/hello.txt.","is_error":false}],"provider":null,"model":null,"stop_reason":null,"usage":null,"tool_call_id":"01a20025-b093-70ff-86e0-ae62576b5aef","created_at":"2026-11-21T22:06:39.921004Z"}}');
INSERT INTO public.turn_events VALUES ('01a20025-b273-77e2-aa0f-d8ba7bd6abf4', 1, '01a20025-aca7-703c-9490-3c4bc2597965', NULL, '{"event":"message","message":{"id":"01a20025-b276-769a-bea4-bcef97321248","turn_id":"01a20025-b273-77e2-aa0f-d8ba7bd6abf4","position":1,"role":"user","state":"complete","content":[{"type":"text","text":"Create a file `notes/denied.txt` with content: No"}],"provider":null,"model":null,"stop_reason":null,"usage":null,"tool_call_id":null,"created_at":"2026-11-21T22:06:40.247434Z"}}');
INSERT INTO public.turn_events VALUES ('01a20025-b273-77e2-aa0f-d8ba7bd6abf4', 2, '01a20025-aca7-703c-9490-3c4bc2597965', NULL, '{"event":"turn","turn":{"id":"01a20025-b273-77e2-aa0f-d8ba7bd6abf4","state":"running","failure":null,"epoch":1}}');
INSERT INTO public.turn_events VALUES ('01a20025-b273-77e2-aa0f-d8ba7bd6abf4', 9, '01a20025-aca7-703c-9490-3c4bc2597965', NULL, '{"event":"message","message":{"id":"01a20025-b3e5-7128-8832-56e86de870b4","turn_id":"01a20025-b273-77e2-aa0f-d8ba7bd6abf4","position":4,"role":"assistant","state":"complete","content":[{"type":"text","text":"`notes/denied.txt` was not written: The person refused this request.\n\nThat is all the demo can do with it; it is not a real model."}],"provider":"demo","model":"demo","stop_reason":"end_turn","usage":{"input_tokens":2428,"output_tokens":33,"cached_tokens":0,"estimated":true},"tool_call_id":null,"created_at":"2026-11-21T22:06:40.760993Z"}}');
INSERT INTO public.turn_events VALUES ('01a20025-b273-77e2-aa0f-d8ba7bd6abf4', 10, '01a20025-aca7-703c-9490-3c4bc2597965', NULL, '{"event":"turn","turn":{"id":"01a20025-b273-77e2-aa0f-d8ba7bd6abf4","state":"completed","failure":null,"epoch":2}}');
INSERT INTO public.turn_events VALUES ('01a20025-b65d-7182-a181-7e4eb4893c58', 1, '01a20025-aca7-703c-9490-3c4bc2597965', NULL, '{"event":"message","message":{"id":"01a20025-b65f-71ba-ac8c-9f6141745eba","turn_id":"01a20025-b65d-7182-a181-7e4eb4893c58","position":1,"role":"user","state":"complete","content":[{"type":"text","text":"Create a file `notes/after.txt` with content: After"}],"provider":null,"model":null,"stop_reason":null,"usage":null,"tool_call_id":null,"created_at":"2026-11-21T22:06:41.248113Z"}}');
INSERT INTO public.turn_events VALUES ('01a20025-b65d-7182-a181-7e4eb4893c58', 2, '01a20025-aca7-703c-9490-3c4bc2597965', NULL, '{"event":"turn","turn":{"id":"01a20025-b65d-7182-a181-7e4eb4893c58","state":"running","failure":null,"epoch":1}}');
INSERT INTO public.turn_events VALUES ('01a20025-b65d-7182-a181-7e4eb4893c58', 5, '01a20025-aca7-703c-9490-3c4bc2597965', NULL, '{"event":"message","message":{"id":"01a20025-b683-721b-8111-a4a93986b3f4","turn_id":"01a20025-b65d-7182-a181-7e4eb4893c58","position":2,"role":"assistant","state":"complete","content":[{"type":"text","text":"I am the demo, not a real model, and with your say-so I will write `notes/after.txt`."},{"type":"tool_use","id":"01a20025-b6e4-734b-99ca-b78fd4cdfed2","name":"write_file","input":"{\"path\":\"notes/after.txt\",\"content\":\"After\"}"}],"provider":"demo","model":"demo","stop_reason":"tool_use","usage":{"input_tokens":2378,"output_tokens":35,"cached_tokens":0,"estimated":true},"tool_call_id":null,"created_at":"2026-11-21T22:06:41.395071Z"}}');
INSERT INTO public.turn_events VALUES ('01a20025-b65d-7182-a181-7e4eb4893c58', 6, '01a20025-aca7-703c-9490-3c4bc2597965', NULL, '{"event":"tool_call","call":{"id":"01a20025-b6e4-734b-99ca-b78fd4cdfed2","conversation_id":"01a20025-b65b-7316-870c-0c5535d17ebc","turn_id":"01a20025-b65d-7182-a181-7e4eb4893c58","message_id":"01a20025-b683-721b-8111-a4a93986b3f4","ordinal":0,"server":"sayso","name":"write_file","arguments":"{\"path\":\"notes/after.txt\",\"content\":\"After\"}","asked_arguments":null,"preview":{"target":"notes/after.txt","precondition":"absent","difference":{"is_new":true,"lines":[{"kind":"added","text":"After"}],"omitted":0},"bounds":[{"kind":"same"},{"kind":"below","value":"notes"}]},"digest":"68e9c4fe420ef3812fa3e9b28f98ec05e5126cb70f00aa4635a111b118f83082","state":"pending","reason":null,"outcome":null}}');
INSERT INTO public.turn_events VALUES ('01a20025-b65d-7182-a181-7e4eb4893c58', 7, '01a20025-aca7-703c-9490-3c4bc2597965', NULL, '{"event":"turn","turn":{"id":"01a20025-b65d-7182-a181-7e4eb4893c58","state":"awaiting_approval","failure":null,"epoch":1}}');
INSERT INTO public.turn_events VALUES ('01a20025-b4da-7738-a944-57f0526ce602', 6, '01a20025-aca7-703c-9490-3c4bc2597965', NULL, '{"event":"message","message":{"id":"01a20025-b511-726b-b5bb-d519bc9ff7f0","turn_id":"01a20025-b4da-7738-a944-57f0526ce602","position":2,"role":"assistant","state":"complete","content":[{"type":"text","text":"## Hello from the demo\n\nYou wrote: “What is in this picture?”\n\nI am **not a real model**, only a stand-in so that you can look around. I can show you:\n\n- text that *streams*, with Markdown\n- a tool that waits for **your** decision\n\n| Try this | What happens |\n|---|---|\n| Create a file `notes/hello.txt` with content: Hello world | I ask, you decide |\n| Write 300 words | A longer text streams in |\n\nFor real answers, set a key and start Sayso again:\n\n```sh\nexport ANTHROPIC_API_KEY=…   # or OPENAI_API_KEY, or OLLAMA_URL\nsayso\n```\n"}],"provider":"demo","model":"demo","stop_reason":"end_turn","usage":{"input_tokens":2379,"output_tokens":136,"cached_tokens":0,"estimated":true},"tool_call_id":null,"created_at":"2026-11-21T22:06:41.485982Z"}}');
INSERT INTO public.turn_events VALUES ('01a20025-b4da-7738-a944-57f0526ce602', 7, '01a20025-aca7-703c-9490-3c4bc2597965', NULL, '{"event":"turn","turn":{"id":"01a20025-b4da-7738-a944-57f0526ce602","state":"completed","failure":null,"epoch":1}}');
INSERT INTO public.turn_events VALUES ('01a20025-bae3-7186-893c-33543280e4ca', 1, '01a20025-b733-7677-9f31-70097ca2fe7f', NULL, '{"event":"message","message":{"id":"01a20025-bae5-71a2-9714-e065950ae8b6","turn_id":"01a20025-bae3-7186-893c-33543280e4ca","position":1,"role":"user","state":"complete","content":[{"type":"text","text":"What do gulls eat?"}],"provider":null,"model":null,"stop_reason":null,"usage":null,"tool_call_id":null,"created_at":"2026-11-21T22:06:42.407013Z"}}');
INSERT INTO public.turn_events VALUES ('01a20025-bae3-7186-893c-33543280e4ca', 2, '01a20025-b733-7677-9f31-70097ca2fe7f', NULL, '{"event":"turn","turn":{"id":"01a20025-bae3-7186-893c-33543280e4ca","state":"running","failure":null,"epoch":1}}');
INSERT INTO public.turn_events VALUES ('01a20025-b273-77e2-aa0f-d8ba7bd6abf4', 4, '01a20025-aca7-703c-9490-3c4bc2597965', NULL, '{"event":"tool_call","call":{"id":"01a20025-b2ff-72ec-8eb4-b11709aee0f4","conversation_id":"01a20025-b26e-7749-8ccc-9da58e9a9b3a","turn_id":"01a20025-b273-77e2-aa0f-d8ba7bd6abf4","message_id":"01a20025-b29e-75f8-96df-2c17d671c887","ordinal":0,"server":"sayso","name":"write_file","arguments":"{\"path\":\"notes/denied.txt\",\"content\":\"No\"}","asked_arguments":null,"preview":{"target":"notes/denied.txt","precondition":"absent","difference":{"is_new":true,"lines":[{"kind":"added","text":"No"}],"omitted":0},"bounds":[{"kind":"same"},{"kind":"below","value":"notes"}]},"digest":"d80eb65a381297c17516a59ce6fc13080f72db42d486d9febde7c108f6e0fb8f","state":"pending","reason":null,"outcome":null}}');
INSERT INTO public.turn_events VALUES ('01a20025-b273-77e2-aa0f-d8ba7bd6abf4', 5, '01a20025-aca7-703c-9490-3c4bc2597965', NULL, '{"event":"turn","turn":{"id":"01a20025-b273-77e2-aa0f-d8ba7bd6abf4","state":"awaiting_approval","failure":null,"epoch":1}}');
INSERT INTO public.turn_events VALUES ('01a20025-b273-77e2-aa0f-d8ba7bd6abf4', 6, '01a20025-aca7-703c-9490-3c4bc2597965', NULL, '{"event":"tool_call","call":{"id":"01a20025-b2ff-72ec-8eb4-b11709aee0f4","conversation_id":"01a20025-b26e-7749-8ccc-9da58e9a9b3a","turn_id":"01a20025-b273-77e2-aa0f-d8ba7bd6abf4","message_id":"01a20025-b29e-75f8-96df-2c17d671c887","ordinal":0,"server":"sayso","name":"write_file","arguments":"{\"path\":\"notes/denied.txt\",\"content\":\"No\"}","asked_arguments":null,"preview":{"target":"notes/denied.txt","precondition":"absent","difference":{"is_new":true,"lines":[{"kind":"added","text":"No"}],"omitted":0},"bounds":[{"kind":"same"},{"kind":"below","value":"notes"}]},"digest":"d80eb65a381297c17516a59ce6fc13080f72db42d486d9febde7c108f6e0fb8f","state":"denied","decision":"deny","reason":null,"outcome":null}}');
INSERT INTO public.turn_events VALUES ('01a20025-b273-77e2-aa0f-d8ba7bd6abf4', 7, '01a20025-aca7-703c-9490-3c4bc2597965', NULL, '{"event":"message","message":{"id":"01a20025-b2ff-72ec-8eb4-b11709aee0f4","turn_id":"01a20025-b273-77e2-aa0f-d8ba7bd6abf4","position":3,"role":"tool","state":"complete","content":[{"type":"tool_result","tool_call_id":"01a20025-b2ff-72ec-8eb4-b11709aee0f4","text":"The person refused this request.","is_error":true}],"provider":null,"model":null,"stop_reason":null,"usage":null,"tool_call_id":"01a20025-b2ff-72ec-8eb4-b11709aee0f4","created_at":"2026-11-21T22:06:40.525002Z"}}');
INSERT INTO public.turn_events VALUES ('01a20025-b273-77e2-aa0f-d8ba7bd6abf4', 8, '01a20025-aca7-703c-9490-3c4bc2597965', NULL, '{"event":"turn","turn":{"id":"01a20025-b273-77e2-aa0f-d8ba7bd6abf4","state":"running","failure":null,"epoch":2}}');
INSERT INTO public.turn_events VALUES ('01a20025-b53a-731c-85ba-0d51cbbe97be', 1, '01a20025-aca7-703c-9490-3c4bc2597965', NULL, '{"event":"message","message":{"id":"01a20025-b541-749b-86bc-3c03dd4c0ff2","turn_id":"01a20025-b53a-731c-85ba-0d51cbbe97be","position":1,"role":"user","state":"complete","content":[{"type":"text","text":"Create a file `notes/never.txt` with content: Never"}],"provider":null,"model":null,"stop_reason":null,"usage":null,"tool_call_id":null,"created_at":"2026-11-21T22:06:40.962554Z"}}');
INSERT INTO public.turn_events VALUES ('01a20025-b53a-731c-85ba-0d51cbbe97be', 2, '01a20025-aca7-703c-9490-3c4bc2597965', NULL, '{"event":"turn","turn":{"id":"01a20025-b53a-731c-85ba-0d51cbbe97be","state":"running","failure":null,"epoch":1}}');
INSERT INTO public.turn_events VALUES ('01a20025-b53a-731c-85ba-0d51cbbe97be', 5, '01a20025-aca7-703c-9490-3c4bc2597965', NULL, '{"event":"message","message":{"id":"01a20025-b574-7563-9275-759c3c06dd1c","turn_id":"01a20025-b53a-731c-85ba-0d51cbbe97be","position":2,"role":"assistant","state":"complete","content":[{"type":"text","text":"I am the demo, not a real model, and with your say-so I will write `notes/never.txt`."},{"type":"tool_use","id":"01a20025-b5d5-7295-85f6-a06e9de83dcb","name":"write_file","input":"{\"path\":\"notes/never.txt\",\"content\":\"Never\"}"}],"provider":"demo","model":"demo","stop_reason":"tool_use","usage":{"input_tokens":2378,"output_tokens":35,"cached_tokens":0,"estimated":true},"tool_call_id":null,"created_at":"2026-11-21T22:06:41.126267Z"}}');
INSERT INTO public.turn_events VALUES ('01a20025-b53a-731c-85ba-0d51cbbe97be', 6, '01a20025-aca7-703c-9490-3c4bc2597965', NULL, '{"event":"tool_call","call":{"id":"01a20025-b5d5-7295-85f6-a06e9de83dcb","conversation_id":"01a20025-b539-72b3-81f4-4285f28cb433","turn_id":"01a20025-b53a-731c-85ba-0d51cbbe97be","message_id":"01a20025-b574-7563-9275-759c3c06dd1c","ordinal":0,"server":"sayso","name":"write_file","arguments":"{\"path\":\"notes/never.txt\",\"content\":\"Never\"}","asked_arguments":null,"preview":{"target":"notes/never.txt","precondition":"absent","difference":{"is_new":true,"lines":[{"kind":"added","text":"Never"}],"omitted":0},"bounds":[{"kind":"same"},{"kind":"below","value":"notes"}]},"digest":"93f251f2e2442c5580deb617e0c4f2e88eade0c4c7888b8a628f7b2884819028","state":"pending","reason":null,"outcome":null}}');
INSERT INTO public.turn_events VALUES ('01a20025-b53a-731c-85ba-0d51cbbe97be', 7, '01a20025-aca7-703c-9490-3c4bc2597965', NULL, '{"event":"turn","turn":{"id":"01a20025-b53a-731c-85ba-0d51cbbe97be","state":"awaiting_approval","failure":null,"epoch":1}}');
INSERT INTO public.turn_events VALUES ('01a20025-bae3-7186-893c-33543280e4ca', 6, '01a20025-b733-7677-9f31-70097ca2fe7f', NULL, '{"event":"message","message":{"id":"01a20025-bb0e-71ba-be5b-d7c40aa5a099","turn_id":"01a20025-bae3-7186-893c-33543280e4ca","position":2,"role":"assistant","state":"complete","content":[{"type":"text","text":"## Hello from the demo\n\nYou wrote: “What do gulls eat?”\n\nI am **not a real model**, only a stand-in so that you can look around. I can show you:\n\n- text that *streams*, with Markdown\n- a tool that waits for **your** decision\n\n| Try this | What happens |\n|---|---|\n| Create a file `notes/hello.txt` with content: Hello world | I ask, you decide |\n| Write 300 words | A longer text streams in |\n\nFor real answers, set a key and start Sayso again:\n\n```sh\nexport ANTHROPIC_API_KEY=…   # or OPENAI_API_KEY, or OLLAMA_URL\nsayso\n```\n"}],"provider":"demo","model":"demo","stop_reason":"end_turn","usage":{"input_tokens":2369,"output_tokens":134,"cached_tokens":0,"estimated":true},"tool_call_id":null,"created_at":"2026-11-21T22:06:43.006319Z"}}');
INSERT INTO public.turn_events VALUES ('01a20025-b4da-7738-a944-57f0526ce602', 1, '01a20025-aca7-703c-9490-3c4bc2597965', NULL, '{"event":"message","message":{"id":"01a20025-b4e2-7327-86cc-9e5777dc89b6","turn_id":"01a20025-b4da-7738-a944-57f0526ce602","position":1,"role":"user","state":"complete","content":[{"type":"image","number":1,"media_type":"image/png","name":"picture.png","width":64,"height":48},{"type":"text","text":"What is in this picture?"}],"provider":null,"model":null,"stop_reason":null,"usage":null,"tool_call_id":null,"created_at":"2026-11-21T22:06:40.867744Z"}}');
INSERT INTO public.turn_events VALUES ('01a20025-b4da-7738-a944-57f0526ce602', 2, '01a20025-aca7-703c-9490-3c4bc2597965', NULL, '{"event":"turn","turn":{"id":"01a20025-b4da-7738-a944-57f0526ce602","state":"running","failure":null,"epoch":1}}');


--
-- Data for Name: turns; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.turns VALUES ('01a20025-acfa-764a-b4d8-b93ed90f3146', '01a20025-aca7-703c-9490-3c4bc2597965', '01a20025-aca9-75d1-ba78-dd3e53379d84', '01a20025-acf4-77e1-8c2c-1908394ae9b9', 'completed', NULL, NULL, NULL, 1, NULL, false, 1, 0, 8, '01a20025ace673a59944ee4c5d365c32', '2026-11-21 22:06:38.844055+00', '2026-11-21 22:06:39.498229+00');
INSERT INTO public.turns VALUES ('01a20025-b4da-7738-a944-57f0526ce602', '01a20025-aca7-703c-9490-3c4bc2597965', '01a20025-aca9-75d1-ba78-dd3e53379d84', '01a20025-b4d8-7752-9d18-bb2096de830c', 'completed', NULL, NULL, NULL, 1, NULL, false, 1, 0, 8, '01a20025b4c171839b86a54107074a87', '2026-11-21 22:06:40.859639+00', '2026-11-21 22:06:41.490712+00');
INSERT INTO public.turns VALUES ('01a20025-b273-77e2-aa0f-d8ba7bd6abf4', '01a20025-aca7-703c-9490-3c4bc2597965', '01a20025-aca9-75d1-ba78-dd3e53379d84', '01a20025-b26e-7749-8ccc-9da58e9a9b3a', 'completed', NULL, NULL, NULL, 2, NULL, false, 2, 1, 11, '01a20025b2647670b1f1903c9bd22d47', '2026-11-21 22:06:40.24468+00', '2026-11-21 22:06:40.763351+00');
INSERT INTO public.turns VALUES ('01a20025-aff0-7457-9db8-b7952c0d6583', '01a20025-aca7-703c-9490-3c4bc2597965', '01a20025-aca9-75d1-ba78-dd3e53379d84', '01a20025-afea-75f8-8183-89329f4b42d9', 'completed', NULL, NULL, NULL, 2, NULL, false, 2, 0, 18, '01a20025afd0730f8cfdff55b65b2ddf', '2026-11-21 22:06:39.60222+00', '2026-11-21 22:06:40.10003+00');
INSERT INTO public.turns VALUES ('01a20025-b53a-731c-85ba-0d51cbbe97be', '01a20025-aca7-703c-9490-3c4bc2597965', '01a20025-aca9-75d1-ba78-dd3e53379d84', '01a20025-b539-72b3-81f4-4285f28cb433', 'awaiting_approval', NULL, NULL, NULL, 1, NULL, false, 1, 0, 8, '01a20025b528758086667cc8377415d0', '2026-11-21 22:06:40.960585+00', NULL);
INSERT INTO public.turns VALUES ('01a20025-b65d-7182-a181-7e4eb4893c58', '01a20025-aca7-703c-9490-3c4bc2597965', '01a20025-aca9-75d1-ba78-dd3e53379d84', '01a20025-b65b-7316-870c-0c5535d17ebc', 'awaiting_approval', NULL, NULL, NULL, 1, NULL, false, 1, 0, 8, '01a20025b65177399bad8388ecd88c06', '2026-11-21 22:06:41.246401+00', NULL);
INSERT INTO public.turns VALUES ('01a20025-bae3-7186-893c-33543280e4ca', '01a20025-b733-7677-9f31-70097ca2fe7f', '01a20025-b8d5-71f8-97f3-9a9c23b9d4e1', '01a20025-bae1-7105-a1f1-bfa7c7b31f65', 'completed', NULL, NULL, NULL, 1, NULL, false, 1, 0, 8, '01a20025bacf7742a0601e4908934732', '2026-11-21 22:06:42.404641+00', '2026-11-21 22:06:43.010793+00');


--
-- Data for Name: usage_days; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.usage_days VALUES ('01a20025-aca7-703c-9490-3c4bc2597965', '01a20025-aca9-75d1-ba78-dd3e53379d84', '2026-11-21', 'demo', 'demo', 19121, 471, 0, 8, 8, 0);
INSERT INTO public.usage_days VALUES ('01a20025-b733-7677-9f31-70097ca2fe7f', '01a20025-b8d5-71f8-97f3-9a9c23b9d4e1', '2026-11-21', 'demo', 'demo', 2369, 134, 0, 1, 1, 0);


--
-- Data for Name: usage_limits; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.usage_limits VALUES ('01a20025-aca7-703c-9490-3c4bc2597965', '01a20025-aca7-703c-9490-3c4bc2597965', 1000000, 500000, 10000, NULL, true);
INSERT INTO public.usage_limits VALUES ('01a20025-b733-7677-9f31-70097ca2fe7f', '01a20025-b733-7677-9f31-70097ca2fe7f', 1000000, 500000, 500, NULL, true);


--
-- Data for Name: usage_months; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.usage_months VALUES ('01a20025-aca7-703c-9490-3c4bc2597965', '01a20025-aca7-703c-9490-3c4bc2597965', '2026-11', 19121, 471, 0, 8, 0, 0, 0, 0, 0);
INSERT INTO public.usage_months VALUES ('01a20025-aca7-703c-9490-3c4bc2597965', '01a20025-aca9-75d1-ba78-dd3e53379d84', '2026-11', 19121, 471, 0, 8, 0, 0, 0, 0, 0);
INSERT INTO public.usage_months VALUES ('01a20025-b733-7677-9f31-70097ca2fe7f', '01a20025-b733-7677-9f31-70097ca2fe7f', '2026-11', 2369, 134, 0, 1, 0, 0, 0, 0, 0);
INSERT INTO public.usage_months VALUES ('01a20025-b733-7677-9f31-70097ca2fe7f', '01a20025-b8d5-71f8-97f3-9a9c23b9d4e1', '2026-11', 2369, 134, 0, 1, 0, 0, 0, 0, 0);


--
-- Data for Name: users; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.users VALUES ('01a20025-aca9-75d1-ba78-dd3e53379d84', 'ada@example.org', 'Ada Lovelace', '$2b$12$9a037DmzjISCff3gcba0DuK6yWUtGtC/Su.7JAJ9G2DIGIgWshJ0a', true, true, 0, NULL, '2026-11-21 22:06:38.761773+00');
INSERT INTO public.users VALUES ('01a20025-b8d5-71f8-97f3-9a9c23b9d4e1', 'eve@example.org', 'eve@example.org', '$2b$12$z/s777z6FEI/gFrUCpvCNu90K3ycr30Lsv0AUhwL9L9IdQNSOdh5O', false, true, 0, NULL, '2026-11-21 22:06:41.877647+00');


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


