"""The README's Python runs as it stands there, and passes the type checkers as a file of its own."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
QUICK_START, SHARED_SESSION, LOW_LEVEL, SANDBOX = re.findall(
    r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL
)


def run(code: str, **names: object) -> None:
    exec(compile(code, "README.md", "exec"), names)


def test_the_quick_start_opens_a_position(capsys: pytest.CaptureFixture[str]) -> None:
    run(QUICK_START)
    market, deal = capsys.readouterr().out.splitlines()
    assert market.startswith("Bitcoin/USD")
    assert deal.startswith("ACCEPTED")


def test_the_sandbox_example_renews_its_session(capsys: pytest.CaptureFixture[str]) -> None:
    run(SANDBOX)
    assert "error.invalid.session.token" in capsys.readouterr().out


def test_the_low_level_example(capsys: pytest.CaptureFixture[str]) -> None:
    run(LOW_LEVEL)
    assert "200 MarketDetails(" in capsys.readouterr().out


@pytest.mark.parametrize("checker", ["mypy", "pyright"])
def test_the_examples_pass_the_type_checkers(checker: str, tmp_path: Path) -> None:
    if importlib.util.find_spec(checker) is None:
        pytest.skip(f"{checker} is not installed for this Python; the main environment has it")
    for name, code in {
        "quick": QUICK_START,
        "session": SHARED_SESSION,
        "low": LOW_LEVEL,
        "box": SANDBOX,
    }.items():
        (tmp_path / f"{name}.py").write_text(code, encoding="utf-8")
    (tmp_path / "pyrightconfig.json").write_text(
        f'{{"typeCheckingMode": "strict", "extraPaths": ["{ROOT}", "{ROOT}/generated"]}}', encoding="utf-8"
    )
    strict = (
        ["--strict", "--config-file", str(ROOT / "pyproject.toml"), "."]
        if checker == "mypy"
        else ["-p", ".", "--pythonpath", sys.executable]
    )
    done = subprocess.run(
        [sys.executable, "-m", checker, *strict], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
