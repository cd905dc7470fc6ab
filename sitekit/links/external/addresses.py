"""Which IP addresses are public. The registries of IANA decide, written out here: Python's own answer differs by version.

Sources: https://www.iana.org/assignments/iana-ipv4-special-registry/, iana-ipv6-special-registry, ipv6-address-space.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

_IPV4 = [
    (IPv4Network(network), kind)
    for network, kind in (
        ("0.0.0.0/8", "“this network”"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "shared behind a provider (CGNAT)"),
        ("127.0.0.0/8", "loopback"),
        ("169.254.0.0/16", "link-local"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "reserved for protocols"),
        ("192.0.2.0/24", "for documentation"),
        ("192.88.99.0/24", "a 6to4 relay"),
        ("192.168.0.0/16", "private"),
        ("198.18.0.0/15", "for benchmarks"),
        ("198.51.100.0/24", "for documentation"),
        ("203.0.113.0/24", "for documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved"),
    )
]
# Only 2000::/3 is handed out; what is special inside it follows. Names for the rest only make messages clearer.
_IPV6_GLOBAL = IPv6Network("2000::/3")
_IPV6 = [
    (IPv6Network(network), kind)
    for network, kind in (
        ("::1/128", "loopback"),
        ("::ffff:0:0/96", "IPv4-mapped"),
        ("64:ff9b::/96", "translated to IPv4 (NAT64)"),
        ("64:ff9b:1::/48", "translated to IPv4 (NAT64)"),
        ("fc00::/7", "private"),
        ("fe80::/10", "link-local"),
        ("fec0::/10", "site-local"),
        ("ff00::/8", "multicast"),
        ("2001::/32", "tunnelled (Teredo)"),
        ("2001::/23", "reserved for protocols"),
        ("2001:db8::/32", "for documentation"),
        ("2002::/16", "tunnelled (6to4)"),
        ("3fff::/20", "for documentation"),
    )
]


def not_public(address: str) -> str:
    """Why an address must not be contacted, in a few words; empty where it is public. Text that is no address is not public."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return "not an IP address"
    if isinstance(parsed, IPv4Address):
        return next((kind for network, kind in _IPV4 if parsed in network), "")
    return _not_public_6(parsed)


def _not_public_6(address: IPv6Address) -> str:
    if address.scope_id:
        return "link-local"
    named = next((kind for network, kind in _IPV6 if address in network), "")
    return named or ("" if address in _IPV6_GLOBAL else "reserved")
