from . import (
    cart,
    loyalty_card,
    portal,
    portal_birthday,
    portal_claim,
    portal_care,
    portal_coupon,
    portal_referral,
    portal_sharing,
    portal_tier,
    referral,
    shop_exclusive,
)
