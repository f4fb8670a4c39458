"""scripts/demo.py, and what scripts/demo.sh and scripts/test.sh find on a machine."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CREDENTIALS = ("CAPITAL_API_KEY", "CAPITAL_IDENTIFIER", "CAPITAL_PASSWORD")


def demo(*arguments: str, width: int = 80) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name not in CREDENTIALS}
    environment |= {"PYTHONIOENCODING": "utf-8", "COLUMNS": str(width)}
    command = [sys.executable, str(ROOT / "scripts" / "demo.py"), *arguments]
    return subprocess.run(command, capture_output=True, encoding="utf-8", env=environment, timeout=60)


@pytest.mark.skipif(
    any(importlib.util.find_spec(name) is None for name in ("rich", "uvicorn")), reason="needs the extra demo"
)
class TestDemo:
    def test_it_does_the_main_job_and_prints_the_same_each_time(self) -> None:
        first, second = demo(), demo()
        assert first.returncode == 0, first.stderr
        assert first.stderr == ""
        titles = re.findall(r"^\d+\. (.+?) ─", first.stdout, flags=re.MULTILINE)
        assert titles == [
            "Log in",
            "Accounts",
            "Search the markets",
            "One market in full",
            "Candles",
            "Open a position",
            "Follow its confirmation",
            "Positions",
            "Set a stop and a profit target",
            "Let the market move",
            "Close it",
            "The transaction that it made",
            "Balance before and after",
            "Log out",
        ]
        for sign in ("encryptionKey -> 200", "ACCEPTED, OPEN", "ACCEPTED, AMENDED", "FULLY_CLOSED", "DELETE", "┃"):
            assert sign in first.stdout, sign
        difference, profit = re.findall(r"(?:difference|as confirmed) +([+-][\d.]+)", first.stdout)
        assert difference == profit
        assert second.stdout == first.stdout

    def test_the_code_that_it_shows_is_whole(self) -> None:
        shown = re.findall(r"^(?:>>>|\.\.\.) (.*)$", demo(width=100).stdout, flags=re.MULTILINE)
        compile("\n".join(shown), "what the demo shows", "exec")
        assert 'silver = capital.markets.get("SILVER")' in shown

    def test_the_demo_account_without_credentials_is_one_clear_line(self) -> None:
        result = demo("--demo-account")
        assert result.returncode == 1
        assert all(name in result.stderr for name in CREDENTIALS)
        assert result.stderr.count("\n") == 1


@pytest.mark.skipif(shutil.which("bash") is None, reason="the scripts are for bash")
@pytest.mark.parametrize("script", ["demo.sh", "test.sh"])
def test_a_machine_without_python_is_told_so(script: str, tmp_path: Path) -> None:
    for tool in ("bash", "dirname", "basename"):
        (tmp_path / tool).symlink_to(shutil.which(tool) or "")
    old = tmp_path / "python3"  # there, but too old, as a shim that doesn't run is there
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    command = [str(tmp_path / "bash"), str(ROOT / "scripts" / script)]
    result = subprocess.run(command, capture_output=True, text=True, env={"PATH": str(tmp_path)}, cwd="/")
    assert result.returncode == 1
    assert "needs Python 3.11 or newer" in result.stderr
