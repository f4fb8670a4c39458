"""A client of the stream that holds every frame, in and out, against the spec."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from itertools import count
from typing import Any, cast

from capital_sandbox import Limits, ManualClock, Sandbox, StreamSettings
from capital_sandbox.stream import MemoryStream

from .conftest import Api, validator

ASKED = {
    "marketData.subscribe": "StreamSubscribe",
    "marketData.unsubscribe": "StreamUnsubscribe",
    "OHLCMarketData.subscribe": "StreamCandlesSubscribe",
    "OHLCMarketData.unsubscribe": "StreamCandlesUnsubscribe",
    "ping": "StreamPing",
}
TOLD = {"quote": "StreamQuote", "ohlc.event": "StreamCandle"}

Frame = dict[str, Any]


def read(text: str) -> Frame:
    """A frame from the server, checked."""
    frame = cast("Frame", json.loads(text))
    name = "StreamError" if frame["status"] == "ERROR" else TOLD.get(frame["destination"], "StreamAck")
    validator(name)(frame)
    return frame


def tokens(api: Api) -> dict[str, str]:
    return {"cst": api.http.headers["CST"], "securityToken": api.http.headers["X-SECURITY-TOKEN"]}


def message(destination: str, number: int, tokens: Mapping[str, str], payload: Mapping[str, Any] | None) -> str:
    """A message to the server, checked."""
    content: Frame = {"destination": destination, "correlationId": str(number), **tokens}
    if payload is not None:
        content["payload"] = payload
    validator(ASKED[destination])(content)
    return json.dumps(content)


class Watcher:
    """One connection in memory, with the tokens of an API session."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self.stream: MemoryStream = api.sandbox.stream()
        self.tokens = tokens(api)
        self._numbers = count(1)

    def say(self, destination: str, **payload: Any) -> None:
        self.stream.send(message(destination, next(self._numbers), self.tokens, payload or None))

    def ask(self, destination: str, **payload: Any) -> Frame:
        """Say something that is answered at once."""
        self.say(destination, **payload)
        answer = self.frames()[-1]
        assert "status" in answer
        return answer

    def raw(self, text: str | Mapping[str, Any]) -> Frame:
        """Say something that need not make sense."""
        self.stream.send(text)
        *_, answer = self.stream
        return cast("Frame", json.loads(answer))

    def quotes(self, *epics: str) -> list[str]:
        """Subscribe to quotes; returns what was acknowledged."""
        return acknowledged(self.ask("marketData.subscribe", epics=list(epics)))

    def candles(self, *epics: str, **more: Any) -> list[str]:
        """Subscribe to candles; returns what was acknowledged."""
        return acknowledged(self.ask("OHLCMarketData.subscribe", epics=list(epics), **more))

    def frames(self) -> list[Frame]:
        """What is due now."""
        return [read(text) for text in self.stream]

    def payloads(self) -> Iterator[Frame]:
        """The prices that are due now."""
        for frame in self.frames():
            assert frame["destination"] in TOLD, frame
            yield frame["payload"]


def acknowledged(frame: Frame) -> list[str]:
    assert frame["status"] == "OK", frame
    subscriptions = frame["payload"]["subscriptions"]
    assert set(subscriptions.values()) <= {"PROCESSED"}
    return list(subscriptions)


def code(frame: Frame) -> str:
    """The code of an error, wherever it is."""
    assert frame["status"] == "ERROR", frame
    return str(frame.get("errorCode") or frame["payload"]["errorCode"])


def wait_for(condition: Callable[[], bool]) -> None:
    """Until something has happened in another thread; what fails here fails by taking too long."""
    done = threading.Event()
    for _ in range(2000):
        if condition():
            return
        done.wait(0.01)
    raise AssertionError("it did not happen")


def world(*, seed: int = 1, clock: ManualClock | None = None, **settings: Any) -> Api:
    """A sandbox on a clock that stands still, and a session on it."""
    sandbox = Sandbox(seed=seed, clock=clock or ManualClock(), limits=Limits.off(), stream=StreamSettings(**settings))
    api = Api(sandbox)
    api.login()
    return api
