"""The wheel: what is in it, and that it works with the runtime dependencies alone. Everything here is offline."""

from __future__ import annotations

import email.message
import email.parser
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
RUNTIME = {"httpx", "attrs", "cryptography", "python-dateutil", "pyrate-limiter"}
PACKAGES = {"capital_api", "capital_ext", "capital_sandbox"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from a copy of the files that git tracks: what a clean clone gives."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("no git checkout to take the tracked files from")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    clone = tmp_path_factory.mktemp("clone")
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (clone / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, clone / name)
    built = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(built)]
    result = subprocess.run(command, cwd=clone, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    (file,) = built.glob("*.whl")
    return file


@pytest.fixture(scope="module")
def unpacked(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unpacked")
    with ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


@pytest.fixture(scope="module")
def libraries(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the runtime dependencies, theirs, and nothing else: linked from where they are installed."""
    folder = tmp_path_factory.mktemp("libraries")
    for name in closure(RUNTIME):
        installed = distribution(name)
        for top in {file.parts[0] for file in installed.files or () if file.parts[0] not in ("..", "__pycache__")}:
            if not (folder / top).exists():
                (folder / top).symlink_to(Path(str(installed.locate_file(top))))
    return folder


def closure(names: set[str]) -> set[str]:
    """These distributions and all that they need on this Python."""

    def needed(name: str) -> Iterator[str]:
        for line in distribution(name).requires or ():
            requirement = Requirement(line)
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                yield requirement.name

    found: set[str] = set()
    waiting = set(names)
    while waiting:
        name = waiting.pop()
        try:
            waiting |= set(needed(name)) - found
        except PackageNotFoundError:
            pytest.fail(f"{name} is needed at runtime and not installed")
        found.add(name)
    return found


def metadata(unpacked: Path) -> email.message.Message:
    (file,) = unpacked.glob("*.dist-info/METADATA")
    return email.parser.Parser().parsestr(file.read_text(encoding="utf-8"))


def test_it_carries_the_three_packages_typed_and_nothing_else(unpacked: Path) -> None:
    top = {path.name for path in unpacked.iterdir() if not path.name.endswith(".dist-info")}
    assert top == PACKAGES
    assert all((unpacked / name / "py.typed").is_file() for name in PACKAGES)


def test_it_carries_the_data_of_the_sandbox_and_the_licence(unpacked: Path) -> None:
    assert (unpacked / "capital_sandbox" / "instruments.csv").is_file()
    assert len(list(unpacked.glob("*.dist-info/licenses/LICENSE"))) == 1


def test_it_carries_every_tracked_source_file(unpacked: Path) -> None:
    sources = {"capital_api": ROOT / "generated" / "capital_api"} | {
        name: ROOT / name for name in ("capital_ext", "capital_sandbox")
    }
    tracked = subprocess.run(
        ["git", "ls-files", "-z", *map(str, sources.values())], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\0")
    expected = {name.removeprefix("generated/") for name in tracked if name and (ROOT / name).is_file()}
    packed = {str(file.relative_to(unpacked)) for name in PACKAGES for file in (unpacked / name).rglob("*.*")}
    assert packed == expected


def test_only_the_runtime_dependencies_are_required_unconditionally(unpacked: Path) -> None:
    about = metadata(unpacked)
    requirements = [Requirement(line) for line in about.get_all("Requires-Dist", [])]
    assert {entry.name for entry in requirements if entry.marker is None} == RUNTIME
    assert all("extra" in str(entry.marker) for entry in requirements if entry.marker is not None)
    assert about["Requires-Python"] == ">=3.11"
    assert about["License-Expression"] == "MIT"


def run(code: str, unpacked: Path, libraries: Path, cwd: Path) -> str:
    # -I and -S: no environment variables, no current folder, no site-packages; the standard library and what we add.
    prelude = f"import sys; sys.path[:0] = {[str(unpacked), str(libraries)]!r}\n"
    command = [sys.executable, "-I", "-S", "-W", "error", "-c", prelude + code]
    result = subprocess.run(command, capture_output=True, text=True, cwd=cwd)
    assert result.returncode == 0, result.stderr
    return result.stdout.strip()


def test_it_imports_with_the_runtime_dependencies_alone(unpacked: Path, libraries: Path, tmp_path: Path) -> None:
    code = """
from capital_ext import AsyncCapital, Capital, Credentials, models
import capital_api, capital_sandbox, importlib.util
assert importlib.util.find_spec("starlette") is None and importlib.util.find_spec("pytest") is None
for name in models.__all__:
    getattr(models, name)
with Capital(Credentials("key", "me@example.com", "secret")) as capital:
    capital.markets, capital.positions, capital.client
print(capital_api.__file__)
"""
    assert run(code, unpacked, libraries, tmp_path) == str(unpacked / "capital_api" / "__init__.py")


def test_the_sandbox_works_in_process_with_the_runtime_dependencies_alone(
    unpacked: Path, libraries: Path, tmp_path: Path
) -> None:
    code = """
from capital_ext import Capital, Credentials
from capital_sandbox import Sandbox
sandbox = Sandbox()
known = sandbox.credentials
credentials = Credentials(known.api_key, known.identifier, known.password)
with Capital(credentials, base_url="http://sandbox.invalid", transport=sandbox.transport()) as capital:
    print(capital.markets.get("GOLD").instrument.name)
"""
    assert run(code, unpacked, libraries, tmp_path) == "Gold"


@pytest.mark.parametrize("client", ["Capital", "AsyncCapital"])
def test_the_sandbox_server_without_its_extra_says_so_in_one_line(
    unpacked: Path, libraries: Path, tmp_path: Path, client: str
) -> None:
    code = f"""
from capital_ext import {client}, InvalidInputError
try:
    {client}.sandbox()
except InvalidInputError as error:
    print(error)
"""
    said = run(code, unpacked, libraries, tmp_path)
    assert "pip install 'capital-ext[sandbox]'" in said
    assert "\n" not in said
