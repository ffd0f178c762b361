"""The customer's own loyalty pages: what they have, how they got it, how to join."""

from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.http import request, route

from .parameters import get_known_key, parse_page
from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

OVERVIEW_URL = "/my/loyalty"
#: Where a customer may return to after joining. Keys travel in the form, never URLs.
RETURN_URLS = {"cart": "/shop/cart"}
ENTRIES_ON_OVERVIEW = 5
ENTRIES_PER_PAGE = 20


class LoyaltyPortal(CustomerPortal):
    # -- pages -----------------------------------------------------------------

    def _prepare_home_portal_values(self, counters):
        """Override of ``portal``: the home page shows a door to the programmes."""
        values = super()._prepare_home_portal_values(counters)
        if not counters:
            values["loyalty_memberships"] = [
                {"program": program, "card": card}
                for program, card in self._get_loyalty_programs_and_cards()
            ]
        return values

    @route(
        OVERVIEW_URL,
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        readonly=True,
    )
    def portal_my_loyalty(self, back=None, **_query):
        """Show every programme: the membership, or the offer and how to join."""
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="loyalty",
            memberships=[
                self._prepare_membership_values(program, card)
                for program, card in self._get_loyalty_programs_and_cards()
            ],
            shown_message=request.session.pop("loyalty_message", None),
            back=back if back in RETURN_URLS else None,
        )
        return request.render("loyalty_program_website.portal_my_loyalty", values)

    @route(
        [
            "/my/loyalty/<int:program_id>/points",
            "/my/loyalty/<int:program_id>/points/page/<int:page>",
        ],
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        readonly=True,
    )
    def portal_my_loyalty_entries(self, program_id, page=1, **query):
        """Show the ledger of the customer's own card, newest first, page by page."""
        program, card = self._find_loyalty_program(program_id)
        if not card:
            return request.redirect(OVERVIEW_URL)
        filters = self._get_loyalty_entry_filters()
        sortings = self._get_loyalty_entry_sortings()
        filterby = get_known_key(filters, query.get("filterby"))
        sortby = get_known_key(sortings, query.get("sortby"))
        domain = filters[filterby]["domain"]
        pager = portal_pager(
            url=f"{OVERVIEW_URL}/{program.id}/points",
            url_args={"filterby": filterby, "sortby": sortby},
            total=card._count_portal_entries(domain),
            page=parse_page(page),
            step=ENTRIES_PER_PAGE,
        )
        entries = card._search_portal_entries(
            domain,
            order=sortings[sortby]["order"],
            limit=ENTRIES_PER_PAGE,
            offset=pager["offset"],
        )
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="loyalty_entries",
            program=program,
            card=card,
            entries=entries._get_portal_values(),
            pager=pager,
            default_url=f"{OVERVIEW_URL}/{program.id}/points",
            searchbar_filters=filters,
            searchbar_sortings=sortings,
            filterby=filterby,
            sortby=sortby,
        )
        return request.render("loyalty_program_website.portal_loyalty_entries", values)

    @route(
        [
            "/my/loyalty/birthday",
            "/my/loyalty/claim",
            "/my/loyalty/claim/cancel",
            "/my/loyalty/coupon",
            "/my/loyalty/friend_code",
            "/my/loyalty/join",
            "/my/loyalty/leave",
            "/my/loyalty/sharing",
        ],
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
        sitemap=False,
        readonly=True,
    )
    def portal_loyalty_form_address(self, **_form):
        """Lead whoever opens the address of a form to the page that shows it.

        So does whoever sent a form too late, and was asked to log in first.
        """
        return request.redirect(OVERVIEW_URL)

    @route(
        "/my/loyalty/join",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
        sitemap=False,
    )
    def portal_loyalty_join(self, program_id=None, back=None, **form):
        """Make the signed-in customer a member, with consent to the terms shown."""
        program, _card = self._find_loyalty_program(program_id)
        if not program:
            return request.redirect(OVERVIEW_URL)
        refusal = self._join_loyalty_program(program, form)
        if not refusal and back in RETURN_URLS:
            return request.redirect(RETURN_URLS[back])
        return self._redirect_with_message(
            program,
            refusal
            or request.env._(
                "Welcome to %(name)s! From now on your purchases collect points.",
                name=program.name,
            ),
            "danger" if refusal else "success",
        )

    @route(
        "/my/loyalty/leave",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
        sitemap=False,
    )
    def portal_loyalty_leave(self, program_id=None, **_form):
        """End the signed-in customer's own membership, as easily as it began."""
        program, card = self._find_loyalty_program(program_id)
        if not card:
            return request.redirect(OVERVIEW_URL)
        card._leave()
        return self._redirect_with_message(
            program,
            request.env._(
                "You have left %(name)s. Your points stay here in case you return.",
                name=program.name,
            ),
            "info",
        )

    def _redirect_with_message(self, program, text, level):
        """Go to the programme's place on the overview, which shows the text once."""
        request.session["loyalty_message"] = {
            "program_id": program.id,
            "text": text,
            "level": level,
        }
        return request.redirect(f"{OVERVIEW_URL}#programme_{program.id}")

    def _join_loyalty_program(self, program, form):
        """Enrol the signed-in customer.

        :return: why it was refused, or None
        :rtype: str | None
        """
        if form.get("consent") != "yes":
            return request.env._("Please tick the box to agree to the terms.")
        if form.get("terms_version", "") != (program.terms_version or ""):
            return request.env._("The terms have just changed. Please read them again.")
        try:
            with request.env.cr.savepoint():
                program._enrol(request.env.user.partner_id, "website", True)
        except UserError as error:
            return str(error)
        return None

    # -- own records -----------------------------------------------------------

    def _get_loyalty_programs_and_cards(self):
        """Return (programme, own card) of all that concerns the signed-in customer.

        The card is empty where the customer may join but has not. Programmes that
        are closed to them and hold nothing of theirs are left out.
        """
        # sudo: customers cannot read programmes and cards; the programmes are those
        # of the website's company, and each card is the customer's own.
        programs_sudo = (
            request.env["loyalty.program"].sudo()._get_website_programs(request.website)
        )
        partner = request.env.user.partner_id
        pairs = [
            (program, program._get_member_card(partner)) for program in programs_sudo
        ]
        return [
            (program, card)
            for program, card in pairs
            if card or program._is_open_on_website()
        ]

    def _find_loyalty_program(self, program_id):
        """Return (programme, own card) for an id out of a URL or a form.

        The id is compared with what concerns the customer and never reaches the
        database, so any made-up id gets the same answer: (None, None).
        """
        for program, card in self._get_loyalty_programs_and_cards():
            if str(program.id) == str(program_id):
                return program, card
        return None, None

    # -- values ----------------------------------------------------------------

    def _prepare_membership_values(self, program, card):
        """Return what the overview shows of one programme."""
        values = {
            "program": program,
            "card": card,
            "tiers": program.tier_ids.sorted("threshold"),
            "rewards": self._get_membership_rewards(program, card),
            "earning_words": program._list_earning_words(),
            "life_words": program._list_life_words(),
            "is_covered": not card
            and program._is_covered_for(request.env.user.partner_id),
        }
        if card:
            entries = card._search_portal_entries(limit=ENTRIES_ON_OVERVIEW + 1)
            values.update(
                progress=card._get_portal_progress(card._get_tier_facts()),
                entries=entries[:ENTRIES_ON_OVERVIEW]._get_portal_values(),
                has_more_entries=len(entries) > ENTRIES_ON_OVERVIEW,
            )
        return values

    def _get_membership_rewards(self, program, card):
        """Return (reward, its price for this member) of what is for the customer."""
        rewards = program.reward_ids._filter_for(request.env.user.partner_id)
        prices = [(reward, float(reward._get_price(card))) for reward in rewards]
        return sorted(prices, key=lambda item: item[1])

    # -- parameters ------------------------------------------------------------

    def _get_loyalty_entry_filters(self):
        return {
            "all": {"label": request.env._("All"), "domain": Domain.TRUE},
            "gained": {
                "label": request.env._("Collected"),
                "domain": Domain("points", ">", 0),
            },
            "spent": {
                "label": request.env._("Spent or lost"),
                "domain": Domain("points", "<", 0),
            },
        }

    def _get_loyalty_entry_sortings(self):
        return {
            "newest": {
                "label": request.env._("Newest first"),
                "order": "occurred_at desc, id desc",
            },
            "oldest": {
                "label": request.env._("Oldest first"),
                "order": "occurred_at, id",
            },
        }
