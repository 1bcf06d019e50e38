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
    topics text
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
    finished_at timestamp with time zone
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

INSERT INTO public.__diesel_schema_migrations VALUES ('00000000000001', '2026-11-21 21:42:04.074342');
INSERT INTO public.__diesel_schema_migrations VALUES ('00000000000002', '2026-11-21 21:42:04.166322');
INSERT INTO public.__diesel_schema_migrations VALUES ('00000000000003', '2026-11-21 21:42:04.177222');


--
-- Data for Name: audit_heads; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.audit_heads VALUES ('01a2000f-313f-73a9-b698-0fb869996dc7', 6, '34e09eee7cd8b09d45c2ec58a5a4c76d9db91931482cd6afff0f70efcfde4bb1', 'e9aa6838f5b4494a4fc99806d882eed887b9eff28c6561a18582fd5d165dd41a');
INSERT INTO public.audit_heads VALUES ('system', 2, '80873ad13329f7ad83e1eb0f5b3100df28848d22a3a4cb5eb2b2d3408a64ba13', '03a58154c42b91c22c3bd22906154bc320bd995e3b836204933ba7c9644e102d');
INSERT INTO public.audit_heads VALUES ('01a2000f-3e82-7381-9d60-42c83c9d421a', 4, 'aa6b3aa8ca8f66444b35615ad6a6ccdafc6e2e4a3847e8f89ad94b39a7e7508c', '7a501fa1ea214f4e7a264bdb790d0229200732df5ea23474522652de8401347b');


--
-- Data for Name: audit_rows; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.audit_rows VALUES ('system', 1, '01a2000f-3148-7000-9655-8e4ea1d57bcd', '2026-11-21 21:42:05.384135+00', '01a2000f-3142-77d4-b240-aeeb5e1708c0', '127.0.0.1', 'user_created', 'user:01a2000f-3142-77d4-b240-aeeb5e1708c0', NULL, NULL, 'set-up', '7e7870273eefab427ed2c8e5cdb95212638aec1a2d1eab514fcaadf67fffed12');
INSERT INTO public.audit_rows VALUES ('01a2000f-313f-73a9-b698-0fb869996dc7', 1, '01a2000f-314f-74a3-940d-738d05dab04f', '2026-11-21 21:42:05.391189+00', '01a2000f-3142-77d4-b240-aeeb5e1708c0', '127.0.0.1', 'tenant_created', 'tenant:01a2000f-313f-73a9-b698-0fb869996dc7', NULL, NULL, 'set-up', '1c38c4b4551888188cafe44bc92850cd3c3cb24ae728e623616b4ed457775565');
INSERT INTO public.audit_rows VALUES ('01a2000f-313f-73a9-b698-0fb869996dc7', 2, '01a2000f-3151-731f-a86f-670e1fcf8992', '2026-11-21 21:42:05.393792+00', '01a2000f-3142-77d4-b240-aeeb5e1708c0', '127.0.0.1', 'sign_in', 'user:01a2000f-3142-77d4-b240-aeeb5e1708c0', NULL, NULL, 'set-up', '364c6b127a9cf78041ec2654d8ac67b85c1657d0bb2a78db67e7fac6e7fb1c8c');
INSERT INTO public.audit_rows VALUES ('01a2000f-313f-73a9-b698-0fb869996dc7', 3, '01a2000f-36ce-74a9-a667-cea5a8568afa', '2026-11-21 21:42:06.798969+00', '01a2000f-3142-77d4-b240-aeeb5e1708c0', '127.0.0.1', 'tool_approved', 'tool_call:01a2000f-35d1-7008-b741-7e16bd047a6f', 'notes/hello.txt', 'e5ac78505e8199fb4beb92e971176bff94575e4264107a214d3ae5c5c8ee8bf3', 'write_file', '1a2143aa84930ea30e969aa3a26324d589055f278305de8720310c561345aa65');
INSERT INTO public.audit_rows VALUES ('01a2000f-313f-73a9-b698-0fb869996dc7', 4, '01a2000f-36f1-757c-9940-4373838a6608', '2026-11-21 21:42:06.833279+00', '01a2000f-3142-77d4-b240-aeeb5e1708c0', '', 'tool_run', 'tool_call:01a2000f-35d1-7008-b741-7e16bd047a6f', 'notes/hello.txt', 'e5ac78505e8199fb4beb92e971176bff94575e4264107a214d3ae5c5c8ee8bf3', '', '397c5f7acecd8e31633143d0d92004126010709d87bc327724ca401e418f6291');
INSERT INTO public.audit_rows VALUES ('01a2000f-313f-73a9-b698-0fb869996dc7', 5, '01a2000f-3709-7748-a8e2-30195deba2df', '2026-11-21 21:42:06.857213+00', '01a2000f-3142-77d4-b240-aeeb5e1708c0', '', 'tool_ended', 'tool_call:01a2000f-35d1-7008-b741-7e16bd047a6f', 'notes/hello.txt', 'e5ac78505e8199fb4beb92e971176bff94575e4264107a214d3ae5c5c8ee8bf3', 'succeeded', 'bff7a76089bc3c4238818d5c6bad9b43f32877bcb12644145b41014108f450ee');
INSERT INTO public.audit_rows VALUES ('01a2000f-313f-73a9-b698-0fb869996dc7', 6, '01a2000f-39b1-7341-9e04-16cdcf95e449', '2026-11-21 21:42:07.537614+00', '01a2000f-3142-77d4-b240-aeeb5e1708c0', '127.0.0.1', 'tool_denied', 'tool_call:01a2000f-3914-7627-8126-aad9ee021c79', 'notes/denied.txt', '95cc574fb1a6aed10d22fa11ece854de9956510ac318a328264272155ef33911', 'write_file', '34e09eee7cd8b09d45c2ec58a5a4c76d9db91931482cd6afff0f70efcfde4bb1');
INSERT INTO public.audit_rows VALUES ('01a2000f-3e82-7381-9d60-42c83c9d421a', 1, '01a2000f-3e91-7144-9ad5-710be4dad8bd', '2026-11-21 21:42:08.78555+00', 'nobody', 'command line', 'tenant_created', 'tenant:01a2000f-3e82-7381-9d60-42c83c9d421a', NULL, NULL, 'elsewhere', '1b04ced589d458f74ab06599efec78eadfd5e11a0029c5ef7a778405045f78fc');
INSERT INTO public.audit_rows VALUES ('01a2000f-3e82-7381-9d60-42c83c9d421a', 2, '01a2000f-4225-763c-a12e-eda0f88d4bce', '2026-11-21 21:42:09.701332+00', 'nobody', 'command line', 'member_added', 'user:01a2000f-421c-7639-ab47-7188b0da55c6', NULL, NULL, 'owner', '57b5cb7971c0cf2cc3af562c7659f5cf017ddd3dc4b08168615361cebdec9d84');
INSERT INTO public.audit_rows VALUES ('system', 2, '01a2000f-422d-726d-a766-4cbe561e508c', '2026-11-21 21:42:09.709111+00', 'nobody', 'command line', 'user_created', 'user:01a2000f-421c-7639-ab47-7188b0da55c6', NULL, NULL, '', '80873ad13329f7ad83e1eb0f5b3100df28848d22a3a4cb5eb2b2d3408a64ba13');
INSERT INTO public.audit_rows VALUES ('01a2000f-3e82-7381-9d60-42c83c9d421a', 3, '01a2000f-45d1-756e-984e-9f24e0c5e82e', '2026-11-21 21:42:10.641101+00', '01a2000f-421c-7639-ab47-7188b0da55c6', '127.0.0.1', 'sign_in', 'user:01a2000f-421c-7639-ab47-7188b0da55c6', NULL, NULL, '', 'e9c6ec73d032b1fda7754a268ac5424b7ed30688efdd0c2a58045b00a2ac1cad');
INSERT INTO public.audit_rows VALUES ('01a2000f-3e82-7381-9d60-42c83c9d421a', 4, '01a2000f-4a0a-77e9-88fd-380d4a53b67a', '2026-11-21 21:42:11.722859+00', 'nobody', 'command line', 'limits_changed', 'tenant:01a2000f-3e82-7381-9d60-42c83c9d421a', NULL, NULL, '1000000 input tokens, 500000 output tokens, 500 requests, any credits', 'aa6b3aa8ca8f66444b35615ad6a6ccdafc6e2e4a3847e8f89ad94b39a7e7508c');


--
-- Data for Name: blobs; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.blobs VALUES ('01a2000f-3b35-774e-8081-57f3887cf940', 1, '01a2000f-313f-73a9-b698-0fb869996dc7', '01a2000f-3142-77d4-b240-aeeb5e1708c0', 'image/png', 'picture.png', 1076, '\x89504e470d0a1a0a0000000d49484452000000400000003008020000002e29eb48000003fb494441547801edc003a0245996c6f1ff77ee8dc8cca7724b63ae6ddbb66ddbb66ddbb66d698c9e964aaf9e323322eef976b76a7aa6873b6bd5af3e1a2850a142850a152a54a850a142850a152a54a850a142850a152a54a850a142850a152a54a850a142850a152a54a850a142850a152a54a850a142850a152a54a850a142850a152a153afe17a342c7ff6254e8f85f8c0a3dff8b51a1e37f312a74fc2f46859effc5a8d0f11fea6fdfe3242fd44bfed505fec350a1e33fc8df7ec0362f82bf7d9993c04b3e7e9fff0054e8f977fbdb8f98f1aff4b78fd9065ef2e96bfe5da8d0f1eff3b71f13fc5bfded43662f797bf26f47858e7f87bffd84c6bfcfdfde1c2f7977e1df880a3dff567ffb294bfe23fcedf5ed25cf2ef8b7a042c7bfc9df7ec61eff71fef6ccf2252feef0af46858e7fbdbffd9cf3fc47fbdb137b2fb97f8a7f1d2af4fc0fd2f3af43858e7fa5bffd82dbf8cff1b7db77bfe4f216fe15a8d0f13f4bc7bf02153afe35fef64b9ec07fa6bf5d3cf525c747f3a2a242cfff383d2f2a2a74fc8fd3f1a2a242c7ff381d2f2a2af4fc8fd3f3a2a242c7ff381d2f2a2a74fc8fd3f1a2a242cfff383d2f2a2a74fc8fd3f1a2a242c7ff381d2f2a2af4fc8fd3f3a222a0830e3ae8a0830e3ae8a0830e3ae8a0830e3ae85ef293de8fff4c2fb97c3fe8a0830e3ae8a0830e3ae8a0830e3ae8a083ae42c7ff2c1dff0a04f4d0430f3df4d0430f3df4d0430f3df4d0430f3df42ff9691fc97f8e97dcff48e8a1871e7ae8a1871e7ae8a1871e7ae8a1871efa0a1dff8374fceb10d041071d74d041071d74d041071d74d041071d74d041f7929ff5c9fc477bc98b9f0c1d74d041071d74d041071d74d041071d74d041075d40071d74d041071d74d041071d74d041071d74d041071d742ff9799fc17f9c973cfb19d041071d74d041071d74d041071d74d041071d74d04117d0430f3df4d0430f3df4d0430f3df4d0430f3df4d0430f3df42ff9459fc77f8497bcfbf3a0871e7ae8a1871e7ae8a1871e7ae8a1871e7ae8a1871efa800e3ae8a0830e3ae8a0830e3ae8a0830e3ae8a0830e3ae8a083ee25bfec8bf9f779c9dbbf183ae8a0830e3ae8a0830e3ae8a0830e3ae8a0830e3ae8a0832ea0830e3ae8a0830e3ae8a0830e3ae8a0830e3ae8a0830e3ae8a083ee25bfea2bf8b77ac9a77f0574d041071d74d041071d74d041071d74d041071d74d041071d747a347f45810a152a54a850a142850a152a54a850a142850a152a54a850a1f2b71ff211bcc85ef2f15f47850a152a54a850a142850a152a54a850a142850a152a54a850a9d0f11fe425bfed9ba9fcedfb7c302fd44bfed53753a1f21f810a1dffa15ef2fbbe830a152a54a850a142850a152aff71a8d0f3bf18153afe17a342c7ff6254e8f95f8c0a1dff8b51a1e37f31fe1188b75577c57aca6c0000000049454e44ae426082', '2026-11-21 21:42:07.932986+00');


--
-- Data for Name: conversations; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.conversations VALUES ('01a2000f-31c7-72dd-bd33-f3492ff91809', '01a2000f-313f-73a9-b698-0fb869996dc7', '01a2000f-3142-77d4-b240-aeeb5e1708c0', 'chat', 'Where do pelicans fly?', 'first_words', NULL, NULL, NULL, 2, '2026-11-21 21:42:05.511766+00', '2026-11-21 21:42:06.195697+00', NULL, 1);
INSERT INTO public.conversations VALUES ('01a2000f-3533-74d7-9b01-8b480aacdaae', '01a2000f-313f-73a9-b698-0fb869996dc7', '01a2000f-3142-77d4-b240-aeeb5e1708c0', 'chat', 'Create a file `notes/hello.txt` with content: Hello world', 'first_words', NULL, NULL, NULL, 4, '2026-11-21 21:42:06.38761+00', '2026-11-21 21:42:07.068212+00', NULL, 1);
INSERT INTO public.conversations VALUES ('01a2000f-3875-7363-ae27-7bc5639bba3b', '01a2000f-313f-73a9-b698-0fb869996dc7', '01a2000f-3142-77d4-b240-aeeb5e1708c0', 'chat', 'Create a file `notes/denied.txt` with content: No', 'first_words', NULL, NULL, NULL, 4, '2026-11-21 21:42:07.221685+00', '2026-11-21 21:42:07.765582+00', NULL, 1);
INSERT INTO public.conversations VALUES ('01a2000f-3bbb-71c9-92c7-e9648f3c767e', '01a2000f-313f-73a9-b698-0fb869996dc7', '01a2000f-3142-77d4-b240-aeeb5e1708c0', 'chat', 'Create a file `notes/never.txt` with content: Never', 'first_words', NULL, NULL, '01a2000f-3bbc-7352-a09d-3c2a35c10fb8', 2, '2026-11-21 21:42:08.059185+00', '2026-11-21 21:42:08.230137+00', NULL, 1);
INSERT INTO public.conversations VALUES ('01a2000f-3b35-774e-8081-57f3887cf940', '01a2000f-313f-73a9-b698-0fb869996dc7', '01a2000f-3142-77d4-b240-aeeb5e1708c0', 'chat', 'What is in this picture?', 'first_words', NULL, NULL, NULL, 2, '2026-11-21 21:42:07.925063+00', '2026-11-21 21:42:08.568919+00', NULL, 1);
INSERT INTO public.conversations VALUES ('01a2000f-3d16-72dc-96b0-13bf907ed5b0', '01a2000f-313f-73a9-b698-0fb869996dc7', '01a2000f-3142-77d4-b240-aeeb5e1708c0', 'chat', 'Create a file `notes/after.txt` with content: After', 'first_words', NULL, NULL, '01a2000f-3d18-7260-8d2e-5cafc100b334', 2, '2026-11-21 21:42:08.406905+00', '2026-11-21 21:42:08.614022+00', NULL, 1);
INSERT INTO public.conversations VALUES ('01a2000f-4613-74a1-9c97-d435b2e3e6c3', '01a2000f-3e82-7381-9d60-42c83c9d421a', '01a2000f-421c-7639-ab47-7188b0da55c6', 'chat', 'What do gulls eat?', 'first_words', NULL, NULL, NULL, 2, '2026-11-21 21:42:10.707589+00', '2026-11-21 21:42:11.364218+00', NULL, 1);


--
-- Data for Name: memberships; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.memberships VALUES ('01a2000f-313f-73a9-b698-0fb869996dc7', '01a2000f-3142-77d4-b240-aeeb5e1708c0', 'owner', true, '2026-11-21 21:42:05.380966+00');
INSERT INTO public.memberships VALUES ('01a2000f-3e82-7381-9d60-42c83c9d421a', '01a2000f-421c-7639-ab47-7188b0da55c6', 'owner', true, '2026-11-21 21:42:09.693873+00');


--
-- Data for Name: messages; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.messages VALUES ('01a2000f-31cf-7244-afd5-78eeb7dd7d54', '01a2000f-313f-73a9-b698-0fb869996dc7', '01a2000f-31c7-72dd-bd33-f3492ff91809', '01a2000f-31c9-733f-9f15-15ca50be49be', 1, 'user', 'complete', '[{"type":"text","text":"Where do pelicans fly?"}]', NULL, NULL, NULL, NULL, NULL, NULL, false, NULL, '2026-11-21 21:42:05.520567+00', NULL);
INSERT INTO public.messages VALUES ('01a2000f-3214-7020-941d-fb84af2f905f', '01a2000f-313f-73a9-b698-0fb869996dc7', '01a2000f-31c7-72dd-bd33-f3492ff91809', '01a2000f-31c9-733f-9f15-15ca50be49be', 2, 'assistant', 'complete', '[{"type":"text","text":"## Hello from the demo\n\nYou wrote: “Where do pelicans fly?”\n\nI am **not a real model**, only a stand-in so that you can look around. I can show you:\n\n- text that *streams*, with Markdown\n- a tool that waits for **your** decision\n\n| Try this | What happens |\n|---|---|\n| Create a file `notes/hello.txt` with content: Hello world | I ask, you decide |\n| Write 300 words | A longer text streams in |\n\nFor real answers, set a key and start Sayso again:\n\n```sh\nexport ANTHROPIC_API_KEY=…   # or OPENAI_API_KEY, or OLLAMA_URL\nsayso\n```\n"}]', 'demo', 'demo', 'end_turn', 1666, 135, 0, true, NULL, '2026-11-21 21:42:06.196744+00', NULL);
INSERT INTO public.messages VALUES ('01a2000f-353a-739c-a3b6-536f0c50c459', '01a2000f-313f-73a9-b698-0fb869996dc7', '01a2000f-3533-74d7-9b01-8b480aacdaae', '01a2000f-3534-707c-8299-075a941474e0', 1, 'user', 'complete', '[{"type":"text","text":"Create a file `notes/hello.txt` with content: Hello world"}]', NULL, NULL, NULL, NULL, NULL, NULL, false, NULL, '2026-11-21 21:42:06.395218+00', NULL);
INSERT INTO public.messages VALUES ('01a2000f-3569-76b9-9050-5e757f5f04e1', '01a2000f-313f-73a9-b698-0fb869996dc7', '01a2000f-3533-74d7-9b01-8b480aacdaae', '01a2000f-3534-707c-8299-075a941474e0', 2, 'assistant', 'complete', '[{"type":"text","text":"I am the demo, not a real model, and with your say-so I will write `notes/hello.txt`."},{"type":"tool_use","id":"01a2000f-35d1-7008-b741-7e16bd047a6f","name":"write_file","input":"{\"path\":\"notes/hello.txt\",\"content\":\"Hello world\"}"}]', 'demo', 'demo', 'tool_use', 1675, 37, 0, true, NULL, '2026-11-21 21:42:06.644043+00', NULL);
INSERT INTO public.messages VALUES ('01a2000f-35d1-7008-b741-7e16bd047a6f', '01a2000f-313f-73a9-b698-0fb869996dc7', '01a2000f-3533-74d7-9b01-8b480aacdaae', '01a2000f-3534-707c-8299-075a941474e0', 3, 'tool', 'complete', '[{"type":"tool_result","tool_call_id":"01a2000f-35d1-7008-b741-7e16bd047a6f","text":"Wrote 11 bytes to notes/hello.txt.","is_error":false}]', NULL, NULL, NULL, NULL, NULL, NULL, false, '01a2000f-35d1-7008-b741-7e16bd047a6f', '2026-11-21 21:42:06.851021+00', NULL);
INSERT INTO public.messages VALUES ('01a2000f-375d-71d0-b456-b2423e647a1a', '01a2000f-313f-73a9-b698-0fb869996dc7', '01a2000f-3533-74d7-9b01-8b480aacdaae', '01a2000f-3534-707c-8299-075a941474e0', 4, 'assistant', 'complete', '[{"type":"text","text":"Done: `notes/hello.txt` was written.\n\nThat is all the demo can do with it; it is not a real model."}]', 'demo', 'demo', 'end_turn', 1728, 25, 0, true, NULL, '2026-11-21 21:42:07.069431+00', NULL);
INSERT INTO public.messages VALUES ('01a2000f-387c-72c9-a76f-9ed98bb07f18', '01a2000f-313f-73a9-b698-0fb869996dc7', '01a2000f-3875-7363-ae27-7bc5639bba3b', '01a2000f-3876-71cd-99f3-44c4f963ed7c', 1, 'user', 'complete', '[{"type":"text","text":"Create a file `notes/denied.txt` with content: No"}]', NULL, NULL, NULL, NULL, NULL, NULL, false, NULL, '2026-11-21 21:42:07.229478+00', NULL);
INSERT INTO public.messages VALUES ('01a2000f-38ae-76f5-96ac-695d317c27df', '01a2000f-313f-73a9-b698-0fb869996dc7', '01a2000f-3875-7363-ae27-7bc5639bba3b', '01a2000f-3876-71cd-99f3-44c4f963ed7c', 2, 'assistant', 'complete', '[{"type":"text","text":"I am the demo, not a real model, and with your say-so I will write `notes/denied.txt`."},{"type":"tool_use","id":"01a2000f-3914-7627-8126-aad9ee021c79","name":"write_file","input":"{\"path\":\"notes/denied.txt\",\"content\":\"No\"}"}]', 'demo', 'demo', 'tool_use', 1673, 35, 0, true, NULL, '2026-11-21 21:42:07.404967+00', NULL);
INSERT INTO public.messages VALUES ('01a2000f-3914-7627-8126-aad9ee021c79', '01a2000f-313f-73a9-b698-0fb869996dc7', '01a2000f-3875-7363-ae27-7bc5639bba3b', '01a2000f-3876-71cd-99f3-44c4f963ed7c', 3, 'tool', 'complete', '[{"type":"tool_result","tool_call_id":"01a2000f-3914-7627-8126-aad9ee021c79","text":"The person refused this request.","is_error":true}]', NULL, NULL, NULL, NULL, NULL, NULL, false, '01a2000f-3914-7627-8126-aad9ee021c79', '2026-11-21 21:42:07.534809+00', NULL);
INSERT INTO public.messages VALUES ('01a2000f-39f1-7756-9932-912692724402', '01a2000f-313f-73a9-b698-0fb869996dc7', '01a2000f-3875-7363-ae27-7bc5639bba3b', '01a2000f-3876-71cd-99f3-44c4f963ed7c', 4, 'assistant', 'complete', '[{"type":"text","text":"`notes/denied.txt` was not written: The person refused this request.\n\nThat is all the demo can do with it; it is not a real model."}]', 'demo', 'demo', 'end_turn', 1724, 33, 0, true, NULL, '2026-11-21 21:42:07.766576+00', NULL);
INSERT INTO public.messages VALUES ('01a2000f-3b3e-73e0-b25c-0337090eb061', '01a2000f-313f-73a9-b698-0fb869996dc7', '01a2000f-3b35-774e-8081-57f3887cf940', '01a2000f-3b36-7550-a3cf-f65a4c15efae', 1, 'user', 'complete', '[{"type":"image","number":1,"media_type":"image/png","name":"picture.png","width":64,"height":48},{"type":"text","text":"What is in this picture?"}]', NULL, NULL, NULL, NULL, NULL, NULL, false, NULL, '2026-11-21 21:42:07.93548+00', NULL);
INSERT INTO public.messages VALUES ('01a2000f-3bc4-7783-8369-09e8a0a8642d', '01a2000f-313f-73a9-b698-0fb869996dc7', '01a2000f-3bbb-71c9-92c7-e9648f3c767e', '01a2000f-3bbc-7352-a09d-3c2a35c10fb8', 1, 'user', 'complete', '[{"type":"text","text":"Create a file `notes/never.txt` with content: Never"}]', NULL, NULL, NULL, NULL, NULL, NULL, false, NULL, '2026-11-21 21:42:08.069728+00', NULL);
INSERT INTO public.messages VALUES ('01a2000f-3be9-704e-9792-7dd6213e544a', '01a2000f-313f-73a9-b698-0fb869996dc7', '01a2000f-3bbb-71c9-92c7-e9648f3c767e', '01a2000f-3bbc-7352-a09d-3c2a35c10fb8', 2, 'assistant', 'complete', '[{"type":"text","text":"I am the demo, not a real model, and with your say-so I will write `notes/never.txt`."},{"type":"tool_use","id":"01a2000f-3c4c-7788-a008-8d112a95af9c","name":"write_file","input":"{\"path\":\"notes/never.txt\",\"content\":\"Never\"}"}]', 'demo', 'demo', 'tool_use', 1674, 35, 0, true, NULL, '2026-11-21 21:42:08.232397+00', NULL);
INSERT INTO public.messages VALUES ('01a2000f-3d23-73ac-8c3f-59df97055cbc', '01a2000f-313f-73a9-b698-0fb869996dc7', '01a2000f-3d16-72dc-96b0-13bf907ed5b0', '01a2000f-3d18-7260-8d2e-5cafc100b334', 1, 'user', 'complete', '[{"type":"text","text":"Create a file `notes/after.txt` with content: After"}]', NULL, NULL, NULL, NULL, NULL, NULL, false, NULL, '2026-11-21 21:42:08.420923+00', NULL);
INSERT INTO public.messages VALUES ('01a2000f-3b6d-7152-b1e3-159201556723', '01a2000f-313f-73a9-b698-0fb869996dc7', '01a2000f-3b35-774e-8081-57f3887cf940', '01a2000f-3b36-7550-a3cf-f65a4c15efae', 2, 'assistant', 'complete', '[{"type":"text","text":"## Hello from the demo\n\nYou wrote: “What is in this picture?”\n\nI am **not a real model**, only a stand-in so that you can look around. I can show you:\n\n- text that *streams*, with Markdown\n- a tool that waits for **your** decision\n\n| Try this | What happens |\n|---|---|\n| Create a file `notes/hello.txt` with content: Hello world | I ask, you decide |\n| Write 300 words | A longer text streams in |\n\nFor real answers, set a key and start Sayso again:\n\n```sh\nexport ANTHROPIC_API_KEY=…   # or OPENAI_API_KEY, or OLLAMA_URL\nsayso\n```\n"}]', 'demo', 'demo', 'end_turn', 1675, 136, 0, true, NULL, '2026-11-21 21:42:08.569888+00', NULL);
INSERT INTO public.messages VALUES ('01a2000f-3d64-72da-a1a5-01a0e159d34a', '01a2000f-313f-73a9-b698-0fb869996dc7', '01a2000f-3d16-72dc-96b0-13bf907ed5b0', '01a2000f-3d18-7260-8d2e-5cafc100b334', 2, 'assistant', 'complete', '[{"type":"text","text":"I am the demo, not a real model, and with your say-so I will write `notes/after.txt`."},{"type":"tool_use","id":"01a2000f-3dc6-7033-8034-f1d790b153c5","name":"write_file","input":"{\"path\":\"notes/after.txt\",\"content\":\"After\"}"}]', 'demo', 'demo', 'tool_use', 1674, 35, 0, true, NULL, '2026-11-21 21:42:08.6151+00', NULL);
INSERT INTO public.messages VALUES ('01a2000f-4617-7237-a38f-a0b85844e75f', '01a2000f-3e82-7381-9d60-42c83c9d421a', '01a2000f-4613-74a1-9c97-d435b2e3e6c3', '01a2000f-4614-7018-a397-66101413751d', 1, 'user', 'complete', '[{"type":"text","text":"What do gulls eat?"}]', NULL, NULL, NULL, NULL, NULL, NULL, false, NULL, '2026-11-21 21:42:10.717097+00', NULL);
INSERT INTO public.messages VALUES ('01a2000f-4646-763e-be43-50f444cc0266', '01a2000f-3e82-7381-9d60-42c83c9d421a', '01a2000f-4613-74a1-9c97-d435b2e3e6c3', '01a2000f-4614-7018-a397-66101413751d', 2, 'assistant', 'complete', '[{"type":"text","text":"## Hello from the demo\n\nYou wrote: “What do gulls eat?”\n\nI am **not a real model**, only a stand-in so that you can look around. I can show you:\n\n- text that *streams*, with Markdown\n- a tool that waits for **your** decision\n\n| Try this | What happens |\n|---|---|\n| Create a file `notes/hello.txt` with content: Hello world | I ask, you decide |\n| Write 300 words | A longer text streams in |\n\nFor real answers, set a key and start Sayso again:\n\n```sh\nexport ANTHROPIC_API_KEY=…   # or OPENAI_API_KEY, or OLLAMA_URL\nsayso\n```\n"}]', 'demo', 'demo', 'end_turn', 1665, 134, 0, true, NULL, '2026-11-21 21:42:11.365222+00', NULL);


--
-- Data for Name: model_calls; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.model_calls VALUES ('01a2000f-31e6-7564-8ce8-009b8dabc105', '01a2000f-313f-73a9-b698-0fb869996dc7', '01a2000f-3142-77d4-b240-aeeb5e1708c0', '01a2000f-31c9-733f-9f15-15ca50be49be', 'chat', 'demo', 'demo', '2026-11', 8512, 4096, 0, 1666, 135, 0, 0, true, NULL, '01a2000f-2d7a-77c1-b7a1-02d412397c6a', '2026-11-21 21:42:05.534971+00', '2026-11-21 21:42:06.185716+00');
INSERT INTO public.model_calls VALUES ('01a2000f-3549-77d9-91aa-79c6dec29810', '01a2000f-313f-73a9-b698-0fb869996dc7', '01a2000f-3142-77d4-b240-aeeb5e1708c0', '01a2000f-3534-707c-8299-075a941474e0', 'chat', 'demo', 'demo', '2026-11', 8547, 4096, 0, 1675, 37, 0, 0, true, NULL, '01a2000f-2d7a-77c1-b7a1-02d412397c6a', '2026-11-21 21:42:06.40166+00', '2026-11-21 21:42:06.629706+00');
INSERT INTO public.model_calls VALUES ('01a2000f-3744-72f6-9148-00037766b07d', '01a2000f-313f-73a9-b698-0fb869996dc7', '01a2000f-3142-77d4-b240-aeeb5e1708c0', '01a2000f-3534-707c-8299-075a941474e0', 'chat', 'demo', 'demo', '2026-11', 8806, 4096, 0, 1728, 25, 0, 0, true, NULL, '01a2000f-2d7a-77c1-b7a1-02d412397c6a', '2026-11-21 21:42:06.903571+00', '2026-11-21 21:42:07.059082+00');
INSERT INTO public.model_calls VALUES ('01a2000f-388d-7207-b33b-f27cd7e685ed', '01a2000f-313f-73a9-b698-0fb869996dc7', '01a2000f-3142-77d4-b240-aeeb5e1708c0', '01a2000f-3876-71cd-99f3-44c4f963ed7c', 'chat', 'demo', 'demo', '2026-11', 8539, 4096, 0, 1673, 35, 0, 0, true, NULL, '01a2000f-2d7a-77c1-b7a1-02d412397c6a', '2026-11-21 21:42:07.233286+00', '2026-11-21 21:42:07.394688+00');
INSERT INTO public.model_calls VALUES ('01a2000f-39d9-754e-9d7d-015a58a2941a', '01a2000f-313f-73a9-b698-0fb869996dc7', '01a2000f-3142-77d4-b240-aeeb5e1708c0', '01a2000f-3876-71cd-99f3-44c4f963ed7c', 'chat', 'demo', 'demo', '2026-11', 8789, 4096, 0, 1724, 33, 0, 0, true, NULL, '01a2000f-2d7a-77c1-b7a1-02d412397c6a', '2026-11-21 21:42:07.574615+00', '2026-11-21 21:42:07.760348+00');
INSERT INTO public.model_calls VALUES ('01a2000f-3bd1-76ed-8cc1-2f5ecbfe00fa', '01a2000f-313f-73a9-b698-0fb869996dc7', '01a2000f-3142-77d4-b240-aeeb5e1708c0', '01a2000f-3bbc-7352-a09d-3c2a35c10fb8', 'chat', 'demo', 'demo', '2026-11', 8541, 4096, 0, 1674, 35, 0, 0, true, NULL, '01a2000f-2d7a-77c1-b7a1-02d412397c6a', '2026-11-21 21:42:08.077713+00', '2026-11-21 21:42:08.220725+00');
INSERT INTO public.model_calls VALUES ('01a2000f-3b51-71fb-ba30-3f76e93a62ed', '01a2000f-313f-73a9-b698-0fb869996dc7', '01a2000f-3142-77d4-b240-aeeb5e1708c0', '01a2000f-3b36-7550-a3cf-f65a4c15efae', 'chat', 'demo', 'demo', '2026-11', 17041, 4096, 0, 1675, 136, 0, 0, true, NULL, '01a2000f-2d7a-77c1-b7a1-02d412397c6a', '2026-11-21 21:42:07.941158+00', '2026-11-21 21:42:08.558147+00');
INSERT INTO public.model_calls VALUES ('01a2000f-3d39-77e8-b539-f809bbb7f3e9', '01a2000f-313f-73a9-b698-0fb869996dc7', '01a2000f-3142-77d4-b240-aeeb5e1708c0', '01a2000f-3d18-7260-8d2e-5cafc100b334', 'chat', 'demo', 'demo', '2026-11', 8541, 4096, 0, 1674, 35, 0, 0, true, NULL, '01a2000f-2d7a-77c1-b7a1-02d412397c6a', '2026-11-21 21:42:08.430413+00', '2026-11-21 21:42:08.601924+00');
INSERT INTO public.model_calls VALUES ('01a2000f-462a-748b-8f43-eadd4d33c29d', '01a2000f-3e82-7381-9d60-42c83c9d421a', '01a2000f-421c-7639-ab47-7188b0da55c6', '01a2000f-4614-7018-a397-66101413751d', 'chat', 'demo', 'demo', '2026-11', 8507, 4096, 0, 1665, 134, 0, 0, true, NULL, '01a2000f-2d7a-77c1-b7a1-02d412397c6a', '2026-11-21 21:42:10.721389+00', '2026-11-21 21:42:11.345771+00');


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

INSERT INTO public.sessions VALUES ('01a2000f-315c-778d-98f0-a5628371f751', 'daf6b8098818968c15418772139c8191b00375c052412dbbacce6ec69c1faf6e', '{"seen":"1795297325","csrf":"\"OPTTsZNEhfMluJjQZgoY_lYvfUEB4JnO-bHd5gqaWTg\"","user_agent":"\"Mozilla/5.0 (a person without JavaScript)\"","user":"\"01a2000f-3142-77d4-b240-aeeb5e1708c0\"","id":"\"01a2000f-315c-778d-98f0-a5628371f751\"","address":"\"127.0.0.1\"","tenant":"\"01a2000f-313f-73a9-b698-0fb869996dc7\"","epoch":"0"}', '01a2000f-3142-77d4-b240-aeeb5e1708c0', '01a2000f-313f-73a9-b698-0fb869996dc7', 0, 'Mozilla/5.0 (a person without JavaScript)', '127.0.0.1', '2026-11-21 21:42:05.406776+00', '2026-11-21 21:42:05.406776+00', '2026-12-05 21:42:05.406776+00');
INSERT INTO public.sessions VALUES ('01a2000f-45d3-7135-9506-22766964f5ae', '92f9cb1680c137eaae982e26a60b70a40e9a508bb6af64b0211da538efa379ac', '{"tenant":"\"01a2000f-3e82-7381-9d60-42c83c9d421a\"","epoch":"0","id":"\"01a2000f-45d3-7135-9506-22766964f5ae\"","user_agent":"\"Mozilla/5.0 (a person without JavaScript)\"","address":"\"127.0.0.1\"","user":"\"01a2000f-421c-7639-ab47-7188b0da55c6\"","csrf":"\"NvDgqlSrCHPQgsiDha9Ohs2ruWuy1ORBsBITI0yR2xU\"","seen":"1795297330"}', '01a2000f-421c-7639-ab47-7188b0da55c6', '01a2000f-3e82-7381-9d60-42c83c9d421a', 0, 'Mozilla/5.0 (a person without JavaScript)', '127.0.0.1', '2026-11-21 21:42:10.645589+00', '2026-11-21 21:42:10.645589+00', '2026-12-05 21:42:10.645589+00');


--
-- Data for Name: setup_links; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: tenants; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.tenants VALUES ('01a2000f-313f-73a9-b698-0fb869996dc7', 'test-works', 'Test Works', true, NULL, '2026-11-21 21:42:05.375403+00', NULL);
INSERT INTO public.tenants VALUES ('01a2000f-3e82-7381-9d60-42c83c9d421a', 'elsewhere', 'Elsewhere', true, NULL, '2026-11-21 21:42:08.770275+00', NULL);


--
-- Data for Name: tool_calls; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.tool_calls VALUES ('01a2000f-35d1-7008-b741-7e16bd047a6f', '01a2000f-313f-73a9-b698-0fb869996dc7', '01a2000f-3142-77d4-b240-aeeb5e1708c0', '01a2000f-3533-74d7-9b01-8b480aacdaae', '01a2000f-3534-707c-8299-075a941474e0', '01a2000f-3569-76b9-9050-5e757f5f04e1', 0, 'sayso', 'builtin', 'write_file', '1513a920e53361bbff607caa23f60a8ddc9b846cf04baf7dc501c1c231f89823', '{"path":"notes/hello.txt","content":"Hello world"}', NULL, 'notes/hello.txt', 'absent', '{"is_new":true,"lines":[{"kind":"added","text":"Hello world"}],"omitted":0}', 'e5ac78505e8199fb4beb92e971176bff94575e4264107a214d3ae5c5c8ee8bf3', 'succeeded', 'approve', '01a2000f-3142-77d4-b240-aeeb5e1708c0', '2026-11-21 21:42:06.791124+00', NULL, 'Wrote 11 bytes to notes/hello.txt.', NULL, NULL, '2026-11-21 21:42:06.620091+00', '2026-11-21 21:42:06.828709+00', '2026-11-21 21:42:06.846255+00');
INSERT INTO public.tool_calls VALUES ('01a2000f-3914-7627-8126-aad9ee021c79', '01a2000f-313f-73a9-b698-0fb869996dc7', '01a2000f-3142-77d4-b240-aeeb5e1708c0', '01a2000f-3875-7363-ae27-7bc5639bba3b', '01a2000f-3876-71cd-99f3-44c4f963ed7c', '01a2000f-38ae-76f5-96ac-695d317c27df', 0, 'sayso', 'builtin', 'write_file', '1513a920e53361bbff607caa23f60a8ddc9b846cf04baf7dc501c1c231f89823', '{"path":"notes/denied.txt","content":"No"}', NULL, 'notes/denied.txt', 'absent', '{"is_new":true,"lines":[{"kind":"added","text":"No"}],"omitted":0}', '95cc574fb1a6aed10d22fa11ece854de9956510ac318a328264272155ef33911', 'denied', 'deny', '01a2000f-3142-77d4-b240-aeeb5e1708c0', '2026-11-21 21:42:07.532826+00', NULL, NULL, NULL, NULL, '2026-11-21 21:42:07.382921+00', NULL, NULL);
INSERT INTO public.tool_calls VALUES ('01a2000f-3c4c-7788-a008-8d112a95af9c', '01a2000f-313f-73a9-b698-0fb869996dc7', '01a2000f-3142-77d4-b240-aeeb5e1708c0', '01a2000f-3bbb-71c9-92c7-e9648f3c767e', '01a2000f-3bbc-7352-a09d-3c2a35c10fb8', '01a2000f-3be9-704e-9792-7dd6213e544a', 0, 'sayso', 'builtin', 'write_file', '1513a920e53361bbff607caa23f60a8ddc9b846cf04baf7dc501c1c231f89823', '{"path":"notes/never.txt","content":"Never"}', NULL, 'notes/never.txt', 'absent', '{"is_new":true,"lines":[{"kind":"added","text":"Never"}],"omitted":0}', 'd14746c89e176735037654c2a696369b2bf0829e02c98088856440f29015c212', 'pending', NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2026-11-21 21:42:08.213808+00', NULL, NULL);
INSERT INTO public.tool_calls VALUES ('01a2000f-3dc6-7033-8034-f1d790b153c5', '01a2000f-313f-73a9-b698-0fb869996dc7', '01a2000f-3142-77d4-b240-aeeb5e1708c0', '01a2000f-3d16-72dc-96b0-13bf907ed5b0', '01a2000f-3d18-7260-8d2e-5cafc100b334', '01a2000f-3d64-72da-a1a5-01a0e159d34a', 0, 'sayso', 'builtin', 'write_file', '1513a920e53361bbff607caa23f60a8ddc9b846cf04baf7dc501c1c231f89823', '{"path":"notes/after.txt","content":"After"}', NULL, 'notes/after.txt', 'absent', '{"is_new":true,"lines":[{"kind":"added","text":"After"}],"omitted":0}', '06618379fe592955d8aa85085dcd032677c5f7b3d4ed5a4f8a2d74703bb7ba74', 'pending', NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2026-11-21 21:42:08.591625+00', NULL, NULL);


--
-- Data for Name: turn_events; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.turn_events VALUES ('01a2000f-31c9-733f-9f15-15ca50be49be', 1, '01a2000f-313f-73a9-b698-0fb869996dc7', NULL, '{"event":"message","message":{"id":"01a2000f-31cf-7244-afd5-78eeb7dd7d54","turn_id":"01a2000f-31c9-733f-9f15-15ca50be49be","position":1,"role":"user","state":"complete","content":[{"type":"text","text":"Where do pelicans fly?"}],"provider":null,"model":null,"stop_reason":null,"usage":null,"tool_call_id":null,"created_at":"2026-11-21T21:42:05.520567Z"}}');
INSERT INTO public.turn_events VALUES ('01a2000f-31c9-733f-9f15-15ca50be49be', 2, '01a2000f-313f-73a9-b698-0fb869996dc7', NULL, '{"event":"turn","turn":{"id":"01a2000f-31c9-733f-9f15-15ca50be49be","state":"running","failure":null}}');
INSERT INTO public.turn_events VALUES ('01a2000f-31c9-733f-9f15-15ca50be49be', 6, '01a2000f-313f-73a9-b698-0fb869996dc7', NULL, '{"event":"message","message":{"id":"01a2000f-3214-7020-941d-fb84af2f905f","turn_id":"01a2000f-31c9-733f-9f15-15ca50be49be","position":2,"role":"assistant","state":"complete","content":[{"type":"text","text":"## Hello from the demo\n\nYou wrote: “Where do pelicans fly?”\n\nI am **not a real model**, only a stand-in so that you can look around. I can show you:\n\n- text that *streams*, with Markdown\n- a tool that waits for **your** decision\n\n| Try this | What happens |\n|---|---|\n| Create a file `notes/hello.txt` with content: Hello world | I ask, you decide |\n| Write 300 words | A longer text streams in |\n\nFor real answers, set a key and start Sayso again:\n\n```sh\nexport ANTHROPIC_API_KEY=…   # or OPENAI_API_KEY, or OLLAMA_URL\nsayso\n```\n"}],"provider":"demo","model":"demo","stop_reason":"end_turn","usage":{"input_tokens":1666,"output_tokens":135,"cached_tokens":0,"estimated":true},"tool_call_id":null,"created_at":"2026-11-21T21:42:06.196744Z"}}');
INSERT INTO public.turn_events VALUES ('01a2000f-31c9-733f-9f15-15ca50be49be', 7, '01a2000f-313f-73a9-b698-0fb869996dc7', NULL, '{"event":"turn","turn":{"id":"01a2000f-31c9-733f-9f15-15ca50be49be","state":"completed","failure":null}}');
INSERT INTO public.turn_events VALUES ('01a2000f-3534-707c-8299-075a941474e0', 1, '01a2000f-313f-73a9-b698-0fb869996dc7', NULL, '{"event":"message","message":{"id":"01a2000f-353a-739c-a3b6-536f0c50c459","turn_id":"01a2000f-3534-707c-8299-075a941474e0","position":1,"role":"user","state":"complete","content":[{"type":"text","text":"Create a file `notes/hello.txt` with content: Hello world"}],"provider":null,"model":null,"stop_reason":null,"usage":null,"tool_call_id":null,"created_at":"2026-11-21T21:42:06.395218Z"}}');
INSERT INTO public.turn_events VALUES ('01a2000f-3534-707c-8299-075a941474e0', 2, '01a2000f-313f-73a9-b698-0fb869996dc7', NULL, '{"event":"turn","turn":{"id":"01a2000f-3534-707c-8299-075a941474e0","state":"running","failure":null}}');
INSERT INTO public.turn_events VALUES ('01a2000f-3534-707c-8299-075a941474e0', 5, '01a2000f-313f-73a9-b698-0fb869996dc7', NULL, '{"event":"message","message":{"id":"01a2000f-3569-76b9-9050-5e757f5f04e1","turn_id":"01a2000f-3534-707c-8299-075a941474e0","position":2,"role":"assistant","state":"complete","content":[{"type":"text","text":"I am the demo, not a real model, and with your say-so I will write `notes/hello.txt`."},{"type":"tool_use","id":"01a2000f-35d1-7008-b741-7e16bd047a6f","name":"write_file","input":"{\"path\":\"notes/hello.txt\",\"content\":\"Hello world\"}"}],"provider":"demo","model":"demo","stop_reason":"tool_use","usage":{"input_tokens":1675,"output_tokens":37,"cached_tokens":0,"estimated":true},"tool_call_id":null,"created_at":"2026-11-21T21:42:06.644043Z"}}');
INSERT INTO public.turn_events VALUES ('01a2000f-3534-707c-8299-075a941474e0', 6, '01a2000f-313f-73a9-b698-0fb869996dc7', NULL, '{"event":"tool_call","call":{"id":"01a2000f-35d1-7008-b741-7e16bd047a6f","conversation_id":"01a2000f-3533-74d7-9b01-8b480aacdaae","turn_id":"01a2000f-3534-707c-8299-075a941474e0","message_id":"01a2000f-3569-76b9-9050-5e757f5f04e1","ordinal":0,"server":"sayso","name":"write_file","arguments":"{\"path\":\"notes/hello.txt\",\"content\":\"Hello world\"}","asked_arguments":null,"preview":{"target":"notes/hello.txt","precondition":"absent","difference":{"is_new":true,"lines":[{"kind":"added","text":"Hello world"}],"omitted":0}},"digest":"e5ac78505e8199fb4beb92e971176bff94575e4264107a214d3ae5c5c8ee8bf3","state":"pending","reason":null,"outcome":null}}');
INSERT INTO public.turn_events VALUES ('01a2000f-3534-707c-8299-075a941474e0', 7, '01a2000f-313f-73a9-b698-0fb869996dc7', NULL, '{"event":"turn","turn":{"id":"01a2000f-3534-707c-8299-075a941474e0","state":"awaiting_approval","failure":null}}');
INSERT INTO public.turn_events VALUES ('01a2000f-3534-707c-8299-075a941474e0', 8, '01a2000f-313f-73a9-b698-0fb869996dc7', NULL, '{"event":"tool_call","call":{"id":"01a2000f-35d1-7008-b741-7e16bd047a6f","conversation_id":"01a2000f-3533-74d7-9b01-8b480aacdaae","turn_id":"01a2000f-3534-707c-8299-075a941474e0","message_id":"01a2000f-3569-76b9-9050-5e757f5f04e1","ordinal":0,"server":"sayso","name":"write_file","arguments":"{\"path\":\"notes/hello.txt\",\"content\":\"Hello world\"}","asked_arguments":null,"preview":{"target":"notes/hello.txt","precondition":"absent","difference":{"is_new":true,"lines":[{"kind":"added","text":"Hello world"}],"omitted":0}},"digest":"e5ac78505e8199fb4beb92e971176bff94575e4264107a214d3ae5c5c8ee8bf3","state":"approved","reason":null,"outcome":null}}');
INSERT INTO public.turn_events VALUES ('01a2000f-3534-707c-8299-075a941474e0', 9, '01a2000f-313f-73a9-b698-0fb869996dc7', NULL, '{"event":"turn","turn":{"id":"01a2000f-3534-707c-8299-075a941474e0","state":"running","failure":null}}');
INSERT INTO public.turn_events VALUES ('01a2000f-3534-707c-8299-075a941474e0', 10, '01a2000f-313f-73a9-b698-0fb869996dc7', NULL, '{"event":"tool_call","call":{"id":"01a2000f-35d1-7008-b741-7e16bd047a6f","conversation_id":"01a2000f-3533-74d7-9b01-8b480aacdaae","turn_id":"01a2000f-3534-707c-8299-075a941474e0","message_id":"01a2000f-3569-76b9-9050-5e757f5f04e1","ordinal":0,"server":"sayso","name":"write_file","arguments":"{\"path\":\"notes/hello.txt\",\"content\":\"Hello world\"}","asked_arguments":null,"preview":{"target":"notes/hello.txt","precondition":"absent","difference":{"is_new":true,"lines":[{"kind":"added","text":"Hello world"}],"omitted":0}},"digest":"e5ac78505e8199fb4beb92e971176bff94575e4264107a214d3ae5c5c8ee8bf3","state":"running","reason":null,"outcome":null}}');
INSERT INTO public.turn_events VALUES ('01a2000f-3534-707c-8299-075a941474e0', 11, '01a2000f-313f-73a9-b698-0fb869996dc7', NULL, '{"event":"tool_chunk","id":"01a2000f-35d1-7008-b741-7e16bd047a6f","chunk":"Hello world"}');
INSERT INTO public.turn_events VALUES ('01a2000f-3534-707c-8299-075a941474e0', 12, '01a2000f-313f-73a9-b698-0fb869996dc7', NULL, '{"event":"tool_call","call":{"id":"01a2000f-35d1-7008-b741-7e16bd047a6f","conversation_id":"01a2000f-3533-74d7-9b01-8b480aacdaae","turn_id":"01a2000f-3534-707c-8299-075a941474e0","message_id":"01a2000f-3569-76b9-9050-5e757f5f04e1","ordinal":0,"server":"sayso","name":"write_file","arguments":"{\"path\":\"notes/hello.txt\",\"content\":\"Hello world\"}","asked_arguments":null,"preview":{"target":"notes/hello.txt","precondition":"absent","difference":{"is_new":true,"lines":[{"kind":"added","text":"Hello world"}],"omitted":0}},"digest":"e5ac78505e8199fb4beb92e971176bff94575e4264107a214d3ae5c5c8ee8bf3","state":"succeeded","reason":null,"outcome":{"text":"Wrote 11 bytes to notes/hello.txt.","error_code":null}}}');
INSERT INTO public.turn_events VALUES ('01a2000f-3534-707c-8299-075a941474e0', 16, '01a2000f-313f-73a9-b698-0fb869996dc7', NULL, '{"event":"message","message":{"id":"01a2000f-375d-71d0-b456-b2423e647a1a","turn_id":"01a2000f-3534-707c-8299-075a941474e0","position":4,"role":"assistant","state":"complete","content":[{"type":"text","text":"Done: `notes/hello.txt` was written.\n\nThat is all the demo can do with it; it is not a real model."}],"provider":"demo","model":"demo","stop_reason":"end_turn","usage":{"input_tokens":1728,"output_tokens":25,"cached_tokens":0,"estimated":true},"tool_call_id":null,"created_at":"2026-11-21T21:42:07.069431Z"}}');
INSERT INTO public.turn_events VALUES ('01a2000f-3534-707c-8299-075a941474e0', 17, '01a2000f-313f-73a9-b698-0fb869996dc7', NULL, '{"event":"turn","turn":{"id":"01a2000f-3534-707c-8299-075a941474e0","state":"completed","failure":null}}');
INSERT INTO public.turn_events VALUES ('01a2000f-3876-71cd-99f3-44c4f963ed7c', 1, '01a2000f-313f-73a9-b698-0fb869996dc7', NULL, '{"event":"message","message":{"id":"01a2000f-387c-72c9-a76f-9ed98bb07f18","turn_id":"01a2000f-3876-71cd-99f3-44c4f963ed7c","position":1,"role":"user","state":"complete","content":[{"type":"text","text":"Create a file `notes/denied.txt` with content: No"}],"provider":null,"model":null,"stop_reason":null,"usage":null,"tool_call_id":null,"created_at":"2026-11-21T21:42:07.229478Z"}}');
INSERT INTO public.turn_events VALUES ('01a2000f-3876-71cd-99f3-44c4f963ed7c', 2, '01a2000f-313f-73a9-b698-0fb869996dc7', NULL, '{"event":"turn","turn":{"id":"01a2000f-3876-71cd-99f3-44c4f963ed7c","state":"running","failure":null}}');
INSERT INTO public.turn_events VALUES ('01a2000f-3534-707c-8299-075a941474e0', 13, '01a2000f-313f-73a9-b698-0fb869996dc7', NULL, '{"event":"message","message":{"id":"01a2000f-35d1-7008-b741-7e16bd047a6f","turn_id":"01a2000f-3534-707c-8299-075a941474e0","position":3,"role":"tool","state":"complete","content":[{"type":"tool_result","tool_call_id":"01a2000f-35d1-7008-b741-7e16bd047a6f","text":"Wrote 11 bytes to notes/hello.txt.","is_error":false}],"provider":null,"model":null,"stop_reason":null,"usage":null,"tool_call_id":"01a2000f-35d1-7008-b741-7e16bd047a6f","created_at":"2026-11-21T21:42:06.851021Z"}}');
INSERT INTO public.turn_events VALUES ('01a2000f-3876-71cd-99f3-44c4f963ed7c', 6, '01a2000f-313f-73a9-b698-0fb869996dc7', NULL, '{"event":"tool_call","call":{"id":"01a2000f-3914-7627-8126-aad9ee021c79","conversation_id":"01a2000f-3875-7363-ae27-7bc5639bba3b","turn_id":"01a2000f-3876-71cd-99f3-44c4f963ed7c","message_id":"01a2000f-38ae-76f5-96ac-695d317c27df","ordinal":0,"server":"sayso","name":"write_file","arguments":"{\"path\":\"notes/denied.txt\",\"content\":\"No\"}","asked_arguments":null,"preview":{"target":"notes/denied.txt","precondition":"absent","difference":{"is_new":true,"lines":[{"kind":"added","text":"No"}],"omitted":0}},"digest":"95cc574fb1a6aed10d22fa11ece854de9956510ac318a328264272155ef33911","state":"denied","reason":null,"outcome":null}}');
INSERT INTO public.turn_events VALUES ('01a2000f-3876-71cd-99f3-44c4f963ed7c', 7, '01a2000f-313f-73a9-b698-0fb869996dc7', NULL, '{"event":"message","message":{"id":"01a2000f-3914-7627-8126-aad9ee021c79","turn_id":"01a2000f-3876-71cd-99f3-44c4f963ed7c","position":3,"role":"tool","state":"complete","content":[{"type":"tool_result","tool_call_id":"01a2000f-3914-7627-8126-aad9ee021c79","text":"The person refused this request.","is_error":true}],"provider":null,"model":null,"stop_reason":null,"usage":null,"tool_call_id":"01a2000f-3914-7627-8126-aad9ee021c79","created_at":"2026-11-21T21:42:07.534809Z"}}');
INSERT INTO public.turn_events VALUES ('01a2000f-3876-71cd-99f3-44c4f963ed7c', 8, '01a2000f-313f-73a9-b698-0fb869996dc7', NULL, '{"event":"turn","turn":{"id":"01a2000f-3876-71cd-99f3-44c4f963ed7c","state":"running","failure":null}}');
INSERT INTO public.turn_events VALUES ('01a2000f-3876-71cd-99f3-44c4f963ed7c', 11, '01a2000f-313f-73a9-b698-0fb869996dc7', NULL, '{"event":"message","message":{"id":"01a2000f-39f1-7756-9932-912692724402","turn_id":"01a2000f-3876-71cd-99f3-44c4f963ed7c","position":4,"role":"assistant","state":"complete","content":[{"type":"text","text":"`notes/denied.txt` was not written: The person refused this request.\n\nThat is all the demo can do with it; it is not a real model."}],"provider":"demo","model":"demo","stop_reason":"end_turn","usage":{"input_tokens":1724,"output_tokens":33,"cached_tokens":0,"estimated":true},"tool_call_id":null,"created_at":"2026-11-21T21:42:07.766576Z"}}');
INSERT INTO public.turn_events VALUES ('01a2000f-3876-71cd-99f3-44c4f963ed7c', 12, '01a2000f-313f-73a9-b698-0fb869996dc7', NULL, '{"event":"turn","turn":{"id":"01a2000f-3876-71cd-99f3-44c4f963ed7c","state":"completed","failure":null}}');
INSERT INTO public.turn_events VALUES ('01a2000f-3b36-7550-a3cf-f65a4c15efae', 7, '01a2000f-313f-73a9-b698-0fb869996dc7', NULL, '{"event":"message","message":{"id":"01a2000f-3b6d-7152-b1e3-159201556723","turn_id":"01a2000f-3b36-7550-a3cf-f65a4c15efae","position":2,"role":"assistant","state":"complete","content":[{"type":"text","text":"## Hello from the demo\n\nYou wrote: “What is in this picture?”\n\nI am **not a real model**, only a stand-in so that you can look around. I can show you:\n\n- text that *streams*, with Markdown\n- a tool that waits for **your** decision\n\n| Try this | What happens |\n|---|---|\n| Create a file `notes/hello.txt` with content: Hello world | I ask, you decide |\n| Write 300 words | A longer text streams in |\n\nFor real answers, set a key and start Sayso again:\n\n```sh\nexport ANTHROPIC_API_KEY=…   # or OPENAI_API_KEY, or OLLAMA_URL\nsayso\n```\n"}],"provider":"demo","model":"demo","stop_reason":"end_turn","usage":{"input_tokens":1675,"output_tokens":136,"cached_tokens":0,"estimated":true},"tool_call_id":null,"created_at":"2026-11-21T21:42:08.569888Z"}}');
INSERT INTO public.turn_events VALUES ('01a2000f-3b36-7550-a3cf-f65a4c15efae', 8, '01a2000f-313f-73a9-b698-0fb869996dc7', NULL, '{"event":"turn","turn":{"id":"01a2000f-3b36-7550-a3cf-f65a4c15efae","state":"completed","failure":null}}');
INSERT INTO public.turn_events VALUES ('01a2000f-3876-71cd-99f3-44c4f963ed7c', 3, '01a2000f-313f-73a9-b698-0fb869996dc7', NULL, '{"event":"message","message":{"id":"01a2000f-38ae-76f5-96ac-695d317c27df","turn_id":"01a2000f-3876-71cd-99f3-44c4f963ed7c","position":2,"role":"assistant","state":"complete","content":[{"type":"text","text":"I am the demo, not a real model, and with your say-so I will write `notes/denied.txt`."},{"type":"tool_use","id":"01a2000f-3914-7627-8126-aad9ee021c79","name":"write_file","input":"{\"path\":\"notes/denied.txt\",\"content\":\"No\"}"}],"provider":"demo","model":"demo","stop_reason":"tool_use","usage":{"input_tokens":1673,"output_tokens":35,"cached_tokens":0,"estimated":true},"tool_call_id":null,"created_at":"2026-11-21T21:42:07.404967Z"}}');
INSERT INTO public.turn_events VALUES ('01a2000f-3876-71cd-99f3-44c4f963ed7c', 4, '01a2000f-313f-73a9-b698-0fb869996dc7', NULL, '{"event":"tool_call","call":{"id":"01a2000f-3914-7627-8126-aad9ee021c79","conversation_id":"01a2000f-3875-7363-ae27-7bc5639bba3b","turn_id":"01a2000f-3876-71cd-99f3-44c4f963ed7c","message_id":"01a2000f-38ae-76f5-96ac-695d317c27df","ordinal":0,"server":"sayso","name":"write_file","arguments":"{\"path\":\"notes/denied.txt\",\"content\":\"No\"}","asked_arguments":null,"preview":{"target":"notes/denied.txt","precondition":"absent","difference":{"is_new":true,"lines":[{"kind":"added","text":"No"}],"omitted":0}},"digest":"95cc574fb1a6aed10d22fa11ece854de9956510ac318a328264272155ef33911","state":"pending","reason":null,"outcome":null}}');
INSERT INTO public.turn_events VALUES ('01a2000f-3876-71cd-99f3-44c4f963ed7c', 5, '01a2000f-313f-73a9-b698-0fb869996dc7', NULL, '{"event":"turn","turn":{"id":"01a2000f-3876-71cd-99f3-44c4f963ed7c","state":"awaiting_approval","failure":null}}');
INSERT INTO public.turn_events VALUES ('01a2000f-3b36-7550-a3cf-f65a4c15efae', 1, '01a2000f-313f-73a9-b698-0fb869996dc7', NULL, '{"event":"message","message":{"id":"01a2000f-3b3e-73e0-b25c-0337090eb061","turn_id":"01a2000f-3b36-7550-a3cf-f65a4c15efae","position":1,"role":"user","state":"complete","content":[{"type":"image","number":1,"media_type":"image/png","name":"picture.png","width":64,"height":48},{"type":"text","text":"What is in this picture?"}],"provider":null,"model":null,"stop_reason":null,"usage":null,"tool_call_id":null,"created_at":"2026-11-21T21:42:07.935480Z"}}');
INSERT INTO public.turn_events VALUES ('01a2000f-3b36-7550-a3cf-f65a4c15efae', 2, '01a2000f-313f-73a9-b698-0fb869996dc7', NULL, '{"event":"turn","turn":{"id":"01a2000f-3b36-7550-a3cf-f65a4c15efae","state":"running","failure":null}}');
INSERT INTO public.turn_events VALUES ('01a2000f-3bbc-7352-a09d-3c2a35c10fb8', 1, '01a2000f-313f-73a9-b698-0fb869996dc7', NULL, '{"event":"message","message":{"id":"01a2000f-3bc4-7783-8369-09e8a0a8642d","turn_id":"01a2000f-3bbc-7352-a09d-3c2a35c10fb8","position":1,"role":"user","state":"complete","content":[{"type":"text","text":"Create a file `notes/never.txt` with content: Never"}],"provider":null,"model":null,"stop_reason":null,"usage":null,"tool_call_id":null,"created_at":"2026-11-21T21:42:08.069728Z"}}');
INSERT INTO public.turn_events VALUES ('01a2000f-3bbc-7352-a09d-3c2a35c10fb8', 2, '01a2000f-313f-73a9-b698-0fb869996dc7', NULL, '{"event":"turn","turn":{"id":"01a2000f-3bbc-7352-a09d-3c2a35c10fb8","state":"running","failure":null}}');
INSERT INTO public.turn_events VALUES ('01a2000f-3bbc-7352-a09d-3c2a35c10fb8', 3, '01a2000f-313f-73a9-b698-0fb869996dc7', NULL, '{"event":"message","message":{"id":"01a2000f-3be9-704e-9792-7dd6213e544a","turn_id":"01a2000f-3bbc-7352-a09d-3c2a35c10fb8","position":2,"role":"assistant","state":"complete","content":[{"type":"text","text":"I am the demo, not a real model, and with your say-so I will write `notes/never.txt`."},{"type":"tool_use","id":"01a2000f-3c4c-7788-a008-8d112a95af9c","name":"write_file","input":"{\"path\":\"notes/never.txt\",\"content\":\"Never\"}"}],"provider":"demo","model":"demo","stop_reason":"tool_use","usage":{"input_tokens":1674,"output_tokens":35,"cached_tokens":0,"estimated":true},"tool_call_id":null,"created_at":"2026-11-21T21:42:08.232397Z"}}');
INSERT INTO public.turn_events VALUES ('01a2000f-3bbc-7352-a09d-3c2a35c10fb8', 4, '01a2000f-313f-73a9-b698-0fb869996dc7', NULL, '{"event":"tool_call","call":{"id":"01a2000f-3c4c-7788-a008-8d112a95af9c","conversation_id":"01a2000f-3bbb-71c9-92c7-e9648f3c767e","turn_id":"01a2000f-3bbc-7352-a09d-3c2a35c10fb8","message_id":"01a2000f-3be9-704e-9792-7dd6213e544a","ordinal":0,"server":"sayso","name":"write_file","arguments":"{\"path\":\"notes/never.txt\",\"content\":\"Never\"}","asked_arguments":null,"preview":{"target":"notes/never.txt","precondition":"absent","difference":{"is_new":true,"lines":[{"kind":"added","text":"Never"}],"omitted":0}},"digest":"d14746c89e176735037654c2a696369b2bf0829e02c98088856440f29015c212","state":"pending","reason":null,"outcome":null}}');
INSERT INTO public.turn_events VALUES ('01a2000f-3bbc-7352-a09d-3c2a35c10fb8', 5, '01a2000f-313f-73a9-b698-0fb869996dc7', NULL, '{"event":"turn","turn":{"id":"01a2000f-3bbc-7352-a09d-3c2a35c10fb8","state":"awaiting_approval","failure":null}}');
INSERT INTO public.turn_events VALUES ('01a2000f-3d18-7260-8d2e-5cafc100b334', 1, '01a2000f-313f-73a9-b698-0fb869996dc7', NULL, '{"event":"message","message":{"id":"01a2000f-3d23-73ac-8c3f-59df97055cbc","turn_id":"01a2000f-3d18-7260-8d2e-5cafc100b334","position":1,"role":"user","state":"complete","content":[{"type":"text","text":"Create a file `notes/after.txt` with content: After"}],"provider":null,"model":null,"stop_reason":null,"usage":null,"tool_call_id":null,"created_at":"2026-11-21T21:42:08.420923Z"}}');
INSERT INTO public.turn_events VALUES ('01a2000f-3d18-7260-8d2e-5cafc100b334', 2, '01a2000f-313f-73a9-b698-0fb869996dc7', NULL, '{"event":"turn","turn":{"id":"01a2000f-3d18-7260-8d2e-5cafc100b334","state":"running","failure":null}}');
INSERT INTO public.turn_events VALUES ('01a2000f-3d18-7260-8d2e-5cafc100b334', 5, '01a2000f-313f-73a9-b698-0fb869996dc7', NULL, '{"event":"message","message":{"id":"01a2000f-3d64-72da-a1a5-01a0e159d34a","turn_id":"01a2000f-3d18-7260-8d2e-5cafc100b334","position":2,"role":"assistant","state":"complete","content":[{"type":"text","text":"I am the demo, not a real model, and with your say-so I will write `notes/after.txt`."},{"type":"tool_use","id":"01a2000f-3dc6-7033-8034-f1d790b153c5","name":"write_file","input":"{\"path\":\"notes/after.txt\",\"content\":\"After\"}"}],"provider":"demo","model":"demo","stop_reason":"tool_use","usage":{"input_tokens":1674,"output_tokens":35,"cached_tokens":0,"estimated":true},"tool_call_id":null,"created_at":"2026-11-21T21:42:08.615100Z"}}');
INSERT INTO public.turn_events VALUES ('01a2000f-3d18-7260-8d2e-5cafc100b334', 6, '01a2000f-313f-73a9-b698-0fb869996dc7', NULL, '{"event":"tool_call","call":{"id":"01a2000f-3dc6-7033-8034-f1d790b153c5","conversation_id":"01a2000f-3d16-72dc-96b0-13bf907ed5b0","turn_id":"01a2000f-3d18-7260-8d2e-5cafc100b334","message_id":"01a2000f-3d64-72da-a1a5-01a0e159d34a","ordinal":0,"server":"sayso","name":"write_file","arguments":"{\"path\":\"notes/after.txt\",\"content\":\"After\"}","asked_arguments":null,"preview":{"target":"notes/after.txt","precondition":"absent","difference":{"is_new":true,"lines":[{"kind":"added","text":"After"}],"omitted":0}},"digest":"06618379fe592955d8aa85085dcd032677c5f7b3d4ed5a4f8a2d74703bb7ba74","state":"pending","reason":null,"outcome":null}}');
INSERT INTO public.turn_events VALUES ('01a2000f-3d18-7260-8d2e-5cafc100b334', 7, '01a2000f-313f-73a9-b698-0fb869996dc7', NULL, '{"event":"turn","turn":{"id":"01a2000f-3d18-7260-8d2e-5cafc100b334","state":"awaiting_approval","failure":null}}');
INSERT INTO public.turn_events VALUES ('01a2000f-4614-7018-a397-66101413751d', 1, '01a2000f-3e82-7381-9d60-42c83c9d421a', NULL, '{"event":"message","message":{"id":"01a2000f-4617-7237-a38f-a0b85844e75f","turn_id":"01a2000f-4614-7018-a397-66101413751d","position":1,"role":"user","state":"complete","content":[{"type":"text","text":"What do gulls eat?"}],"provider":null,"model":null,"stop_reason":null,"usage":null,"tool_call_id":null,"created_at":"2026-11-21T21:42:10.717097Z"}}');
INSERT INTO public.turn_events VALUES ('01a2000f-4614-7018-a397-66101413751d', 2, '01a2000f-3e82-7381-9d60-42c83c9d421a', NULL, '{"event":"turn","turn":{"id":"01a2000f-4614-7018-a397-66101413751d","state":"running","failure":null}}');
INSERT INTO public.turn_events VALUES ('01a2000f-4614-7018-a397-66101413751d', 6, '01a2000f-3e82-7381-9d60-42c83c9d421a', NULL, '{"event":"message","message":{"id":"01a2000f-4646-763e-be43-50f444cc0266","turn_id":"01a2000f-4614-7018-a397-66101413751d","position":2,"role":"assistant","state":"complete","content":[{"type":"text","text":"## Hello from the demo\n\nYou wrote: “What do gulls eat?”\n\nI am **not a real model**, only a stand-in so that you can look around. I can show you:\n\n- text that *streams*, with Markdown\n- a tool that waits for **your** decision\n\n| Try this | What happens |\n|---|---|\n| Create a file `notes/hello.txt` with content: Hello world | I ask, you decide |\n| Write 300 words | A longer text streams in |\n\nFor real answers, set a key and start Sayso again:\n\n```sh\nexport ANTHROPIC_API_KEY=…   # or OPENAI_API_KEY, or OLLAMA_URL\nsayso\n```\n"}],"provider":"demo","model":"demo","stop_reason":"end_turn","usage":{"input_tokens":1665,"output_tokens":134,"cached_tokens":0,"estimated":true},"tool_call_id":null,"created_at":"2026-11-21T21:42:11.365222Z"}}');
INSERT INTO public.turn_events VALUES ('01a2000f-4614-7018-a397-66101413751d', 7, '01a2000f-3e82-7381-9d60-42c83c9d421a', NULL, '{"event":"turn","turn":{"id":"01a2000f-4614-7018-a397-66101413751d","state":"completed","failure":null}}');


--
-- Data for Name: turns; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.turns VALUES ('01a2000f-31c9-733f-9f15-15ca50be49be', '01a2000f-313f-73a9-b698-0fb869996dc7', '01a2000f-3142-77d4-b240-aeeb5e1708c0', '01a2000f-31c7-72dd-bd33-f3492ff91809', 'completed', NULL, NULL, NULL, 1, NULL, false, 1, 0, 8, '01a2000f31b77047a2f6b9787df508dd', '2026-11-21 21:42:05.517717+00', '2026-11-21 21:42:06.198659+00');
INSERT INTO public.turns VALUES ('01a2000f-3b36-7550-a3cf-f65a4c15efae', '01a2000f-313f-73a9-b698-0fb869996dc7', '01a2000f-3142-77d4-b240-aeeb5e1708c0', '01a2000f-3b35-774e-8081-57f3887cf940', 'completed', NULL, NULL, NULL, 1, NULL, false, 1, 0, 9, '01a2000f3b1c751c854c0cdc8ebbc73e', '2026-11-21 21:42:07.92761+00', '2026-11-21 21:42:08.580532+00');
INSERT INTO public.turns VALUES ('01a2000f-3d18-7260-8d2e-5cafc100b334', '01a2000f-313f-73a9-b698-0fb869996dc7', '01a2000f-3142-77d4-b240-aeeb5e1708c0', '01a2000f-3d16-72dc-96b0-13bf907ed5b0', 'awaiting_approval', NULL, NULL, NULL, 1, NULL, false, 1, 0, 8, '01a2000f3cf9738fbde3fa05beca16bf', '2026-11-21 21:42:08.417817+00', NULL);
INSERT INTO public.turns VALUES ('01a2000f-3876-71cd-99f3-44c4f963ed7c', '01a2000f-313f-73a9-b698-0fb869996dc7', '01a2000f-3142-77d4-b240-aeeb5e1708c0', '01a2000f-3875-7363-ae27-7bc5639bba3b', 'completed', NULL, NULL, NULL, 2, NULL, false, 2, 1, 13, '01a2000f38627007b28e1129253204df', '2026-11-21 21:42:07.223793+00', '2026-11-21 21:42:07.773674+00');
INSERT INTO public.turns VALUES ('01a2000f-3534-707c-8299-075a941474e0', '01a2000f-313f-73a9-b698-0fb869996dc7', '01a2000f-3142-77d4-b240-aeeb5e1708c0', '01a2000f-3533-74d7-9b01-8b480aacdaae', 'completed', NULL, NULL, NULL, 2, NULL, false, 2, 0, 18, '01a2000f351475b3a439eef87ad2345b', '2026-11-21 21:42:06.392769+00', '2026-11-21 21:42:07.075001+00');
INSERT INTO public.turns VALUES ('01a2000f-3bbc-7352-a09d-3c2a35c10fb8', '01a2000f-313f-73a9-b698-0fb869996dc7', '01a2000f-3142-77d4-b240-aeeb5e1708c0', '01a2000f-3bbb-71c9-92c7-e9648f3c767e', 'awaiting_approval', NULL, NULL, NULL, 1, NULL, false, 1, 0, 6, '01a2000f3ba476e3910cd83fd00c65d7', '2026-11-21 21:42:08.065773+00', NULL);
INSERT INTO public.turns VALUES ('01a2000f-4614-7018-a397-66101413751d', '01a2000f-3e82-7381-9d60-42c83c9d421a', '01a2000f-421c-7639-ab47-7188b0da55c6', '01a2000f-4613-74a1-9c97-d435b2e3e6c3', 'completed', NULL, NULL, NULL, 1, NULL, false, 1, 0, 8, '01a2000f45fd73a09341d0637492b718', '2026-11-21 21:42:10.710335+00', '2026-11-21 21:42:11.372492+00');


--
-- Data for Name: usage_days; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.usage_days VALUES ('01a2000f-313f-73a9-b698-0fb869996dc7', '01a2000f-3142-77d4-b240-aeeb5e1708c0', '2026-11-21', 'demo', 'demo', 13489, 471, 0, 8, 8, 0);
INSERT INTO public.usage_days VALUES ('01a2000f-3e82-7381-9d60-42c83c9d421a', '01a2000f-421c-7639-ab47-7188b0da55c6', '2026-11-21', 'demo', 'demo', 1665, 134, 0, 1, 1, 0);


--
-- Data for Name: usage_limits; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.usage_limits VALUES ('01a2000f-313f-73a9-b698-0fb869996dc7', '01a2000f-313f-73a9-b698-0fb869996dc7', 1000000, 500000, 10000, NULL, true);
INSERT INTO public.usage_limits VALUES ('01a2000f-3e82-7381-9d60-42c83c9d421a', '01a2000f-3e82-7381-9d60-42c83c9d421a', 1000000, 500000, 500, NULL, true);


--
-- Data for Name: usage_months; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.usage_months VALUES ('01a2000f-313f-73a9-b698-0fb869996dc7', '01a2000f-313f-73a9-b698-0fb869996dc7', '2026-11', 13489, 471, 0, 8, 0, 0, 0, 0, 0);
INSERT INTO public.usage_months VALUES ('01a2000f-313f-73a9-b698-0fb869996dc7', '01a2000f-3142-77d4-b240-aeeb5e1708c0', '2026-11', 13489, 471, 0, 8, 0, 0, 0, 0, 0);
INSERT INTO public.usage_months VALUES ('01a2000f-3e82-7381-9d60-42c83c9d421a', '01a2000f-3e82-7381-9d60-42c83c9d421a', '2026-11', 1665, 134, 0, 1, 0, 0, 0, 0, 0);
INSERT INTO public.usage_months VALUES ('01a2000f-3e82-7381-9d60-42c83c9d421a', '01a2000f-421c-7639-ab47-7188b0da55c6', '2026-11', 1665, 134, 0, 1, 0, 0, 0, 0, 0);


--
-- Data for Name: users; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.users VALUES ('01a2000f-3142-77d4-b240-aeeb5e1708c0', 'ada@example.org', 'Ada Lovelace', '$2b$12$5mBVw5BvI9nJaNHYuhzLbeI8gb.CiL/uTdja8Rya5tsGb8RTKDkU6', true, true, 0, NULL, '2026-11-21 21:42:05.378185+00');
INSERT INTO public.users VALUES ('01a2000f-421c-7639-ab47-7188b0da55c6', 'eve@example.org', 'eve@example.org', '$2b$12$ejCeGsvu/UOEznW2XtOEa.Yvuxnk1hzSlO7Kq4wzGfXx4uOz5blUy', false, true, 0, NULL, '2026-11-21 21:42:09.692285+00');


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


