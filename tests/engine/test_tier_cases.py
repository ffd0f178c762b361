"""The cases that engine, database and till answer alike: tests/cases/tiers.json.

The engine gets net facts; how entries of a ledger become facts is said here once more,
in a few lines: on the company's day, on the day of what they undo, nothing pending,
nothing that is marked not to count.
"""

import json
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from engine.tier_path import ManualTier, TierLevel, TierPolicy, replay
from engine.tier_progress import next_step, projected

CASES = json.loads(
    (Path(__file__).parents[1] / "cases" / "tiers.json").read_text(encoding="utf-8")
)


def read_policy(case):
    return TierPolicy(
        levels=tuple(
            TierLevel(
                level["tier"],
                tuple(map(Decimal, level["enter"])),
                tuple(map(Decimal, level["keep"])),
            )
            for level in case["levels"]
        ),
        window=case["window"],
        months=case.get("months", 12),
        joined="any" if case.get("either") else "all",
        one_step=case.get("one_step", False),
        grace_days=case.get("grace_days", 0),
    )


def local_day(case, moment):
    zone = ZoneInfo(case.get("tz", "UTC"))
    return datetime.fromisoformat(moment).replace(tzinfo=UTC).astimezone(zone).date()


def origin(case, index):
    while "undoes" in case["entries"][index]:
        index = case["entries"][index]["undoes"]
    return index


def read_facts(case):
    """Return the net facts of a case's entries, one a document and day."""
    today = date.fromisoformat(case["today"])
    documents = defaultdict(lambda: {"spend": Decimal(0), "points": Decimal(0)})
    for index, entry in enumerate(case["entries"]):
        first = origin(case, index)
        day = local_day(case, case["entries"][first]["at"])
        free = local_day(case, entry["at"]) + timedelta(days=entry.get("hold", 0))
        if entry.get("counts", True) and free <= today:
            documents[day, first]["spend"] += Decimal(entry["spend"])
            documents[day, first]["points"] += Decimal(entry.get("points", 0))
    facts, visited = [], set()
    for (day, _first), sums in sorted(documents.items()):
        is_order = sums["spend"] > 0
        amounts = {
            **sums,
            "orders": int(is_order),
            "visits": int(is_order and day not in visited),
        }
        visited |= {day} if is_order else set()
        facts.append((day, tuple(amounts[metric] for metric in case["metrics"])))
    return facts


def read_hands(case):
    return [
        ManualTier(
            day=date.fromisoformat(hand["on"]),
            tier_id=hand["tier"],
            until=date.fromisoformat(hand["until"]) if hand.get("until") else None,
            locked=hand.get("locked", False),
        )
        for hand in case.get("given", ())
    ]


def stand(case, *more):
    return replay(
        read_policy(case),
        date.fromisoformat(case["joined_on"]),
        [*read_facts(case), *more],
        date.fromisoformat(case["today"]),
        read_hands(case),
    )


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_the_engine_answers(case):
    standing = stand(case)
    answer = {
        "tier": standing.tier_id,
        "since": str(standing.since),
        "review_on": standing.review_on and str(standing.review_on),
        "amounts": list(standing.amounts),
        "missing": list(standing.missing),
    }
    wanted = {name: case[name] for name in ("tier", "since", "review_on")}
    for name in ("amounts", "missing"):
        wanted[name] = list(map(Decimal, case[name]))
    assert answer == wanted


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_the_engine_tells_the_way_to_the_next_tier(case):
    policy, standing = read_policy(case), stand(case)
    step = next_step(policy, standing.tier_id, standing.amounts)
    if case["next"] is None:
        assert step.tier_id is None
        return
    told = {"tier": step.tier_id, "index": step.index, "missing": step.missing}
    assert told == {**case["next"], "missing": Decimal(case["next"]["missing"])}


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_sale_leads_where_the_replay_leads(case):
    policy, standing = read_policy(case), stand(case)
    sale = tuple(map(Decimal, case["sale"]))
    found = projected(
        policy, standing.tier_id, standing.amounts, sale, case.get("is_locked", False)
    )
    assert found == case["projected"]
    today = date.fromisoformat(case["today"])
    assert stand(case, (today, sale)).tier_id == found
