"""What the rules of a fund say about an application by themselves (Z36): each check with a result and a sentence."""

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal

from django.db.models import Q, Sum

from districts.models import AssignmentCarrier, Membership, Staffing, User
from projects.costs import CENT, Costs, euros, percent
from projects.fund_workflow import DECIDED, ApplicationStatus, Outcome
from projects.models import Fund, FundApplication, FundRule, FundYear, LedgerEntry

FOUR_EYES = "Wer den Antrag eingetragen, geändert oder dazu beraten hat, prüft ihn nicht: bitte jemand anderes."
OWN_HOUSE = "Wer beim Antragsteller oder Partner arbeitet, prüft den Antrag nicht: bitte jemand anderes."
# Without these nothing can be granted, whatever conditions somebody sets.
HARD = frozenset({"amount", "applicant", "district", "budget"})


@dataclass(frozen=True)
class Result:
    """One check: its code, whether it is passed, and what to say about it."""

    code: str
    label: str
    ok: bool
    text: str

    @property
    def is_hard(self) -> bool:
        """Whether a failure cannot be healed by a condition."""
        return self.code in HARD

    def frozen(self) -> dict:
        """As it is stored with a check."""
        return asdict(self)


def costs_of(application: FundApplication, rule: FundRule | None) -> Costs:
    """The stored cost plan, at the rate of some rules."""
    lines = application.lines.aggregate(total=Sum("amount"))["total"] or Decimal(0)
    return costs_with(application, rule, lines)


def costs_with(application: FundApplication, rule: FundRule | None, lines: Decimal) -> Costs:
    """A cost plan whose lines are known already; amounts of the row itself, also before it is stored."""
    return Costs(
        lines=lines,
        own_money=application.own_money or Decimal(0),
        hours=application.volunteer_hours or Decimal(0),
        rate=rule.volunteer_rate if rule else Decimal(0),
        other=application.other_amount or Decimal(0),
        requested=application.requested or Decimal(0),
    )


def rule_of(application: FundApplication, today: date) -> FundRule | None:
    """The rules by which it is checked: those of the day it came in, for a draft those of today."""
    return application.rule or application.fund.rule_on(application.received_on or today)


def automatic(application: FundApplication, *, today: date, costs: Costs | None = None) -> list[Result]:
    """All checks of an application; none when no rules are in force."""
    rule = rule_of(application, today)
    if rule is None:
        return []
    costs = costs or costs_of(application, rule)
    fund, received = application.fund, application.received_on or today
    return [
        _amount(rule, costs),
        _own_share(rule, costs),
        _plan(costs),
        _deadline(fund, rule, application, received),
        _district(fund, application),
        _applicant(rule, application),
        *_money(fund, rule, application),
    ]


def _amount(rule: FundRule, costs: Costs) -> Result:
    wanted = euros(costs.requested)
    if not costs.requested:
        return Result("amount", "Betrag", False, "Es ist noch kein Betrag beantragt.")
    if rule.max_amount is None:
        return Result("amount", "Betrag", True, f"Beantragt sind {wanted}; es gibt keinen Höchstbetrag.")
    ok = costs.requested <= rule.max_amount
    limit = f"höchstens {euros(rule.max_amount)} je Projekt"
    words = f"Beantragt sind {wanted}, möglich sind {limit}." if not ok else f"Beantragt sind {wanted}; {limit}."
    return Result("amount", "Betrag", ok, words)


def _own_share(rule: FundRule, costs: Costs) -> Result:
    ok = costs.reaches(rule.own_share)
    text = f"{euros(costs.own)} = {percent(costs.own_percent)} der Kosten von {euros(costs.total)}"
    if costs.hours:
        text += f" (davon {euros(costs.volunteers)} für Ehrenamt)" if rule.volunteer_rate else " (Ehrenamt zählt nicht)"
    return Result("own_share", "Eigenanteil", ok, f"{text}; nötig sind {percent(rule.own_share)}.")


def _plan(costs: Costs) -> Result:
    if not costs.lines:
        return Result("plan", "Kostenplan", False, "Der Kostenplan ist noch leer.")
    if costs.gap > 0:
        return Result("plan", "Kostenplan", False, f"Es fehlen {euros(costs.gap)}: die Kosten sind nicht gedeckt.")
    if costs.gap < 0:
        return Result("plan", "Kostenplan", False, f"Es sind {euros(-costs.gap)} mehr Mittel als Kosten eingetragen.")
    return Result("plan", "Kostenplan", True, "Kosten und Finanzierung gehen auf.")


def _deadline(fund: Fund, rule: FundRule, application: FundApplication, received: date) -> Result:
    rounds = [one for one in fund.rounds.all() if one.closes_on >= received]
    coming = min(rounds, key=lambda one: one.closes_on, default=None)
    if fund.rounds.all() and coming is None:
        return Result("deadline", "Frist", False, f"Nach dem {received:%d.%m.%Y} ist keine Antragsrunde mehr offen.")
    if application.starts_on is None:
        return Result("deadline", "Frist", False, "Der Beginn des Projekts fehlt.")
    earliest = received + timedelta(days=rule.lead_days)
    if application.starts_on < earliest:
        begins = f"Das Projekt beginnt am {application.starts_on:%d.%m.%Y}"
        return Result("deadline", "Frist", False, f"{begins}, frühestens möglich ist der {earliest:%d.%m.%Y}.")
    words = f"Eingegangen vor dem Ende der Antragsrunde am {coming.closes_on:%d.%m.%Y}." if coming else "Rechtzeitig."
    return Result("deadline", "Frist", True, words)


def _district(fund: Fund, application: FundApplication) -> Result:
    if application.district_id is None:
        return Result("district", "Quartier", False, "Das Quartier fehlt.")
    ok = any(one.pk == application.district_id for one in fund.districts.all())
    words = "gehört zum Fonds" if ok else "gehört nicht zu diesem Fonds"
    return Result("district", "Quartier", ok, f"{application.district} {words}.")


def _applicant(rule: FundRule, application: FundApplication) -> Result:
    kinds, label = FundApplication.ApplicantKind, "Antragsteller"
    if application.applicant_kind == kinds.RESIDENTS:
        if rule.residents == FundRule.Residents.NO:
            return Result("applicant", label, False, "Nur Einrichtungen und Vereine können Anträge stellen.")
        if rule.residents == FundRule.Residents.PARTNER and not application.partner_id:
            words = "Bewohnerinnen und Bewohner brauchen eine Einrichtung als Partner."
            return Result("applicant", label, False, words)
        return Result("applicant", label, True, "Bewohnerinnen und Bewohner dürfen so einen Antrag stellen.")
    if application.applicant is None:
        return Result("applicant", label, False, "Die Einrichtung fehlt.")
    types = {one.pk for one in rule.types.all()}
    if types and application.applicant.type_id not in types:
        return Result("applicant", label, False, f"{application.applicant.type} kann hier keinen Antrag stellen.")
    return Result("applicant", label, True, f"{application.applicant} darf einen Antrag stellen.")


def _money(fund: Fund, rule: FundRule, application: FundApplication) -> list[Result]:
    year = FundYear.objects.filter(fund=fund, year=application.year).first() if application.year else None
    if year is None:
        words = f"Für {application.year} gibt es noch kein Budget." if application.year else "Der Beginn fehlt."
        return [Result("budget", "Budget", False, words)]
    wanted, free = application.requested or Decimal(0), year.balance + held(application)
    words = f"Im Jahr {year.year} sind noch {euros(free)} frei"
    found = [Result("budget", "Budget", wanted <= free, f"{words}{'' if wanted <= free else ', das reicht nicht'}.")]
    if rule.focus_percent is not None:
        found.append(_focus(rule, application, year, wanted))
    return found


def _focus(rule: FundRule, application: FundApplication, year: FundYear, wanted: Decimal) -> Result:
    label, focus = "Schwerpunkte", {one.pk for one in rule.focus_fields.all()}
    if application.action_field_id in focus:
        return Result("focus", label, True, f"„{application.action_field}“ ist ein Schwerpunkt.")
    limit, used = _beside_focus(rule, year), outside_focus(year, focus, without=application)
    ok = used + wanted <= limit
    words = f"Kein Schwerpunkt: für solche Projekte sind {euros(limit)} da, {euros(used)} davon vergeben"
    return Result("focus", label, ok, f"{words}{'' if ok else '; das reicht nicht'}.")


def _beside_focus(rule: FundRule, year: FundYear) -> Decimal:
    return year.budget * (100 - rule.focus_percent) / 100


def focus_left(application: FundApplication, year: FundYear) -> Decimal | None:
    """What a year has left for an application outside the focus of its rules; None when it is not bound by it."""
    focus = {one.pk for one in application.rule.focus_fields.all()}
    if application.rule.focus_percent is None or application.action_field_id in focus:
        return None
    left = _beside_focus(application.rule, year) - outside_focus(year, focus, without=application)
    return max(left, Decimal(0)).quantize(CENT, ROUND_DOWN)


def outside_focus(year: FundYear, focus: set[int], *, without: FundApplication) -> Decimal:
    """What was granted or is kept aside in a year for other projects outside the focus, whatever came back since."""
    rows = FundApplication.objects.filter(fund=year.fund_id, starts_on__year=year.year).exclude(pk=without.pk)
    rest = rows.filter(Q(action_field=None) | ~Q(action_field__in=list(focus)))
    granted = rest.filter(status__in=DECIDED).aggregate(total=Sum("granted_amount"))["total"] or Decimal(0)
    kept = LedgerEntry.objects.filter(application__in=rest.filter(status=ApplicationStatus.DECIDING).values("pk"))
    sums = dict(kept.order_by().values_list("kind").annotate(total=Sum("amount")))
    return granted + sums.get("reserve", Decimal(0)) - sums.get("release", Decimal(0))


def held(application: FundApplication) -> Decimal:
    """What is kept aside for an application at this moment."""
    if not application.pk:
        return Decimal(0)
    sums = application.entries.filter(kind__in=("reserve", "release")).values_list("kind", "amount")
    return sum((amount if kind == "reserve" else -amount for kind, amount in sums), Decimal(0))


def too_near(application: FundApplication, user: User, on: date) -> str:
    """Why somebody may not check an application (Z36), in German; empty when they may.

    Whoever entered or changed it, has advised on it when it was handed in, or works for the applicant or the partner.
    """
    wrote = Q(kind__in=("drafted", "changed"), by=user) | Q(kind="submitted", data__advised=user.pk)
    if user.pk in (application.created_by_id, application.advised_by_id) or application.events.filter(wrote).exists():
        return FOUR_EYES
    actors = list(application.actor_ids)
    staff = Membership.objects.valid_on(on).filter(user=user, actor__in=actors).exists()
    carried = AssignmentCarrier.objects.valid_on(on).filter(actor__in=actors).exclude(role="partner")
    posts = Staffing.objects.valid_on(on).filter(person=user, post__assignment__in=carried.values("assignment"))
    return OWN_HOUSE if staff or posts.exists() else ""


def missing(application: FundApplication) -> list[str]:
    """What an application lacks before it can be handed in, in German."""
    residents = application.applicant_kind == FundApplication.ApplicantKind.RESIDENTS
    wanted = (
        (residents or application.applicant_id, "Die Einrichtung fehlt."),
        (not residents or application.group_name or application.partner_id, "Der Name der Gruppe fehlt."),
        (application.description, "Es fehlt, was geplant ist."),
        (application.benefit, "Es fehlt, was das Quartier davon hat."),
        (application.district_id, "Das Quartier fehlt."),
        (application.action_field_id, "Das Handlungsfeld fehlt."),
        (application.starts_on and application.ends_on, "Beginn und Ende fehlen."),
        (application.requested, "Der beantragte Betrag fehlt."),
        (application.lines.exists(), "Der Kostenplan ist leer."),
    )
    return [text for there, text in wanted if not there]


def result_of(amount: Decimal, requested: Decimal) -> str:
    """What granting an amount is called."""
    return Outcome.GRANTED if amount == requested else Outcome.PARTLY
