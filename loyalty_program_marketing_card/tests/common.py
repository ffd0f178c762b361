import io

from PIL import Image

from odoo.addons.base.models.ir_actions_report import IrActionsReport
from odoo.addons.loyalty_program_marketing_card.models.card_card import CardCard

_file = io.BytesIO()
Image.new("RGB", (60, 31), "teal").save(_file, "JPEG")
#: Stands for what Odoo would draw.
JPEG = _file.getvalue()


class ReferralImageMixin:
    """A server that can draw; ``drawn`` has the pages that it drew."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.drawn = drawn = []

        def draw(_self, bodies, width, height, image_format="jpg"):
            drawn.extend(bodies)
            return [JPEG for _body in bodies]

        cls.classPatch(CardCard, "_can_draw_referrals", lambda _self: True)
        cls.classPatch(IrActionsReport, "_run_wkhtmltoimage", draw)
        cls.program.write(
            {
                "referral_active": True,
                "referral_points": 50,
                "referral_friend_points": 30,
            }
        )

    def setUp(self):
        super().setUp()
        self.drawn.clear()
