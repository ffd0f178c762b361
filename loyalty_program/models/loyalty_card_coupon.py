from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, format_date

from .loyalty_card_coupon_state import USABLE_STATES


class LoyaltyCard(models.Model):
    """A coupon: a card of a programme of type ``coupons``, and where it stands."""

    _inherit = "loyalty.card"

    source_card_id = fields.Many2one(
        comodel_name="loyalty.card",
        string="Issued to",
        help="The member whose points were turned into this coupon.",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    source_reward_id = fields.Many2one(
        comodel_name="loyalty.reward",
        string="Reward",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    source_token = fields.Char(
        help="Names the click that asked for the coupon: one click, one coupon.",
        readonly=True,
        copy=False,
    )
    sent_on = fields.Datetime(string="Sent", readonly=True, copy=False)
    voided_on = fields.Datetime(string="Void since", readonly=True, copy=False)

    _source_token_unique = models.UniqueIndex(
        "(source_card_id, source_token) WHERE source_token IS NOT NULL",
        "This coupon was issued already.",
    )

    def _explain_unusable(self):
        """Return why a coupon cannot be used any more as a sentence, or None."""
        self.ensure_one()
        state = self.coupon_state
        if state == "void":
            day = format_date(self.env, self.program_id._get_local_date(self.voided_on))
            return self.env._("This coupon was withdrawn on %(day)s.", day=day)
        if state == "used":
            return self.env._("This coupon has already been used.")
        if state == "expired":
            return self.env._(
                "This coupon expired on %(day)s.",
                day=format_date(self.env, self.expiration_date),
            )
        if state and not self.program_id.active:
            return self.env._("The offer behind this coupon has ended.")
        return None

    # === Steps that the chatter tells ===

    def write(self, vals):
        if "points" not in vals:
            return super().write(vals)
        coupons = self.filtered("coupon_state")
        before = {card: card.coupon_state for card in coupons}
        result = super().write(vals)
        coupons._tell_use(before)
        return result

    def _tell_use(self, before):
        """Note in the chatter that coupons were used, or may be used again.

        :param dict before: {coupon: its state before the points changed}
        """
        texts = {}
        for coupon in self:
            old, new = before[coupon], coupon.coupon_state
            if new == "used" and old != "used":
                texts[coupon.id] = self.env._("The coupon was used.")
            elif old == "used" and new != "used":
                texts[coupon.id] = self.env._(
                    "The coupon may be used again: its order was undone."
                )
        if texts:
            # sudo: the note is the system's own, whoever sells.
            self.browse(texts).sudo()._message_log_batch(texts)

    def _send_creation_communication(self, force_send=False):
        result = super()._send_creation_communication(force_send)
        told = self.filtered(
            lambda card: (
                card.program_type == "coupons"
                and card._mail_get_customer()
                and "create" in card.program_id.communication_plan_ids.mapped("trigger")
            )
        )
        quiet = {"loyalty_no_mail", "action_no_send_mail"}
        if told and not any(self.env.context.get(name) for name in quiet):
            told._mark_sent()
            # The mail itself may be deleted once it has left.
            told._message_log_batch(
                {
                    card.id: self.env._(
                        "Sent by e-mail to %(customer)s.",
                        customer=card._mail_get_customer().display_name,
                    )
                    for card in told
                }
            )
        return result

    def action_coupon_send(self):
        action = super().action_coupon_send()
        action["context"]["mark_coupon_as_sent"] = True
        return action

    def message_post(self, **kwargs):
        message = super().message_post(**kwargs)
        if self.env.context.get("mark_coupon_as_sent"):
            self.filtered("coupon_state")._mark_sent()
        return message

    def _mark_sent(self):
        # sudo: a fact that the suite itself writes down.
        self.sudo().write({"sent_on": fields.Datetime.now()})

    # === Void ===

    def action_void_coupons(self):
        """Void the coupons that may still be used; their points come back.

        What is used, expired or void stays as it is.

        :raise AccessError: the user lacks the right
        :raise UserError: none of them may be voided
        """
        self.check_access("read")
        if not self.env.user.has_group("loyalty_program.group_loyalty_adjust"):
            raise AccessError(
                self.env._("Voiding a coupon is a right that you do not have.")
            )
        voided = self._void()
        if not voided:
            raise UserError(
                self.env._(
                    "These coupons were used, expired or voided already, or are none."
                )
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "%(done)s of %(all)s coupons are void.",
                    done=len(voided),
                    all=len(self),
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _void(self):
        """Void what may still be used, and give the points back. Return it."""
        # sudo: callers checked the right; points and facts are the suite's to write.
        coupons = self.sudo()
        coupons.flush_recordset()
        # SQL: whoever uses one of them at this moment comes first, or not at all.
        self.env.cr.execute(
            SQL(
                "SELECT id FROM loyalty_card WHERE id = ANY(%s) ORDER BY id FOR UPDATE",
                coupons.ids,
            )
        )
        coupons = coupons.filtered(lambda card: card.coupon_state in USABLE_STATES)
        coupons.write({"voided_on": fields.Datetime.now(), "points": 0})
        # sudo: the ledger is closed to everybody but the service.
        self.env["loyalty.ledger"].sudo()._reverse_documents(
            coupons.filtered("source_card_id")
        )
        text = self.env._("The coupon was voided.")
        back = self.env._("The coupon was voided. Its points went back to the member.")
        coupons._message_log_batch(
            {card.id: back if card.source_card_id else text for card in coupons}
        )
        return coupons
