"""The examples in the docstrings run, as they stand there."""

from __future__ import annotations

import inspect
import re
import textwrap
from datetime import timedelta

import pytest

from capital_ext.histories import Histories

from .test_account import books, happens
from .world import NOW, staged


@pytest.mark.parametrize("name", ["candles", "iter_activity", "iter_transactions"])
def test_the_examples(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = inspect.getdoc(inspect.getattr_static(Histories, name)) or ""
    examples = re.findall(r"\n\n((?:    .*\n|\n)+)(?=\n\S)", text.partition("Args:")[0])
    assert examples
    with staged("sync") as stage:
        happens(stage, NOW - timedelta(days=130), "deal")
        books(stage, NOW - timedelta(days=1), kind="SWAP")
        found: dict[str, object] = {"capital": stage.capital, "timedelta": timedelta}
        for example in examples:
            exec(textwrap.dedent(example), found)
    printed = capsys.readouterr().out.splitlines()
    if name == "candles":
        assert printed[0].startswith("2026-01-05 00:00:00+00:00 ")
        assert len(found["frame"]) > 5_000  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    elif name == "iter_activity":
        assert printed == ["2026-01-31 14:00:00+00:00 SILVER POSITION ACCEPTED"]
    else:
        assert found["fees"] == 1
