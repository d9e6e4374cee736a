"""Counting tries, shared by all processes: how often something may go wrong from one address, and in all."""

from dataclasses import dataclass
from ipaddress import IPv6Address, IPv6Network, ip_address
from time import time

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.db import connection, transaction
from django.http import HttpRequest

_LOCK = 7_210_014  # any number, as long as nothing else locks with it
HOUSEHOLD = 56  # bits of an IPv6 address that one customer shares: what German providers give out


@dataclass(frozen=True)
class Limit:
    """At most `most` tries of `name` in a window of so many seconds."""

    name: str
    most: int
    seconds: int


def client_network(request: HttpRequest) -> str:
    """Where a request comes from, as far as the trusted proxies tell; of an IPv6 address what one customer is given."""
    address = get_adapter().get_client_ip(request)
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        # A socket for both families writes IPv4 as ::ffff:192.0.2.7; all of these would be one network.
        return str(found.ipv4_mapped or IPv6Network((int(found), HOUSEHOLD), strict=False))
    return str(found)


@transaction.atomic
def take_try(*limits: Limit) -> int:
    """Count one try under every limit; returns how many seconds to wait when one is used up (then nothing counts).

    Counting before trying, one process after the other, lets nobody slip through who tries many at the same moment.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    now = int(time())
    counts = {limit: cache.get(_key(limit, now), 0) for limit in limits}
    if full := [limit for limit, count in counts.items() if count >= limit.most]:
        return max(limit.seconds - now % limit.seconds for limit in full)
    for limit, count in counts.items():
        cache.set(_key(limit, now), count + 1, limit.seconds)
    return 0


@transaction.atomic
def give_back(*limits: Limit) -> None:
    """Take a try back that was right."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    now = int(time())
    for limit in limits:
        if count := cache.get(_key(limit, now), 0):
            cache.set(_key(limit, now), count - 1, limit.seconds)


def _key(limit: Limit, now: int) -> str:
    return f"tries:{limit.name}:{now // limit.seconds}"
