"""``python -m capital_sandbox``: a sandbox in the foreground, until it is interrupted."""

from __future__ import annotations

import argparse
from argparse import ArgumentTypeError
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from .bounds import CONFIRM_DELAY, MARKETS, SESSION_CAP, TIMEZONE_OFFSET
from .clock import RealClock
from .control import Control, is_loopback
from .fault_specs import FAULTS, add_rule, parse_rule
from .limits import Limits
from .options import host, naming, number, speed, start
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
    except (ValueError, ArgumentTypeError) as error:  # what it says to impossible settings
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
    with naming("--prices"):
        prices: RecordedPrices | None = None if options.prices is None else load(options.prices)
    begins = prices.start if options.start is None and prices is not None else options.start
    with naming("--stream"):
        given = {name: value for text in options.stream for name, value in parse_settings(text).items()}
        stream = StreamSettings(**given)
    sandbox = Sandbox(
        seed=options.seed,
        clock=RealClock(options.speed, begins),
        limits=Limits.off() if options.no_limits else Limits(),
        confirm_delay=options.confirm_delay,
        confirm_levels=options.confirm_levels,
        session_cap=options.session_cap,
        timezone_offset=options.timezone_offset,
        prices=prices,
        markets=options.markets,
        stream=stream,
    )
    with naming("--fault"):
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
    add(
        "--host", type=host, default="127.0.0.1", help="interface to listen on (127.0.0.1: nobody outside this machine)"
    )
    add("--port", type=int, default=8123, help="port to listen on; 0 picks a free one (8123)")
    add("--seed", type=int, default=1, help="decides prices and ids (1)")
    add("--speed", type=speed, default=1.0, help="how many times faster than real time passes; 0 stands still (1)")
    add("--start", type=start, help="UTC time to start at, as 2026-06-10T14:00 (now, or where --prices begins)")
    add(
        "--no-limits",
        action="store_true",
        help="switch all limits of calls off; the forty markets of a stream stay, unless --stream most_epics=null",
    )
    add("--markets", type=number(MARKETS, int), default=0, help="invent markets until there are so many, 20000 at most")
    add(
        "--prices",
        type=Path,
        metavar="FILE",
        help="candles to play: a CSV or Parquet file named after its market, as GOLD.csv, or a folder of such",
    )
    add("--confirm-delay", type=number(CONFIRM_DELAY), default=0.0, metavar="SECONDS", help="until one can be read (0)")
    add(
        "--confirm-levels",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="whether the confirm of an opening tells its level, or 0 as the real service has been seen to",
    )
    add("--session-cap", type=number(SESSION_CAP), metavar="SECONDS", help="after which any session ends (none)")
    add(
        "--timezone-offset",
        type=number(TIMEZONE_OFFSET, int),
        default=3,
        metavar="HOURS",
        help="of account-local times from UTC (3)",
    )
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
