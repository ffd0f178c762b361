from odoo.tests import new_test_user, tagged

from .common import TillCase


@tagged("post_install", "-at_install")
class TestProgramCopy(TillCase):
    def test_a_manager_without_tills_copies_a_programme_for_them(self):
        manager = new_test_user(
            self.env,
            "copying_manager",
            groups="base.group_user,loyalty_program.group_loyalty_manager",
        )
        self.assertFalse(manager.has_group("point_of_sale.group_pos_user"))
        self.program.pos_config_ids = self.till
        self.env.invalidate_all()
        copy = self.program.with_user(manager).copy()
        self.assertEqual(copy.sudo().pos_config_ids, self.till)
        self.assertEqual(len(copy.reward_ids), len(self.program.reward_ids))
        self.assertFalse(self.program.copy({"pos_config_ids": False}).pos_config_ids)
