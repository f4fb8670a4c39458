"""What is said and read by hand is what the specification says."""

from __future__ import annotations

import json
from typing import Any

import pytest

from capital_api.models import QuotePayload
from capital_ext.models import CandleKind, Resolution
from capital_ext.stream.events import Topic
from capital_ext.stream.frames import MOST_EPICS, message, quote_of, subscribe

from ..sandbox.conftest import spec, validator

SAID = {
    "marketData.subscribe": "StreamSubscribe",
    "marketData.unsubscribe": "StreamUnsubscribe",
    "OHLCMarketData.subscribe": "StreamCandlesSubscribe",
    "OHLCMarketData.unsubscribe": "StreamCandlesUnsubscribe",
    "ping": "StreamPing",
}
MARKETS = [f"EPIC{number}" for number in range(95)]
TOPICS = [
    *(Topic(epic) for epic in MARKETS),
    *(Topic(epic, Resolution.MINUTE, CandleKind.CLASSIC) for epic in MARKETS),
    *(Topic(epic, Resolution.MINUTE, CandleKind.HEIKIN_ASHI) for epic in MARKETS[:3]),
    *(Topic(epic, Resolution.WEEK, CandleKind.CLASSIC) for epic in MARKETS[:3]),
]


@pytest.mark.parametrize("stop", [False, True])
def test_messages_are_as_specified_and_mean_all_of_the_topics(stop: bool) -> None:
    meant: list[Topic] = []
    for destination, topics, payload in subscribe(TOPICS, stop=stop):
        content = json.loads(message(destination, "7", ("cst", "token"), payload))
        validator(SAID[destination])(content)
        assert destination.endswith(".unsubscribe") is stop
        assert len(topics) <= MOST_EPICS
        assert [topic.epic for topic in topics] == content["payload"]["epics"]
        meant += topics
    assert sorted(map(str, meant)) == sorted(map(str, TOPICS))


def test_a_ping_is_as_specified() -> None:
    validator("StreamPing")(json.loads(message("ping", "1", ("cst", "token"), None)))


def test_the_most_markets_are_as_specified() -> None:
    assert spec()["components"]["schemas"]["StreamEpics"]["properties"]["epics"]["maxItems"] == MOST_EPICS


def test_a_quote_is_read_as_the_generated_model_reads_it() -> None:
    payload: dict[str, Any] = {
        "epic": "GOLD",
        "product": "CFD",
        "bid": 2310,
        "bidQty": 1200,
        "ofr": 2310.6,
        "ofrQty": 1150.0,
        "timestamp": 1773325338473,
        "new": "kept",
    }
    validator("QuotePayload")(payload)
    quote, model = quote_of(payload), QuotePayload.from_dict(payload)
    assert (quote.epic, quote.bid, quote.offer) == (model.epic, model.bid, model.ofr)
    assert (quote.bid_size, quote.offer_size) == (model.bid_qty, model.ofr_qty)
    assert quote.time.timestamp() * 1000 == model.timestamp
    assert quote.raw["new"] == model.additional_properties["new"]
    known = spec()["components"]["schemas"]["QuotePayload"]
    assert set(known["required"]) <= {"epic", "bid", "ofr", "timestamp"}
    assert set(known["properties"]) == set(payload) - {"new"}
