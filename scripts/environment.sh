# Finds Pythons and makes virtual environments. Sourced by test.sh and demo.sh from the repository's root.
# Works with the bash 3.2 of macOS.

# What is set outside must not decide what happens in here.
unset PYTHONPATH PYTHONHOME PYTHONSTARTUP PYTHONOPTIMIZE PYTHONWARNINGS VIRTUAL_ENV MYPYPATH PYTEST_ADDOPTS \
  PIP_USER PIP_TARGET PIP_PREFIX PIP_REQUIRE_VIRTUALENV __PYVENV_LAUNCHER__
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1

fail() {
  printf '%s: %s\n' "$(basename "$0")" "$1" >&2
  exit 1
}

# "3.11" and the like if this Python runs and is new enough, else nothing. A version manager's shim may exist without
# running, so it is run.
version_of() {
  "$1" -I -c 'import sys; print("%d.%d" % sys.version_info[:2]) if sys.version_info >= (3, 11) else None' 2>/dev/null ||
    true
}

# Fills PYTHONS with a path for each Python >= 3.11, oldest first, and VERSIONS with their versions.
find_pythons() {
  PYTHONS=() VERSIONS=()
  local directory candidate version pattern found=" " rest="$PATH:" candidates=()
  while [[ -n "$rest" ]]; do
    directory="${rest%%:*}" rest="${rest#*:}"
    for candidate in "$directory"/python3.[0-9][0-9]; do
      [[ -x "$candidate" ]] && candidates+=("$candidate")
    done
    # Shims run the selected version only; the others sit in a folder beside them.
    if [[ "$(basename "$directory")" == shims ]]; then
      for pattern in versions installs/python; do
        for candidate in "$(dirname "$directory")/$pattern"/3.*/bin/python3.[0-9][0-9]; do
          [[ -x "$candidate" ]] && candidates+=("$candidate")
        done
      done
    fi
  done
  candidates+=("$(command -v python3 || true)" "$(command -v python || true)")
  for version in 3.11 3.12 3.13 3.14 3.15 3.16; do
    for candidate in ${candidates[@]+"${candidates[@]}"}; do
      [[ -n "$candidate" && "$found" != *" $version "* && "$(version_of "$candidate")" == "$version" ]] || continue
      found="$found$version "
      PYTHONS+=("$candidate")
      VERSIONS+=("$version")
    done
  done
  [[ ${#PYTHONS[@]} -gt 0 ]] || fail "needs Python 3.11 or newer, and found none on PATH"
}

# make_environment FOLDER PYTHON EXTRA: an environment with this project and the extra in it. It is kept until
# pyproject.toml, the Python or the place of the checkout changes.
make_environment() {
  local folder="$1" base="$2" extra="$3" recipe
  recipe="$extra $(version_of "$base") $PWD $("$base" -I -c \
    'import hashlib; print(hashlib.sha256(open("pyproject.toml", "rb").read()).hexdigest())')"
  if [[ -f "$folder/recipe" && "$(cat "$folder/recipe")" == "$recipe" && -n "$(version_of "$folder/bin/python")" ]]; then
    return
  fi
  "$base" -I -c 'import ensurepip, venv' 2>/dev/null ||
    fail "$base can't make environments: its venv module is missing (on Debian and Ubuntu: apt install python3-venv)"
  echo "making $folder with Python $(version_of "$base"); this takes a minute or two, once"
  rm -rf "$folder"
  "$base" -I -m venv "$folder" || fail "could not make $folder with $base"
  "$folder/bin/python" -m pip install --quiet -e ".[$extra]" || fail "installing into $folder failed; see above"
  printf '%s' "$recipe" >"$folder/recipe" # last: an installation that was interrupted starts afresh
}
