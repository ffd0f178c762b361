import csv
import io
from datetime import datetime, timedelta

from odoo import api, models
from odoo.tools.misc import file_open

from ..importer.formats import CDNOW, MEMBERS, PURCHASES
from ..importer.job import ImportJob
from .names import invent_name

PURCHASES_FILE = "loyalty_program/tests/data/cdnow_sample.txt"
DAY = "%Y%m%d"


class LoyaltyDemo(models.AbstractModel):
    """Fill the demo with real purchases under invented names.

    Everything goes through the history import that a shop would use. The product
    itself never calls this.
    """

    _name = "loyalty.demo"
    _description = "Loyalty Demo Data"

    @api.model
    def _retire_samples(self):
        """Archive Odoo's own demo programmes: they are made for a furniture shop."""
        samples = self.env["ir.model.data"].search(
            [
                ("model", "=", "loyalty.program"),
                ("module", "in", ["loyalty", "pos_loyalty"]),
            ]
        )
        programs = self.env["loyalty.program"].browse(samples.mapped("res_id"))
        programs.filtered(lambda p: p.program_type != "gift_card").active = False

    @api.model
    def _load_history(self, program_id):
        """Make the customers of the published purchases members of the programme.

        The days move by whole weeks, so that weekdays stay and the last purchase lies
        at most a week before today.
        """
        program = self.env["loyalty.program"].browse(program_id)
        purchases = self._read_purchases(program._get_local_date())
        service = self.env["loyalty.history.import"]
        members = io.BytesIO(self._write_members(purchases))
        service._import(program, ImportJob(MEMBERS, source="CDNOW"), members)
        lines = "\n".join(" ".join(purchase) for purchase in purchases)
        job = ImportJob(PURCHASES, CDNOW, source="CDNOW")
        service._import(program, job, io.BytesIO(lines.encode()))
        for _batch in self.env["loyalty.ledger"]._run_daily():
            self.env.flush_all()
        self._assign_salesperson(program)

    def _read_purchases(self, today):
        """Return the cells of the published file with the days moved."""
        with file_open(PURCHASES_FILE) as stream:
            purchases = [line.split() for line in stream]
        days = {row[2]: datetime.strptime(row[2], DAY) for row in purchases}
        age = today - timedelta(days=1) - max(days.values()).date()
        shift = age - timedelta(days=age.days % 7)
        moved = {text: (day + shift).strftime(DAY) for text, day in days.items()}
        return [[*row[:2], moved[row[2]], *row[3:]] for row in purchases]

    def _write_members(self, purchases):
        """Return a file of members who joined on the day of their first purchase."""
        joined = {}
        for _full, reference, day, _quantity, _amount in purchases:
            joined[reference] = min(day, joined.get(reference, day))
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(
            ["reference", "name", "email", "joined", "consent", "consent version"]
        )
        for number, (reference, day) in enumerate(sorted(joined.items())):
            first, last = invent_name(number)
            email = f"{first}.{last}@example.com".lower()
            writer.writerow([reference, f"{first} {last}", email, day, day, "1"])
        return out.getvalue().encode()

    def _assign_salesperson(self, program):
        """Give the best customers to Sam, so that campaigns know whom to tell."""
        gold = self.env.ref("loyalty_program.demo_tier_gold")
        best = program.coupon_ids.filtered(
            lambda card: card.tier_id.threshold >= gold.threshold
        )
        best.partner_id.with_context(
            tracking_disable=True, mail_auto_subscribe_no_notify=True
        ).user_id = self.env.ref("loyalty_program.demo_user_sam")

    @api.model
    def _claim_reward(self, order_id, program_id):
        """Let the member of a quotation spend points on the smallest reward."""
        order = self.env["sale.order"].browse(order_id)
        program = self.env["loyalty.program"].browse(program_id)
        order._update_programs_and_rewards()
        reward = program.reward_ids.sorted("required_points")[0]
        order._apply_program_reward(reward, program._get_member_card(order.partner_id))
        order._update_programs_and_rewards()

    @api.model
    def _give_stamps(self, program_id, partner_id, stamps):
        """Give a customer a stamp card that was begun on paper."""
        program = self.env["loyalty.program"].browse(program_id)
        partner = self.env["res.partner"].browse(partner_id)
        card = program._enrol(partner, "pos", True)
        with self.env["loyalty.ledger"]._claim(gain="opening"):
            card.points += stamps
