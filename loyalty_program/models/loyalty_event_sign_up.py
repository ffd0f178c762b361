from odoo import models

#: The source of the events that are recorded here.
SOURCE = "signup"


class LoyaltyEvent(models.Model):
    _inherit = "loyalty.event"

    def _may_reward(self, card):
        """Let a sign-up earn in the programme that was joined, and in no other."""
        own = self.source == SOURCE and self.channel != "api"
        if own and self.key != card._get_sign_up_key():
            return False
        return super()._may_reward(card)


class LoyaltyCard(models.Model):
    """Joining is an event: a programme may reward it, once."""

    _inherit = "loyalty.card"

    def _join(self, channel, joined_on=None):
        is_new = self.member_state != "joined"
        result = super()._join(channel, joined_on)
        # Who was brought over from another system signed up long ago.
        if is_new and channel != "import":
            self._record_sign_up(channel)
        return result

    def _record_sign_up(self, channel):
        kind = self.env.ref(
            "loyalty_program.loyalty_event_type_signup", raise_if_not_found=False
        )
        if not kind or not kind.active:
            return
        events = self.env["loyalty.event"].with_company(
            self.company_id or self.env.company
        )
        # sudo: whoever enrols need not read events. Who comes back signed up before,
        # maybe in another company, and as another contact after a merge.
        if events.sudo()._find_by_key(SOURCE, self._get_sign_up_key()):
            return
        events._record(
            kind.code,
            self.partner_id,
            self._get_sign_up_key(),
            source=SOURCE,
            channel=channel,
        )

    def _get_sign_up_key(self):
        return f"loyalty.card:{self.id}"
