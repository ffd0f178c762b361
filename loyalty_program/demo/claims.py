from odoo import api, models
from odoo.fields import Command

STORY = "The needle skips since it fell off the shelf."


class LoyaltyDemo(models.AbstractModel):
    """What members of the demo claimed: rewards for points, and repairs of a plan.

    Nobody is written to: their addresses are invented.
    """

    _inherit = "loyalty.demo"

    def _get_richest(self, program_id, number):
        """Return the cards of the members with the most points."""
        program = self.env["loyalty.program"].browse(program_id)
        return self.env["loyalty.card"].search(
            [("program_id", "=", program.id), ("member_state", "=", "joined")],
            order="points desc, id",
            limit=number,
        )

    @api.model
    def _claim_from_catalogue(self, program_id):
        """Let the members with most points claim a bit of everything."""
        demo = self.with_context(loyalty_no_mail=True)
        tasting, film, trees, wallet = (
            demo.env.ref(f"loyalty_program.demo_reward_{name}")
            for name in ("tasting", "cinema", "donation", "wallet")
        )
        soon = demo.env.ref("loyalty_program.demo_tasting_soon").id
        cards = demo._get_richest(program_id, 6)
        guests = cards.browse()
        for card in cards[:3]:
            guests |= card
            card._claim_reward(tasting, "website", date=soon)
        guests[0].claim_ids.action_approve()
        cards[3]._claim_reward(film, "pos")
        cards[4]._claim_reward(trees, "website", points=100)
        cards[5]._claim_reward(wallet, "website", points=100)
        cards[5]._claim_reward(film, "website")._void()

    @api.model
    def _sell_care(self, partner_id, item_id, plan_id):
        """Sell an item with its care plan, delivered and paid; return the plan."""
        lines = [{"product_id": item_id}, {"product_id": plan_id}]
        order = self.env["sale.order"].create(
            {
                "partner_id": partner_id,
                "user_id": self.env.ref("loyalty_program.demo_user_sam").id,
                "order_line": [Command.create(line) for line in lines],
            }
        )
        order.with_context(loyalty_no_mail=True).action_confirm()
        # Only where ``sale_stock`` is installed.
        if "picking_ids" in order._fields:
            order.picking_ids.move_ids.quantity = 1
            order.picking_ids.with_context(skip_sms=True).button_validate()
        invoice = order._create_invoices()
        invoice.action_post()
        payment = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        payment.create({}).action_create_payments()
        return self.env["loyalty.care.plan"].search(
            [("origin_model", "=", order._name), ("origin_id", "=", order.id)]
        )

    @api.model
    def _file_care_claims(self, program_id, item_id, plan_id):
        """Let some other customers claim: one waits, one is accepted, one is done."""
        partners = self._get_richest(program_id, 2).partner_id
        plans = self.env["loyalty.care.plan"]
        for partner in partners:
            plans |= self._sell_care(partner.id, item_id, plan_id)
        claims = self.env["loyalty.care.claim"].create(
            [
                {"plan_id": plans[0].id, "description": "It hums when it gets warm."},
                {"plan_id": plans[0].id, "description": STORY},
                {"plan_id": plans[1].id, "description": "The lid has a crack."},
            ]
        )
        claims.message_unsubscribe(partners.ids)
        done, _waiting, accepted = claims
        (done | accepted).action_accept()
        done.answer = "The power supply was replaced."
        done.action_done()
