PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE __diesel_schema_migrations (
       version VARCHAR(50) PRIMARY KEY NOT NULL,
       run_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
);
INSERT INTO __diesel_schema_migrations VALUES('00000000000001','2026-11-21 21:41:56');
INSERT INTO __diesel_schema_migrations VALUES('00000000000002','2026-11-21 21:41:56');
INSERT INTO __diesel_schema_migrations VALUES('00000000000003','2026-11-21 21:41:56');
CREATE TABLE tenants (
    id uuid PRIMARY KEY NOT NULL,
    slug text NOT NULL UNIQUE,
    name text NOT NULL,
    is_active boolean NOT NULL DEFAULT true,
    system_prompt text,
    created_at timestamptz NOT NULL
, topics text);
INSERT INTO tenants VALUES('01a2000f-11b6-77f8-8a99-e05ff9d44329','test-works','Test Works',1,NULL,'2026-11-21T21:41:57.302684Z',NULL);
INSERT INTO tenants VALUES('01a2000f-1e13-76ba-a685-c6b2128363a0','elsewhere','Elsewhere',1,NULL,'2026-11-21T21:42:00.467297Z',NULL);
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
INSERT INTO users VALUES('01a2000f-11b7-77bf-a8d9-a31922545d9c','ada@example.org','Ada Lovelace','$2b$12$YUrXdL8oM8tuMGqVBzL/zO/zarPVQJn8Wr1Ne4yTJw9D9h4Tfhg3O',1,1,0,NULL,'2026-11-21T21:41:57.303296Z');
INSERT INTO users VALUES('01a2000f-21b0-71d2-8bb6-1d5b9e405fda','eve@example.org','eve@example.org','$2b$12$KWY0RpgFW.78PJKYxgRRROyGaO.NO3kewqhn03JHZneB6XLLPz17O',0,1,0,NULL,'2026-11-21T21:42:01.392910Z');
CREATE TABLE memberships (
    tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    role text NOT NULL,
    is_active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, user_id)
);
INSERT INTO memberships VALUES('01a2000f-11b6-77f8-8a99-e05ff9d44329','01a2000f-11b7-77bf-a8d9-a31922545d9c','owner',1,'2026-11-21T21:41:57.303592Z');
INSERT INTO memberships VALUES('01a2000f-1e13-76ba-a685-c6b2128363a0','01a2000f-21b0-71d2-8bb6-1d5b9e405fda','owner',1,'2026-11-21T21:42:01.393575Z');
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
INSERT INTO sessions VALUES('01a2000f-11c0-706e-9fc7-657f8d943c8e','b0fd24a8ae47df62bfcfd90e122ededf95a5a1c493e085f816baf824f3710bb4','{"user_agent":"\"Mozilla/5.0 (a person without JavaScript)\"","seen":"1795297317","epoch":"0","tenant":"\"01a2000f-11b6-77f8-8a99-e05ff9d44329\"","address":"\"127.0.0.1\"","csrf":"\"BuqQ2JIsuc1-_D6qmklpasQ8JV-ucgbHIVeIFF-Eu_E\"","user":"\"01a2000f-11b7-77bf-a8d9-a31922545d9c\"","id":"\"01a2000f-11c0-706e-9fc7-657f8d943c8e\""}','01a2000f-11b7-77bf-a8d9-a31922545d9c','01a2000f-11b6-77f8-8a99-e05ff9d44329',0,'Mozilla/5.0 (a person without JavaScript)','127.0.0.1','2026-11-21T21:41:57.317715Z','2026-11-21T21:41:57.317715Z','2026-12-05T21:41:57.317715Z');
INSERT INTO sessions VALUES('01a2000f-24c9-7115-b362-7aa50e4d9649','63867d98ae81a4524e6a0730f20179cd2442a35fb1ac1eb6a28e3bb59d0f387c','{"epoch":"0","seen":"1795297322","csrf":"\"b7m503iaIdMidWFvLS1CaDsxnzCaW2NGwKJ1MzHhvjE\"","address":"\"127.0.0.1\"","id":"\"01a2000f-24c9-7115-b362-7aa50e4d9649\"","user_agent":"\"Mozilla/5.0 (a person without JavaScript)\"","user":"\"01a2000f-21b0-71d2-8bb6-1d5b9e405fda\"","tenant":"\"01a2000f-1e13-76ba-a685-c6b2128363a0\""}','01a2000f-21b0-71d2-8bb6-1d5b9e405fda','01a2000f-1e13-76ba-a685-c6b2128363a0',0,'Mozilla/5.0 (a person without JavaScript)','127.0.0.1','2026-11-21T21:42:02.188226Z','2026-11-21T21:42:02.188226Z','2026-12-05T21:42:02.188226Z');
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
INSERT INTO conversations VALUES('01a2000f-1224-7709-8b01-7dface27d4b5','01a2000f-11b6-77f8-8a99-e05ff9d44329','01a2000f-11b7-77bf-a8d9-a31922545d9c','chat','Where do pelicans fly?','first_words',NULL,NULL,NULL,2,'2026-11-21T21:41:57.412213Z','2026-11-21T21:41:58.061910Z',NULL,1);
INSERT INTO conversations VALUES('01a2000f-151f-7472-89b0-9789c9477fc1','01a2000f-11b6-77f8-8a99-e05ff9d44329','01a2000f-11b7-77bf-a8d9-a31922545d9c','chat','Create a file `notes/hello.txt` with content: Hello world','first_words',NULL,NULL,NULL,4,'2026-11-21T21:41:58.175594Z','2026-11-21T21:41:58.778055Z',NULL,1);
INSERT INTO conversations VALUES('01a2000f-182d-7283-9d53-c46f5e71603d','01a2000f-11b6-77f8-8a99-e05ff9d44329','01a2000f-11b7-77bf-a8d9-a31922545d9c','chat','Create a file `notes/denied.txt` with content: No','first_words',NULL,NULL,NULL,4,'2026-11-21T21:41:58.957515Z','2026-11-21T21:41:59.441238Z',NULL,1);
INSERT INTO conversations VALUES('01a2000f-1afc-7048-aedb-389317ed073d','01a2000f-11b6-77f8-8a99-e05ff9d44329','01a2000f-11b7-77bf-a8d9-a31922545d9c','chat','What is in this picture?','first_words',NULL,NULL,NULL,2,'2026-11-21T21:41:59.676231Z','2026-11-21T21:42:00.304638Z',NULL,1);
INSERT INTO conversations VALUES('01a2000f-1b9b-77d7-982e-669d09e95584','01a2000f-11b6-77f8-8a99-e05ff9d44329','01a2000f-11b7-77bf-a8d9-a31922545d9c','chat','Create a file `notes/never.txt` with content: Never','first_words',NULL,NULL,'01a2000f-1b9b-77d7-982e-669ed55b1528',2,'2026-11-21T21:41:59.835596Z','2026-11-21T21:41:59.981584Z',NULL,1);
INSERT INTO conversations VALUES('01a2000f-1cd5-726a-b39f-d406f379020b','01a2000f-11b6-77f8-8a99-e05ff9d44329','01a2000f-11b7-77bf-a8d9-a31922545d9c','chat','Create a file `notes/after.txt` with content: After','first_words',NULL,NULL,'01a2000f-1cd5-726a-b39f-d40779164edd',2,'2026-11-21T21:42:00.149055Z','2026-11-21T21:42:00.328153Z',NULL,1);
INSERT INTO conversations VALUES('01a2000f-2511-75a4-bbec-06fe892d4c5e','01a2000f-1e13-76ba-a685-c6b2128363a0','01a2000f-21b0-71d2-8bb6-1d5b9e405fda','chat','What do gulls eat?','first_words',NULL,NULL,NULL,2,'2026-11-21T21:42:02.257781Z','2026-11-21T21:42:02.881758Z',NULL,1);
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
INSERT INTO turns VALUES('01a2000f-1224-7709-8b01-7dfb0f33677a','01a2000f-11b6-77f8-8a99-e05ff9d44329','01a2000f-11b7-77bf-a8d9-a31922545d9c','01a2000f-1224-7709-8b01-7dface27d4b5','completed',NULL,NULL,NULL,1,NULL,0,1,0,8,'01a2000f120d7206be5b5a5f9fe4499c','2026-11-21T21:41:57.413260Z','2026-11-21T21:41:58.063874Z');
INSERT INTO turns VALUES('01a2000f-1520-7361-a7ba-a69dc412035b','01a2000f-11b6-77f8-8a99-e05ff9d44329','01a2000f-11b7-77bf-a8d9-a31922545d9c','01a2000f-151f-7472-89b0-9789c9477fc1','completed',NULL,NULL,NULL,2,NULL,0,2,0,16,'01a2000f150276cd8d09dbe36bbbce6d','2026-11-21T21:41:58.177176Z','2026-11-21T21:41:58.780237Z');
INSERT INTO turns VALUES('01a2000f-182d-7283-9d53-c470ccfdd0cf','01a2000f-11b6-77f8-8a99-e05ff9d44329','01a2000f-11b7-77bf-a8d9-a31922545d9c','01a2000f-182d-7283-9d53-c46f5e71603d','completed',NULL,NULL,NULL,2,NULL,0,2,1,13,'01a2000f1816746f9e64d01e8eda586e','2026-11-21T21:41:58.958319Z','2026-11-21T21:41:59.446183Z');
INSERT INTO turns VALUES('01a2000f-1afc-7048-aedb-389499e315bb','01a2000f-11b6-77f8-8a99-e05ff9d44329','01a2000f-11b7-77bf-a8d9-a31922545d9c','01a2000f-1afc-7048-aedb-389317ed073d','completed',NULL,NULL,NULL,1,NULL,0,1,0,8,'01a2000f1ad57420af3ebdfa34303853','2026-11-21T21:41:59.677321Z','2026-11-21T21:42:00.305936Z');
INSERT INTO turns VALUES('01a2000f-1b9b-77d7-982e-669ed55b1528','01a2000f-11b6-77f8-8a99-e05ff9d44329','01a2000f-11b7-77bf-a8d9-a31922545d9c','01a2000f-1b9b-77d7-982e-669d09e95584','awaiting_approval',NULL,NULL,NULL,1,NULL,0,1,0,8,'01a2000f1b85775db982c0c4234b1e34','2026-11-21T21:41:59.836307Z',NULL);
INSERT INTO turns VALUES('01a2000f-1cd5-726a-b39f-d40779164edd','01a2000f-11b6-77f8-8a99-e05ff9d44329','01a2000f-11b7-77bf-a8d9-a31922545d9c','01a2000f-1cd5-726a-b39f-d406f379020b','awaiting_approval',NULL,NULL,NULL,1,NULL,0,1,0,6,'01a2000f1cb175a5b87408ee94052d36','2026-11-21T21:42:00.150272Z',NULL);
INSERT INTO turns VALUES('01a2000f-2512-71e4-b344-2fac15852455','01a2000f-1e13-76ba-a685-c6b2128363a0','01a2000f-21b0-71d2-8bb6-1d5b9e405fda','01a2000f-2511-75a4-bbec-06fe892d4c5e','completed',NULL,NULL,NULL,1,NULL,0,1,0,8,'01a2000f250372f3bb6fbb1ef97265af','2026-11-21T21:42:02.258694Z','2026-11-21T21:42:02.883226Z');
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
INSERT INTO messages VALUES('01a2000f-1225-7366-9e70-666099cd326f','01a2000f-11b6-77f8-8a99-e05ff9d44329','01a2000f-1224-7709-8b01-7dface27d4b5','01a2000f-1224-7709-8b01-7dfb0f33677a',1,'user','complete','[{"type":"text","text":"Where do pelicans fly?"}]',NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,'2026-11-21T21:41:57.414194Z',NULL);
INSERT INTO messages VALUES('01a2000f-124e-7402-b1ef-d283b699e448','01a2000f-11b6-77f8-8a99-e05ff9d44329','01a2000f-1224-7709-8b01-7dface27d4b5','01a2000f-1224-7709-8b01-7dfb0f33677a',2,'assistant','complete','[{"type":"text","text":"## Hello from the demo\n\nYou wrote: “Where do pelicans fly?”\n\nI am **not a real model**, only a stand-in so that you can look around. I can show you:\n\n- text that *streams*, with Markdown\n- a tool that waits for **your** decision\n\n| Try this | What happens |\n|---|---|\n| Create a file `notes/hello.txt` with content: Hello world | I ask, you decide |\n| Write 300 words | A longer text streams in |\n\nFor real answers, set a key and start Sayso again:\n\n```sh\nexport ANTHROPIC_API_KEY=…   # or OPENAI_API_KEY, or OLLAMA_URL\nsayso\n```\n"}]','demo','demo','end_turn',1666,135,0,1,NULL,'2026-11-21T21:41:58.062539Z',NULL);
INSERT INTO messages VALUES('01a2000f-1524-7470-a9c7-88d2781ad91b','01a2000f-11b6-77f8-8a99-e05ff9d44329','01a2000f-151f-7472-89b0-9789c9477fc1','01a2000f-1520-7361-a7ba-a69dc412035b',1,'user','complete','[{"type":"text","text":"Create a file `notes/hello.txt` with content: Hello world"}]',NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,'2026-11-21T21:41:58.180931Z',NULL);
INSERT INTO messages VALUES('01a2000f-1543-72ac-8c2c-787c25b7ab86','01a2000f-11b6-77f8-8a99-e05ff9d44329','01a2000f-151f-7472-89b0-9789c9477fc1','01a2000f-1520-7361-a7ba-a69dc412035b',2,'assistant','complete','[{"type":"text","text":"I am the demo, not a real model, and with your say-so I will write `notes/hello.txt`."},{"type":"tool_use","id":"01a2000f-15b0-713b-8de1-cc6b92140b0d","name":"write_file","input":"{\"path\":\"notes/hello.txt\",\"content\":\"Hello world\"}"}]','demo','demo','tool_use',1675,37,0,1,NULL,'2026-11-21T21:41:58.425335Z',NULL);
INSERT INTO messages VALUES('01a2000f-15b0-713b-8de1-cc6b92140b0d','01a2000f-11b6-77f8-8a99-e05ff9d44329','01a2000f-151f-7472-89b0-9789c9477fc1','01a2000f-1520-7361-a7ba-a69dc412035b',3,'tool','complete','[{"type":"tool_result","tool_call_id":"01a2000f-15b0-713b-8de1-cc6b92140b0d","text":"Wrote 11 bytes to notes/hello.txt.","is_error":false}]',NULL,NULL,NULL,NULL,NULL,NULL,0,'01a2000f-15b0-713b-8de1-cc6b92140b0d','2026-11-21T21:41:58.597677Z',NULL);
INSERT INTO messages VALUES('01a2000f-16fb-75e5-894b-709f293eb7ed','01a2000f-11b6-77f8-8a99-e05ff9d44329','01a2000f-151f-7472-89b0-9789c9477fc1','01a2000f-1520-7361-a7ba-a69dc412035b',4,'assistant','complete','[{"type":"text","text":"Done: `notes/hello.txt` was written.\n\nThat is all the demo can do with it; it is not a real model."}]','demo','demo','end_turn',1728,25,0,1,NULL,'2026-11-21T21:41:58.778571Z',NULL);
INSERT INTO messages VALUES('01a2000f-182e-74a9-a8e6-104f33db214f','01a2000f-11b6-77f8-8a99-e05ff9d44329','01a2000f-182d-7283-9d53-c46f5e71603d','01a2000f-182d-7283-9d53-c470ccfdd0cf',1,'user','complete','[{"type":"text","text":"Create a file `notes/denied.txt` with content: No"}]',NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,'2026-11-21T21:41:58.959278Z',NULL);
INSERT INTO messages VALUES('01a2000f-1854-71f3-969c-52994a0db6b1','01a2000f-11b6-77f8-8a99-e05ff9d44329','01a2000f-182d-7283-9d53-c46f5e71603d','01a2000f-182d-7283-9d53-c470ccfdd0cf',2,'assistant','complete','[{"type":"text","text":"I am the demo, not a real model, and with your say-so I will write `notes/denied.txt`."},{"type":"tool_use","id":"01a2000f-18b9-7027-a3ec-2cb668fb4199","name":"write_file","input":"{\"path\":\"notes/denied.txt\",\"content\":\"No\"}"}]','demo','demo','tool_use',1673,35,0,1,NULL,'2026-11-21T21:41:59.115913Z',NULL);
INSERT INTO messages VALUES('01a2000f-18b9-7027-a3ec-2cb668fb4199','01a2000f-11b6-77f8-8a99-e05ff9d44329','01a2000f-182d-7283-9d53-c46f5e71603d','01a2000f-182d-7283-9d53-c470ccfdd0cf',3,'tool','complete','[{"type":"tool_result","tool_call_id":"01a2000f-18b9-7027-a3ec-2cb668fb4199","text":"The person refused this request.","is_error":true}]',NULL,NULL,NULL,NULL,NULL,NULL,0,'01a2000f-18b9-7027-a3ec-2cb668fb4199','2026-11-21T21:41:59.213201Z',NULL);
INSERT INTO messages VALUES('01a2000f-1974-7209-8f8a-71d18d306087','01a2000f-11b6-77f8-8a99-e05ff9d44329','01a2000f-182d-7283-9d53-c46f5e71603d','01a2000f-182d-7283-9d53-c470ccfdd0cf',4,'assistant','complete','[{"type":"text","text":"`notes/denied.txt` was not written: The person refused this request.\n\nThat is all the demo can do with it; it is not a real model."}]','demo','demo','end_turn',1724,33,0,1,NULL,'2026-11-21T21:41:59.445076Z',NULL);
INSERT INTO messages VALUES('01a2000f-1afe-7794-aab5-3d2efaca46dc','01a2000f-11b6-77f8-8a99-e05ff9d44329','01a2000f-1afc-7048-aedb-389317ed073d','01a2000f-1afc-7048-aedb-389499e315bb',1,'user','complete','[{"type":"image","number":1,"media_type":"image/png","name":"picture.png","width":64,"height":48},{"type":"text","text":"What is in this picture?"}]',NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,'2026-11-21T21:41:59.679016Z',NULL);
INSERT INTO messages VALUES('01a2000f-1b9c-714a-b0f4-12a561e0bbf0','01a2000f-11b6-77f8-8a99-e05ff9d44329','01a2000f-1b9b-77d7-982e-669d09e95584','01a2000f-1b9b-77d7-982e-669ed55b1528',1,'user','complete','[{"type":"text","text":"Create a file `notes/never.txt` with content: Never"}]',NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,'2026-11-21T21:41:59.837063Z',NULL);
INSERT INTO messages VALUES('01a2000f-1bb7-72da-9c17-af684db779ea','01a2000f-11b6-77f8-8a99-e05ff9d44329','01a2000f-1b9b-77d7-982e-669d09e95584','01a2000f-1b9b-77d7-982e-669ed55b1528',2,'assistant','complete','[{"type":"text","text":"I am the demo, not a real model, and with your say-so I will write `notes/never.txt`."},{"type":"tool_use","id":"01a2000f-1c1c-754e-96d1-431e47727daf","name":"write_file","input":"{\"path\":\"notes/never.txt\",\"content\":\"Never\"}"}]','demo','demo','tool_use',1674,35,0,1,NULL,'2026-11-21T21:41:59.982285Z',NULL);
INSERT INTO messages VALUES('01a2000f-1cd6-73de-b4f6-49dfa051b3af','01a2000f-11b6-77f8-8a99-e05ff9d44329','01a2000f-1cd5-726a-b39f-d406f379020b','01a2000f-1cd5-726a-b39f-d40779164edd',1,'user','complete','[{"type":"text","text":"Create a file `notes/after.txt` with content: After"}]',NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,'2026-11-21T21:42:00.151157Z',NULL);
INSERT INTO messages VALUES('01a2000f-1b22-7066-ac66-b84bb629cdab','01a2000f-11b6-77f8-8a99-e05ff9d44329','01a2000f-1afc-7048-aedb-389317ed073d','01a2000f-1afc-7048-aedb-389499e315bb',2,'assistant','complete','[{"type":"text","text":"## Hello from the demo\n\nYou wrote: “What is in this picture?”\n\nI am **not a real model**, only a stand-in so that you can look around. I can show you:\n\n- text that *streams*, with Markdown\n- a tool that waits for **your** decision\n\n| Try this | What happens |\n|---|---|\n| Create a file `notes/hello.txt` with content: Hello world | I ask, you decide |\n| Write 300 words | A longer text streams in |\n\nFor real answers, set a key and start Sayso again:\n\n```sh\nexport ANTHROPIC_API_KEY=…   # or OPENAI_API_KEY, or OLLAMA_URL\nsayso\n```\n"}]','demo','demo','end_turn',1675,136,0,1,NULL,'2026-11-21T21:42:00.305058Z',NULL);
INSERT INTO messages VALUES('01a2000f-1d03-7209-a01a-9641db4abfc4','01a2000f-11b6-77f8-8a99-e05ff9d44329','01a2000f-1cd5-726a-b39f-d406f379020b','01a2000f-1cd5-726a-b39f-d40779164edd',2,'assistant','complete','[{"type":"text","text":"I am the demo, not a real model, and with your say-so I will write `notes/after.txt`."},{"type":"tool_use","id":"01a2000f-1d65-7629-a801-79fc9c855bd9","name":"write_file","input":"{\"path\":\"notes/after.txt\",\"content\":\"After\"}"}]','demo','demo','tool_use',1674,35,0,1,NULL,'2026-11-21T21:42:00.328653Z',NULL);
INSERT INTO messages VALUES('01a2000f-2513-7781-8ebf-f46619534187','01a2000f-1e13-76ba-a685-c6b2128363a0','01a2000f-2511-75a4-bbec-06fe892d4c5e','01a2000f-2512-71e4-b344-2fac15852455',1,'user','complete','[{"type":"text","text":"What do gulls eat?"}]',NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,'2026-11-21T21:42:02.259571Z',NULL);
INSERT INTO messages VALUES('01a2000f-2532-77f7-9332-41ae39c5a84f','01a2000f-1e13-76ba-a685-c6b2128363a0','01a2000f-2511-75a4-bbec-06fe892d4c5e','01a2000f-2512-71e4-b344-2fac15852455',2,'assistant','complete','[{"type":"text","text":"## Hello from the demo\n\nYou wrote: “What do gulls eat?”\n\nI am **not a real model**, only a stand-in so that you can look around. I can show you:\n\n- text that *streams*, with Markdown\n- a tool that waits for **your** decision\n\n| Try this | What happens |\n|---|---|\n| Create a file `notes/hello.txt` with content: Hello world | I ask, you decide |\n| Write 300 words | A longer text streams in |\n\nFor real answers, set a key and start Sayso again:\n\n```sh\nexport ANTHROPIC_API_KEY=…   # or OPENAI_API_KEY, or OLLAMA_URL\nsayso\n```\n"}]','demo','demo','end_turn',1665,134,0,1,NULL,'2026-11-21T21:42:02.882347Z',NULL);
CREATE TABLE turn_events (
    turn_id uuid NOT NULL REFERENCES turns (id) ON DELETE CASCADE,
    seq bigint NOT NULL,
    tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    about uuid,
    payload text NOT NULL,
    PRIMARY KEY (turn_id, seq)
);
INSERT INTO turn_events VALUES('01a2000f-1224-7709-8b01-7dfb0f33677a',1,'01a2000f-11b6-77f8-8a99-e05ff9d44329',NULL,'{"event":"message","message":{"id":"01a2000f-1225-7366-9e70-666099cd326f","turn_id":"01a2000f-1224-7709-8b01-7dfb0f33677a","position":1,"role":"user","state":"complete","content":[{"type":"text","text":"Where do pelicans fly?"}],"provider":null,"model":null,"stop_reason":null,"usage":null,"tool_call_id":null,"created_at":"2026-11-21T21:41:57.414194Z"}}');
INSERT INTO turn_events VALUES('01a2000f-1224-7709-8b01-7dfb0f33677a',2,'01a2000f-11b6-77f8-8a99-e05ff9d44329',NULL,'{"event":"turn","turn":{"id":"01a2000f-1224-7709-8b01-7dfb0f33677a","state":"running","failure":null}}');
INSERT INTO turn_events VALUES('01a2000f-1224-7709-8b01-7dfb0f33677a',6,'01a2000f-11b6-77f8-8a99-e05ff9d44329',NULL,'{"event":"message","message":{"id":"01a2000f-124e-7402-b1ef-d283b699e448","turn_id":"01a2000f-1224-7709-8b01-7dfb0f33677a","position":2,"role":"assistant","state":"complete","content":[{"type":"text","text":"## Hello from the demo\n\nYou wrote: “Where do pelicans fly?”\n\nI am **not a real model**, only a stand-in so that you can look around. I can show you:\n\n- text that *streams*, with Markdown\n- a tool that waits for **your** decision\n\n| Try this | What happens |\n|---|---|\n| Create a file `notes/hello.txt` with content: Hello world | I ask, you decide |\n| Write 300 words | A longer text streams in |\n\nFor real answers, set a key and start Sayso again:\n\n```sh\nexport ANTHROPIC_API_KEY=…   # or OPENAI_API_KEY, or OLLAMA_URL\nsayso\n```\n"}],"provider":"demo","model":"demo","stop_reason":"end_turn","usage":{"input_tokens":1666,"output_tokens":135,"cached_tokens":0,"estimated":true},"tool_call_id":null,"created_at":"2026-11-21T21:41:58.062539Z"}}');
INSERT INTO turn_events VALUES('01a2000f-1224-7709-8b01-7dfb0f33677a',7,'01a2000f-11b6-77f8-8a99-e05ff9d44329',NULL,'{"event":"turn","turn":{"id":"01a2000f-1224-7709-8b01-7dfb0f33677a","state":"completed","failure":null}}');
INSERT INTO turn_events VALUES('01a2000f-1520-7361-a7ba-a69dc412035b',1,'01a2000f-11b6-77f8-8a99-e05ff9d44329',NULL,'{"event":"message","message":{"id":"01a2000f-1524-7470-a9c7-88d2781ad91b","turn_id":"01a2000f-1520-7361-a7ba-a69dc412035b","position":1,"role":"user","state":"complete","content":[{"type":"text","text":"Create a file `notes/hello.txt` with content: Hello world"}],"provider":null,"model":null,"stop_reason":null,"usage":null,"tool_call_id":null,"created_at":"2026-11-21T21:41:58.180931Z"}}');
INSERT INTO turn_events VALUES('01a2000f-1520-7361-a7ba-a69dc412035b',2,'01a2000f-11b6-77f8-8a99-e05ff9d44329',NULL,'{"event":"turn","turn":{"id":"01a2000f-1520-7361-a7ba-a69dc412035b","state":"running","failure":null}}');
INSERT INTO turn_events VALUES('01a2000f-1520-7361-a7ba-a69dc412035b',5,'01a2000f-11b6-77f8-8a99-e05ff9d44329',NULL,'{"event":"message","message":{"id":"01a2000f-1543-72ac-8c2c-787c25b7ab86","turn_id":"01a2000f-1520-7361-a7ba-a69dc412035b","position":2,"role":"assistant","state":"complete","content":[{"type":"text","text":"I am the demo, not a real model, and with your say-so I will write `notes/hello.txt`."},{"type":"tool_use","id":"01a2000f-15b0-713b-8de1-cc6b92140b0d","name":"write_file","input":"{\"path\":\"notes/hello.txt\",\"content\":\"Hello world\"}"}],"provider":"demo","model":"demo","stop_reason":"tool_use","usage":{"input_tokens":1675,"output_tokens":37,"cached_tokens":0,"estimated":true},"tool_call_id":null,"created_at":"2026-11-21T21:41:58.425335Z"}}');
INSERT INTO turn_events VALUES('01a2000f-1520-7361-a7ba-a69dc412035b',6,'01a2000f-11b6-77f8-8a99-e05ff9d44329',NULL,'{"event":"tool_call","call":{"id":"01a2000f-15b0-713b-8de1-cc6b92140b0d","conversation_id":"01a2000f-151f-7472-89b0-9789c9477fc1","turn_id":"01a2000f-1520-7361-a7ba-a69dc412035b","message_id":"01a2000f-1543-72ac-8c2c-787c25b7ab86","ordinal":0,"server":"sayso","name":"write_file","arguments":"{\"path\":\"notes/hello.txt\",\"content\":\"Hello world\"}","asked_arguments":null,"preview":{"target":"notes/hello.txt","precondition":"absent","difference":{"is_new":true,"lines":[{"kind":"added","text":"Hello world"}],"omitted":0}},"digest":"8b34ac2dd48208a4b8ad04b81fd8bd2fb204af97bd9710cd6e3d0bd7b2df1b42","state":"pending","reason":null,"outcome":null}}');
INSERT INTO turn_events VALUES('01a2000f-1520-7361-a7ba-a69dc412035b',7,'01a2000f-11b6-77f8-8a99-e05ff9d44329',NULL,'{"event":"turn","turn":{"id":"01a2000f-1520-7361-a7ba-a69dc412035b","state":"awaiting_approval","failure":null}}');
INSERT INTO turn_events VALUES('01a2000f-1520-7361-a7ba-a69dc412035b',8,'01a2000f-11b6-77f8-8a99-e05ff9d44329',NULL,'{"event":"tool_call","call":{"id":"01a2000f-15b0-713b-8de1-cc6b92140b0d","conversation_id":"01a2000f-151f-7472-89b0-9789c9477fc1","turn_id":"01a2000f-1520-7361-a7ba-a69dc412035b","message_id":"01a2000f-1543-72ac-8c2c-787c25b7ab86","ordinal":0,"server":"sayso","name":"write_file","arguments":"{\"path\":\"notes/hello.txt\",\"content\":\"Hello world\"}","asked_arguments":null,"preview":{"target":"notes/hello.txt","precondition":"absent","difference":{"is_new":true,"lines":[{"kind":"added","text":"Hello world"}],"omitted":0}},"digest":"8b34ac2dd48208a4b8ad04b81fd8bd2fb204af97bd9710cd6e3d0bd7b2df1b42","state":"approved","reason":null,"outcome":null}}');
INSERT INTO turn_events VALUES('01a2000f-1520-7361-a7ba-a69dc412035b',9,'01a2000f-11b6-77f8-8a99-e05ff9d44329',NULL,'{"event":"turn","turn":{"id":"01a2000f-1520-7361-a7ba-a69dc412035b","state":"running","failure":null}}');
INSERT INTO turn_events VALUES('01a2000f-1520-7361-a7ba-a69dc412035b',10,'01a2000f-11b6-77f8-8a99-e05ff9d44329',NULL,'{"event":"tool_call","call":{"id":"01a2000f-15b0-713b-8de1-cc6b92140b0d","conversation_id":"01a2000f-151f-7472-89b0-9789c9477fc1","turn_id":"01a2000f-1520-7361-a7ba-a69dc412035b","message_id":"01a2000f-1543-72ac-8c2c-787c25b7ab86","ordinal":0,"server":"sayso","name":"write_file","arguments":"{\"path\":\"notes/hello.txt\",\"content\":\"Hello world\"}","asked_arguments":null,"preview":{"target":"notes/hello.txt","precondition":"absent","difference":{"is_new":true,"lines":[{"kind":"added","text":"Hello world"}],"omitted":0}},"digest":"8b34ac2dd48208a4b8ad04b81fd8bd2fb204af97bd9710cd6e3d0bd7b2df1b42","state":"running","reason":null,"outcome":null}}');
INSERT INTO turn_events VALUES('01a2000f-1520-7361-a7ba-a69dc412035b',11,'01a2000f-11b6-77f8-8a99-e05ff9d44329',NULL,'{"event":"tool_chunk","id":"01a2000f-15b0-713b-8de1-cc6b92140b0d","chunk":"Hello world"}');
INSERT INTO turn_events VALUES('01a2000f-1520-7361-a7ba-a69dc412035b',12,'01a2000f-11b6-77f8-8a99-e05ff9d44329',NULL,'{"event":"tool_call","call":{"id":"01a2000f-15b0-713b-8de1-cc6b92140b0d","conversation_id":"01a2000f-151f-7472-89b0-9789c9477fc1","turn_id":"01a2000f-1520-7361-a7ba-a69dc412035b","message_id":"01a2000f-1543-72ac-8c2c-787c25b7ab86","ordinal":0,"server":"sayso","name":"write_file","arguments":"{\"path\":\"notes/hello.txt\",\"content\":\"Hello world\"}","asked_arguments":null,"preview":{"target":"notes/hello.txt","precondition":"absent","difference":{"is_new":true,"lines":[{"kind":"added","text":"Hello world"}],"omitted":0}},"digest":"8b34ac2dd48208a4b8ad04b81fd8bd2fb204af97bd9710cd6e3d0bd7b2df1b42","state":"succeeded","reason":null,"outcome":{"text":"Wrote 11 bytes to notes/hello.txt.","error_code":null}}}');
INSERT INTO turn_events VALUES('01a2000f-1520-7361-a7ba-a69dc412035b',13,'01a2000f-11b6-77f8-8a99-e05ff9d44329',NULL,'{"event":"message","message":{"id":"01a2000f-15b0-713b-8de1-cc6b92140b0d","turn_id":"01a2000f-1520-7361-a7ba-a69dc412035b","position":3,"role":"tool","state":"complete","content":[{"type":"tool_result","tool_call_id":"01a2000f-15b0-713b-8de1-cc6b92140b0d","text":"Wrote 11 bytes to notes/hello.txt.","is_error":false}],"provider":null,"model":null,"stop_reason":null,"usage":null,"tool_call_id":"01a2000f-15b0-713b-8de1-cc6b92140b0d","created_at":"2026-11-21T21:41:58.597677Z"}}');
INSERT INTO turn_events VALUES('01a2000f-1520-7361-a7ba-a69dc412035b',14,'01a2000f-11b6-77f8-8a99-e05ff9d44329',NULL,'{"event":"message","message":{"id":"01a2000f-16fb-75e5-894b-709f293eb7ed","turn_id":"01a2000f-1520-7361-a7ba-a69dc412035b","position":4,"role":"assistant","state":"complete","content":[{"type":"text","text":"Done: `notes/hello.txt` was written.\n\nThat is all the demo can do with it; it is not a real model."}],"provider":"demo","model":"demo","stop_reason":"end_turn","usage":{"input_tokens":1728,"output_tokens":25,"cached_tokens":0,"estimated":true},"tool_call_id":null,"created_at":"2026-11-21T21:41:58.778571Z"}}');
INSERT INTO turn_events VALUES('01a2000f-1520-7361-a7ba-a69dc412035b',15,'01a2000f-11b6-77f8-8a99-e05ff9d44329',NULL,'{"event":"turn","turn":{"id":"01a2000f-1520-7361-a7ba-a69dc412035b","state":"completed","failure":null}}');
INSERT INTO turn_events VALUES('01a2000f-182d-7283-9d53-c470ccfdd0cf',1,'01a2000f-11b6-77f8-8a99-e05ff9d44329',NULL,'{"event":"message","message":{"id":"01a2000f-182e-74a9-a8e6-104f33db214f","turn_id":"01a2000f-182d-7283-9d53-c470ccfdd0cf","position":1,"role":"user","state":"complete","content":[{"type":"text","text":"Create a file `notes/denied.txt` with content: No"}],"provider":null,"model":null,"stop_reason":null,"usage":null,"tool_call_id":null,"created_at":"2026-11-21T21:41:58.959278Z"}}');
INSERT INTO turn_events VALUES('01a2000f-182d-7283-9d53-c470ccfdd0cf',2,'01a2000f-11b6-77f8-8a99-e05ff9d44329',NULL,'{"event":"turn","turn":{"id":"01a2000f-182d-7283-9d53-c470ccfdd0cf","state":"running","failure":null}}');
INSERT INTO turn_events VALUES('01a2000f-182d-7283-9d53-c470ccfdd0cf',3,'01a2000f-11b6-77f8-8a99-e05ff9d44329',NULL,'{"event":"message","message":{"id":"01a2000f-1854-71f3-969c-52994a0db6b1","turn_id":"01a2000f-182d-7283-9d53-c470ccfdd0cf","position":2,"role":"assistant","state":"complete","content":[{"type":"text","text":"I am the demo, not a real model, and with your say-so I will write `notes/denied.txt`."},{"type":"tool_use","id":"01a2000f-18b9-7027-a3ec-2cb668fb4199","name":"write_file","input":"{\"path\":\"notes/denied.txt\",\"content\":\"No\"}"}],"provider":"demo","model":"demo","stop_reason":"tool_use","usage":{"input_tokens":1673,"output_tokens":35,"cached_tokens":0,"estimated":true},"tool_call_id":null,"created_at":"2026-11-21T21:41:59.115913Z"}}');
INSERT INTO turn_events VALUES('01a2000f-182d-7283-9d53-c470ccfdd0cf',4,'01a2000f-11b6-77f8-8a99-e05ff9d44329',NULL,'{"event":"tool_call","call":{"id":"01a2000f-18b9-7027-a3ec-2cb668fb4199","conversation_id":"01a2000f-182d-7283-9d53-c46f5e71603d","turn_id":"01a2000f-182d-7283-9d53-c470ccfdd0cf","message_id":"01a2000f-1854-71f3-969c-52994a0db6b1","ordinal":0,"server":"sayso","name":"write_file","arguments":"{\"path\":\"notes/denied.txt\",\"content\":\"No\"}","asked_arguments":null,"preview":{"target":"notes/denied.txt","precondition":"absent","difference":{"is_new":true,"lines":[{"kind":"added","text":"No"}],"omitted":0}},"digest":"5cc8adf14786fe0e41ed5857d47e86ca4e46ec36f2a4551457dd427247e7d556","state":"pending","reason":null,"outcome":null}}');
INSERT INTO turn_events VALUES('01a2000f-182d-7283-9d53-c470ccfdd0cf',5,'01a2000f-11b6-77f8-8a99-e05ff9d44329',NULL,'{"event":"turn","turn":{"id":"01a2000f-182d-7283-9d53-c470ccfdd0cf","state":"awaiting_approval","failure":null}}');
INSERT INTO turn_events VALUES('01a2000f-182d-7283-9d53-c470ccfdd0cf',6,'01a2000f-11b6-77f8-8a99-e05ff9d44329',NULL,'{"event":"tool_call","call":{"id":"01a2000f-18b9-7027-a3ec-2cb668fb4199","conversation_id":"01a2000f-182d-7283-9d53-c46f5e71603d","turn_id":"01a2000f-182d-7283-9d53-c470ccfdd0cf","message_id":"01a2000f-1854-71f3-969c-52994a0db6b1","ordinal":0,"server":"sayso","name":"write_file","arguments":"{\"path\":\"notes/denied.txt\",\"content\":\"No\"}","asked_arguments":null,"preview":{"target":"notes/denied.txt","precondition":"absent","difference":{"is_new":true,"lines":[{"kind":"added","text":"No"}],"omitted":0}},"digest":"5cc8adf14786fe0e41ed5857d47e86ca4e46ec36f2a4551457dd427247e7d556","state":"denied","reason":null,"outcome":null}}');
INSERT INTO turn_events VALUES('01a2000f-182d-7283-9d53-c470ccfdd0cf',7,'01a2000f-11b6-77f8-8a99-e05ff9d44329',NULL,'{"event":"message","message":{"id":"01a2000f-18b9-7027-a3ec-2cb668fb4199","turn_id":"01a2000f-182d-7283-9d53-c470ccfdd0cf","position":3,"role":"tool","state":"complete","content":[{"type":"tool_result","tool_call_id":"01a2000f-18b9-7027-a3ec-2cb668fb4199","text":"The person refused this request.","is_error":true}],"provider":null,"model":null,"stop_reason":null,"usage":null,"tool_call_id":"01a2000f-18b9-7027-a3ec-2cb668fb4199","created_at":"2026-11-21T21:41:59.213201Z"}}');
INSERT INTO turn_events VALUES('01a2000f-182d-7283-9d53-c470ccfdd0cf',8,'01a2000f-11b6-77f8-8a99-e05ff9d44329',NULL,'{"event":"turn","turn":{"id":"01a2000f-182d-7283-9d53-c470ccfdd0cf","state":"running","failure":null}}');
INSERT INTO turn_events VALUES('01a2000f-182d-7283-9d53-c470ccfdd0cf',11,'01a2000f-11b6-77f8-8a99-e05ff9d44329',NULL,'{"event":"message","message":{"id":"01a2000f-1974-7209-8f8a-71d18d306087","turn_id":"01a2000f-182d-7283-9d53-c470ccfdd0cf","position":4,"role":"assistant","state":"complete","content":[{"type":"text","text":"`notes/denied.txt` was not written: The person refused this request.\n\nThat is all the demo can do with it; it is not a real model."}],"provider":"demo","model":"demo","stop_reason":"end_turn","usage":{"input_tokens":1724,"output_tokens":33,"cached_tokens":0,"estimated":true},"tool_call_id":null,"created_at":"2026-11-21T21:41:59.445076Z"}}');
INSERT INTO turn_events VALUES('01a2000f-182d-7283-9d53-c470ccfdd0cf',12,'01a2000f-11b6-77f8-8a99-e05ff9d44329',NULL,'{"event":"turn","turn":{"id":"01a2000f-182d-7283-9d53-c470ccfdd0cf","state":"completed","failure":null}}');
INSERT INTO turn_events VALUES('01a2000f-1afc-7048-aedb-389499e315bb',1,'01a2000f-11b6-77f8-8a99-e05ff9d44329',NULL,'{"event":"message","message":{"id":"01a2000f-1afe-7794-aab5-3d2efaca46dc","turn_id":"01a2000f-1afc-7048-aedb-389499e315bb","position":1,"role":"user","state":"complete","content":[{"type":"image","number":1,"media_type":"image/png","name":"picture.png","width":64,"height":48},{"type":"text","text":"What is in this picture?"}],"provider":null,"model":null,"stop_reason":null,"usage":null,"tool_call_id":null,"created_at":"2026-11-21T21:41:59.679016Z"}}');
INSERT INTO turn_events VALUES('01a2000f-1afc-7048-aedb-389499e315bb',2,'01a2000f-11b6-77f8-8a99-e05ff9d44329',NULL,'{"event":"turn","turn":{"id":"01a2000f-1afc-7048-aedb-389499e315bb","state":"running","failure":null}}');
INSERT INTO turn_events VALUES('01a2000f-1b9b-77d7-982e-669ed55b1528',1,'01a2000f-11b6-77f8-8a99-e05ff9d44329',NULL,'{"event":"message","message":{"id":"01a2000f-1b9c-714a-b0f4-12a561e0bbf0","turn_id":"01a2000f-1b9b-77d7-982e-669ed55b1528","position":1,"role":"user","state":"complete","content":[{"type":"text","text":"Create a file `notes/never.txt` with content: Never"}],"provider":null,"model":null,"stop_reason":null,"usage":null,"tool_call_id":null,"created_at":"2026-11-21T21:41:59.837063Z"}}');
INSERT INTO turn_events VALUES('01a2000f-1b9b-77d7-982e-669ed55b1528',2,'01a2000f-11b6-77f8-8a99-e05ff9d44329',NULL,'{"event":"turn","turn":{"id":"01a2000f-1b9b-77d7-982e-669ed55b1528","state":"running","failure":null}}');
INSERT INTO turn_events VALUES('01a2000f-1b9b-77d7-982e-669ed55b1528',5,'01a2000f-11b6-77f8-8a99-e05ff9d44329',NULL,'{"event":"message","message":{"id":"01a2000f-1bb7-72da-9c17-af684db779ea","turn_id":"01a2000f-1b9b-77d7-982e-669ed55b1528","position":2,"role":"assistant","state":"complete","content":[{"type":"text","text":"I am the demo, not a real model, and with your say-so I will write `notes/never.txt`."},{"type":"tool_use","id":"01a2000f-1c1c-754e-96d1-431e47727daf","name":"write_file","input":"{\"path\":\"notes/never.txt\",\"content\":\"Never\"}"}],"provider":"demo","model":"demo","stop_reason":"tool_use","usage":{"input_tokens":1674,"output_tokens":35,"cached_tokens":0,"estimated":true},"tool_call_id":null,"created_at":"2026-11-21T21:41:59.982285Z"}}');
INSERT INTO turn_events VALUES('01a2000f-1b9b-77d7-982e-669ed55b1528',6,'01a2000f-11b6-77f8-8a99-e05ff9d44329',NULL,'{"event":"tool_call","call":{"id":"01a2000f-1c1c-754e-96d1-431e47727daf","conversation_id":"01a2000f-1b9b-77d7-982e-669d09e95584","turn_id":"01a2000f-1b9b-77d7-982e-669ed55b1528","message_id":"01a2000f-1bb7-72da-9c17-af684db779ea","ordinal":0,"server":"sayso","name":"write_file","arguments":"{\"path\":\"notes/never.txt\",\"content\":\"Never\"}","asked_arguments":null,"preview":{"target":"notes/never.txt","precondition":"absent","difference":{"is_new":true,"lines":[{"kind":"added","text":"Never"}],"omitted":0}},"digest":"39730cfd1d043a131ce7fff5bc68e1928cf32b0453d5dcc1329ec8f6d56b3c4d","state":"pending","reason":null,"outcome":null}}');
INSERT INTO turn_events VALUES('01a2000f-1b9b-77d7-982e-669ed55b1528',7,'01a2000f-11b6-77f8-8a99-e05ff9d44329',NULL,'{"event":"turn","turn":{"id":"01a2000f-1b9b-77d7-982e-669ed55b1528","state":"awaiting_approval","failure":null}}');
INSERT INTO turn_events VALUES('01a2000f-1cd5-726a-b39f-d40779164edd',1,'01a2000f-11b6-77f8-8a99-e05ff9d44329',NULL,'{"event":"message","message":{"id":"01a2000f-1cd6-73de-b4f6-49dfa051b3af","turn_id":"01a2000f-1cd5-726a-b39f-d40779164edd","position":1,"role":"user","state":"complete","content":[{"type":"text","text":"Create a file `notes/after.txt` with content: After"}],"provider":null,"model":null,"stop_reason":null,"usage":null,"tool_call_id":null,"created_at":"2026-11-21T21:42:00.151157Z"}}');
INSERT INTO turn_events VALUES('01a2000f-1cd5-726a-b39f-d40779164edd',2,'01a2000f-11b6-77f8-8a99-e05ff9d44329',NULL,'{"event":"turn","turn":{"id":"01a2000f-1cd5-726a-b39f-d40779164edd","state":"running","failure":null}}');
INSERT INTO turn_events VALUES('01a2000f-1afc-7048-aedb-389499e315bb',6,'01a2000f-11b6-77f8-8a99-e05ff9d44329',NULL,'{"event":"message","message":{"id":"01a2000f-1b22-7066-ac66-b84bb629cdab","turn_id":"01a2000f-1afc-7048-aedb-389499e315bb","position":2,"role":"assistant","state":"complete","content":[{"type":"text","text":"## Hello from the demo\n\nYou wrote: “What is in this picture?”\n\nI am **not a real model**, only a stand-in so that you can look around. I can show you:\n\n- text that *streams*, with Markdown\n- a tool that waits for **your** decision\n\n| Try this | What happens |\n|---|---|\n| Create a file `notes/hello.txt` with content: Hello world | I ask, you decide |\n| Write 300 words | A longer text streams in |\n\nFor real answers, set a key and start Sayso again:\n\n```sh\nexport ANTHROPIC_API_KEY=…   # or OPENAI_API_KEY, or OLLAMA_URL\nsayso\n```\n"}],"provider":"demo","model":"demo","stop_reason":"end_turn","usage":{"input_tokens":1675,"output_tokens":136,"cached_tokens":0,"estimated":true},"tool_call_id":null,"created_at":"2026-11-21T21:42:00.305058Z"}}');
INSERT INTO turn_events VALUES('01a2000f-1afc-7048-aedb-389499e315bb',7,'01a2000f-11b6-77f8-8a99-e05ff9d44329',NULL,'{"event":"turn","turn":{"id":"01a2000f-1afc-7048-aedb-389499e315bb","state":"completed","failure":null}}');
INSERT INTO turn_events VALUES('01a2000f-1cd5-726a-b39f-d40779164edd',3,'01a2000f-11b6-77f8-8a99-e05ff9d44329',NULL,'{"event":"message","message":{"id":"01a2000f-1d03-7209-a01a-9641db4abfc4","turn_id":"01a2000f-1cd5-726a-b39f-d40779164edd","position":2,"role":"assistant","state":"complete","content":[{"type":"text","text":"I am the demo, not a real model, and with your say-so I will write `notes/after.txt`."},{"type":"tool_use","id":"01a2000f-1d65-7629-a801-79fc9c855bd9","name":"write_file","input":"{\"path\":\"notes/after.txt\",\"content\":\"After\"}"}],"provider":"demo","model":"demo","stop_reason":"tool_use","usage":{"input_tokens":1674,"output_tokens":35,"cached_tokens":0,"estimated":true},"tool_call_id":null,"created_at":"2026-11-21T21:42:00.328653Z"}}');
INSERT INTO turn_events VALUES('01a2000f-1cd5-726a-b39f-d40779164edd',4,'01a2000f-11b6-77f8-8a99-e05ff9d44329',NULL,'{"event":"tool_call","call":{"id":"01a2000f-1d65-7629-a801-79fc9c855bd9","conversation_id":"01a2000f-1cd5-726a-b39f-d406f379020b","turn_id":"01a2000f-1cd5-726a-b39f-d40779164edd","message_id":"01a2000f-1d03-7209-a01a-9641db4abfc4","ordinal":0,"server":"sayso","name":"write_file","arguments":"{\"path\":\"notes/after.txt\",\"content\":\"After\"}","asked_arguments":null,"preview":{"target":"notes/after.txt","precondition":"absent","difference":{"is_new":true,"lines":[{"kind":"added","text":"After"}],"omitted":0}},"digest":"20c23cc4f115c9c582b82cc11626027cb4204c615cd075f208d2545fa313787d","state":"pending","reason":null,"outcome":null}}');
INSERT INTO turn_events VALUES('01a2000f-1cd5-726a-b39f-d40779164edd',5,'01a2000f-11b6-77f8-8a99-e05ff9d44329',NULL,'{"event":"turn","turn":{"id":"01a2000f-1cd5-726a-b39f-d40779164edd","state":"awaiting_approval","failure":null}}');
INSERT INTO turn_events VALUES('01a2000f-2512-71e4-b344-2fac15852455',1,'01a2000f-1e13-76ba-a685-c6b2128363a0',NULL,'{"event":"message","message":{"id":"01a2000f-2513-7781-8ebf-f46619534187","turn_id":"01a2000f-2512-71e4-b344-2fac15852455","position":1,"role":"user","state":"complete","content":[{"type":"text","text":"What do gulls eat?"}],"provider":null,"model":null,"stop_reason":null,"usage":null,"tool_call_id":null,"created_at":"2026-11-21T21:42:02.259571Z"}}');
INSERT INTO turn_events VALUES('01a2000f-2512-71e4-b344-2fac15852455',2,'01a2000f-1e13-76ba-a685-c6b2128363a0',NULL,'{"event":"turn","turn":{"id":"01a2000f-2512-71e4-b344-2fac15852455","state":"running","failure":null}}');
INSERT INTO turn_events VALUES('01a2000f-2512-71e4-b344-2fac15852455',6,'01a2000f-1e13-76ba-a685-c6b2128363a0',NULL,'{"event":"message","message":{"id":"01a2000f-2532-77f7-9332-41ae39c5a84f","turn_id":"01a2000f-2512-71e4-b344-2fac15852455","position":2,"role":"assistant","state":"complete","content":[{"type":"text","text":"## Hello from the demo\n\nYou wrote: “What do gulls eat?”\n\nI am **not a real model**, only a stand-in so that you can look around. I can show you:\n\n- text that *streams*, with Markdown\n- a tool that waits for **your** decision\n\n| Try this | What happens |\n|---|---|\n| Create a file `notes/hello.txt` with content: Hello world | I ask, you decide |\n| Write 300 words | A longer text streams in |\n\nFor real answers, set a key and start Sayso again:\n\n```sh\nexport ANTHROPIC_API_KEY=…   # or OPENAI_API_KEY, or OLLAMA_URL\nsayso\n```\n"}],"provider":"demo","model":"demo","stop_reason":"end_turn","usage":{"input_tokens":1665,"output_tokens":134,"cached_tokens":0,"estimated":true},"tool_call_id":null,"created_at":"2026-11-21T21:42:02.882347Z"}}');
INSERT INTO turn_events VALUES('01a2000f-2512-71e4-b344-2fac15852455',7,'01a2000f-1e13-76ba-a685-c6b2128363a0',NULL,'{"event":"turn","turn":{"id":"01a2000f-2512-71e4-b344-2fac15852455","state":"completed","failure":null}}');
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
INSERT INTO tool_calls VALUES('01a2000f-15b0-713b-8de1-cc6b92140b0d','01a2000f-11b6-77f8-8a99-e05ff9d44329','01a2000f-11b7-77bf-a8d9-a31922545d9c','01a2000f-151f-7472-89b0-9789c9477fc1','01a2000f-1520-7361-a7ba-a69dc412035b','01a2000f-1543-72ac-8c2c-787c25b7ab86',0,'sayso','builtin','write_file','1513a920e53361bbff607caa23f60a8ddc9b846cf04baf7dc501c1c231f89823','{"path":"notes/hello.txt","content":"Hello world"}',NULL,'notes/hello.txt','absent','{"is_new":true,"lines":[{"kind":"added","text":"Hello world"}],"omitted":0}','8b34ac2dd48208a4b8ad04b81fd8bd2fb204af97bd9710cd6e3d0bd7b2df1b42','succeeded','approve','01a2000f-11b7-77bf-a8d9-a31922545d9c','2026-11-21T21:41:58.547223Z',NULL,'Wrote 11 bytes to notes/hello.txt.',NULL,NULL,'2026-11-21T21:41:58.408421Z','2026-11-21T21:41:58.577551Z','2026-11-21T21:41:58.593999Z');
INSERT INTO tool_calls VALUES('01a2000f-18b9-7027-a3ec-2cb668fb4199','01a2000f-11b6-77f8-8a99-e05ff9d44329','01a2000f-11b7-77bf-a8d9-a31922545d9c','01a2000f-182d-7283-9d53-c46f5e71603d','01a2000f-182d-7283-9d53-c470ccfdd0cf','01a2000f-1854-71f3-969c-52994a0db6b1',0,'sayso','builtin','write_file','1513a920e53361bbff607caa23f60a8ddc9b846cf04baf7dc501c1c231f89823','{"path":"notes/denied.txt","content":"No"}',NULL,'notes/denied.txt','absent','{"is_new":true,"lines":[{"kind":"added","text":"No"}],"omitted":0}','5cc8adf14786fe0e41ed5857d47e86ca4e46ec36f2a4551457dd427247e7d556','denied','deny','01a2000f-11b7-77bf-a8d9-a31922545d9c','2026-11-21T21:41:59.208564Z',NULL,NULL,NULL,NULL,'2026-11-21T21:41:59.104178Z',NULL,NULL);
INSERT INTO tool_calls VALUES('01a2000f-1c1c-754e-96d1-431e47727daf','01a2000f-11b6-77f8-8a99-e05ff9d44329','01a2000f-11b7-77bf-a8d9-a31922545d9c','01a2000f-1b9b-77d7-982e-669d09e95584','01a2000f-1b9b-77d7-982e-669ed55b1528','01a2000f-1bb7-72da-9c17-af684db779ea',0,'sayso','builtin','write_file','1513a920e53361bbff607caa23f60a8ddc9b846cf04baf7dc501c1c231f89823','{"path":"notes/never.txt","content":"Never"}',NULL,'notes/never.txt','absent','{"is_new":true,"lines":[{"kind":"added","text":"Never"}],"omitted":0}','39730cfd1d043a131ce7fff5bc68e1928cf32b0453d5dcc1329ec8f6d56b3c4d','pending',NULL,NULL,NULL,NULL,NULL,NULL,NULL,'2026-11-21T21:41:59.973184Z',NULL,NULL);
INSERT INTO tool_calls VALUES('01a2000f-1d65-7629-a801-79fc9c855bd9','01a2000f-11b6-77f8-8a99-e05ff9d44329','01a2000f-11b7-77bf-a8d9-a31922545d9c','01a2000f-1cd5-726a-b39f-d406f379020b','01a2000f-1cd5-726a-b39f-d40779164edd','01a2000f-1d03-7209-a01a-9641db4abfc4',0,'sayso','builtin','write_file','1513a920e53361bbff607caa23f60a8ddc9b846cf04baf7dc501c1c231f89823','{"path":"notes/after.txt","content":"After"}',NULL,'notes/after.txt','absent','{"is_new":true,"lines":[{"kind":"added","text":"After"}],"omitted":0}','20c23cc4f115c9c582b82cc11626027cb4204c615cd075f208d2545fa313787d','pending',NULL,NULL,NULL,NULL,NULL,NULL,NULL,'2026-11-21T21:42:00.298719Z',NULL,NULL);
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
INSERT INTO model_calls VALUES('01a2000f-1230-70d1-936a-089eff11732c','01a2000f-11b6-77f8-8a99-e05ff9d44329','01a2000f-11b7-77bf-a8d9-a31922545d9c','01a2000f-1224-7709-8b01-7dfb0f33677a','chat','demo','demo','2026-11',8512,4096,0,1666,135,0,0,1,NULL,'01a2000f-0df9-70c9-b409-beba41e41c8b','2026-11-21T21:41:57.422132Z','2026-11-21T21:41:58.048861Z');
INSERT INTO model_calls VALUES('01a2000f-152f-708d-9339-34d50b39bec2','01a2000f-11b6-77f8-8a99-e05ff9d44329','01a2000f-11b7-77bf-a8d9-a31922545d9c','01a2000f-1520-7361-a7ba-a69dc412035b','chat','demo','demo','2026-11',8547,4096,0,1675,37,0,0,1,NULL,'01a2000f-0df9-70c9-b409-beba41e41c8b','2026-11-21T21:41:58.188883Z','2026-11-21T21:41:58.412164Z');
INSERT INTO model_calls VALUES('01a2000f-16e6-7419-ae66-0283d958b84e','01a2000f-11b6-77f8-8a99-e05ff9d44329','01a2000f-11b7-77bf-a8d9-a31922545d9c','01a2000f-1520-7361-a7ba-a69dc412035b','chat','demo','demo','2026-11',8806,4096,0,1728,25,0,0,1,NULL,'01a2000f-0df9-70c9-b409-beba41e41c8b','2026-11-21T21:41:58.627514Z','2026-11-21T21:41:58.765858Z');
INSERT INTO model_calls VALUES('01a2000f-183d-7293-babe-295c57478315','01a2000f-11b6-77f8-8a99-e05ff9d44329','01a2000f-11b7-77bf-a8d9-a31922545d9c','01a2000f-182d-7283-9d53-c470ccfdd0cf','chat','demo','demo','2026-11',8539,4096,0,1673,35,0,0,1,NULL,'01a2000f-0df9-70c9-b409-beba41e41c8b','2026-11-21T21:41:58.967498Z','2026-11-21T21:41:59.112259Z');
INSERT INTO model_calls VALUES('01a2000f-1960-703a-902c-5fdfe4826ad3','01a2000f-11b6-77f8-8a99-e05ff9d44329','01a2000f-11b7-77bf-a8d9-a31922545d9c','01a2000f-182d-7283-9d53-c470ccfdd0cf','chat','demo','demo','2026-11',8789,4096,0,1724,33,0,0,1,NULL,'01a2000f-0df9-70c9-b409-beba41e41c8b','2026-11-21T21:41:59.261136Z','2026-11-21T21:41:59.430028Z');
INSERT INTO model_calls VALUES('01a2000f-1b09-72ef-96fe-566da696f1fc','01a2000f-11b6-77f8-8a99-e05ff9d44329','01a2000f-11b7-77bf-a8d9-a31922545d9c','01a2000f-1afc-7048-aedb-389499e315bb','chat','demo','demo','2026-11',17041,4096,0,1675,136,0,0,1,NULL,'01a2000f-0df9-70c9-b409-beba41e41c8b','2026-11-21T21:41:59.687523Z','2026-11-21T21:42:00.300685Z');
INSERT INTO model_calls VALUES('01a2000f-1ba1-7000-9b78-16098f66e556','01a2000f-11b6-77f8-8a99-e05ff9d44329','01a2000f-11b7-77bf-a8d9-a31922545d9c','01a2000f-1b9b-77d7-982e-669ed55b1528','chat','demo','demo','2026-11',8541,4096,0,1674,35,0,0,1,NULL,'01a2000f-0df9-70c9-b409-beba41e41c8b','2026-11-21T21:41:59.840339Z','2026-11-21T21:41:59.975660Z');
INSERT INTO model_calls VALUES('01a2000f-1ce1-7389-bd82-1e61827c2025','01a2000f-11b6-77f8-8a99-e05ff9d44329','01a2000f-11b7-77bf-a8d9-a31922545d9c','01a2000f-1cd5-726a-b39f-d40779164edd','chat','demo','demo','2026-11',8541,4096,0,1674,35,0,0,1,NULL,'01a2000f-0df9-70c9-b409-beba41e41c8b','2026-11-21T21:42:00.158160Z','2026-11-21T21:42:00.326143Z');
INSERT INTO model_calls VALUES('01a2000f-251d-7378-b96c-5c836f677b22','01a2000f-1e13-76ba-a685-c6b2128363a0','01a2000f-21b0-71d2-8bb6-1d5b9e405fda','01a2000f-2512-71e4-b344-2fac15852455','chat','demo','demo','2026-11',8507,4096,0,1665,134,0,0,1,NULL,'01a2000f-0df9-70c9-b409-beba41e41c8b','2026-11-21T21:42:02.263400Z','2026-11-21T21:42:02.876396Z');
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
INSERT INTO usage_limits VALUES('01a2000f-11b6-77f8-8a99-e05ff9d44329','01a2000f-11b6-77f8-8a99-e05ff9d44329',1000000,500000,10000,NULL,1);
INSERT INTO usage_limits VALUES('01a2000f-1e13-76ba-a685-c6b2128363a0','01a2000f-1e13-76ba-a685-c6b2128363a0',1000000,500000,500,NULL,1);
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
INSERT INTO usage_months VALUES('01a2000f-11b6-77f8-8a99-e05ff9d44329','01a2000f-11b6-77f8-8a99-e05ff9d44329','2026-11',13489,471,0,8,0,0,0,0,0);
INSERT INTO usage_months VALUES('01a2000f-11b6-77f8-8a99-e05ff9d44329','01a2000f-11b7-77bf-a8d9-a31922545d9c','2026-11',13489,471,0,8,0,0,0,0,0);
INSERT INTO usage_months VALUES('01a2000f-1e13-76ba-a685-c6b2128363a0','01a2000f-1e13-76ba-a685-c6b2128363a0','2026-11',1665,134,0,1,0,0,0,0,0);
INSERT INTO usage_months VALUES('01a2000f-1e13-76ba-a685-c6b2128363a0','01a2000f-21b0-71d2-8bb6-1d5b9e405fda','2026-11',1665,134,0,1,0,0,0,0,0);
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
INSERT INTO usage_days VALUES('01a2000f-11b6-77f8-8a99-e05ff9d44329','01a2000f-11b7-77bf-a8d9-a31922545d9c','2026-11-21','demo','demo',13489,471,0,8,8,0);
INSERT INTO usage_days VALUES('01a2000f-1e13-76ba-a685-c6b2128363a0','01a2000f-21b0-71d2-8bb6-1d5b9e405fda','2026-11-21','demo','demo',1665,134,0,1,1,0);
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
INSERT INTO audit_rows VALUES('system',1,'01a2000f-11bd-74de-976d-d99b77f5c8a2','2026-11-21T21:41:57.309240Z','01a2000f-11b7-77bf-a8d9-a31922545d9c','127.0.0.1','user_created','user:01a2000f-11b7-77bf-a8d9-a31922545d9c',NULL,NULL,'set-up','a386d0e3ae34cb2ed5e5e6b81dfac3b9bc5a904bf1004c1d1a77868cb4ea9989');
INSERT INTO audit_rows VALUES('01a2000f-11b6-77f8-8a99-e05ff9d44329',1,'01a2000f-11be-73dd-89f9-eae5cc4507dd','2026-11-21T21:41:57.310414Z','01a2000f-11b7-77bf-a8d9-a31922545d9c','127.0.0.1','tenant_created','tenant:01a2000f-11b6-77f8-8a99-e05ff9d44329',NULL,NULL,'set-up','49c5315b8ae8200ae0ce0557ec5a55271ee96176d27b2da513bb7450c76867de');
INSERT INTO audit_rows VALUES('01a2000f-11b6-77f8-8a99-e05ff9d44329',2,'01a2000f-11bf-7140-b42c-9c18c393760d','2026-11-21T21:41:57.311242Z','01a2000f-11b7-77bf-a8d9-a31922545d9c','127.0.0.1','sign_in','user:01a2000f-11b7-77bf-a8d9-a31922545d9c',NULL,NULL,'set-up','f9bdb32c52e4bb4acc05d3d4b03f246f7e6e05866ff21ee6eabd06b5ca8a622f');
INSERT INTO audit_rows VALUES('01a2000f-11b6-77f8-8a99-e05ff9d44329',3,'01a2000f-1698-710e-87fd-c2dea72ca162','2026-11-21T21:41:58.552926Z','01a2000f-11b7-77bf-a8d9-a31922545d9c','127.0.0.1','tool_approved','tool_call:01a2000f-15b0-713b-8de1-cc6b92140b0d','notes/hello.txt','8b34ac2dd48208a4b8ad04b81fd8bd2fb204af97bd9710cd6e3d0bd7b2df1b42','write_file','972d77e1cde105f5aa8de0f32c6bd80f670d83c1f14138f3f0b8206c3c2a5d5c');
INSERT INTO audit_rows VALUES('01a2000f-11b6-77f8-8a99-e05ff9d44329',4,'01a2000f-16b6-7241-b41c-8b596d256408','2026-11-21T21:41:58.582782Z','01a2000f-11b7-77bf-a8d9-a31922545d9c','','tool_run','tool_call:01a2000f-15b0-713b-8de1-cc6b92140b0d','notes/hello.txt','8b34ac2dd48208a4b8ad04b81fd8bd2fb204af97bd9710cd6e3d0bd7b2df1b42','','ad2a3380201b9b6186e661673417d7f24af11a1592722dd755f5542be9600cc2');
INSERT INTO audit_rows VALUES('01a2000f-11b6-77f8-8a99-e05ff9d44329',5,'01a2000f-16ca-70de-a1d3-096c43037bc3','2026-11-21T21:41:58.602203Z','01a2000f-11b7-77bf-a8d9-a31922545d9c','','tool_ended','tool_call:01a2000f-15b0-713b-8de1-cc6b92140b0d','notes/hello.txt','8b34ac2dd48208a4b8ad04b81fd8bd2fb204af97bd9710cd6e3d0bd7b2df1b42','succeeded','4100f7b898e405745835bafc70992b0920013f29e6f33537f9b66b7f7dcc072c');
INSERT INTO audit_rows VALUES('01a2000f-11b6-77f8-8a99-e05ff9d44329',6,'01a2000f-192e-74f8-8f87-a307115134ed','2026-11-21T21:41:59.214777Z','01a2000f-11b7-77bf-a8d9-a31922545d9c','127.0.0.1','tool_denied','tool_call:01a2000f-18b9-7027-a3ec-2cb668fb4199','notes/denied.txt','5cc8adf14786fe0e41ed5857d47e86ca4e46ec36f2a4551457dd427247e7d556','write_file','94a03a79ebf5567871cfbfded677fbfc6bc9fc3c96bd9e717577fd78293d91e9');
INSERT INTO audit_rows VALUES('01a2000f-1e13-76ba-a685-c6b2128363a0',1,'01a2000f-1e19-7067-907c-fe93502a49f8','2026-11-21T21:42:00.473472Z','nobody','command line','tenant_created','tenant:01a2000f-1e13-76ba-a685-c6b2128363a0',NULL,NULL,'elsewhere','493e4f4c58ddded62bd50d8fb9040a785242498b22396c6993972a2669ccd612');
INSERT INTO audit_rows VALUES('01a2000f-1e13-76ba-a685-c6b2128363a0',2,'01a2000f-21b5-737e-a05d-da371c4ecda1','2026-11-21T21:42:01.397219Z','nobody','command line','member_added','user:01a2000f-21b0-71d2-8bb6-1d5b9e405fda',NULL,NULL,'owner','0dcb9d2f05bbbc8ef647d0cfdb9eae1ed546d00d701ef73a17bbd90c948a5a17');
INSERT INTO audit_rows VALUES('system',2,'01a2000f-21b6-7446-98ea-36ca5fe93d2c','2026-11-21T21:42:01.398371Z','nobody','command line','user_created','user:01a2000f-21b0-71d2-8bb6-1d5b9e405fda',NULL,NULL,'','78fe5dc1523cdf1b737743019cc6532014baf77de725a4e382d00f4a2631ac70');
INSERT INTO audit_rows VALUES('01a2000f-1e13-76ba-a685-c6b2128363a0',3,'01a2000f-24c4-7736-8048-82d32d206104','2026-11-21T21:42:02.180780Z','01a2000f-21b0-71d2-8bb6-1d5b9e405fda','127.0.0.1','sign_in','user:01a2000f-21b0-71d2-8bb6-1d5b9e405fda',NULL,NULL,'','32a279c29e7ba5ff1c7b6dd41db6f8fe50d79dbc2b4b2a8dae3a24d785c62116');
INSERT INTO audit_rows VALUES('01a2000f-1e13-76ba-a685-c6b2128363a0',4,'01a2000f-29f5-706c-9e85-503e869b81cb','2026-11-21T21:42:03.509449Z','nobody','command line','limits_changed','tenant:01a2000f-1e13-76ba-a685-c6b2128363a0',NULL,NULL,'1000000 input tokens, 500000 output tokens, 500 requests, any credits','f8cb54f4355aaf0084e3d53add61e45a325d9080a5c4eb81bc930358f0fb5d7c');
CREATE TABLE audit_heads (
    chain text PRIMARY KEY NOT NULL,
    count bigint NOT NULL,
    last_hash text NOT NULL,
    hash text NOT NULL
);
INSERT INTO audit_heads VALUES('system',2,'78fe5dc1523cdf1b737743019cc6532014baf77de725a4e382d00f4a2631ac70','86c58c605ba1aa3881ec249aeba32f7a892be94d185dda961b17940a1098af6f');
INSERT INTO audit_heads VALUES('01a2000f-11b6-77f8-8a99-e05ff9d44329',6,'94a03a79ebf5567871cfbfded677fbfc6bc9fc3c96bd9e717577fd78293d91e9','2e46280e2b0d9509825606aebc0d103e3a442a4bfeae04a1014d8b7c9fa7d60f');
INSERT INTO audit_heads VALUES('01a2000f-1e13-76ba-a685-c6b2128363a0',4,'f8cb54f4355aaf0084e3d53add61e45a325d9080a5c4eb81bc930358f0fb5d7c','b5f576ae2e1b758590a7071a8eaf6901b612fd8cad458e5b85df9a48f7136b68');
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
INSERT INTO blobs VALUES('01a2000f-1afc-7048-aedb-389317ed073d',1,'01a2000f-11b6-77f8-8a99-e05ff9d44329','01a2000f-11b7-77bf-a8d9-a31922545d9c','image/png','picture.png',1076,X'89504e470d0a1a0a0000000d49484452000000400000003008020000002e29eb48000003fb494441547801edc003a0245996c6f1ff77ee8dc8cca7724b63ae6ddbb66ddbb66ddbb66d698c9e964aaf9e323322eef976b76a7aa6873b6bd5af3e1a2850a142850a152a54a850a142850a152a54a850a142850a152a54a850a142850a152a54a850a142850a152a54a850a142850a152a54a850a142850a152a54a850a142850a152a153afe17a342c7ff6254e8f85f8c0a3dff8b51a1e37f312a74fc2f46859effc5a8d0f11fea6fdfe3242fd44bfed505fec350a1e33fc8df7ec0362f82bf7d9993c04b3e7e9fff0054e8f977fbdb8f98f1aff4b78fd9065ef2e96bfe5da8d0f1eff3b71f13fc5bfded43662f797bf26f47858e7f87bffd84c6bfcfdfde1c2f7977e1df880a3dff567ffb294bfe23fcedf5ed25cf2ef8b7a042c7bfc9df7ec61eff71fef6ccf2252feef0af46858e7fbdbffd9cf3fc47fbdb137b2fb97f8a7f1d2af4fc0fd2f3af43858e7fa5bffd82dbf8cff1b7db77bfe4f216fe15a8d0f13f4bc7bf02153afe35fef64b9ec07fa6bf5d3cf525c747f3a2a242cfff383d2f2a2a74fc8fd3f1a2a242c7ff381d2f2a2af4fc8fd3f3a2a242c7ff381d2f2a2a74fc8fd3f1a2a242cfff383d2f2a2a74fc8fd3f1a2a242c7ff381d2f2a2af4fc8fd3f3a222a0830e3ae8a0830e3ae8a0830e3ae8a0830e3ae85ef293de8fff4c2fb97c3fe8a0830e3ae8a0830e3ae8a0830e3ae8a083ae42c7ff2c1dff0a04f4d0430f3df4d0430f3df4d0430f3df4d0430f3df42ff9691fc97f8e97dcff48e8a1871e7ae8a1871e7ae8a1871e7ae8a1871efa0a1dff8374fceb10d041071d74d041071d74d041071d74d041071d74d041f7929ff5c9fc477bc98b9f0c1d74d041071d74d041071d74d041071d74d041075d40071d74d041071d74d041071d74d041071d74d041071d742ff9799fc17f9c973cfb19d041071d74d041071d74d041071d74d041071d74d04117d0430f3df4d0430f3df4d0430f3df4d0430f3df4d0430f3df42ff9459fc77f8497bcfbf3a0871e7ae8a1871e7ae8a1871e7ae8a1871e7ae8a1871efa800e3ae8a0830e3ae8a0830e3ae8a0830e3ae8a0830e3ae8a083ee25bfec8bf9f779c9dbbf183ae8a0830e3ae8a0830e3ae8a0830e3ae8a0830e3ae8a0832ea0830e3ae8a0830e3ae8a0830e3ae8a0830e3ae8a0830e3ae8a083ee25bfea2bf8b77ac9a77f0574d041071d74d041071d74d041071d74d041071d74d041071d747a347f45810a152a54a850a142850a152a54a850a142850a152a54a850a1f2b71ff211bcc85ef2f15f47850a152a54a850a142850a152a54a850a142850a152a54a850a9d0f11fe425bfed9ba9fcedfb7c302fd44bfed53753a1f21f810a1dffa15ef2fbbe830a152a54a850a142850a152aff71a8d0f3bf18153afe17a342c7ff6254e8f95f8c0a1dff8b51a1e37f31fe1188b75577c57aca6c0000000049454e44ae426082','2026-11-21T21:41:59.678076Z');
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
COMMIT;
