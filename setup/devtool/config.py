"""Where things are, and which environment variables move them."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SETUP = ROOT / "setup"
HOME = Path(os.environ.get("DEV_HOME") or ROOT / ".odoo").expanduser().absolute()

VENV = HOME / "venv"
TOOLS = HOME / "tools"
NODE = HOME / "node"
ODOO_ROOT = HOME / "root"
CHROMIUM_ROOT = HOME / "chromium"
APT = HOME / "apt"
DATA = HOME / "data"
STATE = HOME / "state"
LOGS = HOME / "logs"
SCREENSHOTS = HOME / "screenshots"

PYTHON = VENV / "bin" / "python"
ODOO_SERIES = (19, 0)
DEFAULT_PORT = 8069

# Translations kept of Debian's package beside English; all of them weigh 0.9 GB.
DEFAULT_LANGUAGES = "de es fr nl pl zh_CN zh_TW"


def languages():
    """Return the language codes whose translations are unpacked."""
    return os.environ.get("DEV_LANGUAGES", DEFAULT_LANGUAGES).split()


def workers():
    """Return how many Odoo processes may run tests at once."""
    return max(1, int(os.environ.get("DEV_WORKERS") or min(os.cpu_count() or 1, 2)))


def odoo_environment():
    """Return the variables for Odoo and browsers: caches stay in our folder."""
    private = HOME / "home"
    return {
        **os.environ,
        "HOME": str(private),
        "XDG_CACHE_HOME": str(private / ".cache"),
        "XDG_CONFIG_HOME": str(private / ".config"),
        "XDG_DATA_HOME": str(private / ".local"),
        "PYTHONUNBUFFERED": "1",
    }
