import pytz

from odoo import models, tools

from .loyalty_ledger import PROGRAM_FACTS, ProgramFacts
from .loyalty_program_expiry import EXPIRY_FIELDS

#: What the facts of a posting, and what is made of them, follow from.
SOURCES = {*PROGRAM_FACTS, *EXPIRY_FIELDS, "keeps_ledger"}


class LoyaltyProgram(models.Model):
    """What every posting asks of its programme, remembered until somebody changes it.

    A programme is changed once in a while and asked with every purchase, whose
    transaction knows nothing yet. Odoo's own cache remembers, which all workers of a
    server empty together.
    """

    _inherit = "loyalty.program"

    def write(self, vals):
        result = super().write(vals)
        if SOURCES & vals.keys():
            self.env.registry.clear_cache()
        return result

    def _recall_facts(self):
        """Bring the facts of a posting into the transaction, where it has none yet."""
        for program in self:
            facts = program._get_remembered_facts()
            for name, value in zip(PROGRAM_FACTS, facts, strict=True):
                # What is waiting to be written stays as it is.
                cache = self._fields[name]._get_cache(self.env)
                cache.setdefault(program.id, value)

    @tools.ormcache("self.id")
    def _get_remembered_facts(self):
        """Return the facts as they lie in a record's cache, one answer for all users.

        :rtype: ProgramFacts
        """
        # sudo: read to compute, not to show.
        program = self.sudo()
        program.fetch(PROGRAM_FACTS)
        return ProgramFacts._make(
            program._fields[name].convert_to_cache(program[name], program)
            for name in PROGRAM_FACTS
        )

    @tools.ormcache("self.id")
    def _get_remembered_expiry(self):
        """Return the rule by which points expire, see ``_get_expiry_rule``."""
        # sudo: see above.
        return self.sudo()._get_expiry_rule()


class ResCompany(models.Model):
    _inherit = "res.company"

    def write(self, vals):
        result = super().write(vals)
        if "partner_id" in vals:
            self.env.registry.clear_cache()
        return result

    @tools.ormcache("self.id")
    def _get_loyalty_timezone(self):
        """Return the time zone in which the company's days begin.

        :rtype: datetime.tzinfo
        """
        # sudo: one answer for all users.
        return pytz.timezone(self.sudo().partner_id.tz or "UTC")


class ResPartner(models.Model):
    _inherit = "res.partner"

    def write(self, vals):
        result = super().write(vals)
        # sudo: whether a contact is a company's decides, whoever writes.
        if "tz" in vals and self.sudo().ref_company_ids:
            self.env.registry.clear_cache()
        return result
