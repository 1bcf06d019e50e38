"""A part of check.sh: what must hold of compose.yaml and what it says of its neighbours."""

import pathlib
import re
import sys

try:
    import yaml
except ImportError:
    sys.exit("PyYAML is not here")

here = pathlib.Path(sys.argv[1])
compose = yaml.safe_load((here / "compose.yaml").read_text())
faults = []


def want(holds, words):
    if not holds:
        faults.append(words)


services = compose["services"]
want(set(services) == {"sayso-1", "sayso-2", "postgres", "nginx"}, f"services: {set(services)}")
for name, service in services.items():
    want(service.get("read_only") is True, f"{name}: its root can be written")
    want(service.get("cap_drop") == ["ALL"], f"{name}: keeps rights")
    want("no-new-privileges:true" in service.get("security_opt", []), f"{name}: may gain rights")
    want("privileged" not in service, f"{name}: is privileged")
    for volume in service.get("volumes", []):
        source = volume.split(":")[0]
        if source.startswith("."):
            want(volume.endswith(":ro"), f"{name}: may write {source}")
        else:
            want(source in compose["volumes"], f"{name}: {source} is no volume")
want("healthcheck" in services["postgres"], "postgres: has no health check")
want([name for name, service in services.items() if "ports" in service] == ["nginx"], "more than nginx is open")

grace = int(re.search(r"const GRACE: Duration = Duration::from_secs\((\d+)\)", (here / "../src/app.rs").read_text())[1])
image = (here / "Dockerfile").read_text()
for name in ("sayso-1", "sayso-2"):
    service = services[name]
    want("cap_add" not in service, f"{name}: has rights")
    # Turns, then the connections that are left: see `shutdown_timeout`.
    want(int(service["stop_grace_period"].rstrip("s")) > grace + 10, f"{name}: is killed while turns run")
    want(service["depends_on"]["postgres"]["condition"] == "service_healthy", f"{name}: does not wait for postgres")
    want(service["environment"]["TRUSTED_PROXIES"] == services["nginx"]["networks"]["inside"]["ipv4_address"],
         f"{name}: trusts another proxy than nginx")
    for secret in ("SESSION_SECRET", "JWT_SECRET", "MASTER_KEY", "DATABASE_URL"):
        want(":?" in service["environment"][secret], f"{name}: {secret} is not asked for")
    places = [volume.split(":")[1] for volume in service["volumes"]]
    want(all(f'"{place}"' in image for place in places), f"{name}: {places} are not the volumes of the image")
# A page takes two connections of nginx, and each an open file.
proxy = services["nginx"]
connections = int(re.search(r"worker_connections (\d+);", " ".join(proxy["command"]))[1])
want(connections >= 4096 and proxy["ulimits"]["nofile"] >= 2 * connections, "nginx: too few connections or files")
unit = (here / "sayso.service").read_text()
want(int(re.search(r"^TimeoutStopSec=(\d+)$", unit, re.M)[1]) > grace + 10, "sayso.service: kills while turns run")

named = set(re.findall(r"\$\{(\w+):\?", (here / "compose.yaml").read_text()))
example = set(re.findall(r"^(\w+)=", (here / "compose.env.example").read_text(), re.M))
want(named == example, f"compose.env.example and compose.yaml: {named ^ example}")
sys.exit("\n".join(faults) if faults else 0)
