from odoo import models
from odoo.fields import Domain
from odoo.tools import format_date

from .loyalty_tier_multiplier import BONUS


class LoyaltyPaidMembership(models.Model):
    """What a paid membership has given: the reason not to give all the money back."""

    _inherit = "loyalty.paid.membership"

    def _get_uses(self):
        uses = super()._get_uses()
        if orders := self._get_discounted_documents("sale.order.line"):
            uses.append(
                self.env._("percentage off %(orders)s", orders=", ".join(orders))
            )
        if points := self._get_bonus_points():
            count = self.env["loyalty.program"]._format_count(points)
            uses.append(self.env._("%(points)s points on top", points=count))
        if orders := self._get_priced_documents("sale.order"):
            uses.append(
                self.env._("members' prices of %(orders)s", orders=", ".join(orders))
            )
        uses += [
            self.env._("the gift of %(day)s", day=format_date(self.env, gift.given_on))
            for gift in self._get_gifts()
        ]
        uses += self._get_entitlements_taken().mapped("entitlement_id.name")
        return uses

    def _get_discounted_documents(self, model):
        """Return the names of the documents that the tier made cheaper.

        :param str model: of the documents' lines, with ``order_id`` and ``reward_id``
        """
        self.ensure_one()
        programs = self._get_benefits().discount_program_id
        # sudo: whoever books a credit note need not see the other orders.
        lines = self.env[model].sudo()
        found = lines.search(
            [
                ("order_id.partner_id", "=", self.partner_id.id),
                ("order_id.state", "not in", ("draft", "sent", "cancel")),
                ("reward_id.program_id", "in", programs.ids),
                ("create_date", ">=", self.create_date),
            ]
        )
        return found.order_id.mapped("name")

    def _get_priced_documents(self, model):
        """Return the names of the documents that have the tier's price list.

        The one that paid for the membership was priced before it.

        :param str model: of documents with ``pricelist_id`` and ``partner_id``
        """
        self.ensure_one()
        partner = self.partner_id
        pricelists = self._get_benefits().pricelist_id
        # Whom the shop gave that list by hand has it anyway.
        pricelists -= partner.specific_property_product_pricelist
        domain = [
            ("partner_id", "=", partner.id),
            ("state", "not in", ("draft", "sent", "cancel")),
            ("pricelist_id", "in", pricelists.ids),
            ("create_date", ">=", self.create_date),
        ]
        if self.origin_model == model:
            domain.append(("id", "!=", self.origin_id))
        # sudo: whoever books a credit note need not see the other orders.
        return self.env[model].sudo().search(domain).mapped("name")

    def _get_benefits(self):
        """Return what the tier gives, and gave before it was changed."""
        # sudo: what the tier gives decides, whoever asks.
        return self.sudo().tier_id.with_context(active_test=False).benefit_ids

    def _get_gifts(self):
        """Return the gifts that the tier gave since the term began."""
        # sudo: the suite's own trail decides, whoever asks.
        return (
            self.env["loyalty.gift"]
            .sudo()
            .search(
                Domain("card_id.partner_id", "=", self.partner_id.id)
                & Domain("tier_id", "=", self.tier_id.id)
                & Domain("given_on", ">=", self.starts_on or self.paid_on)
            )
        )

    def _get_entitlements_taken(self):
        """Return what the member took of the tier's services since the term began."""
        # sudo: the suite's own trail decides, whoever asks.
        return (
            self.env["loyalty.entitlement.use"]
            .sudo()
            .search(
                Domain("card_id.partner_id", "=", self.partner_id.id)
                & Domain(
                    "entitlement_id", "in", self._get_benefits().entitlement_id.ids
                )
                & Domain("taken_on", ">=", self.starts_on or self.paid_on)
                & Domain("undone_at", "=", False)
            )
        )

    def _get_bonus_points(self):
        """Return the points that the tier's multiplier gave and that still stand."""
        # sudo: the ledger's own trail decides, whoever asks.
        ledger = self.env["loyalty.ledger.entry"].sudo()
        given = ledger.search(
            Domain("member_card_id.partner_id", "=", self.partner_id.id)
            & Domain("program_id", "=", self.program_id.id)
            & Domain("entry_type", "=", "bonus")
            & Domain("key", "=like", f"%{BONUS}")
            & Domain("posted_at", ">=", self.create_date)
        )
        undone = ledger.search([("reverses_id", "in", given.ids)])
        return sum(given.mapped("points")) + sum(undone.mapped("points"))
