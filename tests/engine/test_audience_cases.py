"""The cases that the engine and the till answer alike: tests/cases/audience.json."""

import json
from pathlib import Path

import pytest
from engine.audience import Audience, admits

CASES = json.loads(
    (Path(__file__).parents[1] / "cases" / "audience.json").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_the_engine_answers(case):
    audience = Audience(
        tier_ids=frozenset(case["tiers"]),
        segment_ids=frozenset(case["segments"]),
        both=case.get("both", False),
    )
    assert admits(audience, case["held"], case["in"]) is case["admitted"]
