"""Addresses of the quarter manager's desk: work basket, concern page and every step taken there."""

from concerns.urls import converters  # noqa: F401 – registers <concern_number:…>

urlpatterns: list = []
