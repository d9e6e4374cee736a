"""Rows of public relations for tests; like `tests.make`, every call makes a new row with a name of its own."""

from io import BytesIO
from itertools import count

from districts.models import EventFormat, User
from projects.actions import pr_images
from projects.actions import public_relations as actions
from projects.models import Clipping, Event, PRImage, PRItem, Project
from quartier.photos import prepare
from tests import make

_numbers = count(1)


def item(*, by: User, districts=(), status: str = "draft", approver: User | None = None, **fields) -> PRItem:
    """An item that went its way with the application's own actions up to `status`."""
    n = next(_numbers)
    known = {"kind": "flyer", "title": f"Beitrag {n}", "text": f"Text von Beitrag {n}.", "keeper": by}
    known |= {"channels": ["boards"], "languages": ["de"]}
    if status == "idea":
        known["text"] = ""
    on = fields.pop("published_on", make.today())
    made = actions.save_item(by=by, districts=districts, **{**known, **fields})
    if status in ("submitted", "approved", "published", "returned"):
        made = actions.hand_in(item=made, by=by)
    if status in ("approved", "published"):
        second = approver or make.user(role="press")
        made = actions.approve(item=made, version=made.version, by=second)
    if status == "published":
        made = actions.publish(item=made, on=on, by=by)
    if status == "returned":
        made = actions.give_back(item=made, hint="Bitte kürzer.", by=approver or make.user(role="press"))
    if status == "archived":
        made = actions.archive(item=made, by=by)
    return PRItem.objects.get(pk=made.pk)


def image(*, item: PRItem, by: User, consent: str = "given", colour: str = "red") -> PRImage:
    """An image of a draft."""
    return pr_images.add_image(
        item=item, photo=prepare(BytesIO(make.picture(color=colour)), "bild.jpg"), alt="Ein rotes Haus",
        rights="Foto: Büro", consent=consent, by=by,
    )  # fmt: skip


def clipping(*, by: User, districts=(), **fields) -> Clipping:
    """A positive report of today."""
    known = {"on": make.today(), "medium": "Anzeiger", "title": f"Bericht {next(_numbers)}", "tone": "positive"}
    made = Clipping.objects.create(by=by, **{**known, **fields})
    made.districts.set(districts)
    return made


def project(*, districts=(), **fields) -> Project:
    """A project that runs."""
    known = {"title": f"Projekt {next(_numbers)}", "origin": "concern", "status": "running"}
    made = Project.objects.create(**{**known, **fields})
    made.districts.set(districts)
    return made


def event(*, district, **fields) -> Event:
    """An event of today."""
    n = next(_numbers)
    known = {"title": f"Fest {n}", "on": make.today(), "occasion": f"Fest {n}"}
    kind = fields.pop("format", None) or make.list_entry(EventFormat)
    return Event.objects.create(district=district, format=kind, **{**known, **fields})
