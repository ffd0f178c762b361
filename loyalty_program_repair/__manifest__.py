{
    "name": "Loyalty Programme: Repairs",
    "summary": "An accepted claim of a care plan opens a repair order",
    "version": "19.0.1.0.0",
    "category": "Sales/Loyalty",
    "author": "Loyalty Suite contributors",
    "license": "LGPL-3",
    "website": "https://github.com/loyalty-suite/loyalty-suite",
    "depends": ["loyalty_program", "repair"],
    "data": [
        "views/loyalty_care_claim_views.xml",
        "views/repair_order_views.xml",
    ],
    "auto_install": True,
}
