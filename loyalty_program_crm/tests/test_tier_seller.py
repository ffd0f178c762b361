from odoo.tests import Form, new_test_user, tagged

from .common import CampaignCase


@tagged("post_install", "-at_install")
class TestTierSeller(CampaignCase):
    """New leads of a member go to whom the tier promises."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = "base.group_user,sales_team.group_sale_salesman_all_leads"
        cls.expert = new_test_user(cls.env, "tier_expert", groups=groups)
        cls.colleague = new_test_user(cls.env, "tier_colleague", groups=groups)
        cls.team = cls.env["crm.team"].create({"name": "Cellar", "company_id": False})
        cls.partner = cls.env["res.partner"].create({"name": "Mira Member"})
        cls.card = cls.program._enrol(cls.partner, "backoffice", True)
        cls.env["loyalty.tier.benefit"].create(
            {
                "tier_id": cls.card.tier_id.id,
                "kind": "seller",
                "seller_id": cls.expert.id,
                "seller_team_id": cls.team.id,
            }
        )

    def _new_lead(self, **values):
        return (
            self.env["crm.lead"]
            .with_user(self.colleague)
            .create({"name": "Asks", "partner_id": self.partner.id, **values})
        )

    def test_a_new_lead_goes_to_the_expert(self):
        lead = self._new_lead()
        self.assertEqual((lead.user_id, lead.team_id), (self.expert, self.team))

    def test_a_choice_stays(self):
        lead = self._new_lead(user_id=self.colleague.id)
        self.assertEqual(lead.user_id, self.colleague)

    def test_without_the_tier_it_is_as_ever(self):
        self.card.sudo().tier_id = False
        self.assertEqual(self._new_lead().user_id, self.colleague)

    def test_in_a_form_the_customer_brings_the_expert(self):
        form = Form(self.env["crm.lead"].with_user(self.colleague))
        form.name = "Asks"
        form.partner_id = self.partner
        lead = form.save()
        self.assertEqual((lead.user_id, lead.team_id), (self.expert, self.team))
