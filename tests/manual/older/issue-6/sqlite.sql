PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE __diesel_schema_migrations (
       version VARCHAR(50) PRIMARY KEY NOT NULL,
       run_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
);
INSERT INTO __diesel_schema_migrations VALUES('00000000000001','2026-11-21 21:53:49');
INSERT INTO __diesel_schema_migrations VALUES('00000000000002','2026-11-21 21:53:49');
INSERT INTO __diesel_schema_migrations VALUES('00000000000003','2026-11-21 21:53:49');
INSERT INTO __diesel_schema_migrations VALUES('00000000000004','2026-11-21 21:53:49');
INSERT INTO __diesel_schema_migrations VALUES('00000000000005','2026-11-21 21:53:49');
INSERT INTO __diesel_schema_migrations VALUES('00000000000006','2026-11-21 21:53:49');
INSERT INTO __diesel_schema_migrations VALUES('00000000000007','2026-11-21 21:53:49');
INSERT INTO __diesel_schema_migrations VALUES('00000000000008','2026-11-21 21:53:49');
INSERT INTO __diesel_schema_migrations VALUES('00000000000009','2026-11-21 21:53:49');
INSERT INTO __diesel_schema_migrations VALUES('00000000000010','2026-11-21 21:53:49');
INSERT INTO __diesel_schema_migrations VALUES('00000000000011','2026-11-21 21:53:49');
INSERT INTO __diesel_schema_migrations VALUES('00000000000012','2026-11-21 21:53:49');
CREATE TABLE tenants (
    id uuid PRIMARY KEY NOT NULL,
    slug text NOT NULL UNIQUE,
    name text NOT NULL,
    is_active boolean NOT NULL DEFAULT true,
    system_prompt text,
    created_at timestamptz NOT NULL
, topics text, approvals_expire_after bigint);
INSERT INTO tenants VALUES('01a20019-f1dd-7693-bf7a-264b728951b9','test-works','Test Works',1,NULL,'2026-11-21T21:53:50.045170Z',NULL,NULL);
INSERT INTO tenants VALUES('01a20019-fad0-7502-b61e-8dca332fcd07','elsewhere','Elsewhere',1,NULL,'2026-11-21T21:53:52.336197Z',NULL,NULL);
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
INSERT INTO users VALUES('01a20019-f1dd-7693-bf7a-264c8869068a','ada@example.org','Ada Lovelace','$2b$12$wCuILAH9Q24wkl2A4vuc1uOKoDGZyFpc/pBe4lfFoE6j5GJUK3b3a',1,1,0,NULL,'2026-11-21T21:53:50.045731Z');
INSERT INTO users VALUES('01a20019-fc6c-7068-988a-ab8247c0e1c9','eve@example.org','eve@example.org','$2b$12$zEh.07W.Ga3JbmKmt9SmuedI6f3E4n4JRRvsDcGJrE/Yd3yiU7ACy',0,1,0,NULL,'2026-11-21T21:53:52.748986Z');
CREATE TABLE memberships (
    tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    role text NOT NULL,
    is_active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, user_id)
);
INSERT INTO memberships VALUES('01a20019-f1dd-7693-bf7a-264b728951b9','01a20019-f1dd-7693-bf7a-264c8869068a','owner',1,'2026-11-21T21:53:50.046017Z');
INSERT INTO memberships VALUES('01a20019-fad0-7502-b61e-8dca332fcd07','01a20019-fc6c-7068-988a-ab8247c0e1c9','owner',1,'2026-11-21T21:53:52.749514Z');
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
INSERT INTO sessions VALUES('01a20019-f1e0-7234-8304-9a1d01249a82','f12b4f8d5778a74203f9664316cefb331654ab409a06bde6086856e7c96f513f','{"address":"\"127.0.0.1\"","epoch":"0","user_agent":"\"Mozilla/5.0 (a person without JavaScript)\"","tenant":"\"01a20019-f1dd-7693-bf7a-264b728951b9\"","user":"\"01a20019-f1dd-7693-bf7a-264c8869068a\"","seen":"1795298030","id":"\"01a20019-f1e0-7234-8304-9a1d01249a82\"","csrf":"\"IUGZKeFiUJ530YOypuVXsD_12y444PoHcVE9SnILmXY\""}','01a20019-f1dd-7693-bf7a-264c8869068a','01a20019-f1dd-7693-bf7a-264b728951b9',0,'Mozilla/5.0 (a person without JavaScript)','127.0.0.1','2026-11-21T21:53:50.049923Z','2026-11-21T21:53:50.049923Z','2026-12-05T21:53:50.049923Z');
INSERT INTO sessions VALUES('01a20019-fdfc-7791-a994-e988dc6e43af','3f076cc56dfcda82a1c43333d4d5068414713069e0862158c93025dea54663b6','{"user":"\"01a20019-fc6c-7068-988a-ab8247c0e1c9\"","id":"\"01a20019-fdfc-7791-a994-e988dc6e43af\"","tenant":"\"01a20019-fad0-7502-b61e-8dca332fcd07\"","csrf":"\"7UCC3VmPZpb5jJ8l_6ZPVc778M3jayQh0ZKcRJ0wgNQ\"","user_agent":"\"Mozilla/5.0 (a person without JavaScript)\"","epoch":"0","seen":"1795298033","address":"\"127.0.0.1\""}','01a20019-fc6c-7068-988a-ab8247c0e1c9','01a20019-fad0-7502-b61e-8dca332fcd07',0,'Mozilla/5.0 (a person without JavaScript)','127.0.0.1','2026-11-21T21:53:53.149656Z','2026-11-21T21:53:53.149656Z','2026-12-05T21:53:53.149656Z');
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
INSERT INTO conversations VALUES('01a20019-f206-7756-a606-a217402c752c','01a20019-f1dd-7693-bf7a-264b728951b9','01a20019-f1dd-7693-bf7a-264c8869068a','chat','Where do pelicans fly?','first_words',NULL,NULL,NULL,2,'2026-11-21T21:53:50.086450Z','2026-11-21T21:53:50.696242Z',NULL,1);
INSERT INTO conversations VALUES('01a20019-f4c4-71e6-9c4c-b4692fdecb2b','01a20019-f1dd-7693-bf7a-264b728951b9','01a20019-f1dd-7693-bf7a-264c8869068a','chat','Create a file `notes/hello.txt` with content: Hello world','first_words',NULL,NULL,NULL,4,'2026-11-21T21:53:50.788420Z','2026-11-21T21:53:51.264271Z',NULL,1);
INSERT INTO conversations VALUES('01a20019-f6d4-746f-a429-4e54d6a6927d','01a20019-f1dd-7693-bf7a-264b728951b9','01a20019-f1dd-7693-bf7a-264c8869068a','chat','Create a file `notes/denied.txt` with content: No','first_words',NULL,NULL,NULL,4,'2026-11-21T21:53:51.316161Z','2026-11-21T21:53:51.735241Z',NULL,1);
INSERT INTO conversations VALUES('01a20019-f8ac-75cd-ac84-fe164de8f8a2','01a20019-f1dd-7693-bf7a-264b728951b9','01a20019-f1dd-7693-bf7a-264c8869068a','chat','What is in this picture?','first_words',NULL,NULL,NULL,2,'2026-11-21T21:53:51.788302Z','2026-11-21T21:53:52.391154Z',NULL,1);
INSERT INTO conversations VALUES('01a20019-f8e5-761c-8162-44202fc57041','01a20019-f1dd-7693-bf7a-264b728951b9','01a20019-f1dd-7693-bf7a-264c8869068a','chat','Create a file `notes/never.txt` with content: Never','first_words',NULL,NULL,'01a20019-f8e6-74a1-a68b-dd6dc9407a09',2,'2026-11-21T21:53:51.845767Z','2026-11-21T21:53:51.987464Z',NULL,1);
INSERT INTO conversations VALUES('01a20019-f9d6-7765-b4cc-82194c724379','01a20019-f1dd-7693-bf7a-264b728951b9','01a20019-f1dd-7693-bf7a-264c8869068a','chat','Create a file `notes/after.txt` with content: After','first_words',NULL,NULL,'01a20019-f9d7-7297-9169-9bbd365b4aa1',2,'2026-11-21T21:53:52.086845Z','2026-11-21T21:53:52.237183Z',NULL,1);
INSERT INTO conversations VALUES('01a20019-fe26-72fb-a78f-cbab23dee521','01a20019-fad0-7502-b61e-8dca332fcd07','01a20019-fc6c-7068-988a-ab8247c0e1c9','chat','What do gulls eat?','first_words',NULL,NULL,NULL,2,'2026-11-21T21:53:53.190295Z','2026-11-21T21:53:53.784241Z',NULL,1);
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
INSERT INTO turns VALUES('01a20019-f207-7347-9c65-847ae903d492','01a20019-f1dd-7693-bf7a-264b728951b9','01a20019-f1dd-7693-bf7a-264c8869068a','01a20019-f206-7756-a606-a217402c752c','completed',NULL,NULL,NULL,1,NULL,0,1,0,9,'01a20019f1fc7229a66d45a0928ae460','2026-11-21T21:53:50.087800Z','2026-11-21T21:53:50.698295Z');
INSERT INTO turns VALUES('01a20019-f4c4-71e6-9c4c-b46ac8cdd2e8','01a20019-f1dd-7693-bf7a-264b728951b9','01a20019-f1dd-7693-bf7a-264c8869068a','01a20019-f4c4-71e6-9c4c-b4692fdecb2b','completed',NULL,NULL,NULL,2,NULL,0,2,0,18,'01a20019f4b770d69af2fe34198e8f4c','2026-11-21T21:53:50.789327Z','2026-11-21T21:53:51.265459Z');
INSERT INTO turns VALUES('01a20019-f6d4-746f-a429-4e55b232764e','01a20019-f1dd-7693-bf7a-264b728951b9','01a20019-f1dd-7693-bf7a-264c8869068a','01a20019-f6d4-746f-a429-4e54d6a6927d','completed',NULL,NULL,NULL,2,NULL,0,2,1,15,'01a20019f6cb72218edb1cef1a6f4046','2026-11-21T21:53:51.317040Z','2026-11-21T21:53:51.737098Z');
INSERT INTO turns VALUES('01a20019-f8ac-75cd-ac84-fe178e4ae2f9','01a20019-f1dd-7693-bf7a-264b728951b9','01a20019-f1dd-7693-bf7a-264c8869068a','01a20019-f8ac-75cd-ac84-fe164de8f8a2','completed',NULL,NULL,NULL,1,NULL,0,1,0,8,'01a20019f89e765d8a4fd5747b1d2271','2026-11-21T21:53:51.789015Z','2026-11-21T21:53:52.393472Z');
INSERT INTO turns VALUES('01a20019-f8e6-74a1-a68b-dd6dc9407a09','01a20019-f1dd-7693-bf7a-264b728951b9','01a20019-f1dd-7693-bf7a-264c8869068a','01a20019-f8e5-761c-8162-44202fc57041','awaiting_approval',NULL,NULL,NULL,1,NULL,0,1,0,8,'01a20019f8dc720c9d0428a6aa770bf7','2026-11-21T21:53:51.846586Z',NULL);
INSERT INTO turns VALUES('01a20019-f9d7-7297-9169-9bbd365b4aa1','01a20019-f1dd-7693-bf7a-264b728951b9','01a20019-f1dd-7693-bf7a-264c8869068a','01a20019-f9d6-7765-b4cc-82194c724379','awaiting_approval',NULL,NULL,NULL,1,NULL,0,1,0,8,'01a20019f9c67098b1bca94bc2c005b6','2026-11-21T21:53:52.088151Z',NULL);
INSERT INTO turns VALUES('01a20019-fe26-72fb-a78f-cbac7b5cd9d7','01a20019-fad0-7502-b61e-8dca332fcd07','01a20019-fc6c-7068-988a-ab8247c0e1c9','01a20019-fe26-72fb-a78f-cbab23dee521','completed',NULL,NULL,NULL,1,NULL,0,1,0,8,'01a20019fe1a758490892d4c299252ff','2026-11-21T21:53:53.191221Z','2026-11-21T21:53:53.785884Z');
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
INSERT INTO messages VALUES('01a20019-f208-71d1-b9b1-8d044265f61c','01a20019-f1dd-7693-bf7a-264b728951b9','01a20019-f206-7756-a606-a217402c752c','01a20019-f207-7347-9c65-847ae903d492',1,'user','complete','[{"type":"text","text":"Where do pelicans fly?"}]',NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,'2026-11-21T21:53:50.088818Z',NULL);
INSERT INTO messages VALUES('01a20019-f227-701c-9327-0a8bb5afd647','01a20019-f1dd-7693-bf7a-264b728951b9','01a20019-f206-7756-a606-a217402c752c','01a20019-f207-7347-9c65-847ae903d492',2,'assistant','complete','[{"type":"text","text":"## Hello from the demo\n\nYou wrote: “Where do pelicans fly?”\n\nI am **not a real model**, only a stand-in so that you can look around. I can show you:\n\n- text that *streams*, with Markdown\n- a tool that waits for **your** decision\n\n| Try this | What happens |\n|---|---|\n| Create a file `notes/hello.txt` with content: Hello world | I ask, you decide |\n| Write 300 words | A longer text streams in |\n\nFor real answers, set a key and start Sayso again:\n\n```sh\nexport ANTHROPIC_API_KEY=…   # or OPENAI_API_KEY, or OLLAMA_URL\nsayso\n```\n"}]','demo','demo','end_turn',2370,135,0,1,NULL,'2026-11-21T21:53:50.696584Z',NULL);
INSERT INTO messages VALUES('01a20019-f4c5-77d0-86e0-efc792ba8564','01a20019-f1dd-7693-bf7a-264b728951b9','01a20019-f4c4-71e6-9c4c-b4692fdecb2b','01a20019-f4c4-71e6-9c4c-b46ac8cdd2e8',1,'user','complete','[{"type":"text","text":"Create a file `notes/hello.txt` with content: Hello world"}]',NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,'2026-11-21T21:53:50.789961Z',NULL);
INSERT INTO messages VALUES('01a20019-f4e6-7326-acab-43f0fac4e696','01a20019-f1dd-7693-bf7a-264b728951b9','01a20019-f4c4-71e6-9c4c-b4692fdecb2b','01a20019-f4c4-71e6-9c4c-b46ac8cdd2e8',2,'assistant','complete','[{"type":"text","text":"I am the demo, not a real model, and with your say-so I will write `notes/hello.txt`."},{"type":"tool_use","id":"01a20019-f548-731a-b725-e70ea76428cc","name":"write_file","input":"{\"path\":\"notes/hello.txt\",\"content\":\"Hello world\"}"}]','demo','demo','tool_use',2379,37,0,1,NULL,'2026-11-21T21:53:50.955806Z',NULL);
INSERT INTO messages VALUES('01a20019-f548-731a-b725-e70ea76428cc','01a20019-f1dd-7693-bf7a-264b728951b9','01a20019-f4c4-71e6-9c4c-b4692fdecb2b','01a20019-f4c4-71e6-9c4c-b46ac8cdd2e8',3,'tool','complete','[{"type":"tool_result","tool_call_id":"01a20019-f548-731a-b725-e70ea76428cc","text":"Wrote 11 bytes to notes/hello.txt.","is_error":false}]',NULL,NULL,NULL,NULL,NULL,NULL,0,'01a20019-f548-731a-b725-e70ea76428cc','2026-11-21T21:53:51.115827Z',NULL);
INSERT INTO messages VALUES('01a20019-f637-7796-91d5-aaca06473b55','01a20019-f1dd-7693-bf7a-264b728951b9','01a20019-f4c4-71e6-9c4c-b4692fdecb2b','01a20019-f4c4-71e6-9c4c-b46ac8cdd2e8',4,'assistant','complete','[{"type":"text","text":"Done: `notes/hello.txt` was written.\n\nThat is all the demo can do with it; it is not a real model."}]','demo','demo','end_turn',2432,25,0,1,NULL,'2026-11-21T21:53:51.264633Z',NULL);
INSERT INTO messages VALUES('01a20019-f6d5-76ce-be80-923e50bd5163','01a20019-f1dd-7693-bf7a-264b728951b9','01a20019-f6d4-746f-a429-4e54d6a6927d','01a20019-f6d4-746f-a429-4e55b232764e',1,'user','complete','[{"type":"text","text":"Create a file `notes/denied.txt` with content: No"}]',NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,'2026-11-21T21:53:51.317781Z',NULL);
INSERT INTO messages VALUES('01a20019-f6ef-757f-8e39-8775c02f96a1','01a20019-f1dd-7693-bf7a-264b728951b9','01a20019-f6d4-746f-a429-4e54d6a6927d','01a20019-f6d4-746f-a429-4e55b232764e',2,'assistant','complete','[{"type":"text","text":"I am the demo, not a real model, and with your say-so I will write `notes/denied.txt`."},{"type":"tool_use","id":"01a20019-f751-73ec-b124-2134473674e1","name":"write_file","input":"{\"path\":\"notes/denied.txt\",\"content\":\"No\"}"}]','demo','demo','tool_use',2377,35,0,1,NULL,'2026-11-21T21:53:51.455996Z',NULL);
INSERT INTO messages VALUES('01a20019-f751-73ec-b124-2134473674e1','01a20019-f1dd-7693-bf7a-264b728951b9','01a20019-f6d4-746f-a429-4e54d6a6927d','01a20019-f6d4-746f-a429-4e55b232764e',3,'tool','complete','[{"type":"tool_result","tool_call_id":"01a20019-f751-73ec-b124-2134473674e1","text":"The person refused this request.","is_error":true}]',NULL,NULL,NULL,NULL,NULL,NULL,0,'01a20019-f751-73ec-b124-2134473674e1','2026-11-21T21:53:51.545177Z',NULL);
INSERT INTO messages VALUES('01a20019-f7e9-723e-8aef-2eb2ab63626b','01a20019-f1dd-7693-bf7a-264b728951b9','01a20019-f6d4-746f-a429-4e54d6a6927d','01a20019-f6d4-746f-a429-4e55b232764e',4,'assistant','complete','[{"type":"text","text":"`notes/denied.txt` was not written: The person refused this request.\n\nThat is all the demo can do with it; it is not a real model."}]','demo','demo','end_turn',2428,33,0,1,NULL,'2026-11-21T21:53:51.735641Z',NULL);
INSERT INTO messages VALUES('01a20019-f8ae-700e-bb2a-ff3cbb1d9841','01a20019-f1dd-7693-bf7a-264b728951b9','01a20019-f8ac-75cd-ac84-fe164de8f8a2','01a20019-f8ac-75cd-ac84-fe178e4ae2f9',1,'user','complete','[{"type":"image","number":1,"media_type":"image/png","name":"picture.png","width":64,"height":48},{"type":"text","text":"What is in this picture?"}]',NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,'2026-11-21T21:53:51.790987Z',NULL);
INSERT INTO messages VALUES('01a20019-f8e6-74a1-a68b-dd6ef9b8143c','01a20019-f1dd-7693-bf7a-264b728951b9','01a20019-f8e5-761c-8162-44202fc57041','01a20019-f8e6-74a1-a68b-dd6dc9407a09',1,'user','complete','[{"type":"text","text":"Create a file `notes/never.txt` with content: Never"}]',NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,'2026-11-21T21:53:51.847317Z',NULL);
INSERT INTO messages VALUES('01a20019-f905-74f3-895f-c4bcf4a7f0dd','01a20019-f1dd-7693-bf7a-264b728951b9','01a20019-f8e5-761c-8162-44202fc57041','01a20019-f8e6-74a1-a68b-dd6dc9407a09',2,'assistant','complete','[{"type":"text","text":"I am the demo, not a real model, and with your say-so I will write `notes/never.txt`."},{"type":"tool_use","id":"01a20019-f968-71e4-80eb-baabb8ef9626","name":"write_file","input":"{\"path\":\"notes/never.txt\",\"content\":\"Never\"}"}]','demo','demo','tool_use',2378,35,0,1,NULL,'2026-11-21T21:53:51.987905Z',NULL);
INSERT INTO messages VALUES('01a20019-f9d8-7125-a5c2-01a27f817763','01a20019-f1dd-7693-bf7a-264b728951b9','01a20019-f9d6-7765-b4cc-82194c724379','01a20019-f9d7-7297-9169-9bbd365b4aa1',1,'user','complete','[{"type":"text","text":"Create a file `notes/after.txt` with content: After"}]',NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,'2026-11-21T21:53:52.089321Z',NULL);
INSERT INTO messages VALUES('01a20019-f9fa-7561-ba70-3c54e0f90651','01a20019-f1dd-7693-bf7a-264b728951b9','01a20019-f9d6-7765-b4cc-82194c724379','01a20019-f9d7-7297-9169-9bbd365b4aa1',2,'assistant','complete','[{"type":"text","text":"I am the demo, not a real model, and with your say-so I will write `notes/after.txt`."},{"type":"tool_use","id":"01a20019-fa5c-7666-9fa0-e746c2f39231","name":"write_file","input":"{\"path\":\"notes/after.txt\",\"content\":\"After\"}"}]','demo','demo','tool_use',2378,35,0,1,NULL,'2026-11-21T21:53:52.237694Z',NULL);
INSERT INTO messages VALUES('01a20019-f8cb-7538-a5be-33cf9c5494b0','01a20019-f1dd-7693-bf7a-264b728951b9','01a20019-f8ac-75cd-ac84-fe164de8f8a2','01a20019-f8ac-75cd-ac84-fe178e4ae2f9',2,'assistant','complete','[{"type":"text","text":"## Hello from the demo\n\nYou wrote: “What is in this picture?”\n\nI am **not a real model**, only a stand-in so that you can look around. I can show you:\n\n- text that *streams*, with Markdown\n- a tool that waits for **your** decision\n\n| Try this | What happens |\n|---|---|\n| Create a file `notes/hello.txt` with content: Hello world | I ask, you decide |\n| Write 300 words | A longer text streams in |\n\nFor real answers, set a key and start Sayso again:\n\n```sh\nexport ANTHROPIC_API_KEY=…   # or OPENAI_API_KEY, or OLLAMA_URL\nsayso\n```\n"}]','demo','demo','end_turn',2379,136,0,1,NULL,'2026-11-21T21:53:52.391787Z',NULL);
INSERT INTO messages VALUES('01a20019-fe27-740e-ad70-175cbf491465','01a20019-fad0-7502-b61e-8dca332fcd07','01a20019-fe26-72fb-a78f-cbab23dee521','01a20019-fe26-72fb-a78f-cbac7b5cd9d7',1,'user','complete','[{"type":"text","text":"What do gulls eat?"}]',NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,'2026-11-21T21:53:53.191943Z',NULL);
INSERT INTO messages VALUES('01a20019-fe43-7627-9709-4aebe9500256','01a20019-fad0-7502-b61e-8dca332fcd07','01a20019-fe26-72fb-a78f-cbab23dee521','01a20019-fe26-72fb-a78f-cbac7b5cd9d7',2,'assistant','complete','[{"type":"text","text":"## Hello from the demo\n\nYou wrote: “What do gulls eat?”\n\nI am **not a real model**, only a stand-in so that you can look around. I can show you:\n\n- text that *streams*, with Markdown\n- a tool that waits for **your** decision\n\n| Try this | What happens |\n|---|---|\n| Create a file `notes/hello.txt` with content: Hello world | I ask, you decide |\n| Write 300 words | A longer text streams in |\n\nFor real answers, set a key and start Sayso again:\n\n```sh\nexport ANTHROPIC_API_KEY=…   # or OPENAI_API_KEY, or OLLAMA_URL\nsayso\n```\n"}]','demo','demo','end_turn',2369,134,0,1,NULL,'2026-11-21T21:53:53.784682Z',NULL);
CREATE TABLE turn_events (
    turn_id uuid NOT NULL REFERENCES turns (id) ON DELETE CASCADE,
    seq bigint NOT NULL,
    tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    about uuid,
    payload text NOT NULL,
    PRIMARY KEY (turn_id, seq)
);
INSERT INTO turn_events VALUES('01a20019-f207-7347-9c65-847ae903d492',1,'01a20019-f1dd-7693-bf7a-264b728951b9',NULL,'{"event":"message","message":{"id":"01a20019-f208-71d1-b9b1-8d044265f61c","turn_id":"01a20019-f207-7347-9c65-847ae903d492","position":1,"role":"user","state":"complete","content":[{"type":"text","text":"Where do pelicans fly?"}],"provider":null,"model":null,"stop_reason":null,"usage":null,"tool_call_id":null,"created_at":"2026-11-21T21:53:50.088818Z"}}');
INSERT INTO turn_events VALUES('01a20019-f207-7347-9c65-847ae903d492',2,'01a20019-f1dd-7693-bf7a-264b728951b9',NULL,'{"event":"turn","turn":{"id":"01a20019-f207-7347-9c65-847ae903d492","state":"running","failure":null,"epoch":1}}');
INSERT INTO turn_events VALUES('01a20019-f207-7347-9c65-847ae903d492',7,'01a20019-f1dd-7693-bf7a-264b728951b9',NULL,'{"event":"message","message":{"id":"01a20019-f227-701c-9327-0a8bb5afd647","turn_id":"01a20019-f207-7347-9c65-847ae903d492","position":2,"role":"assistant","state":"complete","content":[{"type":"text","text":"## Hello from the demo\n\nYou wrote: “Where do pelicans fly?”\n\nI am **not a real model**, only a stand-in so that you can look around. I can show you:\n\n- text that *streams*, with Markdown\n- a tool that waits for **your** decision\n\n| Try this | What happens |\n|---|---|\n| Create a file `notes/hello.txt` with content: Hello world | I ask, you decide |\n| Write 300 words | A longer text streams in |\n\nFor real answers, set a key and start Sayso again:\n\n```sh\nexport ANTHROPIC_API_KEY=…   # or OPENAI_API_KEY, or OLLAMA_URL\nsayso\n```\n"}],"provider":"demo","model":"demo","stop_reason":"end_turn","usage":{"input_tokens":2370,"output_tokens":135,"cached_tokens":0,"estimated":true},"tool_call_id":null,"created_at":"2026-11-21T21:53:50.696584Z"}}');
INSERT INTO turn_events VALUES('01a20019-f207-7347-9c65-847ae903d492',8,'01a20019-f1dd-7693-bf7a-264b728951b9',NULL,'{"event":"turn","turn":{"id":"01a20019-f207-7347-9c65-847ae903d492","state":"completed","failure":null,"epoch":1}}');
INSERT INTO turn_events VALUES('01a20019-f4c4-71e6-9c4c-b46ac8cdd2e8',1,'01a20019-f1dd-7693-bf7a-264b728951b9',NULL,'{"event":"message","message":{"id":"01a20019-f4c5-77d0-86e0-efc792ba8564","turn_id":"01a20019-f4c4-71e6-9c4c-b46ac8cdd2e8","position":1,"role":"user","state":"complete","content":[{"type":"text","text":"Create a file `notes/hello.txt` with content: Hello world"}],"provider":null,"model":null,"stop_reason":null,"usage":null,"tool_call_id":null,"created_at":"2026-11-21T21:53:50.789961Z"}}');
INSERT INTO turn_events VALUES('01a20019-f4c4-71e6-9c4c-b46ac8cdd2e8',2,'01a20019-f1dd-7693-bf7a-264b728951b9',NULL,'{"event":"turn","turn":{"id":"01a20019-f4c4-71e6-9c4c-b46ac8cdd2e8","state":"running","failure":null,"epoch":1}}');
INSERT INTO turn_events VALUES('01a20019-f4c4-71e6-9c4c-b46ac8cdd2e8',5,'01a20019-f1dd-7693-bf7a-264b728951b9',NULL,'{"event":"message","message":{"id":"01a20019-f4e6-7326-acab-43f0fac4e696","turn_id":"01a20019-f4c4-71e6-9c4c-b46ac8cdd2e8","position":2,"role":"assistant","state":"complete","content":[{"type":"text","text":"I am the demo, not a real model, and with your say-so I will write `notes/hello.txt`."},{"type":"tool_use","id":"01a20019-f548-731a-b725-e70ea76428cc","name":"write_file","input":"{\"path\":\"notes/hello.txt\",\"content\":\"Hello world\"}"}],"provider":"demo","model":"demo","stop_reason":"tool_use","usage":{"input_tokens":2379,"output_tokens":37,"cached_tokens":0,"estimated":true},"tool_call_id":null,"created_at":"2026-11-21T21:53:50.955806Z"}}');
INSERT INTO turn_events VALUES('01a20019-f4c4-71e6-9c4c-b46ac8cdd2e8',6,'01a20019-f1dd-7693-bf7a-264b728951b9',NULL,'{"event":"tool_call","call":{"id":"01a20019-f548-731a-b725-e70ea76428cc","conversation_id":"01a20019-f4c4-71e6-9c4c-b4692fdecb2b","turn_id":"01a20019-f4c4-71e6-9c4c-b46ac8cdd2e8","message_id":"01a20019-f4e6-7326-acab-43f0fac4e696","ordinal":0,"server":"sayso","name":"write_file","arguments":"{\"path\":\"notes/hello.txt\",\"content\":\"Hello world\"}","asked_arguments":null,"preview":{"target":"notes/hello.txt","precondition":"absent","difference":{"is_new":true,"lines":[{"kind":"added","text":"Hello world"}],"omitted":0},"bounds":[{"kind":"same"},{"kind":"below","value":"notes"}]},"digest":"7ead2ba066feb8055066b0ad78a971f7ea4b451b44a21f84dfa824825c2ccc53","state":"pending","reason":null,"outcome":null}}');
INSERT INTO turn_events VALUES('01a20019-f4c4-71e6-9c4c-b46ac8cdd2e8',7,'01a20019-f1dd-7693-bf7a-264b728951b9',NULL,'{"event":"turn","turn":{"id":"01a20019-f4c4-71e6-9c4c-b46ac8cdd2e8","state":"awaiting_approval","failure":null,"epoch":1}}');
INSERT INTO turn_events VALUES('01a20019-f4c4-71e6-9c4c-b46ac8cdd2e8',8,'01a20019-f1dd-7693-bf7a-264b728951b9',NULL,'{"event":"tool_call","call":{"id":"01a20019-f548-731a-b725-e70ea76428cc","conversation_id":"01a20019-f4c4-71e6-9c4c-b4692fdecb2b","turn_id":"01a20019-f4c4-71e6-9c4c-b46ac8cdd2e8","message_id":"01a20019-f4e6-7326-acab-43f0fac4e696","ordinal":0,"server":"sayso","name":"write_file","arguments":"{\"path\":\"notes/hello.txt\",\"content\":\"Hello world\"}","asked_arguments":null,"preview":{"target":"notes/hello.txt","precondition":"absent","difference":{"is_new":true,"lines":[{"kind":"added","text":"Hello world"}],"omitted":0},"bounds":[{"kind":"same"},{"kind":"below","value":"notes"}]},"digest":"7ead2ba066feb8055066b0ad78a971f7ea4b451b44a21f84dfa824825c2ccc53","state":"approved","decision":"approve","reason":null,"outcome":null}}');
INSERT INTO turn_events VALUES('01a20019-f4c4-71e6-9c4c-b46ac8cdd2e8',9,'01a20019-f1dd-7693-bf7a-264b728951b9',NULL,'{"event":"turn","turn":{"id":"01a20019-f4c4-71e6-9c4c-b46ac8cdd2e8","state":"running","failure":null,"epoch":2}}');
INSERT INTO turn_events VALUES('01a20019-f4c4-71e6-9c4c-b46ac8cdd2e8',10,'01a20019-f1dd-7693-bf7a-264b728951b9',NULL,'{"event":"tool_call","call":{"id":"01a20019-f548-731a-b725-e70ea76428cc","conversation_id":"01a20019-f4c4-71e6-9c4c-b4692fdecb2b","turn_id":"01a20019-f4c4-71e6-9c4c-b46ac8cdd2e8","message_id":"01a20019-f4e6-7326-acab-43f0fac4e696","ordinal":0,"server":"sayso","name":"write_file","arguments":"{\"path\":\"notes/hello.txt\",\"content\":\"Hello world\"}","asked_arguments":null,"preview":{"target":"notes/hello.txt","precondition":"absent","difference":{"is_new":true,"lines":[{"kind":"added","text":"Hello world"}],"omitted":0},"bounds":[{"kind":"same"},{"kind":"below","value":"notes"}]},"digest":"7ead2ba066feb8055066b0ad78a971f7ea4b451b44a21f84dfa824825c2ccc53","state":"running","decision":"approve","reason":null,"outcome":null}}');
INSERT INTO turn_events VALUES('01a20019-f4c4-71e6-9c4c-b46ac8cdd2e8',11,'01a20019-f1dd-7693-bf7a-264b728951b9',NULL,'{"event":"tool_chunk","id":"01a20019-f548-731a-b725-e70ea76428cc","chunk":"Hello world"}');
INSERT INTO turn_events VALUES('01a20019-f4c4-71e6-9c4c-b46ac8cdd2e8',12,'01a20019-f1dd-7693-bf7a-264b728951b9',NULL,'{"event":"tool_call","call":{"id":"01a20019-f548-731a-b725-e70ea76428cc","conversation_id":"01a20019-f4c4-71e6-9c4c-b4692fdecb2b","turn_id":"01a20019-f4c4-71e6-9c4c-b46ac8cdd2e8","message_id":"01a20019-f4e6-7326-acab-43f0fac4e696","ordinal":0,"server":"sayso","name":"write_file","arguments":"{\"path\":\"notes/hello.txt\",\"content\":\"Hello world\"}","asked_arguments":null,"preview":{"target":"notes/hello.txt","precondition":"absent","difference":{"is_new":true,"lines":[{"kind":"added","text":"Hello world"}],"omitted":0},"bounds":[{"kind":"same"},{"kind":"below","value":"notes"}]},"digest":"7ead2ba066feb8055066b0ad78a971f7ea4b451b44a21f84dfa824825c2ccc53","state":"succeeded","decision":"approve","reason":null,"outcome":{"text":"Wrote 11 bytes to notes/hello.txt.","error_code":null},"undo":"possible"}}');
INSERT INTO turn_events VALUES('01a20019-f4c4-71e6-9c4c-b46ac8cdd2e8',13,'01a20019-f1dd-7693-bf7a-264b728951b9',NULL,'{"event":"message","message":{"id":"01a20019-f548-731a-b725-e70ea76428cc","turn_id":"01a20019-f4c4-71e6-9c4c-b46ac8cdd2e8","position":3,"role":"tool","state":"complete","content":[{"type":"tool_result","tool_call_id":"01a20019-f548-731a-b725-e70ea76428cc","text":"Wrote 11 bytes to notes/hello.txt.","is_error":false}],"provider":null,"model":null,"stop_reason":null,"usage":null,"tool_call_id":"01a20019-f548-731a-b725-e70ea76428cc","created_at":"2026-11-21T21:53:51.115827Z"}}');
INSERT INTO turn_events VALUES('01a20019-f4c4-71e6-9c4c-b46ac8cdd2e8',16,'01a20019-f1dd-7693-bf7a-264b728951b9',NULL,'{"event":"message","message":{"id":"01a20019-f637-7796-91d5-aaca06473b55","turn_id":"01a20019-f4c4-71e6-9c4c-b46ac8cdd2e8","position":4,"role":"assistant","state":"complete","content":[{"type":"text","text":"Done: `notes/hello.txt` was written.\n\nThat is all the demo can do with it; it is not a real model."}],"provider":"demo","model":"demo","stop_reason":"end_turn","usage":{"input_tokens":2432,"output_tokens":25,"cached_tokens":0,"estimated":true},"tool_call_id":null,"created_at":"2026-11-21T21:53:51.264633Z"}}');
INSERT INTO turn_events VALUES('01a20019-f4c4-71e6-9c4c-b46ac8cdd2e8',17,'01a20019-f1dd-7693-bf7a-264b728951b9',NULL,'{"event":"turn","turn":{"id":"01a20019-f4c4-71e6-9c4c-b46ac8cdd2e8","state":"completed","failure":null,"epoch":2}}');
INSERT INTO turn_events VALUES('01a20019-f6d4-746f-a429-4e55b232764e',1,'01a20019-f1dd-7693-bf7a-264b728951b9',NULL,'{"event":"message","message":{"id":"01a20019-f6d5-76ce-be80-923e50bd5163","turn_id":"01a20019-f6d4-746f-a429-4e55b232764e","position":1,"role":"user","state":"complete","content":[{"type":"text","text":"Create a file `notes/denied.txt` with content: No"}],"provider":null,"model":null,"stop_reason":null,"usage":null,"tool_call_id":null,"created_at":"2026-11-21T21:53:51.317781Z"}}');
INSERT INTO turn_events VALUES('01a20019-f6d4-746f-a429-4e55b232764e',2,'01a20019-f1dd-7693-bf7a-264b728951b9',NULL,'{"event":"turn","turn":{"id":"01a20019-f6d4-746f-a429-4e55b232764e","state":"running","failure":null,"epoch":1}}');
INSERT INTO turn_events VALUES('01a20019-f6d4-746f-a429-4e55b232764e',5,'01a20019-f1dd-7693-bf7a-264b728951b9',NULL,'{"event":"message","message":{"id":"01a20019-f6ef-757f-8e39-8775c02f96a1","turn_id":"01a20019-f6d4-746f-a429-4e55b232764e","position":2,"role":"assistant","state":"complete","content":[{"type":"text","text":"I am the demo, not a real model, and with your say-so I will write `notes/denied.txt`."},{"type":"tool_use","id":"01a20019-f751-73ec-b124-2134473674e1","name":"write_file","input":"{\"path\":\"notes/denied.txt\",\"content\":\"No\"}"}],"provider":"demo","model":"demo","stop_reason":"tool_use","usage":{"input_tokens":2377,"output_tokens":35,"cached_tokens":0,"estimated":true},"tool_call_id":null,"created_at":"2026-11-21T21:53:51.455996Z"}}');
INSERT INTO turn_events VALUES('01a20019-f6d4-746f-a429-4e55b232764e',6,'01a20019-f1dd-7693-bf7a-264b728951b9',NULL,'{"event":"tool_call","call":{"id":"01a20019-f751-73ec-b124-2134473674e1","conversation_id":"01a20019-f6d4-746f-a429-4e54d6a6927d","turn_id":"01a20019-f6d4-746f-a429-4e55b232764e","message_id":"01a20019-f6ef-757f-8e39-8775c02f96a1","ordinal":0,"server":"sayso","name":"write_file","arguments":"{\"path\":\"notes/denied.txt\",\"content\":\"No\"}","asked_arguments":null,"preview":{"target":"notes/denied.txt","precondition":"absent","difference":{"is_new":true,"lines":[{"kind":"added","text":"No"}],"omitted":0},"bounds":[{"kind":"same"},{"kind":"below","value":"notes"}]},"digest":"d5b167674405d382a96920e4e46972575d02e8a5aa928978c9e60ff12877a9c0","state":"pending","reason":null,"outcome":null}}');
INSERT INTO turn_events VALUES('01a20019-f6d4-746f-a429-4e55b232764e',7,'01a20019-f1dd-7693-bf7a-264b728951b9',NULL,'{"event":"turn","turn":{"id":"01a20019-f6d4-746f-a429-4e55b232764e","state":"awaiting_approval","failure":null,"epoch":1}}');
INSERT INTO turn_events VALUES('01a20019-f6d4-746f-a429-4e55b232764e',8,'01a20019-f1dd-7693-bf7a-264b728951b9',NULL,'{"event":"tool_call","call":{"id":"01a20019-f751-73ec-b124-2134473674e1","conversation_id":"01a20019-f6d4-746f-a429-4e54d6a6927d","turn_id":"01a20019-f6d4-746f-a429-4e55b232764e","message_id":"01a20019-f6ef-757f-8e39-8775c02f96a1","ordinal":0,"server":"sayso","name":"write_file","arguments":"{\"path\":\"notes/denied.txt\",\"content\":\"No\"}","asked_arguments":null,"preview":{"target":"notes/denied.txt","precondition":"absent","difference":{"is_new":true,"lines":[{"kind":"added","text":"No"}],"omitted":0},"bounds":[{"kind":"same"},{"kind":"below","value":"notes"}]},"digest":"d5b167674405d382a96920e4e46972575d02e8a5aa928978c9e60ff12877a9c0","state":"denied","decision":"deny","reason":null,"outcome":null}}');
INSERT INTO turn_events VALUES('01a20019-f6d4-746f-a429-4e55b232764e',9,'01a20019-f1dd-7693-bf7a-264b728951b9',NULL,'{"event":"message","message":{"id":"01a20019-f751-73ec-b124-2134473674e1","turn_id":"01a20019-f6d4-746f-a429-4e55b232764e","position":3,"role":"tool","state":"complete","content":[{"type":"tool_result","tool_call_id":"01a20019-f751-73ec-b124-2134473674e1","text":"The person refused this request.","is_error":true}],"provider":null,"model":null,"stop_reason":null,"usage":null,"tool_call_id":"01a20019-f751-73ec-b124-2134473674e1","created_at":"2026-11-21T21:53:51.545177Z"}}');
INSERT INTO turn_events VALUES('01a20019-f6d4-746f-a429-4e55b232764e',10,'01a20019-f1dd-7693-bf7a-264b728951b9',NULL,'{"event":"turn","turn":{"id":"01a20019-f6d4-746f-a429-4e55b232764e","state":"running","failure":null,"epoch":2}}');
INSERT INTO turn_events VALUES('01a20019-f6d4-746f-a429-4e55b232764e',13,'01a20019-f1dd-7693-bf7a-264b728951b9',NULL,'{"event":"message","message":{"id":"01a20019-f7e9-723e-8aef-2eb2ab63626b","turn_id":"01a20019-f6d4-746f-a429-4e55b232764e","position":4,"role":"assistant","state":"complete","content":[{"type":"text","text":"`notes/denied.txt` was not written: The person refused this request.\n\nThat is all the demo can do with it; it is not a real model."}],"provider":"demo","model":"demo","stop_reason":"end_turn","usage":{"input_tokens":2428,"output_tokens":33,"cached_tokens":0,"estimated":true},"tool_call_id":null,"created_at":"2026-11-21T21:53:51.735641Z"}}');
INSERT INTO turn_events VALUES('01a20019-f6d4-746f-a429-4e55b232764e',14,'01a20019-f1dd-7693-bf7a-264b728951b9',NULL,'{"event":"turn","turn":{"id":"01a20019-f6d4-746f-a429-4e55b232764e","state":"completed","failure":null,"epoch":2}}');
INSERT INTO turn_events VALUES('01a20019-f8ac-75cd-ac84-fe178e4ae2f9',1,'01a20019-f1dd-7693-bf7a-264b728951b9',NULL,'{"event":"message","message":{"id":"01a20019-f8ae-700e-bb2a-ff3cbb1d9841","turn_id":"01a20019-f8ac-75cd-ac84-fe178e4ae2f9","position":1,"role":"user","state":"complete","content":[{"type":"image","number":1,"media_type":"image/png","name":"picture.png","width":64,"height":48},{"type":"text","text":"What is in this picture?"}],"provider":null,"model":null,"stop_reason":null,"usage":null,"tool_call_id":null,"created_at":"2026-11-21T21:53:51.790987Z"}}');
INSERT INTO turn_events VALUES('01a20019-f8ac-75cd-ac84-fe178e4ae2f9',2,'01a20019-f1dd-7693-bf7a-264b728951b9',NULL,'{"event":"turn","turn":{"id":"01a20019-f8ac-75cd-ac84-fe178e4ae2f9","state":"running","failure":null,"epoch":1}}');
INSERT INTO turn_events VALUES('01a20019-f8e6-74a1-a68b-dd6dc9407a09',1,'01a20019-f1dd-7693-bf7a-264b728951b9',NULL,'{"event":"message","message":{"id":"01a20019-f8e6-74a1-a68b-dd6ef9b8143c","turn_id":"01a20019-f8e6-74a1-a68b-dd6dc9407a09","position":1,"role":"user","state":"complete","content":[{"type":"text","text":"Create a file `notes/never.txt` with content: Never"}],"provider":null,"model":null,"stop_reason":null,"usage":null,"tool_call_id":null,"created_at":"2026-11-21T21:53:51.847317Z"}}');
INSERT INTO turn_events VALUES('01a20019-f8e6-74a1-a68b-dd6dc9407a09',2,'01a20019-f1dd-7693-bf7a-264b728951b9',NULL,'{"event":"turn","turn":{"id":"01a20019-f8e6-74a1-a68b-dd6dc9407a09","state":"running","failure":null,"epoch":1}}');
INSERT INTO turn_events VALUES('01a20019-f8e6-74a1-a68b-dd6dc9407a09',5,'01a20019-f1dd-7693-bf7a-264b728951b9',NULL,'{"event":"message","message":{"id":"01a20019-f905-74f3-895f-c4bcf4a7f0dd","turn_id":"01a20019-f8e6-74a1-a68b-dd6dc9407a09","position":2,"role":"assistant","state":"complete","content":[{"type":"text","text":"I am the demo, not a real model, and with your say-so I will write `notes/never.txt`."},{"type":"tool_use","id":"01a20019-f968-71e4-80eb-baabb8ef9626","name":"write_file","input":"{\"path\":\"notes/never.txt\",\"content\":\"Never\"}"}],"provider":"demo","model":"demo","stop_reason":"tool_use","usage":{"input_tokens":2378,"output_tokens":35,"cached_tokens":0,"estimated":true},"tool_call_id":null,"created_at":"2026-11-21T21:53:51.987905Z"}}');
INSERT INTO turn_events VALUES('01a20019-f8e6-74a1-a68b-dd6dc9407a09',6,'01a20019-f1dd-7693-bf7a-264b728951b9',NULL,'{"event":"tool_call","call":{"id":"01a20019-f968-71e4-80eb-baabb8ef9626","conversation_id":"01a20019-f8e5-761c-8162-44202fc57041","turn_id":"01a20019-f8e6-74a1-a68b-dd6dc9407a09","message_id":"01a20019-f905-74f3-895f-c4bcf4a7f0dd","ordinal":0,"server":"sayso","name":"write_file","arguments":"{\"path\":\"notes/never.txt\",\"content\":\"Never\"}","asked_arguments":null,"preview":{"target":"notes/never.txt","precondition":"absent","difference":{"is_new":true,"lines":[{"kind":"added","text":"Never"}],"omitted":0},"bounds":[{"kind":"same"},{"kind":"below","value":"notes"}]},"digest":"110ad23da5f96f1e9736861395064ce55a2318be23f32945c9a03375ec3d37b4","state":"pending","reason":null,"outcome":null}}');
INSERT INTO turn_events VALUES('01a20019-f8e6-74a1-a68b-dd6dc9407a09',7,'01a20019-f1dd-7693-bf7a-264b728951b9',NULL,'{"event":"turn","turn":{"id":"01a20019-f8e6-74a1-a68b-dd6dc9407a09","state":"awaiting_approval","failure":null,"epoch":1}}');
INSERT INTO turn_events VALUES('01a20019-f9d7-7297-9169-9bbd365b4aa1',1,'01a20019-f1dd-7693-bf7a-264b728951b9',NULL,'{"event":"message","message":{"id":"01a20019-f9d8-7125-a5c2-01a27f817763","turn_id":"01a20019-f9d7-7297-9169-9bbd365b4aa1","position":1,"role":"user","state":"complete","content":[{"type":"text","text":"Create a file `notes/after.txt` with content: After"}],"provider":null,"model":null,"stop_reason":null,"usage":null,"tool_call_id":null,"created_at":"2026-11-21T21:53:52.089321Z"}}');
INSERT INTO turn_events VALUES('01a20019-f9d7-7297-9169-9bbd365b4aa1',2,'01a20019-f1dd-7693-bf7a-264b728951b9',NULL,'{"event":"turn","turn":{"id":"01a20019-f9d7-7297-9169-9bbd365b4aa1","state":"running","failure":null,"epoch":1}}');
INSERT INTO turn_events VALUES('01a20019-f9d7-7297-9169-9bbd365b4aa1',5,'01a20019-f1dd-7693-bf7a-264b728951b9',NULL,'{"event":"message","message":{"id":"01a20019-f9fa-7561-ba70-3c54e0f90651","turn_id":"01a20019-f9d7-7297-9169-9bbd365b4aa1","position":2,"role":"assistant","state":"complete","content":[{"type":"text","text":"I am the demo, not a real model, and with your say-so I will write `notes/after.txt`."},{"type":"tool_use","id":"01a20019-fa5c-7666-9fa0-e746c2f39231","name":"write_file","input":"{\"path\":\"notes/after.txt\",\"content\":\"After\"}"}],"provider":"demo","model":"demo","stop_reason":"tool_use","usage":{"input_tokens":2378,"output_tokens":35,"cached_tokens":0,"estimated":true},"tool_call_id":null,"created_at":"2026-11-21T21:53:52.237694Z"}}');
INSERT INTO turn_events VALUES('01a20019-f9d7-7297-9169-9bbd365b4aa1',6,'01a20019-f1dd-7693-bf7a-264b728951b9',NULL,'{"event":"tool_call","call":{"id":"01a20019-fa5c-7666-9fa0-e746c2f39231","conversation_id":"01a20019-f9d6-7765-b4cc-82194c724379","turn_id":"01a20019-f9d7-7297-9169-9bbd365b4aa1","message_id":"01a20019-f9fa-7561-ba70-3c54e0f90651","ordinal":0,"server":"sayso","name":"write_file","arguments":"{\"path\":\"notes/after.txt\",\"content\":\"After\"}","asked_arguments":null,"preview":{"target":"notes/after.txt","precondition":"absent","difference":{"is_new":true,"lines":[{"kind":"added","text":"After"}],"omitted":0},"bounds":[{"kind":"same"},{"kind":"below","value":"notes"}]},"digest":"d70ecdbfb9d41147bdc2a3934e09133c3aa6ee377ebb2db693e49b523f8dad5c","state":"pending","reason":null,"outcome":null}}');
INSERT INTO turn_events VALUES('01a20019-f9d7-7297-9169-9bbd365b4aa1',7,'01a20019-f1dd-7693-bf7a-264b728951b9',NULL,'{"event":"turn","turn":{"id":"01a20019-f9d7-7297-9169-9bbd365b4aa1","state":"awaiting_approval","failure":null,"epoch":1}}');
INSERT INTO turn_events VALUES('01a20019-f8ac-75cd-ac84-fe178e4ae2f9',6,'01a20019-f1dd-7693-bf7a-264b728951b9',NULL,'{"event":"message","message":{"id":"01a20019-f8cb-7538-a5be-33cf9c5494b0","turn_id":"01a20019-f8ac-75cd-ac84-fe178e4ae2f9","position":2,"role":"assistant","state":"complete","content":[{"type":"text","text":"## Hello from the demo\n\nYou wrote: “What is in this picture?”\n\nI am **not a real model**, only a stand-in so that you can look around. I can show you:\n\n- text that *streams*, with Markdown\n- a tool that waits for **your** decision\n\n| Try this | What happens |\n|---|---|\n| Create a file `notes/hello.txt` with content: Hello world | I ask, you decide |\n| Write 300 words | A longer text streams in |\n\nFor real answers, set a key and start Sayso again:\n\n```sh\nexport ANTHROPIC_API_KEY=…   # or OPENAI_API_KEY, or OLLAMA_URL\nsayso\n```\n"}],"provider":"demo","model":"demo","stop_reason":"end_turn","usage":{"input_tokens":2379,"output_tokens":136,"cached_tokens":0,"estimated":true},"tool_call_id":null,"created_at":"2026-11-21T21:53:52.391787Z"}}');
INSERT INTO turn_events VALUES('01a20019-f8ac-75cd-ac84-fe178e4ae2f9',7,'01a20019-f1dd-7693-bf7a-264b728951b9',NULL,'{"event":"turn","turn":{"id":"01a20019-f8ac-75cd-ac84-fe178e4ae2f9","state":"completed","failure":null,"epoch":1}}');
INSERT INTO turn_events VALUES('01a20019-fe26-72fb-a78f-cbac7b5cd9d7',1,'01a20019-fad0-7502-b61e-8dca332fcd07',NULL,'{"event":"message","message":{"id":"01a20019-fe27-740e-ad70-175cbf491465","turn_id":"01a20019-fe26-72fb-a78f-cbac7b5cd9d7","position":1,"role":"user","state":"complete","content":[{"type":"text","text":"What do gulls eat?"}],"provider":null,"model":null,"stop_reason":null,"usage":null,"tool_call_id":null,"created_at":"2026-11-21T21:53:53.191943Z"}}');
INSERT INTO turn_events VALUES('01a20019-fe26-72fb-a78f-cbac7b5cd9d7',2,'01a20019-fad0-7502-b61e-8dca332fcd07',NULL,'{"event":"turn","turn":{"id":"01a20019-fe26-72fb-a78f-cbac7b5cd9d7","state":"running","failure":null,"epoch":1}}');
INSERT INTO turn_events VALUES('01a20019-fe26-72fb-a78f-cbac7b5cd9d7',6,'01a20019-fad0-7502-b61e-8dca332fcd07',NULL,'{"event":"message","message":{"id":"01a20019-fe43-7627-9709-4aebe9500256","turn_id":"01a20019-fe26-72fb-a78f-cbac7b5cd9d7","position":2,"role":"assistant","state":"complete","content":[{"type":"text","text":"## Hello from the demo\n\nYou wrote: “What do gulls eat?”\n\nI am **not a real model**, only a stand-in so that you can look around. I can show you:\n\n- text that *streams*, with Markdown\n- a tool that waits for **your** decision\n\n| Try this | What happens |\n|---|---|\n| Create a file `notes/hello.txt` with content: Hello world | I ask, you decide |\n| Write 300 words | A longer text streams in |\n\nFor real answers, set a key and start Sayso again:\n\n```sh\nexport ANTHROPIC_API_KEY=…   # or OPENAI_API_KEY, or OLLAMA_URL\nsayso\n```\n"}],"provider":"demo","model":"demo","stop_reason":"end_turn","usage":{"input_tokens":2369,"output_tokens":134,"cached_tokens":0,"estimated":true},"tool_call_id":null,"created_at":"2026-11-21T21:53:53.784682Z"}}');
INSERT INTO turn_events VALUES('01a20019-fe26-72fb-a78f-cbac7b5cd9d7',7,'01a20019-fad0-7502-b61e-8dca332fcd07',NULL,'{"event":"turn","turn":{"id":"01a20019-fe26-72fb-a78f-cbac7b5cd9d7","state":"completed","failure":null,"epoch":1}}');
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
, bounds text, authority text, undo text, files text);
INSERT INTO tool_calls VALUES('01a20019-f548-731a-b725-e70ea76428cc','01a20019-f1dd-7693-bf7a-264b728951b9','01a20019-f1dd-7693-bf7a-264c8869068a','01a20019-f4c4-71e6-9c4c-b4692fdecb2b','01a20019-f4c4-71e6-9c4c-b46ac8cdd2e8','01a20019-f4e6-7326-acab-43f0fac4e696',0,'sayso','builtin','write_file','1513a920e53361bbff607caa23f60a8ddc9b846cf04baf7dc501c1c231f89823','{"path":"notes/hello.txt","content":"Hello world"}',NULL,'notes/hello.txt','absent','{"is_new":true,"lines":[{"kind":"added","text":"Hello world"}],"omitted":0}','7ead2ba066feb8055066b0ad78a971f7ea4b451b44a21f84dfa824825c2ccc53','succeeded','approve','01a20019-f1dd-7693-bf7a-264c8869068a','2026-11-21T21:53:51.081135Z',NULL,'Wrote 11 bytes to notes/hello.txt.',NULL,NULL,'2026-11-21T21:53:50.949964Z','2026-11-21T21:53:51.099721Z','2026-11-21T21:53:51.113918Z','[{"kind":"same"},{"kind":"below","value":"notes"}]',NULL,'possible',NULL);
INSERT INTO tool_calls VALUES('01a20019-f751-73ec-b124-2134473674e1','01a20019-f1dd-7693-bf7a-264b728951b9','01a20019-f1dd-7693-bf7a-264c8869068a','01a20019-f6d4-746f-a429-4e54d6a6927d','01a20019-f6d4-746f-a429-4e55b232764e','01a20019-f6ef-757f-8e39-8775c02f96a1',0,'sayso','builtin','write_file','1513a920e53361bbff607caa23f60a8ddc9b846cf04baf7dc501c1c231f89823','{"path":"notes/denied.txt","content":"No"}',NULL,'notes/denied.txt','absent','{"is_new":true,"lines":[{"kind":"added","text":"No"}],"omitted":0}','d5b167674405d382a96920e4e46972575d02e8a5aa928978c9e60ff12877a9c0','denied','deny','01a20019-f1dd-7693-bf7a-264c8869068a','2026-11-21T21:53:51.543130Z',NULL,NULL,NULL,NULL,'2026-11-21T21:53:51.448868Z',NULL,NULL,'[{"kind":"same"},{"kind":"below","value":"notes"}]',NULL,NULL,NULL);
INSERT INTO tool_calls VALUES('01a20019-f968-71e4-80eb-baabb8ef9626','01a20019-f1dd-7693-bf7a-264b728951b9','01a20019-f1dd-7693-bf7a-264c8869068a','01a20019-f8e5-761c-8162-44202fc57041','01a20019-f8e6-74a1-a68b-dd6dc9407a09','01a20019-f905-74f3-895f-c4bcf4a7f0dd',0,'sayso','builtin','write_file','1513a920e53361bbff607caa23f60a8ddc9b846cf04baf7dc501c1c231f89823','{"path":"notes/never.txt","content":"Never"}',NULL,'notes/never.txt','absent','{"is_new":true,"lines":[{"kind":"added","text":"Never"}],"omitted":0}','110ad23da5f96f1e9736861395064ce55a2318be23f32945c9a03375ec3d37b4','pending',NULL,NULL,NULL,NULL,NULL,NULL,NULL,'2026-11-21T21:53:51.983238Z',NULL,NULL,'[{"kind":"same"},{"kind":"below","value":"notes"}]',NULL,NULL,NULL);
INSERT INTO tool_calls VALUES('01a20019-fa5c-7666-9fa0-e746c2f39231','01a20019-f1dd-7693-bf7a-264b728951b9','01a20019-f1dd-7693-bf7a-264c8869068a','01a20019-f9d6-7765-b4cc-82194c724379','01a20019-f9d7-7297-9169-9bbd365b4aa1','01a20019-f9fa-7561-ba70-3c54e0f90651',0,'sayso','builtin','write_file','1513a920e53361bbff607caa23f60a8ddc9b846cf04baf7dc501c1c231f89823','{"path":"notes/after.txt","content":"After"}',NULL,'notes/after.txt','absent','{"is_new":true,"lines":[{"kind":"added","text":"After"}],"omitted":0}','d70ecdbfb9d41147bdc2a3934e09133c3aa6ee377ebb2db693e49b523f8dad5c','pending',NULL,NULL,NULL,NULL,NULL,NULL,NULL,'2026-11-21T21:53:52.230081Z',NULL,NULL,'[{"kind":"same"},{"kind":"below","value":"notes"}]',NULL,NULL,NULL);
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
INSERT INTO model_calls VALUES('01a20019-f210-70cd-b345-ac939d2823ac','01a20019-f1dd-7693-bf7a-264b728951b9','01a20019-f1dd-7693-bf7a-264c8869068a','01a20019-f207-7347-9c65-847ae903d492','chat','demo','demo','2026-11',11664,4096,0,2370,135,0,0,1,NULL,'01a20019-f05b-77a2-ae6e-1a4d090c9f82','2026-11-21T21:53:50.094125Z','2026-11-21T21:53:50.694103Z');
INSERT INTO model_calls VALUES('01a20019-f4cb-746d-b2e1-42c368d74d19','01a20019-f1dd-7693-bf7a-264b728951b9','01a20019-f1dd-7693-bf7a-264c8869068a','01a20019-f4c4-71e6-9c4c-b46ac8cdd2e8','chat','demo','demo','2026-11',11699,4096,0,2379,37,0,0,1,NULL,'01a20019-f05b-77a2-ae6e-1a4d090c9f82','2026-11-21T21:53:50.793726Z','2026-11-21T21:53:50.952877Z');
INSERT INTO model_calls VALUES('01a20019-f622-760b-82b9-2427c9dba372','01a20019-f1dd-7693-bf7a-264b728951b9','01a20019-f1dd-7693-bf7a-264c8869068a','01a20019-f4c4-71e6-9c4c-b46ac8cdd2e8','chat','demo','demo','2026-11',11958,4096,0,2432,25,0,0,1,NULL,'01a20019-f05b-77a2-ae6e-1a4d090c9f82','2026-11-21T21:53:51.134558Z','2026-11-21T21:53:51.262679Z');
INSERT INTO model_calls VALUES('01a20019-f6da-75c1-8b23-b015c6de6043','01a20019-f1dd-7693-bf7a-264b728951b9','01a20019-f1dd-7693-bf7a-264c8869068a','01a20019-f6d4-746f-a429-4e55b232764e','chat','demo','demo','2026-11',11691,4096,0,2377,35,0,0,1,NULL,'01a20019-f05b-77a2-ae6e-1a4d090c9f82','2026-11-21T21:53:51.321628Z','2026-11-21T21:53:51.451772Z');
INSERT INTO model_calls VALUES('01a20019-f7d2-7701-b5e1-f6fa21c7ff49','01a20019-f1dd-7693-bf7a-264b728951b9','01a20019-f1dd-7693-bf7a-264c8869068a','01a20019-f6d4-746f-a429-4e55b232764e','chat','demo','demo','2026-11',11941,4096,0,2428,33,0,0,1,NULL,'01a20019-f05b-77a2-ae6e-1a4d090c9f82','2026-11-21T21:53:51.568346Z','2026-11-21T21:53:51.732479Z');
INSERT INTO model_calls VALUES('01a20019-f8b4-75e0-8890-a312c281b8b8','01a20019-f1dd-7693-bf7a-264b728951b9','01a20019-f1dd-7693-bf7a-264c8869068a','01a20019-f8ac-75cd-ac84-fe178e4ae2f9','chat','demo','demo','2026-11',20193,4096,0,2379,136,0,0,1,NULL,'01a20019-f05b-77a2-ae6e-1a4d090c9f82','2026-11-21T21:53:51.795185Z','2026-11-21T21:53:52.388496Z');
INSERT INTO model_calls VALUES('01a20019-f8ec-7712-b8e6-ae9f91a55e47','01a20019-f1dd-7693-bf7a-264b728951b9','01a20019-f1dd-7693-bf7a-264c8869068a','01a20019-f8e6-74a1-a68b-dd6dc9407a09','chat','demo','demo','2026-11',11693,4096,0,2378,35,0,0,1,NULL,'01a20019-f05b-77a2-ae6e-1a4d090c9f82','2026-11-21T21:53:51.850993Z','2026-11-21T21:53:51.985561Z');
INSERT INTO model_calls VALUES('01a20019-f9e1-7319-99bb-b4cb3128d585','01a20019-f1dd-7693-bf7a-264b728951b9','01a20019-f1dd-7693-bf7a-264c8869068a','01a20019-f9d7-7297-9169-9bbd365b4aa1','chat','demo','demo','2026-11',11693,4096,0,2378,35,0,0,1,NULL,'01a20019-f05b-77a2-ae6e-1a4d090c9f82','2026-11-21T21:53:52.094992Z','2026-11-21T21:53:52.233593Z');
INSERT INTO model_calls VALUES('01a20019-fe2d-70de-b43d-9fa2c14b873f','01a20019-fad0-7502-b61e-8dca332fcd07','01a20019-fc6c-7068-988a-ab8247c0e1c9','01a20019-fe26-72fb-a78f-cbac7b5cd9d7','chat','demo','demo','2026-11',11659,4096,0,2369,134,0,0,1,NULL,'01a20019-f05b-77a2-ae6e-1a4d090c9f82','2026-11-21T21:53:53.195711Z','2026-11-21T21:53:53.780562Z');
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
INSERT INTO usage_limits VALUES('01a20019-f1dd-7693-bf7a-264b728951b9','01a20019-f1dd-7693-bf7a-264b728951b9',1000000,500000,10000,NULL,1);
INSERT INTO usage_limits VALUES('01a20019-fad0-7502-b61e-8dca332fcd07','01a20019-fad0-7502-b61e-8dca332fcd07',1000000,500000,500,NULL,1);
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
INSERT INTO usage_months VALUES('01a20019-f1dd-7693-bf7a-264b728951b9','01a20019-f1dd-7693-bf7a-264b728951b9','2026-11',19121,471,0,8,0,0,0,0,0);
INSERT INTO usage_months VALUES('01a20019-f1dd-7693-bf7a-264b728951b9','01a20019-f1dd-7693-bf7a-264c8869068a','2026-11',19121,471,0,8,0,0,0,0,0);
INSERT INTO usage_months VALUES('01a20019-fad0-7502-b61e-8dca332fcd07','01a20019-fad0-7502-b61e-8dca332fcd07','2026-11',2369,134,0,1,0,0,0,0,0);
INSERT INTO usage_months VALUES('01a20019-fad0-7502-b61e-8dca332fcd07','01a20019-fc6c-7068-988a-ab8247c0e1c9','2026-11',2369,134,0,1,0,0,0,0,0);
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
INSERT INTO usage_days VALUES('01a20019-f1dd-7693-bf7a-264b728951b9','01a20019-f1dd-7693-bf7a-264c8869068a','2026-11-21','demo','demo',19121,471,0,8,8,0);
INSERT INTO usage_days VALUES('01a20019-fad0-7502-b61e-8dca332fcd07','01a20019-fc6c-7068-988a-ab8247c0e1c9','2026-11-21','demo','demo',2369,134,0,1,1,0);
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
INSERT INTO audit_rows VALUES('system',1,'01a20019-f1de-7200-8ade-f728fe661f98','2026-11-21T21:53:50.046828Z','01a20019-f1dd-7693-bf7a-264c8869068a','127.0.0.1','user_created','user:01a20019-f1dd-7693-bf7a-264c8869068a',NULL,NULL,'set-up','f5a94a79baf1ca789cc765d8b4a2da507c2ad63885f7ba19b5bc4784022835fc');
INSERT INTO audit_rows VALUES('01a20019-f1dd-7693-bf7a-264b728951b9',1,'01a20019-f1df-76ca-9b72-99a660cc8512','2026-11-21T21:53:50.047589Z','01a20019-f1dd-7693-bf7a-264c8869068a','127.0.0.1','tenant_created','tenant:01a20019-f1dd-7693-bf7a-264b728951b9',NULL,NULL,'set-up','cc90ea9eb0edc84f1981d6314b3b0eda126ae32fdfb11a653d201c0be17be1fc');
INSERT INTO audit_rows VALUES('01a20019-f1dd-7693-bf7a-264b728951b9',2,'01a20019-f1e0-7234-8304-9a1c47152824','2026-11-21T21:53:50.048043Z','01a20019-f1dd-7693-bf7a-264c8869068a','127.0.0.1','sign_in','user:01a20019-f1dd-7693-bf7a-264c8869068a',NULL,NULL,'set-up','824a400bd1996427bfe51ba6a3d3d33ff39a7b3a15e1e1963381ec4bc4ec2a03');
INSERT INTO audit_rows VALUES('01a20019-f1dd-7693-bf7a-264b728951b9',3,'01a20019-f5ea-73aa-a04b-4818cf07568a','2026-11-21T21:53:51.082739Z','01a20019-f1dd-7693-bf7a-264c8869068a','127.0.0.1','tool_approved','tool_call:01a20019-f548-731a-b725-e70ea76428cc','notes/hello.txt','7ead2ba066feb8055066b0ad78a971f7ea4b451b44a21f84dfa824825c2ccc53','write_file','425f473afc871258edc57816281957a87f9afab3b914d48873e1d55f0ce4826c');
INSERT INTO audit_rows VALUES('01a20019-f1dd-7693-bf7a-264b728951b9',4,'01a20019-f5fd-7016-bcd3-fb79893917b4','2026-11-21T21:53:51.101110Z','01a20019-f1dd-7693-bf7a-264c8869068a','','tool_run','tool_call:01a20019-f548-731a-b725-e70ea76428cc','notes/hello.txt','7ead2ba066feb8055066b0ad78a971f7ea4b451b44a21f84dfa824825c2ccc53','','415a2b0019bea72526bf501341453ccb062700f7c61530375368059b3c085359');
INSERT INTO audit_rows VALUES('01a20019-f1dd-7693-bf7a-264b728951b9',5,'01a20019-f60e-70f0-ab4b-37200fd6a61c','2026-11-21T21:53:51.118641Z','01a20019-f1dd-7693-bf7a-264c8869068a','','tool_ended','tool_call:01a20019-f548-731a-b725-e70ea76428cc','notes/hello.txt','7ead2ba066feb8055066b0ad78a971f7ea4b451b44a21f84dfa824825c2ccc53','succeeded','ad0d705dbd032d44114803ef7d1b237b6570c0bff6a59e729be939f523a9aa5e');
INSERT INTO audit_rows VALUES('01a20019-f1dd-7693-bf7a-264b728951b9',6,'01a20019-f7ba-7339-8be5-e0b0a82cf03c','2026-11-21T21:53:51.546164Z','01a20019-f1dd-7693-bf7a-264c8869068a','127.0.0.1','tool_denied','tool_call:01a20019-f751-73ec-b124-2134473674e1','notes/denied.txt','d5b167674405d382a96920e4e46972575d02e8a5aa928978c9e60ff12877a9c0','write_file','e71b1ffb567a701526fea486e84378e1ff239a85125fa824d4f6f9fd3e9f377d');
INSERT INTO audit_rows VALUES('01a20019-fad0-7502-b61e-8dca332fcd07',1,'01a20019-fad5-776f-82e7-498e4959402e','2026-11-21T21:53:52.341297Z','nobody','command line','tenant_created','tenant:01a20019-fad0-7502-b61e-8dca332fcd07',NULL,NULL,'elsewhere','b1e1f1b5bbc2df19ee154eead5d88bd183ae098d8d5abbd455e6b61f9f3282e2');
INSERT INTO audit_rows VALUES('01a20019-fad0-7502-b61e-8dca332fcd07',2,'01a20019-fc6e-7566-8307-b53c16255973','2026-11-21T21:53:52.750374Z','nobody','command line','member_added','user:01a20019-fc6c-7068-988a-ab8247c0e1c9',NULL,NULL,'owner','29bfceb6763c737f4898e5cb0ece5ad1f806c2028f439c0d01af83838899cfb8');
INSERT INTO audit_rows VALUES('system',2,'01a20019-fc6f-76c4-924c-c78538a9dec5','2026-11-21T21:53:52.751128Z','nobody','command line','user_created','user:01a20019-fc6c-7068-988a-ab8247c0e1c9',NULL,NULL,'','3bdd9e1b2526ca032377eba167d1fdc8feb90a82fae5150462178f161aba72b4');
INSERT INTO audit_rows VALUES('01a20019-fad0-7502-b61e-8dca332fcd07',3,'01a20019-fdf8-75cc-8b1f-148a322a621a','2026-11-21T21:53:53.144332Z','01a20019-fc6c-7068-988a-ab8247c0e1c9','127.0.0.1','sign_in','user:01a20019-fc6c-7068-988a-ab8247c0e1c9',NULL,NULL,'','c6b0a9267716f861ffa6897da43f66d816c5d0457b511a73a97b0b86c0748250');
INSERT INTO audit_rows VALUES('01a20019-fad0-7502-b61e-8dca332fcd07',4,'01a2001a-01b0-701b-8269-c023989ed102','2026-11-21T21:53:54.096031Z','nobody','command line','limits_changed','tenant:01a20019-fad0-7502-b61e-8dca332fcd07',NULL,NULL,'1000000 input tokens, 500000 output tokens, 500 requests, any credits','676d43240f63b0f9fa64f691518fac6d63473f0317cec1f252c78922af482c56');
CREATE TABLE audit_heads (
    chain text PRIMARY KEY NOT NULL,
    count bigint NOT NULL,
    last_hash text NOT NULL,
    hash text NOT NULL
);
INSERT INTO audit_heads VALUES('system',2,'3bdd9e1b2526ca032377eba167d1fdc8feb90a82fae5150462178f161aba72b4','45d94e194fb83bf2fbcf424dc3088a1ef6536aff70237f213ae3fb492df68f77');
INSERT INTO audit_heads VALUES('01a20019-f1dd-7693-bf7a-264b728951b9',6,'e71b1ffb567a701526fea486e84378e1ff239a85125fa824d4f6f9fd3e9f377d','fc43b276ecf4c3225de0e6fc7ac36087974aa084832202eb8556b43339345475');
INSERT INTO audit_heads VALUES('01a20019-fad0-7502-b61e-8dca332fcd07',4,'676d43240f63b0f9fa64f691518fac6d63473f0317cec1f252c78922af482c56','ee7ba4a9c0e8c8c2ab7908cf1860ae488f3dc10aeae4275dcc770693ae23e64c');
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
INSERT INTO blobs VALUES('01a20019-f8ac-75cd-ac84-fe164de8f8a2',1,'01a20019-f1dd-7693-bf7a-264b728951b9','01a20019-f1dd-7693-bf7a-264c8869068a','image/png','picture.png',1076,X'89504e470d0a1a0a0000000d49484452000000400000003008020000002e29eb48000003fb494441547801edc003a0245996c6f1ff77ee8dc8cca7724b63ae6ddbb66ddbb66ddbb66d698c9e964aaf9e323322eef976b76a7aa6873b6bd5af3e1a2850a142850a152a54a850a142850a152a54a850a142850a152a54a850a142850a152a54a850a142850a152a54a850a142850a152a54a850a142850a152a54a850a142850a152a153afe17a342c7ff6254e8f85f8c0a3dff8b51a1e37f312a74fc2f46859effc5a8d0f11fea6fdfe3242fd44bfed505fec350a1e33fc8df7ec0362f82bf7d9993c04b3e7e9fff0054e8f977fbdb8f98f1aff4b78fd9065ef2e96bfe5da8d0f1eff3b71f13fc5bfded43662f797bf26f47858e7f87bffd84c6bfcfdfde1c2f7977e1df880a3dff567ffb294bfe23fcedf5ed25cf2ef8b7a042c7bfc9df7ec61eff71fef6ccf2252feef0af46858e7fbdbffd9cf3fc47fbdb137b2fb97f8a7f1d2af4fc0fd2f3af43858e7fa5bffd82dbf8cff1b7db77bfe4f216fe15a8d0f13f4bc7bf02153afe35fef64b9ec07fa6bf5d3cf525c747f3a2a242cfff383d2f2a2a74fc8fd3f1a2a242c7ff381d2f2a2af4fc8fd3f3a2a242c7ff381d2f2a2a74fc8fd3f1a2a242cfff383d2f2a2a74fc8fd3f1a2a242c7ff381d2f2a2af4fc8fd3f3a222a0830e3ae8a0830e3ae8a0830e3ae8a0830e3ae85ef293de8fff4c2fb97c3fe8a0830e3ae8a0830e3ae8a0830e3ae8a083ae42c7ff2c1dff0a04f4d0430f3df4d0430f3df4d0430f3df4d0430f3df42ff9691fc97f8e97dcff48e8a1871e7ae8a1871e7ae8a1871e7ae8a1871efa0a1dff8374fceb10d041071d74d041071d74d041071d74d041071d74d041f7929ff5c9fc477bc98b9f0c1d74d041071d74d041071d74d041071d74d041075d40071d74d041071d74d041071d74d041071d74d041071d742ff9799fc17f9c973cfb19d041071d74d041071d74d041071d74d041071d74d04117d0430f3df4d0430f3df4d0430f3df4d0430f3df4d0430f3df42ff9459fc77f8497bcfbf3a0871e7ae8a1871e7ae8a1871e7ae8a1871e7ae8a1871efa800e3ae8a0830e3ae8a0830e3ae8a0830e3ae8a0830e3ae8a083ee25bfec8bf9f779c9dbbf183ae8a0830e3ae8a0830e3ae8a0830e3ae8a0830e3ae8a0832ea0830e3ae8a0830e3ae8a0830e3ae8a0830e3ae8a0830e3ae8a083ee25bfea2bf8b77ac9a77f0574d041071d74d041071d74d041071d74d041071d74d041071d747a347f45810a152a54a850a142850a152a54a850a142850a152a54a850a1f2b71ff211bcc85ef2f15f47850a152a54a850a142850a152a54a850a142850a152a54a850a9d0f11fe425bfed9ba9fcedfb7c302fd44bfed53753a1f21f810a1dffa15ef2fbbe830a152a54a850a142850a152aff71a8d0f3bf18153afe17a342c7ff6254e8f95f8c0a1dff8b51a1e37f31fe1188b75577c57aca6c0000000049454e44ae426082','2026-11-21T21:53:51.790194Z');
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
INSERT INTO file_writes VALUES('01a20019-f548-731a-b725-e70ea76428cc','01a20019-f1dd-7693-bf7a-264b728951b9','01a20019-f1dd-7693-bf7a-264c8869068a','write_file','notes/hello.txt',NULL,'64ec88ca00b268e5ba1a35678a1b5316d212f4f366b2477232534a8aeca37f3c',NULL,0,11,'2026-11-21T21:53:51.106394Z','2026-11-21T21:53:51.112293Z',NULL);
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
INSERT INTO search_entries VALUES(1,'01a20019-f1dd-7693-bf7a-264b728951b9','01a20019-f1dd-7693-bf7a-264c8869068a','01a20019-f206-7756-a606-a217402c752c',NULL);
INSERT INTO search_entries VALUES(2,'01a20019-f1dd-7693-bf7a-264b728951b9','01a20019-f1dd-7693-bf7a-264c8869068a','01a20019-f206-7756-a606-a217402c752c','01a20019-f208-71d1-b9b1-8d044265f61c');
INSERT INTO search_entries VALUES(3,'01a20019-f1dd-7693-bf7a-264b728951b9','01a20019-f1dd-7693-bf7a-264c8869068a','01a20019-f206-7756-a606-a217402c752c','01a20019-f227-701c-9327-0a8bb5afd647');
INSERT INTO search_entries VALUES(4,'01a20019-f1dd-7693-bf7a-264b728951b9','01a20019-f1dd-7693-bf7a-264c8869068a','01a20019-f4c4-71e6-9c4c-b4692fdecb2b',NULL);
INSERT INTO search_entries VALUES(5,'01a20019-f1dd-7693-bf7a-264b728951b9','01a20019-f1dd-7693-bf7a-264c8869068a','01a20019-f4c4-71e6-9c4c-b4692fdecb2b','01a20019-f4c5-77d0-86e0-efc792ba8564');
INSERT INTO search_entries VALUES(6,'01a20019-f1dd-7693-bf7a-264b728951b9','01a20019-f1dd-7693-bf7a-264c8869068a','01a20019-f4c4-71e6-9c4c-b4692fdecb2b','01a20019-f4e6-7326-acab-43f0fac4e696');
INSERT INTO search_entries VALUES(7,'01a20019-f1dd-7693-bf7a-264b728951b9','01a20019-f1dd-7693-bf7a-264c8869068a','01a20019-f4c4-71e6-9c4c-b4692fdecb2b','01a20019-f637-7796-91d5-aaca06473b55');
INSERT INTO search_entries VALUES(8,'01a20019-f1dd-7693-bf7a-264b728951b9','01a20019-f1dd-7693-bf7a-264c8869068a','01a20019-f6d4-746f-a429-4e54d6a6927d',NULL);
INSERT INTO search_entries VALUES(9,'01a20019-f1dd-7693-bf7a-264b728951b9','01a20019-f1dd-7693-bf7a-264c8869068a','01a20019-f6d4-746f-a429-4e54d6a6927d','01a20019-f6d5-76ce-be80-923e50bd5163');
INSERT INTO search_entries VALUES(10,'01a20019-f1dd-7693-bf7a-264b728951b9','01a20019-f1dd-7693-bf7a-264c8869068a','01a20019-f6d4-746f-a429-4e54d6a6927d','01a20019-f6ef-757f-8e39-8775c02f96a1');
INSERT INTO search_entries VALUES(11,'01a20019-f1dd-7693-bf7a-264b728951b9','01a20019-f1dd-7693-bf7a-264c8869068a','01a20019-f6d4-746f-a429-4e54d6a6927d','01a20019-f7e9-723e-8aef-2eb2ab63626b');
INSERT INTO search_entries VALUES(12,'01a20019-f1dd-7693-bf7a-264b728951b9','01a20019-f1dd-7693-bf7a-264c8869068a','01a20019-f8ac-75cd-ac84-fe164de8f8a2',NULL);
INSERT INTO search_entries VALUES(13,'01a20019-f1dd-7693-bf7a-264b728951b9','01a20019-f1dd-7693-bf7a-264c8869068a','01a20019-f8ac-75cd-ac84-fe164de8f8a2','01a20019-f8ae-700e-bb2a-ff3cbb1d9841');
INSERT INTO search_entries VALUES(14,'01a20019-f1dd-7693-bf7a-264b728951b9','01a20019-f1dd-7693-bf7a-264c8869068a','01a20019-f8e5-761c-8162-44202fc57041',NULL);
INSERT INTO search_entries VALUES(15,'01a20019-f1dd-7693-bf7a-264b728951b9','01a20019-f1dd-7693-bf7a-264c8869068a','01a20019-f8e5-761c-8162-44202fc57041','01a20019-f8e6-74a1-a68b-dd6ef9b8143c');
INSERT INTO search_entries VALUES(16,'01a20019-f1dd-7693-bf7a-264b728951b9','01a20019-f1dd-7693-bf7a-264c8869068a','01a20019-f8e5-761c-8162-44202fc57041','01a20019-f905-74f3-895f-c4bcf4a7f0dd');
INSERT INTO search_entries VALUES(17,'01a20019-f1dd-7693-bf7a-264b728951b9','01a20019-f1dd-7693-bf7a-264c8869068a','01a20019-f9d6-7765-b4cc-82194c724379',NULL);
INSERT INTO search_entries VALUES(18,'01a20019-f1dd-7693-bf7a-264b728951b9','01a20019-f1dd-7693-bf7a-264c8869068a','01a20019-f9d6-7765-b4cc-82194c724379','01a20019-f9d8-7125-a5c2-01a27f817763');
INSERT INTO search_entries VALUES(19,'01a20019-f1dd-7693-bf7a-264b728951b9','01a20019-f1dd-7693-bf7a-264c8869068a','01a20019-f9d6-7765-b4cc-82194c724379','01a20019-f9fa-7561-ba70-3c54e0f90651');
INSERT INTO search_entries VALUES(20,'01a20019-f1dd-7693-bf7a-264b728951b9','01a20019-f1dd-7693-bf7a-264c8869068a','01a20019-f8ac-75cd-ac84-fe164de8f8a2','01a20019-f8cb-7538-a5be-33cf9c5494b0');
INSERT INTO search_entries VALUES(21,'01a20019-fad0-7502-b61e-8dca332fcd07','01a20019-fc6c-7068-988a-ab8247c0e1c9','01a20019-fe26-72fb-a78f-cbab23dee521',NULL);
INSERT INTO search_entries VALUES(22,'01a20019-fad0-7502-b61e-8dca332fcd07','01a20019-fc6c-7068-988a-ab8247c0e1c9','01a20019-fe26-72fb-a78f-cbab23dee521','01a20019-fe27-740e-ad70-175cbf491465');
INSERT INTO search_entries VALUES(23,'01a20019-fad0-7502-b61e-8dca332fcd07','01a20019-fc6c-7068-988a-ab8247c0e1c9','01a20019-fe26-72fb-a78f-cbab23dee521','01a20019-fe43-7627-9709-4aebe9500256');
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
CREATE TABLE mcp_servers (
    id uuid PRIMARY KEY NOT NULL,
    tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    name text NOT NULL,
    url text NOT NULL,
    headers text,
    per_person boolean NOT NULL DEFAULT false,
    is_active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL,
    changed_by uuid,
    changed_at timestamptz NOT NULL
);
CREATE TABLE agent_calls (
    turn_id uuid PRIMARY KEY NOT NULL REFERENCES turns (id) ON DELETE CASCADE,
    tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    conversation_id uuid NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    client text NOT NULL,
    token_id uuid NOT NULL,
    token_name text NOT NULL,
    awaited_until timestamptz
);
CREATE TABLE questions (
    call_id uuid NOT NULL REFERENCES tool_calls (id) ON DELETE CASCADE,
    number integer NOT NULL,
    tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    message text NOT NULL,
    -- What it wants (JSON); NULL once it is over.
    wanted text,
    ends_at timestamptz NOT NULL,
    -- accept, decline, cancel; NULL while it waits.
    answer text,
    sealed text,
    PRIMARY KEY (call_id, number)
);
CREATE TABLE mcp_tokens (
    id uuid PRIMARY KEY NOT NULL,
    tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    server text NOT NULL,
    holder text NOT NULL,
    user_id uuid REFERENCES users (id) ON DELETE CASCADE,
    issuer text NOT NULL,
    sealed text NOT NULL,
    -- What the server asked for when the token was not enough.
    challenge text,
    -- The server did not take it: it is refreshed before it is sent again.
    is_refused boolean NOT NULL DEFAULT false,
    -- Somebody refreshes it until then: a refresh token may be good only once.
    refreshing_until timestamptz,
    changed_at timestamptz NOT NULL
);
CREATE TABLE mcp_clients (
    id uuid PRIMARY KEY NOT NULL,
    tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    server text NOT NULL,
    is_given boolean NOT NULL,
    issuer text NOT NULL,
    redirect text NOT NULL,
    sealed text NOT NULL,
    changed_at timestamptz NOT NULL
);
CREATE TABLE mcp_authorisations (
    state_hash text PRIMARY KEY NOT NULL,
    tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    server text NOT NULL,
    sealed text NOT NULL,
    expires_at timestamptz NOT NULL
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
CREATE UNIQUE INDEX mcp_servers_by_name ON mcp_servers (tenant_id, name);
CREATE INDEX agent_calls_by_conversation ON agent_calls (conversation_id);
CREATE INDEX agent_calls_awaited ON agent_calls (awaited_until) WHERE awaited_until IS NOT NULL;
CREATE INDEX questions_of_tenant ON questions (tenant_id);
CREATE UNIQUE INDEX mcp_tokens_by_holder ON mcp_tokens (tenant_id, server, holder);
CREATE INDEX mcp_tokens_of_person ON mcp_tokens (user_id);
CREATE UNIQUE INDEX mcp_clients_by_issuer ON mcp_clients (tenant_id, server, is_given, issuer, redirect);
CREATE INDEX mcp_authorisations_by_expiry ON mcp_authorisations (expires_at);
CREATE INDEX mcp_authorisations_of_person ON mcp_authorisations (user_id);
PRAGMA writable_schema=OFF;
COMMIT;
