"""Rows for tests: plain functions with sensible defaults; every call makes a new row with a name of its own.

`make.concern(district=ost, owner=mara, reporters=[{}])`, `make.routing(concern=…, department=…)`: what is not named is
made. Whatever the name of a field is works as a keyword.
"""

from dataclasses import fields as dataclass_fields
from datetime import date, time, timedelta
from decimal import Decimal
from io import BytesIO
from itertools import count
from uuid import uuid4

from django.test import Client
from django.utils import timezone
from PIL import Image

from concerns.actions import intake
from concerns.actions.photos import add_photo, hold_photo
from concerns.models import (
    Concern,
    Feedback,
    HeldPhoto,
    Letter,
    LetterBatch,
    Photo,
    Reporter,
    ResponsibilityRule,
    Routing,
    TextBlock,
    Topic,
)
from districts.actions import networks as network_actions
from districts.models import (
    ActionField,
    Actor,
    ActorFile,
    ActorType,
    Borough,
    ContactNote,
    ContactPerson,
    Department,
    Deputyship,
    District,
    Membership,
    Network,
    NetworkMembership,
    Office,
    OpeningException,
    OpeningSlot,
    Relation,
    TargetGroup,
    User,
)
from districts.roles import CARRIER_ROLES, DEPARTMENT_ROLES, DISTRICT_ROLES, Role
from quartier.photos import prepare
from quartier.workdays import add_workdays
from reports.actions import reports as report_actions
from reports.choice import Choice
from reports.models import Indicator, IndicatorFile, IndicatorValue, Report, Sheet, SheetEntry

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


def slot(*, office: Office | None = None, **fields) -> OpeningSlot:
    """Hours on Wednesdays from ten to twelve, always, for everybody."""
    known = {"weekday": 2, "starts": time(10), "ends": time(12), "kind": "open"}
    if fields.get("kind") == "third_party":
        known["provider"] = "Mieterhilfe e. V."
    made = OpeningSlot.objects.create(office=office or _office(), **{**known, **fields})
    made.refresh_from_db()
    return made


def exception(*, office: Office | None = None, **fields) -> OpeningException:
    """A day in a week on which the office is closed."""
    first_day = fields.get("first_day") or today() + timedelta(days=7)
    known = {"first_day": first_day, "last_day": first_day, "change": "closed", "reason": "Betriebsausflug"}
    return OpeningException.objects.create(office=office or _office(), **{**known, **fields})


def department(code: str = "", **fields) -> Department:
    n = next(_numbers)
    return Department.objects.create(
        **{"code": code or f"FB {n:03d}", "name": f"Fachbereich {n}", "mailbox": f"fb{n}@stadt.example", **fields}
    )


def user(*, role: Role | None = None, district=None, department=None, actor=None, **fields) -> User:
    """A person; with `role` also the membership that fits it (its scope is made when missing)."""
    n = next(_numbers)
    password = fields.pop("password", PASSWORD)
    made = User.objects.create_user(
        **{"email": f"person{n}@stadt.example", "name": f"Person {n:04d}", "password": password, **fields}
    )
    if role is not None:
        membership(user=made, role=role, district=district, department=department, actor=actor)
    return made


def membership(*, user: User, role: Role, district=None, department=None, actor=None, **fields) -> Membership:
    if role in DISTRICT_ROLES and district is None:
        district = _district()
    if role in DEPARTMENT_ROLES and department is None:
        department = _department()
    if role in CARRIER_ROLES and actor is None:
        actor = _actor()
    user.__dict__.pop("rights", None)
    scope = {"district": district, "department": department, "actor": actor}
    return Membership.objects.create(user=user, role=role, **scope, **fields)


def deputyship(*, person: User, deputy: User, **fields) -> Deputyship:
    """Stand-in from yesterday until in a week."""
    deputy.__dict__.pop("rights", None)
    dates = {"valid_from": today() - timedelta(days=1), "valid_to": today() + timedelta(days=7)}
    return Deputyship.objects.create(person=person, deputy=deputy, **{**dates, **fields})


def list_entry(model, **fields):
    """An entry of one of the directory's lists."""
    n = next(_numbers)
    return model.objects.create(**{"code": f"eintrag-{n}", "name": f"Eintrag {n}", **fields})


def actor(*, districts=(), action_fields=(), target_groups=(), **fields) -> Actor:
    """An active actor; without districts it works in the whole city."""
    fields["type"] = fields.get("type") or list_entry(ActorType)
    made = Actor.objects.create(**{"name": f"Akteur {next(_numbers)}", **fields})
    made.districts.set(districts)
    made.action_fields.set(action_fields)
    made.target_groups.set(target_groups)
    return made


def action_field(**fields) -> ActionField:
    return list_entry(ActionField, **fields)


def target_group(**fields) -> TargetGroup:
    return list_entry(TargetGroup, **fields)


def contact_person(*, actor: Actor | None = None, **fields) -> ContactPerson:
    """A contact person with consent and, until the end, a private number that must never leave the team."""
    n = next(_numbers)
    known = {"name": f"Ansprechperson {n}"}
    if not fields.get("valid_to"):
        known |= {"consent_on": today(), "private_phone": f"0171 {n:06d}"}
    return ContactPerson.objects.create(actor=actor or _actor(), **{**known, **fields})


def contact_note(*, actor: Actor | None = None, district: District, by: User, **fields) -> ContactNote:
    """An entry of the log of today."""
    n = next(_numbers)
    known = {"on": today(), "topic": f"Geheimes Thema {n}", "text": f"Geheimer Inhalt {n}", "keeper": by}
    return ContactNote.objects.create(actor=actor or _actor(), district=district, by=by, **{**known, **fields})


def network(*, districts=(), members=(), action_fields=(), target_groups=(), **fields) -> Network:
    """An active network; `members` belong to it without end."""
    known = {"name": f"Netzwerk {next(_numbers)}", "kind": Network.Kind.DISTRICT}
    made = Network.objects.create(**{**known, **fields})
    made.districts.set(districts)
    made.action_fields.set(action_fields)
    made.target_groups.set(target_groups)
    for one in members:
        NetworkMembership.objects.create(network=made, actor=one)
    return made


def relation(*, source: Actor, target: Actor, by: User, **fields) -> Relation:
    return network_actions.save_relation(source=source, target=target, by=by, **{"kind": "cooperates", **fields})


def actor_file(*, user: User, text: str = "Name;Art\nNeuer Akteur;Kita\n") -> ActorFile:
    """An uploaded list of actors that waits for its preview."""
    return ActorFile.objects.create(user=user, name="akteure.csv", content=text.encode())


def _actor() -> Actor:
    return actor()


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


def letter(*, reporter: Reporter, **fields) -> Letter:
    """A letter that lies ready in a batch of its own (unless `batch` is named)."""
    batch = fields.pop("batch", None) or LetterBatch.objects.create(made_by=reporter.taken_by)
    known = {"batch": batch, "reporter": reporter, "kind": "final", "text": "Erledigt."}
    return Letter.objects.create(**{**known, **fields})


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


def indicator(**fields) -> Indicator:
    n = next(_numbers)
    return Indicator.objects.create(**{"code": f"indikator-{n}", "name": f"Indikator {n}", **fields})


def indicator_value(*, indicator: Indicator | None = None, **fields) -> IndicatorValue:
    """A value of the present year: 12.5 unless something else is named; of the city without district or borough."""
    level = "district" if fields.get("district") else "borough" if fields.get("borough") else "city"
    known = {"level": level, "year": today().year}
    if "rating" not in fields:
        known["number"] = Decimal("12.5")
    return IndicatorValue.objects.create(indicator=indicator or _indicator(), **{**known, **fields})


def indicator_file(*, user: User, text: str = "Quartier;Jahr;Kinderarmut\nAachen-Ost;2024;12,5\n", **fields):
    """An uploaded file that waits for its preview."""
    return IndicatorFile.objects.create(user=user, **{"name": "werte.csv", "content": text.encode(), **fields})


def sheet(*, concerns=(), **fields) -> Sheet:
    """A draft notice with these concerns; `kind="heard"` has its district and the present month."""
    n = next(_numbers)
    if fields.get("kind") == Sheet.Kind.HEARD:
        fields.setdefault("since", today().replace(day=1))
        fields.setdefault("until", today())
        fields["district"] = fields.get("district") or _district()
    fields["made_by"] = fields.get("made_by") or user(role=Role.MANAGER, district=fields.get("district"))
    made = Sheet.objects.create(**{"kind": Sheet.Kind.NOTICE, "title": f"Blatt {n}", **fields})
    for position, concern in enumerate(concerns):
        SheetEntry.objects.create(
            sheet=made, concern=concern, section="done", heading=concern.title, text=concern.answer_text or "Erledigt.",
            position=position,
        )  # fmt: skip
    return made


def report(*, districts=(), by: User | None = None, **fields) -> Report:
    """A draft of an evaluation report: the present year, the whole city unless districts are named."""
    choice = fields.pop("choice", None) or Choice(
        since=today().replace(month=1, day=1), until=today(), districts=tuple(one.pk for one in districts)
    )
    known = {"title": f"Bericht {next(_numbers)}", "chapters": ["overview", "assessments"], **fields}
    return report_actions.create_report(by=by or user(role=Role.PLANNING), parameters=choice.to_json(), **known)


def released_report(**fields) -> Report:
    """A released report whose files hold a few bytes."""
    return freeze(report(**fields))


def freeze(draft: Report) -> Report:
    """Release a draft with files that hold a few bytes."""
    files = tuple((kind, f"bericht.{kind}", f"Inhalt {kind}".encode()) for kind in ("pdf", "xlsx", "csv"))
    figures = {"title": "", "period": "", "comparison": "", "filters": [], "as_of": "", "chapters": []}
    content = {"title": draft.title, "figures": figures, "texts": [], "summary": [], "asked": [], "definitions": []}
    frozen = report_actions.Frozen(content=content, files=files, revision=draft.revision)
    return report_actions.release(report=draft, frozen=frozen, by=draft.created_by)


# Names under which the functions above stay reachable where a parameter hides them.
_district, _department, _concern, _indicator, _office = district, department, concern, indicator, office
