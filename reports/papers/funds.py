"""Papers of funds: application (P19), notice and reminder as letters (P20), the overview of a year (P21)."""

from collections.abc import Iterator
from datetime import date

from django.conf import settings
from django.utils import timezone

from districts.models import Actor, Office
from projects.actions.fund_money import sums_of
from projects.eligibility import costs_of
from projects.fund_report import YearReport, year_report
from projects.fund_wording import notice_paragraphs, notice_subject, reminder_paragraphs, reminder_subject
from projects.fund_workflow import Outcome
from projects.models import Fund, FundApplication
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


def _letter(application: FundApplication, subject: str, paragraphs: list[str], signer: str, on: date) -> bytes:
    office = _office(application)
    from_line = f"{office.name}, {office.address}" if office else f"{settings.OFFICE_NAME} · {settings.CITY_NAME}"
    context = {
        "application": application,
        "office": office,
        "house": f"{settings.CITY_NAME}\n{settings.OFFICE_NAME}",
        "sender": from_line.strip(", "),
        "recipient": _recipient(application),
        "subject": subject,
        "paragraphs": paragraphs,
        "signer": signer,
        "on": on,
    }
    author = office.name if office else settings.OFFICE_NAME
    return render("reports/papers/fund_letter.html", context, title=subject, author=author)


def notice(application: FundApplication, *, signer: str, on: date) -> bytes:
    """The notice of a grant or a refusal, with its reason; dated on the day it was or is given."""
    decision = application.decisions.select_related("body").get(is_final=True)
    paragraphs = notice_paragraphs(application, decision)
    day = application.notice_on or on
    return _letter(application, notice_subject(application, decision), paragraphs, signer, day)


def reminder(application: FundApplication, *, signer: str, on: date) -> bytes:
    """The reminder of a proof of use that is overdue."""
    paragraphs = reminder_paragraphs(application, sums_of(application)["pay"])
    return _letter(application, reminder_subject(application), paragraphs, signer, on)


def year_paper(report: YearReport, *, today: date) -> bytes:
    """The overview of a fund's year."""
    district = report.fund.districts.first()
    context = {"report": report, "today": today, **sender(office_in(district) if district else None)}
    title = f"{report.fund}: Jahresübersicht {report.year}"
    return render("reports/papers/fund_year.html", context, title=title, author=settings.CITY_NAME)


def fund_papers() -> Iterator[tuple[str, bytes]]:
    """An application, a notice of each kind, a reminder, and last year's overview."""
    today = timezone.localdate()
    rows = FundApplication.objects.with_everything().order_by("pk")
    for result in (Outcome.GRANTED, Outcome.PARTLY, Outcome.REFUSED):
        found = rows.filter(decisions__is_final=True, decisions__result=result).first()
        if found:
            yield f"fonds-bescheid-{result}", notice(found, signer="Anna Beispiel", on=today)
    if late := rows.proof_overdue(today).first():
        yield "fonds-erinnerung", reminder(late, signer="Anna Beispiel", on=today)
    if some := rows.exclude(received_on=None).first():
        yield "fonds-antrag", application_paper(some)
    if fund := Fund.objects.filter(years__year=today.year - 1).first():
        yield "fonds-jahresuebersicht", year_paper(year_report(fund, today.year - 1), today=today)
