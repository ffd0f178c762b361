from . import (
    test_code_throttle,
    test_earning,
    test_frozen,
    test_indexes,
    test_join,
    test_loading,
    test_pool,
    test_redeeming,
    test_refund,
    test_stock_defects,
    test_stock_policy,
    test_tours,
)
