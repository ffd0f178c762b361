from datetime import timedelta
from decimal import Decimal

from odoo import fields, models
from odoo.exceptions import MissingError, UserError, ValidationError
from odoo.tools import SQL

from ..engine.rounding import fits_scale, to_decimal
from ..engine.values import ENTRY_TYPES

#: A clock may be a little ahead; a business event may not lie in the future.
FUTURE_TOLERANCE = timedelta(days=1)

#: Types that only give, and types that only take. The others do both.
GIVING = {"earn", "bonus", "redeem_reversal", "reinstate"}
TAKING = {"redeem", "earn_reversal", "expire"}

#: Types that a closed programme does not post any more.
COLLECTING = {"earn", "bonus"}


class LoyaltyLedger(models.AbstractModel):
    """What a posting must be: bad input is refused and nothing is posted."""

    _inherit = "loyalty.ledger"

    def _get_posting_account(self, posting, cards):
        """Return the card whose balance the posting changes."""
        card = cards[posting.card_id]
        if not posting.account_id:
            return card._get_account()
        account = cards.get(posting.account_id)
        if not account or account.program_id != card.program_id:
            raise ValidationError(
                self.env._("A card and its account belong to one programme.")
            )
        return account._get_account()

    def _get_posting_company(self, posting, company):
        """Return the company that an entry belongs to.

        :param company: the programme's; without one that of the document decides
        """
        if company or not posting.origin:
            return company or self.env.company
        try:
            return self._get_document_company(posting.origin) or self.env.company
        except MissingError:
            return self.env.company

    def _get_document_company(self, origin):
        """Return the company of the document behind a posting, empty without one.

        :raise MissingError: there is no such document
        """
        model, document_id = origin
        if "company_id" not in getattr(self.env.get(model), "_fields", ()):
            return self.env["res.company"]
        # sudo: the company of the document decides, whoever posts.
        return self.env[model].sudo().browse(document_id).company_id

    def _check_card(self, posting, card, known):
        """Return what is known of the programme that the posting belongs to.

        :param card: the posting's card, None if there is none
        :param dict known: {id of the programme: Known}
        :raise ValidationError: there is no card, or it has no ledger
        """
        if not card:
            raise ValidationError(
                self.env._(
                    "There is no loyalty card number %(id)s.", id=posting.card_id
                )
            )
        known = known[card.program_id.id]
        if not known.facts.is_managed:
            raise ValidationError(
                self.env._(
                    "The cards of “%(name)s” have no ledger.", name=known.program.name
                )
            )
        return known

    def _check_posting(self, posting, known, day):
        """Refuse a posting that is none.

        Override to: check more; call super() first.

        :param Known known: its programme
        :param date day: the programme's day of what happened
        :raise ValidationError: says what is wrong with the posting
        """
        self._check_content(posting, known.facts)
        self._check_date(posting, known, day)
        if known.facts.company_id and posting.origin:
            self._check_of_company(posting, known.program.company_id)

    def _check_content(self, posting, facts):
        """Refuse what is no entry: its type, its numbers, its key."""
        kind = posting.entry_type
        if kind not in ENTRY_TYPES:
            raise ValidationError(
                self.env._("“%(type)s” is no type of entry.", type=kind)
            )
        for number in (posting.points, posting.base_amount):
            # A text or a float may look like a number, and is not what was meant.
            if isinstance(number, bool) or not isinstance(number, (int, Decimal)):
                raise self._refuse_number(number)
            self._check_number(number)
        # A return that is withdrawn gives and takes the other way round.
        withdrawn = posting.breakdown.get("cause") == "restore"
        gain = -posting.points if withdrawn else posting.points
        if (kind in GIVING and gain < 0) or (kind in TAKING and gain > 0):
            labels = dict(
                self.env["loyalty.ledger.entry"]
                ._fields["entry_type"]
                ._description_selection(self.env)
            )
            raise ValidationError(
                self.env._(
                    "An entry of type “%(type)s” cannot have %(points)s points.",
                    type=labels[kind],
                    points=posting.points,
                )
            )
        strict = facts.ledger_policy == "strict"
        if strict and not fits_scale(posting.points, facts.points_scale):
            raise ValidationError(
                self.env._(
                    "%(points)s has more decimals than the programme's points, "
                    "which have %(scale)s.",
                    points=posting.points,
                    scale=facts.points_scale,
                )
            )
        if not posting.key or not isinstance(posting.key, str):
            raise ValidationError(self.env._("An entry needs an idempotency key."))

    def _check_number(self, value):
        try:
            to_decimal(value)
        except ValueError as error:
            raise self._refuse_number(value) from error

    def _refuse_number(self, value):
        return ValidationError(
            self.env._("%(value)s is no number of points or money.", value=repr(value))
        )

    def _check_date(self, posting, known, day):
        """Refuse the future, and collecting after the end of the programme."""
        moment = posting.occurred_at
        if moment and moment > fields.Datetime.now() + FUTURE_TOLERANCE:
            raise ValidationError(
                self.env._(
                    "%(date)s lies in the future: points are posted for what happened.",
                    date=moment,
                )
            )
        if posting.entry_type not in COLLECTING or self._is_sale(posting):
            return
        facts = known.facts
        is_over = facts.date_to and facts.date_to < day
        if not facts.active or is_over or known.program._is_over("earn", day):
            raise ValidationError(
                self.env._(
                    "“%(name)s” is closed and gives no points any more.",
                    name=known.program.name,
                )
            )

    def _is_sale(self, posting):
        """Tell whether a document of sale is behind the posting.

        Whether a programme applies to a sale was decided when it was paid; what the
        customer has paid for is not refused afterwards.
        """
        model = posting.origin and self.env.get(posting.origin[0])
        return hasattr(model, "_get_loyalty_channel")

    def _check_of_company(self, posting, company):
        """Refuse a document of another company than the card's."""
        # An undo goes where the points are, even if its document is gone.
        if posting.reverses_id:
            return
        try:
            owner = self._get_document_company(posting.origin)
        except MissingError as error:
            raise ValidationError(
                self.env._("The document behind this entry does not exist.")
            ) from error
        if owner and company not in owner.parent_ids:
            model, document_id = posting.origin
            # sudo: see _get_document_company.
            document = self.env[model].sudo().browse(document_id)
            raise ValidationError(
                self.env._(
                    "%(document)s belongs to %(owner)s, the card to %(company)s.",
                    document=document.display_name,
                    owner=owner.name,
                    company=company.name,
                )
            )

    def _check_known_keys(self, rows):
        """Refuse a key that was used for something else, before or in this call.

        :raise ValidationError: same key, other content
        """
        known = self.env.execute_query(
            SQL(
                """SELECT key, member_card_id, entry_type, points::text,
                       base_amount::text, origin_model, origin_id, occurred_at
                   FROM loyalty_ledger_entry WHERE key = ANY(%s)""",
                [row["key"] for row in rows],
            )
        )
        posted = {key: content for key, *content in known}
        for row in rows:
            card_id, kind, points, base, model, record_id, moment = posted[row["key"]]
            same = (
                card_id == row["member_card_id"]
                and kind == row["entry_type"]
                and Decimal(points) == Decimal(row["points"])
                and Decimal(base or 0) == Decimal(row["base_amount"])
                and (model, record_id) == (row["origin_model"], row["origin_id"])
                and self._is_same_moment(row, moment)
            )
            if not same:
                raise ValidationError(
                    self.env._(
                        "The key “%(key)s” was used before for another entry "
                        "(%(points)s points of %(date)s). Use a new key for a new "
                        "entry.",
                        key=row["key"],
                        points=f"{Decimal(points).normalize():f}",
                        date=moment,
                    )
                )

    def _is_same_moment(self, row, moment):
        """Tell whether a row tells of the moment that its key was posted with."""
        # Without a date a posting means now, and a retry comes later.
        return not row["is_dated"] or str(moment) == row["occurred_at"]

    def _check_covered(self, cards, rows):
        """Refuse redemptions that the balance does not cover."""
        spending = {
            row["member_card_id"] for row in rows if row["entry_type"] == "redeem"
        }
        spenders = cards.filtered(lambda card: card.id in spending)
        accounts = {card: card._get_account().id for card in spenders}
        reserved = self._get_reserved(set(accounts.values())) if spenders else {}
        for card in spenders:
            if card.points < 0:
                raise UserError(card._explain_uncovered())
            if to_decimal(card.points) < reserved[accounts[card]]:
                raise UserError(card._explain_reserved())
