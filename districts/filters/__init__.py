"""Filters of the lists about people, departments, actors and offers."""

from .actors import ActorFilter, NetworkFilter
from .offers import OfferFilter
from .people import DepartmentFilter, PersonFilter

__all__ = ["ActorFilter", "DepartmentFilter", "NetworkFilter", "OfferFilter", "PersonFilter"]
