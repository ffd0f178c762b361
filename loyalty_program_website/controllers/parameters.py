"""What a browser sends, turned into something usual where it is not."""


def get_known_key(options, key):
    """Return ``key``, or the first of ``options`` where the browser made it up."""
    return key if key in options else next(iter(options))


def parse_page(page):
    """Return the number of a page; whatever is no such number means the first."""
    text = str(page)
    is_number = text.isascii() and text.isdecimal()
    return int(text) if is_number and len(text) < 10 else 1


def parse_id(text):
    """Return the id that a browser names, or -1, which no record has."""
    text = str(text)
    is_number = text.isascii() and text.isdecimal()
    # Nor has 0 a record, but Odoo takes it for none named at all.
    return (int(text) if is_number and len(text) < 10 else 0) or -1


def parse_text(value):
    """Return the text that a browser sends; a file in its place means none.

    No database takes the character left out.
    """
    return value.replace("\0", "") if isinstance(value, str) else ""
