from odoo import fields, models


class LoyaltyProgram(models.Model):
    """The design of the images that members send to friends."""

    _inherit = "loyalty.program"

    referral_campaign_id = fields.Many2one(
        comodel_name="card.campaign",
        string="Image for friends",
        help="Made when the first member asks for an image. Change its design, "
        "background and words; archive it, and there are no images.",
        domain="[('res_model', '=', 'loyalty.card')]",
        context={"active_test": False},
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    can_draw_referrals = fields.Boolean(compute="_compute_can_draw_referrals")

    def _compute_can_draw_referrals(self):
        self.can_draw_referrals = self.env["card.card"]._can_draw_referrals()

    def _get_referral_campaign(self, card):
        """Return the design of the programme's images, made when asked for first.

        Called in sudo: members ask. Of two who ask first at once, the second meets
        the first one's campaign on the programme, and is tried again.

        :param card: a membership to show the design with
        """
        self.ensure_one()
        if not self.referral_campaign_id:
            campaigns = self.env["card.campaign"].with_context(
                mail_create_nosubscribe=True
            )
            values = self._prepare_referral_campaign(card)
            self.referral_campaign_id = campaigns.create(values)
        return self.referral_campaign_id

    def _prepare_referral_campaign(self, card):
        """Return the values of a new design: which words stand where."""
        design = self.env.ref("loyalty_program_marketing_card.card_template_referral")
        return {
            "name": self.env._("Bring a friend: %(program)s", program=self.name),
            "user_id": False,
            "card_template_id": design.id,
            "preview_record_ref": f"loyalty.card,{card.id}",
            "target_url": self.get_base_url(),
            "content_header_dyn": True,
            "content_header_path": "referral_image_title",
            "content_sub_header_dyn": True,
            "content_sub_header_path": "referral_image_offer",
            "content_section_dyn": True,
            "content_section_path": "program_id.name",
            "content_sub_section1_dyn": True,
            "content_sub_section1_path": "referral_text",
            "content_image1_path": "referral_image_qr",
        }
