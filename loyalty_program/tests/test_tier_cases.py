import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import SQL, file_path

from .common import LoyaltyCase


def read_cases():
    """Return the cases that engine, database and till answer alike."""
    addon = Path(file_path("loyalty_program/__manifest__.py")).parent.resolve()
    path = addon.parent / "tests/cases/tiers.json"
    return json.loads(path.read_text(encoding="utf-8"))


@tagged("post_install", "-at_install")
class TestTierCases(LoyaltyCase):
    """The shared cases, as entries of the ledger that the database replays."""

    def _make_case(self, case):
        """Return the member of a case, with the case's programme and entries."""
        self.company.partner_id.tz = case.get("tz", "UTC")
        metrics = case["metrics"]
        program = self._make_program(
            tier_window=case["window"],
            tier_window_months=case.get("months", 12),
            tier_descent="one" if case.get("one_step") else "kept",
            tier_grace_days=case.get("grace_days", 0),
            tier_metric=metrics[0],
            tier_metric_2=metrics[1] if len(metrics) > 1 else False,
            tier_join="any" if case.get("either") else "all",
            tier_ids=[Command.create(self._read_level(row)) for row in case["levels"]],
        )
        card = self._make_member(case["name"], program)
        card.sudo().joined_on = date.fromisoformat(case["joined_on"])
        self._post_entries(case, card)
        self._give_tiers(case, card)
        return card

    def _read_level(self, level):
        enter = [*map(float, level["enter"]), 0]
        keep = [*map(float, level["keep"]), 0]
        return {
            "name": level["tier"],
            "threshold": enter[0],
            "keep_threshold": keep[0],
            "threshold_2": enter[1],
            "keep_threshold_2": keep[1],
        }

    def _post_entries(self, case, card):
        entries = self.env["loyalty.ledger.entry"]
        for entry in case["entries"]:
            undoes = entry.get("undoes")
            undone = entries[undoes] if undoes is not None else entries.browse()
            values = {
                "occurred_at": datetime.fromisoformat(entry["at"]),
                "hold_days": entry.get("hold", 0),
                "base_amount": Decimal(entry["spend"]),
                "counts_for_tier": entry.get("counts", True),
            }
            if undone:
                values["reverses_id"] = undone.id
            points = entry.get("points") or int(Decimal(entry["spend"]))
            kind = "earn" if Decimal(points) > 0 else "redeem"
            if undone and kind == "redeem":
                kind = "earn_reversal"
            entries += self._post(points, kind, card=card, **values)

    def _give_tiers(self, case, card):
        tiers = {tier.name: tier.id for tier in card.program_id.tier_ids}
        self.env["loyalty.tier.change"].create(
            [
                {
                    "card_id": card.id,
                    "to_tier_id": tiers[hand["tier"]],
                    "cause": "manual",
                    "changed_on": hand["on"],
                    "until": hand.get("until"),
                    "is_locked": hand.get("locked", False),
                }
                for hand in case.get("given", ())
            ]
        )

    def _read_standing(self, card):
        program = card.program_id
        self.env.flush_all()
        query = SQL(
            """WITH %s SELECT tier_id, since, review_on, amount_1, amount_2
               FROM standing""",
            program._sql_tier_standings(SQL("k.id = %s", card.id)),
        )
        ((tier_id, since, review_on, *amounts),) = self.env.execute_query(query)
        return {
            "tier": self.env["loyalty.tier"].browse(tier_id).name or None,
            "since": str(since),
            "review_on": review_on and str(review_on),
            "amounts": [
                Decimal(repr(amount))
                for amount in amounts[: len(program._get_tier_metrics())]
            ],
        }

    def test_the_database_answers(self):
        cases = read_cases()
        self.assertGreater(len(cases), 50)
        for case in cases:
            with self.subTest(case["name"]), freeze_time(f"{case['today']} 12:00:00"):
                card = self._make_case(case)
                wanted = {name: case[name] for name in ("tier", "since", "review_on")}
                wanted["amounts"] = list(map(Decimal, case["amounts"]))
                self.assertEqual(self._read_standing(card), wanted)
                card.program_id._requalify(card.ids)
                self.env.invalidate_all()
                self.assertEqual(card.tier_id.name or None, case["tier"])
