"""How long somebody waits who entered wrong codes. Exponential, with an end."""

from dataclasses import dataclass
from datetime import timedelta

#: Doubling stops here: far beyond any longest wait, and no huge number arises.
_MOST_DOUBLINGS = 30


@dataclass(frozen=True)
class Limit:
    """How many wrong codes are borne, and what comes after.

    :param free: wrong codes that cost nothing
    :param first_wait: wait after one more; doubles with every further one
    :param longest_wait: where doubling ends
    :param window: wrong codes older than this are forgotten
    """

    free: int
    first_wait: timedelta
    longest_wait: timedelta
    window: timedelta


HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

#: A browser's session: easily thrown away, so the next two matter more.
SESSION = Limit(5, timedelta(seconds=15), timedelta(minutes=15), HOUR)
#: A signed-in customer.
ACCOUNT = Limit(8, timedelta(seconds=15), HOUR, DAY)
#: A till: a cashier scans for many customers, and a queue waits behind every one.
TILL = Limit(20, timedelta(seconds=5), timedelta(minutes=2), HOUR)
#: A cashier's account, which several tills may have in common.
CASHIER = Limit(60, timedelta(seconds=5), timedelta(minutes=2), HOUR)
#: Visitors without an account behind one address.
ADDRESS = Limit(50, timedelta(seconds=30), timedelta(minutes=15), DAY)
#: The same for who is signed in, and for codes that nobody guesses.
KNOWN_ADDRESS = Limit(1000, timedelta(seconds=30), timedelta(minutes=15), DAY)

LIMITS = (SESSION, ACCOUNT, TILL, CASHIER, ADDRESS, KNOWN_ADDRESS)


def allowed_from(limit, failures, last_at):
    """Return the moment from which the next code may be entered, None for at once.

    :param Limit limit: which rule
    :param int failures: wrong codes within the window
    :param datetime last_at: when the last of them was entered
    """
    beyond = failures - limit.free
    if beyond <= 0:
        return None
    wait = limit.first_wait * 2 ** min(beyond - 1, _MOST_DOUBLINGS)
    return last_at + min(wait, limit.longest_wait)
