"""The README's Python runs as it stands there, and passes the type checkers as a file of its own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.markets.clients import new_sandbox

from .clients import clients_on
from .snippets import CHECKERS, ROOT, blocks, check_types

README = (ROOT / "README.md").read_text(encoding="utf-8")
QUICK_START, EVERY_DAY, LIVE_PRICES, SHARED_SESSION, LOW_LEVEL, SANDBOX = blocks(README)


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


def test_the_everyday_layer(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    run(EVERY_DAY)
    problems, account = capsys.readouterr().out.splitlines()
    assert problems.startswith("size: 0.00001 is below the minimum of ")
    assert account.startswith("5000 ")
    assert len((tmp_path / "bitcoin.csv").read_text().splitlines()) > 700


def test_live_prices(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    clients_on(new_sandbox(), monkeypatch)  # its time moves while somebody waits
    run(LIVE_PRICES)
    lines = capsys.readouterr().out.splitlines()
    assert sum(line.startswith("Candle(epic='BTCUSD'") for line in lines) == 1
    assert {line.split()[2] for line in lines if line.startswith("2026-06-10 14:")} == {"BTCUSD", "GOLD"}


def test_what_it_leads_to_is_there() -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", README)
    assert len(links) > 5
    assert [link for link in links if not (ROOT / link).exists()] == []


@pytest.mark.parametrize("checker", CHECKERS)
def test_the_examples_pass_the_type_checkers(checker: str, tmp_path: Path) -> None:
    files = {"quick": QUICK_START, "day": EVERY_DAY, "live": LIVE_PRICES}
    check_types(checker, files | {"session": SHARED_SESSION, "low": LOW_LEVEL, "box": SANDBOX}, tmp_path)
