PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE __diesel_schema_migrations (
       version VARCHAR(50) PRIMARY KEY NOT NULL,
       run_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
);
INSERT INTO __diesel_schema_migrations VALUES('00000000000001','2026-11-21 22:06:32');
INSERT INTO __diesel_schema_migrations VALUES('00000000000002','2026-11-21 22:06:32');
INSERT INTO __diesel_schema_migrations VALUES('00000000000003','2026-11-21 22:06:32');
INSERT INTO __diesel_schema_migrations VALUES('00000000000004','2026-11-21 22:06:32');
INSERT INTO __diesel_schema_migrations VALUES('00000000000005','2026-11-21 22:06:32');
INSERT INTO __diesel_schema_migrations VALUES('00000000000006','2026-11-21 22:06:32');
INSERT INTO __diesel_schema_migrations VALUES('00000000000007','2026-11-21 22:06:32');
CREATE TABLE tenants (
    id uuid PRIMARY KEY NOT NULL,
    slug text NOT NULL UNIQUE,
    name text NOT NULL,
    is_active boolean NOT NULL DEFAULT true,
    system_prompt text,
    created_at timestamptz NOT NULL
, topics text, approvals_expire_after bigint);
INSERT INTO tenants VALUES('01a20025-983b-75ed-bb43-ba69798c4206','test-works','Test Works',1,NULL,'2026-11-21T22:06:33.531858Z',NULL,NULL);
INSERT INTO tenants VALUES('01a20025-a132-76d2-8251-6bed67c4a901','elsewhere','Elsewhere',1,NULL,'2026-11-21T22:06:35.826804Z',NULL,NULL);
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
INSERT INTO users VALUES('01a20025-983c-740a-880f-f0e6196243b6','ada@example.org','Ada Lovelace','$2b$12$SaVim0fcbHTuApZIKR5a3.ZbTbwQaS9VvUf08Zdk36AdfxrhKK6NO',1,1,0,NULL,'2026-11-21T22:06:33.532467Z');
INSERT INTO users VALUES('01a20025-a2db-72bf-85dd-960f0b17144b','eve@example.org','eve@example.org','$2b$12$VaARcFQryTa3UVPjKLRJZepLi3heXDYT5TMKenFD.QqRkEI1IqX16',0,1,0,NULL,'2026-11-21T22:06:36.252016Z');
CREATE TABLE memberships (
    tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    role text NOT NULL,
    is_active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, user_id)
);
INSERT INTO memberships VALUES('01a20025-983b-75ed-bb43-ba69798c4206','01a20025-983c-740a-880f-f0e6196243b6','owner',1,'2026-11-21T22:06:33.532662Z');
INSERT INTO memberships VALUES('01a20025-a132-76d2-8251-6bed67c4a901','01a20025-a2db-72bf-85dd-960f0b17144b','owner',1,'2026-11-21T22:06:36.252548Z');
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
INSERT INTO sessions VALUES('01a20025-983f-7515-b8aa-d19a7dd7df34','1206f443603e9b60d32b5a257c44e59ba312aa7e0e1f6c5cf99acbbeeee05d9a','{"epoch":"0","seen":"1795298793","id":"\"01a20025-983f-7515-b8aa-d19a7dd7df34\"","tenant":"\"01a20025-983b-75ed-bb43-ba69798c4206\"","user_agent":"\"Mozilla/5.0 (a person without JavaScript)\"","csrf":"\"5lD3YdQVM0NHPpL1anM7u4OrG-NLduvdI5HWRg5A51A\"","address":"\"127.0.0.1\"","user":"\"01a20025-983c-740a-880f-f0e6196243b6\""}','01a20025-983c-740a-880f-f0e6196243b6','01a20025-983b-75ed-bb43-ba69798c4206',0,'Mozilla/5.0 (a person without JavaScript)','127.0.0.1','2026-11-21T22:06:33.536820Z','2026-11-21T22:06:33.536820Z','2026-12-05T22:06:33.536820Z');
INSERT INTO sessions VALUES('01a20025-a47d-74dc-a9e1-a32b2e3de4d9','7028dc577ed4faaffa4fb139d7adb4558d8d3d19af1b56fe74e2d45f65b22d43','{"address":"\"127.0.0.1\"","seen":"1795298796","epoch":"0","user":"\"01a20025-a2db-72bf-85dd-960f0b17144b\"","id":"\"01a20025-a47d-74dc-a9e1-a32b2e3de4d9\"","user_agent":"\"Mozilla/5.0 (a person without JavaScript)\"","tenant":"\"01a20025-a132-76d2-8251-6bed67c4a901\"","csrf":"\"yl7kj2S384146B4YUBdeuszyrEXVSxgkfT1yx_m7fs8\""}','01a20025-a2db-72bf-85dd-960f0b17144b','01a20025-a132-76d2-8251-6bed67c4a901',0,'Mozilla/5.0 (a person without JavaScript)','127.0.0.1','2026-11-21T22:06:36.680611Z','2026-11-21T22:06:36.680611Z','2026-12-05T22:06:36.680611Z');
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
INSERT INTO conversations VALUES('01a20025-986a-74a4-9e5b-b6c086fed91e','01a20025-983b-75ed-bb43-ba69798c4206','01a20025-983c-740a-880f-f0e6196243b6','chat','Where do pelicans fly?','first_words',NULL,NULL,NULL,2,'2026-11-21T22:06:33.578634Z','2026-11-21T22:06:34.240369Z',NULL,1);
INSERT INTO conversations VALUES('01a20025-9b32-7582-b2c8-6c428f3a5fd5','01a20025-983b-75ed-bb43-ba69798c4206','01a20025-983c-740a-880f-f0e6196243b6','chat','Create a file `notes/hello.txt` with content: Hello world','first_words',NULL,NULL,NULL,4,'2026-11-21T22:06:34.290705Z','2026-11-21T22:06:34.695784Z',NULL,1);
INSERT INTO conversations VALUES('01a20025-9d21-72ed-b721-5e4a825fb0a6','01a20025-983b-75ed-bb43-ba69798c4206','01a20025-983c-740a-880f-f0e6196243b6','chat','Create a file `notes/denied.txt` with content: No','first_words',NULL,NULL,NULL,4,'2026-11-21T22:06:34.785696Z','2026-11-21T22:06:35.185272Z',NULL,1);
INSERT INTO conversations VALUES('01a20025-9f0e-729c-b2c4-5b0ab0d838d1','01a20025-983b-75ed-bb43-ba69798c4206','01a20025-983c-740a-880f-f0e6196243b6','chat','What is in this picture?','first_words',NULL,NULL,NULL,2,'2026-11-21T22:06:35.278139Z','2026-11-21T22:06:35.916573Z',NULL,1);
INSERT INTO conversations VALUES('01a20025-9f43-71d2-b567-c6e8753e8917','01a20025-983b-75ed-bb43-ba69798c4206','01a20025-983c-740a-880f-f0e6196243b6','chat','Create a file `notes/never.txt` with content: Never','first_words',NULL,NULL,'01a20025-9f43-71d2-b567-c6e94106aed2',2,'2026-11-21T22:06:35.331250Z','2026-11-21T22:06:35.472452Z',NULL,1);
INSERT INTO conversations VALUES('01a20025-a036-72bb-9fe4-e506e7dcfa6b','01a20025-983b-75ed-bb43-ba69798c4206','01a20025-983c-740a-880f-f0e6196243b6','chat','Create a file `notes/after.txt` with content: After','first_words',NULL,NULL,'01a20025-a036-72bb-9fe4-e507e0c68c69',2,'2026-11-21T22:06:35.574179Z','2026-11-21T22:06:35.723032Z',NULL,1);
INSERT INTO conversations VALUES('01a20025-a4ac-729c-b0cd-08324bb92899','01a20025-a132-76d2-8251-6bed67c4a901','01a20025-a2db-72bf-85dd-960f0b17144b','chat','What do gulls eat?','first_words',NULL,NULL,NULL,2,'2026-11-21T22:06:36.716482Z','2026-11-21T22:06:37.305847Z',NULL,1);
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
INSERT INTO turns VALUES('01a20025-986b-74bf-bff9-97d9cafeea84','01a20025-983b-75ed-bb43-ba69798c4206','01a20025-983c-740a-880f-f0e6196243b6','01a20025-986a-74a4-9e5b-b6c086fed91e','completed',NULL,NULL,NULL,1,NULL,0,1,0,8,'01a20025986173778baadf8e2887f4f6','2026-11-21T22:06:33.579723Z','2026-11-21T22:06:34.242115Z');
INSERT INTO turns VALUES('01a20025-9b33-72fe-8614-28662f3c49d1','01a20025-983b-75ed-bb43-ba69798c4206','01a20025-983c-740a-880f-f0e6196243b6','01a20025-9b32-7582-b2c8-6c428f3a5fd5','completed',NULL,NULL,NULL,2,NULL,0,2,0,14,'01a200259b28738c81475c2e613f87ca','2026-11-21T22:06:34.291657Z','2026-11-21T22:06:34.697156Z');
INSERT INTO turns VALUES('01a20025-9d22-7733-9041-d6ca3f1b1241','01a20025-983b-75ed-bb43-ba69798c4206','01a20025-983c-740a-880f-f0e6196243b6','01a20025-9d21-72ed-b721-5e4a825fb0a6','completed',NULL,NULL,NULL,2,NULL,0,2,1,11,'01a200259d177409a9ecdfd8d20bb057','2026-11-21T22:06:34.786549Z','2026-11-21T22:06:35.186863Z');
INSERT INTO turns VALUES('01a20025-9f0e-729c-b2c4-5b0b1333764c','01a20025-983b-75ed-bb43-ba69798c4206','01a20025-983c-740a-880f-f0e6196243b6','01a20025-9f0e-729c-b2c4-5b0ab0d838d1','completed',NULL,NULL,NULL,1,NULL,0,1,0,8,'01a200259f0171b0aff33ac2bd3b2cdb','2026-11-21T22:06:35.279108Z','2026-11-21T22:06:35.918335Z');
INSERT INTO turns VALUES('01a20025-9f43-71d2-b567-c6e94106aed2','01a20025-983b-75ed-bb43-ba69798c4206','01a20025-983c-740a-880f-f0e6196243b6','01a20025-9f43-71d2-b567-c6e8753e8917','awaiting_approval',NULL,NULL,NULL,1,NULL,0,1,0,6,'01a200259f3a725cbc94fe404f3f8994','2026-11-21T22:06:35.332018Z',NULL);
INSERT INTO turns VALUES('01a20025-a036-72bb-9fe4-e507e0c68c69','01a20025-983b-75ed-bb43-ba69798c4206','01a20025-983c-740a-880f-f0e6196243b6','01a20025-a036-72bb-9fe4-e506e7dcfa6b','awaiting_approval',NULL,NULL,NULL,1,NULL,0,1,0,6,'01a20025a02b73f8ba13f955c2e70fb7','2026-11-21T22:06:35.575003Z',NULL);
INSERT INTO turns VALUES('01a20025-a4ad-7337-b2cd-b2c4541f9b7b','01a20025-a132-76d2-8251-6bed67c4a901','01a20025-a2db-72bf-85dd-960f0b17144b','01a20025-a4ac-729c-b0cd-08324bb92899','completed',NULL,NULL,NULL,1,NULL,0,1,0,9,'01a20025a4a4767bb7199ea4960f2320','2026-11-21T22:06:36.717315Z','2026-11-21T22:06:37.307825Z');
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
INSERT INTO messages VALUES('01a20025-986c-7088-af13-cea43b9eb63a','01a20025-983b-75ed-bb43-ba69798c4206','01a20025-986a-74a4-9e5b-b6c086fed91e','01a20025-986b-74bf-bff9-97d9cafeea84',1,'user','complete','[{"type":"text","text":"Where do pelicans fly?"}]',NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,'2026-11-21T22:06:33.580707Z',NULL);
INSERT INTO messages VALUES('01a20025-98c0-7299-b5be-6485b2c91692','01a20025-983b-75ed-bb43-ba69798c4206','01a20025-986a-74a4-9e5b-b6c086fed91e','01a20025-986b-74bf-bff9-97d9cafeea84',2,'assistant','complete','[{"type":"text","text":"## Hello from the demo\n\nYou wrote: “Where do pelicans fly?”\n\nI am **not a real model**, only a stand-in so that you can look around. I can show you:\n\n- text that *streams*, with Markdown\n- a tool that waits for **your** decision\n\n| Try this | What happens |\n|---|---|\n| Create a file `notes/hello.txt` with content: Hello world | I ask, you decide |\n| Write 300 words | A longer text streams in |\n\nFor real answers, set a key and start Sayso again:\n\n```sh\nexport ANTHROPIC_API_KEY=…   # or OPENAI_API_KEY, or OLLAMA_URL\nsayso\n```\n"}]','demo','demo','end_turn',2370,135,0,1,NULL,'2026-11-21T22:06:34.240681Z',NULL);
INSERT INTO messages VALUES('01a20025-9b34-7075-9482-2b4a1378d2e2','01a20025-983b-75ed-bb43-ba69798c4206','01a20025-9b32-7582-b2c8-6c428f3a5fd5','01a20025-9b33-72fe-8614-28662f3c49d1',1,'user','complete','[{"type":"text","text":"Create a file `notes/hello.txt` with content: Hello world"}]',NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,'2026-11-21T22:06:34.292509Z',NULL);
INSERT INTO messages VALUES('01a20025-9b52-71f7-bb68-b0df58bbb1fa','01a20025-983b-75ed-bb43-ba69798c4206','01a20025-9b32-7582-b2c8-6c428f3a5fd5','01a20025-9b33-72fe-8614-28662f3c49d1',2,'assistant','complete','[{"type":"text","text":"I am the demo, not a real model, and with your say-so I will write `notes/hello.txt`."},{"type":"tool_use","id":"01a20025-9bb6-7020-81e0-f3e494fd2fd3","name":"write_file","input":"{\"path\":\"notes/hello.txt\",\"content\":\"Hello world\"}"}]','demo','demo','tool_use',2379,37,0,1,NULL,'2026-11-21T22:06:34.457050Z',NULL);
INSERT INTO messages VALUES('01a20025-9bb6-7020-81e0-f3e494fd2fd3','01a20025-983b-75ed-bb43-ba69798c4206','01a20025-9b32-7582-b2c8-6c428f3a5fd5','01a20025-9b33-72fe-8614-28662f3c49d1',3,'tool','complete','[{"type":"tool_result","tool_call_id":"01a20025-9bb6-7020-81e0-f3e494fd2fd3","text":"Wrote 11 bytes to notes/hello.txt.","is_error":false}]',NULL,NULL,NULL,NULL,NULL,NULL,0,'01a20025-9bb6-7020-81e0-f3e494fd2fd3','2026-11-21T22:06:34.547133Z',NULL);
INSERT INTO messages VALUES('01a20025-9c5a-75d8-bbc1-6923309709ad','01a20025-983b-75ed-bb43-ba69798c4206','01a20025-9b32-7582-b2c8-6c428f3a5fd5','01a20025-9b33-72fe-8614-28662f3c49d1',4,'assistant','complete','[{"type":"text","text":"Done: `notes/hello.txt` was written.\n\nThat is all the demo can do with it; it is not a real model."}]','demo','demo','end_turn',2432,25,0,1,NULL,'2026-11-21T22:06:34.696302Z',NULL);
INSERT INTO messages VALUES('01a20025-9d22-7733-9041-d6cba74c4b70','01a20025-983b-75ed-bb43-ba69798c4206','01a20025-9d21-72ed-b721-5e4a825fb0a6','01a20025-9d22-7733-9041-d6ca3f1b1241',1,'user','complete','[{"type":"text","text":"Create a file `notes/denied.txt` with content: No"}]',NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,'2026-11-21T22:06:34.787226Z',NULL);
INSERT INTO messages VALUES('01a20025-9d3d-732f-bafd-6fb9ac0d90bc','01a20025-983b-75ed-bb43-ba69798c4206','01a20025-9d21-72ed-b721-5e4a825fb0a6','01a20025-9d22-7733-9041-d6ca3f1b1241',2,'assistant','complete','[{"type":"text","text":"I am the demo, not a real model, and with your say-so I will write `notes/denied.txt`."},{"type":"tool_use","id":"01a20025-9da0-7119-b3b7-4ebd7d958e2f","name":"write_file","input":"{\"path\":\"notes/denied.txt\",\"content\":\"No\"}"}]','demo','demo','tool_use',2377,35,0,1,NULL,'2026-11-21T22:06:34.924760Z',NULL);
INSERT INTO messages VALUES('01a20025-9da0-7119-b3b7-4ebd7d958e2f','01a20025-983b-75ed-bb43-ba69798c4206','01a20025-9d21-72ed-b721-5e4a825fb0a6','01a20025-9d22-7733-9041-d6ca3f1b1241',3,'tool','complete','[{"type":"tool_result","tool_call_id":"01a20025-9da0-7119-b3b7-4ebd7d958e2f","text":"The person refused this request.","is_error":true}]',NULL,NULL,NULL,NULL,NULL,NULL,0,'01a20025-9da0-7119-b3b7-4ebd7d958e2f','2026-11-21T22:06:35.009220Z',NULL);
INSERT INTO messages VALUES('01a20025-9e28-77c1-9262-52384bbc2a8d','01a20025-983b-75ed-bb43-ba69798c4206','01a20025-9d21-72ed-b721-5e4a825fb0a6','01a20025-9d22-7733-9041-d6ca3f1b1241',4,'assistant','complete','[{"type":"text","text":"`notes/denied.txt` was not written: The person refused this request.\n\nThat is all the demo can do with it; it is not a real model."}]','demo','demo','end_turn',2428,33,0,1,NULL,'2026-11-21T22:06:35.185907Z',NULL);
INSERT INTO messages VALUES('01a20025-9f10-7000-8ed9-0dfba21444c7','01a20025-983b-75ed-bb43-ba69798c4206','01a20025-9f0e-729c-b2c4-5b0ab0d838d1','01a20025-9f0e-729c-b2c4-5b0b1333764c',1,'user','complete','[{"type":"image","number":1,"media_type":"image/png","name":"picture.png","width":64,"height":48},{"type":"text","text":"What is in this picture?"}]',NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,'2026-11-21T22:06:35.280419Z',NULL);
INSERT INTO messages VALUES('01a20025-9f44-77a9-b4d4-a0b9dc8276ef','01a20025-983b-75ed-bb43-ba69798c4206','01a20025-9f43-71d2-b567-c6e8753e8917','01a20025-9f43-71d2-b567-c6e94106aed2',1,'user','complete','[{"type":"text","text":"Create a file `notes/never.txt` with content: Never"}]',NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,'2026-11-21T22:06:35.332709Z',NULL);
INSERT INTO messages VALUES('01a20025-9f60-76a8-acb3-534cd0967dde','01a20025-983b-75ed-bb43-ba69798c4206','01a20025-9f43-71d2-b567-c6e8753e8917','01a20025-9f43-71d2-b567-c6e94106aed2',2,'assistant','complete','[{"type":"text","text":"I am the demo, not a real model, and with your say-so I will write `notes/never.txt`."},{"type":"tool_use","id":"01a20025-9fc3-7413-8c76-4347f74f2d7f","name":"write_file","input":"{\"path\":\"notes/never.txt\",\"content\":\"Never\"}"}]','demo','demo','tool_use',2378,35,0,1,NULL,'2026-11-21T22:06:35.472866Z',NULL);
INSERT INTO messages VALUES('01a20025-a037-75a5-acd5-44f76251e38e','01a20025-983b-75ed-bb43-ba69798c4206','01a20025-a036-72bb-9fe4-e506e7dcfa6b','01a20025-a036-72bb-9fe4-e507e0c68c69',1,'user','complete','[{"type":"text","text":"Create a file `notes/after.txt` with content: After"}]',NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,'2026-11-21T22:06:35.575619Z',NULL);
INSERT INTO messages VALUES('01a20025-a057-7657-b510-542b45069e63','01a20025-983b-75ed-bb43-ba69798c4206','01a20025-a036-72bb-9fe4-e506e7dcfa6b','01a20025-a036-72bb-9fe4-e507e0c68c69',2,'assistant','complete','[{"type":"text","text":"I am the demo, not a real model, and with your say-so I will write `notes/after.txt`."},{"type":"tool_use","id":"01a20025-a0b8-70e9-9cb8-647727e22676","name":"write_file","input":"{\"path\":\"notes/after.txt\",\"content\":\"After\"}"}]','demo','demo','tool_use',2378,35,0,1,NULL,'2026-11-21T22:06:35.723712Z',NULL);
INSERT INTO messages VALUES('01a20025-9f2a-744b-8162-6a4efc29d09b','01a20025-983b-75ed-bb43-ba69798c4206','01a20025-9f0e-729c-b2c4-5b0ab0d838d1','01a20025-9f0e-729c-b2c4-5b0b1333764c',2,'assistant','complete','[{"type":"text","text":"## Hello from the demo\n\nYou wrote: “What is in this picture?”\n\nI am **not a real model**, only a stand-in so that you can look around. I can show you:\n\n- text that *streams*, with Markdown\n- a tool that waits for **your** decision\n\n| Try this | What happens |\n|---|---|\n| Create a file `notes/hello.txt` with content: Hello world | I ask, you decide |\n| Write 300 words | A longer text streams in |\n\nFor real answers, set a key and start Sayso again:\n\n```sh\nexport ANTHROPIC_API_KEY=…   # or OPENAI_API_KEY, or OLLAMA_URL\nsayso\n```\n"}]','demo','demo','end_turn',2379,136,0,1,NULL,'2026-11-21T22:06:35.917054Z',NULL);
INSERT INTO messages VALUES('01a20025-a4ad-7337-b2cd-b2c5315169a3','01a20025-a132-76d2-8251-6bed67c4a901','01a20025-a4ac-729c-b0cd-08324bb92899','01a20025-a4ad-7337-b2cd-b2c4541f9b7b',1,'user','complete','[{"type":"text","text":"What do gulls eat?"}]',NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,'2026-11-21T22:06:36.717985Z',NULL);
INSERT INTO messages VALUES('01a20025-a4c6-7102-86c5-f7a2cef476b0','01a20025-a132-76d2-8251-6bed67c4a901','01a20025-a4ac-729c-b0cd-08324bb92899','01a20025-a4ad-7337-b2cd-b2c4541f9b7b',2,'assistant','complete','[{"type":"text","text":"## Hello from the demo\n\nYou wrote: “What do gulls eat?”\n\nI am **not a real model**, only a stand-in so that you can look around. I can show you:\n\n- text that *streams*, with Markdown\n- a tool that waits for **your** decision\n\n| Try this | What happens |\n|---|---|\n| Create a file `notes/hello.txt` with content: Hello world | I ask, you decide |\n| Write 300 words | A longer text streams in |\n\nFor real answers, set a key and start Sayso again:\n\n```sh\nexport ANTHROPIC_API_KEY=…   # or OPENAI_API_KEY, or OLLAMA_URL\nsayso\n```\n"}]','demo','demo','end_turn',2369,134,0,1,NULL,'2026-11-21T22:06:37.306341Z',NULL);
CREATE TABLE turn_events (
    turn_id uuid NOT NULL REFERENCES turns (id) ON DELETE CASCADE,
    seq bigint NOT NULL,
    tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    about uuid,
    payload text NOT NULL,
    PRIMARY KEY (turn_id, seq)
);
INSERT INTO turn_events VALUES('01a20025-986b-74bf-bff9-97d9cafeea84',1,'01a20025-983b-75ed-bb43-ba69798c4206',NULL,'{"event":"message","message":{"id":"01a20025-986c-7088-af13-cea43b9eb63a","turn_id":"01a20025-986b-74bf-bff9-97d9cafeea84","position":1,"role":"user","state":"complete","content":[{"type":"text","text":"Where do pelicans fly?"}],"provider":null,"model":null,"stop_reason":null,"usage":null,"tool_call_id":null,"created_at":"2026-11-21T22:06:33.580707Z"}}');
INSERT INTO turn_events VALUES('01a20025-986b-74bf-bff9-97d9cafeea84',2,'01a20025-983b-75ed-bb43-ba69798c4206',NULL,'{"event":"turn","turn":{"id":"01a20025-986b-74bf-bff9-97d9cafeea84","state":"running","failure":null,"epoch":1}}');
INSERT INTO turn_events VALUES('01a20025-986b-74bf-bff9-97d9cafeea84',6,'01a20025-983b-75ed-bb43-ba69798c4206',NULL,'{"event":"message","message":{"id":"01a20025-98c0-7299-b5be-6485b2c91692","turn_id":"01a20025-986b-74bf-bff9-97d9cafeea84","position":2,"role":"assistant","state":"complete","content":[{"type":"text","text":"## Hello from the demo\n\nYou wrote: “Where do pelicans fly?”\n\nI am **not a real model**, only a stand-in so that you can look around. I can show you:\n\n- text that *streams*, with Markdown\n- a tool that waits for **your** decision\n\n| Try this | What happens |\n|---|---|\n| Create a file `notes/hello.txt` with content: Hello world | I ask, you decide |\n| Write 300 words | A longer text streams in |\n\nFor real answers, set a key and start Sayso again:\n\n```sh\nexport ANTHROPIC_API_KEY=…   # or OPENAI_API_KEY, or OLLAMA_URL\nsayso\n```\n"}],"provider":"demo","model":"demo","stop_reason":"end_turn","usage":{"input_tokens":2370,"output_tokens":135,"cached_tokens":0,"estimated":true},"tool_call_id":null,"created_at":"2026-11-21T22:06:34.240681Z"}}');
INSERT INTO turn_events VALUES('01a20025-986b-74bf-bff9-97d9cafeea84',7,'01a20025-983b-75ed-bb43-ba69798c4206',NULL,'{"event":"turn","turn":{"id":"01a20025-986b-74bf-bff9-97d9cafeea84","state":"completed","failure":null,"epoch":1}}');
INSERT INTO turn_events VALUES('01a20025-9b33-72fe-8614-28662f3c49d1',1,'01a20025-983b-75ed-bb43-ba69798c4206',NULL,'{"event":"message","message":{"id":"01a20025-9b34-7075-9482-2b4a1378d2e2","turn_id":"01a20025-9b33-72fe-8614-28662f3c49d1","position":1,"role":"user","state":"complete","content":[{"type":"text","text":"Create a file `notes/hello.txt` with content: Hello world"}],"provider":null,"model":null,"stop_reason":null,"usage":null,"tool_call_id":null,"created_at":"2026-11-21T22:06:34.292509Z"}}');
INSERT INTO turn_events VALUES('01a20025-9b33-72fe-8614-28662f3c49d1',2,'01a20025-983b-75ed-bb43-ba69798c4206',NULL,'{"event":"turn","turn":{"id":"01a20025-9b33-72fe-8614-28662f3c49d1","state":"running","failure":null,"epoch":1}}');
INSERT INTO turn_events VALUES('01a20025-9b33-72fe-8614-28662f3c49d1',3,'01a20025-983b-75ed-bb43-ba69798c4206',NULL,'{"event":"message","message":{"id":"01a20025-9b52-71f7-bb68-b0df58bbb1fa","turn_id":"01a20025-9b33-72fe-8614-28662f3c49d1","position":2,"role":"assistant","state":"complete","content":[{"type":"text","text":"I am the demo, not a real model, and with your say-so I will write `notes/hello.txt`."},{"type":"tool_use","id":"01a20025-9bb6-7020-81e0-f3e494fd2fd3","name":"write_file","input":"{\"path\":\"notes/hello.txt\",\"content\":\"Hello world\"}"}],"provider":"demo","model":"demo","stop_reason":"tool_use","usage":{"input_tokens":2379,"output_tokens":37,"cached_tokens":0,"estimated":true},"tool_call_id":null,"created_at":"2026-11-21T22:06:34.457050Z"}}');
INSERT INTO turn_events VALUES('01a20025-9b33-72fe-8614-28662f3c49d1',4,'01a20025-983b-75ed-bb43-ba69798c4206',NULL,'{"event":"tool_call","call":{"id":"01a20025-9bb6-7020-81e0-f3e494fd2fd3","conversation_id":"01a20025-9b32-7582-b2c8-6c428f3a5fd5","turn_id":"01a20025-9b33-72fe-8614-28662f3c49d1","message_id":"01a20025-9b52-71f7-bb68-b0df58bbb1fa","ordinal":0,"server":"sayso","name":"write_file","arguments":"{\"path\":\"notes/hello.txt\",\"content\":\"Hello world\"}","asked_arguments":null,"preview":{"target":"notes/hello.txt","precondition":"absent","difference":{"is_new":true,"lines":[{"kind":"added","text":"Hello world"}],"omitted":0},"bounds":[{"kind":"same"},{"kind":"below","value":"notes"}]},"digest":"0be96a3a1bdfeb284417471bf886f614d8d25a76eeba450b2e19d5200fd264bf","state":"pending","reason":null,"outcome":null}}');
INSERT INTO turn_events VALUES('01a20025-9b33-72fe-8614-28662f3c49d1',5,'01a20025-983b-75ed-bb43-ba69798c4206',NULL,'{"event":"turn","turn":{"id":"01a20025-9b33-72fe-8614-28662f3c49d1","state":"awaiting_approval","failure":null,"epoch":1}}');
INSERT INTO turn_events VALUES('01a20025-9b33-72fe-8614-28662f3c49d1',6,'01a20025-983b-75ed-bb43-ba69798c4206',NULL,'{"event":"tool_call","call":{"id":"01a20025-9bb6-7020-81e0-f3e494fd2fd3","conversation_id":"01a20025-9b32-7582-b2c8-6c428f3a5fd5","turn_id":"01a20025-9b33-72fe-8614-28662f3c49d1","message_id":"01a20025-9b52-71f7-bb68-b0df58bbb1fa","ordinal":0,"server":"sayso","name":"write_file","arguments":"{\"path\":\"notes/hello.txt\",\"content\":\"Hello world\"}","asked_arguments":null,"preview":{"target":"notes/hello.txt","precondition":"absent","difference":{"is_new":true,"lines":[{"kind":"added","text":"Hello world"}],"omitted":0},"bounds":[{"kind":"same"},{"kind":"below","value":"notes"}]},"digest":"0be96a3a1bdfeb284417471bf886f614d8d25a76eeba450b2e19d5200fd264bf","state":"approved","decision":"approve","reason":null,"outcome":null}}');
INSERT INTO turn_events VALUES('01a20025-9b33-72fe-8614-28662f3c49d1',7,'01a20025-983b-75ed-bb43-ba69798c4206',NULL,'{"event":"turn","turn":{"id":"01a20025-9b33-72fe-8614-28662f3c49d1","state":"running","failure":null,"epoch":2}}');
INSERT INTO turn_events VALUES('01a20025-9b33-72fe-8614-28662f3c49d1',8,'01a20025-983b-75ed-bb43-ba69798c4206',NULL,'{"event":"tool_call","call":{"id":"01a20025-9bb6-7020-81e0-f3e494fd2fd3","conversation_id":"01a20025-9b32-7582-b2c8-6c428f3a5fd5","turn_id":"01a20025-9b33-72fe-8614-28662f3c49d1","message_id":"01a20025-9b52-71f7-bb68-b0df58bbb1fa","ordinal":0,"server":"sayso","name":"write_file","arguments":"{\"path\":\"notes/hello.txt\",\"content\":\"Hello world\"}","asked_arguments":null,"preview":{"target":"notes/hello.txt","precondition":"absent","difference":{"is_new":true,"lines":[{"kind":"added","text":"Hello world"}],"omitted":0},"bounds":[{"kind":"same"},{"kind":"below","value":"notes"}]},"digest":"0be96a3a1bdfeb284417471bf886f614d8d25a76eeba450b2e19d5200fd264bf","state":"running","decision":"approve","reason":null,"outcome":null}}');
INSERT INTO turn_events VALUES('01a20025-9b33-72fe-8614-28662f3c49d1',9,'01a20025-983b-75ed-bb43-ba69798c4206',NULL,'{"event":"tool_chunk","id":"01a20025-9bb6-7020-81e0-f3e494fd2fd3","chunk":"Hello world"}');
INSERT INTO turn_events VALUES('01a20025-9b33-72fe-8614-28662f3c49d1',10,'01a20025-983b-75ed-bb43-ba69798c4206',NULL,'{"event":"tool_call","call":{"id":"01a20025-9bb6-7020-81e0-f3e494fd2fd3","conversation_id":"01a20025-9b32-7582-b2c8-6c428f3a5fd5","turn_id":"01a20025-9b33-72fe-8614-28662f3c49d1","message_id":"01a20025-9b52-71f7-bb68-b0df58bbb1fa","ordinal":0,"server":"sayso","name":"write_file","arguments":"{\"path\":\"notes/hello.txt\",\"content\":\"Hello world\"}","asked_arguments":null,"preview":{"target":"notes/hello.txt","precondition":"absent","difference":{"is_new":true,"lines":[{"kind":"added","text":"Hello world"}],"omitted":0},"bounds":[{"kind":"same"},{"kind":"below","value":"notes"}]},"digest":"0be96a3a1bdfeb284417471bf886f614d8d25a76eeba450b2e19d5200fd264bf","state":"succeeded","decision":"approve","reason":null,"outcome":{"text":"Wrote 11 bytes to notes/hello.txt.","error_code":null},"undo":"possible"}}');
INSERT INTO turn_events VALUES('01a20025-9b33-72fe-8614-28662f3c49d1',11,'01a20025-983b-75ed-bb43-ba69798c4206',NULL,'{"event":"message","message":{"id":"01a20025-9bb6-7020-81e0-f3e494fd2fd3","turn_id":"01a20025-9b33-72fe-8614-28662f3c49d1","position":3,"role":"tool","state":"complete","content":[{"type":"tool_result","tool_call_id":"01a20025-9bb6-7020-81e0-f3e494fd2fd3","text":"Wrote 11 bytes to notes/hello.txt.","is_error":false}],"provider":null,"model":null,"stop_reason":null,"usage":null,"tool_call_id":"01a20025-9bb6-7020-81e0-f3e494fd2fd3","created_at":"2026-11-21T22:06:34.547133Z"}}');
INSERT INTO turn_events VALUES('01a20025-9b33-72fe-8614-28662f3c49d1',12,'01a20025-983b-75ed-bb43-ba69798c4206',NULL,'{"event":"message","message":{"id":"01a20025-9c5a-75d8-bbc1-6923309709ad","turn_id":"01a20025-9b33-72fe-8614-28662f3c49d1","position":4,"role":"assistant","state":"complete","content":[{"type":"text","text":"Done: `notes/hello.txt` was written.\n\nThat is all the demo can do with it; it is not a real model."}],"provider":"demo","model":"demo","stop_reason":"end_turn","usage":{"input_tokens":2432,"output_tokens":25,"cached_tokens":0,"estimated":true},"tool_call_id":null,"created_at":"2026-11-21T22:06:34.696302Z"}}');
INSERT INTO turn_events VALUES('01a20025-9b33-72fe-8614-28662f3c49d1',13,'01a20025-983b-75ed-bb43-ba69798c4206',NULL,'{"event":"turn","turn":{"id":"01a20025-9b33-72fe-8614-28662f3c49d1","state":"completed","failure":null,"epoch":2}}');
INSERT INTO turn_events VALUES('01a20025-9d22-7733-9041-d6ca3f1b1241',1,'01a20025-983b-75ed-bb43-ba69798c4206',NULL,'{"event":"message","message":{"id":"01a20025-9d22-7733-9041-d6cba74c4b70","turn_id":"01a20025-9d22-7733-9041-d6ca3f1b1241","position":1,"role":"user","state":"complete","content":[{"type":"text","text":"Create a file `notes/denied.txt` with content: No"}],"provider":null,"model":null,"stop_reason":null,"usage":null,"tool_call_id":null,"created_at":"2026-11-21T22:06:34.787226Z"}}');
INSERT INTO turn_events VALUES('01a20025-9d22-7733-9041-d6ca3f1b1241',2,'01a20025-983b-75ed-bb43-ba69798c4206',NULL,'{"event":"turn","turn":{"id":"01a20025-9d22-7733-9041-d6ca3f1b1241","state":"running","failure":null,"epoch":1}}');
INSERT INTO turn_events VALUES('01a20025-9d22-7733-9041-d6ca3f1b1241',3,'01a20025-983b-75ed-bb43-ba69798c4206',NULL,'{"event":"message","message":{"id":"01a20025-9d3d-732f-bafd-6fb9ac0d90bc","turn_id":"01a20025-9d22-7733-9041-d6ca3f1b1241","position":2,"role":"assistant","state":"complete","content":[{"type":"text","text":"I am the demo, not a real model, and with your say-so I will write `notes/denied.txt`."},{"type":"tool_use","id":"01a20025-9da0-7119-b3b7-4ebd7d958e2f","name":"write_file","input":"{\"path\":\"notes/denied.txt\",\"content\":\"No\"}"}],"provider":"demo","model":"demo","stop_reason":"tool_use","usage":{"input_tokens":2377,"output_tokens":35,"cached_tokens":0,"estimated":true},"tool_call_id":null,"created_at":"2026-11-21T22:06:34.924760Z"}}');
INSERT INTO turn_events VALUES('01a20025-9d22-7733-9041-d6ca3f1b1241',4,'01a20025-983b-75ed-bb43-ba69798c4206',NULL,'{"event":"tool_call","call":{"id":"01a20025-9da0-7119-b3b7-4ebd7d958e2f","conversation_id":"01a20025-9d21-72ed-b721-5e4a825fb0a6","turn_id":"01a20025-9d22-7733-9041-d6ca3f1b1241","message_id":"01a20025-9d3d-732f-bafd-6fb9ac0d90bc","ordinal":0,"server":"sayso","name":"write_file","arguments":"{\"path\":\"notes/denied.txt\",\"content\":\"No\"}","asked_arguments":null,"preview":{"target":"notes/denied.txt","precondition":"absent","difference":{"is_new":true,"lines":[{"kind":"added","text":"No"}],"omitted":0},"bounds":[{"kind":"same"},{"kind":"below","value":"notes"}]},"digest":"bb247d223e2e87e01a1230438930d41f7e3c82bf863d78694370d2d105658427","state":"pending","reason":null,"outcome":null}}');
INSERT INTO turn_events VALUES('01a20025-9d22-7733-9041-d6ca3f1b1241',5,'01a20025-983b-75ed-bb43-ba69798c4206',NULL,'{"event":"turn","turn":{"id":"01a20025-9d22-7733-9041-d6ca3f1b1241","state":"awaiting_approval","failure":null,"epoch":1}}');
INSERT INTO turn_events VALUES('01a20025-9d22-7733-9041-d6ca3f1b1241',6,'01a20025-983b-75ed-bb43-ba69798c4206',NULL,'{"event":"tool_call","call":{"id":"01a20025-9da0-7119-b3b7-4ebd7d958e2f","conversation_id":"01a20025-9d21-72ed-b721-5e4a825fb0a6","turn_id":"01a20025-9d22-7733-9041-d6ca3f1b1241","message_id":"01a20025-9d3d-732f-bafd-6fb9ac0d90bc","ordinal":0,"server":"sayso","name":"write_file","arguments":"{\"path\":\"notes/denied.txt\",\"content\":\"No\"}","asked_arguments":null,"preview":{"target":"notes/denied.txt","precondition":"absent","difference":{"is_new":true,"lines":[{"kind":"added","text":"No"}],"omitted":0},"bounds":[{"kind":"same"},{"kind":"below","value":"notes"}]},"digest":"bb247d223e2e87e01a1230438930d41f7e3c82bf863d78694370d2d105658427","state":"denied","decision":"deny","reason":null,"outcome":null}}');
INSERT INTO turn_events VALUES('01a20025-9d22-7733-9041-d6ca3f1b1241',7,'01a20025-983b-75ed-bb43-ba69798c4206',NULL,'{"event":"message","message":{"id":"01a20025-9da0-7119-b3b7-4ebd7d958e2f","turn_id":"01a20025-9d22-7733-9041-d6ca3f1b1241","position":3,"role":"tool","state":"complete","content":[{"type":"tool_result","tool_call_id":"01a20025-9da0-7119-b3b7-4ebd7d958e2f","text":"The person refused this request.","is_error":true}],"provider":null,"model":null,"stop_reason":null,"usage":null,"tool_call_id":"01a20025-9da0-7119-b3b7-4ebd7d958e2f","created_at":"2026-11-21T22:06:35.009220Z"}}');
INSERT INTO turn_events VALUES('01a20025-9d22-7733-9041-d6ca3f1b1241',8,'01a20025-983b-75ed-bb43-ba69798c4206',NULL,'{"event":"turn","turn":{"id":"01a20025-9d22-7733-9041-d6ca3f1b1241","state":"running","failure":null,"epoch":2}}');
INSERT INTO turn_events VALUES('01a20025-9d22-7733-9041-d6ca3f1b1241',9,'01a20025-983b-75ed-bb43-ba69798c4206',NULL,'{"event":"message","message":{"id":"01a20025-9e28-77c1-9262-52384bbc2a8d","turn_id":"01a20025-9d22-7733-9041-d6ca3f1b1241","position":4,"role":"assistant","state":"complete","content":[{"type":"text","text":"`notes/denied.txt` was not written: The person refused this request.\n\nThat is all the demo can do with it; it is not a real model."}],"provider":"demo","model":"demo","stop_reason":"end_turn","usage":{"input_tokens":2428,"output_tokens":33,"cached_tokens":0,"estimated":true},"tool_call_id":null,"created_at":"2026-11-21T22:06:35.185907Z"}}');
INSERT INTO turn_events VALUES('01a20025-9d22-7733-9041-d6ca3f1b1241',10,'01a20025-983b-75ed-bb43-ba69798c4206',NULL,'{"event":"turn","turn":{"id":"01a20025-9d22-7733-9041-d6ca3f1b1241","state":"completed","failure":null,"epoch":2}}');
INSERT INTO turn_events VALUES('01a20025-9f0e-729c-b2c4-5b0b1333764c',1,'01a20025-983b-75ed-bb43-ba69798c4206',NULL,'{"event":"message","message":{"id":"01a20025-9f10-7000-8ed9-0dfba21444c7","turn_id":"01a20025-9f0e-729c-b2c4-5b0b1333764c","position":1,"role":"user","state":"complete","content":[{"type":"image","number":1,"media_type":"image/png","name":"picture.png","width":64,"height":48},{"type":"text","text":"What is in this picture?"}],"provider":null,"model":null,"stop_reason":null,"usage":null,"tool_call_id":null,"created_at":"2026-11-21T22:06:35.280419Z"}}');
INSERT INTO turn_events VALUES('01a20025-9f0e-729c-b2c4-5b0b1333764c',2,'01a20025-983b-75ed-bb43-ba69798c4206',NULL,'{"event":"turn","turn":{"id":"01a20025-9f0e-729c-b2c4-5b0b1333764c","state":"running","failure":null,"epoch":1}}');
INSERT INTO turn_events VALUES('01a20025-9f43-71d2-b567-c6e94106aed2',1,'01a20025-983b-75ed-bb43-ba69798c4206',NULL,'{"event":"message","message":{"id":"01a20025-9f44-77a9-b4d4-a0b9dc8276ef","turn_id":"01a20025-9f43-71d2-b567-c6e94106aed2","position":1,"role":"user","state":"complete","content":[{"type":"text","text":"Create a file `notes/never.txt` with content: Never"}],"provider":null,"model":null,"stop_reason":null,"usage":null,"tool_call_id":null,"created_at":"2026-11-21T22:06:35.332709Z"}}');
INSERT INTO turn_events VALUES('01a20025-9f43-71d2-b567-c6e94106aed2',2,'01a20025-983b-75ed-bb43-ba69798c4206',NULL,'{"event":"turn","turn":{"id":"01a20025-9f43-71d2-b567-c6e94106aed2","state":"running","failure":null,"epoch":1}}');
INSERT INTO turn_events VALUES('01a20025-9f43-71d2-b567-c6e94106aed2',3,'01a20025-983b-75ed-bb43-ba69798c4206',NULL,'{"event":"message","message":{"id":"01a20025-9f60-76a8-acb3-534cd0967dde","turn_id":"01a20025-9f43-71d2-b567-c6e94106aed2","position":2,"role":"assistant","state":"complete","content":[{"type":"text","text":"I am the demo, not a real model, and with your say-so I will write `notes/never.txt`."},{"type":"tool_use","id":"01a20025-9fc3-7413-8c76-4347f74f2d7f","name":"write_file","input":"{\"path\":\"notes/never.txt\",\"content\":\"Never\"}"}],"provider":"demo","model":"demo","stop_reason":"tool_use","usage":{"input_tokens":2378,"output_tokens":35,"cached_tokens":0,"estimated":true},"tool_call_id":null,"created_at":"2026-11-21T22:06:35.472866Z"}}');
INSERT INTO turn_events VALUES('01a20025-9f43-71d2-b567-c6e94106aed2',4,'01a20025-983b-75ed-bb43-ba69798c4206',NULL,'{"event":"tool_call","call":{"id":"01a20025-9fc3-7413-8c76-4347f74f2d7f","conversation_id":"01a20025-9f43-71d2-b567-c6e8753e8917","turn_id":"01a20025-9f43-71d2-b567-c6e94106aed2","message_id":"01a20025-9f60-76a8-acb3-534cd0967dde","ordinal":0,"server":"sayso","name":"write_file","arguments":"{\"path\":\"notes/never.txt\",\"content\":\"Never\"}","asked_arguments":null,"preview":{"target":"notes/never.txt","precondition":"absent","difference":{"is_new":true,"lines":[{"kind":"added","text":"Never"}],"omitted":0},"bounds":[{"kind":"same"},{"kind":"below","value":"notes"}]},"digest":"b7540fa1d588788b2647945d97a7feec9a8c3425133a6a7984b853c70518b10e","state":"pending","reason":null,"outcome":null}}');
INSERT INTO turn_events VALUES('01a20025-9f43-71d2-b567-c6e94106aed2',5,'01a20025-983b-75ed-bb43-ba69798c4206',NULL,'{"event":"turn","turn":{"id":"01a20025-9f43-71d2-b567-c6e94106aed2","state":"awaiting_approval","failure":null,"epoch":1}}');
INSERT INTO turn_events VALUES('01a20025-a036-72bb-9fe4-e507e0c68c69',1,'01a20025-983b-75ed-bb43-ba69798c4206',NULL,'{"event":"message","message":{"id":"01a20025-a037-75a5-acd5-44f76251e38e","turn_id":"01a20025-a036-72bb-9fe4-e507e0c68c69","position":1,"role":"user","state":"complete","content":[{"type":"text","text":"Create a file `notes/after.txt` with content: After"}],"provider":null,"model":null,"stop_reason":null,"usage":null,"tool_call_id":null,"created_at":"2026-11-21T22:06:35.575619Z"}}');
INSERT INTO turn_events VALUES('01a20025-a036-72bb-9fe4-e507e0c68c69',2,'01a20025-983b-75ed-bb43-ba69798c4206',NULL,'{"event":"turn","turn":{"id":"01a20025-a036-72bb-9fe4-e507e0c68c69","state":"running","failure":null,"epoch":1}}');
INSERT INTO turn_events VALUES('01a20025-a036-72bb-9fe4-e507e0c68c69',3,'01a20025-983b-75ed-bb43-ba69798c4206',NULL,'{"event":"message","message":{"id":"01a20025-a057-7657-b510-542b45069e63","turn_id":"01a20025-a036-72bb-9fe4-e507e0c68c69","position":2,"role":"assistant","state":"complete","content":[{"type":"text","text":"I am the demo, not a real model, and with your say-so I will write `notes/after.txt`."},{"type":"tool_use","id":"01a20025-a0b8-70e9-9cb8-647727e22676","name":"write_file","input":"{\"path\":\"notes/after.txt\",\"content\":\"After\"}"}],"provider":"demo","model":"demo","stop_reason":"tool_use","usage":{"input_tokens":2378,"output_tokens":35,"cached_tokens":0,"estimated":true},"tool_call_id":null,"created_at":"2026-11-21T22:06:35.723712Z"}}');
INSERT INTO turn_events VALUES('01a20025-a036-72bb-9fe4-e507e0c68c69',4,'01a20025-983b-75ed-bb43-ba69798c4206',NULL,'{"event":"tool_call","call":{"id":"01a20025-a0b8-70e9-9cb8-647727e22676","conversation_id":"01a20025-a036-72bb-9fe4-e506e7dcfa6b","turn_id":"01a20025-a036-72bb-9fe4-e507e0c68c69","message_id":"01a20025-a057-7657-b510-542b45069e63","ordinal":0,"server":"sayso","name":"write_file","arguments":"{\"path\":\"notes/after.txt\",\"content\":\"After\"}","asked_arguments":null,"preview":{"target":"notes/after.txt","precondition":"absent","difference":{"is_new":true,"lines":[{"kind":"added","text":"After"}],"omitted":0},"bounds":[{"kind":"same"},{"kind":"below","value":"notes"}]},"digest":"b87e69033351116128a13e5ab13001148606c51289077f642e20e7e71277758c","state":"pending","reason":null,"outcome":null}}');
INSERT INTO turn_events VALUES('01a20025-a036-72bb-9fe4-e507e0c68c69',5,'01a20025-983b-75ed-bb43-ba69798c4206',NULL,'{"event":"turn","turn":{"id":"01a20025-a036-72bb-9fe4-e507e0c68c69","state":"awaiting_approval","failure":null,"epoch":1}}');
INSERT INTO turn_events VALUES('01a20025-9f0e-729c-b2c4-5b0b1333764c',6,'01a20025-983b-75ed-bb43-ba69798c4206',NULL,'{"event":"message","message":{"id":"01a20025-9f2a-744b-8162-6a4efc29d09b","turn_id":"01a20025-9f0e-729c-b2c4-5b0b1333764c","position":2,"role":"assistant","state":"complete","content":[{"type":"text","text":"## Hello from the demo\n\nYou wrote: “What is in this picture?”\n\nI am **not a real model**, only a stand-in so that you can look around. I can show you:\n\n- text that *streams*, with Markdown\n- a tool that waits for **your** decision\n\n| Try this | What happens |\n|---|---|\n| Create a file `notes/hello.txt` with content: Hello world | I ask, you decide |\n| Write 300 words | A longer text streams in |\n\nFor real answers, set a key and start Sayso again:\n\n```sh\nexport ANTHROPIC_API_KEY=…   # or OPENAI_API_KEY, or OLLAMA_URL\nsayso\n```\n"}],"provider":"demo","model":"demo","stop_reason":"end_turn","usage":{"input_tokens":2379,"output_tokens":136,"cached_tokens":0,"estimated":true},"tool_call_id":null,"created_at":"2026-11-21T22:06:35.917054Z"}}');
INSERT INTO turn_events VALUES('01a20025-9f0e-729c-b2c4-5b0b1333764c',7,'01a20025-983b-75ed-bb43-ba69798c4206',NULL,'{"event":"turn","turn":{"id":"01a20025-9f0e-729c-b2c4-5b0b1333764c","state":"completed","failure":null,"epoch":1}}');
INSERT INTO turn_events VALUES('01a20025-a4ad-7337-b2cd-b2c4541f9b7b',1,'01a20025-a132-76d2-8251-6bed67c4a901',NULL,'{"event":"message","message":{"id":"01a20025-a4ad-7337-b2cd-b2c5315169a3","turn_id":"01a20025-a4ad-7337-b2cd-b2c4541f9b7b","position":1,"role":"user","state":"complete","content":[{"type":"text","text":"What do gulls eat?"}],"provider":null,"model":null,"stop_reason":null,"usage":null,"tool_call_id":null,"created_at":"2026-11-21T22:06:36.717985Z"}}');
INSERT INTO turn_events VALUES('01a20025-a4ad-7337-b2cd-b2c4541f9b7b',2,'01a20025-a132-76d2-8251-6bed67c4a901',NULL,'{"event":"turn","turn":{"id":"01a20025-a4ad-7337-b2cd-b2c4541f9b7b","state":"running","failure":null,"epoch":1}}');
INSERT INTO turn_events VALUES('01a20025-a4ad-7337-b2cd-b2c4541f9b7b',7,'01a20025-a132-76d2-8251-6bed67c4a901',NULL,'{"event":"message","message":{"id":"01a20025-a4c6-7102-86c5-f7a2cef476b0","turn_id":"01a20025-a4ad-7337-b2cd-b2c4541f9b7b","position":2,"role":"assistant","state":"complete","content":[{"type":"text","text":"## Hello from the demo\n\nYou wrote: “What do gulls eat?”\n\nI am **not a real model**, only a stand-in so that you can look around. I can show you:\n\n- text that *streams*, with Markdown\n- a tool that waits for **your** decision\n\n| Try this | What happens |\n|---|---|\n| Create a file `notes/hello.txt` with content: Hello world | I ask, you decide |\n| Write 300 words | A longer text streams in |\n\nFor real answers, set a key and start Sayso again:\n\n```sh\nexport ANTHROPIC_API_KEY=…   # or OPENAI_API_KEY, or OLLAMA_URL\nsayso\n```\n"}],"provider":"demo","model":"demo","stop_reason":"end_turn","usage":{"input_tokens":2369,"output_tokens":134,"cached_tokens":0,"estimated":true},"tool_call_id":null,"created_at":"2026-11-21T22:06:37.306341Z"}}');
INSERT INTO turn_events VALUES('01a20025-a4ad-7337-b2cd-b2c4541f9b7b',8,'01a20025-a132-76d2-8251-6bed67c4a901',NULL,'{"event":"turn","turn":{"id":"01a20025-a4ad-7337-b2cd-b2c4541f9b7b","state":"completed","failure":null,"epoch":1}}');
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
INSERT INTO tool_calls VALUES('01a20025-9bb6-7020-81e0-f3e494fd2fd3','01a20025-983b-75ed-bb43-ba69798c4206','01a20025-983c-740a-880f-f0e6196243b6','01a20025-9b32-7582-b2c8-6c428f3a5fd5','01a20025-9b33-72fe-8614-28662f3c49d1','01a20025-9b52-71f7-bb68-b0df58bbb1fa',0,'sayso','builtin','write_file','1513a920e53361bbff607caa23f60a8ddc9b846cf04baf7dc501c1c231f89823','{"path":"notes/hello.txt","content":"Hello world"}',NULL,'notes/hello.txt','absent','{"is_new":true,"lines":[{"kind":"added","text":"Hello world"}],"omitted":0}','0be96a3a1bdfeb284417471bf886f614d8d25a76eeba450b2e19d5200fd264bf','succeeded','approve','01a20025-983c-740a-880f-f0e6196243b6','2026-11-21T22:06:34.513515Z',NULL,'Wrote 11 bytes to notes/hello.txt.',NULL,NULL,'2026-11-21T22:06:34.452383Z','2026-11-21T22:06:34.528556Z','2026-11-21T22:06:34.545341Z','[{"kind":"same"},{"kind":"below","value":"notes"}]',NULL,'possible');
INSERT INTO tool_calls VALUES('01a20025-9da0-7119-b3b7-4ebd7d958e2f','01a20025-983b-75ed-bb43-ba69798c4206','01a20025-983c-740a-880f-f0e6196243b6','01a20025-9d21-72ed-b721-5e4a825fb0a6','01a20025-9d22-7733-9041-d6ca3f1b1241','01a20025-9d3d-732f-bafd-6fb9ac0d90bc',0,'sayso','builtin','write_file','1513a920e53361bbff607caa23f60a8ddc9b846cf04baf7dc501c1c231f89823','{"path":"notes/denied.txt","content":"No"}',NULL,'notes/denied.txt','absent','{"is_new":true,"lines":[{"kind":"added","text":"No"}],"omitted":0}','bb247d223e2e87e01a1230438930d41f7e3c82bf863d78694370d2d105658427','denied','deny','01a20025-983c-740a-880f-f0e6196243b6','2026-11-21T22:06:35.007313Z',NULL,NULL,NULL,NULL,'2026-11-21T22:06:34.918528Z',NULL,NULL,'[{"kind":"same"},{"kind":"below","value":"notes"}]',NULL,NULL);
INSERT INTO tool_calls VALUES('01a20025-9fc3-7413-8c76-4347f74f2d7f','01a20025-983b-75ed-bb43-ba69798c4206','01a20025-983c-740a-880f-f0e6196243b6','01a20025-9f43-71d2-b567-c6e8753e8917','01a20025-9f43-71d2-b567-c6e94106aed2','01a20025-9f60-76a8-acb3-534cd0967dde',0,'sayso','builtin','write_file','1513a920e53361bbff607caa23f60a8ddc9b846cf04baf7dc501c1c231f89823','{"path":"notes/never.txt","content":"Never"}',NULL,'notes/never.txt','absent','{"is_new":true,"lines":[{"kind":"added","text":"Never"}],"omitted":0}','b7540fa1d588788b2647945d97a7feec9a8c3425133a6a7984b853c70518b10e','pending',NULL,NULL,NULL,NULL,NULL,NULL,NULL,'2026-11-21T22:06:35.466360Z',NULL,NULL,'[{"kind":"same"},{"kind":"below","value":"notes"}]',NULL,NULL);
INSERT INTO tool_calls VALUES('01a20025-a0b8-70e9-9cb8-647727e22676','01a20025-983b-75ed-bb43-ba69798c4206','01a20025-983c-740a-880f-f0e6196243b6','01a20025-a036-72bb-9fe4-e506e7dcfa6b','01a20025-a036-72bb-9fe4-e507e0c68c69','01a20025-a057-7657-b510-542b45069e63',0,'sayso','builtin','write_file','1513a920e53361bbff607caa23f60a8ddc9b846cf04baf7dc501c1c231f89823','{"path":"notes/after.txt","content":"After"}',NULL,'notes/after.txt','absent','{"is_new":true,"lines":[{"kind":"added","text":"After"}],"omitted":0}','b87e69033351116128a13e5ab13001148606c51289077f642e20e7e71277758c','pending',NULL,NULL,NULL,NULL,NULL,NULL,NULL,'2026-11-21T22:06:35.717889Z',NULL,NULL,'[{"kind":"same"},{"kind":"below","value":"notes"}]',NULL,NULL);
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
INSERT INTO model_calls VALUES('01a20025-9872-73b0-a8e0-208798ecf158','01a20025-983b-75ed-bb43-ba69798c4206','01a20025-983c-740a-880f-f0e6196243b6','01a20025-986b-74bf-bff9-97d9cafeea84','chat','demo','demo','2026-11',11664,4096,0,2370,135,0,0,1,NULL,'01a20025-9633-7176-86b8-c112a6732f50','2026-11-21T22:06:33.585000Z','2026-11-21T22:06:34.238740Z');
INSERT INTO model_calls VALUES('01a20025-9b3a-7688-ab78-2a381c43145e','01a20025-983b-75ed-bb43-ba69798c4206','01a20025-983c-740a-880f-f0e6196243b6','01a20025-9b33-72fe-8614-28662f3c49d1','chat','demo','demo','2026-11',11699,4096,0,2379,37,0,0,1,NULL,'01a20025-9633-7176-86b8-c112a6732f50','2026-11-21T22:06:34.296456Z','2026-11-21T22:06:34.454792Z');
INSERT INTO model_calls VALUES('01a20025-9c47-76f5-9338-882a01b9b7fc','01a20025-983b-75ed-bb43-ba69798c4206','01a20025-983c-740a-880f-f0e6196243b6','01a20025-9b33-72fe-8614-28662f3c49d1','chat','demo','demo','2026-11',11958,4096,0,2432,25,0,0,1,NULL,'01a20025-9633-7176-86b8-c112a6732f50','2026-11-21T22:06:34.564430Z','2026-11-21T22:06:34.693698Z');
INSERT INTO model_calls VALUES('01a20025-9d28-7005-9196-3821eb4bf928','01a20025-983b-75ed-bb43-ba69798c4206','01a20025-983c-740a-880f-f0e6196243b6','01a20025-9d22-7733-9041-d6ca3f1b1241','chat','demo','demo','2026-11',11691,4096,0,2377,35,0,0,1,NULL,'01a20025-9633-7176-86b8-c112a6732f50','2026-11-21T22:06:34.790970Z','2026-11-21T22:06:34.922433Z');
INSERT INTO model_calls VALUES('01a20025-9e16-703c-a7bf-9c1c430da427','01a20025-983b-75ed-bb43-ba69798c4206','01a20025-983c-740a-880f-f0e6196243b6','01a20025-9d22-7733-9041-d6ca3f1b1241','chat','demo','demo','2026-11',11941,4096,0,2428,33,0,0,1,NULL,'01a20025-9633-7176-86b8-c112a6732f50','2026-11-21T22:06:35.028168Z','2026-11-21T22:06:35.183137Z');
INSERT INTO model_calls VALUES('01a20025-9f15-764e-ab29-953eb641c2b9','01a20025-983b-75ed-bb43-ba69798c4206','01a20025-983c-740a-880f-f0e6196243b6','01a20025-9f0e-729c-b2c4-5b0b1333764c','chat','demo','demo','2026-11',20193,4096,0,2379,136,0,0,1,NULL,'01a20025-9633-7176-86b8-c112a6732f50','2026-11-21T22:06:35.284483Z','2026-11-21T22:06:35.901404Z');
INSERT INTO model_calls VALUES('01a20025-9f49-70fc-b333-37c3b3826b6c','01a20025-983b-75ed-bb43-ba69798c4206','01a20025-983c-740a-880f-f0e6196243b6','01a20025-9f43-71d2-b567-c6e94106aed2','chat','demo','demo','2026-11',11693,4096,0,2378,35,0,0,1,NULL,'01a20025-9633-7176-86b8-c112a6732f50','2026-11-21T22:06:35.336321Z','2026-11-21T22:06:35.469149Z');
INSERT INTO model_calls VALUES('01a20025-a03d-7429-ac7f-ebdceaf34454','01a20025-983b-75ed-bb43-ba69798c4206','01a20025-983c-740a-880f-f0e6196243b6','01a20025-a036-72bb-9fe4-e507e0c68c69','chat','demo','demo','2026-11',11693,4096,0,2378,35,0,0,1,NULL,'01a20025-9633-7176-86b8-c112a6732f50','2026-11-21T22:06:35.579864Z','2026-11-21T22:06:35.720111Z');
INSERT INTO model_calls VALUES('01a20025-a4b2-7069-a9da-f304485a2081','01a20025-a132-76d2-8251-6bed67c4a901','01a20025-a2db-72bf-85dd-960f0b17144b','01a20025-a4ad-7337-b2cd-b2c4541f9b7b','chat','demo','demo','2026-11',11659,4096,0,2369,134,0,0,1,NULL,'01a20025-9633-7176-86b8-c112a6732f50','2026-11-21T22:06:36.721155Z','2026-11-21T22:06:37.303626Z');
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
INSERT INTO usage_limits VALUES('01a20025-983b-75ed-bb43-ba69798c4206','01a20025-983b-75ed-bb43-ba69798c4206',1000000,500000,10000,NULL,1);
INSERT INTO usage_limits VALUES('01a20025-a132-76d2-8251-6bed67c4a901','01a20025-a132-76d2-8251-6bed67c4a901',1000000,500000,500,NULL,1);
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
INSERT INTO usage_months VALUES('01a20025-983b-75ed-bb43-ba69798c4206','01a20025-983b-75ed-bb43-ba69798c4206','2026-11',19121,471,0,8,0,0,0,0,0);
INSERT INTO usage_months VALUES('01a20025-983b-75ed-bb43-ba69798c4206','01a20025-983c-740a-880f-f0e6196243b6','2026-11',19121,471,0,8,0,0,0,0,0);
INSERT INTO usage_months VALUES('01a20025-a132-76d2-8251-6bed67c4a901','01a20025-a132-76d2-8251-6bed67c4a901','2026-11',2369,134,0,1,0,0,0,0,0);
INSERT INTO usage_months VALUES('01a20025-a132-76d2-8251-6bed67c4a901','01a20025-a2db-72bf-85dd-960f0b17144b','2026-11',2369,134,0,1,0,0,0,0,0);
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
INSERT INTO usage_days VALUES('01a20025-983b-75ed-bb43-ba69798c4206','01a20025-983c-740a-880f-f0e6196243b6','2026-11-21','demo','demo',19121,471,0,8,8,0);
INSERT INTO usage_days VALUES('01a20025-a132-76d2-8251-6bed67c4a901','01a20025-a2db-72bf-85dd-960f0b17144b','2026-11-21','demo','demo',2369,134,0,1,1,0);
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
INSERT INTO audit_rows VALUES('system',1,'01a20025-983d-7195-a9d4-3b39a56a8185','2026-11-21T22:06:33.533441Z','01a20025-983c-740a-880f-f0e6196243b6','127.0.0.1','user_created','user:01a20025-983c-740a-880f-f0e6196243b6',NULL,NULL,'set-up','e2ee81110811e5509f743f920676b2fe87fddb4ce556cde0944bbed09b75e519');
INSERT INTO audit_rows VALUES('01a20025-983b-75ed-bb43-ba69798c4206',1,'01a20025-983e-768a-80ea-07d9508c0ac2','2026-11-21T22:06:33.534121Z','01a20025-983c-740a-880f-f0e6196243b6','127.0.0.1','tenant_created','tenant:01a20025-983b-75ed-bb43-ba69798c4206',NULL,NULL,'set-up','5d7cee4ecd89c636392f9743c4fd787fdeda6269b2a82936f8c2ede45ab8951a');
INSERT INTO audit_rows VALUES('01a20025-983b-75ed-bb43-ba69798c4206',2,'01a20025-983e-768a-80ea-07da81213b79','2026-11-21T22:06:33.534745Z','01a20025-983c-740a-880f-f0e6196243b6','127.0.0.1','sign_in','user:01a20025-983c-740a-880f-f0e6196243b6',NULL,NULL,'set-up','a1b62f1451c917da4684cba9de1796a0347c6b097046daa9f31258fcb8b9ae57');
INSERT INTO audit_rows VALUES('01a20025-983b-75ed-bb43-ba69798c4206',3,'01a20025-9c12-764c-a3e6-e0cbb1dc02e5','2026-11-21T22:06:34.514970Z','01a20025-983c-740a-880f-f0e6196243b6','127.0.0.1','tool_approved','tool_call:01a20025-9bb6-7020-81e0-f3e494fd2fd3','notes/hello.txt','0be96a3a1bdfeb284417471bf886f614d8d25a76eeba450b2e19d5200fd264bf','write_file','51771364b9d67710a2ea26d09d00985d5c4c55dcb4f627a786c79d7bdf310cb8');
INSERT INTO audit_rows VALUES('01a20025-983b-75ed-bb43-ba69798c4206',4,'01a20025-9c22-71f0-85f0-3911ab79d659','2026-11-21T22:06:34.530031Z','01a20025-983c-740a-880f-f0e6196243b6','','tool_run','tool_call:01a20025-9bb6-7020-81e0-f3e494fd2fd3','notes/hello.txt','0be96a3a1bdfeb284417471bf886f614d8d25a76eeba450b2e19d5200fd264bf','','fd46dc320e9a4f90af09a9c36d6100328bacc5fcd1ade4a771e070c7f11395fe');
INSERT INTO audit_rows VALUES('01a20025-983b-75ed-bb43-ba69798c4206',5,'01a20025-9c34-7352-8777-02db6f050433','2026-11-21T22:06:34.548673Z','01a20025-983c-740a-880f-f0e6196243b6','','tool_ended','tool_call:01a20025-9bb6-7020-81e0-f3e494fd2fd3','notes/hello.txt','0be96a3a1bdfeb284417471bf886f614d8d25a76eeba450b2e19d5200fd264bf','succeeded','be54e8707a2033861d4ba612735a77dc269e812762653de4c8b75bc0a0a63480');
INSERT INTO audit_rows VALUES('01a20025-983b-75ed-bb43-ba69798c4206',6,'01a20025-9e02-7557-bea5-3b0278eecb48','2026-11-21T22:06:35.010169Z','01a20025-983c-740a-880f-f0e6196243b6','127.0.0.1','tool_denied','tool_call:01a20025-9da0-7119-b3b7-4ebd7d958e2f','notes/denied.txt','bb247d223e2e87e01a1230438930d41f7e3c82bf863d78694370d2d105658427','write_file','870dbd1f6e1503e063218f2da38391123f5393340045aaf65773f08b9a05a66b');
INSERT INTO audit_rows VALUES('01a20025-a132-76d2-8251-6bed67c4a901',1,'01a20025-a134-72b7-8d48-cf1ccd7e94f1','2026-11-21T22:06:35.828035Z','nobody','command line','tenant_created','tenant:01a20025-a132-76d2-8251-6bed67c4a901',NULL,NULL,'elsewhere','d2e5b77c210d0430e894ceeb82cb8f0a2c333f8bf0917eda27224c4d1d4160d1');
INSERT INTO audit_rows VALUES('01a20025-a132-76d2-8251-6bed67c4a901',2,'01a20025-a2dd-77c6-b040-792cb401c09d','2026-11-21T22:06:36.253587Z','nobody','command line','member_added','user:01a20025-a2db-72bf-85dd-960f0b17144b',NULL,NULL,'owner','293c20589d2ddc409f94508d4847857afd00992e965c043e20154596bf245b2e');
INSERT INTO audit_rows VALUES('system',2,'01a20025-a2de-7065-8207-fa294a1c1df8','2026-11-21T22:06:36.254697Z','nobody','command line','user_created','user:01a20025-a2db-72bf-85dd-960f0b17144b',NULL,NULL,'','36c1509cd34d825f93f4466275a03dfe8d5d60f6a084207033532478f3439e01');
INSERT INTO audit_rows VALUES('01a20025-a132-76d2-8251-6bed67c4a901',3,'01a20025-a47c-7661-b57f-690b6cedcb36','2026-11-21T22:06:36.668515Z','01a20025-a2db-72bf-85dd-960f0b17144b','127.0.0.1','sign_in','user:01a20025-a2db-72bf-85dd-960f0b17144b',NULL,NULL,'','fe5fc0c0875728b50ecf14d5cc298aebdaa3d27da891d903a5714febac6c35d9');
INSERT INTO audit_rows VALUES('01a20025-a132-76d2-8251-6bed67c4a901',4,'01a20025-a826-75b4-ae9d-ba0292c9fde6','2026-11-21T22:06:37.606306Z','nobody','command line','limits_changed','tenant:01a20025-a132-76d2-8251-6bed67c4a901',NULL,NULL,'1000000 input tokens, 500000 output tokens, 500 requests, any credits','61f0c065d3caca68962a5c0da96cec7896afe4a2168425608145f035162e5851');
CREATE TABLE audit_heads (
    chain text PRIMARY KEY NOT NULL,
    count bigint NOT NULL,
    last_hash text NOT NULL,
    hash text NOT NULL
);
INSERT INTO audit_heads VALUES('system',2,'36c1509cd34d825f93f4466275a03dfe8d5d60f6a084207033532478f3439e01','cd3e1d39c3522442ba2290ab0f9139595a9c541efd940bd59a4ff4f23335dc57');
INSERT INTO audit_heads VALUES('01a20025-983b-75ed-bb43-ba69798c4206',6,'870dbd1f6e1503e063218f2da38391123f5393340045aaf65773f08b9a05a66b','cf0b1c1b999f9eb6cca4a6f3b73868ce4b31e74da3d9911253ce3e3c70585f00');
INSERT INTO audit_heads VALUES('01a20025-a132-76d2-8251-6bed67c4a901',4,'61f0c065d3caca68962a5c0da96cec7896afe4a2168425608145f035162e5851','339a5c43c69f5c7e9f699e3863921ab2177bd69c1e10acf108e05215cc79ef13');
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
INSERT INTO blobs VALUES('01a20025-9f0e-729c-b2c4-5b0ab0d838d1',1,'01a20025-983b-75ed-bb43-ba69798c4206','01a20025-983c-740a-880f-f0e6196243b6','image/png','picture.png',1076,X'89504e470d0a1a0a0000000d49484452000000400000003008020000002e29eb48000003fb494441547801edc003a0245996c6f1ff77ee8dc8cca7724b63ae6ddbb66ddbb66ddbb66d698c9e964aaf9e323322eef976b76a7aa6873b6bd5af3e1a2850a142850a152a54a850a142850a152a54a850a142850a152a54a850a142850a152a54a850a142850a152a54a850a142850a152a54a850a142850a152a54a850a142850a152a153afe17a342c7ff6254e8f85f8c0a3dff8b51a1e37f312a74fc2f46859effc5a8d0f11fea6fdfe3242fd44bfed505fec350a1e33fc8df7ec0362f82bf7d9993c04b3e7e9fff0054e8f977fbdb8f98f1aff4b78fd9065ef2e96bfe5da8d0f1eff3b71f13fc5bfded43662f797bf26f47858e7f87bffd84c6bfcfdfde1c2f7977e1df880a3dff567ffb294bfe23fcedf5ed25cf2ef8b7a042c7bfc9df7ec61eff71fef6ccf2252feef0af46858e7fbdbffd9cf3fc47fbdb137b2fb97f8a7f1d2af4fc0fd2f3af43858e7fa5bffd82dbf8cff1b7db77bfe4f216fe15a8d0f13f4bc7bf02153afe35fef64b9ec07fa6bf5d3cf525c747f3a2a242cfff383d2f2a2a74fc8fd3f1a2a242c7ff381d2f2a2af4fc8fd3f3a2a242c7ff381d2f2a2a74fc8fd3f1a2a242cfff383d2f2a2a74fc8fd3f1a2a242c7ff381d2f2a2af4fc8fd3f3a222a0830e3ae8a0830e3ae8a0830e3ae8a0830e3ae85ef293de8fff4c2fb97c3fe8a0830e3ae8a0830e3ae8a0830e3ae8a083ae42c7ff2c1dff0a04f4d0430f3df4d0430f3df4d0430f3df4d0430f3df42ff9691fc97f8e97dcff48e8a1871e7ae8a1871e7ae8a1871e7ae8a1871efa0a1dff8374fceb10d041071d74d041071d74d041071d74d041071d74d041f7929ff5c9fc477bc98b9f0c1d74d041071d74d041071d74d041071d74d041075d40071d74d041071d74d041071d74d041071d74d041071d742ff9799fc17f9c973cfb19d041071d74d041071d74d041071d74d041071d74d04117d0430f3df4d0430f3df4d0430f3df4d0430f3df4d0430f3df42ff9459fc77f8497bcfbf3a0871e7ae8a1871e7ae8a1871e7ae8a1871e7ae8a1871efa800e3ae8a0830e3ae8a0830e3ae8a0830e3ae8a0830e3ae8a083ee25bfec8bf9f779c9dbbf183ae8a0830e3ae8a0830e3ae8a0830e3ae8a0830e3ae8a0832ea0830e3ae8a0830e3ae8a0830e3ae8a0830e3ae8a0830e3ae8a083ee25bfea2bf8b77ac9a77f0574d041071d74d041071d74d041071d74d041071d74d041071d747a347f45810a152a54a850a142850a152a54a850a142850a152a54a850a1f2b71ff211bcc85ef2f15f47850a152a54a850a142850a152a54a850a142850a152a54a850a9d0f11fe425bfed9ba9fcedfb7c302fd44bfed53753a1f21f810a1dffa15ef2fbbe830a152a54a850a142850a152aff71a8d0f3bf18153afe17a342c7ff6254e8f95f8c0a1dff8b51a1e37f31fe1188b75577c57aca6c0000000049454e44ae426082','2026-11-21T22:06:35.279684Z');
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
INSERT INTO file_writes VALUES('01a20025-9bb6-7020-81e0-f3e494fd2fd3','01a20025-983b-75ed-bb43-ba69798c4206','01a20025-983c-740a-880f-f0e6196243b6','write_file','notes/hello.txt',NULL,'64ec88ca00b268e5ba1a35678a1b5316d212f4f366b2477232534a8aeca37f3c',NULL,0,11,'2026-11-21T22:06:34.536620Z','2026-11-21T22:06:34.543638Z',NULL);
CREATE TABLE api_tokens (
    id uuid PRIMARY KEY NOT NULL,
    tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    hash text NOT NULL UNIQUE,
    name text NOT NULL,
    scopes text NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz,
    last_used_at timestamptz,
    revoked_at timestamptz
);
CREATE TABLE refresh_tokens (
    hash text PRIMARY KEY NOT NULL,
    family uuid NOT NULL,
    tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    user_epoch bigint NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    revoked_at timestamptz
);
CREATE TABLE search_entries (
    number integer PRIMARY KEY NOT NULL,
    tenant_id uuid NOT NULL,
    user_id uuid NOT NULL,
    conversation_id uuid NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    -- NULL: the title.
    message_id uuid REFERENCES messages (id) ON DELETE CASCADE
);
INSERT INTO search_entries VALUES(1,'01a20025-983b-75ed-bb43-ba69798c4206','01a20025-983c-740a-880f-f0e6196243b6','01a20025-986a-74a4-9e5b-b6c086fed91e',NULL);
INSERT INTO search_entries VALUES(2,'01a20025-983b-75ed-bb43-ba69798c4206','01a20025-983c-740a-880f-f0e6196243b6','01a20025-986a-74a4-9e5b-b6c086fed91e','01a20025-986c-7088-af13-cea43b9eb63a');
INSERT INTO search_entries VALUES(3,'01a20025-983b-75ed-bb43-ba69798c4206','01a20025-983c-740a-880f-f0e6196243b6','01a20025-986a-74a4-9e5b-b6c086fed91e','01a20025-98c0-7299-b5be-6485b2c91692');
INSERT INTO search_entries VALUES(4,'01a20025-983b-75ed-bb43-ba69798c4206','01a20025-983c-740a-880f-f0e6196243b6','01a20025-9b32-7582-b2c8-6c428f3a5fd5',NULL);
INSERT INTO search_entries VALUES(5,'01a20025-983b-75ed-bb43-ba69798c4206','01a20025-983c-740a-880f-f0e6196243b6','01a20025-9b32-7582-b2c8-6c428f3a5fd5','01a20025-9b34-7075-9482-2b4a1378d2e2');
INSERT INTO search_entries VALUES(6,'01a20025-983b-75ed-bb43-ba69798c4206','01a20025-983c-740a-880f-f0e6196243b6','01a20025-9b32-7582-b2c8-6c428f3a5fd5','01a20025-9b52-71f7-bb68-b0df58bbb1fa');
INSERT INTO search_entries VALUES(7,'01a20025-983b-75ed-bb43-ba69798c4206','01a20025-983c-740a-880f-f0e6196243b6','01a20025-9b32-7582-b2c8-6c428f3a5fd5','01a20025-9c5a-75d8-bbc1-6923309709ad');
INSERT INTO search_entries VALUES(8,'01a20025-983b-75ed-bb43-ba69798c4206','01a20025-983c-740a-880f-f0e6196243b6','01a20025-9d21-72ed-b721-5e4a825fb0a6',NULL);
INSERT INTO search_entries VALUES(9,'01a20025-983b-75ed-bb43-ba69798c4206','01a20025-983c-740a-880f-f0e6196243b6','01a20025-9d21-72ed-b721-5e4a825fb0a6','01a20025-9d22-7733-9041-d6cba74c4b70');
INSERT INTO search_entries VALUES(10,'01a20025-983b-75ed-bb43-ba69798c4206','01a20025-983c-740a-880f-f0e6196243b6','01a20025-9d21-72ed-b721-5e4a825fb0a6','01a20025-9d3d-732f-bafd-6fb9ac0d90bc');
INSERT INTO search_entries VALUES(11,'01a20025-983b-75ed-bb43-ba69798c4206','01a20025-983c-740a-880f-f0e6196243b6','01a20025-9d21-72ed-b721-5e4a825fb0a6','01a20025-9e28-77c1-9262-52384bbc2a8d');
INSERT INTO search_entries VALUES(12,'01a20025-983b-75ed-bb43-ba69798c4206','01a20025-983c-740a-880f-f0e6196243b6','01a20025-9f0e-729c-b2c4-5b0ab0d838d1',NULL);
INSERT INTO search_entries VALUES(13,'01a20025-983b-75ed-bb43-ba69798c4206','01a20025-983c-740a-880f-f0e6196243b6','01a20025-9f0e-729c-b2c4-5b0ab0d838d1','01a20025-9f10-7000-8ed9-0dfba21444c7');
INSERT INTO search_entries VALUES(14,'01a20025-983b-75ed-bb43-ba69798c4206','01a20025-983c-740a-880f-f0e6196243b6','01a20025-9f43-71d2-b567-c6e8753e8917',NULL);
INSERT INTO search_entries VALUES(15,'01a20025-983b-75ed-bb43-ba69798c4206','01a20025-983c-740a-880f-f0e6196243b6','01a20025-9f43-71d2-b567-c6e8753e8917','01a20025-9f44-77a9-b4d4-a0b9dc8276ef');
INSERT INTO search_entries VALUES(16,'01a20025-983b-75ed-bb43-ba69798c4206','01a20025-983c-740a-880f-f0e6196243b6','01a20025-9f43-71d2-b567-c6e8753e8917','01a20025-9f60-76a8-acb3-534cd0967dde');
INSERT INTO search_entries VALUES(17,'01a20025-983b-75ed-bb43-ba69798c4206','01a20025-983c-740a-880f-f0e6196243b6','01a20025-a036-72bb-9fe4-e506e7dcfa6b',NULL);
INSERT INTO search_entries VALUES(18,'01a20025-983b-75ed-bb43-ba69798c4206','01a20025-983c-740a-880f-f0e6196243b6','01a20025-a036-72bb-9fe4-e506e7dcfa6b','01a20025-a037-75a5-acd5-44f76251e38e');
INSERT INTO search_entries VALUES(19,'01a20025-983b-75ed-bb43-ba69798c4206','01a20025-983c-740a-880f-f0e6196243b6','01a20025-a036-72bb-9fe4-e506e7dcfa6b','01a20025-a057-7657-b510-542b45069e63');
INSERT INTO search_entries VALUES(20,'01a20025-983b-75ed-bb43-ba69798c4206','01a20025-983c-740a-880f-f0e6196243b6','01a20025-9f0e-729c-b2c4-5b0ab0d838d1','01a20025-9f2a-744b-8162-6a4efc29d09b');
INSERT INTO search_entries VALUES(21,'01a20025-a132-76d2-8251-6bed67c4a901','01a20025-a2db-72bf-85dd-960f0b17144b','01a20025-a4ac-729c-b0cd-08324bb92899',NULL);
INSERT INTO search_entries VALUES(22,'01a20025-a132-76d2-8251-6bed67c4a901','01a20025-a2db-72bf-85dd-960f0b17144b','01a20025-a4ac-729c-b0cd-08324bb92899','01a20025-a4ad-7337-b2cd-b2c5315169a3');
INSERT INTO search_entries VALUES(23,'01a20025-a132-76d2-8251-6bed67c4a901','01a20025-a2db-72bf-85dd-960f0b17144b','01a20025-a4ac-729c-b0cd-08324bb92899','01a20025-a4c6-7102-86c5-f7a2cef476b0');
PRAGMA writable_schema=ON;
INSERT INTO sqlite_schema(type,name,tbl_name,rootpage,sql)VALUES('table','search_words','search_words',0,'CREATE VIRTUAL TABLE search_words USING fts5 (text, tokenize = ''unicode61 remove_diacritics 0'')');
CREATE TABLE IF NOT EXISTS 'search_words_data'(id INTEGER PRIMARY KEY, block BLOB);
INSERT INTO search_words_data VALUES(1,X'178371');
INSERT INTO search_words_data VALUES(10,X'0000000002081700081101010101010201010301010401010501010601010701010000');
INSERT INTO search_words_data VALUES(137438953473,X'0000004e023061110203020466746572110406060107636f6e74656e7411020902057265617465110202010466696c6511020401056e6f746573110205010374787411020701047769746811020804060a0c0a090a08');
INSERT INTO search_words_data VALUES(274877906945,X'0000004e023061120203020466746572120406060107636f6e74656e7412020902057265617465120202010466696c6512020401056e6f746573120205010374787412020701047769746812020804060a0c0a090a08');
INSERT INTO search_words_data VALUES(412316860417,X'0000009102306113020702046674657213021302016d13020302026e6413020a010464656d6f1302050101691304020f01056d6f64656c13020901036e6f741302060402657313021201047265616c130208010373617913020d02016f13020e010374686513020402027874130214010477696c6c1302100302746813020b0204726974651302110104796f757213020c040609060709070a08070908060807090709');
INSERT INTO search_words_data VALUES(549755813889,X'0000022f0430333030140240010161140c1006140e120b02046761696e14025002016d14020e02026e6414024d0305737765727314024903077468726f70696314025302027069140454060205726f756e6414021c0202736b14023c010363616e14041a0602066f6e74656e7414023802057265617465140231010664656369646514023e050473696f6e14022c03026d6f14020501066578706f7274140252010466696c6514023302026f7214042a1f0203726f6d140203010768617070656e731402300204656c6c6f140602350601016914060d122002016e14060a0e3202017314020901036b657914064c0b0601066c6f6e67657214024303026f6b14021b01086d61726b646f776e14022502046f64656c14021201036e6f7414020f0402657314023401066f6c6c616d6114025b02036e6c79140213020570656e61691402570201721404560601077069637475726514020c01047265616c140411390105736179736f14044f100202657414024a02016814025103026f7714021f02016f140217020474616e641402150402727414024e03057265616d73140423240104746578741404212502036861741406180c080301651402040302697314040b2502036f6f6c1402270202727914022d02027874140236010375726c14025c0105776169747314022902036861741404082902036974681404241502046f72647314024104026c6414023a02047269746514023f03036f74651402070103796f7514080615091f04017214022b04080b0906070a0c080a07090b0a0b09070b0908080c0b0808060a0b070d0908070b080a070c0a0b0706070609070b0a0a0608080707080a0909090709080b');
INSERT INTO search_words_data VALUES(687194767361,X'000000260330646f1502030103656174150205010567756c6c731502040104776861741502020407080a');
INSERT INTO search_words_data VALUES(824633720833,X'000000260330646f1602030103656174160205010567756c6c731602040104776861741602020407080a');
INSERT INTO search_words_data VALUES(962072674305,X'00000232043033303017023f010161170c0f06140e120b02046761696e17024f02016d17020d02026e6417024c0305737765727317024803077468726f70696317025202027069170453060205726f756e6417021b0202736b17023b010363616e1704190602066f6e74656e7417023702057265617465170230010664656369646517023d050473696f6e17022b03026d6f17020502016f170209010365617417020b020578706f7274170251010466696c6517023202026f721704291f0203726f6d170203010567756c6c7317020a010768617070656e7317022f0204656c6c6f170602340601016917060c122002016e1704153201036b657917064b0b0601066c6f6e67657217024203026f6b17021a01086d61726b646f776e17022402046f64656c17021101036e6f7417020e0402657317023301066f6c6c616d6117025a02036e6c79170212020570656e61691702560201721704550601047265616c170410390105736179736f17044e100202657417024902016817025003026f7717021e02016f170216020474616e641702140402727417024d03057265616d73170422240104746578741704202502036861741706170c080301651702040302697317022d02036f6f6c1702260202727917022c02027874170235010375726c17025b0105776169747317022802036861741704082802036974681704231502046f72647317024004026c6417023902047269746517023e03036f74651702070103796f7517080614091f04017217022a04080b0906070a0c080a07090b0a0b090706080a0908080a0c0b08070a0b070d0908070b080a070a0b0706070609070b0a0a0607080707080a0909090709080b');
INSERT INTO search_words_data VALUES(2336462209025,X'0000047e043033303003023f010161030c0f06140e120b01020301020301020701021401020301020301020701021903020301020301020702046761696e03024f02026c6c07020a04020f02016d03020d03020304020306020302026e6403024c03020a04020a06020a0305737765727303024803077468726f70696303025202027069030453060205726f756e6403021b0202736b03023b010363616e0304190604020d04021202066f6e74656e7403023701020901020903020901020905020901020902057265617465030230010202010202030202010202050202010202010664656369646503023d050473696f6e03022b03026d6f03020503020501020c03020501021105020503046e69656408020601020601021301020302016f01020301020301020904020e04021303026e6507020201066578706f7274030251010466696c6503023201020401020403020401020405020401020402026c7901020501020501020b02026f720304291f0203726f6d030203010768617070656e7303022f0204656c6c6f0306023406010406060104060601021301020401016903060c12200304020f0404020f0604020f02016e030415320902040102040201730704090b04040e0b010203010203020174070410030404150301036b657903064b0b0601066c6f6e67657203024203026f6b03021a01086d61726b646f776e03022402046f64656c03021103020901021603020901021b05020901056e657665720e0406060104060601021302016f08020a01020a03017403020e030206010213030206010406140502060402657303023301020501020501021201020301020501020501021201020203020501020501021201066f6c6c616d6103025a02036e6c79030212020570656e616903025602017203045506010870656c6963616e7301020401020401020a030472736f6e0b020902066963747572650c020601020601047265616c0304103903020801021503020801021a050208030566757365640b020a030571756573740b020c010373617906020d04020d06020d0402736f03044e100202657403024902016803025003026f7703021e02016f03021603020e04020e06020e020474616e640302140402727403024d03057265616d73030422240104746578740304202502036861740306170c0804020804020d03016503020403020401020b0302040104080a0502040302697303022d08020b01020501020502036f6f6c0302260202727903022c02027874030235010207010207010214010205010207010207010214010204030207010207010214010375726c03025b01057761697473030228030173070206040205020368617403022e09020201020203036572650102020102020102080203696c6c060210040210060210030274680304231501020801020801020b01020f01020801020801020b01021403020801020801020b02046f72647303024004026c6403023901020b01020b02047269746503023e030211040211060211050374656e07020704020703036f74650302070103796f7503080614091f04017203022a03020c04020c06020c04082c090a0f100a0c080a070f1d1c0b09161212070b1b0d08080c19140d110b0a0b070d18120916280b080a0713090e190a0a0e080706070f09070b0a101610080728080a090e0e0e29090d120b080b');
CREATE TABLE IF NOT EXISTS 'search_words_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;
INSERT INTO search_words_idx VALUES(1,X'',2);
INSERT INTO search_words_idx VALUES(2,X'',2);
INSERT INTO search_words_idx VALUES(3,X'',2);
INSERT INTO search_words_idx VALUES(4,X'',2);
INSERT INTO search_words_idx VALUES(5,X'',2);
INSERT INTO search_words_idx VALUES(6,X'',2);
INSERT INTO search_words_idx VALUES(7,X'',2);
INSERT INTO search_words_idx VALUES(17,X'',2);
CREATE TABLE IF NOT EXISTS 'search_words_content'(id INTEGER PRIMARY KEY, c0);
INSERT INTO search_words_content VALUES(1,'where do pelicans fly?');
INSERT INTO search_words_content VALUES(2,'where do pelicans fly?');
INSERT INTO search_words_content VALUES(3,replace('## hello from the demo\n\nyou wrote: “where do pelicans fly?”\n\ni am **not a real model**, only a stand-in so that you can look around. i can show you:\n\n- text that *streams*, with markdown\n- a tool that waits for **your** decision\n\n| try this | what happens |\n|---|---|\n| create a file `notes/hello.txt` with content: hello world | i ask, you decide |\n| write 300 words | a longer text streams in |\n\nfor real answers, set a key and start sayso again:\n\n```sh\nexport anthropic_api_key=…   # or openai_api_key, or ollama_url\nsayso\n```\n','\n',char(10)));
INSERT INTO search_words_content VALUES(4,'create a file `notes/hello.txt` with content: hello world');
INSERT INTO search_words_content VALUES(5,'create a file `notes/hello.txt` with content: hello world');
INSERT INTO search_words_content VALUES(6,'i am the demo, not a real model, and with your say-so i will write `notes/hello.txt`.');
INSERT INTO search_words_content VALUES(7,replace('done: `notes/hello.txt` was written.\n\nthat is all the demo can do with it; it is not a real model.','\n',char(10)));
INSERT INTO search_words_content VALUES(8,'create a file `notes/denied.txt` with content: no');
INSERT INTO search_words_content VALUES(9,'create a file `notes/denied.txt` with content: no');
INSERT INTO search_words_content VALUES(10,'i am the demo, not a real model, and with your say-so i will write `notes/denied.txt`.');
INSERT INTO search_words_content VALUES(11,replace('`notes/denied.txt` was not written: the person refused this request.\n\nthat is all the demo can do with it; it is not a real model.','\n',char(10)));
INSERT INTO search_words_content VALUES(12,'what is in this picture?');
INSERT INTO search_words_content VALUES(13,'what is in this picture?');
INSERT INTO search_words_content VALUES(14,'create a file `notes/never.txt` with content: never');
INSERT INTO search_words_content VALUES(15,'create a file `notes/never.txt` with content: never');
INSERT INTO search_words_content VALUES(16,'i am the demo, not a real model, and with your say-so i will write `notes/never.txt`.');
INSERT INTO search_words_content VALUES(17,'create a file `notes/after.txt` with content: after');
INSERT INTO search_words_content VALUES(18,'create a file `notes/after.txt` with content: after');
INSERT INTO search_words_content VALUES(19,'i am the demo, not a real model, and with your say-so i will write `notes/after.txt`.');
INSERT INTO search_words_content VALUES(20,replace('## hello from the demo\n\nyou wrote: “what is in this picture?”\n\ni am **not a real model**, only a stand-in so that you can look around. i can show you:\n\n- text that *streams*, with markdown\n- a tool that waits for **your** decision\n\n| try this | what happens |\n|---|---|\n| create a file `notes/hello.txt` with content: hello world | i ask, you decide |\n| write 300 words | a longer text streams in |\n\nfor real answers, set a key and start sayso again:\n\n```sh\nexport anthropic_api_key=…   # or openai_api_key, or ollama_url\nsayso\n```\n','\n',char(10)));
INSERT INTO search_words_content VALUES(21,'what do gulls eat?');
INSERT INTO search_words_content VALUES(22,'what do gulls eat?');
INSERT INTO search_words_content VALUES(23,replace('## hello from the demo\n\nyou wrote: “what do gulls eat?”\n\ni am **not a real model**, only a stand-in so that you can look around. i can show you:\n\n- text that *streams*, with markdown\n- a tool that waits for **your** decision\n\n| try this | what happens |\n|---|---|\n| create a file `notes/hello.txt` with content: hello world | i ask, you decide |\n| write 300 words | a longer text streams in |\n\nfor real answers, set a key and start sayso again:\n\n```sh\nexport anthropic_api_key=…   # or openai_api_key, or ollama_url\nsayso\n```\n','\n',char(10)));
CREATE TABLE IF NOT EXISTS 'search_words_docsize'(id INTEGER PRIMARY KEY, sz BLOB);
INSERT INTO search_words_docsize VALUES(1,X'04');
INSERT INTO search_words_docsize VALUES(2,X'04');
INSERT INTO search_words_docsize VALUES(3,X'5b');
INSERT INTO search_words_docsize VALUES(4,X'0a');
INSERT INTO search_words_docsize VALUES(5,X'0a');
INSERT INTO search_words_docsize VALUES(6,X'13');
INSERT INTO search_words_docsize VALUES(7,X'15');
INSERT INTO search_words_docsize VALUES(8,X'09');
INSERT INTO search_words_docsize VALUES(9,X'09');
INSERT INTO search_words_docsize VALUES(10,X'13');
INSERT INTO search_words_docsize VALUES(11,X'1a');
INSERT INTO search_words_docsize VALUES(12,X'05');
INSERT INTO search_words_docsize VALUES(13,X'05');
INSERT INTO search_words_docsize VALUES(14,X'09');
INSERT INTO search_words_docsize VALUES(15,X'09');
INSERT INTO search_words_docsize VALUES(16,X'13');
INSERT INTO search_words_docsize VALUES(17,X'09');
INSERT INTO search_words_docsize VALUES(18,X'09');
INSERT INTO search_words_docsize VALUES(19,X'13');
INSERT INTO search_words_docsize VALUES(20,X'5c');
INSERT INTO search_words_docsize VALUES(21,X'04');
INSERT INTO search_words_docsize VALUES(22,X'04');
INSERT INTO search_words_docsize VALUES(23,X'5b');
CREATE TABLE IF NOT EXISTS 'search_words_config'(k PRIMARY KEY, v) WITHOUT ROWID;
INSERT INTO search_words_config VALUES('version',4);
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
CREATE INDEX api_tokens_of_person ON api_tokens (tenant_id, user_id, created_at);
CREATE INDEX refresh_tokens_of_family ON refresh_tokens (family);
CREATE INDEX refresh_tokens_by_expiry ON refresh_tokens (expires_at);
CREATE INDEX search_entries_of_conversation ON search_entries (conversation_id, message_id);
CREATE INDEX search_entries_of_message ON search_entries (message_id);
CREATE TRIGGER search_title_added AFTER INSERT ON conversations BEGIN
    INSERT INTO search_entries (tenant_id, user_id, conversation_id) VALUES (new.tenant_id, new.user_id, new.id);
    INSERT INTO search_words (rowid, text)
        SELECT number, search_text(new.title) FROM search_entries WHERE conversation_id = new.id AND message_id IS NULL;
END;
CREATE TRIGGER search_title_changed AFTER UPDATE OF title ON conversations BEGIN
    UPDATE search_words SET text = search_text(new.title)
        WHERE rowid = (SELECT number FROM search_entries WHERE conversation_id = new.id AND message_id IS NULL);
END;
CREATE TRIGGER search_message_added AFTER INSERT ON messages WHEN new.role IN ('user', 'assistant') BEGIN
    INSERT INTO search_entries (tenant_id, user_id, conversation_id, message_id)
        SELECT tenant_id, user_id, id, new.id FROM conversations WHERE id = new.conversation_id;
    INSERT INTO search_words (rowid, text)
        SELECT number, (
            SELECT search_text(coalesce(group_concat(json_extract(value, '$.text'), ''), '')) FROM json_each(new.content)
            WHERE json_extract(value, '$.type') = 'text'
        ) FROM search_entries WHERE message_id = new.id;
END;
CREATE TRIGGER search_entry_removed AFTER DELETE ON search_entries BEGIN
    DELETE FROM search_words WHERE rowid = old.number;
END;
PRAGMA writable_schema=OFF;
COMMIT;
