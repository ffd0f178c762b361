from . import test_earning
from . import test_join
from . import test_loading
from . import test_redeeming
from . import test_refund
from . import test_stock_policy
from . import test_tours
