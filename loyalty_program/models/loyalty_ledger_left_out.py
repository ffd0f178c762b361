from markupsafe import Markup

from odoo import models


class LoyaltyLedger(models.AbstractModel):
    """Whose points the night can neither release nor let lapse: somebody is told.

    One broken card costs nobody else theirs, and the night after tries it again.
    """

    _inherit = "loyalty.ledger"

    def _tell_left_out(self, cards):
        """Give the loyalty managers an activity for each card, until they close it.

        Of numbers only, see ``loyalty.task.mixin``. Cards have no activities: it stands
        on the contact of their company.
        """
        managers_of = self.env["loyalty.audit"]._get_managers
        for card in cards:
            company = card.company_id or self.env.company
            for manager in managers_of(card.company_id):
                known = self.with_context(lang=manager.lang)
                known._tell_manager_left_out(manager, company.partner_id, card)

    def _tell_manager_left_out(self, manager, place, card):
        summary = self.env._(
            "Loyalty: the nightly work leaves out card %(card)s", card=card.id
        )
        activities = self.env["mail.activity"]
        told = [("user_id", "=", manager.id), ("summary", "=", summary)]
        if activities.search_count(told, limit=1):
            return
        text = self.env._(
            "Points of card %(card)s (%(programme)s) are not released or do not lapse "
            "as they should: the database refuses it. Nobody else is concerned. The "
            "log of the server has the error. Every night tries again.",
            card=card._get_html_link(title=str(card.id)),
            programme=card.with_env(self.env).program_id.name,
        )
        place.activity_schedule(
            "mail.mail_activity_data_warning",
            summary=summary,
            note=Markup("<p>%s</p>") % text,
            user_id=manager.id,
        )
