import logging
from datetime import timedelta

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

_logger = logging.getLogger(__name__)


class LoyaltyParticipation(models.Model):
    """What one campaign did to one member, once for each lapse.

    Rows are written by the campaign alone. The group is drawn when the row is made
    and never changes, so that both groups stay comparable.
    """

    _name = "loyalty.participation"
    _description = "Loyalty Campaign Participation"
    _order = "started_on desc, lapse_date desc, id"
    _rec_name = "partner_id"

    campaign_id = fields.Many2one(
        comodel_name="loyalty.campaign",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    program_id = fields.Many2one(related="campaign_id.program_id")
    currency_id = fields.Many2one(related="campaign_id.currency_id")
    card_id = fields.Many2one(
        comodel_name="loyalty.card",
        string="Membership",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    partner_id = fields.Many2one(related="card_id.partner_id", string="Member")
    tier_id = fields.Many2one(
        comodel_name="loyalty.tier",
        readonly=True,
        help="The member's tier when the campaign took them up.",
        ondelete="set null",
    )
    lapse_date = fields.Date(
        string="Last purchase",
        required=True,
        readonly=True,
        help="The day of the purchase that nothing followed.",
    )
    member_group = fields.Selection(
        selection=[("treated", "Treated"), ("hold_out", "Kept out")],
        string="Group",
        required=True,
        readonly=True,
    )
    state = fields.Selection(
        selection=[
            ("planned", "Planned"),
            ("done", "Done"),
            ("skipped", "Bought before contact"),
            ("taken_back", "Purchases taken back"),
            ("failed", "Failed"),
        ],
        required=True,
        readonly=True,
        default="planned",
    )
    error = fields.Text(readonly=True)
    contact = fields.Selection(
        selection=[
            ("mail", "E-mail"),
            ("no_email", "No e-mail address"),
            ("blacklisted", "Refuses e-mails"),
        ],
        readonly=True,
        help="How the member was contacted, or why not.",
    )
    started_on = fields.Date(string="Taken up on", required=True, readonly=True)
    measured_until = fields.Date(required=True, readonly=True)
    coupon_id = fields.Many2one(
        comodel_name="loyalty.card",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    coupon_code = fields.Char(related="coupon_id.code")
    coupon_expires_on = fields.Date(related="coupon_id.expiration_date")
    lead_id = fields.Many2one(
        comodel_name="crm.lead",
        string="Opportunity",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    trace_id = fields.Many2one(
        comodel_name="mailing.trace",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    # Not stored: each mail of each other mailing would look for participations.
    mail_status = fields.Selection(related="trace_id.trace_status", string="E-mail")
    outcome = fields.Selection(
        selection=[
            ("open", "Still measured"),
            ("returned", "Bought again"),
            ("away", "Stayed away"),
        ],
        required=True,
        readonly=True,
        default="open",
    )
    bought_on = fields.Datetime(string="Returned on", readonly=True)
    purchase_count = fields.Integer(string="Purchases", readonly=True)
    revenue = fields.Monetary(
        readonly=True,
        help="What the member spent in the measured time, in the programme's currency.",
    )

    _once_per_lapse = models.UniqueIndex("(campaign_id, card_id, lapse_date)")
    _planned_index = models.Index("(campaign_id, id) WHERE state = 'planned'")

    @api.model
    def _count_planned(self):
        """Return how many wait to be treated by running campaigns."""
        return self.search_count(
            [("state", "=", "planned"), ("campaign_id.state", "=", "running")]
        )

    @api.model
    def _treat_planned(self, campaign, today, size):
        """Treat the next planned participations of a campaign.

        One that fails is marked with the reason and stops no other.
        Locks: the rows taken; those that another worker holds are left to it.

        :param int size: most participations to take
        :return: how many were taken
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                SELECT id
                  FROM loyalty_participation
                 WHERE campaign_id = %s AND state = 'planned'
              ORDER BY id
                 LIMIT %s
                   FOR NO KEY UPDATE SKIP LOCKED
                """,
                campaign.id,
                size,
            )
        )
        ids = [row[0] for row in self.env.cr.fetchall()]
        # sudo: the campaign acts for the company: who runs it need not have rights
        # on coupons, mailings and opportunities.
        batch = (
            self.with_context(allowed_company_ids=campaign.company_id.ids)
            .sudo()
            .browse(ids)
        )
        if batch and not batch._try_treat(today) and len(batch) > 1:
            for participation in batch:
                participation._try_treat(today)
        return len(ids)

    def _try_treat(self, today):
        """Treat all of these or none; note the reason on a single one that fails."""
        try:
            with self.env.cr.savepoint():
                self._treat(today)
                self.env.flush_all()
        except OperationalError:
            # Another transaction was faster: the whole batch is to be tried anew.
            raise
        except Exception as error:  # pylint: disable=broad-except
            # The savepoint took the writes back; the cache must forget them too.
            self.env.invalidate_all(flush=False)
            if len(self) == 1:
                _logger.warning(
                    "Loyalty campaign: participation %s failed", self.id, exc_info=True
                )
                self.write({"state": "failed", "error": str(error)})
            return False
        return True

    def _treat(self, today):
        """Give the members of one campaign what it has for them."""
        returned = self._filter_returned(today)
        returned.state = "skipped"
        members = self - returned
        taken_back = members - members._filter_with_purchases(today)
        taken_back.state = "taken_back"
        members -= taken_back
        members._decide_contact()
        reached = members.filtered(
            lambda member: member.contact == "mail" or member._deserves_opportunity()
        )
        reached._give_coupons(today)
        members.filtered(lambda m: m._deserves_opportunity())._open_opportunities(today)
        members.filtered(lambda member: member.contact == "mail")._send_mails()
        members.write({"state": "done", "error": False})

    def _filter_returned(self, today):
        """Return the members who bought since the participation was planned."""
        service = self.env["loyalty.win.back"]
        self.env.cr.execute(
            SQL(
                """
                SELECT participation.id
                  FROM loyalty_participation participation
            CROSS JOIN LATERAL (%s) purchase
                 WHERE participation.id = ANY(%s)
                   AND %s > participation.lapse_date
                """,
                service._query_last_purchase(
                    SQL("participation.card_id"), self.campaign_id, today
                ),
                self.ids,
                service._query_day(SQL("purchase.occurred_at"), self.campaign_id),
            )
        )
        return self.browse(row[0] for row in self.env.cr.fetchall())

    def _filter_with_purchases(self, today):
        """Return the members of whom a purchase is left.

        One that was cancelled or returned since the participation was planned is
        nothing to miss a customer for.
        """
        return self.browse(list(self._read_purchases(today)))

    def _decide_contact(self):
        """Note for each member whether an e-mail can and may reach them."""
        emails = self.partner_id.mapped("email_normalized")
        refusals = set(
            self.env["mail.blacklist"]
            .search([("email", "in", [email for email in emails if email])])
            .mapped("email")
        )
        for participation in self:
            email = participation.partner_id.email_normalized
            if not email:
                participation.contact = "no_email"
            elif email in refusals:
                participation.contact = "blacklisted"
            else:
                participation.contact = "mail"

    def _deserves_opportunity(self):
        """Tell whether the member's tier reaches the campaign's."""
        self.ensure_one()
        lowest = self.campaign_id.opportunity_tier_id
        return bool(
            lowest and self.tier_id and self.tier_id.threshold >= lowest.threshold
        )

    def _give_coupons(self, today):
        """Make one coupon for each member, for them alone, for a limited time."""
        missing = self.filtered(lambda participation: not participation.coupon_id)
        campaign = missing.campaign_id
        if not missing:
            return
        expires_on = today + timedelta(days=campaign.coupon_valid_days)
        program = campaign.coupon_program_id
        points = max(program.reward_ids.mapped("required_points"))
        # The programme's own message "at creation" stays away: the campaign writes.
        cards = self.env["loyalty.card"].with_context(loyalty_no_mail=True)
        coupons = cards.create(
            [
                {
                    "program_id": program.id,
                    "partner_id": participation.partner_id.id,
                    "points": points,
                    "expiration_date": expires_on,
                }
                for participation in missing
            ]
        )
        self.env["loyalty.history"].create(
            [
                {
                    "card_id": coupon.id,
                    "description": campaign.name,
                    "issued": points,
                }
                for coupon in coupons
            ]
        )
        for participation, coupon in zip(missing, coupons, strict=True):
            participation.coupon_id = coupon

    def _send_mails(self):
        """Queue one e-mail for each coupon; the mail queue sends them later."""
        if not self:
            return
        campaign = self.campaign_id
        context = campaign.mailing_id._get_mass_mailing_context()
        # A link without a title would be fetched over the network, here and now.
        context["post_convert_links"]["title"] = campaign.name
        composer = (
            self.env["mail.compose.message"]
            .with_context(**context)
            .create(
                {
                    "composition_mode": "mass_mail",
                    "force_send": False,
                    "mass_mailing_id": campaign.mailing_id.id,
                    "model": "loyalty.card",
                    "res_ids": self.coupon_id.ids,
                    "template_id": campaign.mail_template_id.id,
                }
            )
        )
        composer._action_send_mail()
        traces = self.env["mailing.trace"].search(
            Domain("model", "=", "loyalty.card")
            & Domain("res_id", "in", self.coupon_id.ids)
            & Domain("mass_mailing_id", "=", campaign.mailing_id.id)
        )
        trace_by_coupon = {trace.res_id: trace for trace in traces}
        for participation in self:
            participation.trace_id = trace_by_coupon.get(participation.coupon_id.id)
