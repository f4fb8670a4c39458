"""``python -m capital_sandbox``: what its options do, what it prints, and that what it prints works."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from capital_sandbox import Sandbox, StreamSettings, __main__
from capital_sandbox.fault_specs import FAULTS
from capital_sandbox.stream import ErrorPlace
from capital_sandbox.stream_specs import SETTINGS

HEADER = "time,bid_open,bid_high,bid_low,bid_close,ask_open,ask_high,ask_low,ask_close"


@contextmanager
def running(*options: str) -> Generator[tuple[str, str], None, None]:
    """The address of a sandbox that was started so, and all that it printed."""
    command = [sys.executable, "-m", "capital_sandbox", "--port", "0", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        try:
            assert process.stdout is not None
            printed = ""
            for line in process.stdout:
                printed += line
                if line.startswith("Ctrl-C"):
                    break
            found = re.search(r"http://\S+:\d+", printed)
            assert found is not None, printed
            yield found[0], printed
        finally:
            process.terminate()


def refused(capsys: pytest.CaptureFixture[str], *options: str) -> str:
    """What it says to options that it does not start with."""
    with pytest.raises(SystemExit) as caught:
        __main__.main(options)
    assert caught.value.code == 2
    return capsys.readouterr().err.splitlines()[-1]


def started(monkeypatch: pytest.MonkeyPatch, *options: str) -> tuple[Sandbox, dict[str, object]]:
    """The sandbox that options make, and how it would have been served; without a server."""
    seen: list[tuple[Sandbox, dict[str, object]]] = []

    def serve(self: Sandbox, host: str, port: int, **more: object) -> None:
        seen.append((self, {"host": host, "port": port, **more}))
        raise OSError("far enough")

    monkeypatch.setattr(Sandbox, "serve", serve)
    with pytest.raises(SystemExit):
        __main__.main(options)
    return seen[0]


def test_what_it_prints_is_what_one_needs() -> None:
    options = ("--start", "2026-06-10T14:00", "--speed", "0", "--no-limits", "--fault", "answer GET /time status=418")
    with running(*options) as (url, printed):
        assert "(open to this machine only)" in printed
        exported = re.search(r"export (.*)", printed)
        assert exported is not None
        environment = dict(pair.split("=", 1) for pair in shlex.split(exported[1]))
        program = printed.split("For Python, with these set:\n")[1].split("\nCtrl-C")[0]
        lines = [line[2:] for line in program.splitlines()]
        environment["PYTHONPATH"] = os.pathsep.join(sys.path)
        command = [sys.executable, "-c", "\n".join(lines)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
        assert "AccountList" in done.stdout, done.stderr
        assert httpx.get(f"{url}/api/v1/time").status_code == 418
        assert httpx.get(f"{url}/_sandbox/clock").json() == {"now": "2026-06-10T14:00:00+00:00", "speed": 0}
        faults = httpx.get(f"{url}/_sandbox/faults").json()["faults"]
        assert [(fault["fault"], fault["status"], fault["hits"]) for fault in faults] == [("answer", 418, 1)]


def test_open_to_others_it_says_so_and_cannot_be_driven() -> None:
    with running("--host", "0.0.0.0") as (url, printed):
        assert "(open to ANYONE who can reach this machine)" in printed
        assert "control     off; --control switches it on" in printed
        assert httpx.get(f"{url.replace('0.0.0.0', '127.0.0.1')}/_sandbox/clock").status_code == 403


def test_options_reach_the_sandbox(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    sandbox, served = started(monkeypatch)
    assert served == {"host": "127.0.0.1", "port": 8123, "control": None}
    assert (sandbox.world.limits.limits.requests_per_second, len(sandbox.faults)) == (10, 0)
    known = len(sandbox.world.catalogue)
    candles = tmp_path / "GOLD.csv"
    candles.write_text(f"{HEADER}\n2025-03-03T10:00,10,12,9,11,10.5,12.5,9.5,11.5\n2025-03-03T10:01" + ",10" * 8)
    options = "--seed 7 --markets 1000 --confirm-delay 2 --session-cap 3600 --timezone-offset -5 --no-limits --control"
    faults = ("--fault", "refuse /time", "--fault", '{"fault": "stall", "times": 2}')
    sandbox, served = started(monkeypatch, *options.split(), "--prices", str(candles), *faults)
    settings = sandbox.world.settings
    assert (settings.seed, settings.confirm_delay, settings.session_cap) == (7, 2000, 3_600_000)
    assert settings.timezone_offset == -5
    assert sandbox.world.limits.limits.requests_per_second is None
    assert known < 1000 <= len(sandbox.world.catalogue)
    assert sandbox.clock.now().isoformat() < "2025-03-04"
    assert [repr(rule) for rule in sandbox.faults] == ["<refuse /time: 0 hits>", "<stall any call: 0 hits>"]
    assert served["control"] is True
    stream = ("--stream", "edge_drop=60 idle_drop=null", "--stream", "errors=payload most_epics=3")
    sandbox, _ = started(monkeypatch, *stream, "--fault", "stream.drop every=60s", "--fault", "stream.stall GOLD")
    configured = StreamSettings(edge_drop=60, idle_drop=None, errors=ErrorPlace.PAYLOAD, most_epics=3)
    assert sandbox.streams.settings == configured
    assert [repr(rule) for rule in sandbox.faults] == ["<stream.drop any frame: 0 hits>", "<stream.stall GOLD: 0 hits>"]
    assert started(monkeypatch, "--no-control")[1]["control"] is False


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("--fault explode", "fault is one of refuse"),
        ("--fault 'refuse post'", "'post' is neither a METHOD"),
        ("--fault 'refuse times=0'", "times is 1 or more"),
        ("--fault '{'", "Expecting property name"),
        ("--fault 'stream.drop every=often'", "'often' is no duration"),
        ("--fault 'stream.drop GOLD every=60s'", "at an instant there is none"),
        ("--stream edge_drop", "'edge_drop' is not a setting"),
        ("--stream edge=1", "the stream has no edge"),
        ("--stream edge_drop=NaN", "edge_drop is not a number"),
        ("--stream delay=1e999", "delay is not a number"),
        ("--stream edge_drop=-1", "edge_drop cannot be negative"),
        ("--start soon", "--start"),
        ("--speed -1", "the speed of a clock"),
        ("--confirm-delay -1", "--confirm-delay"),
        ("--session-cap nan", "--session-cap"),
        ("--prices nowhere.csv", "nowhere.csv"),
        ("--port 99999", "cannot listen on 127.0.0.1 port 99999"),
        ("--host 192.0.2.1", "cannot listen on 192.0.2.1"),
    ],
)
def test_impossible_options(capsys: pytest.CaptureFixture[str], options: str, message: str) -> None:
    assert message in refused(capsys, *shlex.split(options))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("--confirm-delay -1", "argument --confirm-delay: seconds from 0 to 86400, not '-1'"),
        ("--confirm-delay 1e300", "argument --confirm-delay: seconds from 0 to 86400, not '1e300'"),
        ("--confirm-delay soon", "argument --confirm-delay: seconds from 0 to 86400, not 'soon'"),
        ("--session-cap 0", "argument --session-cap: seconds from 0.001 to 31622400, not '0'"),
        ("--start foo", "argument --start: a UTC time, as 2026-06-10T14:00, not 'foo'"),
        ("--start 1900-01-01", "argument --start: a clock starts between 1992-01-01 and 2200-01-01"),
        ("--speed 1e7", "argument --speed: the speed of a clock is a number from 0 to 1000000"),
        ("--markets -5", "argument --markets: a whole number from 0 to 20000, not '-5'"),
        ("--markets 20001", "argument --markets: a whole number from 0 to 20000, not '20001'"),
        ("--markets 1e3", "argument --markets: a whole number from 0 to 20000, not '1e3'"),
        ("--timezone-offset 15", "argument --timezone-offset: a whole number from -12 to 14, not '15'"),
        ("--timezone-offset -13", "argument --timezone-offset: a whole number from -12 to 14, not '-13'"),
        ("--port 70000", "cannot listen on 127.0.0.1 port 70000"),
        ("--host ''", "argument --host: an interface, as 127.0.0.1, not ''"),
        ("--fault '{\"fault\":'", "argument --fault: not JSON"),
        ("--fault 'stall \"abc'", "argument --fault: a quotation mark is not closed"),
        ("--fault 'stall since=x'", "argument --fault: since is a time, as 2026-06-10T14:00, not 'x'"),
        ("--fault 'stall GET POST'", "argument --fault: two methods, GET and POST"),
        ("--fault 'stall /a /b'", "argument --fault: two paths, /a and /b"),
        ("--fault 'stall times=1 times=2'", "argument --fault: times is said twice"),
        ("--fault ''", "argument --fault: fault is one of refuse"),
        ("--fault '[1]'", "argument --fault: fault is one of refuse"),
        ("--stream 'edge_drop=\"6'", "argument --stream: a quotation mark is not closed"),
        ("--stream edge_drop=soon", "argument --stream: edge_drop is not a number"),
    ],
)
def test_one_line_names_the_option_and_the_rule(capsys: pytest.CaptureFixture[str], options: str, message: str) -> None:
    assert message in refused(capsys, *shlex.split(options))


def test_the_bounds_hold_in_python_too() -> None:
    impossible: list[dict[str, Any]] = [
        {"markets": -5},
        {"markets": 20_001},
        {"session_cap": 0},
        {"confirm_delay": -1},
        {"confirm_delay": 1e300},
        {"confirm_delay": float("nan")},
        {"timezone_offset": 15},
        {"timezone_offset": -13},
    ]
    for arguments in impossible:
        with pytest.raises(ValueError, match=next(iter(arguments))):
            Sandbox(**arguments)


def test_confirms_without_levels(monkeypatch: pytest.MonkeyPatch) -> None:
    assert started(monkeypatch)[0].state.settings.confirm_levels
    assert not started(monkeypatch, "--no-confirm-levels")[0].state.settings.confirm_levels


def test_a_taken_port(capsys: pytest.CaptureFixture[str]) -> None:
    with Sandbox().serve() as server:
        assert "cannot listen" in refused(capsys, "--port", str(server.port))


def test_help_explains_every_option() -> None:
    parser = __main__._parser()  # pyright: ignore[reportPrivateUsage] - the help is made from it
    unexplained = [action.option_strings for action in parser._actions if not action.help]  # pyright: ignore[reportPrivateUsage]
    assert unexplained == []
    told = " ".join(parser.format_help().split())
    assert [name for name in (*FAULTS, *SETTINGS) if name not in told] == []
    assert "stream.drop every=60s" in told
