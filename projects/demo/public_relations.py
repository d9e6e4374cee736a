"""Public relations of the demo city: a year and a half of items in every state, and what the media wrote (Q17)."""

import json
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from PIL import Image, ImageDraw

from districts.models import District, User
from districts.roles import Perm, Role
from projects.actions import clippings, fund_stories, pr_images
from projects.actions import public_relations as actions
from projects.models import Document, Event, PRItem, Project
from quartier.photos import Prepared, prepare

_DATA = Path(__file__).parent / "data"
_ASSISTANTS = {"s.haddad": "a.yilmaz"}  # who hands in what an assistant has written
_LEAD = 14  # days from the first words until an item appears
_COLOURS = {
    "Blau": "#3b6ea5", "Orange": "#c26a00", "Grün": "#2e7d5b", "Violett": "#7a4b8c", "Rot": "#a33b3b",
}  # fmt: skip


def _read(name: str):
    return json.loads((_DATA / f"{name}.json").read_text(encoding="utf-8"))


def is_loaded() -> bool:
    """Whether there are items already."""
    return PRItem.objects.exists()


@transaction.atomic
def load(*, now: datetime) -> int:
    """Load items and clippings beside a demo city that is there; returns the number of items."""
    stage = _Stage(now)
    for turn, row in enumerate(_read("pr_items")):
        stage.item(row, turn)
    for row in _read("clippings"):
        stage.clipping(row)
    stage.story()
    return PRItem.objects.count()


class _Stage:
    """Everything played with the application's own actions, each by whoever would have done it."""

    def __init__(self, now: datetime):
        self.now, self.today = now, timezone.localdate(now)
        self.people = {one.email.partition("@")[0]: one for one in User.objects.all()}
        self.districts = {one.slug: one for one in District.objects.defer("boundary")}
        self.press = User.objects.with_role(Role.PRESS, on=self.today).get()

    def at(self, day: date, hour: int = 10) -> datetime:
        """A moment of a day, never one to come."""
        return min(timezone.make_aware(datetime.combine(day, time(hour, 25))), self.now)

    def item(self, row: dict, turn: int) -> None:
        """One item from its first words until where it stands today."""
        by = self.people[row["by"]]
        team = self.people[_ASSISTANTS.get(row["by"], row["by"])]
        day = self.today + timedelta(days=row["day"]) if "day" in row else None
        begun = min(day or self.today, self.today) - timedelta(days=_LEAD)
        item = actions.save_item(by=by, at=self.at(begun), **self._fields(row, by, day))
        if "image" in row:
            colour = list(_COLOURS)[turn % len(_COLOURS)]
            alt = f"Gezeichnete Häuserzeile in {colour} und Grau unter einer gelben Sonne"
            pr_images.add_image(
                item=item, photo=_picture(turn, _COLOURS[colour]), alt=alt, consent=row.get("consent", "nobody"),
                rights=f"Bild: {by.office or 'Quartiersmanagement'}", by=by, at=self.at(begun, 11),
            )  # fmt: skip
        state = row["state"]
        if state == "dropped":
            actions.archive(item=item, by=team, at=self.at(begun + timedelta(days=9)))
        elif state not in ("idea", "draft"):
            self._decide(item, row, team, day)

    def story(self) -> None:
        """The report of a fund's project that has just been settled, with a photo of its proof, as a draft."""
        by = self.people["a.yilmaz"]
        here = by.rights.districts(Perm.DRAFT_PR)
        photos = Document.objects.pictures().filter(proof_of__status="settled", proof_of__district__in=list(here))
        photo = photos.filter(title__startswith="Foto").order_by("-at", "-pk").first()
        if photo:
            item = fund_stories.draft_from_report(application=photo.proof_of, by=by)
            pr_images.take_picture(
                item=item, picture=photo, alt="Tische auf einer Wiese", rights="Bild: Antragsteller", consent="nobody",
                by=by,
            )  # fmt: skip

    def _fields(self, row: dict, by: User, day: date | None) -> dict:
        places = [self.districts[code] for code in row["districts"]]
        until = day + timedelta(days=row["until"]) if "until" in row else None
        edition = f"{row['edition']}/{day.year}" if "edition" in row else ""
        return {
            "districts": places, "kind": row["kind"], "title": row["title"], "text": row["text"], "keeper": by,
            "channels": row["channels"], "languages": row.get("languages", ["de"]), "publish_on": day,
            "runs_until": until, "edition": edition, "print_run": row.get("print_run"),
            "cost": Decimal(row["cost"]) if "cost" in row else None, "link": row.get("link", ""),
            "shows_strength": row.get("strong", False), **self._about(row, places, day),
        }  # fmt: skip

    def _about(self, row: dict, places: list[District], day: date | None) -> dict:
        """What it speaks of: an event shortly after it, or a project of the district, when there are any."""
        if row.get("about") == "event" and day:
            soon = Event.objects.filter(district__in=places, on__range=(day - timedelta(days=7), day + timedelta(45)))
            event = soon.exclude(status="cancelled").order_by("on", "pk").first()
            return {"event": event, "project": event.project} if event else {}
        if row.get("about") == "project":
            known = Project.objects.filter(districts__in=places).exclude(status__in=["idea", "dropped"])
            return {"project": known.order_by("pk").first()}
        return {}

    def _decide(self, item: PRItem, row: dict, team: User, day: date) -> None:
        handed_in = self.today - timedelta(days=row["waits"]) if "waits" in row else day - timedelta(days=5)
        handed_in = min(handed_in, self.today - timedelta(days=1))
        actions.hand_in(item=item, by=team, at=self.at(handed_in, 12))
        state = row["state"]
        if state == "submitted":
            return
        decided = self.at(min(handed_in + timedelta(days=2), self.today), 9)
        if state == "returned":
            actions.give_back(item=item, hint=row["hint"], by=self.press, at=decided)
            return
        item.refresh_from_db()
        actions.approve(item=item, version=item.version, by=self.press, at=decided)
        if state == "approved":
            return
        actions.publish(item=item, on=day, by=team, at=self.at(day, 15))
        if state == "archived":
            until = day + timedelta(days=row.get("until", 60) + 7)
            actions.archive(item=item, by=team, at=self.at(min(until, self.today), 16))

    def clipping(self, row: dict) -> None:
        """What a medium wrote."""
        ours = PRItem.objects.filter(title=row["takes_up"]).first() if "takes_up" in row else None
        clippings.save_clipping(
            by=self.people["a.yilmaz"], districts=[self.districts[code] for code in row["districts"]],
            on=self.today + timedelta(days=row["day"]), medium=row["medium"], title=row["title"], tone=row["tone"],
            topic=row["topic"], summary=row["summary"], link=row.get("link", ""), item=ours,
            project=ours.project if ours else None,
        )  # fmt: skip


def _picture(turn: int, colour: str) -> Prepared:
    """A drawing in the place of a photo: nobody's likeness, and the same every time."""
    picture = Image.new("RGB", (1200, 800), "#eef1f4")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 560, 1200, 800), fill="#cfd8c4")
    for n in range(5):
        left, top = 60 + n * 225, 180 + (turn * 37 + n * 91) % 220
        draw.rectangle((left, top, left + 170, 560), fill=colour if n % 2 else "#8fa3b5")
        for row in range(top + 30, 520, 70):
            draw.rectangle((left + 25, row, left + 65, row + 36), fill="#f7f3dd")
            draw.rectangle((left + 105, row, left + 145, row + 36), fill="#f7f3dd")
    draw.ellipse((980, 50, 1110, 180), fill="#e8b93c")
    content = BytesIO()
    picture.save(content, "PNG")
    content.seek(0)
    return prepare(content, "bild.png")
