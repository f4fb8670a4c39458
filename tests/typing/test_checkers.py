"""mypy strict and pyright strict accept what a user writes, and refuse his mistakes, line by line."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
OPERATIONS, MISTAKES = HERE / "usage.py", HERE / "mistakes.py"
USAGE = [OPERATIONS, *sorted(HERE.glob("*_usage.py"))]
CHECKED = [*USAGE, MISTAKES]
CHECKERS = ("mypy", "pyright")


def run(checker: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a checker with this project's settings, or skip where it is not installed."""
    if importlib.util.find_spec(checker) is None:
        pytest.skip(f"{checker} is not installed here; scripts/test.sh runs this on the main Python")
    command = [sys.executable, "-m", checker, *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@cache
def mypy_errors() -> dict[str, dict[int, list[str]]]:
    # No cache of its own: the one of the project makes this quick, and is made when there is none.
    done = run("mypy", "--no-error-summary", "--no-pretty", *map(str, CHECKED))
    found: dict[str, dict[int, list[str]]] = {file.name: {} for file in CHECKED}
    for line in done.stdout.splitlines():
        if match := re.match(r"(.+?):(\d+)(?::\d+)?: error: (.*)", line):
            found.setdefault(Path(match[1]).name, {}).setdefault(int(match[2]), []).append(match[3])
    assert done.returncode == 1, done.stdout + done.stderr
    return found


@cache
def pyright_errors() -> dict[str, dict[int, list[str]]]:
    settings: dict[str, object] = {
        "extraPaths": [str(ROOT), str(ROOT / "generated")],
        "typeCheckingMode": "strict",
        "pythonVersion": "3.11",
    }
    with tempfile.TemporaryDirectory() as folder:
        # The project's own settings leave the mistakes out. Absolute paths are ignored.
        settings["include"] = [os.path.relpath(file, folder) for file in CHECKED]
        (Path(folder) / "pyrightconfig.json").write_text(json.dumps(settings))
        done = run("pyright", "--outputjson", "--pythonpath", sys.executable, "--project", folder)
    found: dict[str, dict[int, list[str]]] = {file.name: {} for file in CHECKED}
    assert done.returncode == 1, done.stdout[-2000:] + done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    assert report["summary"]["filesAnalyzed"] == len(CHECKED)
    for row in report["generalDiagnostics"]:
        if row["severity"] == "error":
            lines = found.setdefault(Path(row["file"]).name, {})
            lines.setdefault(row["range"]["start"]["line"] + 1, []).append(row["message"])
    return found


def errors(checker: str) -> dict[str, dict[int, list[str]]]:
    return mypy_errors() if checker == "mypy" else pyright_errors()


def marked() -> dict[int, str]:
    lines = enumerate(MISTAKES.read_text().splitlines(), 1)
    return {number: line.strip() for number, line in lines if line.endswith("# error")}


@pytest.mark.parametrize("file", USAGE, ids=lambda file: file.stem)
@pytest.mark.parametrize("checker", CHECKERS)
def test_what_a_user_writes_is_accepted(checker: str, file: Path) -> None:
    assert errors(checker)[file.name] == {}


@pytest.mark.parametrize("checker", CHECKERS)
def test_every_mistake_is_refused(checker: str) -> None:
    found = errors(checker)[MISTAKES.name]
    assert {number: line for number, line in marked().items() if number not in found} == {}


@pytest.mark.parametrize("checker", CHECKERS)
def test_nothing_but_the_mistakes_is_refused(checker: str) -> None:
    found = errors(checker)
    assert {number: text for number, text in found[MISTAKES.name].items() if number not in marked()} == {}
    assert set(found) == {file.name for file in CHECKED}  # and nothing in the library itself


def test_there_are_mistakes_of_every_kind() -> None:
    assert len(marked()) > 80


def test_the_usage_has_every_operation_sync_and_async() -> None:
    """By text: each facade method is called on ``capital`` in both halves of the file."""
    text = OPERATIONS.read_text()
    sync, _, rest = text.partition("async def every_operation_awaited")
    for tag in (
        path.name for path in (ROOT / "generated/capital_api/api").iterdir() if (path / "__init__.py").exists()
    ):
        source = (ROOT / f"generated/capital_api/api/{tag}/__init__.py").read_text()
        for name in set(re.findall(r"^    def (?!_)(\w+)\(", source, re.MULTILINE)):
            assert f"capital.{tag}.{name}(" in sync, (tag, name)
            assert f"await capital.{tag}.{name}(" in rest, (tag, name)
