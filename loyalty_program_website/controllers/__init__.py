from . import loyalty_card, portal, portal_sharing
