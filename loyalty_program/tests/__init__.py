from . import test_tour_back_office
