from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from .loyalty_card_coupon_state import USABLE_STATES

#: Coupons on the sheets of one print: more of them keep the printer of PDFs busy for
#: longer than anybody waits.
ON_PAPER = 1_000
#: Lines of a file of codes that are in memory at once.
LINES = 10_000

ROUTE = "/loyalty/coupons"


class LoyaltyCouponBatch(models.Model):
    """The coupons of a batch on paper and as a file, in parts.

    Coupons are numbered in the order in which they were made, used ones included: a
    part holds the same coupons whenever it is printed.
    """

    _inherit = "loyalty.coupon.batch"

    def action_print(self):
        """Print the usable coupons on sheets, or ask which part of them."""
        self.ensure_one()
        if self.made <= ON_PAPER:
            return self._print_sheets(1, ON_PAPER)
        return self._open_print("sheets")

    def action_export(self):
        """Ask which codes a file for the print house shall hold."""
        self.ensure_one()
        self._check_may_export()
        return self._open_print("codes")

    def _open_print(self, kind):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_program.loyalty_coupon_print_action"
        )
        action["context"] = {"default_batch_id": self.id, "default_kind": kind}
        return action

    def _get_printable(self, first, last):
        """Return the usable ones of the coupons numbered ``first`` to ``last``."""
        coupons = (
            self.env["loyalty.card"]
            .with_context(active_test=False)
            .search(
                [("batch_id", "=", self.id)],
                order="id",
                offset=first - 1,
                limit=last - first + 1,
            )
        )
        return coupons.filtered(
            lambda coupon: coupon.active and coupon.coupon_state in USABLE_STATES
        )

    def _print_sheets(self, first, last):
        coupons = self._get_printable(first, last)
        if not coupons:
            raise UserError(self.env._("There is no coupon left to print."))
        self._note(
            self.env._(
                "Coupons printed: %(count)s, of those numbered %(first)s to %(last)s.",
                count=len(coupons),
                first=first,
                last=min(last, self.made),
            )
        )
        report = self.env.ref("loyalty_program.report_coupon_sheet")
        return report.report_action(coupons)

    def _note(self, text):
        # sudo: the note is the system's own, whoever prints.
        self.sudo()._message_log(body=text, author_id=self.env.user.partner_id.id)

    # === The file ===

    def _check_may_export(self):
        """Refuse the file to who could not have made the coupons.

        :raise AccessError: a batch of another company, or no loyalty manager
        """
        self.check_access("read")
        if not self.env.user.has_group("loyalty_program.group_loyalty_manager"):
            raise AccessError(
                self.env._("Only loyalty managers take the codes of a batch.")
            )

    def _get_export_url(self, first, last):
        return f"{ROUTE}/{self.id}.csv?first={first}&last={last}"

    def _stream_codes(self, first, last):
        """Return the file of the usable codes numbered ``first`` to ``last``.

        :return: iterator of bytes, read from the database as it is read from
        """
        self._check_may_export()
        self._note(
            self.env._(
                "The codes numbered %(first)s to %(last)s were exported.",
                first=first,
                last=last,
            )
        )
        query = self._query_codes(first, last)
        header = ",".join(
            [self.env._("Number"), self.env._("Code"), self.env._("Valid until")]
        )
        return _stream(self.env.registry, header, query)

    def _query_codes(self, first, last):
        needed = self.program_id._get_coupon_points()
        self.env.flush_all()
        # SQL: a million rows need no records.
        return SQL(
            """
            SELECT number, code, expiration_date FROM (
                SELECT ROW_NUMBER() OVER (ORDER BY id) AS number, code,
                    expiration_date, active, voided_on, points
                FROM loyalty_card WHERE batch_id = %(batch)s
            ) numbered
            WHERE number BETWEEN %(first)s AND %(last)s
                AND active AND voided_on IS NULL AND points >= %(needed)s
                AND (expiration_date >= %(today)s OR expiration_date IS NULL)
            ORDER BY number
            """,
            batch=self.id,
            first=first,
            last=last,
            needed=needed,
            today=self.program_id._get_local_date(),
        )


def _stream(registry, header, query):
    """Yield the lines of a file of codes, so many at a time.

    It runs after the request, whose cursor is closed by then.
    """
    yield f"{header}\r\n".encode()
    # SQL: the database keeps what is not read yet. The coupons were just made: a
    # replica may not know them.
    with registry.cursor() as cr:
        cr.execute(SQL("DECLARE loyalty_codes NO SCROLL CURSOR FOR %s", query))
        while True:
            cr.execute(SQL("FETCH %s FROM loyalty_codes", LINES))
            rows = cr.fetchall()
            if not rows:
                return
            yield "".join(
                f"{number},{code},{fields.Date.to_string(day) or ''}\r\n"
                for number, code, day in rows
            ).encode()
