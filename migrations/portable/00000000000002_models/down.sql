DROP TABLE blobs;
ALTER TABLE messages DROP COLUMN instead_of;
ALTER TABLE conversations DROP COLUMN window_begins;
ALTER TABLE tenants DROP COLUMN topics;
