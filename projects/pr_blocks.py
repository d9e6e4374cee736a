"""What an office says about itself, ready to be put into a text (Z41): never typed again, so never out of date."""

from dataclasses import dataclass

from django.utils import timezone

from districts.models import Office, User
from districts.roles import Perm


@dataclass(frozen=True)
class Block:
    """A piece of text with the name under which it is chosen."""

    key: str
    name: str
    text: str


def blocks_for(user: User) -> list[Block]:
    """Address and opening hours of the offices that serve the districts of a person."""
    today, own = timezone.localdate(), user.rights.districts(Perm.DRAFT_PR)
    offices = Office.objects.existing_on(today).filter(districts__in=list(own)).distinct().with_hours()
    found = []
    for office in offices.order_by("sort_key"):
        found.append(Block(f"{office.pk}-address", f"Anschrift: {office.name}", _address(office)))
        if hours := office.hours_on(today):
            found.append(Block(f"{office.pk}-hours", f"Öffnungszeiten: {office.name}", f"{office.name}\n{hours}"))
    return found


def _address(office: Office) -> str:
    phone = f"Telefon {office.phone}" if office.phone else ""
    lines = (office.name, office.street, office.place, phone, office.email, office.website, office.directions)
    return "\n".join(filter(None, lines))


def with_block(text: str, key: str, user: User) -> str:
    """A text with the chosen block at its end; as it is when there is no such block."""
    block = next((one for one in blocks_for(user) if one.key == key), None)
    return f"{text.rstrip()}\n\n{block.text}".lstrip() if block else text
