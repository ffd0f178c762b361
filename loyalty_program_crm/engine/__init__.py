"""Arithmetic of campaigns: no Odoo import, same input, same output."""
