#!/usr/bin/env bash
# Makes a release of what is committed: builds the program, looks at it (size, what it is linked to, the version it
# names), and writes target/releases/sayso-VERSION-MACHINE.tar.gz, with licences, README and docs, and its SHA-256.
# Takes no arguments. Safe to run again: the same commit gives the same names, and nothing is left of a try that failed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# As `ls -h` counts.
most=$((30 * 1024 * 1024))
# What every Linux with this C library has; anything else would have to be installed beside it.
may='linux-vdso|ld-linux|libc\.so|libm\.so|libgcc_s\.so|libdl\.so|libpthread\.so|librt\.so'
# The oldest C library that it starts with; docs/operations.md names it.
glibc=GLIBC_2.36

fail() { echo "release.sh: $*" >&2; exit 1; }

version=$(sed -n '/^\[package\]/,/^\[/s/^version = "\(.*\)"$/\1/p' Cargo.toml)
[ -n "$version" ] || fail "Cargo.toml has no version"
# A source archive has no history; whoever builds one says what it is of.
if [ -z "${SAYSO_COMMIT:-}" ]; then
    git rev-parse --quiet --verify HEAD >/dev/null || fail "there is no git here; set SAYSO_COMMIT"
    [ -z "$(git status --porcelain)" ] || fail "something is not committed; a release is of a commit"
    SAYSO_COMMIT=$(git rev-parse --short=12 HEAD)
fi
export SAYSO_COMMIT

cargo build --release --locked --bin sayso
binary=${CARGO_TARGET_DIR:-target}/release/sayso

size=$(stat -c %s "$binary")
[ "$size" -lt "$most" ] || fail "the program has $size bytes; less than 30 MiB are promised"
linked=$(ldd "$binary" | awk 'NF { print $1 }')
others=$(grep -vE "$may" <<<"$linked" || true)
[ -z "$others" ] || fail "the program is linked to what must not be needed: $others"
# What was built on a newer system does not start on the oldest that is promised, Debian 12.
newest=$({ grep -aoE 'GLIBC_[0-9.]+' "$binary" || true; echo "$glibc"; } | sort -Vu | tail -n 1)
[ "$newest" = "$glibc" ] || fail "the program needs $newest; $glibc is promised"
said=$("$binary" --version)
[ "$said" = "sayso $version ($SAYSO_COMMIT)" ] || fail "it calls itself “$said”, not sayso $version ($SAYSO_COMMIT)"

name=sayso-$version-$(uname -m)-linux
releases=target/releases
mkdir -p "$releases"
work=$(mktemp -d "$releases/.work.XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir "$work/$name"
cp "$binary" README.md CHANGELOG.md SECURITY.md LICENSE-MIT LICENSE-APACHE "$work/$name/"
cp -R docs "$work/$name/"
for file in deploy/nginx.conf deploy/sayso.service; do
    if [ -f "$file" ]; then install -D -m 0644 "$file" "$work/$name/$file"; fi
done
# Sorted, without times and owners, so that the same files make the same archive.
tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -C "$work" -cf - "$name" | gzip -9n >"$work/$name.tar.gz"
(cd "$work" && sha256sum "$name.tar.gz" >"$name.tar.gz.sha256")
mv "$work/$name.tar.gz" "$work/$name.tar.gz.sha256" "$releases/"

printf '%s\n%s bytes, linked to %s\n' "$said" "$size" "$(tr '\n' ' ' <<<"$linked")"
cat "$releases/$name.tar.gz.sha256"
