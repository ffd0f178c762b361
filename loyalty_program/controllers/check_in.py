"""What a visitor's phone opens after scanning the code that staff show."""

from odoo.http import Controller, request, route

from ..models.loyalty_check_in import ROUTE

#: What the session remembers: the code that it holds and the holder's name.
SESSION_KEY = "loyalty_check_in"
RESULT_KEY = "loyalty_check_in_result"


class LoyaltyCheckInController(Controller):
    @route(
        f"{ROUTE}/<string:token>",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        methods=["GET"],
    )
    def loyalty_check_in_scan(self, token):
        """Take a scan; a visitor who is not logged in keeps the code for a while."""
        code = request.env["loyalty.check.in"]._find(token)
        if not code:
            return self._show_result("unknown")
        if not request.env.user._is_public():
            return self._check_in(code)
        outcome = code._hold(self._get_holder(code))
        return self._show_result(outcome)

    @route(
        ROUTE,
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        methods=["GET"],
    )
    def loyalty_check_in(self):
        """Finish the scan of a visitor who has logged in, or show what came of it."""
        held = request.session.get(SESSION_KEY)
        if held:
            # sudo: the session scanned this very code a moment ago.
            code = request.env["loyalty.check.in"].sudo().browse(held[0]).exists()
            if code:
                return self._check_in(code)
        result = request.session.pop(RESULT_KEY, None)
        if not result:
            return request.redirect("/my")
        return self._show_result(*result)

    def _check_in(self, code):
        """Check the customer in and show the result at an address of its own."""
        outcome, event = code._check_in(
            request.env.user.partner_id, self._get_holder(code)
        )
        if outcome != "stranger":
            request.session.pop(SESSION_KEY, None)
        request.session[RESULT_KEY] = [outcome, event.ids]
        if outcome == "stranger":
            return self._show_result(outcome)
        return request.redirect(ROUTE, 303)

    def _get_holder(self, code):
        """Return the name under which this session holds the code."""
        held = request.session.get(SESSION_KEY)
        if not held or held[0] != code.id:
            held = [code.id, code._make_holder()]
            request.session[SESSION_KEY] = held
        return held[1]

    def _show_result(self, outcome, event_ids=()):
        # sudo: customers cannot read events; the ids are out of their own session.
        events = request.env["loyalty.event"].sudo().browse(event_ids).exists()
        own = events.filtered(
            lambda event: event.partner_id == request.env.user.partner_id
        )
        return request.render(
            "loyalty_program.check_in_page",
            {
                "outcome": outcome,
                "cards": own.award_ids.card_id,
                "programs": own.award_ids.program_id,
                "login_url": f"/web/login?redirect={ROUTE}",
                "is_good": outcome in ("given", "guest"),
            },
        )
