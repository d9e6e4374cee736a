"""The register of needs and the theme reports of the demo city, in every state, with answers (Q17, appendix G)."""

from datetime import date, datetime, time, timedelta

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.utils import timezone

from concerns.models import Concern
from districts.models import ActionField, Department, District, TargetGroup, User
from projects.actions import agenda
from projects.actions import needs as actions
from projects.actions import theme_answers as answers
from projects.actions import theme_reports as reports
from projects.models import Body, Need, ThemeRecipient, ThemeReport
from projects.workflow import NeedStatus
from quartier.workdays import add_workdays

from . import read

MOST = 6  # concerns linked to a need
# The way to a status: what was set on it, in equal steps.
WAYS: dict[str, tuple[str, ...]] = {
    "observed": (),
    "confirmed": ("confirmed",),
    "reported": ("confirmed",),
    "in_progress": ("confirmed", "in_progress"),
    "adopted": ("confirmed",),
    "done": ("confirmed", "in_progress", "done"),
    "dropped": ("confirmed", "dropped"),
}


def is_loaded() -> bool:
    """Whether there are needs already."""
    return Need.objects.exists()


@transaction.atomic
def load(*, now: datetime) -> int:
    """Load the register beside a demo city that is there; returns the number of needs."""
    stage = _Stage(now)
    for row in read("needs"):
        stage.play(row)
    stage.report()
    stage.decide()
    actions.remind_to_confirm(at=now)
    return Need.objects.count()


class _Stage:
    """Everything played with the application's own actions, each by whoever would have done it."""

    def __init__(self, now: datetime):
        self.now, self.today = now, timezone.localdate(now)
        self.people = {one.email.partition("@")[0]: one for one in User.objects.all()}
        self.keepers = {row["key"]: self.people[row["by"]] for row in read("bodies")}
        self.districts = {one.slug: one for one in District.objects.defer("boundary")}
        self.departments = {one.code: one for one in Department.objects.valid_on(self.today)}
        self.needs: dict[str, Need] = {}

    def at(self, day: date, hour: int = 10) -> datetime:
        """A moment of a day, never one to come."""
        return min(timezone.make_aware(datetime.combine(day, time(hour, 20))), self.now)

    def before(self, days: int) -> datetime:
        """A moment of the day so many days ago."""
        return self.at(self.today - timedelta(days=days))

    def play(self, row: dict) -> None:
        """One need from its first sight until today."""
        by, since = self.keepers[row["by"]], self.today - relativedelta(months=row["months"])
        districts = [self.districts[code] for code in row["districts"]]
        need = actions.save_need(
            by=by, at=self.at(since), title=row["title"], problem=row["problem"], solutions=row.get("solutions", ""),
            priority=row["priority"], first_seen_on=since - timedelta(days=20), keeper=by, districts=districts,
            action_fields=ActionField.objects.filter(code__in=row["action_fields"]),
            target_groups=TargetGroup.objects.filter(code__in=row["groups"]),
            departments=[self.departments[code] for code in row["departments"]],
        )  # fmt: skip
        self.needs[row["key"]] = need
        for kind, text, source in row.get("evidence", []):
            on = since + timedelta(days=9)
            actions.add_evidence(need=need, by=by, at=self.at(on), kind=kind, text=text, source=source, on=on)
        self._link(need, row, by)
        way = WAYS[row["status"]]
        for step, status in enumerate(way, 1):
            day = since + (self.today - since) * step // (len(way) + 1)
            reason = row["drop"] if status == NeedStatus.DROPPED else ""
            actions.set_status(need=need, status=status, reason=reason, by=by, at=self.at(day))
        if "project" in row:
            actions.start_project(need=need, title=row["project"], by=by, at=self.before(70))

    def _link(self, need: Need, row: dict, by: User) -> None:
        here = Concern.objects.filter(district__in=[self.districts[code] for code in row["districts"]])
        found = here.filter(topic__code__in=row["topics"], is_sensitive=False, lead=None).order_by("-received_on", "pk")
        for concern in found[:MOST]:
            day = max(concern.received_on, timezone.localdate(need.created_at)) + timedelta(days=3)
            actions.link_concerns(need=need, concerns=[concern], by=by, at=self.at(min(day, self.today)))

    def _send(self, key: str, days: int, to: list, *, reason: str, request: str, by: str = "") -> list[ThemeRecipient]:
        """A report about one need that was sent some days ago."""
        need, day = self.needs[key], self.today - timedelta(days=days)
        who, at = self.people[by] if by else need.keeper, self.at(day)
        until = day.replace(day=1) - timedelta(days=1)
        report = reports.save_report(
            by=who, at=at, needs=[need], title=need.title, district=need.districts.first(),
            since=(until - timedelta(days=170)).replace(day=1), until=until, reason=reason, request=request,
        )  # fmt: skip
        for one in to:
            target = {"department": self.departments[one]} if one in self.departments else {"name": one}
            reports.add_recipient(report=report, by=who, due_on=add_workdays(day, 20), **target)
        reports.send_report(report=report, by=who, at=at)
        return list(report.recipients.order_by("pk"))

    def report(self) -> None:
        """Theme reports in every state: new, accepted, with a question, late, answered with a no, reported back."""
        pelzer, hagemann, overath = (self.people[one] for one in ("d.pelzer", "n.hagemann", "r.overath"))
        often = "Das Thema kommt in der Sprechstunde, in der Stadtteilkonferenz und in den Anliegen immer wieder vor."
        ask = "Bitte prüfen Sie, was möglich ist, bis wann, und was wir den Menschen sagen können."
        known = {"reason": often, "request": ask}
        (no,) = self._send("bus", 210, ["FB 68"], **known)
        answers.accept(recipient=no, by=overath, at=self.before(205))
        answers.reply(
            recipient=no, by=overath, result="declined", reason_category="other_level", at=self.before(190),
            text="Die Linie betreibt der Verkehrsverbund. Er hat die Nachfrage gezählt und will am späten Abend nicht "
            "fahren. Die Stadt kann das nicht anordnen.",
        )  # fmt: skip
        (done,) = self._send("cross", 160, ["FB 68"], **known)
        answers.reply(
            recipient=done, by=overath, result="fulfilled", date_=self.today - timedelta(days=120),
            text="Der Zebrastreifen ist markiert und beleuchtet.", at=self.before(118),
        )  # fmt: skip
        for one in (no, done):
            self._finish(one.report)
        (planned,) = self._send("waste", 40, ["E 18"], **known)
        answers.accept(recipient=planned, by=pelzer, file_number="E 18-24/117", at=self.before(36))
        answers.reply(
            recipient=planned, by=pelzer, result="planned", date_=self.today + timedelta(days=60), at=self.before(2),
            text="Vier Standorte werden ab dem Frühjahr zweimal in der Woche geleert.",
        )  # fmt: skip
        (late,) = self._send("play", 52, ["FB 36"], **known)
        answers.accept(recipient=late, by=hagemann, at=self.before(45))
        social, _ = self._send("elder", 16, ["FB 56", "Ausschuss für Soziales, Integration und Demographie"], **known)
        self._send("kullen", 12, ["FB 45"], by="e.steinmetz", **known)
        self._send(
            "light",
            4,
            ["E 18"],
            reason=often,
            request="Bitte nennen Sie die Leuchten, die Ihnen als defekt bekannt sind.",
        )
        reports.escalate_overdue(at=self.now)
        self._draft()
        answers.give_interim_notice(
            recipient=social, by=self.people["e.steinmetz"], new_due_on=self.today + timedelta(days=30),
            text="Wir sammeln gerade Zahlen aus der Pflegeplanung.", at=self.before(3),
        )  # fmt: skip

    def _finish(self, report: ThemeReport) -> None:
        if not reports.missing_for_return(report):
            reports.finish(report=report, by=report.sent_by, at=self.before(100))

    def _draft(self) -> None:
        need, until = self.needs["doctor"], self.today.replace(day=1) - timedelta(days=1)
        reports.save_report(
            by=need.keeper, at=self.before(1), needs=[need], title=need.title,
            district=need.districts.first(), since=(until - timedelta(days=80)).replace(day=1), until=until,
            reason="Die letzte Praxis im Quartier ist geschlossen.",
            request="Bitte nehmen Sie Kontakt mit der Kassenärztlichen Vereinigung auf.",
        )  # fmt: skip

    def decide(self) -> None:
        """One need was decided about in a session, two stand on the agenda of the next one."""
        body = Body.objects.get(name__startswith="Stadtteilkonferenz Forst")
        held = body.sessions.not_approved().order_by("-on").first()
        need, by = self.needs["benches"], self.keepers["forst"]
        if held:
            item = agenda.save_item(
                session=held, by=by, title=need.title, kind="decision", text=actions.agenda_text(need), need=need
            )
            words = {
                "minutes": "Die Liste der sechs Stellen wird durchgegangen.",
                "yes": None,
                "no": None,
                "abstained": None,
            }
            words["decision"] = "Die Konferenz empfiehlt Bänke an den drei Stellen auf städtischem Grund."
            at = self.at(self.today - timedelta(days=1))
            agenda.write_minutes(
                session=held, written=[agenda.Written(item.pk, item.version, True, words)], told=set(), seen=set(),
                told_answers=set(), seen_answers=set(), by=by, at=at,
            )  # fmt: skip
            agenda.approve_minutes(session=held, how="confirmation", approved_in=None, by=by, at=at)
        for key, where in (("elder", "Kronenberg"), ("kullen", "Kronenberg"), ("waste", "Ost")):
            body = Body.objects.get(name__startswith=f"Stadtteilkonferenz {where}")
            if coming := body.sessions.ahead(self.today).first():
                actions.propose(need=self.needs[key], session=coming, by=body.coordinator, at=self.now)
