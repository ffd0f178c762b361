"""Many promotions, alike on stock Odoo and with the suite."""

from odoo.fields import Command


def none_active(env):
    """End every programme there is."""
    env["loyalty.program"].search([]).active = False


def create(env, rules):
    """Return a promotion of 5 % off the order for each of the rules' values."""
    return env["loyalty.program"].create(
        [
            {
                "name": f"Promotion {number}",
                "program_type": "promotion",
                "trigger": "auto",
                "applies_on": "current",
                "rule_ids": [Command.clear(), Command.create(rule)],
                "reward_ids": [Command.clear(), Command.create({"discount": 5})],
            }
            for number, rule in enumerate(rules)
        ]
    )


def rules_for_others(env, count):
    """Return values of rules that the products of the bench do not fulfil.

    Of each kind as many: for a product, a category, a tag, a domain, an amount.
    """
    products = env["product.product"].create(
        [{"name": f"Other {number}"} for number in range(100)]
    )
    categories = env["product.category"].create(
        [{"name": f"Other {number}"} for number in range(20)]
    )
    tags = env["product.tag"].create([{"name": f"Other {n}"} for n in range(20)])
    kinds = (
        lambda n: {"product_ids": [Command.set(products[n % 100].ids)]},
        lambda n: {"product_category_id": categories[n % 20].id},
        lambda n: {"product_tag_id": tags[n % 20].id},
        lambda n: {"product_domain": f'[["list_price", ">", {1000 + n % 20}]]'},
        lambda n: {"minimum_amount": 10_000 + n},
    )
    return [kinds[number % len(kinds)](number) for number in range(count)]
