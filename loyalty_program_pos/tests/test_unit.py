from odoo.tests import HttpCase, tagged

#: Every suite of an addon is one job of the runner, by the hash of its name.
SUITE = "@loyalty_program_pos"
RUNNER = "/web/tests?headless&loglevel=2&preset=desktop&timeout=15000&id="


@tagged("post_install", "-at_install")
class TestUnit(HttpCase):
    """The till's JavaScript, by Odoo's own runner in a browser."""

    def test_the_units_of_the_till(self):
        failures = []

        def is_fatal(message):
            # The runner goes on after a failed test, and says which in the end.
            failures.append(message)
            return "[HOOT]" not in message

        try:
            self.browser_js(
                RUNNER + _job(),
                "",
                "",
                login="admin",
                timeout=300,
                success_signal="[HOOT] Test suite succeeded",
                error_checker=is_fatal,
            )
        except AssertionError as error:
            raise AssertionError("\n".join([*failures, str(error)])) from error


def _job():
    """Return the hash by which the runner finds a suite, as its own code makes it."""
    number = 0
    for char in SUITE:
        number = ((number << 5) - number + ord(char)) & 0xFFFFFFFF
    return f"{number:08x}"
