from odoo import api, fields, models
from odoo.exceptions import UserError

from .loyalty_reward_ahead import archive_kind

KIND = "experience"

#: Requests that hold a place and may still be declined.
OPEN_STATES = ("requested", "approved")


class LoyaltyReward(models.Model):
    """An experience: asked for with points, approved by staff, then done."""

    _inherit = "loyalty.reward"

    reward_type = fields.Selection(
        selection_add=[(KIND, "Experience")],
        ondelete={KIND: archive_kind},
    )
    experience_date_ids = fields.One2many(
        comodel_name="loyalty.experience.date",
        inverse_name="reward_id",
        string="Dates and places",
    )

    @api.model
    def _get_claim_kinds(self):
        return super()._get_claim_kinds() | {KIND}

    def _get_open_dates(self):
        """Return the dates that lie ahead, full ones included."""
        self.ensure_one()
        # sudo: what is on offer is told to every member.
        return self.sudo().experience_date_ids.filtered(lambda date: date._is_open())

    def _get_refusal_experience(self, _card, _points, wish):
        dates = self._get_open_dates()
        if not dates:
            return self.env._(
                "“%(reward)s” has no date at present.", reward=self.description
            )
        if wish.get("date"):
            date = self._find_date(wish)
            return date._explain_no_place() if date else self._explain_no_date()
        refusals = [date._explain_no_place() for date in dates]
        if not all(refusals):
            return None
        if len(dates) == 1:
            return refusals[0]
        return self.env._(
            "All places of “%(reward)s” are taken, on every date.",
            reward=self.description,
        )

    def _find_date(self, wish):
        """Return the date that was asked for; the only one where none was named."""
        dates = self._get_open_dates()
        if wanted := wish.get("date"):
            return dates.filtered(lambda date: str(date.id) == str(wanted))
        return dates if len(dates) == 1 else dates.browse()

    def _explain_no_date(self):
        return self.env._("Choose one of the dates on which there are places.")


class LoyaltyRewardClaim(models.Model):
    """A request waits for staff; the place is kept meanwhile."""

    _inherit = "loyalty.reward.claim"

    state = fields.Selection(
        selection_add=[
            ("requested",),
            ("approved", "Approved"),
            ("given",),
            ("void",),
            ("declined", "Declined"),
        ],
        ondelete={"approved": "set default", "declined": "set default"},
        # The queue begins with those who wait, not with the first letter.
        group_expand=True,
    )
    experience_date_id = fields.Many2one(
        comodel_name="loyalty.experience.date",
        string="Date",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    starts_at = fields.Datetime(related="experience_date_id.starts_at", store=True)
    decided_by_id = fields.Many2one(
        comodel_name="res.users", readonly=True, ondelete="restrict"
    )
    decline_note = fields.Text(
        string="Reason told to the member", readonly=True, copy=False
    )

    def _give_experience(self, wish):
        date = self.reward_id._find_date(wish)
        if not date:
            raise UserError(self.reward_id._explain_no_date())
        date._take_place()
        self.write({"state": "requested", "experience_date_id": date.id})

    def _get_void_states(self):
        return super()._get_void_states() | {"declined"}

    def _explain_no_void_experience(self):
        if self.state == "given":
            return self.env._(
                "“%(claim)s” has taken place: it cannot be taken back.",
                claim=self.display_name,
            )
        return None

    def _take_back_experience(self):
        self.experience_date_id._free_place()

    def _describe_given_experience(self):
        return self.experience_date_id.display_name

    # === Staff ===

    def action_approve(self):
        """Promise the place to those who asked for it, and write to them.

        Who came without an answer is approved afterwards, and told nothing.
        """
        claims = self._decide(("requested",), "approved")
        ahead = claims.filtered(lambda claim: not claim._has_begun())
        ahead._write_to_members("loyalty_program.mail_template_experience_approved")

    def action_done(self):
        """Note that members had what was promised to them."""
        self._decide(("approved",), "given")

    def action_decline(self):
        """Ask what the members are told."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_program.loyalty_claim_decline_action"
        )
        action["context"] = {"default_claim_ids": self.ids}
        return action

    def _decline(self, note):
        """Decline requests: the points go back, and the members are told why.

        :param str note: the reason, in the words that the member reads
        """
        claims = self._lock_requests(OPEN_STATES)
        declined, refusals = claims._void("declined")
        if refusals:
            raise UserError("\n".join(refusals))
        # sudo: the rights were checked; claims are the suite's own to write.
        declined.sudo().write({"decline_note": note, "decided_by_id": self.env.uid})
        declined._write_to_members("loyalty_program.mail_template_experience_declined")

    def _decide(self, states, state):
        claims = self._lock_requests(states)
        # sudo: the rights were checked; claims are the suite's own to write.
        claims.sudo().write({"state": state, "decided_by_id": self.env.uid})
        return claims

    def _lock_requests(self, states):
        """Return these claims, which nobody else decides now.

        :raise AccessError: no loyalty user
        :raise UserError: one of them is none, or not in one of the states any more
        """
        self.check_access("read")
        self.card_id._check_loyalty_user()
        # sudo: a lock; the rights were checked.
        claims = self.sudo()
        claims.lock_for_update()
        claims.invalidate_recordset(["state"])
        for claim in claims:
            if claim.kind != KIND or claim.state not in states:
                raise UserError(
                    self.env._(
                        "“%(claim)s” is “%(state)s”: somebody else was faster, or "
                        "this step is none of its steps.",
                        claim=claim.display_name,
                        state=claim._get_state_label(),
                    )
                )
        return self

    def _get_state_label(self):
        labels = dict(self._fields["state"]._description_selection(self.env))
        return labels[self.state]

    def _get_decline_words(self):
        return self.decline_note or ""

    # === The member ===

    def _may_cancel(self):
        """Tell whether the member may call it off: until it begins."""
        self.ensure_one()
        is_open = self.kind == KIND and self.state in OPEN_STATES
        return is_open and not self._has_begun()

    def _has_begun(self):
        return bool(self.starts_at) and self.starts_at <= fields.Datetime.now()

    def _cancel(self):
        """Call a request off in the member's name; the points come back.

        Callers found the claim by the customer.

        :raise UserError: it is too late
        """
        self.ensure_one()
        # sudo: a request of the customer's own.
        claim = self.sudo()
        if not claim._may_cancel():
            raise UserError(self.env._("It is too late to cancel this."))
        voided, refusals = claim._void()
        if not voided:
            raise UserError("\n".join(refusals))
        claim._message_log(body=self.env._("The member cancelled the request."))
