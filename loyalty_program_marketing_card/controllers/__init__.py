from . import referral_image
