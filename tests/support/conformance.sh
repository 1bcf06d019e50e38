#!/usr/bin/env bash
# MCP's conformance suite against this checkout, in two releases of it: 0.1.16, whose suite `core` is that of the revision
# 2025-11-25, and 0.2.0-alpha.12 with what the revision 2026-07-28 requires. Known gaps stand in conformance.yaml, by name.
#
# client: the connections to servers, authorisation included, driven through examples/mcp_conformance.
# server: /mcp. The scenarios that need no tools, prompts or resources of the suite's own must pass; those that do are named
# in conformance_server.yaml and conformance_server_2026.yaml, and one that begins to pass fails the run.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

# suite PACKAGE ARGUMENT…: what it keeps of a run goes where builds go.
suite() {
    node "$home/node_modules/$1/dist/index.js" "${@:2}" --output-dir "$home/results"
}

# The suite runs all scenarios at once, and one of them measures how soon a client comes back after 500 ms: on a busy
# machine that is a warning, for which the whole run fails. It is measured again by itself then.
core() {
    local log=$home/core.log
    if suite @modelcontextprotocol/conformance client --suite core "$@" | tee "$log"; then return; fi
    if grep '^✗' "$log" | grep -qv '^✗ sse-retry: [0-9]* passed, 0 failed'; then return 1; fi
    grep -q '^✗ sse-retry: ' "$log" || return 1
    for _ in 1 2 3; do
        if suite @modelcontextprotocol/conformance client --scenario sse-retry "$@"; then return; fi
    done
    return 1
}

client() {
    cargo build --quiet --locked --example mcp_conformance
    local command=$root/target/debug/examples/mcp_conformance
    core --command "$command"
    suite conformance-next client --command "$command" --requirements 2026-07-28 \
        --expected-failures "$root/tests/support/conformance.yaml"
}

server() {
    cargo build --quiet --locked --bin sayso
    local url
    coproc SAYSO { exec python3 "$root/tests/support/conformance_server.py" "$root/target/debug/sayso"; }
    # The variable is gone with the process.
    local process=$SAYSO_PID input=${SAYSO[1]}
    read -r url <&"${SAYSO[0]}"
    local failed=0
    suite @modelcontextprotocol/conformance server --url "$url" \
        --expected-failures "$root/tests/support/conformance_server.yaml" || failed=1
    suite conformance-next server --url "$url" --requirements 2026-07-28 \
        --expected-failures "$root/tests/support/conformance_server_2026.yaml" || failed=1
    exec {input}>&-
    wait "$process" || failed=1
    return $failed
}

case "${1:-}" in
client | server) ;;
*)
    echo "usage: $0 client|server" >&2
    exit 2
    ;;
esac
export RUST_BACKTRACE=0
home=$("$root/tests/support/mcp.sh" install)
[ -n "$home" ] || exit 0
cd "$root"
export PATH="$home/node_modules/node/bin:$PATH"
"$1"
