-- Puts up the walls: the plain role, a policy on every table, and what the role may do. Run at every start, after the
-- migrations and while no other instance does; it changes only what is not as it should be. A table that nobody thought of
-- here is closed to tenants unless it has a `tenant_id`.
DO $walls$
DECLARE
    plain CONSTANT name := walls_role();
    home CONSTANT name := current_schema();
    place record;
    wall text;
    rights text[];
    needed text;
    taken name;
BEGIN
    BEGIN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = plain) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN NOINHERIT', plain);
        END IF;
        IF NOT pg_has_role(current_user, plain,
            CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END) THEN
            EXECUTE format('GRANT %I TO %I', plain, current_user);
        END IF;
    EXCEPTION WHEN insufficient_privilege THEN
        RAISE EXCEPTION 'the database has no role % that % may take, which walls tenants off from one another. Have an administrator of the database run once: CREATE ROLE % NOLOGIN; GRANT % TO %',
            quote_ident(plain), quote_ident(current_user), quote_ident(plain), quote_ident(plain), quote_ident(current_user);
    END;

    IF NOT has_schema_privilege(plain, home, 'USAGE') THEN
        EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', home, plain);
    END IF;
    IF NOT has_function_privilege(plain, 'search_found(tsquery)', 'EXECUTE') THEN
        EXECUTE format('GRANT EXECUTE ON FUNCTION search_found(tsquery) TO %I', plain);
    END IF;

    FOR place IN
        SELECT c.oid, c.relname, c.relrowsecurity AND c.relforcerowsecurity AS is_walled,
            EXISTS (SELECT FROM pg_attribute AS a
                WHERE a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped) AS is_of_tenants,
            p.oid IS NOT NULL AS has_policy,
            obj_description(p.oid, 'pg_policy') AS known
        FROM pg_class AS c LEFT JOIN pg_policy AS p ON p.polrelid = c.oid AND p.polname = 'walls'
        -- Words have no policy, for the sake of their index; the role has no right to them instead.
        WHERE c.relnamespace = quote_ident(home)::regnamespace AND c.relkind = 'r'
            AND left(c.relname, 2) <> '__' AND c.relname <> 'search_words'
        ORDER BY c.relname
    LOOP
        wall := CASE
            WHEN place.relname = 'tenants' THEN 'id = walls_tenant()'
            -- People belong to several tenants: each sees those who are in it, and those who left it something to tell of.
            WHEN place.relname = 'users' THEN
                'EXISTS (SELECT FROM memberships AS m WHERE m.tenant_id = walls_tenant() AND m.user_id = users.id)'
                ' OR EXISTS (SELECT FROM usage_months AS u WHERE u.tenant_id = walls_tenant() AND u.subject_id = users.id)'
                ' OR EXISTS (SELECT FROM file_writes AS f WHERE f.tenant_id = walls_tenant() AND f.user_id = users.id)'
                ' OR EXISTS (SELECT FROM credit_entries AS c WHERE c.tenant_id = walls_tenant() AND c.added_by = users.id)'
            -- Rows outlive their tenant, and the chain of what belongs to none is no tenant's.
            WHEN place.relname IN ('audit_rows', 'audit_heads') THEN 'chain = walls_tenant()::text'
            WHEN place.is_of_tenants THEN 'tenant_id = walls_tenant()'
            ELSE 'false'
        END;
        rights := CASE
            WHEN place.relname = 'audit_rows' THEN ARRAY['SELECT', 'INSERT']
            WHEN place.relname = 'audit_heads' THEN ARRAY['SELECT', 'INSERT', 'UPDATE']
            WHEN place.relname = 'tenants' THEN ARRAY['SELECT', 'UPDATE']
            -- What one may change of people is below.
            WHEN place.relname IN ('users', 'search_entries') THEN ARRAY['SELECT']
            WHEN place.is_of_tenants THEN ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']
            ELSE ARRAY[]::text[]
        END;
        IF NOT place.is_walled THEN
            EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', place.relname);
        END IF;
        IF place.known IS DISTINCT FROM wall THEN
            IF place.has_policy THEN
                EXECUTE format('DROP POLICY walls ON %I', place.relname);
            END IF;
            -- What decides for most is asked first.
            EXECUTE format(
                CASE place.relname WHEN 'users' THEN 'CREATE POLICY walls ON %I USING (walls_are_open() OR %s)'
                    ELSE 'CREATE POLICY walls ON %I USING (%s OR walls_are_open())' END,
                place.relname, wall);
            EXECUTE format('COMMENT ON POLICY walls ON %I IS %L', place.relname, wall);
        END IF;
        FOREACH needed IN ARRAY rights LOOP
            IF NOT has_table_privilege(plain, place.oid, needed) THEN
                EXECUTE format('GRANT %s ON %I TO %I', needed, place.relname, plain);
            END IF;
        END LOOP;
    END LOOP;

    -- Nobody becomes an operator, or someone else, from within a tenant.
    FOR taken IN
        SELECT a.attname FROM pg_attribute AS a
        WHERE a.attrelid = 'users'::regclass AND a.attnum > 0 AND NOT a.attisdropped
            AND a.attname NOT IN ('id', 'email', 'is_operator', 'created_at')
            AND NOT has_column_privilege(plain, a.attrelid, a.attnum, 'UPDATE')
    LOOP
        EXECUTE format('GRANT UPDATE (%I) ON users TO %I', taken, plain);
    END LOOP;
END $walls$;
