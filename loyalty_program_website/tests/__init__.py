from . import (
    test_cart_preview,
    test_cart_reward,
    test_code_throttle,
    test_portal_access,
    test_portal_join,
    test_portal_leave,
    test_portal_membership,
    test_portal_parameters,
    test_stock_card_pages,
    test_stock_defects,
    test_tour,
    test_webshop_order,
)
