from . import (
    check_in,
    coupon_codes,
)
