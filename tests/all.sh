#!/usr/bin/env bash
# Proves the whole: installs through apt what the tests need and is missing (Debian), then checks the format, runs
# clippy with warnings as errors, and runs all tests, on SQLite and on a PostgreSQL of their own, in Chromium, and through
# a LiteLLM, the client of OpenAI and schemathesis from PyPI, and against MCP servers from npm and PyPI, all of which are
# kept below target.
# Safe to run again; what it starts, it stops.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { printf '\n== %s\n' "$*"; }

needed=()
need() { command -v "$1" >/dev/null || needed+=("$2"); }
need chromium chromium
need chromedriver chromium-driver
ls -d /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || needed+=(postgresql)
need psql postgresql-client
need /usr/sbin/nginx nginx
need git git
need curl curl
need jq jq
need sqlite3 sqlite3
need npm npm
need cc build-essential
need python3 python3
python3 -c 'import ensurepip, venv' 2>/dev/null || needed+=(python3-venv)
need setpriv util-linux
need openssl openssl
need systemd-analyze systemd
python3 -c 'import yaml' 2>/dev/null || needed+=(python3-yaml)
if [ ${#needed[@]} -gt 0 ]; then
    say "installing ${needed[*]}"
    sudo=()
    if [ "$(id -u)" != 0 ]; then sudo=(sudo); fi
    "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -q
    "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${needed[@]}"
fi

axe=4.14.1
if ! grep -qs "\"version\": \"$axe\"" target/npm/node_modules/axe-core/package.json; then
    say "axe-core $axe"
    mkdir -p target/npm
    npm install --prefix target/npm --no-save --no-audit --no-fund --no-package-lock --ignore-scripts "axe-core@$axe"
fi

say "LiteLLM"
tests/support/litellm.sh install

say "the client of OpenAI"
tests/support/openai.sh install

say "schemathesis"
tests/support/schemathesis.sh install

say "MCP servers of others"
tests/support/mcp.sh install
# Tests start Python a thousand times: past what may stand before it to choose one.
PATH="$(dirname "$(python3 -c 'import sys; print(sys.executable)')"):$PATH"
# They want a newer Node than the system may have.
export PATH="$PWD/target/mcp/node_modules/node/bin:$PATH"

say "format"
cargo fmt --check

say "clippy"
cargo clippy --all-targets --locked -- -D warnings

say "PostgreSQL"
trap 'tests/support/postgres.sh stop' EXIT
tests/support/postgres.sh start

say "tests"
cargo test --locked --no-fail-fast

say "image, unit, compose and nginx"
deploy/check.sh

say "conformance of the connections to MCP servers"
tests/support/conformance.sh client

say "conformance of /mcp"
tests/support/conformance.sh server
