"""The Python in a document: to be found, and to be shown to the type checkers as files of its own."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CHECKERS = ("mypy", "pyright")


def blocks(document: str) -> list[str]:
    """The Python blocks of a text in Markdown, in order."""
    return re.findall(r"```python\n(.*?)```", document, re.DOTALL)


def sections(document: str) -> dict[str, str]:
    """The Python under each heading of a text in Markdown, all blocks of one together; empty where there is none."""
    found: dict[str, str] = {}
    for title, code in re.findall(r"^#+ ([^\n]+)$|^```python\n(.*?)^```", document, re.DOTALL | re.MULTILINE):
        if title:
            found[title] = ""
        else:
            found[next(reversed(found))] += code
    return found


def check_types(checker: str, files: Mapping[str, str], folder: Path) -> None:
    """Hold files, by their names, against a checker in its strict mode."""
    if importlib.util.find_spec(checker) is None:
        pytest.skip(f"{checker} is not installed for this Python; the main environment has it")
    for name, code in files.items():
        (folder / f"{name}.py").write_text(code, encoding="utf-8")
    settings = {"typeCheckingMode": "strict", "extraPaths": [str(ROOT), str(ROOT / "generated")]}
    (folder / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    strict = (
        ["--strict", "--config-file", str(ROOT / "pyproject.toml"), "--cache-dir", str(ROOT / ".mypy_cache"), "."]
        if checker == "mypy"
        else ["-p", ".", "--pythonpath", sys.executable]
    )
    done = subprocess.run(
        [sys.executable, "-m", checker, *strict], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
