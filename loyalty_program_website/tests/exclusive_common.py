from .common import LoyaltyWebsiteCommon


class ExclusiveCommon(LoyaltyWebsiteCommon):
    """A shop with a locked and a hidden product; one customer is Gold, one is not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gold = cls.program.tier_ids.sorted("threshold")[2]
        cls.locked = cls._make_exclusive("Test Locked Pressing", "locked")
        cls.hidden = cls._make_exclusive("Test Hidden Pressing", "hidden")
        cls.gold_user = cls._create_customer("test_gold", "Gosia Gold")
        cls.gold_card = cls.program._enrol(cls.gold_user.partner_id, "backoffice", True)
        cls.gold_card.tier_id = cls.gold
        cls.employee = cls._make_employee()
        cls.reason = "“Test Locked Pressing” is only for these tiers: Gold."

    @classmethod
    def _make_employee(cls):
        user = cls._create_customer("test_employee", "Emil Employee")
        user.group_ids = cls.env.ref("base.group_user")
        return user

    @classmethod
    def _make_exclusive(cls, name, look, **values):
        return cls.env["product.template"].create(
            {
                "name": name,
                "type": "service",
                "list_price": 55.0,
                "taxes_id": False,
                "is_published": True,
                "audience_tier_ids": cls.gold.ids,
                "audience_look": look,
                **values,
            }
        )

    @property
    def visitors(self):
        """Return (who, user or None for a guest, whether Gold, whether staff)."""
        return [
            ("guest", None, False, False),
            ("member", self.member_user, False, False),
            ("stranger", self.other_user, False, False),
            ("gold", self.gold_user, True, False),
            ("employee", self.employee, False, True),
        ]

    def _visit_as(self, user):
        if user:
            self._sign_in(user)
        else:
            self.authenticate(None, None)

    def _drop_from_gold(self):
        self.gold_card.sudo().tier_id = self.program.tier_ids.sorted("threshold")[0]
        self.env.flush_all()
