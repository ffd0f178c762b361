"""The customer's care plans: see them, claim, and cover what was bought before."""

from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.http import request, route
from odoo.tools.mimetypes import guess_mimetype

from .parameters import parse_text
from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.website_sale.controllers.main import WebsiteSale

CARE_URL = "/my/care"
MOST_PHOTOS = 5
LARGEST_PHOTO = 10 * 1024 * 1024
LONGEST_DESCRIPTION = 4000
PHOTO_TYPES = ("image/jpeg", "image/png", "image/webp", "image/gif", "image/heic")


class CarePortal(CustomerPortal):
    # -- pages -----------------------------------------------------------------

    def _prepare_home_portal_values(self, counters):
        """Override of ``portal``: a door to the plans, for whom there is one."""
        values = super()._prepare_home_portal_values(counters)
        if not counters:
            values["has_care"] = bool(self._get_care_plans()) or self._has_care_items()
        return values

    @route(
        CARE_URL, type="http", auth="user", website=True, sitemap=False, readonly=True
    )
    def portal_my_care(self, **_query):
        """Show the own plans, and the items that may still be covered."""
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="care",
            plans=self._get_care_plans()._get_portal_values(),
            offers=self._get_care_offers(),
            shown_message=request.session.pop("care_message", None),
        )
        return request.render("loyalty_program_website.portal_my_care", values)

    @route(
        f"{CARE_URL}/<int:plan_id>",
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        readonly=True,
    )
    def portal_care_plan(self, plan_id, **_query):
        """Show one own plan with its claims, and the form for another one."""
        plan = self._find_care_plan(plan_id)
        if not plan:
            return request.redirect(CARE_URL)
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="care_plan",
            shown=plan._get_portal_values()[0],
            plan=plan,
            claims=plan.claim_ids._get_portal_values(),
            photos_label=request.env._(
                "Photographs (up to %(count)s)", count=MOST_PHOTOS
            ),
            longest=LONGEST_DESCRIPTION,
            shown_message=request.session.pop("care_message", None),
        )
        return request.render("loyalty_program_website.portal_care_plan", values)

    @route(
        [
            f"{CARE_URL}/add",
            f"{CARE_URL}/<int:plan_id>/cancel",
            f"{CARE_URL}/<int:plan_id>/claim",
        ],
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
        sitemap=False,
        readonly=True,
    )
    def portal_care_form_address(self, plan_id=None, **_form):
        """Lead whoever opens the address of a form to the page that shows it.

        So does whoever sent a form too late, and was asked to log in first.
        """
        return request.redirect(f"{CARE_URL}/{plan_id}" if plan_id else CARE_URL)

    # -- claims ----------------------------------------------------------------

    @route(
        f"{CARE_URL}/<int:plan_id>/claim",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
        sitemap=False,
    )
    def portal_care_claim(self, plan_id, description="", agrees=None, **_form):
        """File a claim of an own plan, with photographs."""
        plan = self._find_care_plan(plan_id)
        if not plan:
            return request.redirect(CARE_URL)
        try:
            with request.env.cr.savepoint():
                claim = self._file_claim(plan, parse_text(description).strip(), agrees)
        except UserError as error:
            return self._redirect_to_care(str(error), "danger", plan)
        text = request.env._(
            "Your claim %(claim)s has arrived. We answer by e-mail and on this page.",
            claim=claim.name,
        )
        return self._redirect_to_care(text, "success", plan)

    @route(
        f"{CARE_URL}/<int:plan_id>/cancel",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
        sitemap=False,
    )
    def portal_care_cancel(self, plan_id, claim_id=None, **_form):
        """Take back an own claim that nobody has decided about."""
        plan = self._find_care_plan(plan_id)
        claim = plan.claim_ids.filtered(
            lambda claim: str(claim.id) == str(claim_id) and claim.state == "new"
        )
        if not claim:
            return request.redirect(CARE_URL)
        claim.action_cancel()
        text = request.env._("Your claim %(claim)s is taken back.", claim=claim.name)
        return self._redirect_to_care(text, "info", plan)

    def _file_claim(self, plan, description, agrees):
        """File a claim of the signed-in customer.

        :raise UserError: says what is missing
        """
        if not description or len(description) > LONGEST_DESCRIPTION:
            raise UserError(
                request.env._(
                    "Tell us what happened, in %(count)s characters at most.",
                    count=LONGEST_DESCRIPTION,
                )
            )
        if not plan.currency_id.is_zero(plan.fee) and agrees != "yes":
            raise UserError(request.env._("Please tick the box to agree to the fee."))
        if plan.claim_ids.filtered(
            lambda claim: claim.state == "new" and claim.description == description
        ):
            raise UserError(request.env._("You have told us that already."))
        photos = self._read_photos()
        claim = plan.claim_ids.create({"plan_id": plan.id, "description": description})
        if photos:
            claim.message_post(
                body=request.env._("Photographs of the customer"),
                attachments=photos,
                author_id=request.env.user.partner_id.id,
            )
        return claim

    def _read_photos(self):
        """Return the photographs of the form as (name, bytes).

        :raise UserError: too many, too large, or no photograph
        """
        files = request.httprequest.files.getlist("photos")
        files = [file for file in files if file and file.filename]
        if len(files) > MOST_PHOTOS:
            raise UserError(
                request.env._("Send %(count)s photographs at most.", count=MOST_PHOTOS)
            )
        photos = []
        for file in files:
            content = file.read(LARGEST_PHOTO + 1)
            is_photo = guess_mimetype(content) in PHOTO_TYPES
            if len(content) > LARGEST_PHOTO or not is_photo:
                raise UserError(
                    request.env._(
                        "“%(name)s” is no photograph of at most 10 MB.",
                        name=file.filename,
                    )
                )
            photos.append((file.filename, content))
        return photos

    # -- cover what was bought before --------------------------------------------

    @route(
        f"{CARE_URL}/add",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
        sitemap=False,
    )
    def portal_care_add(self, item_id=None, template_id=None, **_form):
        """Put a plan for an own item into the cart."""
        for offer in self._get_care_offers():
            wanted = (str(offer["item"].id), str(offer["template"].id))
            if wanted == (str(item_id), str(template_id)):
                break
        else:
            text = request.env._("This item cannot be covered any more.")
            return self._redirect_to_care(text, "danger")
        cart = request.cart or request.website._create_cart()
        product = offer["template"].product_variant_id
        here = cart._cart_find_product_line(
            product.id, product.uom_id.id, care_item_line_id=offer["item"].id
        )
        if not here:
            cart._cart_add(product.id, 1, care_item_line_id=offer["item"].id)
        return request.redirect("/shop/cart")

    # -- own records -----------------------------------------------------------

    def _get_care_plans(self):
        # sudo: customers cannot read plans; these are their own.
        return (
            request.env["loyalty.care.plan"]
            .sudo()
            ._search_own(request.env.user.partner_id, request.website.company_id)
        )

    def _find_care_plan(self, plan_id):
        """Return the own plan of an id out of a URL, an empty record for any other."""
        return self._get_care_plans().filtered(
            lambda plan: str(plan.id) == str(plan_id)
        )

    def _get_care_products(self):
        """Return the care plans that the signed-in customer may buy in this shop."""
        shown = request.website._product_domain()
        products = request.env["product.product"].search(
            Domain("is_care_plan", "=", True) & Domain(shown)
        )
        allowed = products.filtered(
            lambda product: (
                product.website_published and product._is_add_to_cart_allowed()
            )
        )
        return allowed.product_tmpl_id

    def _get_care_offers(self):
        # sudo: customers do not read the lines of orders; these are their own.
        lines = request.env["sale.order.line"].sudo()
        return lines._get_care_offers(
            self._get_care_products(),
            request.env.user.partner_id,
            request.website.company_id,
        )

    def _has_care_items(self):
        """Tell whether the customer has bought anything that a plan is for."""
        # sudo: customers do not read the lines of orders; these are their own.
        lines = request.env["sale.order.line"].sudo()
        owner = request.env.user.partner_id.commercial_partner_id
        return any(
            lines._search_care_items(template, owner, request.website.company_id, 1)
            for template in self._get_care_products()
        )

    def _redirect_to_care(self, text, level, plan=None):
        """Go to a page of the care plans, which shows the text once."""
        request.session["care_message"] = {"text": text, "level": level}
        return request.redirect(f"{CARE_URL}/{plan.id}" if plan else CARE_URL)


class CareShop(WebsiteSale):
    def _get_shop_payment_errors(self, order):
        errors = super()._get_shop_payment_errors(order)
        return order._get_care_payment_errors() + errors

    @route(
        "/shop/cart/care",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
        sitemap=False,
    )
    def shop_cart_care(self, line_id=None, item_id=None, **_form):
        """Choose which item of the cart a care plan covers."""
        lines = request.cart.order_line if request.cart else ()
        for line in lines:
            if str(line.id) == str(line_id):
                choices = line._get_care_choices()
                line.care_item_line_id = choices.filtered(
                    lambda item: str(item.id) == str(item_id)
                )
        return request.redirect("/shop/cart")
