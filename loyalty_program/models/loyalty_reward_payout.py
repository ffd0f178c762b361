from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..engine.rounding import to_decimal


class LoyaltyReward(models.Model):
    """Rewards that pay money out on a card of another programme.

    A kind says in ``_get_payout_types`` of which type that programme is.
    """

    _inherit = "loyalty.reward"

    payout_program_id = fields.Many2one(
        comodel_name="loyalty.program",
        string="Paid out by",
        help="The programme whose cards the money goes to. Without one, that of the "
        "company is taken, or made.",
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    @api.model
    def _get_payout_types(self):
        """Return {kind: type of the programme that pays}. Override to: add one."""
        return {}

    @api.constrains("payout_program_id", "reward_type", "program_id")
    def _check_payout_program(self):
        types = self._get_payout_types()
        for reward in self.filtered("payout_program_id"):
            source, target = reward.program_id, reward.payout_program_id
            if target.program_type != types.get(reward.reward_type):
                raise ValidationError(
                    self.env._(
                        "“%(program)s” has no cards that “%(reward)s” could be paid "
                        "out to.",
                        program=target.name,
                        reward=reward.description,
                    )
                )
            if target.currency_id != source.currency_id:
                raise ValidationError(
                    self.env._(
                        "“%(target)s” counts in %(theirs)s, “%(source)s” in %(ours)s.",
                        target=target.name,
                        theirs=target.currency_id.name,
                        source=source.name,
                        ours=source.currency_id.name,
                    )
                )
            if target.company_id not in (source.company_id, target.company_id.browse()):
                raise ValidationError(
                    self.env._(
                        "“%(target)s” belongs to another company than “%(source)s”.",
                        target=target.name,
                        source=source.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        rewards = super().create(vals_list)
        rewards._prepare_payout()
        return rewards

    def write(self, vals):
        result = super().write(vals)
        if not {"reward_type", "payout_program_id"}.isdisjoint(vals):
            self._prepare_payout()
        return result

    def _prepare_payout(self):
        """Find the programme that pays, or make it."""
        types = self._get_payout_types()
        for reward in self.filtered(lambda own: own.reward_type in types):
            # sudo: whoever makes a reward need not be able to make programmes.
            known = reward.sudo()
            if not known.payout_program_id:
                found = known._find_payout_program(types[reward.reward_type])
                known.payout_program_id = found or known._make_payout_program(
                    types[reward.reward_type]
                )
            if known.payout_program_id.program_type == "ewallet":
                known.payout_program_id._open_wallets()

    def _find_payout_program(self, program_type):
        program = self.program_id
        domain = [
            ("program_type", "=", program_type),
            ("currency_id", "=", program.currency_id.id),
            ("company_id", "in", (program.company_id.id, False)),
        ]
        return program.search(domain, order="company_id, id", limit=1)

    def _make_payout_program(self, program_type):
        program = self.program_id
        names = program._program_items_name()
        return program.create(
            {
                **program._program_type_default_values()[program_type],
                "name": names[program_type],
                "program_type": program_type,
                "company_id": program.company_id.id,
                "currency_id": program.currency_id.id,
            }
        )

    def _get_refusal_payout(self):
        """Return why the programme that pays cannot do so now, or None."""
        program = self.payout_program_id
        day = program._get_local_date()
        if program.active and not (program.date_to and program.date_to < day):
            return None
        return self.env._("“%(program)s” has ended.", program=program.name)


class LoyaltyRewardClaim(models.Model):
    _inherit = "loyalty.reward.claim"

    payout_card_id = fields.Many2one(
        comodel_name="loyalty.card",
        string="Paid out on",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )

    def _explain_no_payback(self):
        """Return why the money cannot be taken back from its card, or None.

        The card is locked: nobody spends from it meanwhile.
        """
        card = self.payout_card_id._get_successor()
        if card.is_managed:
            self.env["loyalty.ledger"]._lock_cards([card.id])
        else:
            card.lock_for_update()
            card.invalidate_recordset(["points"])
        held, amount = to_decimal(card.points), to_decimal(self.amount)
        if held >= amount:
            return None
        return self.env._(
            "“%(claim)s” stays: of the %(amount)s that it gave, %(held)s are left.",
            claim=self.display_name,
            amount=self.currency_id.format(self.amount),
            held=self.currency_id.format(float(max(held, 0))),
        )
