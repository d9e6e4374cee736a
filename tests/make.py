"""Rows for tests: plain functions with sensible defaults; every call makes a new row with a name of its own.

`make.concern(district=ost, owner=mara, reporters=[{}])`, `make.routing(concern=…, department=…)`: what is not named is
made. Whatever the name of a field is works as a keyword.
"""

from dataclasses import fields as dataclass_fields
from datetime import date, timedelta
from io import BytesIO
from itertools import count
from uuid import uuid4

from django.test import Client
from django.utils import timezone
from PIL import Image

from concerns.actions import intake
from concerns.actions.photos import add_photo, hold_photo
from concerns.models import Concern, Feedback, HeldPhoto, Photo, Reporter, ResponsibilityRule, Routing, TextBlock, Topic
from concerns.photos import prepare
from districts.models import Borough, Department, Deputyship, District, Membership, Office, User
from districts.roles import DEPARTMENT_ROLES, DISTRICT_ROLES, Role
from quartier.workdays import add_workdays

PASSWORD = "Ein-langes-Testwort-7"
DATA = [field.name for field in dataclass_fields(intake.ConcernData)]
_numbers = count(1)


def today() -> date:
    """The day the application takes for today."""
    return timezone.localdate()


def client_of(user: User | None) -> Client:
    """A browser in which `user` is signed in (nobody when None)."""
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def borough(**fields) -> Borough:
    return Borough.objects.create(**{"name": f"Bezirk {next(_numbers)}", **fields})


def district(**fields) -> District:
    n = next(_numbers)
    fields.setdefault("borough", None)
    fields["borough"] = fields["borough"] or borough()
    return District.objects.create(
        **{"name": f"Quartier {n}", "short_name": f"Q {n}", "slug": f"quartier-{n}", **fields}
    )


def office(*, districts=(), **fields) -> Office:
    made = Office.objects.create(**{"name": f"Stadtteilbüro {next(_numbers)}", **fields})
    made.districts.set(districts)
    return made


def department(code: str = "", **fields) -> Department:
    n = next(_numbers)
    return Department.objects.create(
        **{"code": code or f"FB {n:03d}", "name": f"Fachbereich {n}", "mailbox": f"fb{n}@stadt.example", **fields}
    )


def user(*, role: Role | None = None, district=None, department=None, **fields) -> User:
    """A person; with `role` also the membership that fits it (district and department are made when missing)."""
    n = next(_numbers)
    password = fields.pop("password", PASSWORD)
    made = User.objects.create_user(
        **{"email": f"person{n}@stadt.example", "name": f"Person {n:04d}", "password": password, **fields}
    )
    if role is not None:
        membership(user=made, role=role, district=district, department=department)
    return made


def membership(*, user: User, role: Role, district=None, department=None, **fields) -> Membership:
    if role in DISTRICT_ROLES and district is None:
        district = _district()
    if role in DEPARTMENT_ROLES and department is None:
        department = _department()
    user.__dict__.pop("rights", None)
    return Membership.objects.create(user=user, role=role, district=district, department=department, **fields)


def deputyship(*, person: User, deputy: User, **fields) -> Deputyship:
    """Stand-in from yesterday until in a week."""
    deputy.__dict__.pop("rights", None)
    dates = {"valid_from": today() - timedelta(days=1), "valid_to": today() + timedelta(days=7)}
    return Deputyship.objects.create(person=person, deputy=deputy, **{**dates, **fields})


def theme(**fields) -> Topic:
    """Handlungsfeld: the upper level of the catalogue."""
    n = next(_numbers)
    return Topic.objects.create(**{"code": f"feld-{n}", "name": f"Handlungsfeld {n}", **fields})


def topic(**fields) -> Topic:
    """A topic below a theme (made when missing)."""
    n = next(_numbers)
    parent = fields.pop("parent", None) or theme()
    return Topic.objects.create(**{"code": f"thema-{n}", "name": f"Thema {n}", "parent": parent, **fields})


def rule(**fields) -> ResponsibilityRule:
    """A responsibility rule, in force without end, for the whole city unless a district or borough is named."""
    fields["topic"] = fields.get("topic") or topic()
    fields["department"] = fields.get("department") or department()
    return ResponsibilityRule.objects.create(**fields)


def text_block(**fields) -> TextBlock:
    return TextBlock.objects.create(
        **{"name": f"Baustein {next(_numbers)}", "purpose": TextBlock.Purpose.REPLY, "text": "Guten Tag,", **fields}
    )


def concern(*, reporters=({},), **fields) -> Concern:
    """A new concern, logged by its owner, with its reporters (each a dict of fields; `[]` is an own observation).

    Fields that logging does not know (status, dates, lead …) are set afterwards, past the actions.
    """
    n = next(_numbers)
    if "district" not in fields:
        fields["district"] = district()
    owner = fields.pop("owner", None) or user(role=Role.MANAGER, district=fields["district"])
    fields["topic"] = fields.get("topic") or topic()
    fields = {"title": f"Anliegen {n}", "text": f"Beschreibung {n}", **fields}
    data = intake.ConcernData(**{name: fields.pop(name) for name in DATA if name in fields})
    by, office = fields.pop("taken_by", owner), fields.pop("office", None)
    made = intake.log_concern(by=by, data=data, reporters=[], owner=owner, office=office)
    if reporters:
        made.reporters.all().delete()
    if fields:
        Concern.objects.filter(pk=made.pk).update(**fields)
    for one in reporters:
        reporter(concern=made, **one)
    made.refresh_from_db()
    return made


def reporter(*, concern: Concern, **fields) -> Reporter:
    """Somebody who raised a concern, with a name and a telephone number that must never leak."""
    n = next(_numbers)
    known = {
        "name": f"Geheimname {n}",
        "phone": f"0241 {n:06d}",
        "consent_store": True,
        "taken_by": concern.taken_by,
    }
    if fields.get("kind") == Reporter.Kind.ANONYMOUS:
        known |= {"name": "", "phone": "", "consent_store": False, "channel": Reporter.Channel.NOTICE}
    return Reporter.objects.create(concern=concern, **{**known, **fields})


def feedback(*, reporter: Reporter, **fields) -> Feedback:
    """One attempt to tell a reporter; by default a call that reached them."""
    known = {"kind": "final", "channel": "phone", "text": "Erledigt.", "attempt": reporter.attempts + 1}
    return Feedback.objects.create(
        **{**known, "reporter": reporter, "result": "reached", "by": reporter.taken_by, **fields}
    )


def routing(*, concern: Concern | None = None, **fields) -> Routing:
    """An open routing of a concern to a department; the concern then stands as forwarded."""
    concern = concern or _concern()
    fields["department"] = fields.get("department") or department()
    due_on = fields.setdefault("due_on", add_workdays(today(), 10))
    fields.setdefault("agreed_due_on", due_on)
    fields.setdefault("sent_by", concern.owner)
    fields.setdefault("is_lead", not concern.routings.filter(is_lead=True).open().exists())
    made = Routing.objects.create(concern=concern, **{"text": concern.text, "question": "Was ist möglich?", **fields})
    if made.is_open and concern.status == "new":
        concern.status, concern.needs_triage, concern.due_on = "forwarded", False, due_on
        concern.save(update_fields=["status", "needs_triage", "due_on"])
    return made


def picture(format: str = "JPEG", size=(64, 48), color="seagreen", **options) -> bytes:
    """An image file; `options` go to Pillow (exif=…, quality=…)."""
    target = BytesIO()
    Image.new("RGB", size, color).save(target, format, **options)
    return target.getvalue()


def photo(*, concern: Concern | None = None, by: User | None = None) -> Photo:
    """A photo of a concern, stored as the application stores it."""
    concern = concern or _concern()
    n = next(_numbers)
    prepared = prepare(BytesIO(picture(color=(n % 256, 80, 80))), f"bild-{n}.jpg")
    return add_photo(concern=concern, photo=prepared, by=by or concern.owner)


def held_photo(*, user: User, form_key=None) -> HeldPhoto:
    """A photo that waits for its concern to be saved."""
    n = next(_numbers)
    prepared = prepare(BytesIO(picture(color=(n % 256, 80, 80))), f"bild-{n}.jpg")
    return hold_photo(user=user, form_key=form_key or uuid4(), photo=prepared)


# Names under which the functions above stay reachable where a parameter hides them.
_district, _department, _concern = district, department, concern
