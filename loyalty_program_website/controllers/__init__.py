from . import loyalty_card, portal
