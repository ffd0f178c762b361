from . import (
    loyalty_card,
    loyalty_ledger_entry,
    loyalty_program,
    loyalty_rule,
    sale_order,
)
