# Sourced by the scripts that keep a release of PyPI for this checkout's tests, each in a virtual environment below
# target/NAME, kept between runs.
#
# Where PyPI cannot be reached and nothing is installed yet, it says so, prints no place and succeeds: the tests leave
# out loudly what needs it. Anything else that goes wrong is a failure.

# from_pypi NAME PLACE WHAT BELOW PACKAGE…: installs the packages unless they are there, and prints where PLACE of their
# environment is. WHAT is left out is told where it must be; BELOW is the first release of Python that is too new, or 4.0.
from_pypi() {
    local name=$1 place=$2 what=$3 below=$4
    shift 4
    local packages=("$@") root home python= candidate no_way
    root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
    home=$root/target/$name
    mkdir -p "$home"

    exec 9>"$home/lock"
    flock 9

    if [ "$(cat "$home/installed" 2>/dev/null || true)" = "${packages[*]}" ] && [ -e "$home/venv/$place" ]; then
        echo "$home/venv/$place"
        return
    fi

    rm -rf "$home/venv" "$home/installed" "$home/probe"
    # The newest Pythons come before wheels for them do.
    for candidate in python3.12 python3.11 python3.13 python3.10 python3; do
        if "$candidate" -c "import sys, venv, ensurepip; sys.exit(not (3, 10) <= sys.version_info < (${below/./, }))" 2>/dev/null; then
            python=$candidate
            break
        fi
    done
    [ -n "$python" ] || { echo "$name needs Python 3.10 or later, before $below, with venv" >&2; exit 1; }
    "$python" -m venv "$home/venv"

    if ! "$home/venv/bin/pip" install --quiet --disable-pip-version-check "${packages[@]}" >"$home/log" 2>&1 9>&-; then
        tail -n 20 "$home/log" >&2
        rm -rf "$home/venv"
        # What pip says when it never gets through (no name, no route, no answer), and it cannot get anything else
        # either. A release that is missing, a wheel that does not build or a certificate that is wrong is no such thing.
        no_way='NewConnectionError|ConnectTimeoutError|NameResolutionError|ReadTimeoutError|ProxyError'
        if grep -qE "$no_way" "$home/log" &&
            ! "$python" -m pip download --quiet --no-deps --retries 1 --dest "$home/probe" iniconfig >"$home/probe.log" 2>&1 &&
            grep -qE "$no_way" "$home/probe.log"; then
            echo "*** LEFT OUT: $what, because PyPI cannot be reached ***" >&2
            return
        fi
        echo "$name could not be installed: $home/log" >&2
        exit 1
    fi
    echo "${packages[*]}" >"$home/installed"
    echo "$home/venv/$place"
}

[ "${1:-}" = install ] || { echo "usage: $0 install" >&2; exit 2; }
