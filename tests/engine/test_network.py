"""One customer, one text, whatever a server or proxy writes."""

import pytest
from engine.network import read_network


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("203.0.113.5", "203.0.113.5"),
        ("203.0.113.5:50123", "203.0.113.5"),
        ("::ffff:203.0.113.5", "203.0.113.5"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2:3:4:5:6]:443", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::9]", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::1", "::/64"),
        ("unknown", "unknown"),
        ("999.1.1.1:80", "999.1.1.1:80"),
        ("", ""),
    ],
)
def test_an_address_is_read(text, expected):
    assert read_network(text) == expected


def test_neighbours_on_a_server_for_both_kinds_are_told_apart():
    assert read_network("::ffff:203.0.113.5") != read_network("::ffff:203.0.113.6")


def test_the_devices_of_one_ipv6_customer_are_one():
    assert read_network("2001:db8::1") == read_network("2001:db8::ffff:1")
    assert read_network("2001:db8::1") != read_network("2001:db8:0:1::1")
