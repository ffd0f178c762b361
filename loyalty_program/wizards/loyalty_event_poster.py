from datetime import timedelta
from uuid import uuid4

from odoo import api, fields, models
from odoo.fields import Command

DURATIONS = [("30", "1 month"), ("90", "3 months"), ("365", "1 year")]


class LoyaltyEventPoster(models.TransientModel):
    """Connect another system: a user that may post events and nothing else."""

    _name = "loyalty.event.poster"
    _description = "Connect a System that Posts Events"

    name = fields.Char(string="System", required=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
    )
    duration = fields.Selection(
        selection=DURATIONS,
        string="The key is valid for",
        default="365",
        required=True,
    )

    def action_connect(self):
        """Create the user and show its API key, once.

        :return: an action
        """
        self.ensure_one()
        self.check_access("write")
        key = self._make_key(self._create_poster())
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.users.apikeys.show",
            "name": self.env._("API key of %(name)s", name=self.name),
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_key": key},
        }

    @api.model
    def _get_poster_group(self):
        return self.env.ref("loyalty_program.group_loyalty_event_poster")

    def _create_poster(self):
        # No type of user and no password: this user cannot sign in.
        return (
            self.env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                {
                    "name": self.name,
                    "login": f"loyalty-events-{uuid4().hex[:12]}",
                    "company_id": self.company_id.id,
                    "company_ids": [Command.set(self.company_id.ids)],
                    "group_ids": [Command.set(self._get_poster_group().ids)],
                }
            )
        )

    def _make_key(self, poster):
        expires_at = fields.Datetime.now() + timedelta(days=int(self.duration))
        # sudo: the table of keys is closed; a system administrator asks.
        keys = self.env["res.users.apikeys"].with_user(poster).sudo()
        return keys._generate("rpc", self.name, expires_at)
