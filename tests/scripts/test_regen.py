"""scripts/regen.sh, each time on a copy: it finds any drift, a failed run changes nothing, a changed spec is enough."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("openapi_python_client") is None or shutil.which("bash") is None,
    reason="generation needs bash and the development environment; one Python is enough for it",
)


class Checkout:
    """A copy of what generation reads and writes."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for folder in ("scripts", "spec", "generated"):
            shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__"))
        self.spec = root / "spec" / "capital-openapi.yaml"
        self.generated = root / "generated" / "capital_api"

    def regen(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        # The tools beside this Python, whatever else is on the path.
        path = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
        command = ["bash", str(self.root / "scripts" / "regen.sh"), *arguments]
        return subprocess.run(command, capture_output=True, text=True, env=os.environ | {"PATH": path}, cwd="/")

    def files(self) -> dict[str, bytes]:
        return {
            str(file.relative_to(self.generated)): file.read_bytes()
            for file in self.generated.rglob("*")
            if file.is_file() and "__pycache__" not in file.parts
        }

    def insert(self, after: str, text: str) -> None:
        """Put text into the spec, behind the only place that the pattern matches."""
        spec, count = re.subn(f"({after})", lambda found: found[0] + text, self.spec.read_text(), count=1)
        assert count == 1, after
        self.spec.write_text(spec)

    def run(self, code: str) -> str:
        """What a Python prints that has only this copy's code on its path, and the libraries."""
        paths = [str(self.root / "generated")]
        prelude = f"import sys; sys.path[:0] = {paths!r}\n"
        command = [sys.executable, "-P", "-c", prelude + code]
        result = subprocess.run(command, capture_output=True, text=True, cwd=self.root)
        assert result.returncode == 0, result.stderr
        return result.stdout


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path / "a checkout")  # with a space, as people's folders have


def test_what_is_committed_is_what_the_spec_gives(checkout: Checkout) -> None:
    before = checkout.files()
    result = checkout.regen("--check")
    assert result.returncode == 0, result.stderr
    assert checkout.files() == before


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ("changed", "models/candle.py"),
        ("changed", "calls.py"),  # copied, not generated
        ("deleted", "api/markets/markets_get.py"),
        ("deleted", "py.typed"),
    ],
)
def test_drift_is_found_and_named(checkout: Checkout, change: str, name: str) -> None:
    file = checkout.generated / name
    if change == "changed":
        file.write_text(file.read_text() + "# by hand\n")
    else:
        file.unlink()
    drifted = checkout.files()
    result = checkout.regen("--check")
    assert result.returncode == 1
    assert file.name in result.stderr
    assert checkout.files() == drifted, "a check changes nothing"


def test_an_added_file_is_drift(checkout: Checkout) -> None:
    (checkout.generated / "models" / "by_hand.py").write_text("")
    result = checkout.regen("--check")
    assert result.returncode == 1
    assert "by_hand.py" in result.stderr


def test_a_run_mends_drift(checkout: Checkout) -> None:
    right = checkout.files()
    (checkout.generated / "models" / "candle.py").unlink()
    (checkout.generated / "models" / "by_hand.py").write_text("")
    result = checkout.regen()
    assert result.returncode == 0, result.stderr
    assert checkout.files() == right


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        pytest.param("capital-openapi.yaml", "openapi:", "openapi: [", id="not YAML"),
        pytest.param("capital-openapi.yaml", "operationId: general_time", "operationId: time", id="against the rules"),
        pytest.param("capital-openapi.yaml", "schemas/ServerTime'", "schemas/Nothing'", id="a dangling reference"),
        pytest.param("templates/models_init.py.jinja", "{%", "{% nonsense %}{%", id="a broken template"),
    ],
)
def test_a_failed_run_leaves_generated_as_it_was(checkout: Checkout, file: str, old: str, new: str) -> None:
    source = checkout.root / "spec" / file
    assert old in source.read_text()
    source.write_text(source.read_text().replace(old, new, 1))
    before = checkout.files()
    result = checkout.regen()
    assert result.returncode != 0
    assert result.stderr or result.stdout, "it says why"
    assert checkout.files() == before


def test_without_the_pinned_generator_it_says_what_to_do(checkout: Checkout, tmp_path: Path) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    for tool in ("bash", "dirname", "python3"):
        (tools / tool).symlink_to(shutil.which(tool) or "")
    command = [str(tools / "bash"), str(checkout.root / "scripts" / "regen.sh")]
    result = subprocess.run(command, capture_output=True, text=True, env={"PATH": str(tools)})
    assert result.returncode == 2
    assert "scripts/test.sh" in result.stderr


def test_changing_the_spec_and_running_it_is_all_that_a_maintainer_does(checkout: Checkout) -> None:
    checkout.insert(
        r"\npaths:\n",
        """\
  /api/v1/weather:
    get:
      tags: [general]
      operationId: general_weather
      summary: Get the weather at an exchange.
      description: Rain does not move prices.
      x-errors:
        - {status: 404, code: error.not-found.city, when: No exchange is in this city.}
      parameters:
        - name: nearestCity
          in: query
          required: true
          schema: {type: string, minLength: 1, description: Where to look out of the window., example: London}
      responses:
        "200":
          description: The weather.
          content: {application/json: {schema: {$ref: '#/components/schemas/ServerTime'}}}
        default: {$ref: '#/components/responses/Error'}
""",
    )
    checkout.insert(
        r"\n    ServerTime:\n(?:.*\n)*?      properties:\n",
        """\
        leapSeconds:
          type: integer
          description: Seconds that were inserted so far. Absent where nobody counts them.
          example: 27
""",
    )
    checkout.insert(r"\n    MarketStatus:\n(?:.*\n)*?      enum: \[", "NAPPING, ")

    result = checkout.regen()
    assert result.returncode == 0, result.stderr
    printed = checkout.run(
        """
import inspect
from capital_api import models
from capital_api.api.general import AsyncGeneralApi, GeneralApi, general_weather
for name in ("sync", "sync_detailed", "asyncio", "asyncio_detailed"):
    assert callable(getattr(general_weather, name))
for api in (GeneralApi, AsyncGeneralApi):
    print(inspect.signature(api.weather))
    for words in ("Get the weather at an exchange.", "Rain does not move prices.", "nearest_city: Where to look out",
                  "NotFoundError: ``error.not-found.city``", "GET /api/v1/weather"):
        assert words in " ".join(api.weather.__doc__.split()), words
assert inspect.iscoroutinefunction(AsyncGeneralApi.weather)
assert models.ServerTime.from_dict({"serverTime": 1, "leapSeconds": 27}).leap_seconds == 27
assert models.MarketStatus("NAPPING") is models.MarketStatus.NAPPING and models.MarketStatus.NAPPING.is_known
"""
    )
    assert printed.splitlines() == ["(self, *, nearest_city: 'str') -> 'ServerTime'"] * 2

    first = checkout.files()
    assert checkout.regen().returncode == 0
    assert checkout.files() == first, "the same input gives the same bytes"
    assert checkout.regen("--check").returncode == 0
