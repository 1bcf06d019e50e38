#!/usr/bin/env bash
# The one schemathesis and OpenAPI validator of this checkout's tests. `install` makes them unless they are there, and
# prints where their programs are.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/pypi.sh"

from_pypi schemathesis bin "schemathesis and the validator of OpenAPI" 4.0 schemathesis==4.32.5 openapi-spec-validator==0.9.0
