"""Export translation templates; runs in `odoo shell`, which provides `env`.

The caller puts two lines before this text: TARGET, the JSON file to write, and
ADDONS, the list of addons.
"""

# ruff: noqa: F821

import io
import json

from odoo.tools.translate import trans_export

exported = {}
for name in ADDONS:
    buffer = io.BytesIO()
    trans_export(None, [name], buffer, "po", env)
    exported[name] = buffer.getvalue().decode()
with open(TARGET, "w") as stream:
    json.dump(exported, stream)
