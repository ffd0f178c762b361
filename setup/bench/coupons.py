"""Coupons made in one batch, beside a plain insert of as many rows with ready codes."""

# ruff: noqa: F821 - the shell provides `env`, `./dev bench` the constants

from benchparts import measuring

from odoo.fields import Command

from odoo.addons.loyalty_program.engine import codes

BESIDE = "plain SQL"
REACH = {
    "1M coupons in a batch, s": ("times", 2),
    "coupons, MB more than for 1 %": ("most", 50),
}
COUPONS = max(round(1_000_000 * SIZE), 10_000)


def make_batch(number):
    """Make so many coupons as the job does: a commit for each step."""
    batch = env["loyalty.coupon.batch"].create(
        {
            "name": f"Bench {number}",
            "program_id": program.id,
            "quantity": number,
            "state": "running",
        }
    )
    for _left in batch._run_making():
        env.cr.commit()
    env.cr.commit()
    if batch.made != number or batch.state != "done":
        raise SystemExit("the batch did not make its coupons")


def insert_plain():
    """Insert as many rows in one statement, their codes made before."""
    env.cr.execute(
        """INSERT INTO loyalty_card (program_id, company_id, points, code, active,
               member_state, create_uid, write_uid, create_date, write_date)
           SELECT %s, NULL, 1, code, TRUE, 'none', 1, 1, now(), now()
           FROM bench_code""",
        (program.id,),
    )
    env.cr.commit()


program = env["loyalty.program"].create(
    {
        "name": "Bench",
        "program_type": "coupons",
        "reward_ids": [Command.clear(), Command.create({"discount": 10})],
    }
)
env.cr.commit()
little = measuring.peak_memory(lambda: make_batch(max(COUPONS // 100, 1)))
env.cr.execute("CREATE TABLE bench_code (code varchar)")
for start in range(0, COUPONS, 10_000):
    env.cr.execute(
        "INSERT INTO bench_code SELECT unnest(%s)",
        ([codes.generate() for _code in range(min(10_000, COUPONS - start))],),
    )
env.cr.commit()
plain = measuring.seconds(insert_plain)
seconds = []
much = measuring.peak_memory(
    lambda: seconds.append(measuring.seconds(lambda: make_batch(COUPONS)))
)
measuring.report(
    TARGET,
    {
        "1M coupons in a batch, s": [plain, *seconds],
        "coupons, MB more than for 1 %": [None, much - little],
    },
)
