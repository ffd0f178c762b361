from . import (
    loyalty_card,
    loyalty_card_coupon,
    loyalty_expiry_reminder,
    loyalty_ledger_entry,
    loyalty_program,
    loyalty_reward,
    sale_order,
    sale_order_code,
    sale_order_split,
)
