"""Papers of funds: application (P19), notice and reminder as letters (P20), the overview of a year (P21)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils import timezone

from districts.models import Actor, Office, User
from districts.roles import Perm, Role
from projects.actions.fund_money import sums_of
from projects.eligibility import costs_of
from projects.fund_report import YearReport, year_report
from projects.fund_wording import (
    notice_paragraphs,
    notice_subject,
    objection,
    remedy,
    reminder_paragraphs,
    reminder_subject,
)
from projects.fund_workflow import CITY, Instance, Outcome
from projects.models import Fund, FundApplication, FundDecision
from quartier.pdf import render

from .head import office_in, sender


def _office(application: FundApplication) -> Office | None:
    district = application.district or application.fund.districts.first()
    return office_in(district) if district else None


def application_paper(application: FundApplication) -> bytes:
    """The application with its cost plan, to be signed."""
    rule = application.rule
    context = {
        "application": application,
        "lines": list(application.lines.all()),
        "costs": costs_of(application, rule or application.fund.rule_on(timezone.localdate())),
        "attachments": list(application.documents.all()),
        "groups": list(application.target_groups.all()),
        "today": timezone.localdate(),
        **sender(_office(application)),
    }
    title = f"Fondsantrag {application.number}"
    return render("reports/papers/fund_application.html", context, title=title, author=settings.CITY_NAME)


def _recipient(application: FundApplication) -> list[str]:
    actor: Actor | None = application.addressee
    if actor is None:
        return [application.group_name or "Antragstellende"]
    group = [f"für: {application.group_name}"] if application.group_name else []
    place = f"{actor.postcode} {actor.city}".strip()
    return [line for line in (actor.name, *group, actor.street, place) if line]


@dataclass(frozen=True)
class Desk:
    """Who writes a letter: whose head it bears, who signs it for whom, and where to ask."""

    signer: User
    unit: str
    behalf: str  # the body whose decision it is, if it is one's
    office: Office | None

    @property
    def is_city(self) -> bool:
        """Whether the Sozialplanung writes, not the Quartiersmanagement."""
        return self.unit == Role.PLANNING.label

    @property
    def head(self) -> str:
        """The head of the letter: the office's own, or the city with the unit."""
        own = self.office.letterhead if self.office and not self.is_city else ""
        return own or f"{settings.CITY_NAME}\n{self.unit if self.is_city else settings.OFFICE_NAME}"

    @property
    def line(self) -> str:
        """The small line above the address."""
        if self.is_city or self.office is None:
            return f"{settings.CITY_NAME} · {self.unit}"
        return f"{self.office.name}, {self.office.address}".strip(", ")

    @property
    def phone(self) -> str:
        """Where to call: the person in the city's administration, otherwise the office."""
        return self.signer.phone if self.is_city or self.office is None else self.office.phone


def _desk(application: FundApplication, by: User, decision: FundDecision | None = None) -> Desk:
    """Whoever decided writes: the Sozialplanung in its own name and for a second body, who checked for a refusal by the
    rules; for the body of the quarter whoever keeps the fund. A reminder comes from whoever sends it.

    Who has left or works elsewhere now signs nothing: then whoever prints does, and never as somebody they are not.
    """
    instance = decision.instance if decision else ""
    decided = instance in CITY or instance == Instance.CHECK
    signer = decision.by if decided and _may_sign(decision.by, instance) else by
    city = signer.rights.can(Perm.EDIT_ALL_FUNDS)
    for_others = Role.PLANNING.label if instance == Instance.OFFICE and not city else ""
    return Desk(
        signer=signer,
        unit=Role.PLANNING.label if city else Role.MANAGER.label,
        behalf=str(decision.body) if decision and decision.body_id else for_others,
        office=_office(application),
    )


def _may_sign(person: User, instance: str) -> bool:
    """Whether a person still works where a decision was made."""
    here = person.rights.can(Perm.EDIT_ALL_FUNDS) or (instance not in CITY and person.rights.can(Perm.KEEP_FUNDS))
    return person.is_active and here


def _letter(application: FundApplication, desk: Desk, subject: str, paragraphs: list[str], on: date, **more) -> bytes:
    context = {
        "application": application,
        "desk": desk,
        "office": desk.office,
        "recipient": _recipient(application),
        "subject": subject,
        "paragraphs": paragraphs,
        "on": on,
        **more,
    }
    author = settings.CITY_NAME if desk.is_city else desk.office.name if desk.office else settings.OFFICE_NAME
    return render("reports/papers/fund_letter.html", context, title=subject, author=author)


def notice(application: FundApplication, *, by: User, on: date) -> bytes:
    """The notice of a grant or a refusal, with its reason; dated on the day it was or is given.

    `by` prints it and signs it where the body of the quarter has decided.
    """
    decision = application.decisions.select_related("body", "by").get(is_final=True)
    desk, subject = _desk(application, by, decision), notice_subject(application, decision)
    more = {"objection": objection(application, decision), "remedy": remedy(application, decision)}
    paragraphs = notice_paragraphs(application, decision)
    return _letter(application, desk, subject, paragraphs, application.notice_on or on, **more)


def reminder(application: FundApplication, *, by: User, on: date) -> bytes:
    """The reminder of a proof of use that is overdue."""
    paragraphs = reminder_paragraphs(application, sums_of(application)["pay"])
    return _letter(application, _desk(application, by), reminder_subject(application), paragraphs, on)


def year_paper(report: YearReport, *, today: date) -> bytes:
    """The overview of a fund's year."""
    district = report.fund.districts.first()
    context = {"report": report, "today": today, **sender(office_in(district) if district else None)}
    title = f"{report.fund}: Jahresübersicht {report.year}"
    return render("reports/papers/fund_year.html", context, title=title, author=settings.CITY_NAME)


def fund_papers() -> Iterator[tuple[str, bytes]]:
    """An application, a notice of each kind and of each instance, a reminder, and last year's overview."""
    today = timezone.localdate()
    rows = FundApplication.objects.with_everything().order_by("pk")
    for name, given in _SAMPLES.items():
        if found := rows.filter(decisions__is_final=True, **given).first():
            yield f"fonds-bescheid-{name}", notice(found, by=found.notice_by or found.created_by, on=today)
    if late := rows.proof_overdue(today).first():
        yield "fonds-erinnerung", reminder(late, by=late.notice_by, on=today)
    if some := rows.exclude(received_on=None).first():
        yield "fonds-antrag", application_paper(some)
    if fund := Fund.objects.filter(years__year=today.year - 1).first():
        yield "fonds-jahresuebersicht", year_paper(year_report(fund, today.year - 1), today=today)


_SAMPLES = {
    "granted": {"decisions__result": Outcome.GRANTED, "decisions__instance": Instance.BODY},
    "partly": {"decisions__result": Outcome.PARTLY, "decisions__instance": Instance.BODY},
    "refused": {"decisions__result": Outcome.REFUSED, "decisions__instance": Instance.BODY},
    "pruefung": {"decisions__instance": Instance.CHECK},
    "sozialplanung": {"decisions__instance": Instance.OFFICE},
    "zweite-instanz": {"decisions__instance": Instance.SECOND},
}
