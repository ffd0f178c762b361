import base64
from io import BytesIO

from PIL import Image

from odoo.http import Request
from odoo.tests import new_test_user, tagged

from .common import LoyaltyWebsiteCommon


def _make_photo():
    buffer = BytesIO()
    Image.new("RGB", (4, 4), "red").save(buffer, "PNG")
    return buffer.getvalue()


class CareWebCommon(LoyaltyWebsiteCommon):
    """An album that a care plan covers; the member has bought one already."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.care = cls.env["product.product"].create(
            {
                "name": "Album Care",
                "type": "service",
                "list_price": 9.0,
                "taxes_id": False,
                "is_published": True,
                "is_care_plan": True,
                "care_fee": 5,
                "care_product_tmpl_ids": [(6, 0, cls.album.product_tmpl_id.ids)],
            }
        )
        cls.item = cls._buy(cls.member, cls.album)

    @classmethod
    def _buy(cls, partner, *products, price=None):
        order = cls.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "order_line": [(0, 0, {"product_id": each.id}) for each in products],
            }
        )
        if price is not None:
            order.order_line.price_unit = price
        order.action_confirm()
        return order.order_line[:1]

    @classmethod
    def _make_plan(cls, partner):
        order = cls._buy(partner, cls.album, cls.care, price=0).order_id
        return cls.env["loyalty.care.plan"].search([("origin_id", "=", order.id)])

    def _cart(self, partner):
        return self.env["sale.order"].search(
            [("partner_id", "=", partner.id), ("website_id", "=", self.website.id)],
            order="id desc",
            limit=1,
        )

    def _add_care(self, **values):
        return self._post_form(
            "/my/care/add",
            **{
                "item_id": self.item.id,
                "template_id": self.care.product_tmpl_id.id,
                **values,
            },
        )


@tagged("post_install", "-at_install")
class TestPortalCare(CareWebCommon):
    """The customer's own plans and claims, and nobody else's."""

    def setUp(self):
        super().setUp()
        self.plan = self._make_plan(self.member)
        self.url = f"/my/care/{self.plan.id}"

    def _claim(self, description="Fell into water.", files=None, **form):
        form.setdefault("agrees", "yes")
        form["csrf_token"] = Request.csrf_token(self)
        return self.url_open(
            f"{self.url}/claim",
            data={"description": description, **form},
            files=files,
            method="POST",
        )

    def test_a_customer_reads_the_plan_and_claims(self):
        self._sign_in(self.member_user)
        listed = self._read_main("/my/care")
        self.assertIn(self.plan.name, listed)
        self.assertIn("Care plans", self.url_open("/my/home").text)
        photo = _make_photo()
        page = self._claim(files=[("photos", ("a.png", photo, "image/png"))]).text
        claim = self.plan.claim_ids
        self.assertIn(claim.name, page)
        self.assertEqual((claim.state, self.plan.claims_left), ("new", 1))
        attachment = claim.message_ids.attachment_ids
        self.assertEqual(base64.b64decode(attachment.datas), photo)
        self.assertIn("told us that already", self._claim().text)
        self._post_form(f"{self.url}/cancel", claim_id=claim.id)
        self.assertEqual((claim.state, self.plan.claims_left), ("cancelled", 2))

    def test_a_claim_in_the_browser(self):
        self.start_tour(
            "/my/home", "loyalty_website_care_claim", login=self.member_user.login
        )
        claim = self.plan.claim_ids
        self.assertEqual(claim.description, "It fell into the water.")
        self.assertEqual(claim.state, "cancelled")

    def test_bad_input_claims_nothing(self):
        self._sign_in(self.member_user)
        script = [("photos", ("a.png", b"<script>alert(1)</script>", "image/png"))]
        many = [("photos", ("a.png", _make_photo(), "image/png"))] * 6
        for words, form in (
            ("Tell us what happened", {"description": "  "}),
            ("Tell us what happened", {"description": "x" * 4001}),
            ("Tell us what happened", {"description": "\0"}),
            ("agree to the fee", {"agrees": ""}),
            ("is no photograph", {"files": script}),
            ("5 photographs at most", {"files": many}),
        ):
            with self.subTest(words):
                self.assertIn(words, self._claim(**form).text)
        self.assertFalse(self.plan.claim_ids)

    def test_a_plan_that_waits_says_so(self):
        self.plan.write({"state": "waiting", "starts_on": False, "ends_on": False})
        self._sign_in(self.member_user)
        page = self._read_main(self.url)
        self.assertIn("You can claim as soon as your care plan has begun.", page)
        self.assertNotIn("Send the claim", page)

    def test_what_is_over_cannot_be_claimed(self):
        self._sign_in(self.member_user)
        self.plan._cancel("Test.")
        self.assertNotIn("Send the claim", self._read_main(self.url))
        self.assertIn("is not active", self._claim().text)
        self.assertFalse(self.plan.claim_ids)

    def test_nobody_else_gets_anywhere(self):
        claim = self.env["loyalty.care.claim"].create(
            {"plan_id": self.plan.id, "description": "Mine."}
        )
        clerk = new_test_user(
            self.env, "care_clerk", groups="base.group_user", password="care_clerk"
        )
        for user in (self.other_user, clerk):
            self._sign_in(user)
            with self.subTest(user=user.login):
                for url in ("/my/care", self.url):
                    self.assertNotIn(self.plan.name, self._read_main(url))
                self._claim("Not mine.")
                self._post_form(f"{self.url}/cancel", claim_id=claim.id)
                self.assertEqual((self.plan.claim_ids, claim.state), (claim, "new"))
                self.assertIn("cannot be covered", self._add_care().text)
                self.assertFalse(self._cart(user.partner_id))

    def test_guests_are_sent_to_the_log_in(self):
        self.authenticate(None, None)
        for url in ("/my/care", self.url):
            self.assertIn("/web/login", self.url_open(url).url)
        self._claim()
        self._add_care()
        self.assertFalse(self.plan.claim_ids)

    def test_a_colleague_of_the_same_firm_sees_it(self):
        firm = self.env["res.partner"].create({"name": "Firm", "is_company": True})
        (self.member | self.other).parent_id = firm
        self._sign_in(self.other_user)
        self.assertIn(self.plan.name, self._read_main("/my/care"))


@tagged("post_install", "-at_install")
class TestCartCare(CareWebCommon):
    """A care plan in the cart: bound to its item, or not payable."""

    def _add(self, product, **values):
        return self.make_jsonrpc_request(
            "/shop/cart/add",
            {
                "product_template_id": product.product_tmpl_id.id,
                "product_id": product.id,
                "quantity": 1,
                **values,
            },
        )

    def test_an_item_bought_before_is_covered_from_the_portal(self):
        self._sign_in(self.member_user)
        self.assertIn("Album Care", self._read_main("/my/care"))
        self._add_care()
        page = self._add_care().text
        cart = self._cart(self.member)
        self.assertEqual(cart.order_line.care_item_line_id, self.item)
        self.assertEqual(cart.order_line.product_uom_qty, 1)
        self.assertIn(f"Covers: Test Album ({self.item.order_id.name})", page)
        self._pay(cart)
        plan = self.env["loyalty.care.plan"].search([("origin_id", "=", cart.id)])
        self.assertEqual((plan.item_line_id, plan.state), (self.item.id, "active"))
        self.assertNotIn("Add “Album Care”", self._read_main("/my/care"))

    def test_together_with_the_item_it_needs_no_choice(self):
        self._sign_in(self.member_user)
        self._add(self.care)
        cart = self._cart(self.member)
        self.assertFalse(cart._is_cart_ready())
        self.assertIn("Which item does", self._read_main("/shop/cart"))
        self._add(self.album)
        self.assertTrue(cart._is_cart_ready())
        self.assertIn("Covers: Test Album", self._read_main("/shop/cart"))
        self._pay(cart)
        plan = self.env["loyalty.care.plan"].search([("origin_id", "=", cart.id)])
        self.assertEqual(plan.item_product_id, self.album)

    def test_among_two_items_the_customer_chooses(self):
        other = self.album.create(
            {
                "name": "Other Album",
                "type": "service",
                "list_price": 30.0,
                "taxes_id": False,
                "is_published": True,
            }
        )
        self.care.care_product_tmpl_ids += other.product_tmpl_id
        self._sign_in(self.member_user)
        for product in (self.album, other, self.care):
            self._add(product)
        cart = self._cart(self.member)
        self.assertFalse(cart._is_cart_ready())
        self.assertIn("o_lp_cart_choice", self._read_main("/shop/cart"))
        lines = {line.product_id: line for line in cart.order_line}
        choose = {"line_id": lines[self.care].id, "item_id": lines[other].id}
        self._post_form("/shop/cart/care", **choose)
        self.assertEqual(lines[self.care].care_item_line_id, lines[other])
        self.assertTrue(cart._is_cart_ready())
        # An item of nobody's cart is no choice.
        self._post_form("/shop/cart/care", **(choose | {"item_id": self.item.id}))
        self.assertFalse(lines[self.care].care_item_line_id)

    def test_the_item_of_somebody_else_is_never_bound(self):
        self._sign_in(self.other_user)
        self._add(self.care, care_item_line_id=self.item.id)
        cart = self._cart(self.other)
        self.assertFalse(cart.order_line.care_item_line_id)
        page = self._read_main("/shop/cart")
        self.assertNotIn(self.item.order_id.name, page)
        self.assertFalse(cart._is_cart_ready())

    def test_plans_for_two_items_are_two_lines(self):
        second = self._buy(self.member, self.album)
        self._sign_in(self.member_user)
        self._add_care()
        self._add_care(item_id=second.id)
        cart = self._cart(self.member)
        self.assertEqual(cart.order_line.care_item_line_id, self.item | second)
        self.assertTrue(cart._is_cart_ready())
