"""The main navigation as data; the function that fills it is named in the settings."""

from dataclasses import dataclass
from itertools import groupby

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.module_loading import import_string


@dataclass(frozen=True)
class NavItem:
    """One entry: `prefix` marks it as current for every path below it, `shortcut` is the key that opens it.

    Neighbours with the same `section` are one entry of the main menu, which opens the first of them; on their pages
    they stand below it.
    """

    label: str
    url_name: str
    prefix: str = ""
    icon: str = ""
    count: int | None = None
    shortcut: str = ""
    section: str = ""

    @property
    def url(self) -> str:
        return reverse(self.url_name)


def shell(request: HttpRequest) -> dict:
    """Context processor: names of the site and the lazily made navigation of the person."""
    return {
        "site_name": settings.SITE_NAME,
        "city_name": settings.CITY_NAME,
        "office_name": settings.OFFICE_NAME,
        "imprint_url": settings.IMPRINT_URL,
        "privacy_url": settings.PRIVACY_URL,
        "search_url_name": SimpleLazyObject(lambda: _search(request)),
        "navigation": SimpleLazyObject(lambda: _entries(request)),
    }


def _search(request: HttpRequest) -> str:
    """URL name of the page the search field of the header leads to; empty when this person has none."""
    user = getattr(request, "user", None)
    return import_string(settings.SEARCH)(user) if user and user.is_authenticated else ""


def _entries(request: HttpRequest) -> list[dict]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or not settings.NAVIGATION:
        return []
    items = import_string(settings.NAVIGATION)(user)
    current = _current(items, request.path)
    groups = [list(found) for _, found in groupby(items, key=lambda item: item.section or item.url_name)]
    return [_entry(group, current) for group in groups]


def _entry(group: list[NavItem], current: NavItem | None) -> dict:
    """An entry of the main menu with its parts; a section of which only one is left is that one."""
    first = group[0]
    parts = [{"label": item.label, "url": item.url, "current": item is current} for item in group]
    label = first.section if len(group) > 1 else first.label
    return {"item": first, "label": label, "url": first.url, "current": current in group, "parts": parts}


def _current(items: list[NavItem], path: str) -> NavItem | None:
    """The item with the longest prefix that the path starts with."""
    matching = [item for item in items if path.startswith(item.prefix or item.url)]
    return max(matching, key=lambda item: len(item.prefix or item.url), default=None)
