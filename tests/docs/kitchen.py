"""Where the Python of a document is run: a sandbox, a client on it, and time that moves when somebody waits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from capital_ext import Capital
from capital_sandbox import Sandbox

__all__ = ["REAL_TIME", "Kitchen"]

REAL_TIME = Sandbox
"""In place of a start: a sandbox whose time is the real one."""


class Kitchen:
    """A sandbox, a client on it, and the recipe that the test is named for."""

    def __init__(self, sandbox: Sandbox, capital: Capital, path: str, code: str, read: Callable[[], str]) -> None:
        self.sandbox = sandbox
        self.capital = capital
        self.names: dict[str, Any] = {"capital": capital, "__name__": "recipe"}
        self._code = compile(code, path, "exec")
        self._read = read

    def cook(self) -> list[str]:
        """Run it, and return the lines that it printed."""
        self._read()
        exec(self._code, self.names)
        return self.printed()

    def printed(self) -> list[str]:
        """The lines that were printed since the last time."""
        return self._read().splitlines()

    def pass_time(self, by: timedelta) -> None:
        self.sandbox.clock.advance(by)

    def positions(self) -> list[Any]:
        return [row.position for row in self.capital.positions.all().positions]

    def sent(self, method: str, path: str) -> int:
        return len(self.sandbox.requests.executed(method, path))
