from . import cart, loyalty_card, portal, portal_coupon, portal_sharing, shop_exclusive
