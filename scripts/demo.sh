#!/usr/bin/env bash
# Shows the client at work, from a fresh clone: makes its environment and runs scripts/demo.py with the arguments given.
#
#   scripts/demo.sh                   trades on the sandbox, a Capital.com of its own on this machine
#   scripts/demo.sh --demo-account    reads from your Capital.com demo account; needs the CAPITAL_* variables
set -euo pipefail
CDPATH="" cd -- "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/environment.sh

find_pythons
make_environment .venv-demo "${PYTHONS[0]}" demo
exec .venv-demo/bin/python scripts/demo.py "$@"
