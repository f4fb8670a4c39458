"""``python -m capital_sandbox``: a sandbox in the foreground, until it is interrupted."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from .clock import RealClock
from .control import Control, is_loopback
from .fault_specs import FAULTS, add_rule, instant, parse_rule
from .limits import Limits
from .recorded_prices import RecordedPrices, load
from .sandbox import Sandbox
from .stream import StreamSettings
from .stream_specs import SETTINGS, parse_settings

if TYPE_CHECKING:
    from .server import Server


_EPILOG = f"""Faults: {", ".join(FAULTS)}. Each takes times, every, after, probability, since and until; every and
after are numbers, or durations of the sandbox's clock as 500ms, 60s, 5m or 1h. Faults of calls take a METHOD and a
/path, those of the stream an EPIC and a destination, as 'stream.late GOLD destination=quote seconds=5 every=10'.
Settings of the stream: {", ".join(SETTINGS)}; seconds are of the sandbox's clock, null is none."""


def main(arguments: Sequence[str] | None = None) -> None:
    """A Capital.com of your own: the API over HTTP on this machine, with play money and without an account."""
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        sandbox = _sandbox(options)
    except (ValueError, TypeError, OSError, ImportError) as error:  # what it says to impossible settings
        parser.error(str(error))
    try:
        server = sandbox.serve(options.host, options.port, control=options.control)
    except ImportError:
        parser.error("the server is an extra: pip install 'capital-ext[sandbox]'")
    except (OSError, OverflowError) as error:
        parser.error(f"cannot listen on {options.host} port {options.port}: {error}")
    with server:
        print(_how_to_connect(sandbox, server), flush=True)
        try:
            server.wait()
        except KeyboardInterrupt:
            print("\nstopped")


def _sandbox(options: argparse.Namespace) -> Sandbox:
    prices: RecordedPrices | None = None if options.prices is None else load(options.prices)
    start: datetime | None = options.start
    if start is None and prices is not None:
        start = prices.start
    sandbox = Sandbox(
        seed=options.seed,
        clock=RealClock(options.speed, start),
        limits=Limits.off() if options.no_limits else Limits(),
        confirm_delay=options.confirm_delay,
        session_cap=options.session_cap,
        timezone_offset=options.timezone_offset,
        prices=prices,
        markets=options.markets,
        stream=StreamSettings(
            **{name: value for text in options.stream for name, value in parse_settings(text).items()}
        ),
    )
    for text in options.fault:
        add_rule(sandbox.faults, parse_rule(text))
    return sandbox


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m capital_sandbox",
        description=main.__doc__,
        epilog=_EPILOG,
    )
    add = parser.add_argument
    add("--host", default="127.0.0.1", help="interface to listen on (127.0.0.1: nobody outside this machine)")
    add("--port", type=int, default=8123, help="port to listen on; 0 picks a free one (8123)")
    add("--seed", type=int, default=1, help="decides prices and ids (1)")
    add("--speed", type=float, default=1.0, help="how many times faster than real time passes; 0 stands still (1)")
    add("--start", type=instant, help="UTC time to start at, as 2026-06-10T14:00 (now, or where --prices begins)")
    add("--no-limits", action="store_true", help="switch all rate limits off")
    add("--markets", type=int, default=0, help="invent markets until there are so many (the catalogue alone)")
    add("--prices", type=Path, metavar="FILE", help="candles to play, a CSV or Parquet file (invented prices)")
    add("--confirm-delay", type=_seconds, default=0.0, metavar="SECONDS", help="until a confirm can be read (0)")
    add("--session-cap", type=_seconds, metavar="SECONDS", help="after which any session ends (none)")
    add("--timezone-offset", type=int, default=3, metavar="HOURS", help="of account-local times from UTC (3)")
    add(
        "--fault",
        action="append",
        default=[],
        metavar="RULE",
        help="what goes wrong, as 'drop_after POST /positions times=1' or 'stream.drop every=60s'; "
        "can be given several times",
    )
    add(
        "--stream",
        action="append",
        default=[],
        metavar="SETTINGS",
        help="how the stream behaves, as 'edge_drop=60 idle_drop=null'; can be given several times",
    )
    add(
        "--control",
        action=argparse.BooleanOptionalAction,
        help="whether it can be driven over HTTP, under /_sandbox (only on the loopback interface)",
    )
    return parser


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 <= seconds < float("inf"):
        raise ValueError("seconds are from 0 upwards")
    return seconds


def _how_to_connect(sandbox: Sandbox, server: Server) -> str:
    """What to print at the start. These secrets open nothing but this sandbox."""
    known, url = sandbox.credentials, server.url
    reach = "this machine only" if is_loopback(server.host) else "ANYONE who can reach this machine"
    driven = "off; --control switches it on" if server.control is Control.OFF else f"{url}/_sandbox"
    return f"""\
Capital.com sandbox on {url}  (open to {reach})
  API key     {known.api_key}
  identifier  {known.identifier}
  password    {known.password}
  page        {url}/  (the API's documentation: {url}/docs)
  control     {driven}

For the shell:
  export CAPITAL_API_KEY={known.api_key} CAPITAL_IDENTIFIER={known.identifier} CAPITAL_PASSWORD={known.password}

For Python, with these set:
  from capital_ext import Capital
  with Capital(base_url="{url}") as capital:
      print(capital.accounts.all())

Ctrl-C stops it."""


if __name__ == "__main__":
    main()
