"""Who and where: places, departments, people and their rights."""

from .departments import Department, DepartmentContact
from .people import Deputyship, Membership, User
from .places import Borough, District, Office

__all__ = [
    "Borough",
    "Department",
    "DepartmentContact",
    "Deputyship",
    "District",
    "Membership",
    "Office",
    "User",
]
