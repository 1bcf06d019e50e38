PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE __diesel_schema_migrations (
       version VARCHAR(50) PRIMARY KEY NOT NULL,
       run_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
);
INSERT INTO __diesel_schema_migrations VALUES('00000000000001','2026-11-21 21:54:00');
INSERT INTO __diesel_schema_migrations VALUES('00000000000002','2026-11-21 21:54:00');
INSERT INTO __diesel_schema_migrations VALUES('00000000000003','2026-11-21 21:54:00');
INSERT INTO __diesel_schema_migrations VALUES('00000000000004','2026-11-21 21:54:00');
INSERT INTO __diesel_schema_migrations VALUES('00000000000005','2026-11-21 21:54:00');
CREATE TABLE tenants (
    id uuid PRIMARY KEY NOT NULL,
    slug text NOT NULL UNIQUE,
    name text NOT NULL,
    is_active boolean NOT NULL DEFAULT true,
    system_prompt text,
    created_at timestamptz NOT NULL
, topics text, approvals_expire_after bigint);
INSERT INTO tenants VALUES('01a2001a-1d9a-7629-8d03-b9745f255469','test-works','Test Works',1,NULL,'2026-11-21T21:54:01.242542Z',NULL,NULL);
INSERT INTO tenants VALUES('01a2001a-264c-750e-857e-4d804ef77664','elsewhere','Elsewhere',1,NULL,'2026-11-21T21:54:03.468300Z',NULL,NULL);
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
INSERT INTO users VALUES('01a2001a-1d9b-702b-ae26-fc09b2b65b7b','ada@example.org','Ada Lovelace','$2b$12$75kAPI1/iKo1suNaden1jOzwt2g9y/701a2yDPtZytI1a2mUxXllK',1,1,0,NULL,'2026-11-21T21:54:01.243287Z');
INSERT INTO users VALUES('01a2001a-27e0-73ea-9255-4966259a2c3c','eve@example.org','eve@example.org','$2b$12$yGkdW4Y5x3FEq7p7Pewm7e4.l7zAfdpgeHXl/K377lOKuh6HYTpH6',0,1,0,NULL,'2026-11-21T21:54:03.872294Z');
CREATE TABLE memberships (
    tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    role text NOT NULL,
    is_active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, user_id)
);
INSERT INTO memberships VALUES('01a2001a-1d9a-7629-8d03-b9745f255469','01a2001a-1d9b-702b-ae26-fc09b2b65b7b','owner',1,'2026-11-21T21:54:01.243618Z');
INSERT INTO memberships VALUES('01a2001a-264c-750e-857e-4d804ef77664','01a2001a-27e0-73ea-9255-4966259a2c3c','owner',1,'2026-11-21T21:54:03.872733Z');
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
INSERT INTO sessions VALUES('01a2001a-1da0-7717-a588-ce754cb37bfc','18cff820e3e2e7372bc57928126452b77d00d98d33b066c211e3865a489add72','{"user":"\"01a2001a-1d9b-702b-ae26-fc09b2b65b7b\"","epoch":"0","address":"\"127.0.0.1\"","user_agent":"\"Mozilla/5.0 (a person without JavaScript)\"","id":"\"01a2001a-1da0-7717-a588-ce754cb37bfc\"","csrf":"\"_p59vy6lkzmyqRHxeZyIFBT-D3e_CkXXRngfrYcppu0\"","tenant":"\"01a2001a-1d9a-7629-8d03-b9745f255469\"","seen":"1795298041"}','01a2001a-1d9b-702b-ae26-fc09b2b65b7b','01a2001a-1d9a-7629-8d03-b9745f255469',0,'Mozilla/5.0 (a person without JavaScript)','127.0.0.1','2026-11-21T21:54:01.249824Z','2026-11-21T21:54:01.249824Z','2026-12-05T21:54:01.249824Z');
INSERT INTO sessions VALUES('01a2001a-2974-724b-978c-89cbeabe24c9','fec9c89583f23ba3057db6bdd0aa7dbdddb993b22f41fec2b7fedfeb95e97f5c','{"csrf":"\"fMDaak-ADAeROxVtJV91La3m7MXKp5n-uFsSfG8suJc\"","user":"\"01a2001a-27e0-73ea-9255-4966259a2c3c\"","address":"\"127.0.0.1\"","seen":"1795298044","id":"\"01a2001a-2974-724b-978c-89cbeabe24c9\"","user_agent":"\"Mozilla/5.0 (a person without JavaScript)\"","tenant":"\"01a2001a-264c-750e-857e-4d804ef77664\"","epoch":"0"}','01a2001a-27e0-73ea-9255-4966259a2c3c','01a2001a-264c-750e-857e-4d804ef77664',0,'Mozilla/5.0 (a person without JavaScript)','127.0.0.1','2026-11-21T21:54:04.280475Z','2026-11-21T21:54:04.280475Z','2026-12-05T21:54:04.280475Z');
CREATE TABLE setup_links (
    token_hash text PRIMARY KEY NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
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
, window_begins bigint NOT NULL DEFAULT 1);
INSERT INTO conversations VALUES('01a2001a-1dcd-7713-9ae6-390dfa60b343','01a2001a-1d9a-7629-8d03-b9745f255469','01a2001a-1d9b-702b-ae26-fc09b2b65b7b','chat','Where do pelicans fly?','first_words',NULL,NULL,NULL,2,'2026-11-21T21:54:01.293525Z','2026-11-21T21:54:01.900544Z',NULL,1);
INSERT INTO conversations VALUES('01a2001a-207b-7042-b868-d8fb32cfddde','01a2001a-1d9a-7629-8d03-b9745f255469','01a2001a-1d9b-702b-ae26-fc09b2b65b7b','chat','Create a file `notes/hello.txt` with content: Hello world','first_words',NULL,NULL,NULL,4,'2026-11-21T21:54:01.979983Z','2026-11-21T21:54:02.425467Z',NULL,1);
INSERT INTO conversations VALUES('01a2001a-2288-76f7-b446-dde9b7e7a204','01a2001a-1d9a-7629-8d03-b9745f255469','01a2001a-1d9b-702b-ae26-fc09b2b65b7b','chat','Create a file `notes/denied.txt` with content: No','first_words',NULL,NULL,NULL,4,'2026-11-21T21:54:02.504035Z','2026-11-21T21:54:02.869883Z',NULL,1);
INSERT INTO conversations VALUES('01a2001a-2441-763d-96db-acfea1ca8c5c','01a2001a-1d9a-7629-8d03-b9745f255469','01a2001a-1d9b-702b-ae26-fc09b2b65b7b','chat','What is in this picture?','first_words',NULL,NULL,NULL,2,'2026-11-21T21:54:02.945937Z','2026-11-21T21:54:03.558300Z',NULL,1);
INSERT INTO conversations VALUES('01a2001a-2481-778f-a501-eebf1e4fd779','01a2001a-1d9a-7629-8d03-b9745f255469','01a2001a-1d9b-702b-ae26-fc09b2b65b7b','chat','Create a file `notes/never.txt` with content: Never','first_words',NULL,NULL,'01a2001a-2482-7740-bdea-a63e8afbf083',2,'2026-11-21T21:54:03.009780Z','2026-11-21T21:54:03.147924Z',NULL,1);
INSERT INTO conversations VALUES('01a2001a-257f-72be-8f8a-9ac280e3f8c8','01a2001a-1d9a-7629-8d03-b9745f255469','01a2001a-1d9b-702b-ae26-fc09b2b65b7b','chat','Create a file `notes/after.txt` with content: After','first_words',NULL,NULL,'01a2001a-2580-766c-bff8-94fdbc95564b',2,'2026-11-21T21:54:03.263579Z','2026-11-21T21:54:03.402106Z',NULL,1);
INSERT INTO conversations VALUES('01a2001a-29a0-7778-aaea-dbe650a8605e','01a2001a-264c-750e-857e-4d804ef77664','01a2001a-27e0-73ea-9255-4966259a2c3c','chat','What do gulls eat?','first_words',NULL,NULL,NULL,2,'2026-11-21T21:54:04.320526Z','2026-11-21T21:54:04.909166Z',NULL,1);
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
INSERT INTO turns VALUES('01a2001a-1dce-7673-9514-b2c192435b27','01a2001a-1d9a-7629-8d03-b9745f255469','01a2001a-1d9b-702b-ae26-fc09b2b65b7b','01a2001a-1dcd-7713-9ae6-390dfa60b343','completed',NULL,NULL,NULL,1,NULL,0,1,0,8,'01a2001a1dc2732381e6359d4a21ae05','2026-11-21T21:54:01.294488Z','2026-11-21T21:54:01.901656Z');
INSERT INTO turns VALUES('01a2001a-207c-70c4-813b-0197285252f4','01a2001a-1d9a-7629-8d03-b9745f255469','01a2001a-1d9b-702b-ae26-fc09b2b65b7b','01a2001a-207b-7042-b868-d8fb32cfddde','completed',NULL,NULL,NULL,2,NULL,0,2,0,16,'01a2001a2070744b8ae559634a44f74c','2026-11-21T21:54:01.980693Z','2026-11-21T21:54:02.426301Z');
INSERT INTO turns VALUES('01a2001a-2288-76f7-b446-ddea50c07ef3','01a2001a-1d9a-7629-8d03-b9745f255469','01a2001a-1d9b-702b-ae26-fc09b2b65b7b','01a2001a-2288-76f7-b446-dde9b7e7a204','completed',NULL,NULL,NULL,2,NULL,0,2,1,15,'01a2001a227c7118b8035cd65396f3c9','2026-11-21T21:54:02.504713Z','2026-11-21T21:54:02.870911Z');
INSERT INTO turns VALUES('01a2001a-2442-7287-a801-7223d600ff1e','01a2001a-1d9a-7629-8d03-b9745f255469','01a2001a-1d9b-702b-ae26-fc09b2b65b7b','01a2001a-2441-763d-96db-acfea1ca8c5c','completed',NULL,NULL,NULL,1,NULL,0,1,0,9,'01a2001a243372e8852e04ea39742e25','2026-11-21T21:54:02.946655Z','2026-11-21T21:54:03.559552Z');
INSERT INTO turns VALUES('01a2001a-2482-7740-bdea-a63e8afbf083','01a2001a-1d9a-7629-8d03-b9745f255469','01a2001a-1d9b-702b-ae26-fc09b2b65b7b','01a2001a-2481-778f-a501-eebf1e4fd779','awaiting_approval',NULL,NULL,NULL,1,NULL,0,1,0,6,'01a2001a2472739a80de0a2212b250ce','2026-11-21T21:54:03.010487Z',NULL);
INSERT INTO turns VALUES('01a2001a-2580-766c-bff8-94fdbc95564b','01a2001a-1d9a-7629-8d03-b9745f255469','01a2001a-1d9b-702b-ae26-fc09b2b65b7b','01a2001a-257f-72be-8f8a-9ac280e3f8c8','awaiting_approval',NULL,NULL,NULL,1,NULL,0,1,0,6,'01a2001a256d725c9233e2e5f9cbbaca','2026-11-21T21:54:03.264489Z',NULL);
INSERT INTO turns VALUES('01a2001a-29a0-7778-aaea-dbe77b963503','01a2001a-264c-750e-857e-4d804ef77664','01a2001a-27e0-73ea-9255-4966259a2c3c','01a2001a-29a0-7778-aaea-dbe650a8605e','completed',NULL,NULL,NULL,1,NULL,0,1,0,8,'01a2001a299672789c9403eef169938d','2026-11-21T21:54:04.321128Z','2026-11-21T21:54:04.910649Z');
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
    created_at timestamptz NOT NULL, instead_of text,
    UNIQUE (conversation_id, position)
);
INSERT INTO messages VALUES('01a2001a-1dce-7673-9514-b2c23433afa0','01a2001a-1d9a-7629-8d03-b9745f255469','01a2001a-1dcd-7713-9ae6-390dfa60b343','01a2001a-1dce-7673-9514-b2c192435b27',1,'user','complete','[{"type":"text","text":"Where do pelicans fly?"}]',NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,'2026-11-21T21:54:01.295487Z',NULL);
INSERT INTO messages VALUES('01a2001a-1ded-77b7-91f6-b7b92983242f','01a2001a-1d9a-7629-8d03-b9745f255469','01a2001a-1dcd-7713-9ae6-390dfa60b343','01a2001a-1dce-7673-9514-b2c192435b27',2,'assistant','complete','[{"type":"text","text":"## Hello from the demo\n\nYou wrote: “Where do pelicans fly?”\n\nI am **not a real model**, only a stand-in so that you can look around. I can show you:\n\n- text that *streams*, with Markdown\n- a tool that waits for **your** decision\n\n| Try this | What happens |\n|---|---|\n| Create a file `notes/hello.txt` with content: Hello world | I ask, you decide |\n| Write 300 words | A longer text streams in |\n\nFor real answers, set a key and start Sayso again:\n\n```sh\nexport ANTHROPIC_API_KEY=…   # or OPENAI_API_KEY, or OLLAMA_URL\nsayso\n```\n"}]','demo','demo','end_turn',2370,135,0,1,NULL,'2026-11-21T21:54:01.900936Z',NULL);
INSERT INTO messages VALUES('01a2001a-207c-70c4-813b-0198d072ee90','01a2001a-1d9a-7629-8d03-b9745f255469','01a2001a-207b-7042-b868-d8fb32cfddde','01a2001a-207c-70c4-813b-0197285252f4',1,'user','complete','[{"type":"text","text":"Create a file `notes/hello.txt` with content: Hello world"}]',NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,'2026-11-21T21:54:01.981302Z',NULL);
INSERT INTO messages VALUES('01a2001a-209a-735a-acd4-21ce10b5c582','01a2001a-1d9a-7629-8d03-b9745f255469','01a2001a-207b-7042-b868-d8fb32cfddde','01a2001a-207c-70c4-813b-0197285252f4',2,'assistant','complete','[{"type":"text","text":"I am the demo, not a real model, and with your say-so I will write `notes/hello.txt`."},{"type":"tool_use","id":"01a2001a-20fb-71a9-9e93-bebc05b8ecd3","name":"write_file","input":"{\"path\":\"notes/hello.txt\",\"content\":\"Hello world\"}"}]','demo','demo','tool_use',2379,37,0,1,NULL,'2026-11-21T21:54:02.144379Z',NULL);
INSERT INTO messages VALUES('01a2001a-20fb-71a9-9e93-bebc05b8ecd3','01a2001a-1d9a-7629-8d03-b9745f255469','01a2001a-207b-7042-b868-d8fb32cfddde','01a2001a-207c-70c4-813b-0197285252f4',3,'tool','complete','[{"type":"tool_result","tool_call_id":"01a2001a-20fb-71a9-9e93-bebc05b8ecd3","text":"Wrote 11 bytes to notes/hello.txt.","is_error":false}]',NULL,NULL,NULL,NULL,NULL,NULL,0,'01a2001a-20fb-71a9-9e93-bebc05b8ecd3','2026-11-21T21:54:02.274597Z',NULL);
INSERT INTO messages VALUES('01a2001a-21cc-721c-a8f4-9c46cac43dce','01a2001a-1d9a-7629-8d03-b9745f255469','01a2001a-207b-7042-b868-d8fb32cfddde','01a2001a-207c-70c4-813b-0197285252f4',4,'assistant','complete','[{"type":"text","text":"Done: `notes/hello.txt` was written.\n\nThat is all the demo can do with it; it is not a real model."}]','demo','demo','end_turn',2432,25,0,1,NULL,'2026-11-21T21:54:02.425844Z',NULL);
INSERT INTO messages VALUES('01a2001a-2289-72d6-885f-bcf61fc0d668','01a2001a-1d9a-7629-8d03-b9745f255469','01a2001a-2288-76f7-b446-dde9b7e7a204','01a2001a-2288-76f7-b446-ddea50c07ef3',1,'user','complete','[{"type":"text","text":"Create a file `notes/denied.txt` with content: No"}]',NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,'2026-11-21T21:54:02.505415Z',NULL);
INSERT INTO messages VALUES('01a2001a-22a3-74cd-9dd7-214fb2644629','01a2001a-1d9a-7629-8d03-b9745f255469','01a2001a-2288-76f7-b446-dde9b7e7a204','01a2001a-2288-76f7-b446-ddea50c07ef3',2,'assistant','complete','[{"type":"text","text":"I am the demo, not a real model, and with your say-so I will write `notes/denied.txt`."},{"type":"tool_use","id":"01a2001a-2305-76fa-a930-3c0754c6c005","name":"write_file","input":"{\"path\":\"notes/denied.txt\",\"content\":\"No\"}"}]','demo','demo','tool_use',2377,35,0,1,NULL,'2026-11-21T21:54:02.642096Z',NULL);
INSERT INTO messages VALUES('01a2001a-2305-76fa-a930-3c0754c6c005','01a2001a-1d9a-7629-8d03-b9745f255469','01a2001a-2288-76f7-b446-dde9b7e7a204','01a2001a-2288-76f7-b446-ddea50c07ef3',3,'tool','complete','[{"type":"tool_result","tool_call_id":"01a2001a-2305-76fa-a930-3c0754c6c005","text":"The person refused this request.","is_error":true}]',NULL,NULL,NULL,NULL,NULL,NULL,0,'01a2001a-2305-76fa-a930-3c0754c6c005','2026-11-21T21:54:02.689717Z',NULL);
INSERT INTO messages VALUES('01a2001a-236d-71d9-b84b-bc4f365dd27b','01a2001a-1d9a-7629-8d03-b9745f255469','01a2001a-2288-76f7-b446-dde9b7e7a204','01a2001a-2288-76f7-b446-ddea50c07ef3',4,'assistant','complete','[{"type":"text","text":"`notes/denied.txt` was not written: The person refused this request.\n\nThat is all the demo can do with it; it is not a real model."}]','demo','demo','end_turn',2428,33,0,1,NULL,'2026-11-21T21:54:02.870264Z',NULL);
INSERT INTO messages VALUES('01a2001a-2443-7319-8913-2d42f3e4d4a1','01a2001a-1d9a-7629-8d03-b9745f255469','01a2001a-2441-763d-96db-acfea1ca8c5c','01a2001a-2442-7287-a801-7223d600ff1e',1,'user','complete','[{"type":"image","number":1,"media_type":"image/png","name":"picture.png","width":64,"height":48},{"type":"text","text":"What is in this picture?"}]',NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,'2026-11-21T21:54:02.947926Z',NULL);
INSERT INTO messages VALUES('01a2001a-2482-7740-bdea-a63fc55ff893','01a2001a-1d9a-7629-8d03-b9745f255469','01a2001a-2481-778f-a501-eebf1e4fd779','01a2001a-2482-7740-bdea-a63e8afbf083',1,'user','complete','[{"type":"text","text":"Create a file `notes/never.txt` with content: Never"}]',NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,'2026-11-21T21:54:03.011178Z',NULL);
INSERT INTO messages VALUES('01a2001a-249c-71a9-b5d1-7bdfc8753715','01a2001a-1d9a-7629-8d03-b9745f255469','01a2001a-2481-778f-a501-eebf1e4fd779','01a2001a-2482-7740-bdea-a63e8afbf083',2,'assistant','complete','[{"type":"text","text":"I am the demo, not a real model, and with your say-so I will write `notes/never.txt`."},{"type":"tool_use","id":"01a2001a-24fd-729a-9814-d3db1103b7ae","name":"write_file","input":"{\"path\":\"notes/never.txt\",\"content\":\"Never\"}"}]','demo','demo','tool_use',2378,35,0,1,NULL,'2026-11-21T21:54:03.149251Z',NULL);
INSERT INTO messages VALUES('01a2001a-2580-766c-bff8-94fe49b304b5','01a2001a-1d9a-7629-8d03-b9745f255469','01a2001a-257f-72be-8f8a-9ac280e3f8c8','01a2001a-2580-766c-bff8-94fdbc95564b',1,'user','complete','[{"type":"text","text":"Create a file `notes/after.txt` with content: After"}]',NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,'2026-11-21T21:54:03.265448Z',NULL);
INSERT INTO messages VALUES('01a2001a-259e-728e-974a-1dc15c33f40b','01a2001a-1d9a-7629-8d03-b9745f255469','01a2001a-257f-72be-8f8a-9ac280e3f8c8','01a2001a-2580-766c-bff8-94fdbc95564b',2,'assistant','complete','[{"type":"text","text":"I am the demo, not a real model, and with your say-so I will write `notes/after.txt`."},{"type":"tool_use","id":"01a2001a-2601-73b8-9ab0-fa2d3c32fc0a","name":"write_file","input":"{\"path\":\"notes/after.txt\",\"content\":\"After\"}"}]','demo','demo','tool_use',2378,35,0,1,NULL,'2026-11-21T21:54:03.402410Z',NULL);
INSERT INTO messages VALUES('01a2001a-2462-755c-82db-c5be494ef7ce','01a2001a-1d9a-7629-8d03-b9745f255469','01a2001a-2441-763d-96db-acfea1ca8c5c','01a2001a-2442-7287-a801-7223d600ff1e',2,'assistant','complete','[{"type":"text","text":"## Hello from the demo\n\nYou wrote: “What is in this picture?”\n\nI am **not a real model**, only a stand-in so that you can look around. I can show you:\n\n- text that *streams*, with Markdown\n- a tool that waits for **your** decision\n\n| Try this | What happens |\n|---|---|\n| Create a file `notes/hello.txt` with content: Hello world | I ask, you decide |\n| Write 300 words | A longer text streams in |\n\nFor real answers, set a key and start Sayso again:\n\n```sh\nexport ANTHROPIC_API_KEY=…   # or OPENAI_API_KEY, or OLLAMA_URL\nsayso\n```\n"}]','demo','demo','end_turn',2379,136,0,1,NULL,'2026-11-21T21:54:03.558813Z',NULL);
INSERT INTO messages VALUES('01a2001a-29a1-74f2-a944-29f670084441','01a2001a-264c-750e-857e-4d804ef77664','01a2001a-29a0-7778-aaea-dbe650a8605e','01a2001a-29a0-7778-aaea-dbe77b963503',1,'user','complete','[{"type":"text","text":"What do gulls eat?"}]',NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,'2026-11-21T21:54:04.321795Z',NULL);
INSERT INTO messages VALUES('01a2001a-29bc-779c-978e-b2301f926d6e','01a2001a-264c-750e-857e-4d804ef77664','01a2001a-29a0-7778-aaea-dbe650a8605e','01a2001a-29a0-7778-aaea-dbe77b963503',2,'assistant','complete','[{"type":"text","text":"## Hello from the demo\n\nYou wrote: “What do gulls eat?”\n\nI am **not a real model**, only a stand-in so that you can look around. I can show you:\n\n- text that *streams*, with Markdown\n- a tool that waits for **your** decision\n\n| Try this | What happens |\n|---|---|\n| Create a file `notes/hello.txt` with content: Hello world | I ask, you decide |\n| Write 300 words | A longer text streams in |\n\nFor real answers, set a key and start Sayso again:\n\n```sh\nexport ANTHROPIC_API_KEY=…   # or OPENAI_API_KEY, or OLLAMA_URL\nsayso\n```\n"}]','demo','demo','end_turn',2369,134,0,1,NULL,'2026-11-21T21:54:04.909693Z',NULL);
CREATE TABLE turn_events (
    turn_id uuid NOT NULL REFERENCES turns (id) ON DELETE CASCADE,
    seq bigint NOT NULL,
    tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    about uuid,
    payload text NOT NULL,
    PRIMARY KEY (turn_id, seq)
);
INSERT INTO turn_events VALUES('01a2001a-1dce-7673-9514-b2c192435b27',1,'01a2001a-1d9a-7629-8d03-b9745f255469',NULL,'{"event":"message","message":{"id":"01a2001a-1dce-7673-9514-b2c23433afa0","turn_id":"01a2001a-1dce-7673-9514-b2c192435b27","position":1,"role":"user","state":"complete","content":[{"type":"text","text":"Where do pelicans fly?"}],"provider":null,"model":null,"stop_reason":null,"usage":null,"tool_call_id":null,"created_at":"2026-11-21T21:54:01.295487Z"}}');
INSERT INTO turn_events VALUES('01a2001a-1dce-7673-9514-b2c192435b27',2,'01a2001a-1d9a-7629-8d03-b9745f255469',NULL,'{"event":"turn","turn":{"id":"01a2001a-1dce-7673-9514-b2c192435b27","state":"running","failure":null}}');
INSERT INTO turn_events VALUES('01a2001a-1dce-7673-9514-b2c192435b27',6,'01a2001a-1d9a-7629-8d03-b9745f255469',NULL,'{"event":"message","message":{"id":"01a2001a-1ded-77b7-91f6-b7b92983242f","turn_id":"01a2001a-1dce-7673-9514-b2c192435b27","position":2,"role":"assistant","state":"complete","content":[{"type":"text","text":"## Hello from the demo\n\nYou wrote: “Where do pelicans fly?”\n\nI am **not a real model**, only a stand-in so that you can look around. I can show you:\n\n- text that *streams*, with Markdown\n- a tool that waits for **your** decision\n\n| Try this | What happens |\n|---|---|\n| Create a file `notes/hello.txt` with content: Hello world | I ask, you decide |\n| Write 300 words | A longer text streams in |\n\nFor real answers, set a key and start Sayso again:\n\n```sh\nexport ANTHROPIC_API_KEY=…   # or OPENAI_API_KEY, or OLLAMA_URL\nsayso\n```\n"}],"provider":"demo","model":"demo","stop_reason":"end_turn","usage":{"input_tokens":2370,"output_tokens":135,"cached_tokens":0,"estimated":true},"tool_call_id":null,"created_at":"2026-11-21T21:54:01.900936Z"}}');
INSERT INTO turn_events VALUES('01a2001a-1dce-7673-9514-b2c192435b27',7,'01a2001a-1d9a-7629-8d03-b9745f255469',NULL,'{"event":"turn","turn":{"id":"01a2001a-1dce-7673-9514-b2c192435b27","state":"completed","failure":null}}');
INSERT INTO turn_events VALUES('01a2001a-207c-70c4-813b-0197285252f4',1,'01a2001a-1d9a-7629-8d03-b9745f255469',NULL,'{"event":"message","message":{"id":"01a2001a-207c-70c4-813b-0198d072ee90","turn_id":"01a2001a-207c-70c4-813b-0197285252f4","position":1,"role":"user","state":"complete","content":[{"type":"text","text":"Create a file `notes/hello.txt` with content: Hello world"}],"provider":null,"model":null,"stop_reason":null,"usage":null,"tool_call_id":null,"created_at":"2026-11-21T21:54:01.981302Z"}}');
INSERT INTO turn_events VALUES('01a2001a-207c-70c4-813b-0197285252f4',2,'01a2001a-1d9a-7629-8d03-b9745f255469',NULL,'{"event":"turn","turn":{"id":"01a2001a-207c-70c4-813b-0197285252f4","state":"running","failure":null}}');
INSERT INTO turn_events VALUES('01a2001a-207c-70c4-813b-0197285252f4',5,'01a2001a-1d9a-7629-8d03-b9745f255469',NULL,'{"event":"message","message":{"id":"01a2001a-209a-735a-acd4-21ce10b5c582","turn_id":"01a2001a-207c-70c4-813b-0197285252f4","position":2,"role":"assistant","state":"complete","content":[{"type":"text","text":"I am the demo, not a real model, and with your say-so I will write `notes/hello.txt`."},{"type":"tool_use","id":"01a2001a-20fb-71a9-9e93-bebc05b8ecd3","name":"write_file","input":"{\"path\":\"notes/hello.txt\",\"content\":\"Hello world\"}"}],"provider":"demo","model":"demo","stop_reason":"tool_use","usage":{"input_tokens":2379,"output_tokens":37,"cached_tokens":0,"estimated":true},"tool_call_id":null,"created_at":"2026-11-21T21:54:02.144379Z"}}');
INSERT INTO turn_events VALUES('01a2001a-207c-70c4-813b-0197285252f4',6,'01a2001a-1d9a-7629-8d03-b9745f255469',NULL,'{"event":"tool_call","call":{"id":"01a2001a-20fb-71a9-9e93-bebc05b8ecd3","conversation_id":"01a2001a-207b-7042-b868-d8fb32cfddde","turn_id":"01a2001a-207c-70c4-813b-0197285252f4","message_id":"01a2001a-209a-735a-acd4-21ce10b5c582","ordinal":0,"server":"sayso","name":"write_file","arguments":"{\"path\":\"notes/hello.txt\",\"content\":\"Hello world\"}","asked_arguments":null,"preview":{"target":"notes/hello.txt","precondition":"absent","difference":{"is_new":true,"lines":[{"kind":"added","text":"Hello world"}],"omitted":0},"bounds":[{"kind":"same"},{"kind":"below","value":"notes"}]},"digest":"b938f941ea444194eab3f64a943d2812ba0fb07c7116aaac7f1cc3596a28f467","state":"pending","reason":null,"outcome":null}}');
INSERT INTO turn_events VALUES('01a2001a-207c-70c4-813b-0197285252f4',7,'01a2001a-1d9a-7629-8d03-b9745f255469',NULL,'{"event":"turn","turn":{"id":"01a2001a-207c-70c4-813b-0197285252f4","state":"awaiting_approval","failure":null}}');
INSERT INTO turn_events VALUES('01a2001a-207c-70c4-813b-0197285252f4',8,'01a2001a-1d9a-7629-8d03-b9745f255469',NULL,'{"event":"tool_call","call":{"id":"01a2001a-20fb-71a9-9e93-bebc05b8ecd3","conversation_id":"01a2001a-207b-7042-b868-d8fb32cfddde","turn_id":"01a2001a-207c-70c4-813b-0197285252f4","message_id":"01a2001a-209a-735a-acd4-21ce10b5c582","ordinal":0,"server":"sayso","name":"write_file","arguments":"{\"path\":\"notes/hello.txt\",\"content\":\"Hello world\"}","asked_arguments":null,"preview":{"target":"notes/hello.txt","precondition":"absent","difference":{"is_new":true,"lines":[{"kind":"added","text":"Hello world"}],"omitted":0},"bounds":[{"kind":"same"},{"kind":"below","value":"notes"}]},"digest":"b938f941ea444194eab3f64a943d2812ba0fb07c7116aaac7f1cc3596a28f467","state":"approved","decision":"approve","reason":null,"outcome":null}}');
INSERT INTO turn_events VALUES('01a2001a-207c-70c4-813b-0197285252f4',9,'01a2001a-1d9a-7629-8d03-b9745f255469',NULL,'{"event":"turn","turn":{"id":"01a2001a-207c-70c4-813b-0197285252f4","state":"running","failure":null}}');
INSERT INTO turn_events VALUES('01a2001a-207c-70c4-813b-0197285252f4',10,'01a2001a-1d9a-7629-8d03-b9745f255469',NULL,'{"event":"tool_call","call":{"id":"01a2001a-20fb-71a9-9e93-bebc05b8ecd3","conversation_id":"01a2001a-207b-7042-b868-d8fb32cfddde","turn_id":"01a2001a-207c-70c4-813b-0197285252f4","message_id":"01a2001a-209a-735a-acd4-21ce10b5c582","ordinal":0,"server":"sayso","name":"write_file","arguments":"{\"path\":\"notes/hello.txt\",\"content\":\"Hello world\"}","asked_arguments":null,"preview":{"target":"notes/hello.txt","precondition":"absent","difference":{"is_new":true,"lines":[{"kind":"added","text":"Hello world"}],"omitted":0},"bounds":[{"kind":"same"},{"kind":"below","value":"notes"}]},"digest":"b938f941ea444194eab3f64a943d2812ba0fb07c7116aaac7f1cc3596a28f467","state":"running","decision":"approve","reason":null,"outcome":null}}');
INSERT INTO turn_events VALUES('01a2001a-207c-70c4-813b-0197285252f4',11,'01a2001a-1d9a-7629-8d03-b9745f255469',NULL,'{"event":"tool_chunk","id":"01a2001a-20fb-71a9-9e93-bebc05b8ecd3","chunk":"Hello world"}');
INSERT INTO turn_events VALUES('01a2001a-207c-70c4-813b-0197285252f4',12,'01a2001a-1d9a-7629-8d03-b9745f255469',NULL,'{"event":"tool_call","call":{"id":"01a2001a-20fb-71a9-9e93-bebc05b8ecd3","conversation_id":"01a2001a-207b-7042-b868-d8fb32cfddde","turn_id":"01a2001a-207c-70c4-813b-0197285252f4","message_id":"01a2001a-209a-735a-acd4-21ce10b5c582","ordinal":0,"server":"sayso","name":"write_file","arguments":"{\"path\":\"notes/hello.txt\",\"content\":\"Hello world\"}","asked_arguments":null,"preview":{"target":"notes/hello.txt","precondition":"absent","difference":{"is_new":true,"lines":[{"kind":"added","text":"Hello world"}],"omitted":0},"bounds":[{"kind":"same"},{"kind":"below","value":"notes"}]},"digest":"b938f941ea444194eab3f64a943d2812ba0fb07c7116aaac7f1cc3596a28f467","state":"succeeded","decision":"approve","reason":null,"outcome":{"text":"Wrote 11 bytes to notes/hello.txt.","error_code":null},"undo":"possible"}}');
INSERT INTO turn_events VALUES('01a2001a-207c-70c4-813b-0197285252f4',13,'01a2001a-1d9a-7629-8d03-b9745f255469',NULL,'{"event":"message","message":{"id":"01a2001a-20fb-71a9-9e93-bebc05b8ecd3","turn_id":"01a2001a-207c-70c4-813b-0197285252f4","position":3,"role":"tool","state":"complete","content":[{"type":"tool_result","tool_call_id":"01a2001a-20fb-71a9-9e93-bebc05b8ecd3","text":"Wrote 11 bytes to notes/hello.txt.","is_error":false}],"provider":null,"model":null,"stop_reason":null,"usage":null,"tool_call_id":"01a2001a-20fb-71a9-9e93-bebc05b8ecd3","created_at":"2026-11-21T21:54:02.274597Z"}}');
INSERT INTO turn_events VALUES('01a2001a-207c-70c4-813b-0197285252f4',14,'01a2001a-1d9a-7629-8d03-b9745f255469',NULL,'{"event":"message","message":{"id":"01a2001a-21cc-721c-a8f4-9c46cac43dce","turn_id":"01a2001a-207c-70c4-813b-0197285252f4","position":4,"role":"assistant","state":"complete","content":[{"type":"text","text":"Done: `notes/hello.txt` was written.\n\nThat is all the demo can do with it; it is not a real model."}],"provider":"demo","model":"demo","stop_reason":"end_turn","usage":{"input_tokens":2432,"output_tokens":25,"cached_tokens":0,"estimated":true},"tool_call_id":null,"created_at":"2026-11-21T21:54:02.425844Z"}}');
INSERT INTO turn_events VALUES('01a2001a-207c-70c4-813b-0197285252f4',15,'01a2001a-1d9a-7629-8d03-b9745f255469',NULL,'{"event":"turn","turn":{"id":"01a2001a-207c-70c4-813b-0197285252f4","state":"completed","failure":null}}');
INSERT INTO turn_events VALUES('01a2001a-2288-76f7-b446-ddea50c07ef3',1,'01a2001a-1d9a-7629-8d03-b9745f255469',NULL,'{"event":"message","message":{"id":"01a2001a-2289-72d6-885f-bcf61fc0d668","turn_id":"01a2001a-2288-76f7-b446-ddea50c07ef3","position":1,"role":"user","state":"complete","content":[{"type":"text","text":"Create a file `notes/denied.txt` with content: No"}],"provider":null,"model":null,"stop_reason":null,"usage":null,"tool_call_id":null,"created_at":"2026-11-21T21:54:02.505415Z"}}');
INSERT INTO turn_events VALUES('01a2001a-2288-76f7-b446-ddea50c07ef3',2,'01a2001a-1d9a-7629-8d03-b9745f255469',NULL,'{"event":"turn","turn":{"id":"01a2001a-2288-76f7-b446-ddea50c07ef3","state":"running","failure":null}}');
INSERT INTO turn_events VALUES('01a2001a-2288-76f7-b446-ddea50c07ef3',5,'01a2001a-1d9a-7629-8d03-b9745f255469',NULL,'{"event":"message","message":{"id":"01a2001a-22a3-74cd-9dd7-214fb2644629","turn_id":"01a2001a-2288-76f7-b446-ddea50c07ef3","position":2,"role":"assistant","state":"complete","content":[{"type":"text","text":"I am the demo, not a real model, and with your say-so I will write `notes/denied.txt`."},{"type":"tool_use","id":"01a2001a-2305-76fa-a930-3c0754c6c005","name":"write_file","input":"{\"path\":\"notes/denied.txt\",\"content\":\"No\"}"}],"provider":"demo","model":"demo","stop_reason":"tool_use","usage":{"input_tokens":2377,"output_tokens":35,"cached_tokens":0,"estimated":true},"tool_call_id":null,"created_at":"2026-11-21T21:54:02.642096Z"}}');
INSERT INTO turn_events VALUES('01a2001a-2288-76f7-b446-ddea50c07ef3',6,'01a2001a-1d9a-7629-8d03-b9745f255469',NULL,'{"event":"tool_call","call":{"id":"01a2001a-2305-76fa-a930-3c0754c6c005","conversation_id":"01a2001a-2288-76f7-b446-dde9b7e7a204","turn_id":"01a2001a-2288-76f7-b446-ddea50c07ef3","message_id":"01a2001a-22a3-74cd-9dd7-214fb2644629","ordinal":0,"server":"sayso","name":"write_file","arguments":"{\"path\":\"notes/denied.txt\",\"content\":\"No\"}","asked_arguments":null,"preview":{"target":"notes/denied.txt","precondition":"absent","difference":{"is_new":true,"lines":[{"kind":"added","text":"No"}],"omitted":0},"bounds":[{"kind":"same"},{"kind":"below","value":"notes"}]},"digest":"0cdeb432bf9c9b682be0a96115750dd70ac51201853d5b3c4cfacf25cdeaf6d3","state":"pending","reason":null,"outcome":null}}');
INSERT INTO turn_events VALUES('01a2001a-2288-76f7-b446-ddea50c07ef3',7,'01a2001a-1d9a-7629-8d03-b9745f255469',NULL,'{"event":"turn","turn":{"id":"01a2001a-2288-76f7-b446-ddea50c07ef3","state":"awaiting_approval","failure":null}}');
INSERT INTO turn_events VALUES('01a2001a-2288-76f7-b446-ddea50c07ef3',8,'01a2001a-1d9a-7629-8d03-b9745f255469',NULL,'{"event":"tool_call","call":{"id":"01a2001a-2305-76fa-a930-3c0754c6c005","conversation_id":"01a2001a-2288-76f7-b446-dde9b7e7a204","turn_id":"01a2001a-2288-76f7-b446-ddea50c07ef3","message_id":"01a2001a-22a3-74cd-9dd7-214fb2644629","ordinal":0,"server":"sayso","name":"write_file","arguments":"{\"path\":\"notes/denied.txt\",\"content\":\"No\"}","asked_arguments":null,"preview":{"target":"notes/denied.txt","precondition":"absent","difference":{"is_new":true,"lines":[{"kind":"added","text":"No"}],"omitted":0},"bounds":[{"kind":"same"},{"kind":"below","value":"notes"}]},"digest":"0cdeb432bf9c9b682be0a96115750dd70ac51201853d5b3c4cfacf25cdeaf6d3","state":"denied","decision":"deny","reason":null,"outcome":null}}');
INSERT INTO turn_events VALUES('01a2001a-2288-76f7-b446-ddea50c07ef3',9,'01a2001a-1d9a-7629-8d03-b9745f255469',NULL,'{"event":"message","message":{"id":"01a2001a-2305-76fa-a930-3c0754c6c005","turn_id":"01a2001a-2288-76f7-b446-ddea50c07ef3","position":3,"role":"tool","state":"complete","content":[{"type":"tool_result","tool_call_id":"01a2001a-2305-76fa-a930-3c0754c6c005","text":"The person refused this request.","is_error":true}],"provider":null,"model":null,"stop_reason":null,"usage":null,"tool_call_id":"01a2001a-2305-76fa-a930-3c0754c6c005","created_at":"2026-11-21T21:54:02.689717Z"}}');
INSERT INTO turn_events VALUES('01a2001a-2288-76f7-b446-ddea50c07ef3',10,'01a2001a-1d9a-7629-8d03-b9745f255469',NULL,'{"event":"turn","turn":{"id":"01a2001a-2288-76f7-b446-ddea50c07ef3","state":"running","failure":null}}');
INSERT INTO turn_events VALUES('01a2001a-2288-76f7-b446-ddea50c07ef3',13,'01a2001a-1d9a-7629-8d03-b9745f255469',NULL,'{"event":"message","message":{"id":"01a2001a-236d-71d9-b84b-bc4f365dd27b","turn_id":"01a2001a-2288-76f7-b446-ddea50c07ef3","position":4,"role":"assistant","state":"complete","content":[{"type":"text","text":"`notes/denied.txt` was not written: The person refused this request.\n\nThat is all the demo can do with it; it is not a real model."}],"provider":"demo","model":"demo","stop_reason":"end_turn","usage":{"input_tokens":2428,"output_tokens":33,"cached_tokens":0,"estimated":true},"tool_call_id":null,"created_at":"2026-11-21T21:54:02.870264Z"}}');
INSERT INTO turn_events VALUES('01a2001a-2288-76f7-b446-ddea50c07ef3',14,'01a2001a-1d9a-7629-8d03-b9745f255469',NULL,'{"event":"turn","turn":{"id":"01a2001a-2288-76f7-b446-ddea50c07ef3","state":"completed","failure":null}}');
INSERT INTO turn_events VALUES('01a2001a-2442-7287-a801-7223d600ff1e',1,'01a2001a-1d9a-7629-8d03-b9745f255469',NULL,'{"event":"message","message":{"id":"01a2001a-2443-7319-8913-2d42f3e4d4a1","turn_id":"01a2001a-2442-7287-a801-7223d600ff1e","position":1,"role":"user","state":"complete","content":[{"type":"image","number":1,"media_type":"image/png","name":"picture.png","width":64,"height":48},{"type":"text","text":"What is in this picture?"}],"provider":null,"model":null,"stop_reason":null,"usage":null,"tool_call_id":null,"created_at":"2026-11-21T21:54:02.947926Z"}}');
INSERT INTO turn_events VALUES('01a2001a-2442-7287-a801-7223d600ff1e',2,'01a2001a-1d9a-7629-8d03-b9745f255469',NULL,'{"event":"turn","turn":{"id":"01a2001a-2442-7287-a801-7223d600ff1e","state":"running","failure":null}}');
INSERT INTO turn_events VALUES('01a2001a-2482-7740-bdea-a63e8afbf083',1,'01a2001a-1d9a-7629-8d03-b9745f255469',NULL,'{"event":"message","message":{"id":"01a2001a-2482-7740-bdea-a63fc55ff893","turn_id":"01a2001a-2482-7740-bdea-a63e8afbf083","position":1,"role":"user","state":"complete","content":[{"type":"text","text":"Create a file `notes/never.txt` with content: Never"}],"provider":null,"model":null,"stop_reason":null,"usage":null,"tool_call_id":null,"created_at":"2026-11-21T21:54:03.011178Z"}}');
INSERT INTO turn_events VALUES('01a2001a-2482-7740-bdea-a63e8afbf083',2,'01a2001a-1d9a-7629-8d03-b9745f255469',NULL,'{"event":"turn","turn":{"id":"01a2001a-2482-7740-bdea-a63e8afbf083","state":"running","failure":null}}');
INSERT INTO turn_events VALUES('01a2001a-2482-7740-bdea-a63e8afbf083',3,'01a2001a-1d9a-7629-8d03-b9745f255469',NULL,'{"event":"message","message":{"id":"01a2001a-249c-71a9-b5d1-7bdfc8753715","turn_id":"01a2001a-2482-7740-bdea-a63e8afbf083","position":2,"role":"assistant","state":"complete","content":[{"type":"text","text":"I am the demo, not a real model, and with your say-so I will write `notes/never.txt`."},{"type":"tool_use","id":"01a2001a-24fd-729a-9814-d3db1103b7ae","name":"write_file","input":"{\"path\":\"notes/never.txt\",\"content\":\"Never\"}"}],"provider":"demo","model":"demo","stop_reason":"tool_use","usage":{"input_tokens":2378,"output_tokens":35,"cached_tokens":0,"estimated":true},"tool_call_id":null,"created_at":"2026-11-21T21:54:03.149251Z"}}');
INSERT INTO turn_events VALUES('01a2001a-2482-7740-bdea-a63e8afbf083',4,'01a2001a-1d9a-7629-8d03-b9745f255469',NULL,'{"event":"tool_call","call":{"id":"01a2001a-24fd-729a-9814-d3db1103b7ae","conversation_id":"01a2001a-2481-778f-a501-eebf1e4fd779","turn_id":"01a2001a-2482-7740-bdea-a63e8afbf083","message_id":"01a2001a-249c-71a9-b5d1-7bdfc8753715","ordinal":0,"server":"sayso","name":"write_file","arguments":"{\"path\":\"notes/never.txt\",\"content\":\"Never\"}","asked_arguments":null,"preview":{"target":"notes/never.txt","precondition":"absent","difference":{"is_new":true,"lines":[{"kind":"added","text":"Never"}],"omitted":0},"bounds":[{"kind":"same"},{"kind":"below","value":"notes"}]},"digest":"85ef736cc621752a75427c647650ae6a0200a5b1730cb047bc064b0aea7c5f08","state":"pending","reason":null,"outcome":null}}');
INSERT INTO turn_events VALUES('01a2001a-2482-7740-bdea-a63e8afbf083',5,'01a2001a-1d9a-7629-8d03-b9745f255469',NULL,'{"event":"turn","turn":{"id":"01a2001a-2482-7740-bdea-a63e8afbf083","state":"awaiting_approval","failure":null}}');
INSERT INTO turn_events VALUES('01a2001a-2580-766c-bff8-94fdbc95564b',1,'01a2001a-1d9a-7629-8d03-b9745f255469',NULL,'{"event":"message","message":{"id":"01a2001a-2580-766c-bff8-94fe49b304b5","turn_id":"01a2001a-2580-766c-bff8-94fdbc95564b","position":1,"role":"user","state":"complete","content":[{"type":"text","text":"Create a file `notes/after.txt` with content: After"}],"provider":null,"model":null,"stop_reason":null,"usage":null,"tool_call_id":null,"created_at":"2026-11-21T21:54:03.265448Z"}}');
INSERT INTO turn_events VALUES('01a2001a-2580-766c-bff8-94fdbc95564b',2,'01a2001a-1d9a-7629-8d03-b9745f255469',NULL,'{"event":"turn","turn":{"id":"01a2001a-2580-766c-bff8-94fdbc95564b","state":"running","failure":null}}');
INSERT INTO turn_events VALUES('01a2001a-2580-766c-bff8-94fdbc95564b',3,'01a2001a-1d9a-7629-8d03-b9745f255469',NULL,'{"event":"message","message":{"id":"01a2001a-259e-728e-974a-1dc15c33f40b","turn_id":"01a2001a-2580-766c-bff8-94fdbc95564b","position":2,"role":"assistant","state":"complete","content":[{"type":"text","text":"I am the demo, not a real model, and with your say-so I will write `notes/after.txt`."},{"type":"tool_use","id":"01a2001a-2601-73b8-9ab0-fa2d3c32fc0a","name":"write_file","input":"{\"path\":\"notes/after.txt\",\"content\":\"After\"}"}],"provider":"demo","model":"demo","stop_reason":"tool_use","usage":{"input_tokens":2378,"output_tokens":35,"cached_tokens":0,"estimated":true},"tool_call_id":null,"created_at":"2026-11-21T21:54:03.402410Z"}}');
INSERT INTO turn_events VALUES('01a2001a-2580-766c-bff8-94fdbc95564b',4,'01a2001a-1d9a-7629-8d03-b9745f255469',NULL,'{"event":"tool_call","call":{"id":"01a2001a-2601-73b8-9ab0-fa2d3c32fc0a","conversation_id":"01a2001a-257f-72be-8f8a-9ac280e3f8c8","turn_id":"01a2001a-2580-766c-bff8-94fdbc95564b","message_id":"01a2001a-259e-728e-974a-1dc15c33f40b","ordinal":0,"server":"sayso","name":"write_file","arguments":"{\"path\":\"notes/after.txt\",\"content\":\"After\"}","asked_arguments":null,"preview":{"target":"notes/after.txt","precondition":"absent","difference":{"is_new":true,"lines":[{"kind":"added","text":"After"}],"omitted":0},"bounds":[{"kind":"same"},{"kind":"below","value":"notes"}]},"digest":"825eaf60b895cd53a531dbe8f865559d3bb25b762068bb329b29e29e08080e2b","state":"pending","reason":null,"outcome":null}}');
INSERT INTO turn_events VALUES('01a2001a-2580-766c-bff8-94fdbc95564b',5,'01a2001a-1d9a-7629-8d03-b9745f255469',NULL,'{"event":"turn","turn":{"id":"01a2001a-2580-766c-bff8-94fdbc95564b","state":"awaiting_approval","failure":null}}');
INSERT INTO turn_events VALUES('01a2001a-2442-7287-a801-7223d600ff1e',7,'01a2001a-1d9a-7629-8d03-b9745f255469',NULL,'{"event":"message","message":{"id":"01a2001a-2462-755c-82db-c5be494ef7ce","turn_id":"01a2001a-2442-7287-a801-7223d600ff1e","position":2,"role":"assistant","state":"complete","content":[{"type":"text","text":"## Hello from the demo\n\nYou wrote: “What is in this picture?”\n\nI am **not a real model**, only a stand-in so that you can look around. I can show you:\n\n- text that *streams*, with Markdown\n- a tool that waits for **your** decision\n\n| Try this | What happens |\n|---|---|\n| Create a file `notes/hello.txt` with content: Hello world | I ask, you decide |\n| Write 300 words | A longer text streams in |\n\nFor real answers, set a key and start Sayso again:\n\n```sh\nexport ANTHROPIC_API_KEY=…   # or OPENAI_API_KEY, or OLLAMA_URL\nsayso\n```\n"}],"provider":"demo","model":"demo","stop_reason":"end_turn","usage":{"input_tokens":2379,"output_tokens":136,"cached_tokens":0,"estimated":true},"tool_call_id":null,"created_at":"2026-11-21T21:54:03.558813Z"}}');
INSERT INTO turn_events VALUES('01a2001a-2442-7287-a801-7223d600ff1e',8,'01a2001a-1d9a-7629-8d03-b9745f255469',NULL,'{"event":"turn","turn":{"id":"01a2001a-2442-7287-a801-7223d600ff1e","state":"completed","failure":null}}');
INSERT INTO turn_events VALUES('01a2001a-29a0-7778-aaea-dbe77b963503',1,'01a2001a-264c-750e-857e-4d804ef77664',NULL,'{"event":"message","message":{"id":"01a2001a-29a1-74f2-a944-29f670084441","turn_id":"01a2001a-29a0-7778-aaea-dbe77b963503","position":1,"role":"user","state":"complete","content":[{"type":"text","text":"What do gulls eat?"}],"provider":null,"model":null,"stop_reason":null,"usage":null,"tool_call_id":null,"created_at":"2026-11-21T21:54:04.321795Z"}}');
INSERT INTO turn_events VALUES('01a2001a-29a0-7778-aaea-dbe77b963503',2,'01a2001a-264c-750e-857e-4d804ef77664',NULL,'{"event":"turn","turn":{"id":"01a2001a-29a0-7778-aaea-dbe77b963503","state":"running","failure":null}}');
INSERT INTO turn_events VALUES('01a2001a-29a0-7778-aaea-dbe77b963503',6,'01a2001a-264c-750e-857e-4d804ef77664',NULL,'{"event":"message","message":{"id":"01a2001a-29bc-779c-978e-b2301f926d6e","turn_id":"01a2001a-29a0-7778-aaea-dbe77b963503","position":2,"role":"assistant","state":"complete","content":[{"type":"text","text":"## Hello from the demo\n\nYou wrote: “What do gulls eat?”\n\nI am **not a real model**, only a stand-in so that you can look around. I can show you:\n\n- text that *streams*, with Markdown\n- a tool that waits for **your** decision\n\n| Try this | What happens |\n|---|---|\n| Create a file `notes/hello.txt` with content: Hello world | I ask, you decide |\n| Write 300 words | A longer text streams in |\n\nFor real answers, set a key and start Sayso again:\n\n```sh\nexport ANTHROPIC_API_KEY=…   # or OPENAI_API_KEY, or OLLAMA_URL\nsayso\n```\n"}],"provider":"demo","model":"demo","stop_reason":"end_turn","usage":{"input_tokens":2369,"output_tokens":134,"cached_tokens":0,"estimated":true},"tool_call_id":null,"created_at":"2026-11-21T21:54:04.909693Z"}}');
INSERT INTO turn_events VALUES('01a2001a-29a0-7778-aaea-dbe77b963503',7,'01a2001a-264c-750e-857e-4d804ef77664',NULL,'{"event":"turn","turn":{"id":"01a2001a-29a0-7778-aaea-dbe77b963503","state":"completed","failure":null}}');
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
, bounds text, authority text, undo text);
INSERT INTO tool_calls VALUES('01a2001a-20fb-71a9-9e93-bebc05b8ecd3','01a2001a-1d9a-7629-8d03-b9745f255469','01a2001a-1d9b-702b-ae26-fc09b2b65b7b','01a2001a-207b-7042-b868-d8fb32cfddde','01a2001a-207c-70c4-813b-0197285252f4','01a2001a-209a-735a-acd4-21ce10b5c582',0,'sayso','builtin','write_file','1513a920e53361bbff607caa23f60a8ddc9b846cf04baf7dc501c1c231f89823','{"path":"notes/hello.txt","content":"Hello world"}',NULL,'notes/hello.txt','absent','{"is_new":true,"lines":[{"kind":"added","text":"Hello world"}],"omitted":0}','b938f941ea444194eab3f64a943d2812ba0fb07c7116aaac7f1cc3596a28f467','succeeded','approve','01a2001a-1d9b-702b-ae26-fc09b2b65b7b','2026-11-21T21:54:02.240281Z',NULL,'Wrote 11 bytes to notes/hello.txt.',NULL,NULL,'2026-11-21T21:54:02.135278Z','2026-11-21T21:54:02.254434Z','2026-11-21T21:54:02.273123Z','[{"kind":"same"},{"kind":"below","value":"notes"}]',NULL,'possible');
INSERT INTO tool_calls VALUES('01a2001a-2305-76fa-a930-3c0754c6c005','01a2001a-1d9a-7629-8d03-b9745f255469','01a2001a-1d9b-702b-ae26-fc09b2b65b7b','01a2001a-2288-76f7-b446-dde9b7e7a204','01a2001a-2288-76f7-b446-ddea50c07ef3','01a2001a-22a3-74cd-9dd7-214fb2644629',0,'sayso','builtin','write_file','1513a920e53361bbff607caa23f60a8ddc9b846cf04baf7dc501c1c231f89823','{"path":"notes/denied.txt","content":"No"}',NULL,'notes/denied.txt','absent','{"is_new":true,"lines":[{"kind":"added","text":"No"}],"omitted":0}','0cdeb432bf9c9b682be0a96115750dd70ac51201853d5b3c4cfacf25cdeaf6d3','denied','deny','01a2001a-1d9b-702b-ae26-fc09b2b65b7b','2026-11-21T21:54:02.687186Z',NULL,NULL,NULL,NULL,'2026-11-21T21:54:02.635881Z',NULL,NULL,'[{"kind":"same"},{"kind":"below","value":"notes"}]',NULL,NULL);
INSERT INTO tool_calls VALUES('01a2001a-24fd-729a-9814-d3db1103b7ae','01a2001a-1d9a-7629-8d03-b9745f255469','01a2001a-1d9b-702b-ae26-fc09b2b65b7b','01a2001a-2481-778f-a501-eebf1e4fd779','01a2001a-2482-7740-bdea-a63e8afbf083','01a2001a-249c-71a9-b5d1-7bdfc8753715',0,'sayso','builtin','write_file','1513a920e53361bbff607caa23f60a8ddc9b846cf04baf7dc501c1c231f89823','{"path":"notes/never.txt","content":"Never"}',NULL,'notes/never.txt','absent','{"is_new":true,"lines":[{"kind":"added","text":"Never"}],"omitted":0}','85ef736cc621752a75427c647650ae6a0200a5b1730cb047bc064b0aea7c5f08','pending',NULL,NULL,NULL,NULL,NULL,NULL,NULL,'2026-11-21T21:54:03.140396Z',NULL,NULL,'[{"kind":"same"},{"kind":"below","value":"notes"}]',NULL,NULL);
INSERT INTO tool_calls VALUES('01a2001a-2601-73b8-9ab0-fa2d3c32fc0a','01a2001a-1d9a-7629-8d03-b9745f255469','01a2001a-1d9b-702b-ae26-fc09b2b65b7b','01a2001a-257f-72be-8f8a-9ac280e3f8c8','01a2001a-2580-766c-bff8-94fdbc95564b','01a2001a-259e-728e-974a-1dc15c33f40b',0,'sayso','builtin','write_file','1513a920e53361bbff607caa23f60a8ddc9b846cf04baf7dc501c1c231f89823','{"path":"notes/after.txt","content":"After"}',NULL,'notes/after.txt','absent','{"is_new":true,"lines":[{"kind":"added","text":"After"}],"omitted":0}','825eaf60b895cd53a531dbe8f865559d3bb25b762068bb329b29e29e08080e2b','pending',NULL,NULL,NULL,NULL,NULL,NULL,NULL,'2026-11-21T21:54:03.398334Z',NULL,NULL,'[{"kind":"same"},{"kind":"below","value":"notes"}]',NULL,NULL);
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
INSERT INTO model_calls VALUES('01a2001a-1dd6-76ba-992d-60d2401e8e1d','01a2001a-1d9a-7629-8d03-b9745f255469','01a2001a-1d9b-702b-ae26-fc09b2b65b7b','01a2001a-1dce-7673-9514-b2c192435b27','chat','demo','demo','2026-11',11664,4096,0,2370,135,0,0,1,NULL,'01a2001a-1bc6-77be-92de-53a5be37b53f','2026-11-21T21:54:01.300411Z','2026-11-21T21:54:01.898606Z');
INSERT INTO model_calls VALUES('01a2001a-2082-760f-8ee2-16502c4d4225','01a2001a-1d9a-7629-8d03-b9745f255469','01a2001a-1d9b-702b-ae26-fc09b2b65b7b','01a2001a-207c-70c4-813b-0197285252f4','chat','demo','demo','2026-11',11699,4096,0,2379,37,0,0,1,NULL,'01a2001a-1bc6-77be-92de-53a5be37b53f','2026-11-21T21:54:01.985162Z','2026-11-21T21:54:02.141146Z');
INSERT INTO model_calls VALUES('01a2001a-21b8-70e9-94ef-10dcafeed867','01a2001a-1d9a-7629-8d03-b9745f255469','01a2001a-1d9b-702b-ae26-fc09b2b65b7b','01a2001a-207c-70c4-813b-0197285252f4','chat','demo','demo','2026-11',11958,4096,0,2432,25,0,0,1,NULL,'01a2001a-1bc6-77be-92de-53a5be37b53f','2026-11-21T21:54:02.293958Z','2026-11-21T21:54:02.423644Z');
INSERT INTO model_calls VALUES('01a2001a-228f-762e-950a-7edd398e63cc','01a2001a-1d9a-7629-8d03-b9745f255469','01a2001a-1d9b-702b-ae26-fc09b2b65b7b','01a2001a-2288-76f7-b446-ddea50c07ef3','chat','demo','demo','2026-11',11691,4096,0,2377,35,0,0,1,NULL,'01a2001a-1bc6-77be-92de-53a5be37b53f','2026-11-21T21:54:02.509559Z','2026-11-21T21:54:02.638298Z');
INSERT INTO model_calls VALUES('01a2001a-235a-7771-af18-651342801e05','01a2001a-1d9a-7629-8d03-b9745f255469','01a2001a-1d9b-702b-ae26-fc09b2b65b7b','01a2001a-2288-76f7-b446-ddea50c07ef3','chat','demo','demo','2026-11',11941,4096,0,2428,33,0,0,1,NULL,'01a2001a-1bc6-77be-92de-53a5be37b53f','2026-11-21T21:54:02.711462Z','2026-11-21T21:54:02.868051Z');
INSERT INTO model_calls VALUES('01a2001a-2449-774f-8485-59564cc13ed4','01a2001a-1d9a-7629-8d03-b9745f255469','01a2001a-1d9b-702b-ae26-fc09b2b65b7b','01a2001a-2442-7287-a801-7223d600ff1e','chat','demo','demo','2026-11',20193,4096,0,2379,136,0,0,1,NULL,'01a2001a-1bc6-77be-92de-53a5be37b53f','2026-11-21T21:54:02.951835Z','2026-11-21T21:54:03.556113Z');
INSERT INTO model_calls VALUES('01a2001a-2488-706c-b455-a6827882ad40','01a2001a-1d9a-7629-8d03-b9745f255469','01a2001a-1d9b-702b-ae26-fc09b2b65b7b','01a2001a-2482-7740-bdea-a63e8afbf083','chat','demo','demo','2026-11',11693,4096,0,2378,35,0,0,1,NULL,'01a2001a-1bc6-77be-92de-53a5be37b53f','2026-11-21T21:54:03.014749Z','2026-11-21T21:54:03.143304Z');
INSERT INTO model_calls VALUES('01a2001a-2589-730c-91ac-060de870ee92','01a2001a-1d9a-7629-8d03-b9745f255469','01a2001a-1d9b-702b-ae26-fc09b2b65b7b','01a2001a-2580-766c-bff8-94fdbc95564b','chat','demo','demo','2026-11',11693,4096,0,2378,35,0,0,1,NULL,'01a2001a-1bc6-77be-92de-53a5be37b53f','2026-11-21T21:54:03.271003Z','2026-11-21T21:54:03.400517Z');
INSERT INTO model_calls VALUES('01a2001a-29a7-7152-8eb4-baa118ae5cf7','01a2001a-264c-750e-857e-4d804ef77664','01a2001a-27e0-73ea-9255-4966259a2c3c','01a2001a-29a0-7778-aaea-dbe77b963503','chat','demo','demo','2026-11',11659,4096,0,2369,134,0,0,1,NULL,'01a2001a-1bc6-77be-92de-53a5be37b53f','2026-11-21T21:54:04.325709Z','2026-11-21T21:54:04.905833Z');
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
INSERT INTO usage_limits VALUES('01a2001a-1d9a-7629-8d03-b9745f255469','01a2001a-1d9a-7629-8d03-b9745f255469',1000000,500000,10000,NULL,1);
INSERT INTO usage_limits VALUES('01a2001a-264c-750e-857e-4d804ef77664','01a2001a-264c-750e-857e-4d804ef77664',1000000,500000,500,NULL,1);
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
INSERT INTO usage_months VALUES('01a2001a-1d9a-7629-8d03-b9745f255469','01a2001a-1d9a-7629-8d03-b9745f255469','2026-11',19121,471,0,8,0,0,0,0,0);
INSERT INTO usage_months VALUES('01a2001a-1d9a-7629-8d03-b9745f255469','01a2001a-1d9b-702b-ae26-fc09b2b65b7b','2026-11',19121,471,0,8,0,0,0,0,0);
INSERT INTO usage_months VALUES('01a2001a-264c-750e-857e-4d804ef77664','01a2001a-264c-750e-857e-4d804ef77664','2026-11',2369,134,0,1,0,0,0,0,0);
INSERT INTO usage_months VALUES('01a2001a-264c-750e-857e-4d804ef77664','01a2001a-27e0-73ea-9255-4966259a2c3c','2026-11',2369,134,0,1,0,0,0,0,0);
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
INSERT INTO usage_days VALUES('01a2001a-1d9a-7629-8d03-b9745f255469','01a2001a-1d9b-702b-ae26-fc09b2b65b7b','2026-11-21','demo','demo',19121,471,0,8,8,0);
INSERT INTO usage_days VALUES('01a2001a-264c-750e-857e-4d804ef77664','01a2001a-27e0-73ea-9255-4966259a2c3c','2026-11-21','demo','demo',2369,134,0,1,1,0);
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
INSERT INTO audit_rows VALUES('system',1,'01a2001a-1d9c-777c-9d05-ff8cddb3aa6a','2026-11-21T21:54:01.244697Z','01a2001a-1d9b-702b-ae26-fc09b2b65b7b','127.0.0.1','user_created','user:01a2001a-1d9b-702b-ae26-fc09b2b65b7b',NULL,NULL,'set-up','cb566be912ba2dcd7d026a1a1eefd47cac8f524c427d3000d348362b39bb3f07');
INSERT INTO audit_rows VALUES('01a2001a-1d9a-7629-8d03-b9745f255469',1,'01a2001a-1d9d-7507-8242-ddfb9ba505db','2026-11-21T21:54:01.245802Z','01a2001a-1d9b-702b-ae26-fc09b2b65b7b','127.0.0.1','tenant_created','tenant:01a2001a-1d9a-7629-8d03-b9745f255469',NULL,NULL,'set-up','a65bac2d6e5b33924ec6748452334a0d7d02c551fe4a84bc9f4c1c2612e9f40d');
INSERT INTO audit_rows VALUES('01a2001a-1d9a-7629-8d03-b9745f255469',2,'01a2001a-1d9e-73b1-820b-4dcef623ebea','2026-11-21T21:54:01.246688Z','01a2001a-1d9b-702b-ae26-fc09b2b65b7b','127.0.0.1','sign_in','user:01a2001a-1d9b-702b-ae26-fc09b2b65b7b',NULL,NULL,'set-up','35001e618f7a56f2d90d55bc530be59af3b6563d69f718037ca5252dfbd7f763');
INSERT INTO audit_rows VALUES('01a2001a-1d9a-7629-8d03-b9745f255469',3,'01a2001a-2181-743d-8b96-aa111972892b','2026-11-21T21:54:02.241951Z','01a2001a-1d9b-702b-ae26-fc09b2b65b7b','127.0.0.1','tool_approved','tool_call:01a2001a-20fb-71a9-9e93-bebc05b8ecd3','notes/hello.txt','b938f941ea444194eab3f64a943d2812ba0fb07c7116aaac7f1cc3596a28f467','write_file','413ccdfb31718545eab59723b940458239a15cc5abaa36c408924218c8493276');
INSERT INTO audit_rows VALUES('01a2001a-1d9a-7629-8d03-b9745f255469',4,'01a2001a-218f-72e1-9565-8363f97d1264','2026-11-21T21:54:02.255897Z','01a2001a-1d9b-702b-ae26-fc09b2b65b7b','','tool_run','tool_call:01a2001a-20fb-71a9-9e93-bebc05b8ecd3','notes/hello.txt','b938f941ea444194eab3f64a943d2812ba0fb07c7116aaac7f1cc3596a28f467','','8cf6fe65eb9d588084a31591a6510ace96f3155c00624a0900d9017b3dff8aae');
INSERT INTO audit_rows VALUES('01a2001a-1d9a-7629-8d03-b9745f255469',5,'01a2001a-21a4-7638-974d-59a7a7acd318','2026-11-21T21:54:02.276202Z','01a2001a-1d9b-702b-ae26-fc09b2b65b7b','','tool_ended','tool_call:01a2001a-20fb-71a9-9e93-bebc05b8ecd3','notes/hello.txt','b938f941ea444194eab3f64a943d2812ba0fb07c7116aaac7f1cc3596a28f467','succeeded','1193685486f4f79b6c864d14cc0b536aa1d0df896212aab8b97d16ddc88e5e8c');
INSERT INTO audit_rows VALUES('01a2001a-1d9a-7629-8d03-b9745f255469',6,'01a2001a-2342-75cb-b60d-07a4a66dba4a','2026-11-21T21:54:02.690786Z','01a2001a-1d9b-702b-ae26-fc09b2b65b7b','127.0.0.1','tool_denied','tool_call:01a2001a-2305-76fa-a930-3c0754c6c005','notes/denied.txt','0cdeb432bf9c9b682be0a96115750dd70ac51201853d5b3c4cfacf25cdeaf6d3','write_file','62788af5b7c8ed9488f6f50bf0f29c37fae6cc0c56a9f728b13e5afd050daf68');
INSERT INTO audit_rows VALUES('01a2001a-264c-750e-857e-4d804ef77664',1,'01a2001a-2650-7263-b89d-be3ec010ca0d','2026-11-21T21:54:03.472666Z','nobody','command line','tenant_created','tenant:01a2001a-264c-750e-857e-4d804ef77664',NULL,NULL,'elsewhere','e1198403c690a51029aaea1c82df5b3f824933e75e0a741d9cc1f5b18a78054a');
INSERT INTO audit_rows VALUES('01a2001a-264c-750e-857e-4d804ef77664',2,'01a2001a-27e1-7690-aaea-e5dfb0d862a5','2026-11-21T21:54:03.873398Z','nobody','command line','member_added','user:01a2001a-27e0-73ea-9255-4966259a2c3c',NULL,NULL,'owner','adfa31ec6e8d5ef960b87eeb6e0ea72796114081974f06f52283b703ce189b90');
INSERT INTO audit_rows VALUES('system',2,'01a2001a-27e1-7690-aaea-e5e0a8f3e94a','2026-11-21T21:54:03.874004Z','nobody','command line','user_created','user:01a2001a-27e0-73ea-9255-4966259a2c3c',NULL,NULL,'','aca573848104b8626e1fbd4b6be8669283f91ffd7542143df85db6f91ca45f94');
INSERT INTO audit_rows VALUES('01a2001a-264c-750e-857e-4d804ef77664',3,'01a2001a-296f-74ae-b5d3-fe85f6f9ec59','2026-11-21T21:54:04.271536Z','01a2001a-27e0-73ea-9255-4966259a2c3c','127.0.0.1','sign_in','user:01a2001a-27e0-73ea-9255-4966259a2c3c',NULL,NULL,'','9b46ce4103478be64bc62d4b6b0a6f09753f1afdd95f60f21492856bef4e1813');
INSERT INTO audit_rows VALUES('01a2001a-264c-750e-857e-4d804ef77664',4,'01a2001a-2d0f-7475-9c40-7898c02c282b','2026-11-21T21:54:05.199697Z','nobody','command line','limits_changed','tenant:01a2001a-264c-750e-857e-4d804ef77664',NULL,NULL,'1000000 input tokens, 500000 output tokens, 500 requests, any credits','ca1d513b59bba2f83bb08f8221e6efff61f0316e21688ec475fd893cbdece114');
CREATE TABLE audit_heads (
    chain text PRIMARY KEY NOT NULL,
    count bigint NOT NULL,
    last_hash text NOT NULL,
    hash text NOT NULL
);
INSERT INTO audit_heads VALUES('system',2,'aca573848104b8626e1fbd4b6be8669283f91ffd7542143df85db6f91ca45f94','678a2b54b1ce1c9fe63b1dc6351ad615a0bfd5b731b22f1a148cc4582372516d');
INSERT INTO audit_heads VALUES('01a2001a-1d9a-7629-8d03-b9745f255469',6,'62788af5b7c8ed9488f6f50bf0f29c37fae6cc0c56a9f728b13e5afd050daf68','c275ac568cf97de72025898808f2c2ff3b044febb9b15388f83547e2101b6085');
INSERT INTO audit_heads VALUES('01a2001a-264c-750e-857e-4d804ef77664',4,'ca1d513b59bba2f83bb08f8221e6efff61f0316e21688ec475fd893cbdece114','752c663d72399a8f520e239bee098a28fdd4b5375edc1f00dd3a1ef15c938160');
CREATE TABLE secrets_in_use (
    fingerprint text PRIMARY KEY NOT NULL
);
INSERT INTO secrets_in_use VALUES('b44c21c91fb1307ff0cff2138ab2318d5d608f934879fbfcbbc431e98e8fb03e');
CREATE TABLE blobs (
    conversation_id uuid NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    number bigint NOT NULL,
    tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    media_type text NOT NULL,
    name text NOT NULL,
    size bigint NOT NULL,
    bytes bytea NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (conversation_id, number)
);
INSERT INTO blobs VALUES('01a2001a-2441-763d-96db-acfea1ca8c5c',1,'01a2001a-1d9a-7629-8d03-b9745f255469','01a2001a-1d9b-702b-ae26-fc09b2b65b7b','image/png','picture.png',1076,X'89504e470d0a1a0a0000000d49484452000000400000003008020000002e29eb48000003fb494441547801edc003a0245996c6f1ff77ee8dc8cca7724b63ae6ddbb66ddbb66ddbb66d698c9e964aaf9e323322eef976b76a7aa6873b6bd5af3e1a2850a142850a152a54a850a142850a152a54a850a142850a152a54a850a142850a152a54a850a142850a152a54a850a142850a152a54a850a142850a152a54a850a142850a152a153afe17a342c7ff6254e8f85f8c0a3dff8b51a1e37f312a74fc2f46859effc5a8d0f11fea6fdfe3242fd44bfed505fec350a1e33fc8df7ec0362f82bf7d9993c04b3e7e9fff0054e8f977fbdb8f98f1aff4b78fd9065ef2e96bfe5da8d0f1eff3b71f13fc5bfded43662f797bf26f47858e7f87bffd84c6bfcfdfde1c2f7977e1df880a3dff567ffb294bfe23fcedf5ed25cf2ef8b7a042c7bfc9df7ec61eff71fef6ccf2252feef0af46858e7fbdbffd9cf3fc47fbdb137b2fb97f8a7f1d2af4fc0fd2f3af43858e7fa5bffd82dbf8cff1b7db77bfe4f216fe15a8d0f13f4bc7bf02153afe35fef64b9ec07fa6bf5d3cf525c747f3a2a242cfff383d2f2a2a74fc8fd3f1a2a242c7ff381d2f2a2af4fc8fd3f3a2a242c7ff381d2f2a2a74fc8fd3f1a2a242cfff383d2f2a2a74fc8fd3f1a2a242c7ff381d2f2a2af4fc8fd3f3a222a0830e3ae8a0830e3ae8a0830e3ae8a0830e3ae85ef293de8fff4c2fb97c3fe8a0830e3ae8a0830e3ae8a0830e3ae8a083ae42c7ff2c1dff0a04f4d0430f3df4d0430f3df4d0430f3df4d0430f3df42ff9691fc97f8e97dcff48e8a1871e7ae8a1871e7ae8a1871e7ae8a1871efa0a1dff8374fceb10d041071d74d041071d74d041071d74d041071d74d041f7929ff5c9fc477bc98b9f0c1d74d041071d74d041071d74d041071d74d041075d40071d74d041071d74d041071d74d041071d74d041071d742ff9799fc17f9c973cfb19d041071d74d041071d74d041071d74d041071d74d04117d0430f3df4d0430f3df4d0430f3df4d0430f3df4d0430f3df42ff9459fc77f8497bcfbf3a0871e7ae8a1871e7ae8a1871e7ae8a1871e7ae8a1871efa800e3ae8a0830e3ae8a0830e3ae8a0830e3ae8a0830e3ae8a083ee25bfec8bf9f779c9dbbf183ae8a0830e3ae8a0830e3ae8a0830e3ae8a0830e3ae8a0832ea0830e3ae8a0830e3ae8a0830e3ae8a0830e3ae8a0830e3ae8a083ee25bfea2bf8b77ac9a77f0574d041071d74d041071d74d041071d74d041071d74d041071d747a347f45810a152a54a850a142850a152a54a850a142850a152a54a850a1f2b71ff211bcc85ef2f15f47850a152a54a850a142850a152a54a850a142850a152a54a850a9d0f11fe425bfed9ba9fcedfb7c302fd44bfed53753a1f21f810a1dffa15ef2fbbe830a152a54a850a142850a152aff71a8d0f3bf18153afe17a342c7ff6254e8f95f8c0a1dff8b51a1e37f31fe1188b75577c57aca6c0000000049454e44ae426082','2026-11-21T21:54:02.947265Z');
CREATE TABLE record_collections (
    tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    name text NOT NULL,
    documents bigint NOT NULL,
    bytes bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, name)
);
CREATE TABLE records (
    tenant_id uuid NOT NULL,
    collection text NOT NULL,
    id text NOT NULL,
    document text NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, collection, id),
    FOREIGN KEY (tenant_id, collection) REFERENCES record_collections (tenant_id, name) ON DELETE CASCADE
);
CREATE TABLE record_calls (
    call_id uuid NOT NULL PRIMARY KEY REFERENCES tool_calls (id) ON DELETE CASCADE,
    tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL
);
CREATE TABLE tool_rules (
    tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    server text NOT NULL,
    name text NOT NULL,
    verdict text NOT NULL,
    fingerprint text,
    definition text,
    grants_allowed boolean NOT NULL DEFAULT true,
    guests_allowed boolean NOT NULL DEFAULT false,
    changed_by uuid,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, server, name)
);
CREATE TABLE grants (
    id uuid PRIMARY KEY NOT NULL,
    tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    conversation_id uuid REFERENCES conversations (id) ON DELETE CASCADE,
    server text NOT NULL,
    name text NOT NULL,
    fingerprint text NOT NULL,
    bound text NOT NULL,
    arguments text NOT NULL,
    count integer NOT NULL,
    used integer NOT NULL DEFAULT 0,
    call_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz
);
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
INSERT INTO file_writes VALUES('01a2001a-20fb-71a9-9e93-bebc05b8ecd3','01a2001a-1d9a-7629-8d03-b9745f255469','01a2001a-1d9b-702b-ae26-fc09b2b65b7b','write_file','notes/hello.txt',NULL,'64ec88ca00b268e5ba1a35678a1b5316d212f4f366b2477232534a8aeca37f3c',NULL,0,11,'2026-11-21T21:54:02.262605Z','2026-11-21T21:54:02.268298Z',NULL);
CREATE INDEX memberships_of_user ON memberships (user_id);
CREATE INDEX sessions_of_user ON sessions (user_id, last_used_at);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);
CREATE INDEX conversations_of_person ON conversations (tenant_id, user_id, updated_at, id);
CREATE INDEX turns_of_conversation ON turns (conversation_id, created_at);
CREATE INDEX turns_by_state ON turns (state, lease_until);
CREATE UNIQUE INDEX turns_by_idempotency_key ON turns (tenant_id, user_id, idempotency_key);
CREATE INDEX messages_of_turn ON messages (turn_id, position);
CREATE INDEX tool_calls_of_turn ON tool_calls (turn_id, created_at, ordinal);
CREATE INDEX tool_calls_of_message ON tool_calls (tenant_id, message_id);
CREATE INDEX tool_calls_of_conversation ON tool_calls (conversation_id);
CREATE INDEX tool_calls_waiting ON tool_calls (tenant_id, user_id, state);
CREATE INDEX model_calls_unsettled ON model_calls (settled_at, owner);
CREATE INDEX model_calls_of_turn ON model_calls (turn_id);
CREATE INDEX audit_rows_by_target ON audit_rows (chain, target);
CREATE INDEX blobs_of_tenant ON blobs (tenant_id);
CREATE INDEX records_in_order ON records (tenant_id, collection, created_at, id);
CREATE INDEX record_calls_of_tenant ON record_calls (tenant_id);
CREATE INDEX grants_of_person ON grants (tenant_id, user_id, expires_at);
CREATE INDEX tool_calls_by_state ON tool_calls (state, created_at);
CREATE INDEX file_writes_of_path ON file_writes (tenant_id, path, begun_at);
COMMIT;
