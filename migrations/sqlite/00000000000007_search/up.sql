-- What can be searched: the title of each conversation, and what its person and the assistant said in it. The words lie
-- in a full-text index; `number` ties each text to whose it is. Triggers keep both in step with the tables, in the
-- transaction that changes those. `search_text` is the program's own (src/db/search.rs): without case and accents, which
-- SQLite's tokenizer would take from Latin letters alone.
CREATE TABLE search_entries (
    number integer PRIMARY KEY NOT NULL,
    tenant_id uuid NOT NULL,
    user_id uuid NOT NULL,
    conversation_id uuid NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    -- NULL: the title.
    message_id uuid REFERENCES messages (id) ON DELETE CASCADE
);
CREATE INDEX search_entries_of_conversation ON search_entries (conversation_id, message_id);
CREATE INDEX search_entries_of_message ON search_entries (message_id);

CREATE VIRTUAL TABLE search_words USING fts5 (text, tokenize = 'unicode61 remove_diacritics 0');

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

-- What is there already.
INSERT INTO search_entries (tenant_id, user_id, conversation_id)
    SELECT tenant_id, user_id, id FROM conversations ORDER BY created_at;
INSERT INTO search_words (rowid, text)
    SELECT e.number, search_text(c.title) FROM search_entries AS e JOIN conversations AS c ON c.id = e.conversation_id;
INSERT INTO search_entries (tenant_id, user_id, conversation_id, message_id)
    SELECT c.tenant_id, c.user_id, c.id, m.id FROM messages AS m JOIN conversations AS c ON c.id = m.conversation_id
    WHERE m.role IN ('user', 'assistant') ORDER BY m.conversation_id, m.position;
INSERT INTO search_words (rowid, text)
    SELECT e.number, (
        SELECT search_text(coalesce(group_concat(json_extract(value, '$.text'), ''), '')) FROM json_each(m.content)
        WHERE json_extract(value, '$.type') = 'text'
    ) FROM search_entries AS e JOIN messages AS m ON m.id = e.message_id;
