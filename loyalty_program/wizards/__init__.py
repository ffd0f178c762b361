from . import base_partner_merge
from . import loyalty_card_update_balance
from . import loyalty_history_import_wizard
from . import loyalty_join
