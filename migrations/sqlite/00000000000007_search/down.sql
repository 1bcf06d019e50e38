DROP TRIGGER search_message_added;
DROP TRIGGER search_title_changed;
DROP TRIGGER search_title_added;
DROP TABLE search_entries;
DROP TABLE search_words;
