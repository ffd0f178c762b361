from odoo import fields, models
from odoo.exceptions import AccessError, UserError

#: What tells who a contact is. What invoices must keep by law is on the invoices.
IDENTITY_FIELDS = (
    "barcode",
    "city",
    "comment",
    "company_name",
    "email",
    "function",
    "image_1920",
    "loyalty_birth_consent",
    "loyalty_birth_consent_on",
    "loyalty_birth_date",
    "phone",
    "ref",
    "state_id",
    "street",
    "street2",
    "vat",
    "website",
    "zip",
)


class LoyaltyCard(models.Model):
    """The right to be forgotten: the identity goes, sums and entries stay."""

    _inherit = "loyalty.card"

    erased_on = fields.Date(readonly=True, copy=False)

    def action_erase(self):
        """Ask what exactly shall be forgotten."""
        self.ensure_one()
        return self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_program.loyalty_erase_action"
        ) | {"context": {"default_card_id": self.id}}

    def _erase(self, with_contact):
        """Forget whose membership this is, for good.

        Number and codes are gone; points and entries stay under nobody's name.

        :param bool with_contact: forget the contact itself as well, and with it all
            its other memberships
        :raise AccessError: no loyalty manager
        :raise UserError: no membership, or an employee's contact
        """
        self.ensure_one()
        self.check_access("write")
        if not self.env.user.has_group("loyalty_program.group_loyalty_manager"):
            raise AccessError(self.env._("Only loyalty managers may erase a member."))
        if self.member_state in ("none", "erased"):
            raise UserError(self.env._("There is no member to erase on this card."))
        # sudo: the rights were checked; traces lie where the manager need not see.
        card = self.sudo()
        partner = card.partner_id
        domain = [("partner_id", "=", partner.id), ("program_id", "!=", False)]
        if not with_contact:
            domain.append(("program_id", "=", card.program_id.id))
        cards = card.with_context(active_test=False).search(domain) if partner else card
        if with_contact:
            cards._log_privacy(partner)
            cards._anonymise_contact(partner)
        # A wallet is money, not a membership: it stays with the contact, nameless.
        for each in cards.filtered(lambda own: own.program_type == "loyalty"):
            each._erase_traces()

    def _erase_traces(self):
        """Remove what names the member. Override to: forget what an addon keeps."""
        self.ensure_one()
        self.history_ids.description = self.env._("Erased")
        adjustments = self.env["loyalty.adjustment"].search([("card_id", "=", self.id)])
        adjustments.note = False
        (self.message_ids | adjustments.message_ids).unlink()
        self.message_unsubscribe(self.message_partner_ids.ids)
        self.write(
            {
                "member_state": "erased",
                "erased_on": self.program_id._get_local_date(),
                "member_number": False,
                "code": self._generate_code(),
                "partner_id": False,
                "freeze_reason": False,
                "frozen_on": False,
                "active": False,
            }
        )
        self.message_post(
            body=self.env._("The member was erased. Sums and entries stay.")
        )

    def _anonymise_contact(self, partner):
        """Make the contact, its addresses and its portal user nobody's."""
        people = self._get_people(partner)
        users = people.with_context(active_test=False).user_ids
        if users.filtered(lambda user: user._is_internal()):
            raise UserError(
                self.env._(
                    "%(name)s is a user of this database. Erase the membership only.",
                    name=partner.display_name,
                )
            )
        for user in users:
            user.write({"active": False, "login": f"erased-{user.id}"})
        blank = dict.fromkeys(IDENTITY_FIELDS, False)
        people.message_ids.unlink()
        partner.parent_id = False
        people.with_context(tracking_disable=True).write(
            {**blank, "name": self.env._("Erased contact"), "active": False}
        )

    def _get_people(self, partner):
        """Return the contact with its addresses, also those out of use."""
        addresses = self.env["res.partner"].with_context(active_test=False)
        return partner | addresses.search(
            [("parent_id", "=", partner.id), ("type", "!=", "contact")]
        )

    def _log_privacy(self, partner):
        """Note the deed in Odoo's privacy log, which masks the name by itself."""
        if "privacy.log" in self.env and partner.email_normalized:
            self.env["privacy.log"].create(
                {
                    "anonymized_name": partner.name,
                    "anonymized_email": partner.email_normalized,
                    "execution_details": self.env._(
                        "Erased from the loyalty programmes, contact included."
                    ),
                }
            )
