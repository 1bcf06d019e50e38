#!/bin/bash
# Runs once, in the image of PostgreSQL, on an empty volume: the login of Sayso, which owns its database, may make the
# role that walls tenants off, and is no superuser: row-level security would not hold one.
set -euo pipefail

psql -v ON_ERROR_STOP=1 -v password="$SAYSO_PASSWORD" --username "$POSTGRES_USER" <<'SQL'
CREATE ROLE sayso LOGIN CREATEROLE PASSWORD :'password';
CREATE DATABASE sayso OWNER sayso ENCODING 'UTF8';
SQL
