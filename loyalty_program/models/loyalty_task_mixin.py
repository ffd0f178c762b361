from odoo import models


class LoyaltyTaskMixin(models.AbstractModel):
    """What waits for somebody is an activity of whoever is responsible.

    The list of their activities shows it. It names no member and is sent as no mail,
    so that nothing of a member who is erased stays in it. For models with activities.
    """

    _name = "loyalty.task.mixin"
    _description = "Task of a Responsible Person"

    def _open_task(self, user, summary, day):
        """Make an activity of a task.

        :param user: who is to do it; nobody: no activity
        :param str summary: what is to be done, naming no member
        :param day: date when it is due
        """
        self.ensure_one()
        if user:
            # sudo: a task of the suite's own, whoever asked for what it is about.
            self.sudo().with_context(mail_activity_quick_update=True).activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=day,
                summary=summary,
                user_id=user.id,
            )

    def _close_tasks(self):
        """Take away the tasks of what waits for nobody any more."""
        if self:
            # sudo: a task of the suite's own; who may decide may end it.
            self.sudo().activity_unlink(["mail.mail_activity_data_todo"])


class ResUsers(models.Model):
    _inherit = "res.users"

    def _filter_may_handle(self, company):
        """Return these users without those who cannot act on what members ask for.

        :param company: of what is asked for; none: every company
        """
        return self.filtered(
            lambda user: (
                user.active
                and user.has_group("loyalty_program.group_loyalty_user")
                and (not company or company in user.company_ids)
            )
        )
