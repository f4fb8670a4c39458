"""A document in ``docs/`` whose Python runs as tests: one for each heading, named for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .snippets import ROOT, check_types, sections

PANDAS = "# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false\n"  # it brings no types


def slug(title: str) -> str:
    """What a heading is called in a link."""
    return re.sub(r"[^\w -]", "", title).lower().replace(" ", "-")


class Page:
    """One document. Its code may take for granted what its preamble makes."""

    def __init__(self, path: str, preamble: str) -> None:
        self.path = path
        self.text = (ROOT / path).read_text(encoding="utf-8")
        self.preamble = preamble
        self.code = sections(self.text)
        """The Python under each heading."""
        self.tests = {f"test_{slug(title).replace('-', '_')}": title for title, code in self.code.items() if code}
        """Title by name of its test."""

    def without_test(self, module: Mapping[str, object]) -> set[str]:
        """Tests that a module should have and has not."""
        assert len(self.tests) == sum(code != "" for code in self.code.values())
        return {name for name in self.tests if name not in module}

    def links(self) -> set[str]:
        """Headings of this page that it leads to."""
        found = set(re.findall(r"\(#([\w-]+)\)", self.text))
        assert found - {slug(title) for title in self.code} == set()
        return found

    def dead_links(self) -> set[str]:
        """What it leads to elsewhere in the repository, and is not there."""
        found = set(re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", self.text))
        return {link for link in found if not ((ROOT / self.path).parent / link).exists()}

    def check_types(self, checker: str, folder: Path) -> None:
        """Hold all of it against a checker, each heading as a file of its own."""
        files = {name: f"{self.preamble}\n\n{self.code[title]}" for name, title in self.tests.items()}
        check_types(checker, {name: PANDAS * ("pandas" in code) + code for name, code in files.items()}, folder)


def run(code: str, path: str, names: dict[str, Any]) -> None:
    """Run Python of a document."""
    exec(compile(code, path, "exec"), names)
