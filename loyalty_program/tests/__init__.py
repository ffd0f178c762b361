from . import (
    test_append_only,
    test_demo_history,
    test_import_cdnow,
    test_import_history,
    test_import_wizard,
    test_join_rights,
    test_joining,
    test_template,
    test_tour_back_office,
)
