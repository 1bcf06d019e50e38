#!/usr/bin/env bash
# The official Python client of OpenAI's API for this checkout's tests, below target/openai: a virtual environment with
# the release named below, kept between runs. `install` makes it unless it is there, and prints where its Python is.
#
# Where PyPI cannot be reached and nothing is installed yet, it says so, prints no place and succeeds: the tests leave
# out loudly what needs it. Anything else that goes wrong is a failure.
set -euo pipefail

version=3.52.0
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
home=$root/target/openai
mkdir -p "$home"

[ "${1:-}" = install ] || { echo "usage: $0 install" >&2; exit 2; }

exec 9>"$home/lock"
flock 9

if [ "$(cat "$home/installed" 2>/dev/null || true)" = "$version" ] && [ -x "$home/venv/bin/python" ]; then
    echo "$home/venv/bin/python"
    exit 0
fi

rm -rf "$home/venv" "$home/installed" "$home/probe"
python=
for candidate in python3 python3.13 python3.12 python3.11; do
    if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))' 2>/dev/null; then
        python=$candidate
        break
    fi
done
[ -n "$python" ] || { echo "The client of OpenAI needs Python 3.10 or later with venv" >&2; exit 1; }
"$python" -m venv "$home/venv"

if ! "$home/venv/bin/pip" install --quiet --disable-pip-version-check "openai==$version" >"$home/log" 2>&1 9>&-; then
    tail -n 20 "$home/log" >&2
    rm -rf "$home/venv"
    # What pip says when it never gets through (no name, no route, no answer), and it cannot get anything else either.
    # A release that is missing, a wheel that does not build or a certificate that is wrong is no such thing.
    no_way='NewConnectionError|ConnectTimeoutError|NameResolutionError|ReadTimeoutError|ProxyError'
    if grep -qE "$no_way" "$home/log" &&
        ! "$python" -m pip download --quiet --no-deps --retries 1 --dest "$home/probe" iniconfig >"$home/probe.log" 2>&1 &&
        grep -qE "$no_way" "$home/probe.log"; then
        echo "*** LEFT OUT: the tests by OpenAI's client, because PyPI cannot be reached ***" >&2
        exit 0
    fi
    echo "The client $version could not be installed: $home/log" >&2
    exit 1
fi
echo "$version" >"$home/installed"
echo "$home/venv/bin/python"
