from odoo import api, models
from odoo.tools import SQL

#: The mailbox behind an address, as ``engine.referral.email_key`` reads it. What is
#: too long for an address is cut: an index takes no text of any length.
MAILBOX = """left(
    CASE WHEN split_part(email_normalized, '@', 2) IN ('gmail.com', 'googlemail.com')
    THEN replace(split_part(split_part(email_normalized, '@', 1), '+', 1), '.', '')
        || '@gmail.com'
    ELSE split_part(split_part(email_normalized, '@', 1), '+', 1)
        || '@' || split_part(email_normalized, '@', 2)
    END, 254
)"""
#: The digits of a phone number, leading zeros included.
DIGITS = "regexp_replace(phone, '[^0-9]', '', 'g')"
#: As many last digits as any number has that is compared.
LAST_DIGITS = f"right({DIGITS}, 7)"


class ResPartner(models.Model):
    """Who may be one person with somebody, found among millions of contacts.

    Both indexes hold what is compared, since nobody cheats with the same spelling.
    """

    _inherit = "res.partner"

    _loyalty_mailbox_idx = models.Index(
        f"({MAILBOX}) WHERE email_normalized IS NOT NULL"
    )
    _loyalty_phone_idx = models.Index(f"(({LAST_DIGITS})) WHERE phone IS NOT NULL")

    @api.model
    def _find_loyalty_doubles(self, person):
        """Return the contacts with a mailbox or phone number of a person.

        Archived ones as well. Called in sudo: whose they are stays with the suite.

        :param engine.referral.Person person: who is looked for
        """
        self.flush_model(["email_normalized", "phone"])
        rows = self.env.execute_query(self._query_loyalty_doubles(person))
        return self.browse(row[0] for row in rows)

    @api.model
    def _query_loyalty_doubles(self, person):
        # SQL: expressions that are indexed, which no domain can name.
        return SQL(
            """
            SELECT id FROM res_partner
            WHERE email_normalized IS NOT NULL
                AND %(mailbox)s = ANY(%(mailboxes)s::text[])
            UNION
            SELECT partner.id
            FROM unnest(%(phones)s::text[]) AS own(digits)
            JOIN res_partner AS partner
                ON partner.phone IS NOT NULL AND %(last)s = right(own.digits, 7)
            CROSS JOIN LATERAL ltrim(%(digits)s, '0') AS other(digits)
            WHERE right(other.digits, length(own.digits)) = own.digits
                OR (length(other.digits) >= 7
                    AND right(own.digits, length(other.digits)) = other.digits)
            ORDER BY id
            """,
            mailbox=SQL(MAILBOX),
            mailboxes=sorted(person.emails),
            phones=sorted(person.phones),
            last=SQL(LAST_DIGITS),
            digits=SQL(DIGITS),
        )
