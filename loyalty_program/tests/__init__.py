from . import test_import_cdnow
from . import test_import_history
from . import test_import_wizard
from . import test_tour_back_office
from . import test_append_only
from . import test_join_rights
from . import test_joining
from . import test_template
