ALTER TABLE tenants DROP COLUMN models;
