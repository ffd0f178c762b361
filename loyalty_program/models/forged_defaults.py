"""Defaults out of a context: any client may name some there, for any field."""


def without_defaults(records, names):
    """Return the records in a context that names no defaults of these fields.

    In sudo too: stock creates records in sudo under the client's context.
    """
    forged = {f"default_{name}" for name in names}
    context = records.env.context
    if forged.isdisjoint(context):
        return records
    kept = {key: value for key, value in context.items() if key not in forged}
    return records.with_env(records.env(context=kept))
