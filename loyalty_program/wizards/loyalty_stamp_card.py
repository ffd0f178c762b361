from odoo import api, fields, models
from odoo.exceptions import UserError


class LoyaltyStampCard(models.TransientModel):
    """A stamp card in a few clicks: for what, how many, and what is free then."""

    _name = "loyalty.stamp.card"
    _description = "New Stamp Card"

    name = fields.Char(required=True, default=lambda self: self.env._("Stamp card"))
    basis = fields.Selection(
        selection=[
            ("product", "each of some products"),
            ("category", "each product of a category"),
            ("purchase", "each purchase"),
            ("amount", "an amount of money"),
            ("visit", "each visit, once a day"),
        ],
        string="A stamp for",
        default="product",
        required=True,
    )
    product_ids = fields.Many2many(
        comodel_name="product.product",
        string="Products",
        domain=[("sale_ok", "=", True)],
    )
    category_id = fields.Many2one(comodel_name="product.category")
    amount = fields.Monetary(
        help="Money that is worth a stamp, or from which on a purchase gives one.",
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency", default=lambda self: self.env.company.currency_id
    )
    needed = fields.Integer(string="Stamps of a full card", default=9, required=True)
    reward_product_id = fields.Many2one(
        comodel_name="product.product",
        string="Free then",
        domain=[("sale_ok", "=", True), ("type", "!=", "combo")],
        compute="_compute_reward_product_id",
        store=True,
        readonly=False,
    )
    surplus = fields.Selection(
        selection=lambda self: (
            self.env["loyalty.program"]
            ._fields["stamp_surplus"]
            ._description_selection(self.env)
        ),
        string="What a full card cannot take",
        default="kept",
        required=True,
    )
    house_program_id = fields.Many2one(
        comodel_name="loyalty.program",
        string="Comes with",
        help="Members of that programme have the stamp card without a second consent.",
        domain=[("ledger_policy", "=", "strict"), ("house_program_id", "=", False)],
        default=lambda self: self._default_house_program(),
    )

    _needed_range = models.Constraint(
        "CHECK (needed BETWEEN 1 AND 30)",
        "A full card has 1 to 30 stamps.",
    )

    @api.model
    def _default_house_program(self):
        """Return the programme of the house, where there is but one."""
        houses = self.env["loyalty.program"].search(
            [
                ("ledger_policy", "=", "strict"),
                ("house_program_id", "=", False),
                ("shows_stamps", "=", False),
                ("company_id", "in", [False, self.env.company.id]),
            ],
            limit=2,
        )
        return houses if len(houses) == 1 else False

    @api.depends("product_ids")
    def _compute_reward_product_id(self):
        for wizard in self:
            if not wizard.reward_product_id:
                wizard.reward_product_id = wizard.product_ids._origin[:1]

    def action_create(self):
        """Make the programme and open it.

        :raise UserError: says which answer is missing
        """
        self.ensure_one()
        if not self.reward_product_id:
            raise UserError(self.env._("Say what a full card gives."))
        program = self.env["loyalty.program"].create(
            self.env["loyalty.program"]._prepare_stamp_card_values(
                self.needed,
                self.reward_product_id,
                name=self.name,
                rule=self._prepare_rule(),
                surplus=self.surplus,
                house=self.house_program_id,
            )
        )
        if self.basis == "visit":
            self._create_visit_rule(program)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_program.loyalty_program_action"
        )
        form = self.env.ref("loyalty.loyalty_program_view_form")
        action.update(views=[(form.id, "form")], res_id=program.id, view_mode="form")
        return action

    def _prepare_rule(self):
        """Return the values of the rule that gives stamps, or None for visits."""
        prepare = {
            "product": self._prepare_product_rule,
            "category": self._prepare_category_rule,
            "purchase": self._prepare_purchase_rule,
            "amount": self._prepare_amount_rule,
            "visit": lambda: None,
        }
        return prepare[self.basis]()

    def _prepare_product_rule(self):
        if not self.product_ids:
            raise UserError(self.env._("Choose the products that give a stamp."))
        return {
            "reward_point_mode": "unit",
            "reward_point_amount": 1,
            "product_ids": self.product_ids.ids,
        }

    def _prepare_category_rule(self):
        if not self.category_id:
            raise UserError(self.env._("Choose the category that gives a stamp."))
        return {
            "reward_point_mode": "unit",
            "reward_point_amount": 1,
            "product_category_id": self.category_id.id,
        }

    def _prepare_purchase_rule(self):
        return {
            "reward_point_mode": "order",
            "reward_point_amount": 1,
            "minimum_amount": self.amount,
        }

    def _prepare_amount_rule(self):
        rate = self.env["loyalty.program"]._get_stamp_rate(self.amount)
        return {"reward_point_mode": "money", "reward_point_amount": rate}

    def _create_visit_rule(self, program):
        self.env["loyalty.event.rule"].create(
            {
                "program_id": program.id,
                "event_type_id": self.env.ref(
                    "loyalty_program.loyalty_event_type_checkin"
                ).id,
                "points": 1,
                "cap_times": 1,
                "cap_period": "day",
            }
        )
