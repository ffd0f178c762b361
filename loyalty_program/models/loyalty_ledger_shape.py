from datetime import date, datetime

from odoo import api, models
from odoo.exceptions import ValidationError

#: Largest number of a record: the database's integers end here.
MAX_ID = 2**31 - 1

#: Longest return window, in days, as of a programme.
MAX_HOLD = 3650


class LoyaltyLedger(models.AbstractModel):
    """Of what kind the facts of a posting are, before anything is made of them.

    Points, money and key are looked at with the rows, see ``_check_content``.
    """

    _inherit = "loyalty.ledger"

    @api.model
    def _post(self, postings, allow_debt=True, notify=True):
        postings = list(postings)
        channels = self.env["loyalty.ledger.entry"]._fields["channel"]
        channels = channels.get_values(self.env)
        for posting in postings:
            self._check_shape(posting, channels)
        return super()._post(postings, allow_debt=allow_debt, notify=notify)

    def _check_shape(self, posting, channels):
        """Refuse facts of another kind than ``Posting`` says.

        :raise ValidationError: names the fact and its value
        """
        for name, is_good in SHAPES.items():
            if not is_good(getattr(posting, name)):
                raise self._refuse_shape(posting, name)
        if posting.channel not in channels:
            raise self._refuse_shape(posting, "channel")

    def _refuse_shape(self, posting, name):
        return ValidationError(
            self.env._(
                "A posting cannot have %(value)s as its “%(name)s”.",
                value=repr(getattr(posting, name)),
                name=name,
            )
        )


def _is_int(value):
    return isinstance(value, int) and not isinstance(value, bool)


def _is_id(value):
    return _is_int(value) and 0 < value <= MAX_ID


def _is_id_or_none(value):
    return value is None or _is_id(value)


def _is_hold(value):
    return _is_int(value) and 0 <= value <= MAX_HOLD


def _is_dict(value):
    return isinstance(value, dict)


def _is_moment(value):
    """Tell whether the value is a naive time, as Odoo's, or left out."""
    return value is None or (isinstance(value, datetime) and value.tzinfo is None)


def _is_day(value):
    """Tell whether the value is a day, or one as Odoo writes it, or left out."""
    if isinstance(value, str):
        try:
            return bool(date.fromisoformat(value))
        except ValueError:
            return False
    return not value or (isinstance(value, date) and not isinstance(value, datetime))


def _is_origin(value):
    if value is None:
        return True
    is_pair = isinstance(value, tuple) and len(value) == 2
    return is_pair and isinstance(value[0], str) and _is_id(value[1])


#: What each fact must be; the channel is looked at by its values.
SHAPES = {
    "card_id": _is_id,
    "account_id": _is_id_or_none,
    "reverses_id": _is_id_or_none,
    "lot_id": _is_id_or_none,
    "occurred_at": _is_moment,
    "expires_on": _is_day,
    "hold_days": _is_hold,
    "origin": _is_origin,
    "breakdown": _is_dict,
}
