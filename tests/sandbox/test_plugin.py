"""The pytest plugin, and every example in docs/sandbox.md: what is shown is what happens."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
import time
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path

import pytest

from capital_ext import AsyncCapital, Capital, NotFoundError
from capital_sandbox import DEFAULT_START, ManualClock, Sandbox

pytest_plugins = ["capital_sandbox.pytest_plugin"]

DOCS = Path(__file__).parents[2] / "docs" / "sandbox.md"
BLOCKS: list[tuple[str, str]] = re.findall(r"^```(\w+)\n(.*?)^```$", DOCS.read_text(), re.MULTILINE | re.DOTALL)
ENVIRONMENT = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
ENVIRONMENT["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # nobody else's plugins: they take seconds


def shown(language: str) -> list[tuple[str, str]]:
    """The blocks of a language, each with the output that is shown after it."""
    following = [*BLOCKS[1:], ("", "")]
    return [
        (code, after if after_language == "text" else "")
        for (block_language, code), (after_language, after) in zip(BLOCKS, following, strict=True)
        if block_language == language
    ]


def run(*command: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *command], cwd=cwd, env=ENVIRONMENT, capture_output=True, text=True)


# --- the fixtures ---------------------------------------------------------------------------------------------


def test_the_clients_are_on_the_sandbox(capital_sandbox: Sandbox, capital: Capital) -> None:
    assert isinstance(capital_sandbox.clock, ManualClock)
    assert capital.general.time().server_time == 1781100000000
    capital.positions.open(epic="SILVER", direction="BUY", size=1)
    assert len(capital_sandbox.requests.executed("POST", "/positions")) == 1


def test_each_test_has_its_own(capital_sandbox: Sandbox, capital: Capital) -> None:
    assert len(capital_sandbox.requests) == 0
    assert capital.positions.all().positions == []


def test_waiting_moves_the_clock_and_takes_no_time(capital_sandbox: Sandbox, capital: Capital) -> None:
    started = time.monotonic()
    for _ in range(4):  # four logins, of which three have to wait for their turn
        capital.general.ping()
        capital_sandbox.expire_sessions()
    capital_sandbox.faults.too_many_requests("GET", "/ping", times=2)
    capital.general.ping()
    assert time.monotonic() - started < 2
    assert capital_sandbox.clock.now().timestamp() - DEFAULT_START.timestamp() > 6


def test_a_session_is_renewed_after_idling(capital_sandbox: Sandbox, capital: Capital) -> None:
    capital.general.ping()
    capital_sandbox.clock.advance(3600)
    capital.general.ping()
    assert len(capital_sandbox.requests.matching("POST", "/session")) == 2
    assert [record.status for record in capital_sandbox.requests.matching("GET", "/ping")] == [200, 200]


def test_the_asynchronous_client_needs_no_plugin(capital_sandbox: Sandbox, async_capital: AsyncCapital) -> None:
    async def trade() -> int:
        await asyncio.gather(*(async_capital.positions.open(epic="SILVER", direction="BUY", size=1) for _ in range(3)))
        capital_sandbox.faults.too_many_requests("GET", "/positions", times=1)
        return len((await async_capital.positions.all()).positions)

    assert asyncio.run(trade()) == 3
    assert asyncio.run(trade()) == 6  # in another event loop
    assert len(capital_sandbox.requests.matching("POST", "/session")) == 1


def test_the_asynchronous_client_takes_no_time_either(capital_sandbox: Sandbox, async_capital: AsyncCapital) -> None:
    async def log_in_often() -> None:
        for _ in range(4):
            await async_capital.general.ping()
            capital_sandbox.expire_sessions()

    started = time.monotonic()
    asyncio.run(log_in_often())
    assert time.monotonic() - started < 2
    assert capital_sandbox.clock.now() >= DEFAULT_START + timedelta(seconds=3)


def test_both_clients_share_the_sandbox(capital: Capital, async_capital: AsyncCapital) -> None:
    deal = capital.positions.open(epic="SILVER", direction="BUY", size=1)
    confirm = asyncio.run(_confirm(async_capital, deal.deal_reference))
    assert confirm == "ACCEPTED"
    with pytest.raises(NotFoundError):
        capital.confirms.get("o_nothing")


async def _confirm(capital: AsyncCapital, reference: str) -> str:
    return (await capital.confirms.get(reference)).deal_status


def test_it_is_loaded_only_when_asked_for(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text("def test_it(async_capital, capital): capital.general.time()\n")
    alone = run("-m", "pytest", "-q", "-p", "no:cacheprovider", cwd=tmp_path)
    assert alone.returncode == 1
    assert "fixture 'async_capital' not found" in alone.stdout
    asked = run("-W", "error", "-m", "pytest", "-q", "-p", "capital_sandbox.pytest_plugin", cwd=tmp_path)
    assert asked.returncode == 0, asked.stdout + asked.stderr
    assert "1 passed" in asked.stdout


# --- the documentation ----------------------------------------------------------------------------------------

PROGRAMS = [block for block in shown("python") if "def test_" not in block[0]]
TESTS = [block for block in shown("python") if "def test_" in block[0]]


@pytest.mark.parametrize(("code", "output"), PROGRAMS)
def test_programs_print_what_is_shown(code: str, output: str, tmp_path: Path) -> None:
    done = run("-W", "error", "-c", code, cwd=tmp_path)
    assert (done.stdout, done.stderr) == (output, "")


def test_the_strategy_test_passes_and_can_fail(tmp_path: Path) -> None:
    [(code, _)] = TESTS
    lines = [line for line in code.splitlines() if line.strip()]
    assert len(lines) <= 20
    file = tmp_path / "test_strategy.py"
    file.write_text(code)
    done = run("-m", "pytest", "-q", "-W", "error", str(file), cwd=tmp_path)
    assert done.returncode == 0, done.stdout
    assert "1 passed" in done.stdout
    again = "capital.positions.open(epic=epic, direction='BUY', size=size)"
    file.write_text(code.replace("pass  #", f"{again}  #"))  # what a careless strategy would do
    done = run("-m", "pytest", "-q", str(file), cwd=tmp_path)
    assert "1 failed" in done.stdout
    assert "assert 2 == 1" in done.stdout


def test_the_shell_examples_answer_what_is_shown() -> None:
    [(start, greeting), (calls, answers)] = shown("sh")
    interpreter, *arguments = start.split()
    assert interpreter == "python"
    command = [sys.executable, *arguments, "--port", "0"]
    with subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        printed = "".join(process.stdout.readline() for _ in greeting.splitlines())
        process.terminate()
    assert re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:8123", printed) == greeting
    with Sandbox(clock=ManualClock()).serve() as server:
        said = ""
        for line in calls.splitlines():
            command = ["sh", "-c", line.replace("localhost:8123", f"127.0.0.1:{server.port}")]
            said += subprocess.run(command, capture_output=True, text=True, check=True).stdout + "\n"
    assert said == answers


def test_every_fault_is_documented() -> None:
    text = DOCS.read_text()
    from capital_sandbox.fault_specs import FAULTS

    assert [name for name in FAULTS if f"| `{name}(" not in text] == []


# --- with the plugins of others -------------------------------------------------------------------------------

TRADES = """
async def test_trading_moves_only_the_sandbox_clock(capital_sandbox, async_capital):
    capital_sandbox.faults.too_many_requests("GET", "/ping", times=1)
    await async_capital.general.ping()
    await async_capital.positions.open(epic="SILVER", direction="BUY", size=1)
    assert len((await async_capital.positions.all()).positions) == 1
    assert len(capital_sandbox.requests.executed("POST", "/positions")) == 1

{mark}
async def test_each_test_has_its_own(async_capital, capital):
    assert (await async_capital.positions.all()).positions == capital.positions.all().positions == []
"""


def asynchronously(tmp_path: Path, mark: str, *options: str, before: str = "") -> str:
    """What pytest says about two asynchronous tests with the fixtures, and every warning an error."""
    text = TRADES.replace("async def test_trading", "{mark}\nasync def test_trading").replace("{mark}", mark)
    (tmp_path / "test_it.py").write_text(f"import pytest\n{before}{text}")
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    plugins = ("-p", "capital_sandbox.pytest_plugin", "-p", "no:cacheprovider")
    done = run("-W", "error", "-m", "pytest", "-q", *plugins, *options, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("mode", ["strict", "auto"])
def test_with_pytest_asyncio(tmp_path: Path, mode: str) -> None:
    if find_spec("pytest_asyncio") is None:
        pytest.skip("pytest-asyncio is not installed; it comes with capital-ext[test]")
    scope = ("-o", "asyncio_default_fixture_loop_scope=function")  # some of its releases warn where it is not said
    mark = "@pytest.mark.asyncio" if mode == "strict" else ""
    assert "2 passed" in asynchronously(tmp_path, mark, "-p", "pytest_asyncio.plugin", "--asyncio-mode", mode, *scope)


def test_with_anyio(tmp_path: Path) -> None:
    if find_spec("anyio") is None:
        pytest.skip("anyio is not installed; it comes with capital-ext[test]")
    backend = '@pytest.fixture\ndef anyio_backend():\n    return "asyncio"\n'
    told = asynchronously(tmp_path, "@pytest.mark.anyio", "-p", "anyio.pytest_plugin", before=backend)
    assert "2 passed" in told
