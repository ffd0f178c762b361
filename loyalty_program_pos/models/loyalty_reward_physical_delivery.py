from odoo import api, fields, models


class LoyaltyReward(models.Model):
    """A physical gift is delivered from the warehouse.

    Here, because the till brings the stock; the core hands it over by hand.
    """

    _inherit = "loyalty.reward"

    def _get_refusal_physical(self, card, points, wish):
        if refusal := super()._get_refusal_physical(card, points, wish):
            return refusal
        # sudo: whether there is any left is told to every member.
        reward = self.sudo()
        product, warehouse = reward.reward_product_id, reward._get_gift_warehouse()
        if not product.is_storable or not warehouse:
            return None
        free = product.with_context(warehouse_id=warehouse.id).free_qty
        if product.uom_id.compare(free, self.reward_product_qty) < 0:
            return self.env._(
                "“%(product)s” is out of stock at present.", product=product.name
            )
        return None

    def _get_gift_warehouse(self):
        """Return the warehouse that delivers gifts, or none."""
        company = self.program_id.company_id or self.env.company
        return self.env["stock.warehouse"].search(
            [("company_id", "=", company.id)], limit=1
        )


class LoyaltyRewardClaim(models.Model):
    _inherit = "loyalty.reward.claim"

    move_ids = fields.One2many(
        comodel_name="stock.move",
        inverse_name="loyalty_claim_id",
        string="Stock moves",
        readonly=True,
    )
    picking_ids = fields.Many2many(
        comodel_name="stock.picking",
        string="Delivery",
        compute="_compute_picking_ids",
        compute_sudo=True,
    )

    @api.depends("move_ids.picking_id")
    def _compute_picking_ids(self):
        for claim in self:
            claim.picking_ids = claim.move_ids.picking_id

    @api.depends("move_ids.state")
    def _compute_may_hand_over(self):
        return super()._compute_may_hand_over()

    def _give_physical(self, wish):
        result = super()._give_physical(wish)
        if warehouse := self.reward_id._get_gift_warehouse():
            self._deliver(warehouse)
        return result

    def _deliver(self, warehouse):
        """Order the delivery, by the steps and routes of the warehouse."""
        address = self.partner_id.address_get(["delivery"])["delivery"]
        partner = self.partner_id.browse(address)
        rules = self.env["stock.rule"]
        rules.run(
            [
                rules.Procurement(
                    self.product_id,
                    self.quantity,
                    self.product_id.uom_id,
                    partner.property_stock_customer,
                    self.display_name,
                    self.display_name,
                    warehouse.company_id,
                    {
                        "loyalty_claim_id": self.id,
                        "warehouse_id": warehouse,
                        "partner_id": partner.id,
                        "company_id": warehouse.company_id,
                        # A claim of its own is a delivery of its own.
                        "reference_ids": self.env["stock.reference"].create(
                            {"name": self.display_name}
                        ),
                    },
                )
            ]
        )
        self.move_ids.picking_id.filtered(
            lambda picking: picking.state not in ("cancel", "done")
        ).action_confirm()

    def _get_open_moves(self):
        # sudo: who serves members need not see the warehouse.
        moves = self.sudo().move_ids
        return moves.filtered(lambda move: move.state not in ("done", "cancel"))

    def _get_kept_quantity(self):
        """Return how many pieces reached the member and did not come back."""
        # sudo: who serves members need not see the warehouse.
        moves = self.sudo().move_ids.filtered(lambda move: move.state == "done")
        return sum(
            move.quantity
            * (
                (move.location_dest_id.usage == "customer")
                - (move.location_id.usage == "customer")
            )
            for move in moves
        )

    def _is_to_hand_over(self):
        return super()._is_to_hand_over() and not self._get_open_moves()

    def _explain_no_void_physical(self):
        if self._get_kept_quantity() > 0:
            return self.env._(
                "“%(claim)s” was delivered: take it back by a return of the delivery "
                "first.",
                claim=self.display_name,
            )
        return None

    def _take_back_physical(self):
        moves = self._get_open_moves()
        moves.with_context(loyalty_claim_is_void=True)._action_cancel()

    def _note_delivery(self):
        """Note that members got what was sent to them, once all of it has arrived."""
        for claim in self:
            if (
                claim.state == "requested"
                and not claim._get_open_moves()
                and claim._get_kept_quantity() >= claim.quantity
            ):
                claim.state = "given"
                claim._message_log(body=self.env._("Delivered."))


class StockMove(models.Model):
    _inherit = "stock.move"

    loyalty_claim_id = fields.Many2one(
        comodel_name="loyalty.reward.claim",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )

    @api.model
    def _prepare_merge_moves_distinct_fields(self):
        return [*super()._prepare_merge_moves_distinct_fields(), "loyalty_claim_id"]

    def _action_done(self, cancel_backorder=False):
        moves = super()._action_done(cancel_backorder=cancel_backorder)
        # sudo: who moves goods need not see what members claimed.
        moves.sudo().loyalty_claim_id._note_delivery()
        return moves

    def _action_cancel(self):
        # sudo: who moves goods need not see what members claimed.
        claims = self.sudo().loyalty_claim_id
        waiting = claims.filtered(lambda claim: claim._get_open_moves())
        result = super()._action_cancel()
        if self.env.context.get("loyalty_claim_is_void"):
            return result
        for claim in waiting.filtered(lambda claim: not claim._get_open_moves()):
            claim._message_log(
                body=self.env._(
                    "The delivery was cancelled. Until the claim is void, its thing "
                    "is to be handed over."
                )
            )
        return result


class StockRule(models.Model):
    _inherit = "stock.rule"

    def _get_custom_move_fields(self):
        return [*super()._get_custom_move_fields(), "loyalty_claim_id"]
