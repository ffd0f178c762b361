from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import ValidationError

from .res_partner_audience import ENTITLED_STATES


class LoyaltyTierBenefit(models.Model):
    """A person, or a team, of the company who looks after the member."""

    _inherit = "loyalty.tier.benefit"

    kind = fields.Selection(
        selection_add=[("seller", "Own salesperson or sales team")],
        ondelete={"seller": "cascade"},
    )
    seller_id = fields.Many2one(
        comodel_name="res.users",
        string="Salesperson",
        help="New orders of these members get this salesperson, unless somebody chose "
        "another one for the order or for the customer.",
        domain=[("share", "=", False)],
        ondelete="restrict",
    )
    seller_team_id = fields.Many2one(
        comodel_name="crm.team",
        string="Sales team",
        ondelete="restrict",
    )

    def _describe(self):
        if self.kind != "seller":
            return super()._describe()
        # sudo: the name is what the customer is promised.
        benefit = self.sudo()
        if benefit.seller_id:
            return self.env._(
                "%(name)s looks after you in person.", name=benefit.seller_id.name
            )
        return self.env._(
            "The team “%(name)s” looks after you.", name=benefit.seller_team_id.name
        )

    def _get_single_kinds(self):
        return super()._get_single_kinds() | {"seller"}

    @api.constrains("kind", "seller_id", "seller_team_id", "tier_id")
    def _check_seller(self):
        for benefit in self.filtered(lambda b: b.kind == "seller"):
            company = benefit.program_id.company_id
            team = benefit.seller_team_id
            if not benefit.seller_id and not team:
                raise ValidationError(
                    self.env._("Choose the salesperson or the team that they get.")
                )
            if (
                company
                and benefit.seller_id
                and company not in (benefit.seller_id.company_ids)
            ):
                raise ValidationError(
                    self.env._(
                        "%(user)s does not work for %(company)s.",
                        user=benefit.seller_id.name,
                        company=company.name,
                    )
                )
            if company and team.company_id and team.company_id != company:
                raise ValidationError(
                    self.env._(
                        "The team “%(team)s” belongs to another company than the "
                        "programme.",
                        team=team.name,
                    )
                )


class ResPartner(models.Model):
    _inherit = "res.partner"

    @api.model
    def _may_hand_over(self):
        """Tell whether the user may write what belongs to somebody else.

        Who sees only their own documents keeps what they write: stock would refuse to
        store it.
        """
        user = self.env.user
        # By the user alone: what is computed always has all rights.
        return (
            user.id == SUPERUSER_ID
            or not user._is_internal()
            or user.has_group("sales_team.group_sale_salesman_all_leads")
        )

    def _get_tier_seller(self, company):
        """Return the benefit that says who looks after the customer now, or none.

        The customer's own salesperson, set on the contact, comes before any tier's.
        Of several programmes the one that came first decides.
        """
        # sudo: read to decide who serves the customer, not to show.
        partner = self.sudo()
        if partner.user_id or partner.commercial_partner_id.user_id:
            return partner.env["loyalty.tier.benefit"]
        cards = partner.env["loyalty.card"].search(
            [
                ("partner_id", "in", partner._origin.ids),
                ("member_state", "in", ENTITLED_STATES),
                ("program_id.active", "=", True),
                ("program_id.company_id", "in", (False, company.id)),
                ("tier_id.benefit_ids.kind", "=", "seller"),
            ],
            order="program_id",
        )
        return cards._get_benefits("seller").filtered(
            lambda benefit: not benefit.seller_id or benefit.seller_id.active
        )[:1]
