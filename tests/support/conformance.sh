#!/usr/bin/env bash
# The client scenarios of MCP's conformance suite against the connections of this checkout: those of the suite `core`
# (revision 2025-11-25, authorisation included), and what the revision 2026-07-28 requires.
#
# The second runs scenarios too that it does not count: the extensions auth/client-credentials-jwt,
# auth/client-credentials-basic, auth/enterprise-managed-authorization, auth/dpop, auth/dpop-nonce and
# auth/wif-jwt-bearer, which Sayso does not offer, and json-schema-2020-12-preservation, which was added after the release
# and wants a call that this client does not make.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
home=$("$root/tests/support/mcp.sh" install)
[ -n "$home" ] || exit 0
cd "$root"
cargo build --quiet --example mcp_conformance
export PATH="$home/node_modules/node/bin:$PATH"
# What the suite keeps of a run goes where builds go.
suite() {
    node "$home/node_modules/$1/dist/index.js" client \
        --command "$root/target/debug/examples/mcp_conformance" --output-dir "$home/results" "${@:2}"
}
suite @modelcontextprotocol/conformance --suite core
suite conformance-next --requirements 2026-07-28
