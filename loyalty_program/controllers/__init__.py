from . import check_in
