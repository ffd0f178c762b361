"""Who sends a request, as far as the internet address tells: one text a customer."""

import re
from ipaddress import IPv6Network, ip_address

#: An IPv6 customer owns a whole network, not one address.
CUSTOMER_BITS = 64

#: What some proxies write: an address and a port.
_WITH_PORT = re.compile(r"\[([^\]]+)\](?::\d+)?|([\d.]+):\d+")


def read_network(text):
    """Return what stands for the sender of a request.

    Servers that listen for both kinds write an IPv4 address as an IPv6 one: all of
    those have one network in common, so it is read as the address that it is. What is
    no address stands for itself.

    :param str text: what the server or the proxy before it calls the sender's address
    """
    found = _WITH_PORT.fullmatch(text)
    bare = (found[1] or found[2]) if found else text
    try:
        address = ip_address(bare)
    except ValueError:
        return text
    if address.version == 4:
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(IPv6Network((int(address), CUSTOMER_BITS), strict=False))
