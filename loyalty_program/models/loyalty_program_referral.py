from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from ..engine.rounding import fits_scale, to_decimal

#: The most that a limit of referrals may be.
MOST = 10_000


class LoyaltyProgram(models.Model):
    """Members bring friends: what both get for it, when, and how often."""

    _inherit = "loyalty.program"

    referral_active = fields.Boolean(
        string="Members bring friends",
        help="Every member has a link, a code and a QR code for friends.",
    )
    referral_friend_on = fields.Selection(
        selection=[("sign_up", "on joining"), ("first_order", "after a first order")],
        string="The friend gets it",
        help="After a first order: as soon as it is paid. Either way the friend has to "
        "be a member to get it.",
        default="first_order",
        required=True,
    )
    referral_friend_points = fields.Float(string="Points for the friend", digits=0)
    referral_friend_program_id = fields.Many2one(
        comodel_name="loyalty.program",
        string="Coupon for the friend",
        help="A personal coupon of this programme, mailed as the programme says.",
        domain="[('program_type', '=', 'coupons')]",
        ondelete="restrict",
        index="btree_not_null",
    )
    referral_points = fields.Float(
        string="Points for the member",
        help="When the friend's first order is paid and its return window is over.",
        digits=0,
    )
    referral_program_id = fields.Many2one(
        comodel_name="loyalty.program",
        string="Coupon for the member",
        help="A personal coupon of this programme, mailed as the programme says.",
        domain="[('program_type', '=', 'coupons')]",
        ondelete="restrict",
        index="btree_not_null",
    )
    referral_counts_for_tier = fields.Boolean(
        string="These points count for the tier",
        help="Off: as gifts, they lift nobody into a higher tier.",
    )
    referral_min_amount = fields.Monetary(
        string="First order of at least",
        help="What the friend keeps of the order. 0: any amount above zero.",
        currency_field="currency_id",
    )
    referral_month_limit = fields.Integer(
        string="Friends rewarded a month",
        help="For each member; further friends wait for a decision. 0: no limit.",
        default=10,
    )
    referral_network_limit = fields.Integer(
        string="Friends from one internet address",
        help="Within 30 days; further friends wait for a decision. 0: no limit.",
        default=3,
    )
    referral_words = fields.Text(
        string="Members read", compute="_compute_referral_words"
    )

    _referral_sane = models.Constraint(
        f"""CHECK (referral_points BETWEEN 0 AND 1e12
            AND referral_friend_points BETWEEN 0 AND 1e12
            AND referral_min_amount BETWEEN 0 AND 1e12
            AND referral_month_limit BETWEEN 0 AND {MOST}
            AND referral_network_limit BETWEEN 0 AND {MOST})""",
        "Rewards and limits of referrals are not below 0.",
    )

    @api.depends_context("lang")
    @api.depends(
        "hold_days",
        "referral_active",
        "referral_friend_on",
        "referral_friend_points",
        "referral_friend_program_id",
        "referral_min_amount",
        "referral_month_limit",
        "referral_points",
        "referral_program_id",
    )
    def _compute_referral_words(self):
        for program in self:
            program.referral_words = "\n".join(program._list_referral_words())

    @api.constrains(
        "ledger_policy",
        "points_scale",
        "referral_active",
        "referral_friend_points",
        "referral_friend_program_id",
        "referral_points",
        "referral_program_id",
    )
    def _check_referral(self):
        for program in self.filtered("referral_active"):
            if not (program.is_managed and program.ledger_policy == "strict"):
                raise ValidationError(
                    self.env._(
                        "Only members bring friends: “%(program)s” is recorded only.",
                        program=program.name,
                    )
                )
            gifts = [program._get_referral_gift(side) for side in ("member", "friend")]
            if not any(points or coupons for points, coupons in gifts):
                raise ValidationError(
                    self.env._(
                        "Say what the member or the friend gets: points, or a coupon."
                    )
                )
            for points, coupons in gifts:
                if not fits_scale(points, program.points_scale):
                    raise ValidationError(
                        self.env._(
                            "A reward for a friend has more decimals than the points."
                        )
                    )
                if coupons.filtered(lambda c: c.program_type != "coupons"):
                    raise ValidationError(
                        self.env._("A gift is a coupon of a programme of coupons.")
                    )

    @api.model_create_multi
    def create(self, vals_list):
        programs = super().create(vals_list)
        if any(programs.mapped("referral_active")):
            self.env.registry.clear_cache()
        return programs

    def write(self, vals):
        result = super().write(vals)
        if "referral_active" in vals:
            self.env.registry.clear_cache()
        return result

    @api.model
    @tools.ormcache()
    def _has_referrals(self):
        """Tell whether anybody brought a friend, or may; if not, sales ask nothing.

        A programme that takes no more friends keeps its word to those there are.
        """
        # sudo: one fact for all users.
        programs = self.sudo().with_context(active_test=False)
        if programs.search_count([("referral_active", "=", True)], limit=1):
            return True
        # sudo: see above.
        return bool(self.env["loyalty.referral"].sudo().search_count([], limit=1))

    def _get_referral_gift(self, side):
        """Return (points, coupon programme) that ``member`` or ``friend`` gets."""
        self.ensure_one()
        # sudo: what is promised is for everybody to read.
        program = self.sudo()
        if side == "friend":
            points, coupons = (
                program.referral_friend_points,
                program.referral_friend_program_id,
            )
        else:
            points, coupons = program.referral_points, program.referral_program_id
        return to_decimal(points or 0), coupons

    def _takes_referrals(self):
        """Tell whether members may bring friends today."""
        self.ensure_one()
        today = self._get_local_date()
        return (
            self.active
            and self.referral_active
            and self.ledger_policy == "strict"
            and not self._is_over("earn")
            and not (self.date_to and self.date_to < today)
        )

    # === Plain words ===

    def _list_referral_words(self):
        """Return what bringing a friend gives, to both, as sentences to a member."""
        self.ensure_one()
        if not self._takes_referrals():
            return []
        sentences = []
        friend, member = (self._name_referral_gift(s) for s in ("friend", "member"))
        if friend and self.referral_friend_on == "sign_up":
            sentences.append(
                self.env._("Your friend gets %(gift)s on joining.", gift=friend)
            )
        elif friend:
            sentences.append(
                self.env._(
                    "Your friend gets %(gift)s after a first order.", gift=friend
                )
            )
        if member and self.hold_days == 1:
            sentences.append(
                self.env._(
                    "You get %(gift)s when your friend's first order is paid and a "
                    "day has passed without a return.",
                    gift=member,
                )
            )
        elif member and self.hold_days:
            sentences.append(
                self.env._(
                    "You get %(gift)s when your friend's first order is paid and "
                    "%(days)s days have passed without a return.",
                    gift=member,
                    days=self.hold_days,
                )
            )
        elif member:
            sentences.append(
                self.env._(
                    "You get %(gift)s when your friend's first order is paid.",
                    gift=member,
                )
            )
        return sentences + self._list_referral_limit_words()

    def _list_referral_limit_words(self):
        sentences = []
        if self.referral_min_amount:
            sentences.append(
                self.env._(
                    "The order has to be of at least %(amount)s.",
                    amount=self.currency_id.format(self.referral_min_amount),
                )
            )
        if self.referral_month_limit == 1:
            sentences.append(self.env._("One friend a month is rewarded."))
        elif self.referral_month_limit:
            sentences.append(
                self.env._(
                    "Up to %(count)s friends a month are rewarded.",
                    count=self.referral_month_limit,
                )
            )
        return sentences

    def _name_referral_gift(self, side):
        """Return what one side gets as a part of a sentence, "" for nothing."""
        points, coupons = self._get_referral_gift(side)
        values = {"points": self._format_points(float(points)), "coupon": coupons.name}
        if points and coupons:
            return self.env._("%(points)s and the coupon “%(coupon)s”", **values)
        if points:
            return values["points"]
        return self.env._("the coupon “%(coupon)s”", **values) if coupons else ""
