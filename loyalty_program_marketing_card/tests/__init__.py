from . import (
    test_referral_image,
    test_referral_image_access,
    test_referral_image_page,
    test_rights,
)
