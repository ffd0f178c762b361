from . import loyalty_card
from . import portal
