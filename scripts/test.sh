#!/usr/bin/env bash
# Every check of this project, from a fresh clone: makes its environments, lints, checks types, spec and generated code,
# runs all tests on the oldest Python >= 3.11 of this machine and those that a Python can matter to on the newest, and
# installs the wheel into an empty environment.
#
#   scripts/test.sh                        everything
#   scripts/test.sh --quick                one Python only, and no installation of the wheel
#   scripts/test.sh [--quick] ARGUMENT...  the arguments go to pytest, as in: scripts/test.sh --quick -k login -x
set -euo pipefail
CDPATH="" cd -- "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/environment.sh
# The tests must never meet a real account.
unset CAPITAL_API_KEY CAPITAL_IDENTIFIER CAPITAL_PASSWORD

quick=false
if [[ "${1:-}" == --quick ]]; then
  quick=true
  shift
fi
# What a Python can change is how threads, tasks, types and sockets behave, which these show; the rest finds the same
# everywhere, and a quarter of an hour is enough for a check.
elsewhere=(
  tests/auth tests/policy tests/facade tests/contract tests/peers tests/accounts tests/markets
  tests/quota/test_turns.py tests/history/test_tables.py tests/deals/test_turns.py tests/docs/test_readme.py
  tests/stream/test_prices.py tests/stream/test_ending.py tests/stream/test_spec.py
  tests/sandbox/test_whole.py tests/sandbox/test_stream_sockets.py tests/sandbox/test_plugin.py
)
started=$SECONDS
[[ -z "${CI:-}" && -t 1 ]] && bold=$'\033[1m' plain=$'\033[0m' || bold='' plain=''

# step TITLE COMMAND...: stops everything if the command fails.
step() {
  printf '\n%s== %s%s\n' "$bold" "$1" "$plain"
  "${@:2}" || fail "FAILED at: $1"
}

install_wheel() ( # a subshell: its folder goes away however it ends
  place=$(mktemp -d)
  trap 'rm -rf "$place"' EXIT
  .venv/bin/python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir "$place/dist" . &&
    "${PYTHONS[0]}" -I -m venv "$place/venv" &&
    "$place/venv/bin/python" -m pip install --quiet "$place"/dist/*.whl &&
    cd "$place" &&
    venv/bin/python -W error -c '
import capital_sandbox
from capital_ext import AsyncCapital, Capital, models
print("imported from its wheel:", Capital.__name__, AsyncCapital.__name__, models.Candle.__name__)'
)

# The browser tests need a Chromium: without one they are skipped, and on CI they fail.
find_chromium() {
  local name
  for name in chromium chromium-browser google-chrome google-chrome-stable; do
    if command -v "$name" >/dev/null; then
      echo "$name is installed"
      return
    fi
  done
  if [[ -n "${CI:-}" && "$(id -u)" == 0 ]] && command -v apt-get >/dev/null; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-dejavu-core >/dev/null
  else
    echo "none found: the browser tests are skipped"
  fi
}

find_pythons
cores=$("${PYTHONS[0]}" -I -c 'import os; print(os.cpu_count() or 1)')
workers=(-n $((cores + (cores + 1) / 2)) --maxprocesses 6) # tests wait as well; with --pdb pytest-xdist steps aside
step "environment (.venv, Python ${VERSIONS[0]})" make_environment .venv "${PYTHONS[0]}" dev
step "lint" .venv/bin/python -m ruff check
step "format" .venv/bin/python -m ruff format --check
step "types: mypy" .venv/bin/python -m mypy
step "types: pyright" .venv/bin/python -m pyright --pythonpath .venv/bin/python
step "specification" .venv/bin/python scripts/lint_spec.py spec/capital-openapi.yaml
step "generated code" bash scripts/regen.sh --check
step "browser for the tests" find_chromium
step "tests on Python ${VERSIONS[0]}" .venv/bin/python -m pytest "${workers[@]}" "$@"

checked="Python ${VERSIONS[0]}"
if ! $quick; then
  newest=$((${#PYTHONS[@]} - 1)) # what holds on the oldest and the newest holds between them
  if ((newest > 0)); then
    version="${VERSIONS[newest]}"
    step "environment (.venv-$version)" make_environment ".venv-$version" "${PYTHONS[newest]}" test
    [[ $# -gt 0 ]] || set -- "${elsewhere[@]}"
    step "tests on Python $version" ".venv-$version/bin/python" -m pytest "${workers[@]}" "$@"
    checked="$checked, $version"
  fi
  step "wheel, in an empty environment" install_wheel
fi
printf '\n%sALL PASSED%s on %s in %d s\n' "$bold" "$plain" "$checked" $((SECONDS - started))
