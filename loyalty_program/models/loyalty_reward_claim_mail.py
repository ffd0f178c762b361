from odoo import api, models


class LoyaltyRewardClaim(models.Model):
    """Mails to whoever has an address: with the code, and when staff take it back."""

    _inherit = "loyalty.reward.claim"

    @api.model
    def _get_mailed_kinds(self):
        """Return the kinds that come with a code. Override to: add one."""
        return frozenset({"partner_code", "gift_card"})

    def _give(self, wish):
        result = super()._give(wish)
        if self.kind in self._get_mailed_kinds() and self.partner_id.email:
            self._send_code()
        return result

    def _send_code(self):
        """Put the mail in the queue: it leaves when the claim is there to stay."""
        if self.env.context.get("loyalty_no_mail"):
            return
        template = self.env.ref("loyalty_program.mail_template_claim_code")
        template.send_mail(self.id, force_send=False)

    def _tell_void(self):
        result = super()._tell_void()
        self._write_to_members("loyalty_program.mail_template_claim_void")
        return result

    def _write_to_members(self, template):
        """Queue a mail to the members of these claims who have an address."""
        told = self.filtered("partner_id.email_normalized")
        if told and not self.env.context.get("loyalty_no_mail"):
            # sudo: the mail follows from what was done, whoever did it.
            self.env.ref(template).sudo().send_mail_batch(told.ids)

    def _get_mail_url(self):
        """Return where the member finds the reward, and may call a request off."""
        return f"{self.get_base_url()}/my"

    def _get_instructions(self):
        """Return how to use what was given, or an empty text."""
        self.ensure_one()
        return self.reward_id.code_pool_id.instructions or ""


class LoyaltyCard(models.Model):
    _inherit = "loyalty.card"

    def _erase_traces(self):
        """Override: a mail about a reward calls the member by name."""
        self.claim_ids.message_ids.unlink()
        return super()._erase_traces()
