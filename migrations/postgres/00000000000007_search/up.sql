-- What can be searched: the title of each conversation, and what its person and the assistant said in it. The words lie
-- in a full-text index; `number` ties each text to whose it is. Triggers keep both in step with the tables, in the
-- transaction that changes those.
CREATE TABLE search_entries (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id uuid NOT NULL,
    user_id uuid NOT NULL,
    conversation_id uuid NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    -- NULL: the title.
    message_id uuid REFERENCES messages (id) ON DELETE CASCADE
);
CREATE INDEX search_entries_of_conversation ON search_entries (conversation_id, message_id);
CREATE INDEX search_entries_of_message ON search_entries (message_id);
CREATE INDEX search_entries_of_person ON search_entries (tenant_id, user_id);

CREATE TABLE search_words (
    number bigint PRIMARY KEY REFERENCES search_entries (number) ON DELETE CASCADE,
    words tsvector NOT NULL
);
CREATE INDEX search_words_index ON search_words USING gin (words);

-- A text as it is indexed and asked for: without case and accents, with blanks for punctuation, so that paths and
-- addresses are found by their parts, and around characters with which words are written without blanks (Han, kana). The extension `unaccent` would want more rights than the owner of a database has.
-- A text is indexed up to a length at which no index of words can be too large to be stored.
CREATE FUNCTION search_text(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT regexp_replace(regexp_replace(
        translate(lower(normalize(regexp_replace(normalize(left($1, 100000), NFD), '[\u0300-\u036f]', '', 'g'), NFC)),
            'ς', 'σ'),
        '[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u007f]+', ' ', 'g'),
        '([\u3041-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af])', ' \1 ', 'g')
$$;

-- What a message says: its blocks of text joined. A NUL, which a model may write, is no text here.
CREATE FUNCTION search_said(content text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT coalesce(string_agg(block ->> 'text', '' ORDER BY place), '')
    FROM json_array_elements(replace(content, '\u0000', '\ufffd')::json) WITH ORDINALITY AS blocks (block, place)
    WHERE block ->> 'type' = 'text'
$$;

-- What is asked for by one word, or its beginning; one of several characters that stand alone is a phrase. A word in which there is none finds nothing.
CREATE FUNCTION search_query(word text) RETURNS tsquery LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT CASE WHEN numnode(plain) = 0 THEN plain ELSE (plain::text || ':*')::tsquery END
    FROM (SELECT phraseto_tsquery('simple', search_text(word)) AS plain) AS parsed
$$;

CREATE FUNCTION search_title_added() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE entry bigint;
BEGIN
    INSERT INTO search_entries (tenant_id, user_id, conversation_id) VALUES (new.tenant_id, new.user_id, new.id)
        RETURNING number INTO entry;
    INSERT INTO search_words (number, words) VALUES (entry, to_tsvector('simple', search_text(new.title)));
    RETURN NULL;
END $$;
CREATE TRIGGER search_title_added AFTER INSERT ON conversations
    FOR EACH ROW EXECUTE FUNCTION search_title_added();

CREATE FUNCTION search_title_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE search_words SET words = to_tsvector('simple', search_text(new.title))
        WHERE number = (SELECT number FROM search_entries WHERE conversation_id = new.id AND message_id IS NULL);
    RETURN NULL;
END $$;
CREATE TRIGGER search_title_changed AFTER UPDATE OF title ON conversations
    FOR EACH ROW EXECUTE FUNCTION search_title_changed();

CREATE FUNCTION search_message_added() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE entry bigint;
BEGIN
    INSERT INTO search_entries (tenant_id, user_id, conversation_id, message_id)
        SELECT tenant_id, user_id, id, new.id FROM conversations WHERE id = new.conversation_id
        RETURNING number INTO entry;
    INSERT INTO search_words (number, words)
        VALUES (entry, to_tsvector('simple', search_text(search_said(new.content))));
    RETURN NULL;
END $$;
CREATE TRIGGER search_message_added AFTER INSERT ON messages
    FOR EACH ROW WHEN (new.role IN ('user', 'assistant')) EXECUTE FUNCTION search_message_added();

-- What is there already.
INSERT INTO search_entries (tenant_id, user_id, conversation_id)
    SELECT tenant_id, user_id, id FROM conversations ORDER BY created_at;
INSERT INTO search_words (number, words)
    SELECT e.number, to_tsvector('simple', search_text(c.title))
    FROM search_entries AS e JOIN conversations AS c ON c.id = e.conversation_id;
INSERT INTO search_entries (tenant_id, user_id, conversation_id, message_id)
    SELECT c.tenant_id, c.user_id, c.id, m.id FROM messages AS m JOIN conversations AS c ON c.id = m.conversation_id
    WHERE m.role IN ('user', 'assistant') ORDER BY m.conversation_id, m.position;
INSERT INTO search_words (number, words)
    SELECT e.number, to_tsvector('simple', search_text(search_said(m.content)))
    FROM search_entries AS e JOIN messages AS m ON m.id = e.message_id;
