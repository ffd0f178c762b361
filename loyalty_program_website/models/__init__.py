from . import (
    loyalty_card,
    loyalty_expiry_reminder,
    loyalty_ledger_entry,
    loyalty_program,
    sale_order,
    sale_order_code,
    sale_order_split,
)
