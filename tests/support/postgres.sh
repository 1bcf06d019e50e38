#!/usr/bin/env bash
# The one PostgreSQL of this checkout's tests, below target/postgres. `start` starts it unless it runs, and prints its
# port; `stop` stops it. It is left running between test binaries; tests/all.sh stops it at the end.
# It keeps nothing: no fsync, every test has a database of its own and drops it.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
mkdir -p "$root/target"
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
[ -n "$bin" ] || { echo "PostgreSQL is not installed; tests/all.sh installs it" >&2; exit 1; }

# root may not run PostgreSQL; the packaged user may, where it can reach the checkout.
as=()
home=$root/target/postgres
if [ "$(id -u)" = 0 ]; then
    as=(setpriv --reuid=postgres --regid=postgres --init-groups env -u HOME)
    mkdir -p "$home"
    if ! "${as[@]}" test -x "$home"; then
        rmdir "$home" 2>/dev/null || true
        home=/var/tmp/sayso-postgres-$(printf %s "$root" | cksum | cut -d' ' -f1)
        mkdir -p "$home"
    fi
    chown postgres:postgres "$home"
else
    mkdir -p "$home"
fi
data=$home/data
cd "$home"

exec 9>"$root/target/postgres.lock"
flock 9

running() { "${as[@]}" "$bin/pg_ctl" -D "$data" status >/dev/null 2>&1; }

case "${1:-}" in
start)
    if ! running; then
        if [ "$(cat "$data/PG_VERSION" 2>/dev/null || true)" != "$(basename "$(dirname "$bin")")" ]; then
            rm -rf "$data"
            "${as[@]}" "$bin/initdb" -D "$data" -U postgres --auth=trust --encoding=UTF8 --locale=C.UTF-8 >/dev/null
        fi
        rm -f "$data/postmaster.pid"
        for _ in 1 2 3 4 5; do
            port=$((20000 + RANDOM % 12000))
            (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && continue
            options="-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=300"
            options="$options -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c shared_buffers=64MB"
            "${as[@]}" "$bin/pg_ctl" -w -s -D "$data" -l "$home/log" -o "$options" start >/dev/null 2>&1 9>&- && break
        done
        running || { tail -n 20 "$home/log" >&2; exit 1; }
    fi
    port=$(sed -n 4p "$data/postmaster.pid")
    # The product signs in as an ordinary owner of its database, which may make the roles that its walls need.
    "$bin/psql" -q -h 127.0.0.1 -p "$port" -U postgres -d postgres >/dev/null <<'SQL'
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'sayso') THEN
        CREATE ROLE sayso LOGIN CREATEDB CREATEROLE;
    END IF;
END $$;
SQL
    echo "$port"
    ;;
stop)
    if running; then "${as[@]}" "$bin/pg_ctl" -s -m immediate -D "$data" stop; fi
    ;;
*)
    echo "usage: $0 start|stop" >&2
    exit 2
    ;;
esac
