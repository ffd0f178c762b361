"""The pure rules of the suite: no Odoo, no database, no clock, no float.

Same input, same output. Points and money are :class:`decimal.Decimal`; time is
always an argument. Adapters turn documents into the values of ``values.py``;
the ledger service stores what the functions here decide.
"""
