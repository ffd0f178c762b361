{
    "name": "Loyalty Programme: Webshop and Customer Portal",
    "summary": "Members join, collect, spend and watch their points on the website",
    "version": "19.0.1.0.0",
    "category": "Sales/Loyalty",
    "author": "Loyalty Suite contributors",
    "license": "LGPL-3",
    "website": "https://github.com/loyalty-suite/loyalty-suite",
    "depends": ["loyalty_program", "website_sale_loyalty"],
    "data": [
        "views/loyalty_tier_benefit_views.xml",
        "views/portal_loyalty_templates.xml",
        "views/portal_membership_templates.xml",
        "views/portal_stamp_templates.xml",
        "views/portal_words_templates.xml",
        "views/portal_sharing_templates.xml",
        "views/portal_coupon_templates.xml",
        "views/portal_entry_templates.xml",
        "views/portal_templates.xml",
        "views/website_sale_templates.xml",
        "views/product_exclusive_templates.xml",
    ],
    "demo": [
        "demo/product_public_category_demo.xml",
        "demo/product_product_demo.xml",
        "demo/website_demo.xml",
    ],
    "assets": {
        "web.assets_frontend": [
            "loyalty_program_website/static/src/scss/portal_loyalty.scss",
            "loyalty_program_website/static/src/scss/product_exclusive.scss",
            "loyalty_program_website/static/src/interactions/points_choice.js",
        ],
        "web.assets_tests": [
            "loyalty_program_website/static/tests/tours/*.js",
        ],
    },
    "auto_install": True,
}
