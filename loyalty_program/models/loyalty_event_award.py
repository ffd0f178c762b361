from odoo import fields, models
from odoo.tools import SQL


class LoyaltyEventAward(models.Model):
    """What an event gave to a member by one rule.

    The number counts the awards of a member under a rule. It is unique, so two
    events at the same moment cannot both see room below a cap: one of them is
    tried again and sees what the other took.
    """

    _name = "loyalty.event.award"
    _description = "Loyalty Event Award"
    _order = "event_id desc, id"
    _log_access = False

    event_id = fields.Many2one(
        comodel_name="loyalty.event",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    rule_id = fields.Many2one(
        comodel_name="loyalty.event.rule",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    card_id = fields.Many2one(
        comodel_name="loyalty.card",
        string="Member",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    program_id = fields.Many2one(related="rule_id.program_id", string="Programme")
    number = fields.Integer(required=True, readonly=True)
    occurred_on = fields.Date(required=True, readonly=True)
    points = fields.Float(digits=0, required=True, readonly=True)

    _number_unique = models.UniqueIndex("(rule_id, card_id, number)")

    def _query_insert(self, event, rule, card, points):
        # SQL: who loses the race for a number gets a serialization failure, upon
        # which Odoo tries the whole request again.
        return SQL(
            """
            INSERT INTO loyalty_event_award (event_id, rule_id, card_id, number,
                occurred_on, points)
            SELECT %(event)s, %(rule)s, %(card)s, COALESCE(MAX(number), 0) + 1,
                %(day)s, %(points)s
            FROM loyalty_event_award WHERE rule_id = %(rule)s AND card_id = %(card)s
            ON CONFLICT (rule_id, card_id, number) DO NOTHING
            RETURNING id
            """,
            event=event.id,
            rule=rule.id,
            card=card.id,
            day=rule.program_id._get_local_date(event.occurred_at),
            points=points,
        )
