import re
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..engine.rounding import to_decimal
from ..engine.schema import FieldSpec, clean, find_problems

FIELD_KINDS = [
    ("integer", "Whole number"),
    ("number", "Number"),
    ("text", "Text"),
    ("boolean", "Yes or no"),
    ("date", "Date"),
    ("choice", "Choice"),
]

_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")


class LoyaltyEventType(models.Model):
    """What members can do other than buying, and which details tell about it."""

    _name = "loyalty.event.type"
    _description = "Loyalty Event Type"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        help="What other systems call it. It never changes once events were recorded.",
        required=True,
        copy=False,
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    takes_value = fields.Boolean(
        string="Has a value",
        help="Events of this type may carry a number that rules multiply.",
    )
    field_ids = fields.One2many(
        comodel_name="loyalty.event.field",
        inverse_name="event_type_id",
        string="Details",
        copy=True,
    )
    event_count = fields.Integer(string="Events", compute="_compute_event_count")

    _code_unique = models.UniqueIndex("(code)", "An event type has this code already.")

    def _compute_event_count(self):
        counts = dict(
            self.env["loyalty.event"]._read_group(
                [("event_type_id", "in", self.ids)], ["event_type_id"], ["__count"]
            )
        )
        for kind in self:
            kind.event_count = counts.get(kind, 0)

    @api.constrains("code")
    def _check_code(self):
        for kind in self:
            if not _NAME.fullmatch(kind.code):
                raise ValidationError(
                    self.env._(
                        "“%(code)s” is no code: use small letters, digits and “_”.",
                        code=kind.code,
                    )
                )

    @api.constrains("takes_value")
    def _check_rules_have_their_value(self):
        # sudo: the rules of all companies look at this type.
        rules = self.env["loyalty.event.rule"].sudo()
        for rule in rules.search([("event_type_id", "in", self.ids)]):
            rule._check_has_value()

    def write(self, vals):
        renamed = self.filtered(lambda kind: kind.code != vals.get("code", kind.code))
        if renamed and any(renamed.mapped("event_count")):
            raise ValidationError(
                self.env._("Events of this type were recorded: its code stays.")
            )
        return super().write(vals)

    def action_view_events(self):
        """Open the events of this type."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_program.loyalty_event_action"
        )
        action["domain"] = [("event_type_id", "=", self.id)]
        return action

    # === Schema ===

    def _check_details(self, payload):
        """Return the details of an event as they are kept.

        :param payload: what somebody sent; None means no details
        :raise ValidationError: names everything that is wrong
        """
        self.ensure_one()
        payload = {} if payload is None else payload
        problems = find_problems(
            payload, [detail._get_spec() for detail in self.field_ids]
        )
        if problems:
            raise ValidationError(
                self.env._(
                    "The details of this “%(type)s” are not valid. %(problems)s",
                    type=self.code,
                    problems=" ".join(map(self._explain_problem, problems)),
                )
            )
        return clean(payload)

    def _explain_problem(self, problem):
        facts = {"field": problem.key, "limit": problem.limit}
        sentences = {
            "shape": self.env._("Send an object of names and values."),
            "unknown": self.env._("There is no field “%(field)s”.", **facts),
            "missing": self.env._("The field “%(field)s” is missing.", **facts),
            "kind": self.env._("“%(field)s” is not of the type %(limit)s.", **facts),
            "small": self.env._("“%(field)s” is less than %(limit)s.", **facts),
            "large": self.env._("“%(field)s” is more than %(limit)s.", **facts),
            "choice": self.env._("“%(field)s” is none of: %(limit)s.", **facts),
        }
        return sentences[problem.code]


class LoyaltyEventField(models.Model):
    """One typed field of the details of an event."""

    _name = "loyalty.event.field"
    _description = "Loyalty Event Field"
    _order = "event_type_id, sequence, id"

    event_type_id = fields.Many2one(
        comodel_name="loyalty.event.type",
        required=True,
        index=True,
        ondelete="cascade",
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True)
    kind = fields.Selection(selection=FIELD_KINDS, string="Type", required=True)
    required = fields.Boolean()
    minimum = fields.Char(help="Smallest number. Empty: no limit.")
    maximum = fields.Char(
        help="Largest number, or the greatest length of a text. Empty: no limit.",
    )
    choices = fields.Char(help="The texts to choose from, separated by commas.")

    _name_unique = models.UniqueIndex(
        "(event_type_id, name)", "This event type has a field of this name already."
    )

    @api.depends("name")
    def _compute_display_name(self):
        for detail in self:
            detail.display_name = detail.name

    @api.constrains("event_type_id", "name", "kind", "minimum", "maximum", "choices")
    def _check_is_sound(self):
        for detail in self:
            detail._check_field()
        self._check_rules_still_fit()

    def _check_rules_still_fit(self):
        """Refuse a change after which a rule could not read this detail any more.

        Every event of the type would be refused then, and with it every sign-up.
        """
        # sudo: the rules of all companies look at this detail.
        rules = self.env["loyalty.event.rule"].sudo()
        for rule in rules.search(
            [
                "|",
                ("condition_field_id", "in", self.ids),
                ("value_field_id", "in", self.ids),
            ]
        ):
            try:
                rule._check_fields_are_the_events()
                rule._check_condition()
            except ValidationError as error:
                raise ValidationError(
                    self.env._(
                        "The rule “%(rule)s” of “%(programme)s” looks at this detail. "
                        "%(reason)s",
                        rule=rule.display_name,
                        programme=rule.program_id.name,
                        reason=error,
                    )
                ) from error

    def _check_field(self):
        if not _NAME.fullmatch(self.name):
            raise ValidationError(
                self.env._(
                    "“%(name)s” is no name of a field: use small letters, digits and "
                    "“_”.",
                    name=self.name,
                )
            )
        if self.kind == "choice" and not self._get_choices():
            raise ValidationError(
                self.env._(
                    "Say what there is to choose from: %(name)s.", name=self.name
                )
            )
        try:
            spec = self._get_spec()
        except ValueError as error:
            raise ValidationError(
                self.env._("The limits of “%(name)s” are no numbers.", name=self.name)
            ) from error
        bounds = (spec.minimum, spec.maximum)
        if None not in bounds and spec.minimum > spec.maximum:
            raise ValidationError(
                self.env._(
                    "No value of “%(name)s” lies between its limits.", name=self.name
                )
            )

    def _get_spec(self):
        """Return the field as the engine sees it."""
        self.ensure_one()
        return FieldSpec(
            key=self.name,
            kind=self.kind,
            required=self.required,
            minimum=to_decimal(self.minimum) if self.minimum else None,
            maximum=to_decimal(self.maximum) if self.maximum else None,
            choices=self._get_choices(),
        )

    def _get_choices(self):
        parts = (part.strip() for part in (self.choices or "").split(","))
        return tuple(part for part in parts if part)

    def _parse_value(self, text):
        """Return a text that a manager typed as a value of this field.

        :raise ValidationError: the text is no such value
        """
        self.ensure_one()
        text = (text or "").strip()
        value = {"boolean": {"true": True, "false": False}.get(text.lower())}.get(
            self.kind, text
        )
        if self.kind in ("integer", "number"):
            value = self._parse_number(text)
        sample = float(value) if isinstance(value, Decimal) else value
        if self.kind == "integer" and sample is not None and sample == int(sample):
            sample = int(sample)
        if value is None or find_problems({self.name: sample}, [self._get_spec()]):
            raise ValidationError(
                self.env._(
                    "“%(text)s” is no value of “%(name)s”.", text=text, name=self.name
                )
            )
        return value

    def _parse_number(self, text):
        try:
            return to_decimal(text)
        except ValueError:
            return None
