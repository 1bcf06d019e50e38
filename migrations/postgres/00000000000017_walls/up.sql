-- Row-level security: the second wall behind the queries. The policies, the plain role and what it may do are put up at
-- every start (src/db/walls.sql), so that they stand on tables that come later too. Here is what they are made of.

-- The role that a tenant's transactions take: it owns nothing. Roles belong to the whole cluster, so it is named after the
-- database: who may sign in to one database of the cluster is nobody in another.
CREATE FUNCTION walls_role() RETURNS name LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT (current_database() || '_tenant')::name
$$;

-- The tenant of the transaction; NULL, which equals nothing, outside of one.
CREATE FUNCTION walls_tenant() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT nullif(current_setting('sayso.tenant', true), '')::uuid
$$;

-- Whether the transaction works over all tenants: it has said what for, and did not take the plain role. Who took that
-- cannot say so.
CREATE FUNCTION walls_are_open() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT current_setting('sayso.system', true) <> '' AND current_setting('role') <> (current_database() || '_tenant')::name::text
$$;

-- Words are looked for in an index over all tenants, and behind a policy the index could not be used: `@@` is not
-- leakproof. So nobody but their owner reads `search_words`, and this tells numbers alone; whose they are stands in
-- `search_entries`, behind its policy.
CREATE FUNCTION search_found(wanted tsquery) RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER ROWS 100 AS $$
    SELECT number FROM search_words WHERE words @@ wanted
$$;
REVOKE ALL ON FUNCTION search_found(tsquery) FROM PUBLIC;

-- They write what the plain role may not. The path is theirs, so that nobody puts another table before ours.
DO $$ BEGIN
    EXECUTE format('ALTER FUNCTION search_found(tsquery) SET search_path = %I, pg_temp', current_schema());
    EXECUTE format('ALTER FUNCTION search_title_added() SECURITY DEFINER SET search_path = %I, pg_temp', current_schema());
    EXECUTE format('ALTER FUNCTION search_title_changed() SECURITY DEFINER SET search_path = %I, pg_temp', current_schema());
    EXECUTE format('ALTER FUNCTION search_message_added() SECURITY DEFINER SET search_path = %I, pg_temp', current_schema());
END $$;
