from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

from odoo import fields
from odoo.fields import Command
from odoo.tests import freeze_time

from .common import NOW
from .credit_note_common import CreditNoteCase

#: What may happen, as often as it stands here.
ACTS = (
    *("give_back",) * 5,
    *("give_reward_back",) * 2,
    *("withdraw",) * 2,
    *("raise",) * 2,
    "add",
    "discount",
    "end_discount",
    "reduce",
    "invoice",
    "cancel",
    "confirm",
    "change_rate",
    "change_factor",
    "wait",
)

#: Money that a discount or a price reduction takes off.
CUT = Decimal("7.77")

#: Days that pass where somebody waits: points lapse meanwhile.
WAIT = 20

ROUNDERS = {
    "down": floor,
    "half_up": lambda number: floor(number + Fraction(1, 2)),
    "up": ceil,
}


@dataclass
class Kept:
    """What the customer keeps of a line, counted by hand."""

    line: object
    price: Fraction
    units: int
    rate: Fraction
    invoiced: bool = False


@dataclass
class Purchase:
    """An order of the history and what it should have earned."""

    order: object
    lines: list
    factor: Fraction
    cuts: list = field(default_factory=list)
    reward: object = None
    has_reward: bool = False
    is_cancelled: bool = False
    invoice: object = None

    def get_cut(self):
        return Fraction(CUT) * len(self.cuts) + 5 * self.has_reward

    def get_earned(self):
        """Return the exact points that the kept goods are worth."""
        goods = sum(kept.price * kept.units for kept in self.lines)
        if self.is_cancelled or not goods:
            return Fraction(0)
        exact = sum(kept.price * kept.units * kept.rate for kept in self.lines)
        return exact * self.factor * max(1 - self.get_cut() / goods, 0)


class HistoryCase(CreditNoteCase):
    """Histories of two orders: lists of acts that are drawn, played and shortened."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.goods = [
            cls._make_product(name, price)
            for name, price in (("Single", 19.99), ("Album", 33.33), ("Box", 77))
        ]
        cls.company.sale_discount_product_id = cls._make_product("Discount", 0)
        cls.benefit = cls.env["loyalty.tier.benefit"].create(
            {
                "tier_id": cls.program.tier_ids.sorted("threshold")[0].id,
                "kind": "multiplier",
                "factor": 1.5,
            }
        )
        cls.rule = cls.program.rule_ids
        # All members stay on the tier that they begin with.
        tiers = cls.program.tier_ids.sorted("threshold")[1:]
        for number, tier in enumerate(tiers[::-1]):
            tier.threshold = 10**6 - number

    # === Drawing ===

    def draw_history(self, random, steps):
        """Return (settings, acts) that follow from ``random`` alone."""
        settings = {
            "rounding": random.choice(["down", "down", "half_up", "up"]),
            "factor": random.choice([None, None, "1.5"]),
            "hold": random.choice([0, 0, 14]),
            "expiry": random.random() < 0.3,
            "goods": [random.sample(range(3), 2) for _order in range(2)],
            "invoiced": [random.random() < 0.6 for _order in range(2)],
        }
        acts = [
            (
                random.choice(ACTS),
                random.randrange(2),
                random.randrange(2),
                random.randint(1, 3),
            )
            for _step in range(steps)
        ]
        return settings, acts

    # === Playing ===

    def find_fault(self, settings, acts):
        """Play a history and undo it; return what was wrong with it, or None."""
        savepoint = self.env.cr.savepoint()
        try:
            with freeze_time(NOW):
                self.env.flush_all()
                self._begin(settings)
                for act in [None, *acts]:
                    with freeze_time(self.now):
                        if act:
                            self._act(*act)
                        self.check()
        except AssertionError as error:
            return error
        finally:
            self.env.clear()
            savepoint.close(rollback=True)
            self.env.invalidate_all()
        return None

    def shorten(self, settings, acts):
        """Return acts that are at fault as well, none of which can be left out."""
        number = 0
        while number < len(acts):
            shorter = acts[:number] + acts[number + 1 :]
            if self.find_fault(settings, shorter):
                acts, number = shorter, 0
            else:
                number += 1
        return acts

    def _begin(self, settings):
        self.now = fields.Datetime.to_datetime(NOW)
        self.program.write(
            {"points_rounding": settings["rounding"], "hold_days": settings["hold"]}
        )
        self.rule.reward_point_amount = 1
        self.benefit.factor = float(settings["factor"] or 1.5)
        if not settings["factor"]:
            self.benefit.unlink()
        if settings["expiry"]:
            self._let_expire(1)
        self.card = self._make_member("Random member")
        self.member = self.card.partner_id
        self._post(100, card=self.card)
        self.notes = []
        self.purchases = [
            self._purchase(settings, 0),
            self._purchase(settings, 1, reward=True),
        ]

    def _get_rate(self):
        return Fraction(str(self.rule.reward_point_amount))

    def _get_factor(self):
        benefit = self.benefit.exists()
        return Fraction(str(benefit.factor)) if benefit else Fraction(1)

    def _purchase(self, settings, number, reward=False):
        goods = [self.goods[index] for index in settings["goods"][number]]
        order = self._make_order(
            self.member,
            *({"product_id": item.id, "product_uom_qty": 3} for item in goods),
        )
        if reward:
            self.assertFalse(self._claim_reward(order))
        order.action_confirm()
        order = order.sudo()
        lines = [
            Kept(line, Fraction(str(line.price_unit)), 3, self._get_rate())
            for line in order.order_line[:2]
        ]
        purchase = Purchase(order, lines, self._get_factor())
        if reward:
            purchase.reward = order.order_line.filtered("reward_id")
            purchase.has_reward = True
        if settings["invoiced"][number]:
            self._act_invoice(purchase)
        return purchase

    def _act(self, name, which, number, units):
        purchase = self.purchases[which]
        if name in ("wait", "change_rate", "change_factor"):
            getattr(self, f"_act_{name}")(units)
        elif name == "withdraw":
            self._act_withdraw()
        elif name == "confirm" or not purchase.is_cancelled:
            kept = purchase.lines[(number + units) % len(purchase.lines)]
            getattr(self, f"_act_{name}")(purchase, kept=kept, units=units)

    # === Acts ===

    def _credit_lines(self, purchase, quantities):
        """Post a credit note over {order line: units} of the order's invoice."""
        lines = purchase.invoice.invoice_line_ids.sorted("sequence")
        numbers = {line.sale_line_ids: number for number, line in enumerate(lines)}
        return self._credit(
            purchase.order,
            {numbers[line]: units for line, units in quantities.items()},
        )

    def _act_give_back(self, purchase, kept, units):
        units = min(units, kept.units)
        if not units:
            return
        kept.units -= units
        if kept.invoiced:
            note = self._credit_lines(purchase, {kept.line: units})
            self.notes.append((note, lambda: _add_units(kept, units)))
        else:
            kept.line.product_uom_qty -= units

    def _act_give_reward_back(self, purchase, kept, units):
        """Return the reward, on a credit note with something that has a price."""
        if not purchase.reward:
            return
        if not purchase.invoice:
            purchase.has_reward = not purchase.has_reward
            purchase.reward.product_uom_qty = int(purchase.has_reward)
        elif purchase.has_reward and kept.invoiced and kept.units:
            if purchase.reward not in purchase.invoice.invoice_line_ids.sale_line_ids:
                return

            def withdraw():
                kept.units += 1
                purchase.has_reward = True

            kept.units -= 1
            purchase.has_reward = False
            note = self._credit_lines(purchase, {kept.line: 1, purchase.reward: 1})
            self.notes.append((note, withdraw))

    def _act_withdraw(self):
        if self.notes:
            note, withdraw = self.notes.pop()
            note.button_draft()
            withdraw()

    def _act_raise(self, purchase, kept, units):
        kept.line.product_uom_qty += units
        kept.units += units

    def _act_add(self, purchase, kept, units):
        product = self.goods[units - 1]
        before = purchase.order.order_line
        purchase.order.order_line = [
            Command.create({"product_id": product.id, "product_uom_qty": units})
        ]
        line = purchase.order.order_line - before
        price = Fraction(str(line.price_unit))
        purchase.lines.append(Kept(line, price, units, self._get_rate()))

    def _act_discount(self, purchase, **_values):
        before = purchase.order.order_line
        purchase.order.order_line = [
            Command.create(
                {
                    "product_id": self.company.sale_discount_product_id.id,
                    "price_unit": -float(CUT),
                    "tax_ids": [Command.clear()],
                }
            )
        ]
        purchase.cuts.append(purchase.order.order_line - before)

    def _act_end_discount(self, purchase, **_values):
        invoiced = (purchase.invoice or self.env["account.move"]).invoice_line_ids
        for cut in purchase.cuts:
            if cut and cut not in invoiced.sale_line_ids:
                purchase.cuts.remove(cut)
                cut.product_uom_qty = 0
                return

    def _act_reduce(self, purchase, **_values):
        """Credit money on a line of its own."""
        if not purchase.invoice:
            return
        note = self._credit(purchase.order, {}, post=False).sudo()
        line = {
            "product_id": self.product.id,
            "price_unit": float(CUT),
            "tax_ids": [Command.clear()],
        }
        note.invoice_line_ids = [Command.create(line)]
        note.action_post()
        purchase.cuts.append(None)
        self.notes.append((note, lambda: purchase.cuts.remove(None)))

    def _act_invoice(self, purchase, **_values):
        if purchase.invoice or purchase.order.amount_total <= 0:
            return
        purchase.invoice = self._invoice(purchase.order).sudo()
        for kept in purchase.lines:
            kept.invoiced = kept.line in purchase.invoice.invoice_line_ids.sale_line_ids

    def _act_cancel(self, purchase, **_values):
        if not purchase.invoice:
            purchase.order._action_cancel()
            purchase.is_cancelled = True
            purchase.reward, purchase.has_reward = None, False

    def _act_confirm(self, purchase, **_values):
        if not purchase.is_cancelled:
            return
        purchase.order.action_draft()
        purchase.order.action_confirm()
        purchase.is_cancelled = False
        purchase.factor = self._get_factor()
        for kept in purchase.lines:
            kept.rate = self._get_rate()

    def _act_change_rate(self, units):
        self.rule.reward_point_amount = units

    def _act_change_factor(self, units):
        if self.benefit.exists():
            self.benefit.factor = 1 + units / 2

    def _act_wait(self, units):
        self.now += timedelta(days=WAIT)
        with freeze_time(self.now):
            self._run_nightly()

    # === Looking ===

    def get_fair(self):
        """Return the points that the kept goods earn, less those of kept rewards."""
        rounder = ROUNDERS[self.program.points_rounding]
        earned = sum(rounder(purchase.get_earned()) for purchase in self.purchases)
        spent = 100 * sum(purchase.has_reward for purchase in self.purchases)
        return 100 + earned - spent

    def get_balance(self):
        """Return all that was posted but what lapsed."""
        lapsed = ("expire", "reinstate")
        entries = self._entries().filtered(lambda e: e.entry_type not in lapsed)
        return sum(entries.mapped("points"))

    def check(self):
        raise NotImplementedError


def _add_units(kept, units):
    kept.units += units
