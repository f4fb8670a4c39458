#!/usr/bin/env bash
# Regenerates generated/capital_api from spec/. Offline; the same input gives the same bytes.
#
#   scripts/regen.sh           rewrite generated/
#   scripts/regen.sh --check   change nothing; exit 1 and name the files when generated/ is not what spec/ gives
#
# Needs the development environment (scripts/test.sh makes it). A run that fails leaves generated/ as it was.
set -euo pipefail
CDPATH="" cd -- "$(dirname "${BASH_SOURCE[0]}")/.."

VERSION=0.29.1 # the templates are coupled to this exact release
[[ $# -eq 0 || ($# -eq 1 && $1 == --check) ]] || { echo "usage: scripts/regen.sh [--check]" >&2; exit 2; }

for bin in .venv/bin ""; do # the project's own environment first, else whatever is active
  [[ -z "$bin" || -x "$bin/openapi-python-client" ]] && break
done
run() { if [[ -n "$bin" ]]; then "$PWD/$bin/$1" "${@:2}"; else command "$@"; fi; }
[[ "$(run openapi-python-client --version 2>/dev/null)" == *" $VERSION" ]] || {
  echo "regen.sh: needs openapi-python-client $VERSION: run scripts/test.sh once, or pip install -e '.[dev]'" >&2
  exit 2
}

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
new="$tmp/capital_api"

run python scripts/lint_spec.py spec/capital-openapi.yaml

# Our templates, the upstream ones that they include, and the document itself for what the parser drops.
cp -r spec/templates "$tmp/templates"
upstream=$(run python -c 'import openapi_python_client, pathlib; print(pathlib.Path(openapi_python_client.__file__).parent / "templates")')
mkdir "$tmp/templates/upstream"
cp "$upstream"/{model,endpoint_module,types}.py.jinja "$tmp/templates/upstream/"
run python scripts/spec_document.py jinja spec/capital-openapi.yaml > "$tmp/templates/_document.jinja"

# --fail-on-warning: without it an operation that cannot be parsed is dropped, with exit status 0.
run openapi-python-client generate --path spec/capital-openapi.yaml --config spec/generator.yaml \
  --custom-template-path "$tmp/templates" --meta none --output-path "$new" --fail-on-warning > "$tmp/log" 2>&1 || {
  sed "s|$tmp/||g" "$tmp/log" >&2
  echo "regen.sh: generation failed; generated/ is unchanged" >&2
  exit 1
}
cp spec/runtime/*.py "$new/"
touch "$new/py.typed" # --meta none writes none
run python scripts/spec_document.py json spec/capital-openapi.yaml > "$new/openapi.json"

# Exact rules, so that no other configuration can change the output.
tidy() { run ruff "$@" --isolated --no-cache --quiet --target-version py311 --line-length 110; }
tidy check "$new" --select F401,I,TC005,UP037 --fix-only && tidy format "$new" || {
  echo "regen.sh: the templates gave something that is not Python; generated/ is unchanged" >&2
  exit 1
}

if grep -rn "object at 0x" "$new" >&2; then
  echo "regen.sh: a template printed an object instead of its text; generated/ is unchanged" >&2
  exit 1
fi

if [[ "${1:-}" == --check ]]; then
  diff -rq -x __pycache__ generated/capital_api "$new" > "$tmp/drift" 2>&1 && { echo "generated/ is up to date"; exit 0; }
  sed -e "s|$new|the spec's|g" "$tmp/drift" >&2
  diff -ru -x __pycache__ generated/capital_api "$new" 2>/dev/null | sed "s|$new|spec|g" | head -40 >&2 || true
  echo "regen.sh: generated/ has drifted from spec/; run scripts/regen.sh and commit the result" >&2
  exit 1
fi

mkdir -p generated
rm -rf "$tmp/old"
[[ ! -e generated/capital_api ]] || mv generated/capital_api "$tmp/old"
mv "$new" generated/capital_api || { [[ ! -e "$tmp/old" ]] || mv "$tmp/old" generated/capital_api; exit 1; }
echo "generated/capital_api written"
