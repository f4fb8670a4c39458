"""``python -m capital_sandbox``: a sandbox in the foreground, until it is interrupted."""

import argparse
from collections.abc import Sequence
from datetime import UTC, datetime
from ipaddress import ip_address

from .clock import RealClock
from .limits import Limits
from .sandbox import Sandbox


def main(arguments: Sequence[str] | None = None) -> None:
    """Start a server as the command line says and wait for Ctrl-C."""
    options = _parser().parse_args(arguments)
    sandbox = Sandbox(
        seed=options.seed,
        clock=RealClock(options.speed, options.start),
        limits=Limits.off() if options.no_limits else Limits(),
        confirm_delay=options.confirm_delay,
        session_cap=options.session_cap,
    )
    with sandbox.serve(options.host, options.port) as server:
        print(_how_to_connect(sandbox, server.url, options.host), flush=True)
        try:
            server.wait()
        except KeyboardInterrupt:
            print("\nstopped")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m capital_sandbox", description=main.__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="interface to listen on (default: loopback only)")
    parser.add_argument("--port", type=int, default=8123, help="port to listen on; 0 picks a free one (8123)")
    parser.add_argument("--seed", type=int, default=1, help="decides the prices (1)")
    parser.add_argument("--speed", type=float, default=1.0, help="how many times faster than real (1)")
    parser.add_argument("--start", type=_instant, help="UTC time to start at, as 2026-06-10T14:00 (default: now)")
    parser.add_argument("--no-limits", action="store_true", help="switch all rate limits off")
    parser.add_argument("--confirm-delay", type=float, default=0.0, help="seconds until a confirm can be read (0)")
    parser.add_argument("--session-cap", type=float, help="seconds after which any session ends (none)")
    return parser


def _instant(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def _how_to_connect(sandbox: Sandbox, url: str, host: str) -> str:
    """What to print at the start. These secrets open nothing but this sandbox."""
    credentials = sandbox.credentials
    reach = "this machine only" if _is_loopback(host) else "ANYONE who can reach this machine"
    return f"""\
Capital.com sandbox on {url}  (open to {reach})
  API key     {credentials.api_key}
  identifier  {credentials.identifier}
  password    {credentials.password}

Connect:
  from capital_ext import Capital, Credentials
  credentials = Credentials("{credentials.api_key}", "{credentials.identifier}", "{credentials.password}")
  with Capital(credentials, base_url="{url}") as capital:
      print(capital.accounts.all())

Ctrl-C stops it."""


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


if __name__ == "__main__":
    main()
