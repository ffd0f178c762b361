from . import (
    loyalty_card,
    loyalty_card_code,
    loyalty_program,
    loyalty_reward,
    loyalty_tier,
    missing_indexes,
    pos_config,
    pos_config_code,
    pos_order,
    pos_order_line,
    pos_order_loyalty,
    pos_session,
)
