#!/usr/bin/env bash
# The one LiteLLM of this checkout's tests, below target/litellm: a virtual environment with the release named below,
# kept between runs. `install` makes it unless it is there, and prints where its `litellm` is.
#
# Where PyPI cannot be reached and nothing is installed yet, it says so, prints no place and succeeds: the tests leave
# out loudly what needs it. Anything else that goes wrong is a failure.
set -euo pipefail

version=1.106.2
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
home=$root/target/litellm
mkdir -p "$home"

[ "${1:-}" = install ] || { echo "usage: $0 install" >&2; exit 2; }

exec 9>"$home/lock"
flock 9

if [ "$(cat "$home/installed" 2>/dev/null || true)" = "$version" ] && [ -x "$home/venv/bin/litellm" ]; then
    echo "$home/venv/bin/litellm"
    exit 0
fi

rm -rf "$home/venv" "$home/installed" "$home/probe"
# A Python that the release knows; the newest ones come before its wheels do.
python=
for candidate in python3.12 python3.11 python3.13 python3.10 python3; do
    if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(not (3, 10) <= sys.version_info < (3, 14))' 2>/dev/null; then
        python=$candidate
        break
    fi
done
[ -n "$python" ] || { echo "LiteLLM needs Python 3.10 to 3.13 with venv" >&2; exit 1; }
"$python" -m venv "$home/venv"

if ! "$home/venv/bin/pip" install --quiet --disable-pip-version-check "litellm[proxy]==$version" >"$home/log" 2>&1 9>&-; then
    tail -n 20 "$home/log" >&2
    rm -rf "$home/venv"
    # What pip says when it never gets through (no name, no route, no answer), and it cannot get anything else either.
    # A release that is missing, a wheel that does not build or a certificate that is wrong is no such thing.
    no_way='NewConnectionError|ConnectTimeoutError|NameResolutionError|ReadTimeoutError|ProxyError'
    if grep -qE "$no_way" "$home/log" &&
        ! "$python" -m pip download --quiet --no-deps --retries 1 --dest "$home/probe" iniconfig >"$home/probe.log" 2>&1 &&
        grep -qE "$no_way" "$home/probe.log"; then
        echo "*** LEFT OUT: the tests through LiteLLM, because PyPI cannot be reached ***" >&2
        exit 0
    fi
    echo "LiteLLM $version could not be installed: $home/log" >&2
    exit 1
fi
echo "$version" >"$home/installed"
echo "$home/venv/bin/litellm"
