#!/usr/bin/env bash
# The servers and the conformance suite that the tests of MCP run against, below target/mcp: npm and Python packages of
# the releases named below, with a Node 22 from npm, kept between runs. `install` makes them unless they are there,
# and prints where they are.
#
# Where npm or PyPI cannot be reached and nothing is installed yet, it says so, prints no place and succeeds: the tests
# leave out loudly what needs it. With CI=true that is a failure, as is anything else that goes wrong.
#
# docs/mcp.md tells operators of the same releases; a test compares.
set -euo pipefail

node=(node@22.23.3 @modelcontextprotocol/conformance@0.1.16
    conformance-next@npm:@modelcontextprotocol/conformance@0.2.0-alpha.12 @modelcontextprotocol/server-everything@2026.8.31
    @modelcontextprotocol/server-filesystem@2026.8.31 @modelcontextprotocol/server-memory@2026.8.31)
# By the environment that each has: FastMCP's and SQLite's own, so that none bends the others' releases of the SDK.
venv=(mcp-server-time==2026.10.19 mcp-server-git==2026.10.19 mcp-server-fetch==2026.10.24)
fastmcp=(fastmcp==4.1.2)
sqlite=(mcp-server-sqlite==2025.4.25 'mcp<2')
version="${node[*]} ${venv[*]} ${fastmcp[*]} ${sqlite[*]}"
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
home=$root/target/mcp
mkdir -p "$home"

[ "${1:-}" = install ] || { echo "usage: $0 install" >&2; exit 2; }

exec 9>"$home/lock"
flock 9

if [ "$(cat "$home/installed" 2>/dev/null || true)" = "$version" ]; then
    echo "$home"
    exit 0
fi

rm -rf "$home/installed" "$home/node_modules" "$home/fastmcp" "$home/sqlite" "$home/venv" "$home/package.json" "$home/package-lock.json"
echo '{"private": true}' >"$home/package.json"

left_out() {
    echo "*** LEFT OUT: the tests with MCP servers of others, because $1 cannot be reached ***" >&2
    [ "${CI:-}" != true ] || exit 1
    exit 0
}

if ! npm install --prefix "$home" --no-audit --no-fund --loglevel=error "${node[@]}" >"$home/log" 2>&1 9>&-; then
    tail -n 20 "$home/log" >&2
    grep -qE 'ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|ENETUNREACH' "$home/log" && left_out npm
    exit 1
fi

for place in venv fastmcp sqlite; do
    declare -n packages=$place
    python3 -m venv "$home/$place"
    if ! "$home/$place/bin/pip" install --quiet --disable-pip-version-check "${packages[@]}" >"$home/log" 2>&1 9>&-; then
        tail -n 20 "$home/log" >&2
        grep -qE 'NewConnectionError|ConnectTimeoutError|NameResolutionError|ReadTimeoutError|ProxyError' "$home/log" && left_out PyPI
        exit 1
    fi
done
echo "$version" >"$home/installed"
echo "$home"
