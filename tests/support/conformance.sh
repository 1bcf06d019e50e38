#!/usr/bin/env bash
# MCP's conformance suite against this checkout, in two releases of it: 0.1.16, whose suite `core` is that of the revision
# 2025-11-25, and 0.2.0-alpha.12 with what the revision 2026-07-28 requires. Known gaps stand in conformance.yaml, by name.
#
# client: the connections to servers, authorisation included, driven through examples/mcp_conformance.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

# suite PACKAGE ARGUMENT…: what it keeps of a run goes where builds go.
suite() {
    node "$home/node_modules/$1/dist/index.js" "${@:2}" --output-dir "$home/results"
}

client() {
    cargo build --quiet --locked --example mcp_conformance
    local command=$root/target/debug/examples/mcp_conformance
    suite @modelcontextprotocol/conformance client --command "$command" --suite core
    suite conformance-next client --command "$command" --requirements 2026-07-28 \
        --expected-failures "$root/tests/support/conformance.yaml"
}

case "${1:-}" in
client) ;;
*)
    echo "usage: $0 client" >&2
    exit 2
    ;;
esac
home=$("$root/tests/support/mcp.sh" install)
[ -n "$home" ] || exit 0
cd "$root"
export PATH="$home/node_modules/node/bin:$PATH"
"$1"
