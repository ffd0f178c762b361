from datetime import timedelta
from urllib.parse import quote

from odoo import models
from odoo.fields import Domain

from odoo.addons.loyalty_program.engine.referral import FRESH_DAYS

#: Friends on a member's page.
FRIENDS_SHOWN = 50


class LoyaltyCard(models.Model):
    """The link that a member sends to friends, and what became of them."""

    _inherit = "loyalty.card"

    def _get_referral_tracker(self):
        """Return the short link that counts clicks, made when it is asked for first."""
        self.ensure_one()
        # sudo: the member's own link; customers cannot read trackers.
        trackers = self.env["link.tracker"].sudo()
        source = trackers._find_or_create_record("utm.source", "Referral")
        return trackers.search_or_create(
            [
                {
                    "url": f"{self.get_base_url()}/refer/{self._get_referral_code()}",
                    # Without a title Odoo would fetch the page to find one.
                    "title": self.env._("Friends"),
                    "source_id": source.id,
                }
            ]
        )

    def _get_referral_invitation(self):
        """Return what a member writes to friends, without the link."""
        self.ensure_one()
        # sudo: name and offer of the programme are told to everybody.
        program = self.sudo().program_id
        text = self.env._("Come to %(program)s with me.", program=program.name)
        return f"{text} {program._describe_friend_gift()}".rstrip()

    def _get_referral_ways(self, url):
        """Return ways to send the link from any browser, nothing of it loaded here.

        :param str url: the member's link
        :return: dicts with ``name``, ``icon``, ``label`` and ``url``
        """
        text = self._get_referral_invitation()
        message = quote(f"{text} {url}")
        subject = quote(self.env._("An invitation"))
        return [
            {
                "name": "mail",
                "icon": "envelope-o",
                "label": self.env._("E-mail"),
                "url": f"mailto:?subject={subject}&body={message}",
            },
            {
                "name": "whatsapp",
                "icon": "whatsapp",
                "label": "WhatsApp",
                "url": f"https://wa.me/?text={message}",
            },
        ]

    def _get_portal_referrals(self):
        """Return what the member may see of their friends: first name and state."""
        self.ensure_one()
        # sudo: the member's own friends; of them nothing but first name and state.
        referrals = self.env["loyalty.referral"].sudo()
        own = referrals.search(Domain("card_id", "=", self.id), limit=FRIENDS_SHOWN)
        return [referral._get_portal_values() for referral in own]

    def _get_first_name(self):
        """Return the member's first name, for friends."""
        return self.partner_id._get_loyalty_first_name()

    def _is_fresh_member(self):
        """Tell whether the member joined not long ago and has not bought yet."""
        self.ensure_one()
        first = self.program_id._get_local_date() - timedelta(days=FRESH_DAYS)
        # sudo: the member's own purchases.
        referrals = self.env["loyalty.referral"].sudo()
        is_new = bool(self.joined_on) and self.joined_on >= first
        return is_new and not referrals._has_bought(self.partner_id, None)


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _get_loyalty_first_name(self):
        """Return a first name, and nothing of a company or a bare address."""
        name = (self.name or "").split(" ")[0]
        if not name or self.is_company or "@" in name:
            return self.env._("A friend")
        return name


class LoyaltyReferral(models.Model):
    _inherit = "loyalty.referral"

    def _get_portal_values(self):
        """Return one friend as the member sees them."""
        self.ensure_one()
        return {
            "name": self.friend_id._get_loyalty_first_name(),
            "state": self.state,
            "text": self._describe_state(),
            "due_on": self.due_on if self.state == "bought" else False,
        }

    def _describe_state(self):
        """Return a state in the words of the member's page: no reasons."""
        texts = {
            "invited": self.env._("Has your code, has not joined yet"),
            "signed_up": self.env._("Joined, has not bought yet"),
            "bought": self.env._("Bought: your reward comes after the return window"),
            "rewarded": self.env._("You got your reward"),
            "blocked": self.env._("We are looking at it"),
            "rejected": self.env._("Does not count"),
            "reversed": self.env._("The order came back"),
        }
        return texts[self.state]
