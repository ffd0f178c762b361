from hypothesis import settings

# A busy machine is no reason to fail: time is not what these tests measure.
settings.register_profile("engine", deadline=None)
settings.load_profile("engine")
