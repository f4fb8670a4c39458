"""Working orders: placing, changing, cancelling, filling, expiring."""

from typing import Any

import pytest

from .conftest import Api


def orders(api: Api) -> list[Any]:
    return [row["workingOrderData"] for row in api.ok(api.get("workingorders"))["workingOrders"]]


def place(api: Api, offset: float, kind: str = "LIMIT", direction: str = "BUY", **more: Any) -> Any:
    level = round(api.market("SILVER")["bid"] + offset, 3)
    return api.post("workingorders", epic="SILVER", direction=direction, size=1, level=level, type=kind, **more)


def test_create_change_cancel(api: Api) -> None:
    created = place(api, -3, stopDistance=2, profitDistance=4, goodTillDate="2026-06-12T08:00:00")
    confirm = api.confirm(created)
    assert (confirm["status"], confirm["dealStatus"]) == ("OPEN", "ACCEPTED")
    [order] = orders(api)
    assert confirm["affectedDeals"] == [{"dealId": order["dealId"], "status": "OPENED"}]
    assert (order["stopDistance"], order["profitDistance"]) == (2, 4)
    assert order["timeInForce"] == "GOOD_TILL_DATE"
    assert (order["goodTillDate"], order["goodTillDateUTC"]) == ("2026-06-12T11:00:00", "2026-06-12T08:00:00")

    path = f"workingorders/{order['dealId']}"
    changed = api.put(path, level=order["orderLevel"] - 1, guaranteedStop=True)
    assert api.ok(changed) == api.ok(created)
    [after] = orders(api)
    assert after["orderLevel"] == pytest.approx(order["orderLevel"] - 1)
    assert (after["stopDistance"], after["profitDistance"], after["guaranteedStop"]) == (2, 4, True)
    # Leaving a flag out resets it; leaving a level out keeps it; the expiry goes only when told so.
    api.ok(api.put(path, timeInForce="GOOD_TILL_CANCELLED"))
    [after] = orders(api)
    assert (after["stopDistance"], after["guaranteedStop"]) == (2, False)
    assert after["timeInForce"] == "GOOD_TILL_CANCELLED"
    assert "goodTillDate" not in after

    api.wait(30)
    assert api.ok(api.delete(path)) == api.ok(created)
    cancelled = api.confirm(created)
    assert (cancelled["status"], cancelled["date"]) == ("DELETED", confirm["date"])
    assert orders(api) == []
    assert api.refused(api.delete(path)) == (404, "error.not-found.dealId")
    assert api.refused(api.put(path, level=1)) == (404, "error.not-found.dealId")
    rows = api.ok(api.get("history/activity"))["activities"]
    assert [row["status"] for row in rows] == ["CANCELLED", "MODIFIED", "MODIFIED", "CREATED"]


@pytest.mark.parametrize(
    ("offset", "kind", "direction", "code"),
    [
        (1, "LIMIT", "BUY", "error.validation.limit.price"),
        (-1, "LIMIT", "SELL", "error.validation.limit.price"),
        (-1, "STOP", "BUY", "error.validation.stop.price"),
        (1, "STOP", "SELL", "error.validation.stop.price"),
        (1, "MARKET", "BUY", "error.invalid.type"),
    ],
)
def test_wrong_side_of_the_market(api: Api, offset: float, kind: str, direction: str, code: str) -> None:
    assert api.refused(place(api, offset, kind, direction)) == (400, code)


@pytest.mark.parametrize("direction", ["BUY", "SELL"])
def test_a_stop_order_keeps_its_distance(api: Api, direction: str) -> None:
    market = api.market("GOLD")
    sign, price = (1, market["offer"]) if direction == "BUY" else (-1, market["bid"])
    order = {"epic": "GOLD", "direction": direction, "size": 1, "type": "STOP"}
    near, far = (
        api.post("workingorders", **order, level=round(price * (1 + sign * share), 2)) for share in (5e-5, 2e-4)
    )
    assert api.refused(near) == (400, "error.validation.stop.price")
    assert api.confirm(far)["dealStatus"] == "ACCEPTED"


@pytest.mark.parametrize("direction", ["BUY", "SELL"])
def test_the_stop_of_an_order_is_measured_from_where_it_would_close(api: Api, direction: str) -> None:
    """Between the level of an order and the price at which the position would close again lies the spread."""
    market = api.market("ETHUSD")
    sign, spread = (1 if direction == "BUY" else -1), market["offer"] - market["bid"]
    level = round((market["bid"] if sign > 0 else market["offer"]) - 5 * sign, 2)
    order = {"epic": "ETHUSD", "direction": direction, "size": 1, "type": "LIMIT", "level": level}
    impossible = api.post("workingorders", **order, stopLevel=round(level - sign * spread / 2, 2))
    code, _, bound = api.refused(impossible)[1].partition(": ")
    assert code == f"error.invalid.stoploss.{'max' if sign > 0 else 'min'}value"
    assert sign * (level - float(bound)) > spread
    assert api.confirm(api.post("workingorders", **order, stopLevel=float(bound)))["dealStatus"] == "ACCEPTED"


def test_a_trailing_order_reads_back_its_distance(api: Api) -> None:
    level = round(api.market("SILVER")["bid"] - 3, 3)
    place(api, -3, trailingStop=True, stopDistance=1, stopLevel=level - 2)
    [order] = orders(api)
    assert (order["trailingStop"], order["stopDistance"], "stopLevel" in order) == (True, 1, False)


def test_hedging_bars_a_guarantee_on_an_order_that_waits(api: Api) -> None:
    api.ok(api.put("accounts/preferences", hedgingMode=True))
    created = place(api, -3, stopDistance=2)
    [before] = orders(api)
    changed = api.put(f"workingorders/{before['dealId']}", guaranteedStop=True)
    assert api.ok(changed) == api.ok(created)
    refused = api.confirm(changed)
    assert (refused["dealStatus"], refused["rejectReason"]) == ("REJECTED", "HEDGING_MODE_GSL")
    assert orders(api) == [before]
    rows = api.ok(api.get("history/activity"))["activities"]
    assert [(row["type"], row["status"]) for row in rows] == [
        ("WORKING_ORDER", "MODIFY_REJECT"),
        ("WORKING_ORDER", "CREATED"),
    ]


def test_bad_expiry(api: Api) -> None:
    past = place(api, -3, goodTillDate="2026-06-10T14:00:00")
    assert api.refused(past) == (400, "error.not-in-future.goodTillDate")
    zoned = place(api, -3, goodTillDate="2026-06-12T14:00:00Z")
    assert api.refused(zoned) == (400, "error.invalid.daterange")
    far = place(api, -3, stopDistance=60)
    assert api.refused(far)[1].startswith("error.invalid.stoploss.minvalue: ")


@pytest.mark.parametrize(
    ("offset", "kind", "direction"),
    [(-0.2, "LIMIT", "BUY"), (0.05, "LIMIT", "SELL"), (0.05, "STOP", "BUY"), (-0.2, "STOP", "SELL")],
)
def test_the_price_fills_it(api: Api, offset: float, kind: str, direction: str) -> None:
    created = place(api, offset, kind, direction, profitDistance=5)
    [order] = orders(api)
    for _ in range(200):
        api.wait(1800)
        if not orders(api):
            break
    confirm = api.confirm(created)
    [affected] = confirm["affectedDeals"]
    [row] = api.ok(api.get("positions"))["positions"]
    position = row["position"]
    assert (affected["dealId"], affected["status"]) == (position["dealId"], "OPENED")
    assert position["workingOrderId"] == order["dealId"] == confirm["dealId"]
    assert "profitLevel" in position
    better = (order["orderLevel"] - position["level"]) * (1 if direction == "BUY" else -1)
    assert better >= 0 if kind == "LIMIT" else better <= 0
    rows = api.ok(api.get("history/activity", lastPeriod=86400, detailed=True))["activities"]
    executed, opened = rows[:2]
    assert (executed["type"], executed["status"], executed["dealId"]) == (
        "WORKING_ORDER",
        "EXECUTED",
        order["dealId"],
    )
    assert (opened["type"], opened["status"], opened["dealId"]) == (
        "POSITION",
        "ACCEPTED",
        position["dealId"],
    )
    assert opened["details"]["workingOrderId"] == order["dealId"]
    assert opened["dateUTC"] == executed["dateUTC"]


def test_expiry(api: Api) -> None:
    created = place(api, -20, goodTillDate="2026-06-10T15:00:00")
    api.wait(3599)
    assert len(orders(api)) == 1
    api.wait(1)
    assert orders(api) == []
    assert api.confirm(created)["status"] == "DELETED"
    [row, _] = api.ok(api.get("history/activity", lastPeriod=7200))["activities"]
    assert (row["source"], row["status"], row["dateUTC"]) == ("SYSTEM", "EXPIRED", "2026-06-10T15:00:00")


def test_a_fill_without_margin_is_refused(api: Api) -> None:
    level = round(api.market("SILVER")["bid"] - 0.2, 3)
    created = api.post("workingorders", epic="SILVER", direction="BUY", size=9000, level=level, type="LIMIT")
    for _ in range(200):
        api.wait(1800)
        if not orders(api):
            break
    confirm = api.confirm(created)
    assert (confirm["dealStatus"], confirm["rejectReason"]) == ("REJECTED", "RC_NOT_ENOUGH_MARGIN")
    assert api.ok(api.get("positions")) == {"positions": []}
