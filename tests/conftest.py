"""Settings for all plain tests."""

from hypothesis import settings

# A property holds or not; how long a busy machine takes to tell says nothing.
settings.register_profile("suite", deadline=None)
settings.load_profile("suite")
