#!/usr/bin/env bash
# The client scenarios of MCP's conformance suite against the connections of this checkout: each of the suite `core`.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
home=$("$root/tests/support/mcp.sh" install)
[ -n "$home" ] || exit 0
cd "$root"
cargo build --quiet --example mcp_conformance
export PATH="$home/node_modules/node/bin:$PATH"
# What the suite keeps of a run goes where builds go.
node "$home/node_modules/@modelcontextprotocol/conformance/dist/index.js" client \
    --command "$root/target/debug/examples/mcp_conformance" --suite core --output-dir "$home/results"
