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

INSERT INTO public.__diesel_schema_migrations VALUES ('00000000000001', '2026-11-21 21:54:05.553423');
INSERT INTO public.__diesel_schema_migrations VALUES ('00000000000002', '2026-11-21 21:54:05.615675');
INSERT INTO public.__diesel_schema_migrations VALUES ('00000000000003', '2026-11-21 21:54:05.625093');
INSERT INTO public.__diesel_schema_migrations VALUES ('00000000000004', '2026-11-21 21:54:05.636536');
INSERT INTO public.__diesel_schema_migrations VALUES ('00000000000005', '2026-11-21 21:54:05.644685');


--
-- Data for Name: audit_heads; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.audit_heads VALUES ('01a2001a-30f7-73d0-a5c1-0864062c622e', 6, 'a4a0527e35f39771cc2c10954ff17a6790ca4df7297666412c78d0a92ed78470', '8962bb3bef457409f252320ad7e2f55b094a3bcb1fa613f337681eed4d689f49');
INSERT INTO public.audit_heads VALUES ('system', 2, '4cf057fc8d40872b89a019b705b30db4e87c7f35f906a4f1d9f68b9a5232aabb', 'd01d0d2c76372d6ee4d841ffb5b4926b83f60c0b367719007ff549d187de19e5');
INSERT INTO public.audit_heads VALUES ('01a2001a-3ab8-73c1-b4bd-3dbbacec0306', 4, '351b5ba4ab1023c89ea7c8fbf001d35941dd6eb0aa794dcea21ff6ab527df1f6', '6bd643d10769d0b50f38c01091ab13c852f4de1ac1661864c5d48a3ee100e3a3');


--
-- Data for Name: audit_rows; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.audit_rows VALUES ('system', 1, '01a2001a-30fb-76e6-9aba-583519a5a4e5', '2026-11-21 21:54:06.203395+00', '01a2001a-30f8-71b2-a880-88796afca700', '127.0.0.1', 'user_created', 'user:01a2001a-30f8-71b2-a880-88796afca700', NULL, NULL, 'set-up', '2eae6c25c6997f3c0038f6d61358ac7d0dae5a70531bb5a8c8d3460e7279e0a5');
INSERT INTO public.audit_rows VALUES ('01a2001a-30f7-73d0-a5c1-0864062c622e', 1, '01a2001a-30fd-7210-a14f-cd962c506844', '2026-11-21 21:54:06.20529+00', '01a2001a-30f8-71b2-a880-88796afca700', '127.0.0.1', 'tenant_created', 'tenant:01a2001a-30f7-73d0-a5c1-0864062c622e', NULL, NULL, 'set-up', '1c44a12ef90531ce5c67a6541d40ac1799be6d018ec41ffe2621dc99ee639de1');
INSERT INTO public.audit_rows VALUES ('01a2001a-30f7-73d0-a5c1-0864062c622e', 2, '01a2001a-30fe-7049-b58b-8c1e3ed3669b', '2026-11-21 21:54:06.206785+00', '01a2001a-30f8-71b2-a880-88796afca700', '127.0.0.1', 'sign_in', 'user:01a2001a-30f8-71b2-a880-88796afca700', NULL, NULL, 'set-up', '709c0512f8644fe48b8982c6580c6e3e0330755a049b3d84a6ac1f909e65efb8');
INSERT INTO public.audit_rows VALUES ('01a2001a-30f7-73d0-a5c1-0864062c622e', 3, '01a2001a-3515-71ea-a727-769628f86a76', '2026-11-21 21:54:07.25399+00', '01a2001a-30f8-71b2-a880-88796afca700', '127.0.0.1', 'tool_approved', 'tool_call:01a2001a-347a-759a-a9fe-7b64a2cb7af9', 'notes/hello.txt', '807a83a7b7390636024f61e9e6fcf474ec8aa9be89b55b6bfcb4deafbdf4951b', 'write_file', '61fbc6daf7b7991d26635b1e7daf55318f96d3febe53262b37e425519edba5c3');
INSERT INTO public.audit_rows VALUES ('01a2001a-30f7-73d0-a5c1-0864062c622e', 4, '01a2001a-352d-70a9-8228-1c1763acfaf2', '2026-11-21 21:54:07.277102+00', '01a2001a-30f8-71b2-a880-88796afca700', '', 'tool_run', 'tool_call:01a2001a-347a-759a-a9fe-7b64a2cb7af9', 'notes/hello.txt', '807a83a7b7390636024f61e9e6fcf474ec8aa9be89b55b6bfcb4deafbdf4951b', '', '77c9e00b92eb3c55e39ab07cf9a572581fc3cfb0a827227c1f30a5dfaab05219');
INSERT INTO public.audit_rows VALUES ('01a2001a-30f7-73d0-a5c1-0864062c622e', 5, '01a2001a-3555-773e-9085-35b90cf75387', '2026-11-21 21:54:07.317812+00', '01a2001a-30f8-71b2-a880-88796afca700', '', 'tool_ended', 'tool_call:01a2001a-347a-759a-a9fe-7b64a2cb7af9', 'notes/hello.txt', '807a83a7b7390636024f61e9e6fcf474ec8aa9be89b55b6bfcb4deafbdf4951b', 'succeeded', '83a630e3107a1881e1985c3821eb9cdc44721dcff5c61b2267ad2e1f11d277d0');
INSERT INTO public.audit_rows VALUES ('01a2001a-30f7-73d0-a5c1-0864062c622e', 6, '01a2001a-373b-7019-9d2a-06359ae747dc', '2026-11-21 21:54:07.80334+00', '01a2001a-30f8-71b2-a880-88796afca700', '127.0.0.1', 'tool_denied', 'tool_call:01a2001a-36d3-72ef-b5c4-1c4b6d32552f', 'notes/denied.txt', 'cb0dd68cd7ea14e9b00b0613088d2082e192b96ca6ea8c2ead8367d7b26e4421', 'write_file', 'a4a0527e35f39771cc2c10954ff17a6790ca4df7297666412c78d0a92ed78470');
INSERT INTO public.audit_rows VALUES ('01a2001a-3ab8-73c1-b4bd-3dbbacec0306', 1, '01a2001a-3abe-716d-93ae-5622c45dc2bc', '2026-11-21 21:54:08.702465+00', 'nobody', 'command line', 'tenant_created', 'tenant:01a2001a-3ab8-73c1-b4bd-3dbbacec0306', NULL, NULL, 'elsewhere', '8f63934b18b74000eadbeb5547aa1b36f384b32a37210fcd99e4995f73c2d28b');
INSERT INTO public.audit_rows VALUES ('01a2001a-3ab8-73c1-b4bd-3dbbacec0306', 2, '01a2001a-3c41-7792-9bab-29553ce54498', '2026-11-21 21:54:09.089918+00', 'nobody', 'command line', 'member_added', 'user:01a2001a-3c3d-737b-89ef-0461eeea038f', NULL, NULL, 'owner', '3bfc0c8b7a47646ffce277932983fb938d81572ffc05b370b8bdf19e4ccce5dd');
INSERT INTO public.audit_rows VALUES ('system', 2, '01a2001a-3c44-76dc-abe2-017ee24ba704', '2026-11-21 21:54:09.092465+00', 'nobody', 'command line', 'user_created', 'user:01a2001a-3c3d-737b-89ef-0461eeea038f', NULL, NULL, '', '4cf057fc8d40872b89a019b705b30db4e87c7f35f906a4f1d9f68b9a5232aabb');
INSERT INTO public.audit_rows VALUES ('01a2001a-3ab8-73c1-b4bd-3dbbacec0306', 3, '01a2001a-3dd7-725a-a65a-ce1b7fe1bc92', '2026-11-21 21:54:09.495547+00', '01a2001a-3c3d-737b-89ef-0461eeea038f', '127.0.0.1', 'sign_in', 'user:01a2001a-3c3d-737b-89ef-0461eeea038f', NULL, NULL, '', '153bb84c13f843c127189cb6d596b450d3482195f1d75d30d8807669c26107da');
INSERT INTO public.audit_rows VALUES ('01a2001a-3ab8-73c1-b4bd-3dbbacec0306', 4, '01a2001a-40db-7427-9f68-ffba90950d7a', '2026-11-21 21:54:10.267555+00', 'nobody', 'command line', 'limits_changed', 'tenant:01a2001a-3ab8-73c1-b4bd-3dbbacec0306', NULL, NULL, '1000000 input tokens, 500000 output tokens, 500 requests, any credits', '351b5ba4ab1023c89ea7c8fbf001d35941dd6eb0aa794dcea21ff6ab527df1f6');


--
-- Data for Name: blobs; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.blobs VALUES ('01a2001a-3849-71ab-bfd9-a2612a5b21d6', 1, '01a2001a-30f7-73d0-a5c1-0864062c622e', '01a2001a-30f8-71b2-a880-88796afca700', 'image/png', 'picture.png', 1076, '\x89504e470d0a1a0a0000000d49484452000000400000003008020000002e29eb48000003fb494441547801edc003a0245996c6f1ff77ee8dc8cca7724b63ae6ddbb66ddbb66ddbb66d698c9e964aaf9e323322eef976b76a7aa6873b6bd5af3e1a2850a142850a152a54a850a142850a152a54a850a142850a152a54a850a142850a152a54a850a142850a152a54a850a142850a152a54a850a142850a152a54a850a142850a152a153afe17a342c7ff6254e8f85f8c0a3dff8b51a1e37f312a74fc2f46859effc5a8d0f11fea6fdfe3242fd44bfed505fec350a1e33fc8df7ec0362f82bf7d9993c04b3e7e9fff0054e8f977fbdb8f98f1aff4b78fd9065ef2e96bfe5da8d0f1eff3b71f13fc5bfded43662f797bf26f47858e7f87bffd84c6bfcfdfde1c2f7977e1df880a3dff567ffb294bfe23fcedf5ed25cf2ef8b7a042c7bfc9df7ec61eff71fef6ccf2252feef0af46858e7fbdbffd9cf3fc47fbdb137b2fb97f8a7f1d2af4fc0fd2f3af43858e7fa5bffd82dbf8cff1b7db77bfe4f216fe15a8d0f13f4bc7bf02153afe35fef64b9ec07fa6bf5d3cf525c747f3a2a242cfff383d2f2a2a74fc8fd3f1a2a242c7ff381d2f2a2af4fc8fd3f3a2a242c7ff381d2f2a2a74fc8fd3f1a2a242cfff383d2f2a2a74fc8fd3f1a2a242c7ff381d2f2a2af4fc8fd3f3a222a0830e3ae8a0830e3ae8a0830e3ae8a0830e3ae85ef293de8fff4c2fb97c3fe8a0830e3ae8a0830e3ae8a0830e3ae8a083ae42c7ff2c1dff0a04f4d0430f3df4d0430f3df4d0430f3df4d0430f3df42ff9691fc97f8e97dcff48e8a1871e7ae8a1871e7ae8a1871e7ae8a1871efa0a1dff8374fceb10d041071d74d041071d74d041071d74d041071d74d041f7929ff5c9fc477bc98b9f0c1d74d041071d74d041071d74d041071d74d041075d40071d74d041071d74d041071d74d041071d74d041071d742ff9799fc17f9c973cfb19d041071d74d041071d74d041071d74d041071d74d04117d0430f3df4d0430f3df4d0430f3df4d0430f3df4d0430f3df42ff9459fc77f8497bcfbf3a0871e7ae8a1871e7ae8a1871e7ae8a1871e7ae8a1871efa800e3ae8a0830e3ae8a0830e3ae8a0830e3ae8a0830e3ae8a083ee25bfec8bf9f779c9dbbf183ae8a0830e3ae8a0830e3ae8a0830e3ae8a0830e3ae8a0832ea0830e3ae8a0830e3ae8a0830e3ae8a0830e3ae8a0830e3ae8a083ee25bfea2bf8b77ac9a77f0574d041071d74d041071d74d041071d74d041071d74d041071d747a347f45810a152a54a850a142850a152a54a850a142850a152a54a850a1f2b71ff211bcc85ef2f15f47850a152a54a850a142850a152a54a850a142850a152a54a850a9d0f11fe425bfed9ba9fcedfb7c302fd44bfed53753a1f21f810a1dffa15ef2fbbe830a152a54a850a142850a152aff71a8d0f3bf18153afe17a342c7ff6254e8f95f8c0a1dff8b51a1e37f31fe1188b75577c57aca6c0000000049454e44ae426082', '2026-11-21 21:54:08.083065+00');


--
-- Data for Name: conversations; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.conversations VALUES ('01a2001a-3137-76ed-9ccd-2e62ee16401c', '01a2001a-30f7-73d0-a5c1-0864062c622e', '01a2001a-30f8-71b2-a880-88796afca700', 'chat', 'Where do pelicans fly?', 'first_words', NULL, NULL, NULL, 2, '2026-11-21 21:54:06.263517+00', '2026-11-21 21:54:06.890049+00', NULL, 1);
INSERT INTO public.conversations VALUES ('01a2001a-33ef-73ba-8cb2-e182d0e917ae', '01a2001a-30f7-73d0-a5c1-0864062c622e', '01a2001a-30f8-71b2-a880-88796afca700', 'chat', 'Create a file `notes/hello.txt` with content: Hello world', 'first_words', NULL, NULL, NULL, 4, '2026-11-21 21:54:06.959681+00', '2026-11-21 21:54:07.487526+00', NULL, 1);
INSERT INTO public.conversations VALUES ('01a2001a-3651-70f0-a626-a6e8bd93d922', '01a2001a-30f7-73d0-a5c1-0864062c622e', '01a2001a-30f8-71b2-a880-88796afca700', 'chat', 'Create a file `notes/denied.txt` with content: No', 'first_words', NULL, NULL, NULL, 4, '2026-11-21 21:54:07.56911+00', '2026-11-21 21:54:08.008703+00', NULL, 1);
INSERT INTO public.conversations VALUES ('01a2001a-389c-7731-923a-ff9589fe235f', '01a2001a-30f7-73d0-a5c1-0864062c622e', '01a2001a-30f8-71b2-a880-88796afca700', 'chat', 'Create a file `notes/never.txt` with content: Never', 'first_words', NULL, NULL, '01a2001a-389d-74a3-a46c-7e6ce99c2709', 2, '2026-11-21 21:54:08.15657+00', '2026-11-21 21:54:08.32719+00', NULL, 1);
INSERT INTO public.conversations VALUES ('01a2001a-39bc-77e7-b61a-d884553547a1', '01a2001a-30f7-73d0-a5c1-0864062c622e', '01a2001a-30f8-71b2-a880-88796afca700', 'chat', 'Create a file `notes/after.txt` with content: After', 'first_words', NULL, NULL, '01a2001a-39bd-75ec-94c5-df5bfc1e0b45', 2, '2026-11-21 21:54:08.444935+00', '2026-11-21 21:54:08.588876+00', NULL, 1);
INSERT INTO public.conversations VALUES ('01a2001a-3849-71ab-bfd9-a2612a5b21d6', '01a2001a-30f7-73d0-a5c1-0864062c622e', '01a2001a-30f8-71b2-a880-88796afca700', 'chat', 'What is in this picture?', 'first_words', NULL, NULL, NULL, 2, '2026-11-21 21:54:08.073765+00', '2026-11-21 21:54:08.692551+00', NULL, 1);
INSERT INTO public.conversations VALUES ('01a2001a-3e00-71ba-804d-c3c241a44e68', '01a2001a-3ab8-73c1-b4bd-3dbbacec0306', '01a2001a-3c3d-737b-89ef-0461eeea038f', 'chat', 'What do gulls eat?', 'first_words', NULL, NULL, NULL, 2, '2026-11-21 21:54:09.536741+00', '2026-11-21 21:54:10.139457+00', NULL, 1);


--
-- Data for Name: file_writes; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.file_writes VALUES ('01a2001a-347a-759a-a9fe-7b64a2cb7af9', '01a2001a-30f7-73d0-a5c1-0864062c622e', '01a2001a-30f8-71b2-a880-88796afca700', 'write_file', 'notes/hello.txt', NULL, '64ec88ca00b268e5ba1a35678a1b5316d212f4f366b2477232534a8aeca37f3c', NULL, 0, 11, '2026-11-21 21:54:07.290394+00', '2026-11-21 21:54:07.301263+00', NULL);


--
-- Data for Name: grants; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: memberships; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.memberships VALUES ('01a2001a-30f7-73d0-a5c1-0864062c622e', '01a2001a-30f8-71b2-a880-88796afca700', 'owner', true, '2026-11-21 21:54:06.201446+00');
INSERT INTO public.memberships VALUES ('01a2001a-3ab8-73c1-b4bd-3dbbacec0306', '01a2001a-3c3d-737b-89ef-0461eeea038f', 'owner', true, '2026-11-21 21:54:09.086703+00');


--
-- Data for Name: messages; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.messages VALUES ('01a2001a-313b-72fa-b68a-d6a1a27f2eb4', '01a2001a-30f7-73d0-a5c1-0864062c622e', '01a2001a-3137-76ed-9ccd-2e62ee16401c', '01a2001a-3138-759f-8940-a8c41ade2aac', 1, 'user', 'complete', '[{"type":"text","text":"Where do pelicans fly?"}]', NULL, NULL, NULL, NULL, NULL, NULL, false, NULL, '2026-11-21 21:54:06.268154+00', NULL);
INSERT INTO public.messages VALUES ('01a2001a-3168-77b2-99c4-2f614265a5ee', '01a2001a-30f7-73d0-a5c1-0864062c622e', '01a2001a-3137-76ed-9ccd-2e62ee16401c', '01a2001a-3138-759f-8940-a8c41ade2aac', 2, 'assistant', 'complete', '[{"type":"text","text":"## Hello from the demo\n\nYou wrote: “Where do pelicans fly?”\n\nI am **not a real model**, only a stand-in so that you can look around. I can show you:\n\n- text that *streams*, with Markdown\n- a tool that waits for **your** decision\n\n| Try this | What happens |\n|---|---|\n| Create a file `notes/hello.txt` with content: Hello world | I ask, you decide |\n| Write 300 words | A longer text streams in |\n\nFor real answers, set a key and start Sayso again:\n\n```sh\nexport ANTHROPIC_API_KEY=…   # or OPENAI_API_KEY, or OLLAMA_URL\nsayso\n```\n"}]', 'demo', 'demo', 'end_turn', 2370, 135, 0, true, NULL, '2026-11-21 21:54:06.890753+00', NULL);
INSERT INTO public.messages VALUES ('01a2001a-33f4-731a-9f1f-d8a7e5b1590b', '01a2001a-30f7-73d0-a5c1-0864062c622e', '01a2001a-33ef-73ba-8cb2-e182d0e917ae', '01a2001a-33f1-7393-931d-e879317c1080', 1, 'user', 'complete', '[{"type":"text","text":"Create a file `notes/hello.txt` with content: Hello world"}]', NULL, NULL, NULL, NULL, NULL, NULL, false, NULL, '2026-11-21 21:54:06.965003+00', NULL);
INSERT INTO public.messages VALUES ('01a2001a-3418-76b8-ab15-ead82ce80f25', '01a2001a-30f7-73d0-a5c1-0864062c622e', '01a2001a-33ef-73ba-8cb2-e182d0e917ae', '01a2001a-33f1-7393-931d-e879317c1080', 2, 'assistant', 'complete', '[{"type":"text","text":"I am the demo, not a real model, and with your say-so I will write `notes/hello.txt`."},{"type":"tool_use","id":"01a2001a-347a-759a-a9fe-7b64a2cb7af9","name":"write_file","input":"{\"path\":\"notes/hello.txt\",\"content\":\"Hello world\"}"}]', 'demo', 'demo', 'tool_use', 2379, 37, 0, true, NULL, '2026-11-21 21:54:07.140866+00', NULL);
INSERT INTO public.messages VALUES ('01a2001a-347a-759a-a9fe-7b64a2cb7af9', '01a2001a-30f7-73d0-a5c1-0864062c622e', '01a2001a-33ef-73ba-8cb2-e182d0e917ae', '01a2001a-33f1-7393-931d-e879317c1080', 3, 'tool', 'complete', '[{"type":"tool_result","tool_call_id":"01a2001a-347a-759a-a9fe-7b64a2cb7af9","text":"Wrote 11 bytes to notes/hello.txt.","is_error":false}]', NULL, NULL, NULL, NULL, NULL, NULL, false, '01a2001a-347a-759a-a9fe-7b64a2cb7af9', '2026-11-21 21:54:07.313953+00', NULL);
INSERT INTO public.messages VALUES ('01a2001a-3591-75b2-a7fa-4d252d5bad59', '01a2001a-30f7-73d0-a5c1-0864062c622e', '01a2001a-33ef-73ba-8cb2-e182d0e917ae', '01a2001a-33f1-7393-931d-e879317c1080', 4, 'assistant', 'complete', '[{"type":"text","text":"Done: `notes/hello.txt` was written.\n\nThat is all the demo can do with it; it is not a real model."}]', 'demo', 'demo', 'end_turn', 2432, 25, 0, true, NULL, '2026-11-21 21:54:07.488082+00', NULL);
INSERT INTO public.messages VALUES ('01a2001a-3653-71cc-9d29-290fa1db4f3e', '01a2001a-30f7-73d0-a5c1-0864062c622e', '01a2001a-3651-70f0-a626-a6e8bd93d922', '01a2001a-3652-7797-be19-1c1b79dafbb2', 1, 'user', 'complete', '[{"type":"text","text":"Create a file `notes/denied.txt` with content: No"}]', NULL, NULL, NULL, NULL, NULL, NULL, false, NULL, '2026-11-21 21:54:07.572424+00', NULL);
INSERT INTO public.messages VALUES ('01a2001a-3671-7401-932c-f644b339070e', '01a2001a-30f7-73d0-a5c1-0864062c622e', '01a2001a-3651-70f0-a626-a6e8bd93d922', '01a2001a-3652-7797-be19-1c1b79dafbb2', 2, 'assistant', 'complete', '[{"type":"text","text":"I am the demo, not a real model, and with your say-so I will write `notes/denied.txt`."},{"type":"tool_use","id":"01a2001a-36d3-72ef-b5c4-1c4b6d32552f","name":"write_file","input":"{\"path\":\"notes/denied.txt\",\"content\":\"No\"}"}]', 'demo', 'demo', 'tool_use', 2377, 35, 0, true, NULL, '2026-11-21 21:54:07.722399+00', NULL);
INSERT INTO public.messages VALUES ('01a2001a-36d3-72ef-b5c4-1c4b6d32552f', '01a2001a-30f7-73d0-a5c1-0864062c622e', '01a2001a-3651-70f0-a626-a6e8bd93d922', '01a2001a-3652-7797-be19-1c1b79dafbb2', 3, 'tool', 'complete', '[{"type":"tool_result","tool_call_id":"01a2001a-36d3-72ef-b5c4-1c4b6d32552f","text":"The person refused this request.","is_error":true}]', NULL, NULL, NULL, NULL, NULL, NULL, false, '01a2001a-36d3-72ef-b5c4-1c4b6d32552f', '2026-11-21 21:54:07.801807+00', NULL);
INSERT INTO public.messages VALUES ('01a2001a-377a-70b7-85b7-ac23b3abcdc8', '01a2001a-30f7-73d0-a5c1-0864062c622e', '01a2001a-3651-70f0-a626-a6e8bd93d922', '01a2001a-3652-7797-be19-1c1b79dafbb2', 4, 'assistant', 'complete', '[{"type":"text","text":"`notes/denied.txt` was not written: The person refused this request.\n\nThat is all the demo can do with it; it is not a real model."}]', 'demo', 'demo', 'end_turn', 2428, 33, 0, true, NULL, '2026-11-21 21:54:08.009484+00', NULL);
INSERT INTO public.messages VALUES ('01a2001a-3854-72e4-adb0-d25e624aa086', '01a2001a-30f7-73d0-a5c1-0864062c622e', '01a2001a-3849-71ab-bfd9-a2612a5b21d6', '01a2001a-384b-74c3-b84a-451e45e1e853', 1, 'user', 'complete', '[{"type":"image","number":1,"media_type":"image/png","name":"picture.png","width":64,"height":48},{"type":"text","text":"What is in this picture?"}]', NULL, NULL, NULL, NULL, NULL, NULL, false, NULL, '2026-11-21 21:54:08.08503+00', NULL);
INSERT INTO public.messages VALUES ('01a2001a-389f-70d9-b53d-61d3f88af3f4', '01a2001a-30f7-73d0-a5c1-0864062c622e', '01a2001a-389c-7731-923a-ff9589fe235f', '01a2001a-389d-74a3-a46c-7e6ce99c2709', 1, 'user', 'complete', '[{"type":"text","text":"Create a file `notes/never.txt` with content: Never"}]', NULL, NULL, NULL, NULL, NULL, NULL, false, NULL, '2026-11-21 21:54:08.160918+00', NULL);
INSERT INTO public.messages VALUES ('01a2001a-38ce-7285-94ce-7d753e43f64a', '01a2001a-30f7-73d0-a5c1-0864062c622e', '01a2001a-389c-7731-923a-ff9589fe235f', '01a2001a-389d-74a3-a46c-7e6ce99c2709', 2, 'assistant', 'complete', '[{"type":"text","text":"I am the demo, not a real model, and with your say-so I will write `notes/never.txt`."},{"type":"tool_use","id":"01a2001a-3931-758e-a0b9-84d8693a73cf","name":"write_file","input":"{\"path\":\"notes/never.txt\",\"content\":\"Never\"}"}]', 'demo', 'demo', 'tool_use', 2378, 35, 0, true, NULL, '2026-11-21 21:54:08.327858+00', NULL);
INSERT INTO public.messages VALUES ('01a2001a-39bf-7690-91ef-2983030c0535', '01a2001a-30f7-73d0-a5c1-0864062c622e', '01a2001a-39bc-77e7-b61a-d884553547a1', '01a2001a-39bd-75ec-94c5-df5bfc1e0b45', 1, 'user', 'complete', '[{"type":"text","text":"Create a file `notes/after.txt` with content: After"}]', NULL, NULL, NULL, NULL, NULL, NULL, false, NULL, '2026-11-21 21:54:08.44839+00', NULL);
INSERT INTO public.messages VALUES ('01a2001a-39dc-718a-9b88-a439711181c4', '01a2001a-30f7-73d0-a5c1-0864062c622e', '01a2001a-39bc-77e7-b61a-d884553547a1', '01a2001a-39bd-75ec-94c5-df5bfc1e0b45', 2, 'assistant', 'complete', '[{"type":"text","text":"I am the demo, not a real model, and with your say-so I will write `notes/after.txt`."},{"type":"tool_use","id":"01a2001a-3a3e-7457-9f26-00d44aae0218","name":"write_file","input":"{\"path\":\"notes/after.txt\",\"content\":\"After\"}"}]', 'demo', 'demo', 'tool_use', 2378, 35, 0, true, NULL, '2026-11-21 21:54:08.590059+00', NULL);
INSERT INTO public.messages VALUES ('01a2001a-3881-7257-82fc-59b2e38157d4', '01a2001a-30f7-73d0-a5c1-0864062c622e', '01a2001a-3849-71ab-bfd9-a2612a5b21d6', '01a2001a-384b-74c3-b84a-451e45e1e853', 2, 'assistant', 'complete', '[{"type":"text","text":"## Hello from the demo\n\nYou wrote: “What is in this picture?”\n\nI am **not a real model**, only a stand-in so that you can look around. I can show you:\n\n- text that *streams*, with Markdown\n- a tool that waits for **your** decision\n\n| Try this | What happens |\n|---|---|\n| Create a file `notes/hello.txt` with content: Hello world | I ask, you decide |\n| Write 300 words | A longer text streams in |\n\nFor real answers, set a key and start Sayso again:\n\n```sh\nexport ANTHROPIC_API_KEY=…   # or OPENAI_API_KEY, or OLLAMA_URL\nsayso\n```\n"}]', 'demo', 'demo', 'end_turn', 2379, 136, 0, true, NULL, '2026-11-21 21:54:08.693253+00', NULL);
INSERT INTO public.messages VALUES ('01a2001a-3e03-7619-9b66-6717b2994e2f', '01a2001a-3ab8-73c1-b4bd-3dbbacec0306', '01a2001a-3e00-71ba-804d-c3c241a44e68', '01a2001a-3e01-777d-b174-c21e8602a5e1', 1, 'user', 'complete', '[{"type":"text","text":"What do gulls eat?"}]', NULL, NULL, NULL, NULL, NULL, NULL, false, NULL, '2026-11-21 21:54:09.540605+00', NULL);
INSERT INTO public.messages VALUES ('01a2001a-3e2b-76bf-a791-7c0c1db36f54', '01a2001a-3ab8-73c1-b4bd-3dbbacec0306', '01a2001a-3e00-71ba-804d-c3c241a44e68', '01a2001a-3e01-777d-b174-c21e8602a5e1', 2, 'assistant', 'complete', '[{"type":"text","text":"## Hello from the demo\n\nYou wrote: “What do gulls eat?”\n\nI am **not a real model**, only a stand-in so that you can look around. I can show you:\n\n- text that *streams*, with Markdown\n- a tool that waits for **your** decision\n\n| Try this | What happens |\n|---|---|\n| Create a file `notes/hello.txt` with content: Hello world | I ask, you decide |\n| Write 300 words | A longer text streams in |\n\nFor real answers, set a key and start Sayso again:\n\n```sh\nexport ANTHROPIC_API_KEY=…   # or OPENAI_API_KEY, or OLLAMA_URL\nsayso\n```\n"}]', 'demo', 'demo', 'end_turn', 2369, 134, 0, true, NULL, '2026-11-21 21:54:10.140306+00', NULL);


--
-- Data for Name: model_calls; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.model_calls VALUES ('01a2001a-3152-75a8-aa11-d39dd5cb7977', '01a2001a-30f7-73d0-a5c1-0864062c622e', '01a2001a-30f8-71b2-a880-88796afca700', '01a2001a-3138-759f-8940-a8c41ade2aac', 'chat', 'demo', 'demo', '2026-11', 11664, 4096, 0, 2370, 135, 0, 0, true, NULL, '01a2001a-2f46-73df-b654-fec72b86c748', '2026-11-21 21:54:06.277181+00', '2026-11-21 21:54:06.886563+00');
INSERT INTO public.model_calls VALUES ('01a2001a-33ff-75c5-a39f-a172ed7548f8', '01a2001a-30f7-73d0-a5c1-0864062c622e', '01a2001a-30f8-71b2-a880-88796afca700', '01a2001a-33f1-7393-931d-e879317c1080', 'chat', 'demo', 'demo', '2026-11', 11699, 4096, 0, 2379, 37, 0, 0, true, NULL, '01a2001a-2f46-73df-b654-fec72b86c748', '2026-11-21 21:54:06.971245+00', '2026-11-21 21:54:07.134069+00');
INSERT INTO public.model_calls VALUES ('01a2001a-3579-72e0-be8e-56600f84926a', '01a2001a-30f7-73d0-a5c1-0864062c622e', '01a2001a-30f8-71b2-a880-88796afca700', '01a2001a-33f1-7393-931d-e879317c1080', 'chat', 'demo', 'demo', '2026-11', 11958, 4096, 0, 2432, 25, 0, 0, true, NULL, '01a2001a-2f46-73df-b654-fec72b86c748', '2026-11-21 21:54:07.349299+00', '2026-11-21 21:54:07.484809+00');
INSERT INTO public.model_calls VALUES ('01a2001a-365a-7223-b6f3-67e82327e2fd', '01a2001a-30f7-73d0-a5c1-0864062c622e', '01a2001a-30f8-71b2-a880-88796afca700', '01a2001a-3652-7797-be19-1c1b79dafbb2', 'chat', 'demo', 'demo', '2026-11', 11691, 4096, 0, 2377, 35, 0, 0, true, NULL, '01a2001a-2f46-73df-b654-fec72b86c748', '2026-11-21 21:54:07.576518+00', '2026-11-21 21:54:07.713786+00');
INSERT INTO public.model_calls VALUES ('01a2001a-3767-73dc-8546-1ea21f894989', '01a2001a-30f7-73d0-a5c1-0864062c622e', '01a2001a-30f8-71b2-a880-88796afca700', '01a2001a-3652-7797-be19-1c1b79dafbb2', 'chat', 'demo', 'demo', '2026-11', 11941, 4096, 0, 2428, 33, 0, 0, true, NULL, '01a2001a-2f46-73df-b654-fec72b86c748', '2026-11-21 21:54:07.838674+00', '2026-11-21 21:54:08.006124+00');
INSERT INTO public.model_calls VALUES ('01a2001a-38b0-721b-a1bf-415968daa990', '01a2001a-30f7-73d0-a5c1-0864062c622e', '01a2001a-30f8-71b2-a880-88796afca700', '01a2001a-389d-74a3-a46c-7e6ce99c2709', 'chat', 'demo', 'demo', '2026-11', 11693, 4096, 0, 2378, 35, 0, 0, true, NULL, '01a2001a-2f46-73df-b654-fec72b86c748', '2026-11-21 21:54:08.171863+00', '2026-11-21 21:54:08.324814+00');
INSERT INTO public.model_calls VALUES ('01a2001a-39c7-71f5-9b1f-63381fc3ce56', '01a2001a-30f7-73d0-a5c1-0864062c622e', '01a2001a-30f8-71b2-a880-88796afca700', '01a2001a-39bd-75ec-94c5-df5bfc1e0b45', 'chat', 'demo', 'demo', '2026-11', 11693, 4096, 0, 2378, 35, 0, 0, true, NULL, '01a2001a-2f46-73df-b654-fec72b86c748', '2026-11-21 21:54:08.452958+00', '2026-11-21 21:54:08.584374+00');
INSERT INTO public.model_calls VALUES ('01a2001a-3865-70b0-aa28-446309d79b73', '01a2001a-30f7-73d0-a5c1-0864062c622e', '01a2001a-30f8-71b2-a880-88796afca700', '01a2001a-384b-74c3-b84a-451e45e1e853', 'chat', 'demo', 'demo', '2026-11', 20193, 4096, 0, 2379, 136, 0, 0, true, NULL, '01a2001a-2f46-73df-b654-fec72b86c748', '2026-11-21 21:54:08.094148+00', '2026-11-21 21:54:08.688321+00');
INSERT INTO public.model_calls VALUES ('01a2001a-3e0d-7331-a850-8273a0a2ed8e', '01a2001a-3ab8-73c1-b4bd-3dbbacec0306', '01a2001a-3c3d-737b-89ef-0461eeea038f', '01a2001a-3e01-777d-b174-c21e8602a5e1', 'chat', 'demo', 'demo', '2026-11', 11659, 4096, 0, 2369, 134, 0, 0, true, NULL, '01a2001a-2f46-73df-b654-fec72b86c748', '2026-11-21 21:54:09.545552+00', '2026-11-21 21:54:10.135676+00');


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
-- Data for Name: secrets_in_use; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.secrets_in_use VALUES ('b44c21c91fb1307ff0cff2138ab2318d5d608f934879fbfcbbc431e98e8fb03e');


--
-- Data for Name: sessions; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.sessions VALUES ('01a2001a-30ff-711d-acda-5e1f79e639bc', 'ba9b4ab49e6ea62bde512608e4d0cf38f0381afe3fba2c6bd8915d97b7ebb512', '{"tenant":"\"01a2001a-30f7-73d0-a5c1-0864062c622e\"","user_agent":"\"Mozilla/5.0 (a person without JavaScript)\"","user":"\"01a2001a-30f8-71b2-a880-88796afca700\"","csrf":"\"zuE_71Ei4vXUq7uaAiNFFdoWkjvpB1DMe5iXAZC6Pgw\"","epoch":"0","seen":"1795298046","id":"\"01a2001a-30ff-711d-acda-5e1f79e639bc\"","address":"\"127.0.0.1\""}', '01a2001a-30f8-71b2-a880-88796afca700', '01a2001a-30f7-73d0-a5c1-0864062c622e', 0, 'Mozilla/5.0 (a person without JavaScript)', '127.0.0.1', '2026-11-21 21:54:06.208872+00', '2026-11-21 21:54:06.208872+00', '2026-12-05 21:54:06.208872+00');
INSERT INTO public.sessions VALUES ('01a2001a-3dd9-75ca-914c-6f27d0fffca1', '82b3ad5bfcdfc5653e3be8a721ae7953154bfd2da032da2cb7f136e3e0258cea', '{"epoch":"0","address":"\"127.0.0.1\"","csrf":"\"Wj9i3FZlZX7tbn-AHMwK44Kq27aHm8oyHSqUsm_RGtg\"","seen":"1795298049","tenant":"\"01a2001a-3ab8-73c1-b4bd-3dbbacec0306\"","user_agent":"\"Mozilla/5.0 (a person without JavaScript)\"","user":"\"01a2001a-3c3d-737b-89ef-0461eeea038f\"","id":"\"01a2001a-3dd9-75ca-914c-6f27d0fffca1\""}', '01a2001a-3c3d-737b-89ef-0461eeea038f', '01a2001a-3ab8-73c1-b4bd-3dbbacec0306', 0, 'Mozilla/5.0 (a person without JavaScript)', '127.0.0.1', '2026-11-21 21:54:09.498684+00', '2026-11-21 21:54:09.498684+00', '2026-12-05 21:54:09.498684+00');


--
-- Data for Name: setup_links; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: tenants; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.tenants VALUES ('01a2001a-30f7-73d0-a5c1-0864062c622e', 'test-works', 'Test Works', true, NULL, '2026-11-21 21:54:06.19912+00', NULL, NULL);
INSERT INTO public.tenants VALUES ('01a2001a-3ab8-73c1-b4bd-3dbbacec0306', 'elsewhere', 'Elsewhere', true, NULL, '2026-11-21 21:54:08.69642+00', NULL, NULL);


--
-- Data for Name: tool_calls; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.tool_calls VALUES ('01a2001a-347a-759a-a9fe-7b64a2cb7af9', '01a2001a-30f7-73d0-a5c1-0864062c622e', '01a2001a-30f8-71b2-a880-88796afca700', '01a2001a-33ef-73ba-8cb2-e182d0e917ae', '01a2001a-33f1-7393-931d-e879317c1080', '01a2001a-3418-76b8-ab15-ead82ce80f25', 0, 'sayso', 'builtin', 'write_file', '1513a920e53361bbff607caa23f60a8ddc9b846cf04baf7dc501c1c231f89823', '{"path":"notes/hello.txt","content":"Hello world"}', NULL, 'notes/hello.txt', 'absent', '{"is_new":true,"lines":[{"kind":"added","text":"Hello world"}],"omitted":0}', '807a83a7b7390636024f61e9e6fcf474ec8aa9be89b55b6bfcb4deafbdf4951b', 'succeeded', 'approve', '01a2001a-30f8-71b2-a880-88796afca700', '2026-11-21 21:54:07.250368+00', NULL, 'Wrote 11 bytes to notes/hello.txt.', NULL, NULL, '2026-11-21 21:54:07.126401+00', '2026-11-21 21:54:07.274227+00', '2026-11-21 21:54:07.310401+00', '[{"kind":"same"},{"kind":"below","value":"notes"}]', NULL, 'possible');
INSERT INTO public.tool_calls VALUES ('01a2001a-36d3-72ef-b5c4-1c4b6d32552f', '01a2001a-30f7-73d0-a5c1-0864062c622e', '01a2001a-30f8-71b2-a880-88796afca700', '01a2001a-3651-70f0-a626-a6e8bd93d922', '01a2001a-3652-7797-be19-1c1b79dafbb2', '01a2001a-3671-7401-932c-f644b339070e', 0, 'sayso', 'builtin', 'write_file', '1513a920e53361bbff607caa23f60a8ddc9b846cf04baf7dc501c1c231f89823', '{"path":"notes/denied.txt","content":"No"}', NULL, 'notes/denied.txt', 'absent', '{"is_new":true,"lines":[{"kind":"added","text":"No"}],"omitted":0}', 'cb0dd68cd7ea14e9b00b0613088d2082e192b96ca6ea8c2ead8367d7b26e4421', 'denied', 'deny', '01a2001a-30f8-71b2-a880-88796afca700', '2026-11-21 21:54:07.799178+00', NULL, NULL, NULL, NULL, '2026-11-21 21:54:07.707215+00', NULL, NULL, '[{"kind":"same"},{"kind":"below","value":"notes"}]', NULL, NULL);
INSERT INTO public.tool_calls VALUES ('01a2001a-3931-758e-a0b9-84d8693a73cf', '01a2001a-30f7-73d0-a5c1-0864062c622e', '01a2001a-30f8-71b2-a880-88796afca700', '01a2001a-389c-7731-923a-ff9589fe235f', '01a2001a-389d-74a3-a46c-7e6ce99c2709', '01a2001a-38ce-7285-94ce-7d753e43f64a', 0, 'sayso', 'builtin', 'write_file', '1513a920e53361bbff607caa23f60a8ddc9b846cf04baf7dc501c1c231f89823', '{"path":"notes/never.txt","content":"Never"}', NULL, 'notes/never.txt', 'absent', '{"is_new":true,"lines":[{"kind":"added","text":"Never"}],"omitted":0}', '2a650ac7602526edf07347d689ff4c2654f10a0bea50d3ab2fb428f0e4279a12', 'pending', NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2026-11-21 21:54:08.31606+00', NULL, NULL, '[{"kind":"same"},{"kind":"below","value":"notes"}]', NULL, NULL);
INSERT INTO public.tool_calls VALUES ('01a2001a-3a3e-7457-9f26-00d44aae0218', '01a2001a-30f7-73d0-a5c1-0864062c622e', '01a2001a-30f8-71b2-a880-88796afca700', '01a2001a-39bc-77e7-b61a-d884553547a1', '01a2001a-39bd-75ec-94c5-df5bfc1e0b45', '01a2001a-39dc-718a-9b88-a439711181c4', 0, 'sayso', 'builtin', 'write_file', '1513a920e53361bbff607caa23f60a8ddc9b846cf04baf7dc501c1c231f89823', '{"path":"notes/after.txt","content":"After"}', NULL, 'notes/after.txt', 'absent', '{"is_new":true,"lines":[{"kind":"added","text":"After"}],"omitted":0}', '09dfc519cb4aaea869b0317da2f59ddc57b726ec7d5f31d1672d9d4f9c659d62', 'pending', NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2026-11-21 21:54:08.581053+00', NULL, NULL, '[{"kind":"same"},{"kind":"below","value":"notes"}]', NULL, NULL);


--
-- Data for Name: tool_rules; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: turn_events; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.turn_events VALUES ('01a2001a-3138-759f-8940-a8c41ade2aac', 1, '01a2001a-30f7-73d0-a5c1-0864062c622e', NULL, '{"event":"message","message":{"id":"01a2001a-313b-72fa-b68a-d6a1a27f2eb4","turn_id":"01a2001a-3138-759f-8940-a8c41ade2aac","position":1,"role":"user","state":"complete","content":[{"type":"text","text":"Where do pelicans fly?"}],"provider":null,"model":null,"stop_reason":null,"usage":null,"tool_call_id":null,"created_at":"2026-11-21T21:54:06.268154Z"}}');
INSERT INTO public.turn_events VALUES ('01a2001a-3138-759f-8940-a8c41ade2aac', 2, '01a2001a-30f7-73d0-a5c1-0864062c622e', NULL, '{"event":"turn","turn":{"id":"01a2001a-3138-759f-8940-a8c41ade2aac","state":"running","failure":null}}');
INSERT INTO public.turn_events VALUES ('01a2001a-3138-759f-8940-a8c41ade2aac', 6, '01a2001a-30f7-73d0-a5c1-0864062c622e', NULL, '{"event":"message","message":{"id":"01a2001a-3168-77b2-99c4-2f614265a5ee","turn_id":"01a2001a-3138-759f-8940-a8c41ade2aac","position":2,"role":"assistant","state":"complete","content":[{"type":"text","text":"## Hello from the demo\n\nYou wrote: “Where do pelicans fly?”\n\nI am **not a real model**, only a stand-in so that you can look around. I can show you:\n\n- text that *streams*, with Markdown\n- a tool that waits for **your** decision\n\n| Try this | What happens |\n|---|---|\n| Create a file `notes/hello.txt` with content: Hello world | I ask, you decide |\n| Write 300 words | A longer text streams in |\n\nFor real answers, set a key and start Sayso again:\n\n```sh\nexport ANTHROPIC_API_KEY=…   # or OPENAI_API_KEY, or OLLAMA_URL\nsayso\n```\n"}],"provider":"demo","model":"demo","stop_reason":"end_turn","usage":{"input_tokens":2370,"output_tokens":135,"cached_tokens":0,"estimated":true},"tool_call_id":null,"created_at":"2026-11-21T21:54:06.890753Z"}}');
INSERT INTO public.turn_events VALUES ('01a2001a-3138-759f-8940-a8c41ade2aac', 7, '01a2001a-30f7-73d0-a5c1-0864062c622e', NULL, '{"event":"turn","turn":{"id":"01a2001a-3138-759f-8940-a8c41ade2aac","state":"completed","failure":null}}');
INSERT INTO public.turn_events VALUES ('01a2001a-33f1-7393-931d-e879317c1080', 1, '01a2001a-30f7-73d0-a5c1-0864062c622e', NULL, '{"event":"message","message":{"id":"01a2001a-33f4-731a-9f1f-d8a7e5b1590b","turn_id":"01a2001a-33f1-7393-931d-e879317c1080","position":1,"role":"user","state":"complete","content":[{"type":"text","text":"Create a file `notes/hello.txt` with content: Hello world"}],"provider":null,"model":null,"stop_reason":null,"usage":null,"tool_call_id":null,"created_at":"2026-11-21T21:54:06.965003Z"}}');
INSERT INTO public.turn_events VALUES ('01a2001a-33f1-7393-931d-e879317c1080', 2, '01a2001a-30f7-73d0-a5c1-0864062c622e', NULL, '{"event":"turn","turn":{"id":"01a2001a-33f1-7393-931d-e879317c1080","state":"running","failure":null}}');
INSERT INTO public.turn_events VALUES ('01a2001a-33f1-7393-931d-e879317c1080', 5, '01a2001a-30f7-73d0-a5c1-0864062c622e', NULL, '{"event":"message","message":{"id":"01a2001a-3418-76b8-ab15-ead82ce80f25","turn_id":"01a2001a-33f1-7393-931d-e879317c1080","position":2,"role":"assistant","state":"complete","content":[{"type":"text","text":"I am the demo, not a real model, and with your say-so I will write `notes/hello.txt`."},{"type":"tool_use","id":"01a2001a-347a-759a-a9fe-7b64a2cb7af9","name":"write_file","input":"{\"path\":\"notes/hello.txt\",\"content\":\"Hello world\"}"}],"provider":"demo","model":"demo","stop_reason":"tool_use","usage":{"input_tokens":2379,"output_tokens":37,"cached_tokens":0,"estimated":true},"tool_call_id":null,"created_at":"2026-11-21T21:54:07.140866Z"}}');
INSERT INTO public.turn_events VALUES ('01a2001a-33f1-7393-931d-e879317c1080', 6, '01a2001a-30f7-73d0-a5c1-0864062c622e', NULL, '{"event":"tool_call","call":{"id":"01a2001a-347a-759a-a9fe-7b64a2cb7af9","conversation_id":"01a2001a-33ef-73ba-8cb2-e182d0e917ae","turn_id":"01a2001a-33f1-7393-931d-e879317c1080","message_id":"01a2001a-3418-76b8-ab15-ead82ce80f25","ordinal":0,"server":"sayso","name":"write_file","arguments":"{\"path\":\"notes/hello.txt\",\"content\":\"Hello world\"}","asked_arguments":null,"preview":{"target":"notes/hello.txt","precondition":"absent","difference":{"is_new":true,"lines":[{"kind":"added","text":"Hello world"}],"omitted":0},"bounds":[{"kind":"same"},{"kind":"below","value":"notes"}]},"digest":"807a83a7b7390636024f61e9e6fcf474ec8aa9be89b55b6bfcb4deafbdf4951b","state":"pending","reason":null,"outcome":null}}');
INSERT INTO public.turn_events VALUES ('01a2001a-33f1-7393-931d-e879317c1080', 7, '01a2001a-30f7-73d0-a5c1-0864062c622e', NULL, '{"event":"turn","turn":{"id":"01a2001a-33f1-7393-931d-e879317c1080","state":"awaiting_approval","failure":null}}');
INSERT INTO public.turn_events VALUES ('01a2001a-33f1-7393-931d-e879317c1080', 8, '01a2001a-30f7-73d0-a5c1-0864062c622e', NULL, '{"event":"tool_call","call":{"id":"01a2001a-347a-759a-a9fe-7b64a2cb7af9","conversation_id":"01a2001a-33ef-73ba-8cb2-e182d0e917ae","turn_id":"01a2001a-33f1-7393-931d-e879317c1080","message_id":"01a2001a-3418-76b8-ab15-ead82ce80f25","ordinal":0,"server":"sayso","name":"write_file","arguments":"{\"path\":\"notes/hello.txt\",\"content\":\"Hello world\"}","asked_arguments":null,"preview":{"target":"notes/hello.txt","precondition":"absent","difference":{"is_new":true,"lines":[{"kind":"added","text":"Hello world"}],"omitted":0},"bounds":[{"kind":"same"},{"kind":"below","value":"notes"}]},"digest":"807a83a7b7390636024f61e9e6fcf474ec8aa9be89b55b6bfcb4deafbdf4951b","state":"approved","decision":"approve","reason":null,"outcome":null}}');
INSERT INTO public.turn_events VALUES ('01a2001a-33f1-7393-931d-e879317c1080', 9, '01a2001a-30f7-73d0-a5c1-0864062c622e', NULL, '{"event":"turn","turn":{"id":"01a2001a-33f1-7393-931d-e879317c1080","state":"running","failure":null}}');
INSERT INTO public.turn_events VALUES ('01a2001a-33f1-7393-931d-e879317c1080', 10, '01a2001a-30f7-73d0-a5c1-0864062c622e', NULL, '{"event":"tool_call","call":{"id":"01a2001a-347a-759a-a9fe-7b64a2cb7af9","conversation_id":"01a2001a-33ef-73ba-8cb2-e182d0e917ae","turn_id":"01a2001a-33f1-7393-931d-e879317c1080","message_id":"01a2001a-3418-76b8-ab15-ead82ce80f25","ordinal":0,"server":"sayso","name":"write_file","arguments":"{\"path\":\"notes/hello.txt\",\"content\":\"Hello world\"}","asked_arguments":null,"preview":{"target":"notes/hello.txt","precondition":"absent","difference":{"is_new":true,"lines":[{"kind":"added","text":"Hello world"}],"omitted":0},"bounds":[{"kind":"same"},{"kind":"below","value":"notes"}]},"digest":"807a83a7b7390636024f61e9e6fcf474ec8aa9be89b55b6bfcb4deafbdf4951b","state":"running","decision":"approve","reason":null,"outcome":null}}');
INSERT INTO public.turn_events VALUES ('01a2001a-33f1-7393-931d-e879317c1080', 11, '01a2001a-30f7-73d0-a5c1-0864062c622e', NULL, '{"event":"tool_chunk","id":"01a2001a-347a-759a-a9fe-7b64a2cb7af9","chunk":"Hello world"}');
INSERT INTO public.turn_events VALUES ('01a2001a-33f1-7393-931d-e879317c1080', 14, '01a2001a-30f7-73d0-a5c1-0864062c622e', NULL, '{"event":"message","message":{"id":"01a2001a-3591-75b2-a7fa-4d252d5bad59","turn_id":"01a2001a-33f1-7393-931d-e879317c1080","position":4,"role":"assistant","state":"complete","content":[{"type":"text","text":"Done: `notes/hello.txt` was written.\n\nThat is all the demo can do with it; it is not a real model."}],"provider":"demo","model":"demo","stop_reason":"end_turn","usage":{"input_tokens":2432,"output_tokens":25,"cached_tokens":0,"estimated":true},"tool_call_id":null,"created_at":"2026-11-21T21:54:07.488082Z"}}');
INSERT INTO public.turn_events VALUES ('01a2001a-33f1-7393-931d-e879317c1080', 15, '01a2001a-30f7-73d0-a5c1-0864062c622e', NULL, '{"event":"turn","turn":{"id":"01a2001a-33f1-7393-931d-e879317c1080","state":"completed","failure":null}}');
INSERT INTO public.turn_events VALUES ('01a2001a-3652-7797-be19-1c1b79dafbb2', 1, '01a2001a-30f7-73d0-a5c1-0864062c622e', NULL, '{"event":"message","message":{"id":"01a2001a-3653-71cc-9d29-290fa1db4f3e","turn_id":"01a2001a-3652-7797-be19-1c1b79dafbb2","position":1,"role":"user","state":"complete","content":[{"type":"text","text":"Create a file `notes/denied.txt` with content: No"}],"provider":null,"model":null,"stop_reason":null,"usage":null,"tool_call_id":null,"created_at":"2026-11-21T21:54:07.572424Z"}}');
INSERT INTO public.turn_events VALUES ('01a2001a-3652-7797-be19-1c1b79dafbb2', 2, '01a2001a-30f7-73d0-a5c1-0864062c622e', NULL, '{"event":"turn","turn":{"id":"01a2001a-3652-7797-be19-1c1b79dafbb2","state":"running","failure":null}}');
INSERT INTO public.turn_events VALUES ('01a2001a-33f1-7393-931d-e879317c1080', 12, '01a2001a-30f7-73d0-a5c1-0864062c622e', NULL, '{"event":"tool_call","call":{"id":"01a2001a-347a-759a-a9fe-7b64a2cb7af9","conversation_id":"01a2001a-33ef-73ba-8cb2-e182d0e917ae","turn_id":"01a2001a-33f1-7393-931d-e879317c1080","message_id":"01a2001a-3418-76b8-ab15-ead82ce80f25","ordinal":0,"server":"sayso","name":"write_file","arguments":"{\"path\":\"notes/hello.txt\",\"content\":\"Hello world\"}","asked_arguments":null,"preview":{"target":"notes/hello.txt","precondition":"absent","difference":{"is_new":true,"lines":[{"kind":"added","text":"Hello world"}],"omitted":0},"bounds":[{"kind":"same"},{"kind":"below","value":"notes"}]},"digest":"807a83a7b7390636024f61e9e6fcf474ec8aa9be89b55b6bfcb4deafbdf4951b","state":"succeeded","decision":"approve","reason":null,"outcome":{"text":"Wrote 11 bytes to notes/hello.txt.","error_code":null},"undo":"possible"}}');
INSERT INTO public.turn_events VALUES ('01a2001a-33f1-7393-931d-e879317c1080', 13, '01a2001a-30f7-73d0-a5c1-0864062c622e', NULL, '{"event":"message","message":{"id":"01a2001a-347a-759a-a9fe-7b64a2cb7af9","turn_id":"01a2001a-33f1-7393-931d-e879317c1080","position":3,"role":"tool","state":"complete","content":[{"type":"tool_result","tool_call_id":"01a2001a-347a-759a-a9fe-7b64a2cb7af9","text":"Wrote 11 bytes to notes/hello.txt.","is_error":false}],"provider":null,"model":null,"stop_reason":null,"usage":null,"tool_call_id":"01a2001a-347a-759a-a9fe-7b64a2cb7af9","created_at":"2026-11-21T21:54:07.313953Z"}}');
INSERT INTO public.turn_events VALUES ('01a2001a-3652-7797-be19-1c1b79dafbb2', 3, '01a2001a-30f7-73d0-a5c1-0864062c622e', NULL, '{"event":"message","message":{"id":"01a2001a-3671-7401-932c-f644b339070e","turn_id":"01a2001a-3652-7797-be19-1c1b79dafbb2","position":2,"role":"assistant","state":"complete","content":[{"type":"text","text":"I am the demo, not a real model, and with your say-so I will write `notes/denied.txt`."},{"type":"tool_use","id":"01a2001a-36d3-72ef-b5c4-1c4b6d32552f","name":"write_file","input":"{\"path\":\"notes/denied.txt\",\"content\":\"No\"}"}],"provider":"demo","model":"demo","stop_reason":"tool_use","usage":{"input_tokens":2377,"output_tokens":35,"cached_tokens":0,"estimated":true},"tool_call_id":null,"created_at":"2026-11-21T21:54:07.722399Z"}}');
INSERT INTO public.turn_events VALUES ('01a2001a-3652-7797-be19-1c1b79dafbb2', 4, '01a2001a-30f7-73d0-a5c1-0864062c622e', NULL, '{"event":"tool_call","call":{"id":"01a2001a-36d3-72ef-b5c4-1c4b6d32552f","conversation_id":"01a2001a-3651-70f0-a626-a6e8bd93d922","turn_id":"01a2001a-3652-7797-be19-1c1b79dafbb2","message_id":"01a2001a-3671-7401-932c-f644b339070e","ordinal":0,"server":"sayso","name":"write_file","arguments":"{\"path\":\"notes/denied.txt\",\"content\":\"No\"}","asked_arguments":null,"preview":{"target":"notes/denied.txt","precondition":"absent","difference":{"is_new":true,"lines":[{"kind":"added","text":"No"}],"omitted":0},"bounds":[{"kind":"same"},{"kind":"below","value":"notes"}]},"digest":"cb0dd68cd7ea14e9b00b0613088d2082e192b96ca6ea8c2ead8367d7b26e4421","state":"pending","reason":null,"outcome":null}}');
INSERT INTO public.turn_events VALUES ('01a2001a-3652-7797-be19-1c1b79dafbb2', 5, '01a2001a-30f7-73d0-a5c1-0864062c622e', NULL, '{"event":"turn","turn":{"id":"01a2001a-3652-7797-be19-1c1b79dafbb2","state":"awaiting_approval","failure":null}}');
INSERT INTO public.turn_events VALUES ('01a2001a-3652-7797-be19-1c1b79dafbb2', 6, '01a2001a-30f7-73d0-a5c1-0864062c622e', NULL, '{"event":"tool_call","call":{"id":"01a2001a-36d3-72ef-b5c4-1c4b6d32552f","conversation_id":"01a2001a-3651-70f0-a626-a6e8bd93d922","turn_id":"01a2001a-3652-7797-be19-1c1b79dafbb2","message_id":"01a2001a-3671-7401-932c-f644b339070e","ordinal":0,"server":"sayso","name":"write_file","arguments":"{\"path\":\"notes/denied.txt\",\"content\":\"No\"}","asked_arguments":null,"preview":{"target":"notes/denied.txt","precondition":"absent","difference":{"is_new":true,"lines":[{"kind":"added","text":"No"}],"omitted":0},"bounds":[{"kind":"same"},{"kind":"below","value":"notes"}]},"digest":"cb0dd68cd7ea14e9b00b0613088d2082e192b96ca6ea8c2ead8367d7b26e4421","state":"denied","decision":"deny","reason":null,"outcome":null}}');
INSERT INTO public.turn_events VALUES ('01a2001a-3652-7797-be19-1c1b79dafbb2', 7, '01a2001a-30f7-73d0-a5c1-0864062c622e', NULL, '{"event":"message","message":{"id":"01a2001a-36d3-72ef-b5c4-1c4b6d32552f","turn_id":"01a2001a-3652-7797-be19-1c1b79dafbb2","position":3,"role":"tool","state":"complete","content":[{"type":"tool_result","tool_call_id":"01a2001a-36d3-72ef-b5c4-1c4b6d32552f","text":"The person refused this request.","is_error":true}],"provider":null,"model":null,"stop_reason":null,"usage":null,"tool_call_id":"01a2001a-36d3-72ef-b5c4-1c4b6d32552f","created_at":"2026-11-21T21:54:07.801807Z"}}');
INSERT INTO public.turn_events VALUES ('01a2001a-3652-7797-be19-1c1b79dafbb2', 8, '01a2001a-30f7-73d0-a5c1-0864062c622e', NULL, '{"event":"turn","turn":{"id":"01a2001a-3652-7797-be19-1c1b79dafbb2","state":"running","failure":null}}');
INSERT INTO public.turn_events VALUES ('01a2001a-3652-7797-be19-1c1b79dafbb2', 9, '01a2001a-30f7-73d0-a5c1-0864062c622e', NULL, '{"event":"message","message":{"id":"01a2001a-377a-70b7-85b7-ac23b3abcdc8","turn_id":"01a2001a-3652-7797-be19-1c1b79dafbb2","position":4,"role":"assistant","state":"complete","content":[{"type":"text","text":"`notes/denied.txt` was not written: The person refused this request.\n\nThat is all the demo can do with it; it is not a real model."}],"provider":"demo","model":"demo","stop_reason":"end_turn","usage":{"input_tokens":2428,"output_tokens":33,"cached_tokens":0,"estimated":true},"tool_call_id":null,"created_at":"2026-11-21T21:54:08.009484Z"}}');
INSERT INTO public.turn_events VALUES ('01a2001a-3652-7797-be19-1c1b79dafbb2', 10, '01a2001a-30f7-73d0-a5c1-0864062c622e', NULL, '{"event":"turn","turn":{"id":"01a2001a-3652-7797-be19-1c1b79dafbb2","state":"completed","failure":null}}');
INSERT INTO public.turn_events VALUES ('01a2001a-384b-74c3-b84a-451e45e1e853', 1, '01a2001a-30f7-73d0-a5c1-0864062c622e', NULL, '{"event":"message","message":{"id":"01a2001a-3854-72e4-adb0-d25e624aa086","turn_id":"01a2001a-384b-74c3-b84a-451e45e1e853","position":1,"role":"user","state":"complete","content":[{"type":"image","number":1,"media_type":"image/png","name":"picture.png","width":64,"height":48},{"type":"text","text":"What is in this picture?"}],"provider":null,"model":null,"stop_reason":null,"usage":null,"tool_call_id":null,"created_at":"2026-11-21T21:54:08.085030Z"}}');
INSERT INTO public.turn_events VALUES ('01a2001a-384b-74c3-b84a-451e45e1e853', 2, '01a2001a-30f7-73d0-a5c1-0864062c622e', NULL, '{"event":"turn","turn":{"id":"01a2001a-384b-74c3-b84a-451e45e1e853","state":"running","failure":null}}');
INSERT INTO public.turn_events VALUES ('01a2001a-389d-74a3-a46c-7e6ce99c2709', 1, '01a2001a-30f7-73d0-a5c1-0864062c622e', NULL, '{"event":"message","message":{"id":"01a2001a-389f-70d9-b53d-61d3f88af3f4","turn_id":"01a2001a-389d-74a3-a46c-7e6ce99c2709","position":1,"role":"user","state":"complete","content":[{"type":"text","text":"Create a file `notes/never.txt` with content: Never"}],"provider":null,"model":null,"stop_reason":null,"usage":null,"tool_call_id":null,"created_at":"2026-11-21T21:54:08.160918Z"}}');
INSERT INTO public.turn_events VALUES ('01a2001a-389d-74a3-a46c-7e6ce99c2709', 2, '01a2001a-30f7-73d0-a5c1-0864062c622e', NULL, '{"event":"turn","turn":{"id":"01a2001a-389d-74a3-a46c-7e6ce99c2709","state":"running","failure":null}}');
INSERT INTO public.turn_events VALUES ('01a2001a-39bd-75ec-94c5-df5bfc1e0b45', 1, '01a2001a-30f7-73d0-a5c1-0864062c622e', NULL, '{"event":"message","message":{"id":"01a2001a-39bf-7690-91ef-2983030c0535","turn_id":"01a2001a-39bd-75ec-94c5-df5bfc1e0b45","position":1,"role":"user","state":"complete","content":[{"type":"text","text":"Create a file `notes/after.txt` with content: After"}],"provider":null,"model":null,"stop_reason":null,"usage":null,"tool_call_id":null,"created_at":"2026-11-21T21:54:08.448390Z"}}');
INSERT INTO public.turn_events VALUES ('01a2001a-39bd-75ec-94c5-df5bfc1e0b45', 2, '01a2001a-30f7-73d0-a5c1-0864062c622e', NULL, '{"event":"turn","turn":{"id":"01a2001a-39bd-75ec-94c5-df5bfc1e0b45","state":"running","failure":null}}');
INSERT INTO public.turn_events VALUES ('01a2001a-39bd-75ec-94c5-df5bfc1e0b45', 5, '01a2001a-30f7-73d0-a5c1-0864062c622e', NULL, '{"event":"message","message":{"id":"01a2001a-39dc-718a-9b88-a439711181c4","turn_id":"01a2001a-39bd-75ec-94c5-df5bfc1e0b45","position":2,"role":"assistant","state":"complete","content":[{"type":"text","text":"I am the demo, not a real model, and with your say-so I will write `notes/after.txt`."},{"type":"tool_use","id":"01a2001a-3a3e-7457-9f26-00d44aae0218","name":"write_file","input":"{\"path\":\"notes/after.txt\",\"content\":\"After\"}"}],"provider":"demo","model":"demo","stop_reason":"tool_use","usage":{"input_tokens":2378,"output_tokens":35,"cached_tokens":0,"estimated":true},"tool_call_id":null,"created_at":"2026-11-21T21:54:08.590059Z"}}');
INSERT INTO public.turn_events VALUES ('01a2001a-389d-74a3-a46c-7e6ce99c2709', 5, '01a2001a-30f7-73d0-a5c1-0864062c622e', NULL, '{"event":"message","message":{"id":"01a2001a-38ce-7285-94ce-7d753e43f64a","turn_id":"01a2001a-389d-74a3-a46c-7e6ce99c2709","position":2,"role":"assistant","state":"complete","content":[{"type":"text","text":"I am the demo, not a real model, and with your say-so I will write `notes/never.txt`."},{"type":"tool_use","id":"01a2001a-3931-758e-a0b9-84d8693a73cf","name":"write_file","input":"{\"path\":\"notes/never.txt\",\"content\":\"Never\"}"}],"provider":"demo","model":"demo","stop_reason":"tool_use","usage":{"input_tokens":2378,"output_tokens":35,"cached_tokens":0,"estimated":true},"tool_call_id":null,"created_at":"2026-11-21T21:54:08.327858Z"}}');
INSERT INTO public.turn_events VALUES ('01a2001a-389d-74a3-a46c-7e6ce99c2709', 6, '01a2001a-30f7-73d0-a5c1-0864062c622e', NULL, '{"event":"tool_call","call":{"id":"01a2001a-3931-758e-a0b9-84d8693a73cf","conversation_id":"01a2001a-389c-7731-923a-ff9589fe235f","turn_id":"01a2001a-389d-74a3-a46c-7e6ce99c2709","message_id":"01a2001a-38ce-7285-94ce-7d753e43f64a","ordinal":0,"server":"sayso","name":"write_file","arguments":"{\"path\":\"notes/never.txt\",\"content\":\"Never\"}","asked_arguments":null,"preview":{"target":"notes/never.txt","precondition":"absent","difference":{"is_new":true,"lines":[{"kind":"added","text":"Never"}],"omitted":0},"bounds":[{"kind":"same"},{"kind":"below","value":"notes"}]},"digest":"2a650ac7602526edf07347d689ff4c2654f10a0bea50d3ab2fb428f0e4279a12","state":"pending","reason":null,"outcome":null}}');
INSERT INTO public.turn_events VALUES ('01a2001a-389d-74a3-a46c-7e6ce99c2709', 7, '01a2001a-30f7-73d0-a5c1-0864062c622e', NULL, '{"event":"turn","turn":{"id":"01a2001a-389d-74a3-a46c-7e6ce99c2709","state":"awaiting_approval","failure":null}}');
INSERT INTO public.turn_events VALUES ('01a2001a-3e01-777d-b174-c21e8602a5e1', 1, '01a2001a-3ab8-73c1-b4bd-3dbbacec0306', NULL, '{"event":"message","message":{"id":"01a2001a-3e03-7619-9b66-6717b2994e2f","turn_id":"01a2001a-3e01-777d-b174-c21e8602a5e1","position":1,"role":"user","state":"complete","content":[{"type":"text","text":"What do gulls eat?"}],"provider":null,"model":null,"stop_reason":null,"usage":null,"tool_call_id":null,"created_at":"2026-11-21T21:54:09.540605Z"}}');
INSERT INTO public.turn_events VALUES ('01a2001a-3e01-777d-b174-c21e8602a5e1', 2, '01a2001a-3ab8-73c1-b4bd-3dbbacec0306', NULL, '{"event":"turn","turn":{"id":"01a2001a-3e01-777d-b174-c21e8602a5e1","state":"running","failure":null}}');
INSERT INTO public.turn_events VALUES ('01a2001a-39bd-75ec-94c5-df5bfc1e0b45', 6, '01a2001a-30f7-73d0-a5c1-0864062c622e', NULL, '{"event":"tool_call","call":{"id":"01a2001a-3a3e-7457-9f26-00d44aae0218","conversation_id":"01a2001a-39bc-77e7-b61a-d884553547a1","turn_id":"01a2001a-39bd-75ec-94c5-df5bfc1e0b45","message_id":"01a2001a-39dc-718a-9b88-a439711181c4","ordinal":0,"server":"sayso","name":"write_file","arguments":"{\"path\":\"notes/after.txt\",\"content\":\"After\"}","asked_arguments":null,"preview":{"target":"notes/after.txt","precondition":"absent","difference":{"is_new":true,"lines":[{"kind":"added","text":"After"}],"omitted":0},"bounds":[{"kind":"same"},{"kind":"below","value":"notes"}]},"digest":"09dfc519cb4aaea869b0317da2f59ddc57b726ec7d5f31d1672d9d4f9c659d62","state":"pending","reason":null,"outcome":null}}');
INSERT INTO public.turn_events VALUES ('01a2001a-39bd-75ec-94c5-df5bfc1e0b45', 7, '01a2001a-30f7-73d0-a5c1-0864062c622e', NULL, '{"event":"turn","turn":{"id":"01a2001a-39bd-75ec-94c5-df5bfc1e0b45","state":"awaiting_approval","failure":null}}');
INSERT INTO public.turn_events VALUES ('01a2001a-384b-74c3-b84a-451e45e1e853', 6, '01a2001a-30f7-73d0-a5c1-0864062c622e', NULL, '{"event":"message","message":{"id":"01a2001a-3881-7257-82fc-59b2e38157d4","turn_id":"01a2001a-384b-74c3-b84a-451e45e1e853","position":2,"role":"assistant","state":"complete","content":[{"type":"text","text":"## Hello from the demo\n\nYou wrote: “What is in this picture?”\n\nI am **not a real model**, only a stand-in so that you can look around. I can show you:\n\n- text that *streams*, with Markdown\n- a tool that waits for **your** decision\n\n| Try this | What happens |\n|---|---|\n| Create a file `notes/hello.txt` with content: Hello world | I ask, you decide |\n| Write 300 words | A longer text streams in |\n\nFor real answers, set a key and start Sayso again:\n\n```sh\nexport ANTHROPIC_API_KEY=…   # or OPENAI_API_KEY, or OLLAMA_URL\nsayso\n```\n"}],"provider":"demo","model":"demo","stop_reason":"end_turn","usage":{"input_tokens":2379,"output_tokens":136,"cached_tokens":0,"estimated":true},"tool_call_id":null,"created_at":"2026-11-21T21:54:08.693253Z"}}');
INSERT INTO public.turn_events VALUES ('01a2001a-384b-74c3-b84a-451e45e1e853', 7, '01a2001a-30f7-73d0-a5c1-0864062c622e', NULL, '{"event":"turn","turn":{"id":"01a2001a-384b-74c3-b84a-451e45e1e853","state":"completed","failure":null}}');
INSERT INTO public.turn_events VALUES ('01a2001a-3e01-777d-b174-c21e8602a5e1', 6, '01a2001a-3ab8-73c1-b4bd-3dbbacec0306', NULL, '{"event":"message","message":{"id":"01a2001a-3e2b-76bf-a791-7c0c1db36f54","turn_id":"01a2001a-3e01-777d-b174-c21e8602a5e1","position":2,"role":"assistant","state":"complete","content":[{"type":"text","text":"## Hello from the demo\n\nYou wrote: “What do gulls eat?”\n\nI am **not a real model**, only a stand-in so that you can look around. I can show you:\n\n- text that *streams*, with Markdown\n- a tool that waits for **your** decision\n\n| Try this | What happens |\n|---|---|\n| Create a file `notes/hello.txt` with content: Hello world | I ask, you decide |\n| Write 300 words | A longer text streams in |\n\nFor real answers, set a key and start Sayso again:\n\n```sh\nexport ANTHROPIC_API_KEY=…   # or OPENAI_API_KEY, or OLLAMA_URL\nsayso\n```\n"}],"provider":"demo","model":"demo","stop_reason":"end_turn","usage":{"input_tokens":2369,"output_tokens":134,"cached_tokens":0,"estimated":true},"tool_call_id":null,"created_at":"2026-11-21T21:54:10.140306Z"}}');
INSERT INTO public.turn_events VALUES ('01a2001a-3e01-777d-b174-c21e8602a5e1', 7, '01a2001a-3ab8-73c1-b4bd-3dbbacec0306', NULL, '{"event":"turn","turn":{"id":"01a2001a-3e01-777d-b174-c21e8602a5e1","state":"completed","failure":null}}');


--
-- Data for Name: turns; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.turns VALUES ('01a2001a-3138-759f-8940-a8c41ade2aac', '01a2001a-30f7-73d0-a5c1-0864062c622e', '01a2001a-30f8-71b2-a880-88796afca700', '01a2001a-3137-76ed-9ccd-2e62ee16401c', 'completed', NULL, NULL, NULL, 1, NULL, false, 1, 0, 8, '01a2001a312d74c7aeb2162e8719a535', '2026-11-21 21:54:06.266273+00', '2026-11-21 21:54:06.892381+00');
INSERT INTO public.turns VALUES ('01a2001a-3652-7797-be19-1c1b79dafbb2', '01a2001a-30f7-73d0-a5c1-0864062c622e', '01a2001a-30f8-71b2-a880-88796afca700', '01a2001a-3651-70f0-a626-a6e8bd93d922', 'completed', NULL, NULL, NULL, 2, NULL, false, 2, 1, 11, '01a2001a364571f5a8065d0b3b9e99b6', '2026-11-21 21:54:07.570896+00', '2026-11-21 21:54:08.010778+00');
INSERT INTO public.turns VALUES ('01a2001a-33f1-7393-931d-e879317c1080', '01a2001a-30f7-73d0-a5c1-0864062c622e', '01a2001a-30f8-71b2-a880-88796afca700', '01a2001a-33ef-73ba-8cb2-e182d0e917ae', 'completed', NULL, NULL, NULL, 2, NULL, false, 2, 0, 16, '01a2001a33e5720698efcf422ef1e9b5', '2026-11-21 21:54:06.962808+00', '2026-11-21 21:54:07.489375+00');
INSERT INTO public.turns VALUES ('01a2001a-389d-74a3-a46c-7e6ce99c2709', '01a2001a-30f7-73d0-a5c1-0864062c622e', '01a2001a-30f8-71b2-a880-88796afca700', '01a2001a-389c-7731-923a-ff9589fe235f', 'awaiting_approval', NULL, NULL, NULL, 1, NULL, false, 1, 0, 8, '01a2001a389370c1bdaf125926124347', '2026-11-21 21:54:08.158255+00', NULL);
INSERT INTO public.turns VALUES ('01a2001a-3e01-777d-b174-c21e8602a5e1', '01a2001a-3ab8-73c1-b4bd-3dbbacec0306', '01a2001a-3c3d-737b-89ef-0461eeea038f', '01a2001a-3e00-71ba-804d-c3c241a44e68', 'completed', NULL, NULL, NULL, 1, NULL, false, 1, 0, 8, '01a2001a3df676a48c1066f1f5bfa38e', '2026-11-21 21:54:09.538864+00', '2026-11-21 21:54:10.142007+00');
INSERT INTO public.turns VALUES ('01a2001a-39bd-75ec-94c5-df5bfc1e0b45', '01a2001a-30f7-73d0-a5c1-0864062c622e', '01a2001a-30f8-71b2-a880-88796afca700', '01a2001a-39bc-77e7-b61a-d884553547a1', 'awaiting_approval', NULL, NULL, NULL, 1, NULL, false, 1, 0, 8, '01a2001a39b0715993150bcc995ac9e9', '2026-11-21 21:54:08.446794+00', NULL);
INSERT INTO public.turns VALUES ('01a2001a-384b-74c3-b84a-451e45e1e853', '01a2001a-30f7-73d0-a5c1-0864062c622e', '01a2001a-30f8-71b2-a880-88796afca700', '01a2001a-3849-71ab-bfd9-a2612a5b21d6', 'completed', NULL, NULL, NULL, 1, NULL, false, 1, 0, 8, '01a2001a3839741eadc7ca7e68f60fb0', '2026-11-21 21:54:08.080782+00', '2026-11-21 21:54:08.69447+00');


--
-- Data for Name: usage_days; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.usage_days VALUES ('01a2001a-30f7-73d0-a5c1-0864062c622e', '01a2001a-30f8-71b2-a880-88796afca700', '2026-11-21', 'demo', 'demo', 19121, 471, 0, 8, 8, 0);
INSERT INTO public.usage_days VALUES ('01a2001a-3ab8-73c1-b4bd-3dbbacec0306', '01a2001a-3c3d-737b-89ef-0461eeea038f', '2026-11-21', 'demo', 'demo', 2369, 134, 0, 1, 1, 0);


--
-- Data for Name: usage_limits; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.usage_limits VALUES ('01a2001a-30f7-73d0-a5c1-0864062c622e', '01a2001a-30f7-73d0-a5c1-0864062c622e', 1000000, 500000, 10000, NULL, true);
INSERT INTO public.usage_limits VALUES ('01a2001a-3ab8-73c1-b4bd-3dbbacec0306', '01a2001a-3ab8-73c1-b4bd-3dbbacec0306', 1000000, 500000, 500, NULL, true);


--
-- Data for Name: usage_months; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.usage_months VALUES ('01a2001a-30f7-73d0-a5c1-0864062c622e', '01a2001a-30f7-73d0-a5c1-0864062c622e', '2026-11', 19121, 471, 0, 8, 0, 0, 0, 0, 0);
INSERT INTO public.usage_months VALUES ('01a2001a-30f7-73d0-a5c1-0864062c622e', '01a2001a-30f8-71b2-a880-88796afca700', '2026-11', 19121, 471, 0, 8, 0, 0, 0, 0, 0);
INSERT INTO public.usage_months VALUES ('01a2001a-3ab8-73c1-b4bd-3dbbacec0306', '01a2001a-3ab8-73c1-b4bd-3dbbacec0306', '2026-11', 2369, 134, 0, 1, 0, 0, 0, 0, 0);
INSERT INTO public.usage_months VALUES ('01a2001a-3ab8-73c1-b4bd-3dbbacec0306', '01a2001a-3c3d-737b-89ef-0461eeea038f', '2026-11', 2369, 134, 0, 1, 0, 0, 0, 0, 0);


--
-- Data for Name: users; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.users VALUES ('01a2001a-30f8-71b2-a880-88796afca700', 'ada@example.org', 'Ada Lovelace', '$2b$12$DWjSlnpWzXYCAu8KB133eeHNGu/kItFkc6O37KYtfQdgzyeHMfeM2', true, true, 0, NULL, '2026-11-21 21:54:06.200908+00');
INSERT INTO public.users VALUES ('01a2001a-3c3d-737b-89ef-0461eeea038f', 'eve@example.org', 'eve@example.org', '$2b$12$K5XYGe3z8zsC2.jV8QyNS.aWXu7VdKBSTkDOryF3BZcSzrjyuhBg2', false, true, 0, NULL, '2026-11-21 21:54:09.085636+00');


--
-- Name: __diesel_schema_migrations __diesel_schema_migrations_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.__diesel_schema_migrations
    ADD CONSTRAINT __diesel_schema_migrations_pkey PRIMARY KEY (version);


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


