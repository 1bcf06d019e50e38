DO $$
DECLARE place record;
BEGIN
    FOR place IN
        SELECT c.relname FROM pg_class AS c WHERE c.relnamespace = quote_ident(current_schema())::regnamespace
            AND c.relkind = 'r' AND c.relrowsecurity
    LOOP
        EXECUTE format('DROP POLICY IF EXISTS walls ON %I', place.relname);
        EXECUTE format('ALTER TABLE %I DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY', place.relname);
    END LOOP;
    -- The role stays: it may do nothing any more, and to make it again may take an administrator.
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = walls_role()) THEN
        EXECUTE format('REVOKE ALL ON ALL TABLES IN SCHEMA %I FROM %I', current_schema(), walls_role());
        EXECUTE format('REVOKE ALL ON SCHEMA %I FROM %I', current_schema(), walls_role());
    END IF;
END $$;
ALTER FUNCTION search_title_added() SECURITY INVOKER RESET search_path;
ALTER FUNCTION search_title_changed() SECURITY INVOKER RESET search_path;
ALTER FUNCTION search_message_added() SECURITY INVOKER RESET search_path;
DROP FUNCTION search_found(tsquery);
DROP FUNCTION walls_are_open();
DROP FUNCTION walls_tenant();
DROP FUNCTION walls_role();
