from odoo import api, fields, models
from odoo.fields import Domain

#: Members whose tier gives them something: who is frozen keeps the tier and waits.
ENTITLED_STATES = ("joined",)


class ResPartner(models.Model):
    """What an audience asks of a customer: the tiers held and the segments."""

    _inherit = "res.partner"

    loyalty_tier_ids = fields.Many2many(
        comodel_name="loyalty.tier",
        string="Tiers",
        compute="_compute_loyalty_tier_ids",
        search="_search_loyalty_tier_ids",
        compute_sudo=True,
        groups="base.group_user",
    )
    loyalty_segment_ids = fields.Many2many(
        comodel_name="loyalty.segment",
        relation="loyalty_segment_partner_rel",
        column1="partner_id",
        column2="segment_id",
        string="Segments",
        groups="loyalty_program.group_loyalty_user",
        readonly=True,
        copy=False,
    )
    loyalty_standing = fields.Json(
        string="Standing as the till reads it",
        compute="_compute_loyalty_standing",
        compute_sudo=True,
        groups="base.group_user",
    )

    @api.depends("loyalty_tier_ids", "loyalty_segment_ids")
    def _compute_loyalty_standing(self):
        for partner in self:
            partner.loyalty_standing = {
                "tiers": partner.loyalty_tier_ids.ids,
                "segments": partner.loyalty_segment_ids.ids,
            }

    def _compute_loyalty_tier_ids(self):
        cards = self.env["loyalty.card"].search(self._get_entitled_domain())
        tiers = {
            partner.id: owned.tier_id
            for partner, owned in cards.grouped("partner_id").items()
        }
        for partner in self:
            partner.loyalty_tier_ids = tiers.get(partner._origin.id, False)

    def _get_entitled_domain(self):
        return Domain(
            [
                ("partner_id", "in", self._origin.ids),
                ("member_state", "in", ENTITLED_STATES),
                ("tier_id", "!=", False),
                ("program_id.active", "=", True),
            ]
        )

    def _search_loyalty_tier_ids(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        cards = self.env["loyalty.card"]._search(
            [
                ("member_state", "in", ENTITLED_STATES),
                ("tier_id", "in", list(value)),
                ("program_id.active", "=", True),
            ]
        )
        # SQL: a subquery, however many members there are.
        return [("id", operator, cards.subselect("partner_id"))]

    def _get_loyalty_standing(self):
        """Return (ids of the tiers, ids of the segments) of one customer, or none."""
        # sudo: read to decide what the customer may, not to show.
        partner = self.sudo()
        return (
            frozenset(partner.loyalty_tier_ids.ids),
            frozenset(partner.loyalty_segment_ids.ids),
        )


class LoyaltyCard(models.Model):
    _inherit = "loyalty.card"

    def write(self, vals):
        result = super().write(vals)
        if {"tier_id", "member_state", "partner_id"} & vals.keys():
            # Whoever asks later in this transaction is told of the change.
            self.env["res.partner"].invalidate_model(
                ["loyalty_tier_ids", "loyalty_standing", "property_product_pricelist"],
                flush=False,
            )
        return result
