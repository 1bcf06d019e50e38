#!/usr/bin/env bash
# The one LiteLLM of this checkout's tests. `install` makes it unless it is there, and prints where its `litellm` is.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/pypi.sh"

from_pypi litellm bin/litellm "the tests through LiteLLM" 3.14 "litellm[proxy]==1.106.2"
