"""The page and the specification in a real Chromium, without a screen."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest

from capital_sandbox import DEFAULT_START, Credentials, Limits, ManualClock, Request, Sandbox
from capital_sandbox.server import Server

from .conftest import Api, spec

pytest.importorskip("playwright", reason="playwright is not installed; it comes with capital-ext[dev]")

from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ELSEWHERE = "elsewhere.example"
"""A name that leads here all the same, as one does in an attack by DNS rebinding."""
SWITCHES = [
    "--no-sandbox",  # its own sandbox does not work for root, and these pages are ours
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--host-resolver-rules=MAP {ELSEWHERE} 127.0.0.1",
]
SOON = 10_000
"""Milliseconds after which what was expected counts as not happening."""


def chromium() -> str:
    """The program, or the end of the test: on CI a failure."""
    for name in NAMES:
        if path := shutil.which(name):
            return path
    reason = "no Chromium on PATH, which these tests need (on Debian: apt-get install chromium)"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium(), args=SWITCHES)
        yield launched
        launched.close()


@pytest.fixture
def served(sandbox: Sandbox) -> Iterator[Server]:
    with sandbox.serve() as server:
        yield server


class Visit:
    """A page in a browser of its own, and what it complained about or asked of others."""

    def __init__(self, browser: Browser, origin: str, *, width: int = 1440, height: int = 900) -> None:
        self.origin = origin
        self.complaints: list[str] = []
        self.foreign: list[str] = []
        self.context = browser.new_context(viewport={"width": width, "height": height}, locale="de-DE")
        self.context.set_default_timeout(SOON)
        self.page: Page = self.context.new_page()
        self.page.on("console", lambda message: self.complaints.append(f"{message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self._asked(request.url))

    def open(self, path: str = "/") -> Visit:
        self.page.goto(self.origin + path)
        if path == "/":
            expect(self.at("#status")).to_have_text("Live", timeout=SOON)
        else:
            expect(self.at(".operation")).not_to_have_count(0, timeout=SOON)
        return self

    def at(self, selector: str) -> Locator:
        return self.page.locator(selector)

    def rows(self, table: str) -> Locator:
        return self.page.locator(f"#{table} tbody tr")

    def _asked(self, url: str) -> None:
        if not url.startswith((f"{self.origin}/", "data:", "blob:")):
            self.foreign.append(url)


@pytest.fixture
def visit(browser: Browser, served: Server) -> Iterator[Visit]:
    visit = Visit(browser, served.url)
    yield visit
    visit.context.close()


# ------------------------------------------------------------------------------------------------------- the page


def test_it_loads_without_a_complaint_and_asks_nobody_else(visit: Visit, served: Server) -> None:
    visit.open()
    expect(visit.at("h1")).to_have_text("Capital.com sandbox")
    expect(visit.at("#clock")).to_have_text("2026-06-10 14:00:00")
    expect(visit.at("#clock-note")).to_contain_text("standing still")
    expect(visit.at("label.account")).to_have_count(2)
    expect(visit.at("label.account:has(:checked)")).to_contain_text("$10,000.00")
    expect(visit.at("#base-url")).to_have_text(served.url)
    expect(visit.at("#example")).to_contain_text('"demo@example.com"')
    expect(visit.at("#positions .empty")).to_have_text("No open positions.")
    assert "sandbox-password" not in visit.page.content()
    assert (visit.complaints, visit.foreign) == ([], [])


def test_an_order_appears_by_itself(visit: Visit, api: Api) -> None:
    visit.open()
    api.open("GOLD", size=2, stopDistance=100)
    api.post("workingorders", epic="SILVER", direction="SELL", size=5, level=900, type="LIMIT")
    row = visit.rows("positions").first
    expect(row).to_contain_text("GOLD", timeout=SOON)
    expect(row).to_contain_text("buy")
    [position] = api.sandbox.state.account.positions
    expect(row).to_contain_text(f"{position.level:,}")
    expect(row.locator("td").nth(3)).to_have_text(f"−{-position.profit:.2f}")  # noqa: RUF001
    expect(visit.rows("orders")).to_contain_text(["SILVER"])
    expect(visit.rows("activity")).to_have_count(2)
    expect(visit.rows("requests").first).to_contain_text("/api/v1/workingorders")
    expect(visit.rows("prices").first).to_contain_text("GOLD")
    api.delete(f"positions/{position.deal_id}")
    expect(visit.at("#positions .empty")).to_be_visible(timeout=SOON)
    expect(visit.rows("transactions").first).to_contain_text("Trade closed")
    assert (visit.complaints, visit.foreign) == ([], [])


def test_the_curve_moves_with_the_clock(visit: Visit, api: Api) -> None:
    api.open("BTCUSD", size=0.05)
    visit.open()
    chart = visit.at("#equity svg")
    expect(chart).to_have_attribute("data-points", "1")
    line = chart.locator(".line")
    before = line.get_attribute("d") or ""
    api.clock.advance(3 * 86_400)
    expect(visit.at("#clock")).to_have_text("2026-06-13 14:00:00", timeout=SOON)
    expect(line).not_to_have_attribute("d", before)
    assert int(chart.get_attribute("data-points") or 0) > 50
    assert "points" in (chart.get_attribute("aria-label") or "")
    chart.hover()
    expect(visit.at("#equity-note")).to_contain_text(" on 2026-06-1")
    assert visit.complaints == []


def test_what_callers_write_is_shown_as_text(browser: Browser) -> None:
    markup = '<img src=x onerror="window.struck=1">'
    sandbox = Sandbox(clock=ManualClock(), credentials=Credentials("key", f"{markup}@example.com", "secret"))
    sandbox.add_customer(Credentials("other", markup, "secret"))
    sandbox.handle(Request(markup, f"/api/v1/{markup}"))
    sandbox.faults.drop_before("GET", f"/{markup}")
    with sandbox.serve() as server:
        visit = Visit(browser, server.url).open()
        expect(visit.rows("requests").first.locator("td").nth(3)).to_have_text(f"/api/v1/{markup}")
        expect(visit.rows("requests").first.locator("td").nth(2)).to_have_text(markup)
        expect(visit.rows("faults").first).to_contain_text(markup)
        expect(visit.at("#identifier")).to_have_text(f"{markup}@example.com")
        expect(visit.at("main img")).to_have_count(0)
        assert visit.page.evaluate("window.struck") is None
        assert visit.complaints == []
        visit.context.close()


def test_a_script_in_the_page_would_not_run(visit: Visit) -> None:
    visit.open()
    visit.page.evaluate("""() => {
        const script = document.createElement("script");
        script.textContent = "window.struck = 1";
        document.body.append(script);
    }""")
    assert visit.page.evaluate("window.struck") is None


def test_faults_and_lost_answers(visit: Visit, api: Api) -> None:
    api.sandbox.faults.drop_after("POST", "/positions", times=2)
    with pytest.raises(httpx.TransportError):
        api.post("positions", epic="SILVER", direction="BUY", size=1)
    visit.open()
    fault = visit.rows("faults").first
    expect(fault).to_contain_text("drop after")
    expect(fault).to_contain_text("1 of 2")
    request = visit.rows("requests").first
    expect(request).to_contain_text("answer lost")
    expect(request).to_contain_text(re.compile(r", executed$"))
    expect(visit.rows("positions")).to_have_count(1)


def test_what_was_said_about_a_fault(visit: Visit, api: Api) -> None:
    faults = api.sandbox.faults
    faults.server_error("html", "GET", "/prices/*", every=3, after=timedelta(minutes=1))
    faults.null("snapshot.bid", since=DEFAULT_START)
    faults.stream.late(7, "GOLD", "quote", times=2)
    visit.open()
    for at, (column, said) in enumerate(
        [
            ("GET /prices/*", "kind html, every 3, after 60s"),
            ("all", "place snapshot.bid, since 2026-06-10 14:00:00"),
            ("quote GOLD", "seconds 7"),
        ]
    ):
        expect(visit.rows("faults").nth(at).locator("td").nth(1)).to_have_text(column)
        expect(visit.rows("faults").nth(at).locator("td").nth(2)).to_have_text(said)
    expect(visit.rows("faults").nth(2)).to_contain_text("0 of 2")


@pytest.mark.parametrize("width", [390, 1200, 1920])
def test_a_long_path_pushes_nothing_out_of_sight(browser: Browser, api: Api, served: Server, width: int) -> None:
    long = "/" + "x" * 300
    api.sandbox.faults.unknown_value("y" * 300, "GET", long)
    api.sandbox.handle(Request("Z" * 60, long))
    visit = Visit(browser, served.url, width=width).open()
    for table in ("faults", "requests"):
        scroller = visit.at(f"#{table} .scroller")
        expect(visit.rows(table)).not_to_have_count(0)
        if table == "faults" or width > 1000:
            assert scroller.evaluate("node => node.scrollWidth <= node.clientWidth")
    cell = visit.rows("faults").first.locator("td").nth(1)
    expect(cell).to_have_attribute("title", f"GET {long}")
    visit.context.close()


def test_an_order_without_an_end(visit: Visit, api: Api) -> None:
    api.post("workingorders", epic="SILVER", direction="SELL", size=5, level=900, type="LIMIT")
    visit.open()
    expect(visit.rows("orders").first).to_contain_text("no end")
    expect(visit.rows("orders").first).not_to_contain_text("cancelled")


def test_another_account(visit: Visit, api: Api) -> None:
    api.open("SILVER")
    visit.open()
    expect(visit.rows("positions")).to_have_count(1)
    visit.at("label.account input").first.focus()
    visit.page.keyboard.press("ArrowDown")
    expect(visit.at("label.account:has(:checked)")).to_contain_text("EUR")
    expect(visit.at("#positions .empty")).to_be_visible()
    expect(visit.at("#equity-note")).to_contain_text("EUR")
    with visit.page.expect_response("**/_sandbox/state"):  # it stays chosen when the next state comes
        pass
    expect(visit.at("label.account:has(:checked)")).to_contain_text("EUR")


def test_the_end_of_the_server_is_shown_and_so_is_its_return(browser: Browser) -> None:
    sandbox = Sandbox(clock=ManualClock(), limits=Limits.off())
    server = sandbox.serve()
    visit = Visit(browser, server.url).open()
    server.close()
    expect(visit.at("#status")).to_have_text("No answer", timeout=SOON)
    expect(visit.at("#notice")).to_contain_text("may have been stopped")
    expect(visit.at("#notice")).to_contain_text("from 2026-06-10 14:00:00 UTC")
    with sandbox.serve(port=server.port):
        expect(visit.at("#status")).to_have_text("Live", timeout=SOON)
        expect(visit.at("#notice")).to_be_hidden()
        visit.context.close()


def test_a_hidden_tab_asks_nothing(visit: Visit) -> None:
    visit.open()
    hide = """hidden => {
        Object.defineProperty(document, "hidden", {value: hidden, configurable: true});
        document.dispatchEvent(new Event("visibilitychange"));
    }"""
    visit.page.evaluate(hide, True)
    expect(visit.at("#status")).to_have_text("Paused")
    asked: list[str] = []
    visit.page.on("request", lambda request: asked.append(request.url))
    visit.page.wait_for_timeout(1500)
    assert asked == []
    visit.page.evaluate(hide, False)
    expect(visit.at("#status")).to_have_text("Live", timeout=SOON)


def test_a_sandbox_that_may_not_be_driven_is_looked_at(browser: Browser, sandbox: Sandbox) -> None:
    with sandbox.serve(control=False) as server:
        visit = Visit(browser, server.url).open()
        expect(visit.at("label.account")).to_have_count(2)
        assert visit.complaints == []
        visit.context.close()


def test_by_a_name_that_is_not_this_machine_it_says_that_it_shows_nothing(browser: Browser, sandbox: Sandbox) -> None:
    with sandbox.serve(control=False) as server:
        visit = Visit(browser, f"http://{ELSEWHERE}:{server.port}")
        visit.page.goto(visit.origin)
        expect(visit.at("#status")).to_have_text("No access", timeout=SOON)
        expect(visit.at("#notice")).to_contain_text("--control")
        visit.context.close()


@pytest.mark.parametrize("path", ["/", "/docs"])
@pytest.mark.parametrize("width", [320, 390, 768, 1920])
def test_nothing_sticks_out_at_any_width(browser: Browser, api: Api, served: Server, path: str, width: int) -> None:
    for epic in ("GOLD", "BTCUSD", "EURUSD"):
        api.post("positions", epic=epic, direction="BUY", size=api_size(epic))
    api.get("x" * 300)
    visit = Visit(browser, served.url, width=width, height=800).open(path)
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= width
    visit.context.close()


def api_size(epic: str) -> float:
    return {"GOLD": 1, "BTCUSD": 0.01, "EURUSD": 1000}[epic]


@pytest.mark.parametrize("path", ["/", "/docs"])
def test_everything_has_a_name(visit: Visit, path: str) -> None:
    """What a screen reader needs: a language, one first heading, names of inputs, regions and tables."""
    visit.open(path)
    nameless = visit.page.evaluate("""() => {
        const named = (node) => node.ariaLabel || node.labels?.length || node.textContent.trim() ||
            document.getElementById(node.getAttribute("aria-labelledby"))?.textContent;
        return [...document.querySelectorAll("a, button, input, section, nav, [role=region], table, th, summary")]
            .filter((node) => !named(node)).map((node) => node.outerHTML.slice(0, 80));
    }""")
    assert nameless == []
    assert visit.at("html").get_attribute("lang") == "en"
    expect(visit.at("h1")).to_have_count(1)
    assert visit.page.evaluate("[...document.querySelectorAll('[id]')].length") == visit.page.evaluate(
        "new Set([...document.querySelectorAll('[id]')].map((node) => node.id)).size"
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_light_and_dark(browser: Browser, served: Server, scheme: str) -> None:
    visit = Visit(browser, served.url)
    visit.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    visit.open()
    page, text = visit.page.evaluate(
        "(({backgroundColor, color}) => [backgroundColor, color])(getComputedStyle(document.body))"
    )
    lightness = [sum(int(part) for part in re.findall(r"\d+", colour)) for colour in (page, text)]
    assert (lightness[0] < lightness[1]) is (scheme == "dark")
    visit.context.close()


# ------------------------------------------------------------------------------------------------- the specification


def test_every_operation_and_schema_is_there(visit: Visit) -> None:
    visit.open("/docs")
    document = spec()
    expect(visit.at(".operation")).to_have_count(36)
    expect(visit.at(".schema")).to_have_count(len(document["components"]["schemas"]))
    operation = visit.at("#positions_open")
    for text in (
        "POST",
        "/api/v1/positions",
        "capital.positions.open",
        "stopDistance",
        "dealReference",
        "error.invalid.stoploss.minvalue",
    ):
        expect(operation).to_contain_text(text)
    broken = visit.page.evaluate(
        '[...document.querySelectorAll(\'main a[href^="#"], nav a[href^="#"]\')]'
        ".filter((link) => !document.getElementById(link.getAttribute('href').slice(1))).map((link) => link.href)"
    )
    assert broken == []
    assert "`" not in visit.page.inner_text("#body")  # all of its Markdown was understood
    assert (visit.complaints, visit.foreign) == ([], [])


def test_search(visit: Visit) -> None:
    visit.open("/docs")
    shown = visit.at(".operation:visible")
    visit.page.fill("#search", "not-found.dealReference")
    expect(visit.at("#found")).to_have_text("1 found")
    expect(shown).to_have_count(1)
    expect(shown).to_have_id("confirms_get")
    visit.page.fill("#search", "DELETE watchlists")
    expect(visit.at("#index")).to_contain_text("watchlist")
    expect(shown.first).to_be_visible()
    visit.page.fill("#search", "no such thing <b>")
    expect(visit.at("#found")).to_have_text("Nothing found")
    expect(shown).to_have_count(0)
    visit.page.fill("#search", "")
    expect(shown).to_have_count(36)
    assert visit.complaints == []


def test_links_lead_to_what_a_search_hides(visit: Visit) -> None:
    visit.open("/docs#schema-Balance")
    expect(visit.at("#schema-Balance h3")).to_be_in_viewport()
    visit.page.fill("#search", "positions_open")
    expect(visit.at(".schema:visible")).to_have_count(0)
    visit.at("#positions_open a[href='#schema-Direction']").first.click()
    expect(visit.at("#schema-Direction h3")).to_be_in_viewport()
    expect(visit.at("#search")).to_have_value("")


def test_the_document_can_be_taken_along(visit: Visit) -> None:
    visit.open("/docs")
    with visit.page.expect_download() as download:
        visit.page.get_by_role("link", name="OpenAPI document").click()
    assert download.value.suggested_filename == "capital-openapi.json"
    assert json.loads(download.value.path().read_bytes())["info"] == json.loads(json.dumps(spec()["info"]))
