"""The shared cases of stamp cards; the till answers the same in its unit tests."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from engine.stamps import lay_out, room

CASES = json.loads(
    (Path(__file__).parents[1] / "cases" / "stamps.json").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("case", CASES["layout"], ids=lambda case: case["name"])
def test_layout(case):
    card = lay_out(Decimal(case["points"]), Decimal(case["pending"]), case["needed"])
    shown = {name: getattr(card, name) for name in case["card"]}
    assert shown == case["card"]
    assert card.needed == case["needed"]


@pytest.mark.parametrize("case", CASES["room"], ids=lambda case: case["name"])
def test_room(case):
    left = room(Decimal(case["held"]), case["needed"], Decimal(case["spent"]))
    assert left == Decimal(case["room"])


@pytest.mark.parametrize("points", range(-3, 40))
@pytest.mark.parametrize("needed", [1, 9, 10])
def test_no_stamp_is_lost_or_invented(points, needed):
    card = lay_out(Decimal(points), Decimal(0), needed)
    full = card.ready - (card.filled == needed)
    assert full * needed + card.filled - card.owed == points
