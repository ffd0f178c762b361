"""The path of a member through the tiers, against a day-by-day simulation."""

from datetime import date, timedelta

import pytest
from engine.dates import add_months
from engine.tier_path import (
    ANNIVERSARY,
    LIFETIME,
    ROLLING,
    YEAR,
    ManualTier,
    TierLevel,
    TierPolicy,
    period_end,
    period_start,
    replay,
    window_first,
)
from hypothesis import given
from hypothesis import strategies as st

BRONZE, SILVER, GOLD = 1, 2, 3
DAY = timedelta(days=1)


def levels(*thresholds, keep=None):
    keeps = keep or thresholds
    return tuple(
        TierLevel(number, (enter,), (kept,))
        for number, (enter, kept) in enumerate(zip(thresholds, keeps, strict=True), 1)
    )


LADDER = levels(0, 100, 300)
JOINED = date(2024, 3, 10)


def stand(policy, facts, today, joined_on=JOINED, manual=()):
    return replay(policy, joined_on, [(d, (a,)) for d, a in facts], today, manual)


# === Examples ===


def test_a_tier_is_reached_on_the_day_of_the_purchase():
    bought = date(2024, 5, 1)
    policy = TierPolicy(LADDER, YEAR)
    assert stand(policy, [(bought, 100)], bought - DAY).tier_id == BRONZE
    standing = stand(policy, [(bought, 100)], bought)
    assert (standing.tier_id, standing.since) == (SILVER, bought)


def test_a_calendar_year_counts_for_its_rest_and_the_next():
    policy = TierPolicy(LADDER, YEAR)
    facts = [(date(2024, 5, 1), 300)]
    assert stand(policy, facts, date(2025, 12, 31)).tier_id == GOLD
    assert stand(policy, facts, date(2025, 6, 1)).review_on == date(2025, 12, 31)
    standing = stand(policy, facts, date(2026, 1, 1))
    assert (standing.tier_id, standing.since) == (BRONZE, date(2026, 1, 1))


def test_keeping_takes_less_than_entering():
    policy = TierPolicy(levels(0, 100, 300, keep=(0, 50, 200)), YEAR)
    kept = [(date(2024, 5, 1), 300), (date(2025, 7, 1), 200)]
    assert stand(policy, kept, date(2026, 5, 1)).tier_id == GOLD
    lost = [(date(2024, 5, 1), 300), (date(2025, 7, 1), 199)]
    assert stand(policy, lost, date(2026, 5, 1)).tier_id == SILVER


def test_down_goes_one_step_where_the_programme_says_so():
    facts = [(date(2024, 5, 1), 300)]
    policy = TierPolicy(LADDER, YEAR, one_step=True)
    assert stand(policy, facts, date(2026, 1, 1)).tier_id == SILVER
    assert stand(policy, facts, date(2027, 1, 1)).tier_id == BRONZE


def test_a_purchase_in_the_grace_keeps_the_tier():
    policy = TierPolicy(LADDER, YEAR, grace_days=30)
    facts = [(date(2024, 5, 1), 300), (date(2025, 5, 1), 250)]
    assert stand(policy, facts, date(2026, 1, 30)).tier_id == GOLD
    assert stand(policy, facts, date(2026, 1, 30)).missing == (50,)
    assert stand(policy, facts, date(2026, 1, 31)).tier_id == SILVER
    saved = [*facts, (date(2026, 1, 30), 50)]
    assert stand(policy, saved, date(2026, 12, 31)).tier_id == GOLD


def test_a_lifetime_never_ends():
    policy = TierPolicy(LADDER, LIFETIME)
    standing = stand(policy, [(date(2024, 5, 1), 300)], date(2060, 1, 1))
    assert (standing.tier_id, standing.review_on) == (GOLD, None)


def test_a_refunded_purchase_never_gave_a_tier():
    policy = TierPolicy(LADDER, LIFETIME)
    facts = [(date(2024, 5, 1), 300), (date(2024, 5, 1), -300)]
    assert stand(policy, facts, date(2024, 5, 2)).tier_id == BRONZE


def test_who_gave_back_more_than_counts_stands_at_zero():
    policy = TierPolicy(LADDER, LIFETIME)
    standing = stand(policy, [(date(2024, 5, 1), -50)], date(2024, 5, 2))
    assert (standing.tier_id, standing.amounts) == (BRONZE, (0,))


def test_who_joins_on_a_leap_day_has_anniversaries():
    joined = date(2024, 2, 29)
    policy = TierPolicy(LADDER, ANNIVERSARY)
    assert period_end(policy, joined, joined) == date(2025, 2, 27)
    assert period_start(policy, date(2025, 2, 28), joined) == date(2025, 2, 28)
    assert period_end(policy, date(2027, 6, 1), joined) == date(2028, 2, 28)
    facts = [(date(2025, 2, 27), 300)]
    assert stand(policy, facts, date(2026, 2, 27), joined).tier_id == GOLD
    assert stand(policy, facts, date(2026, 2, 28), joined).tier_id == BRONZE


def test_a_rolling_window_is_looked_at_again_at_the_end_of_the_month():
    policy = TierPolicy(LADDER, ROLLING, months=12)
    facts = [(date(2024, 5, 20), 300)]
    assert stand(policy, facts, date(2025, 5, 31)).tier_id == GOLD
    assert stand(policy, facts, date(2025, 6, 1)).tier_id == BRONZE


def test_a_tier_given_by_hand_lasts_to_its_day():
    until = date(2024, 12, 31)
    given_ = ManualTier(date(2024, 6, 1), GOLD, until)
    policy = TierPolicy(LADDER, ROLLING)
    assert stand(policy, [], until, manual=[given_]).tier_id == GOLD
    after = stand(policy, [], until + DAY, manual=[given_])
    assert (after.tier_id, after.moves[-1].cause) == (BRONZE, "down")


def test_a_locked_tier_does_not_rise():
    given_ = ManualTier(date(2024, 6, 1), SILVER, date(2024, 12, 31), locked=True)
    facts = [(date(2024, 7, 1), 500)]
    policy = TierPolicy(LADDER, LIFETIME)
    assert stand(policy, facts, date(2024, 12, 1), manual=[given_]).tier_id == SILVER
    loose = ManualTier(given_.day, SILVER, given_.until)
    assert stand(policy, facts, date(2024, 12, 1), manual=[loose]).tier_id == GOLD


@pytest.mark.parametrize(("joined", "tier"), [("all", BRONZE), ("any", SILVER)])
def test_two_metrics_are_joined_by_and_or_or(joined, tier):
    ladder = (TierLevel(BRONZE, (0, 0), (0, 0)), TierLevel(SILVER, (100, 3), (100, 3)))
    policy = TierPolicy(ladder, YEAR, joined=joined)
    facts = [(date(2024, 5, 1), (120, 1))]
    assert replay(policy, JOINED, facts, date(2024, 5, 1)).tier_id == tier


def test_purchases_of_before_joining_count_from_joining_on():
    policy = TierPolicy(LADDER, YEAR)
    standing = stand(policy, [(date(2024, 1, 5), 300)], JOINED)
    assert (standing.tier_id, standing.since) == (GOLD, JOINED)
    assert standing.moves[0].cause == "joined"


# === Against a simulation that looks at every single day ===


def window(policy, day):
    if policy.window == LIFETIME:
        return date.min
    if policy.window == ROLLING:
        return add_months(day, -policy.months)
    return begin(policy, day)


def begin(policy, day):
    """Return the first day of the period, found by walking back."""
    while True:
        yesterday = day - DAY
        new_year = policy.window == YEAR and day.year != yesterday.year
        new_month = policy.window == ROLLING and day.month != yesterday.month
        years = day.year - JOINED.year
        birthday = (
            policy.window == ANNIVERSARY and add_months(JOINED, 12 * years) == day
        )
        if new_year or new_month or birthday:
            return day
        day = yesterday


class Simulation:
    """Looks at every single day, with sums made anew each time."""

    def __init__(self, policy, facts):
        self.policy = policy
        self.facts = facts
        self.level, self.reached_on, self.failed = -1, None, None

    def total(self, first, last):
        return sum(amount for day, amount in self.facts if first <= day <= last)

    def best(self, amount, kind, top):
        index = -1
        for number, level in enumerate(self.policy.levels[: top + 1]):
            if getattr(level, kind)[0] <= amount:
                index = number
        return index

    def keeps(self, amount):
        return amount >= self.policy.levels[self.level].keep[0]

    def purchase(self, day):
        amount = self.total(window(self.policy, day), day)
        best = self.best(amount, "enter", len(self.policy.levels) - 1)
        if best >= self.level:
            self.level = best
            if best >= 0:
                self.reached_on, self.failed = day, None
        elif self.failed and self.keeps(
            self.total(window(self.policy, self.failed), day)
        ):
            self.failed = None

    def fall(self):
        amount = self.total(window(self.policy, self.failed), self.failed)
        kept = self.best(amount, "keep", self.level - 1)
        self.level = self.level - 1 if self.policy.one_step else kept
        self.failed = self.reached_on = None

    def evening(self, day):
        grace = timedelta(days=self.policy.grace_days)
        if self.failed and day == self.failed + grace:
            self.fall()
        if self.policy.window == LIFETIME or begin(self.policy, day + DAY) <= day:
            return
        fresh = self.reached_on and self.reached_on >= begin(self.policy, day)
        if self.level < 0 or self.failed or fresh:
            return
        if not self.keeps(self.total(window(self.policy, day), day)):
            self.failed = day
            if not self.policy.grace_days:
                self.fall()

    def run(self, today):
        bought = {day for day, _amount in self.facts} | {JOINED}
        day = JOINED
        while True:
            if day in bought:
                self.purchase(day)
            if day == today:
                break
            self.evening(day)
            day += DAY
        return self.policy.levels[self.level].tier_id if self.level >= 0 else None


def simulate(policy, facts, today):
    return Simulation(policy, facts).run(today)


@st.composite
def policies(draw):
    enters = sorted(draw(st.sets(st.integers(0, 60), min_size=1, max_size=4)))
    keeps = []
    for enter in enters:
        keeps.append(draw(st.integers(keeps[-1] if keeps else 0, max(enter, 0))))
    return TierPolicy(
        levels(*enters, keep=keeps),
        draw(st.sampled_from([LIFETIME, ROLLING, YEAR, ANNIVERSARY])),
        months=draw(st.integers(1, 14)),
        one_step=draw(st.booleans()),
        grace_days=draw(st.sampled_from([0, 0, 10, 45])),
    )


histories = st.lists(
    st.tuples(
        st.dates(date(2023, 6, 1), date(2027, 3, 1)),
        st.integers(0, 50),
    ),
    max_size=12,
)


@given(policies(), histories, st.dates(JOINED, date(2027, 6, 1)))
def test_the_replay_agrees_with_looking_at_every_day(policy, facts, today):
    assert stand(policy, facts, today).tier_id == simulate(policy, facts, today)


@given(policies(), histories, st.dates(JOINED, date(2027, 6, 1)), st.randoms())
def test_the_same_facts_give_the_same_standing(policy, facts, today, random):
    shuffled = list(facts)
    random.shuffle(shuffled)
    assert stand(policy, facts, today) == stand(policy, shuffled, today)


@given(policies(), histories, st.dates(JOINED, date(2027, 6, 1)))
def test_the_moves_lead_to_where_the_member_stands(policy, facts, today):
    standing = stand(policy, facts, today)
    at = None
    for move in standing.moves:
        assert move.from_id == at
        at = move.to_id
    assert at == standing.tier_id


@given(policies(), histories, st.dates(JOINED, date(2027, 6, 1)))
def test_what_is_missing_keeps_the_tier(policy, facts, today):
    standing = stand(policy, facts, today)
    review = standing.review_on
    if not (review and any(standing.missing)):
        return
    # What is decided in the current period may be bought today; else when it begins.
    first = window_first(policy, review, JOINED)
    day = today if policy.grace_days else max(today, first)
    if day > review or (policy.grace_days and first > today):
        return
    after = stand(policy, [*facts, (day, standing.missing[0])], review + DAY)
    assert after.tier_id is not None
    assert after.tier_id >= standing.tier_id
