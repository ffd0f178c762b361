from . import loyalty_card
from . import loyalty_ledger_entry
from . import loyalty_program
from . import loyalty_rule
from . import sale_order
