from odoo import models

TILLS = "pos_config_ids"


class LoyaltyProgram(models.Model):
    """A copy is for the same tills, also if made by somebody who may not see tills."""

    _inherit = "loyalty.program"

    def copy_data(self, default=None):
        if TILLS in (default or {}):
            return super().copy_data(default)
        vals_list = super().copy_data({**(default or {}), TILLS: False})
        # They follow, once there is a copy: neither to read nor to write them here.
        return [
            {name: value for name, value in vals.items() if name != TILLS}
            for vals in vals_list
        ]

    def copy(self, default=None):
        copies = super().copy(default)
        if TILLS not in (default or {}):
            # sudo: who may copy a programme need not have a right on tills.
            for program, copy in zip(self.sudo(), copies.sudo(), strict=True):
                copy[TILLS] = program[TILLS]
        return copies
