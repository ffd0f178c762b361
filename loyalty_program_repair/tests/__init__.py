from . import test_care_delivery, test_care_repair, test_rights
