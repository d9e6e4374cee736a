"""What a fund did in a year (P21): one query layer for page, CSV, paper and the public list (I12)."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Case, Count, DecimalField, F, OuterRef, Q, Subquery, Sum, When
from django.db.models.functions import Coalesce, Round

from projects.fund_ledger import BudgetChange, budget_changes, reversals
from projects.fund_workflow import COUNTER, DECIDED, PROMISED, UNDECIDED, ApplicationStatus, EntryKind
from projects.models import CostLine, Fund, FundApplication, FundYear, LedgerEntry
from projects.querysets.funds import FundApplicationQuerySet
from quartier.csvfile import written_lines
from quartier.text import cell_text

MONEY = DecimalField(max_digits=12, decimal_places=2)
ZERO = Decimal(0)
FIRST_YEAR, LAST_YEAR = 1990, 2199  # as a budget may have


def booked(kind: str) -> Coalesce:
    """What of one kind was booked for an application and not reversed."""
    rows = LedgerEntry.objects.filter(application=OuterRef("pk"), kind__in=(kind, COUNTER[kind])).order_by()
    signed = Case(When(kind=kind, then=F("amount")), default=-F("amount"), output_field=MONEY)
    total = rows.values("application").annotate(total=Sum(signed)).values("total")
    return Coalesce(Subquery(total), ZERO, output_field=MONEY)


def of_year(fund: Fund, year: int) -> FundApplicationQuerySet:
    """Applications for projects that begin in a year and were handed in, in the order of their numbers."""
    rows = fund.applications.filter(starts_on__year=year, received_on__isnull=False)
    return rows.order_by("serial_year", "serial")


@dataclass(frozen=True)
class YearReport:
    """A fund's year."""

    fund: Fund
    year: int
    money: FundYear | None
    rows: list[FundApplication]
    fields: list[tuple[str, int, Decimal]]  # Handlungsfeld, how many were granted, for how much
    districts: list[tuple[str, int, Decimal]]
    changes: list[BudgetChange]  # of its budget
    reversals: list[LedgerEntry]

    @property
    def as_list(self) -> list[FundYear]:
        """The money of the year for the table that can show several."""
        return [self.money] if self.money else []

    def _count(self, states) -> int:
        return sum(one.status in states for one in self.rows)

    @property
    def counts(self) -> list[tuple[str, int]]:
        """How many applications, by what became of them; together all that were handed in."""
        return [
            ("eingereicht", len(self.rows)),
            ("davon bewilligt, ganz oder teilweise", self._count(PROMISED)),
            ("davon abgelehnt", self._count({ApplicationStatus.REFUSED})),
            ("davon zurückgezogen", self._count({ApplicationStatus.WITHDRAWN})),
            ("davon noch nicht entschieden", self._count(UNDECIDED)),
        ]

    @property
    def requested(self) -> Decimal:
        """What was asked for altogether."""
        return sum((one.requested for one in self.rows), ZERO)

    @property
    def granted(self) -> Decimal:
        """What was granted altogether, whatever was called up or came back of it."""
        return sum((one.granted_amount for one in self.rows if one.status in PROMISED), ZERO)

    @property
    def paid(self) -> Decimal:
        """What was paid."""
        return sum((one.paid for one in self.rows), ZERO)

    @property
    def returned(self) -> Decimal:
        """What came back."""
        return sum((one.returned for one in self.rows), ZERO)


def year_report(fund: Fund, year: int) -> YearReport:
    """Everything about a fund's year, in a fixed number of queries."""
    found = of_year(fund, year).with_names().select_related("district", "action_field")
    found = found.defer("district__boundary", "description", "benefit", "advice")
    rows = list(found.annotate(paid=booked(EntryKind.PAY), returned=booked(EntryKind.RETURN)))
    return YearReport(
        fund=fund,
        year=year,
        money=fund.years.filter(year=year).first(),
        rows=rows,
        fields=_by(rows, "action_field"),
        districts=_by(rows, "district"),
        changes=budget_changes(fund, year),
        reversals=reversals(fund, year),
    )


def report_of(fund: Fund, year: int) -> YearReport | None:
    """The report of a year; None where there is nothing to report, or no such year."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    report = year_report(fund, year)
    return report if report.money or report.rows else None


def _by(rows: list[FundApplication], name: str) -> list[tuple[str, int, Decimal]]:
    found: dict[str, tuple[int, Decimal]] = {}
    for one in rows:
        if one.status in PROMISED:
            count, total = found.get(str(getattr(one, name) or "keine Angabe"), (0, ZERO))
            found[str(getattr(one, name) or "keine Angabe")] = (count + 1, total + one.granted_amount)
    return sorted(((key, *value) for key, value in found.items()), key=lambda one: (-one[2], one[0]))


COLUMNS = (
    *("Nummer", "Titel", "Antragsteller", "Quartier", "Handlungsfeld", "Beginn", "Ende", "Stand", "Beantragt"),
    *("Bewilligt", "Ausgezahlt", "Zurückgezahlt"),
)


def csv_lines(report: YearReport) -> Iterator[str]:
    """The rows of the report for a spreadsheet."""
    return written_lines(COLUMNS, (_cells(one) for one in report.rows))


def _cells(one: FundApplication) -> list[str]:
    words = [one.number, one.title, one.who, str(one.district or ""), str(one.action_field or "")]
    days = [f"{day:%d.%m.%Y}" for day in (one.starts_on, one.ends_on)]
    amounts = [one.requested, one.granted_amount if one.status in PROMISED else ZERO, one.paid, one.returned]
    return [
        *map(cell_text, words),
        *days,
        one.get_status_display(),
        *(f"{amount:.2f}".replace(".", ",") for amount in amounts),
    ]


@dataclass(frozen=True)
class PublicDecision:
    """What everybody may know of a grant: the project, an institution that may be named, the amount."""

    title: str
    who: str
    district: str
    amount: Decimal


@dataclass(frozen=True)
class PublicYear:
    """The decisions of a year that applicants have been told."""

    year: int
    rows: list[PublicDecision]
    refused: int

    @property
    def total(self) -> Decimal:
        """What was granted altogether."""
        return sum((one.amount for one in self.rows), ZERO)


def public_years(fund: Fund) -> list[int]:
    """Years with decisions that applicants were told of, the latest first."""
    told = fund.applications.filter(status__in=DECIDED, notice_on__isnull=False)
    return sorted({day.year for day in told.order_by().dates("starts_on", "year")}, reverse=True)


def public_year(fund: Fund, year: int) -> PublicYear:
    """The public part of a year; nothing before the applicant knows, no names of groups or of who was refused."""
    told = of_year(fund, year).filter(status__in=DECIDED, notice_on__isnull=False)
    told = told.select_related("applicant", "partner", "district").defer("district__boundary")
    granted = [one for one in told if one.status in PROMISED]
    return PublicYear(
        year=year,
        rows=[PublicDecision(one.title, _named(one), str(one.district or ""), one.granted_amount) for one in granted],
        refused=sum(one.status == ApplicationStatus.REFUSED for one in told),
    )


def _named(application: FundApplication) -> str:
    actor = application.addressee
    named = actor.name if actor and actor.is_public else ""
    if application.applicant_kind == FundApplication.ApplicantKind.RESIDENTS:
        return f"Bewohnergruppe mit {named}" if named else "Bewohnergruppe"
    return named or "eine Einrichtung"


@dataclass(frozen=True)
class FundFigures:
    """What happened to the applications of some days, for evaluation reports. Amounts in euros."""

    fund: Fund
    handed_in: int
    granted: int
    refused: int
    withdrawn: int
    undecided: int
    requested: Decimal
    granted_sum: Decimal
    paid: Decimal
    returned: Decimal
    own: Decimal  # own share of granted projects: money and volunteers' hours at the rate of their rules
    costs: Decimal  # all costs of granted projects, volunteers included
    hours: Decimal

    @property
    def approval_rate(self) -> Decimal | None:
        """Granted of what was decided, in per cent; none when nothing was decided."""
        decided = self.granted + self.refused
        return Decimal(self.granted * 100) / decided if decided else None

    @property
    def own_share(self) -> Decimal | None:
        """The own share of granted projects in per cent of their costs; none without costs."""
        return self.own * 100 / self.costs if self.costs else None


def fund_figures(districts, since, until) -> list[FundFigures]:
    """Applications of some districts (None: of the whole city) that came in from `since` to `until`, both included.

    One entry for each fund with any.
    """
    rows = FundApplication.objects.filter(received_on__range=(since, until))
    if districts is not None:
        rows = rows.filter(district__in=districts)
    won, value = Q(status__in=PROMISED), Round(F("volunteer_hours") * F("rule__volunteer_rate"), precision=2)
    worth = Case(When(rule=None, then=ZERO), default=value, output_field=MONEY)
    totals = (
        rows.annotate(worth=worth)
        .order_by()
        .values("fund")
        .annotate(
            handed_in=Count("pk"),
            granted_n=Count("pk", filter=won),
            refused_n=Count("pk", filter=Q(status=ApplicationStatus.REFUSED)),
            withdrawn_n=Count("pk", filter=Q(status=ApplicationStatus.WITHDRAWN)),
            requested_sum=Sum("requested"),
            granted_sum=Sum("granted_amount", filter=won),
            money=Sum("own_money", filter=won),
            worth_total=Sum("worth", filter=won),
            hours=Sum("volunteer_hours", filter=won),
        )
    )
    found = {one["fund"]: one for one in totals}
    for pk, sums in _sums_by_fund(rows, won).items():
        found[pk] |= sums
    return [_figures(fund, found[fund.pk]) for fund in Fund.objects.filter(pk__in=list(found))]


def _sums_by_fund(rows: FundApplicationQuerySet, won: Q) -> dict[int, dict[str, Decimal]]:
    """What hangs on applications, by fund: paid, given back, cost plans of those that won.

    Added up by fund at once; a question for each of 20,000 applications cost as much as the rest of an evaluation.
    """
    sums: dict[int, dict[str, Decimal]] = {}
    entries = LedgerEntry.objects.filter(application__in=rows.order_by().values("pk")).order_by()
    for fund, kind, total in entries.values_list("application__fund", "kind").annotate(total=Sum("amount")):
        sums.setdefault(fund, {})[kind] = total
    for found in sums.values():
        found["paid_total"], found["back_total"] = _left(found, EntryKind.PAY), _left(found, EntryKind.RETURN)
    lines = CostLine.objects.filter(application__in=rows.filter(won).order_by().values("pk")).order_by()
    for fund, total in lines.values_list("application__fund").annotate(total=Sum("amount")):
        sums.setdefault(fund, {})["lines_total"] = total
    return sums


def _left(booked: dict[str, Decimal], kind: EntryKind) -> Decimal:
    """What is left of bookings of a kind without those that were reversed."""
    return booked.get(kind, ZERO) - booked.get(COUNTER[kind], ZERO)


def _figures(fund: Fund, row: dict) -> FundFigures:
    worth, lines = row["worth_total"] or ZERO, row.get("lines_total") or ZERO
    settled = row["granted_n"] + row["refused_n"] + row["withdrawn_n"]
    return FundFigures(
        fund=fund,
        handed_in=row["handed_in"],
        granted=row["granted_n"],
        refused=row["refused_n"],
        withdrawn=row["withdrawn_n"],
        undecided=row["handed_in"] - settled,
        requested=row["requested_sum"] or ZERO,
        granted_sum=row["granted_sum"] or ZERO,
        paid=row.get("paid_total") or ZERO,
        returned=row.get("back_total") or ZERO,
        own=(row["money"] or ZERO) + worth,
        costs=lines + worth,
        hours=row["hours"] or ZERO,
    )
