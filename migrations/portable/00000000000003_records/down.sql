DROP TABLE record_calls;
DROP TABLE records;
DROP TABLE record_collections;
