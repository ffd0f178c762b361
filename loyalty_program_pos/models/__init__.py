from . import (
    loyalty_card,
    loyalty_program,
    loyalty_reward,
    loyalty_tier,
    missing_indexes,
    pos_config,
    pos_order,
    pos_order_line,
    pos_order_loyalty,
    pos_session,
)
