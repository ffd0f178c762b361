{
    "name": "Loyalty Programme - Point of Sale",
    "summary": "Members, points, tiers and rewards at the till",
    "version": "19.0.1.0.0",
    "category": "Sales/Loyalty",
    "author": "Loyalty Suite contributors",
    "license": "LGPL-3",
    "website": "https://github.com/loyalty-suite/loyalty-suite",
    "depends": ["loyalty_program", "pos_loyalty"],
    "auto_install": True,
    "data": [
        "security/ir.model.access.csv",
        "views/loyalty_program_views.xml",
        "views/pos_order_exclusive_views.xml",
        "views/loyalty_reward_claim_views.xml",
    ],
    "demo": [
        "demo/pos_config_demo.xml",
        "demo/product_demo.xml",
    ],
    "assets": {
        "point_of_sale._assets_pos": [
            "loyalty_program/static/src/scss/stamp_card.scss",
            "loyalty_program_pos/static/src/app/**/*",
        ],
        "web.assets_tests": [
            "loyalty_program_pos/static/tests/tours/**/*",
        ],
        "web.assets_unit_tests": [
            "loyalty_program_pos/static/tests/unit/**/*",
        ],
    },
}
