#!/usr/bin/env bash
# The official Python client of OpenAI's API for this checkout's tests. `install` makes it unless it is there, and prints
# where its Python is.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/pypi.sh"

from_pypi openai bin/python "the tests by OpenAI's client" 4.0 openai==3.52.0
