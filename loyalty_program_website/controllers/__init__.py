from . import (
    cart,
    loyalty_card,
    portal,
    portal_birthday,
    portal_coupon,
    portal_sharing,
    portal_tier,
    shop_exclusive,
)
