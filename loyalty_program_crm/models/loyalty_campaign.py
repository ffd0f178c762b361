from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..engine.uplift import Group, compare


class LoyaltyCampaign(models.Model):
    """An audience, a trigger, what is done, a hold-out group, a measured result."""

    _name = "loyalty.campaign"
    _description = "Loyalty Campaign"
    _inherit = ["mail.thread"]
    _order = "state desc, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
    )
    program_id = fields.Many2one(
        comodel_name="loyalty.program",
        string="Programme",
        required=True,
        check_company=True,
        domain="[('program_type', '=', 'loyalty')]",
        help="The programme whose members the campaign is for.",
        index=True,
        ondelete="restrict",
        tracking=True,
    )
    currency_id = fields.Many2one(related="program_id.currency_id")
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("running", "Running"),
            ("stopped", "Stopped"),
        ],
        required=True,
        readonly=True,
        copy=False,
        default="draft",
        tracking=True,
    )
    trigger = fields.Selection(
        selection=[("win_back", "Win-back: no purchase for a while")],
        required=True,
        default="win_back",
    )
    inactivity_days = fields.Integer(
        string="Days without purchase",
        default=90,
        required=True,
        tracking=True,
    )
    daily_limit = fields.Integer(
        string="Most members a day",
        help="Those who lapsed last come first, the others on the following days."
        " 0: no limit.",
    )
    hold_out_percent = fields.Integer(
        string="Kept out (%)",
        default=10,
        required=True,
        help="Share of the members, drawn by chance, who are left alone, so that the"
        " campaign can be compared with doing nothing.",
        tracking=True,
    )
    measure_days = fields.Integer(
        string="Days measured",
        default=30,
        required=True,
        help="How long after the contact a purchase counts as a return.",
    )
    coupon_program_id = fields.Many2one(
        comodel_name="loyalty.program",
        string="Coupon",
        check_company=True,
        domain="[('program_type', '=', 'coupons')]",
        help="The programme that the personal coupons belong to.",
        index=True,
        ondelete="restrict",
    )
    coupon_valid_days = fields.Integer(
        string="Coupon valid for (days)",
        default=14,
        required=True,
    )
    mail_template_id = fields.Many2one(
        comodel_name="mail.template",
        string="E-mail",
        domain="[('model', '=', 'loyalty.card')]",
        default=lambda self: self.env.ref(
            "loyalty_program_crm.mail_template_win_back", raise_if_not_found=False
        ),
        ondelete="restrict",
    )
    opportunity_tier_id = fields.Many2one(
        comodel_name="loyalty.tier",
        string="Opportunity from tier",
        domain="[('program_id', '=', program_id)]",
        help="Members of this tier or above also get an opportunity for their"
        " salesperson. Empty: no opportunities.",
        ondelete="restrict",
    )
    team_id = fields.Many2one(
        comodel_name="crm.team",
        string="Sales team",
        check_company=True,
        help="Its leader takes the opportunities of members without a salesperson.",
        ondelete="set null",
    )
    utm_campaign_id = fields.Many2one(
        comodel_name="utm.campaign",
        string="Attributed to",
        copy=False,
        help="Leads, clicks and orders that come from the campaign carry this name."
        " Made when the campaign starts.",
        ondelete="restrict",
    )
    utm_medium_id = fields.Many2one(
        comodel_name="utm.medium",
        string="Medium",
        default=lambda self: self._default_utm_medium_id(),
        ondelete="restrict",
    )
    mailing_id = fields.Many2one(
        comodel_name="mailing.mailing",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    last_run_at = fields.Datetime(string="Last run", readonly=True, copy=False)
    participation_ids = fields.One2many(
        comodel_name="loyalty.participation",
        inverse_name="campaign_id",
        readonly=True,
    )
    participation_count = fields.Integer(compute="_compute_counts")
    planned_count = fields.Integer(compute="_compute_counts")
    failed_count = fields.Integer(compute="_compute_counts")
    opportunity_count = fields.Integer(compute="_compute_counts")
    mailed_count = fields.Integer(string="E-mails", compute="_compute_counts")
    treated_count = fields.Integer(string="Treated", compute="_compute_results")
    treated_rate = fields.Float(
        string="Treated: bought again", compute="_compute_results"
    )
    treated_revenue = fields.Monetary(
        string="Revenue of the treated", compute="_compute_results"
    )
    hold_out_count = fields.Integer(string="Kept out", compute="_compute_results")
    hold_out_rate = fields.Float(
        string="Kept out: bought again", compute="_compute_results"
    )
    uplift = fields.Float(
        compute="_compute_results",
        help="How much more of the treated bought again than of those kept out.",
    )
    extra_revenue = fields.Monetary(
        string="Extra revenue (estimate)",
        compute="_compute_results",
        help="What the treated spent beyond what as many untouched members spend.",
    )
    verdict = fields.Selection(
        selection=[
            ("few", "Too few members to tell"),
            ("unclear", "No difference beyond chance"),
            ("better", "Brings members back"),
            ("worse", "Does worse than doing nothing"),
        ],
        compute="_compute_results",
    )

    _days_positive = models.Constraint(
        "CHECK (inactivity_days > 0 AND coupon_valid_days > 0 AND measure_days > 0)",
        "A number of days must be greater than zero.",
    )
    _hold_out_share = models.Constraint(
        "CHECK (hold_out_percent BETWEEN 0 AND 90)",
        "Between 0 and 90 percent of the members can be kept out.",
    )
    _daily_limit_not_negative = models.Constraint(
        "CHECK (daily_limit >= 0)",
        "The most members a day cannot be negative.",
    )

    def _default_utm_medium_id(self):
        return self.env["utm.medium"]._fetch_or_create_utm_medium("email")

    @api.depends("participation_ids")
    def _compute_counts(self):
        counted = {
            "planned_count": Domain("state", "=", "planned"),
            "failed_count": Domain("state", "=", "failed"),
            "mailed_count": Domain("contact", "=", "mail"),
            "opportunity_count": Domain("lead_id", "!=", False),
            "participation_count": Domain.TRUE,
        }
        mine = Domain("campaign_id", "in", self.ids)
        # sudo: how many opportunities there are is no secret to who sees campaigns.
        participations = self.env["loyalty.participation"].sudo()
        for name, domain in counted.items():
            groups = participations._read_group(
                mine & domain, ["campaign_id"], ["__count"]
            )
            counts = {campaign.id: count for campaign, count in groups}
            for campaign in self:
                campaign[name] = counts.get(campaign.id, 0)

    @api.depends("participation_ids")
    def _compute_results(self):
        sides = self._read_sides()
        for campaign in self:
            treated = sides.get((campaign.id, "treated"), Group())
            hold_out = sides.get((campaign.id, "hold_out"), Group())
            difference = compare(treated, hold_out)
            campaign.treated_count = treated.members
            campaign.treated_rate = treated.rate
            campaign.treated_revenue = treated.revenue
            campaign.hold_out_count = hold_out.members
            campaign.hold_out_rate = hold_out.rate
            campaign.uplift = difference["uplift"]
            campaign.extra_revenue = difference["revenue"]
            campaign.verdict = difference["verdict"]

    def _read_sides(self):
        """Return the figures of both groups: {(campaign id, group): Group}."""
        rows = self.env["loyalty.participation"]._read_group(
            Domain("campaign_id", "in", self.ids) & Domain("state", "!=", "planned"),
            ["campaign_id", "member_group", "outcome"],
            ["__count", "revenue:sum"],
        )
        sides = {}
        for campaign, side, outcome, count, revenue in rows:
            known = sides.get((campaign.id, side), Group())
            sides[campaign.id, side] = Group(
                members=known.members + count,
                returned=known.returned + (count if outcome == "returned" else 0),
                revenue=known.revenue + (revenue or 0.0),
            )
        return sides

    @api.constrains("program_id", "opportunity_tier_id")
    def _check_opportunity_tier(self):
        for campaign in self:
            tier = campaign.opportunity_tier_id
            if tier and tier.program_id != campaign.program_id:
                raise ValidationError(
                    self.env._(
                        "%(tier)s is a tier of another programme.", tier=tier.name
                    )
                )

    @api.constrains("state", "coupon_program_id", "mail_template_id", "program_id")
    def _check_ready(self):
        for campaign in self.filtered(lambda c: c.state == "running"):
            if not campaign.program_id.is_managed:
                raise ValidationError(
                    self.env._("The programme of a campaign must keep a ledger.")
                )
            if campaign.coupon_program_id.program_type != "coupons":
                raise ValidationError(
                    self.env._("A running campaign needs a programme of coupons.")
                )
            if campaign.mail_template_id.model != "loyalty.card":
                raise ValidationError(
                    self.env._("A running campaign needs an e-mail about coupons.")
                )

    @api.onchange("program_id")
    def _onchange_program_id(self):
        if self.opportunity_tier_id.program_id != self.program_id:
            self.opportunity_tier_id = False

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_participations(self):
        if any(campaign.participation_count for campaign in self):
            raise UserError(
                self.env._(
                    "A campaign that reached members is archived, not deleted:"
                    " its participations keep it from reaching them twice."
                )
            )
