-- Which models a tenant may use, as JSON: "all", or {"only": ["provider/model", …]}.
ALTER TABLE tenants ADD COLUMN models text NOT NULL DEFAULT '"all"';
