"""What the benches share; they run in `odoo shell` with this folder on the path."""
