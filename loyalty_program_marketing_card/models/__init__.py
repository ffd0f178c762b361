from . import (
    card_campaign,
    card_card,
    loyalty_program,
    loyalty_card,
)
