from decimal import Decimal

from lxml import html

from odoo.http import Request
from odoo.tests import new_test_user

from odoo.addons.loyalty_program.engine.values import Posting
from odoo.addons.payment.tests.http_common import PaymentHttpCommon


class LoyaltyWebsiteCommon(PaymentHttpCommon):
    """A shop with one strict programme, two customers and one record for 40."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.website = cls.env.ref("website.default_website")
        cls.env["loyalty.program"].search([]).active = False
        cls.program = cls._create_program(name="Test Club")
        cls.album = cls.env["product.product"].create(
            {
                "name": "Test Album",
                "type": "service",
                "list_price": 40.0,
                "taxes_id": False,
                "is_published": True,
            }
        )
        cls.member_user = cls._create_customer("test_member", "Mia Member")
        cls.member = cls.member_user.partner_id
        cls.card = cls._create_card(cls.member)
        cls.other_user = cls._create_customer("test_stranger", "Stan Stranger")
        cls.other = cls.other_user.partner_id

    @classmethod
    def _create_program(cls, **values):
        program = cls.env["loyalty.program"].create(
            cls.env["loyalty.program"]._prepare_membership_values()
        )
        program.write(values)
        return program

    @classmethod
    def _create_card(cls, partner):
        return cls.program._enrol(partner, "backoffice", True)

    @classmethod
    def _create_customer(cls, login, name):
        return new_test_user(
            cls.env,
            login,
            groups="base.group_portal",
            password=login,
            name=name,
            email=f"{login}@example.com",
            phone="+1 555 0100",
            street="1 Groove Street",
            city="Scranton",
            zip="18503",
            country_id=cls.env.ref("base.us").id,
            state_id=cls.env.ref("base.state_us_39").id,
        )

    def _sign_in(self, user):
        self.authenticate(user.login, user.login)

    def _give_points(self, card, points, key="test:gift", **values):
        values.setdefault("entry_type", "bonus")
        return self.env["loyalty.ledger"]._post(
            [Posting(card_id=card.id, points=Decimal(points), key=key, **values)]
        )

    def _purchase(self, amount):
        self._give_points(
            self.card,
            amount,
            key="test:purchase",
            entry_type="earn",
            base_amount=Decimal(amount),
            counts_for_tier=True,
        )

    def _open(self, url="/my/loyalty"):
        return html.fromstring(self.url_open(url).text)

    def _text(self, page, css_class):
        found = page.xpath(f"//*[contains(concat(' ', @class, ' '), ' {css_class} ')]")
        self.assertTrue(found, f"nothing of class {css_class} on the page")
        return " ".join(found[0].text_content().split())

    def _read_main(self, url):
        """Return the part of a page that is not the shop's frame."""
        page = self.url_open(url).text
        return page[page.index("<main") : page.index("</main>")]

    def _post_form(self, path, **form):
        form.setdefault("csrf_token", Request.csrf_token(self))
        return self.url_open(path, data=form, method="POST")

    def _join(self, program, **form):
        """Send the form as the page shows it; keywords change what is sent."""
        values = {
            "program_id": program.id,
            "terms_version": program.terms_version,
            "consent": "yes",
            **form,
        }
        return self._post_form("/my/loyalty/join", **values)

    def _get_card(self, partner, program=None):
        return (program or self.program)._get_member_card(partner)

    def _fill_cart(self, partner, quantity=1):
        """Put albums into the cart of whoever is signed in and return the order."""
        self.make_jsonrpc_request(
            "/shop/cart/add",
            {
                "product_template_id": self.album.product_tmpl_id.id,
                "product_id": self.album.id,
                "quantity": quantity,
            },
        )
        return self.env["sale.order"].search(
            [("partner_id", "=", partner.id), ("website_id", "=", self.website.id)],
            order="id desc",
            limit=1,
        )

    def _start_payment(self, order):
        """Start the payment the way the shop's page does and return the transaction."""
        answer = self.make_jsonrpc_request(
            f"/shop/payment/transaction/{order.id}",
            {
                "access_token": order._portal_ensure_token(),
                "amount": order.amount_total,
                "provider_id": self.provider.id,
                "payment_method_id": self.payment_method_id,
                "flow": "redirect",
                "token_id": None,
                "tokenization_requested": False,
                "landing_route": order.get_portal_url(),
            },
        )
        return self.env["payment.transaction"].search(
            [("reference", "=", answer["reference"])]
        )

    def _pay(self, order):
        """Pay the order in full; the money arrives and is processed."""
        transaction = self._start_payment(order)
        transaction._set_done()
        transaction._post_process()
        return transaction

    def _entries_of(self, order):
        return self.env["loyalty.ledger.entry"].search(
            [("origin_model", "=", "sale.order"), ("origin_id", "=", order.id)],
            order="id",
        )
