from odoo import api, fields, models


class SaleOrderCouponPoints(models.Model):
    """What an order gives a card, noted by Odoo with every look at the order."""

    _inherit = "sale.order.coupon.points"

    earn_moment = fields.Char(
        help="When the order earns: as its programme said when it was confirmed, "
        "whatever the programme says later. Empty: as the programme says.",
        readonly=True,
    )

    # Whether there is any such order is asked after each change of the settings.
    _paid_index = models.Index("(id) WHERE earn_moment = 'payment'")

    @api.model_create_multi
    def create(self, vals_list):
        # sudo: when a programme earns is no secret, and decides.
        cards = self.env["loyalty.card"].sudo()
        # All at once: they are read together.
        cards = cards.browse([vals["coupon_id"] for vals in vals_list])
        return super().create(
            [
                {**vals, "earn_moment": _moment_of(card)}
                for vals, card in zip(vals_list, cards, strict=True)
            ]
        )

    def write(self, vals):
        """Override: what was noted already is not written again."""
        if vals.keys() == {"points"} and all(
            row.points == vals["points"] for row in self
        ):
            return True
        return super().write(vals)

    def _keep_earn_moment(self):
        """Note the moment that the programmes say now: the orders are confirmed."""
        for row in self:
            if row.earn_moment != (moment := _moment_of(row.coupon_id)):
                row.earn_moment = moment

    def _get_earn_moment(self):
        """Return when the order earns for the card; by the programme if unknown."""
        return self.earn_moment or self.coupon_id.program_id.earn_moment


def _moment_of(card):
    """Return when the programme of a card earns, False where Odoo decides."""
    program = card.program_id
    return program.ledger_policy == "strict" and program.earn_moment
