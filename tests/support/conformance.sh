#!/usr/bin/env bash
# The scenarios of MCP's conformance suite, against this checkout; `client` or `server` alone, or both.
#
# `client`: against the connections to servers: those of the suite `core` (revision 2025-11-25, authorisation included),
# and what the revision 2026-07-28 requires.
# The second runs scenarios too that it does not count: the extensions auth/client-credentials-jwt,
# auth/client-credentials-basic, auth/enterprise-managed-authorization, auth/dpop, auth/dpop-nonce and
# auth/wif-jwt-bearer, which Sayso does not offer, and json-schema-2020-12-preservation, which was added after the release
# and wants a call that this client does not make.
#
# `server`: against /mcp. The scenarios that need no tools, prompts or resources of the suite's own must pass; those that do
# are named in conformance_server.yaml and conformance_server_2026.yaml, and one that begins to pass fails the run.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
home=$("$root/tests/support/mcp.sh" install)
[ -n "$home" ] || exit 0
cd "$root"
export PATH="$home/node_modules/node/bin:$PATH"

# What the suite keeps of a run goes where builds go.
suite() {
    node "$home/node_modules/$1/dist/index.js" "$2" --output-dir "$home/results" "${@:3}"
}

client() {
    cargo build --quiet --example mcp_conformance
    local command=(--command "$root/target/debug/examples/mcp_conformance")
    suite @modelcontextprotocol/conformance client "${command[@]}" --suite core
    suite conformance-next client "${command[@]}" --requirements 2026-07-28
}

server() {
    cargo build --quiet --bin sayso
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

case "${1:-all}" in
client) client ;;
server) server ;;
all)
    client
    server
    ;;
*)
    echo "usage: $0 [client|server]" >&2
    exit 2
    ;;
esac
