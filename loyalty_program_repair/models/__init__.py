from . import loyalty_care_claim, repair_order
