#!/usr/bin/env bash
# A part of check.sh: runs the binary as the image would, in namespaces of its own (needs root, or user namespaces).
# What the Dockerfile says is read from it: user, variables, volumes, entry point, health check.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if [ "${INSIDE:-}" = "" ]; then
    if [ "$(id -u)" = 0 ]; then to_root=(); else to_root=(--map-auto --map-root-user --setuid 0 --setgid 0); fi
    INSIDE=1 exec unshare "${to_root[@]}" --mount --net --pid --fork --kill-child --mount-proc --propagation private "$0"
fi

value() { sed -n "s/^$1 //p" deploy/Dockerfile | tail -n 1; }
words() { tr -d '[],"' <<<"$1"; }
user=$(value USER)
read -r -a entry <<<"$(words "$(value ENTRYPOINT)")"
health=$(sed -n 's/^HEALTHCHECK.*CMD //p' deploy/Dockerfile)
read -r -a health <<<"$(words "$health")"
read -r -a volumes <<<"$(words "$(value VOLUME)")"
# ENV goes over several lines.
mapfile -t variables < <(sed -n '/^ENV /,/[^\\]$/p' deploy/Dockerfile | sed -e 's/^ENV //' -e 's/\\$//' | tr -s ' ' '\n' | grep =)

# The root: the libraries that the base has, the certificate authorities, the binary.
image=$WORK/root
mkdir -p "$image"
mount -t tmpfs -o size=600m,mode=755 tmpfs "$image"
mkdir -p "$image"/{proc,tmp,dev,etc/ssl/certs,usr/local/bin} "$image/$(value WORKDIR)"
install -m 0755 "$BINARY" "$image/usr/local/bin/sayso"
for library in $(ldd "$BINARY" | grep -oE '/[^ ]+'); do
    mkdir -p "$image/$(dirname "$library")"
    cp -L "$library" "$image/$library"
done
cp -L /etc/ssl/certs/ca-certificates.crt "$image/etc/ssl/certs/" 2>/dev/null || true
printf 'nonroot:x:65532:65532::/home/nonroot:/sbin/nologin\n' >"$image/etc/passwd"
touch "$image/dev/null" "$image/dev/urandom"
mount --bind /dev/null "$image/dev/null"
mount --bind /dev/urandom "$image/dev/urandom"
mount -t proc proc "$image/proc"
for volume in "${volumes[@]}"; do
    mkdir -p "$image/$volume"
    mount -t tmpfs -o mode=700,uid="${user%:*}",gid="${user#*:}" tmpfs "$image/$volume"
done
mount -o remount,ro,bind "$image"
ip link set lo up 2>/dev/null || true

# A command, not a function: in the background its process is the server's own.
inside=(env -i "${variables[@]}" "$(command -v chroot)" --userspec="$user" --groups= "$image")

log=$WORK/image.log
"${inside[@]}" "${entry[@]}" >"$log" 2>&1 &
server=$!
end() { kill -KILL "$server" 2>/dev/null || true; }
trap end EXIT
for _ in $(seq 200); do
    if "${inside[@]}" "${health[@]}" >"$WORK/health" 2>&1; then break; fi
    kill -0 "$server" 2>/dev/null || { cat "$log"; exit 1; }
    sleep 0.1
done
"${inside[@]}" "${health[@]}" || { cat "$WORK/health" "$log"; exit 1; }
"${inside[@]}" "${health[@]}" --ready
grep -q 'listening on http://0.0.0.0:8080' "$log" || { cat "$log"; exit 1; }

# It is nobody special, and has no rights.
grep -E '^(Uid|CapEff|CapPrm):' "/proc/$server/status"
grep -qE "^Uid:[[:space:]]+${user%:*}[[:space:]]+${user%:*}" "/proc/$server/status"
grep -qE '^CapEff:[[:space:]]+0+$' "/proc/$server/status"
# It wrote into its volumes, and could nowhere else.
[ -n "$(ls "$image${volumes[0]}")" ]
if touch "$image/usr/local/bin/other" 2>/dev/null; then echo "the root can be written"; exit 1; fi

# The stop that the image asks for ends it in time, and then it is not healthy.
kill -s "$(value STOPSIGNAL | sed s/SIG//)" "$server"
code=0
wait "$server" || code=$?
[ "$code" = 0 ] || { echo "it ended with $code"; cat "$log"; exit 1; }
trap - EXIT
if "${inside[@]}" "${health[@]}" >/dev/null 2>&1; then echo "healthy without a server"; exit 1; fi
echo "ran as $user"
