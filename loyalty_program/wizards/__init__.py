from . import (
    base_partner_merge,
    loyalty_adjust,
    loyalty_card_update_balance,
    loyalty_event_poster,
    loyalty_erase,
    loyalty_freeze,
    loyalty_history_import_wizard,
    loyalty_join,
    loyalty_tier_assign,
    loyalty_split,
    loyalty_liability_day,
)
