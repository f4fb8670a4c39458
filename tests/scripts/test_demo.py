"""scripts/demo.py, and what scripts/demo.sh and scripts/test.sh find on a machine."""

from __future__ import annotations

import importlib.util
import io
import os
import re
import shutil
import subprocess
import sys
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from capital_ext import Quote, Stale, Topic

ROOT = Path(__file__).parents[2]
NOON = datetime(2026, 6, 10, 12, tzinfo=timezone.utc)
CREDENTIALS = ("CAPITAL_API_KEY", "CAPITAL_IDENTIFIER", "CAPITAL_PASSWORD")


def demo(*arguments: str, width: int = 80) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name not in CREDENTIALS}
    environment |= {"PYTHONIOENCODING": "utf-8", "COLUMNS": str(width)}
    command = [sys.executable, str(ROOT / "scripts" / "demo.py"), *arguments]
    return subprocess.run(command, capture_output=True, encoding="utf-8", env=environment, timeout=60)


def load() -> Any:
    """The script as a module."""
    spec = importlib.util.spec_from_file_location("demo", ROOT / "scripts" / "demo.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    return script


def quote(bid: float) -> Quote:
    return Quote("EURUSD", bid, round(bid + 0.00006, 5), None, None, NOON)


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
            "Live prices",
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

    def test_live_prices_are_a_line_each_where_nobody_is_watching(self) -> None:
        _, _, shown = demo().stdout.partition("Live prices")
        quotes = re.findall(
            r"^    14:00:(\d\d\.\d{3})  (\w+) +([\d.]+) +([\d.]+) +([\d.]+) *$", shown, flags=re.MULTILINE
        )
        assert {epic for _, epic, *_ in quotes} == {"SILVER", "GOLD", "EURUSD", "US100", "BTCUSD"}
        assert [float(time) for time, *_ in quotes] == sorted(float(time) for time, *_ in quotes)
        assert 5 < float(quotes[-1][0]) < 10
        for _, _, bid, offer, spread in quotes:
            assert float(offer) - float(bid) == pytest.approx(float(spread))

    def test_and_a_table_that_changes_where_somebody_is(self, monkeypatch: pytest.MonkeyPatch) -> None:
        shown = io.StringIO()
        script = load()
        monkeypatch.setattr(script, "console", script.Console(file=shown, force_terminal=True, width=90))
        stale = Stale((Topic("EURUSD"),), "disconnected", NOON)
        script.show_live([quote(1.18773), quote(1.18779), stale, quote(1.1877)])
        lines = re.sub(r"\x1b\[[?\d;]*[A-Za-z]", "", shown.getvalue()).splitlines()
        assert any(line.startswith("    disconnected since ") for line in lines)
        *_, row = [line.split() for line in lines if "EURUSD  " in line]
        assert row == ["12:00:00.000", "EURUSD", "1.1877", "1.18776", "0.00006", "-0.00003", "▼"]

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
