"""Read and check the files that a shop brings along from its old system.

Pure Python without any import of Odoo: the same bytes, rules and day give the same
rows and faults. The service ``loyalty.history.import`` turns the rows into members
and ledger entries; nothing here knows a database.
"""
