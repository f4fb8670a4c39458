"""What a browser gets, looked at without one."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from importlib.resources import files
from typing import cast

import httpx
import pytest

from capital_sandbox import ManualClock, Request, Sandbox
from capital_sandbox.page import is_page, show

from .conftest import spec

PATHS = [
    ("/", "text/html;charset=UTF-8"),
    ("/docs", "text/html;charset=UTF-8"),
    ("/docs/", "text/html;charset=UTF-8"),
    ("/docs/capital-openapi.json", "application/json"),
    ("/page/style.css", "text/css;charset=UTF-8"),
    ("/page/page.js", "text/javascript;charset=UTF-8"),
    ("/page/icon.svg", "image/svg+xml;charset=UTF-8"),
]
PAGE = files("capital_sandbox.page")


@pytest.fixture
def http(sandbox: Sandbox) -> Iterator[httpx.Client]:
    with sandbox.serve() as server, httpx.Client(base_url=server.url) as client:
        yield client


@pytest.mark.parametrize(("path", "content_type"), PATHS)
def test_files(http: httpx.Client, path: str, content_type: str) -> None:
    response = http.get(path)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == content_type
    assert "default-src 'self'" in response.headers["Content-Security-Policy"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert len(response.content) > 100
    head = http.head(path)
    assert (head.status_code, head.content) == (200, b"")


def test_the_document_is_the_specification(http: httpx.Client) -> None:
    assert http.get("/docs/capital-openapi.json").json() == json.loads(json.dumps(spec()))


def test_it_is_no_part_of_the_api(http: httpx.Client, sandbox: Sandbox) -> None:
    for method, path in (("POST", "/"), ("GET", "/page"), ("GET", "/page/../state.py"), ("GET", "/docs/x")):
        assert http.request(method, path).json() == {"errorCode": "error.not-found"}
    asked = len(sandbox.requests)
    for path in ("/", "/docs", "/_sandbox/state"):
        assert http.get(path).status_code == 200
    assert len(sandbox.requests) == asked
    assert sandbox.handle(Request("GET", "/")).status == 404


def test_faults_do_not_meet_it(sandbox: Sandbox, http: httpx.Client) -> None:
    sandbox.faults.drop_before()
    assert http.get("/").status_code == http.get("/_sandbox/state").status_code == 200


LOOK = "/_sandbox/state"


def test_this_machine_may_look_where_nobody_may_drive(sandbox: Sandbox) -> None:
    with sandbox.serve(control=False) as server, httpx.Client(base_url=server.url) as http:
        assert http.get(LOOK).json() == sandbox.state.to_dict()
        assert http.get(LOOK, headers={"Origin": server.url}).status_code == 200
        for headers in ({"Origin": "http://elsewhere.example"}, {"Host": f"elsewhere.example:{server.port}"}):
            assert http.get(LOOK, headers=headers).status_code == 403
        for method, path in (("POST", LOOK), ("GET", "/_sandbox/requests"), ("POST", "/_sandbox/clock")):
            assert http.request(method, path).status_code == 403


@pytest.mark.parametrize(
    ("peer", "status"),
    [("127.0.0.1", 200), ("::1", 200), ("192.0.2.1", 403), ("testclient", 403), (None, 403)],
)
def test_others_may_not(sandbox: Sandbox, peer: str | None, status: int) -> None:
    async def look(*, control: bool) -> int:
        client = None if peer is None else (peer, 50_000)
        transport = httpx.ASGITransport(sandbox.app(control=control), client=cast("tuple[str, int]", client))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as http:
            assert (await http.get("/_sandbox/clock")).status_code == (200 if control else 403)
            return (await http.get(LOOK)).status_code

    assert asyncio.run(look(control=False)) == status
    assert asyncio.run(look(control=True)) == 200


def test_nothing_comes_from_outside_and_nothing_is_inline() -> None:
    names = [file.name for file in PAGE.iterdir() if file.name.endswith((".html", ".css", ".js", ".svg"))]
    assert len(names) == 9
    for name in names:
        text = PAGE.joinpath(name).read_text(encoding="utf-8")
        outside = set(re.findall(r"(?:https?:)?//[\w.]+\.\w+", text)) - {"http://www.w3.org"}
        assert not outside, name
        assert "innerHTML" not in text
        if name.endswith(".html"):
            assert not re.search(r"<script(?![^>]* src=)|<style| style=| on\w+=", text)
            linked = set(re.findall(r'(?:src|href)="(/[^"]*)"', text))
            assert all(is_page(Request("GET", target)) for target in linked)
        if name.endswith(".js"):
            imported = re.findall(r'from "([^"]+)"', text)
            assert all(is_page(Request("GET", target)) for target in imported)


def test_the_key_that_it_shows_is_the_usual_one_and_the_password_is_not_there() -> None:
    credentials = Sandbox(clock=ManualClock()).credentials
    texts = {file.name: file.read_text(encoding="utf-8") for file in PAGE.iterdir() if file.is_file()}
    assert f'"{credentials.api_key}"' in texts["page.js"]
    assert not any(credentials.password in text for text in texts.values())


def test_every_file_is_served() -> None:
    served = {show(Request("GET", path)).body for path, _ in PATHS}
    others = {show(Request("GET", f"/page/{name}.js")).body for name in ("chart", "common", "docs", "markdown")}
    for file in PAGE.iterdir():
        if file.is_file() and not file.name.endswith(".py"):
            assert file.read_bytes() in served | others, file.name
