"""What the pages of a fund and of an application show to whom."""

from datetime import date
from decimal import Decimal

from django.db.models import Count

from districts.models import User
from districts.roles import Perm
from projects.actions.fund_money import sums_of
from projects.actions.fund_stories import drafted_from, may_tell
from projects.costs import euros, percent
from projects.eligibility import automatic, costs_of, missing, rule_of, too_near
from projects.filing import may_attach, may_detach, may_prove
from projects.fund_workflow import (
    APPLICATION_MOVES,
    DECIDED,
    EDITABLE,
    PROMISED,
    RUNNING,
    UNDECIDED,
    ApplicationStatus,
    Instance,
)
from projects.models import Document, Fund, FundApplication, FundItem, FundRule

STATUS = ApplicationStatus
NEWEST = 8
TONES = {
    STATUS.DRAFT: "neutral",
    STATUS.INCOMPLETE: "warning",
    STATUS.GRANTED: "success",
    STATUS.PARTLY: "success",
    STATUS.REFUSED: "danger",
    STATUS.WITHDRAWN: "neutral",
    STATUS.PROOF_DUE: "warning",
    STATUS.SETTLED: "success",
}


def tone_of(application: FundApplication) -> str:
    """The colour of a state; its word stands beside it."""
    return TONES.get(application.status, "info")


def rule_lines(rule: FundRule) -> list[tuple[str, str]]:
    """Rules as people read them."""
    from_types = ", ".join(map(str, rule.types.all())) or "alle Einrichtungen und Vereine"
    found = [
        ("Höchstbetrag je Projekt", euros(rule.max_amount) if rule.max_amount is not None else "keiner"),
        ("Eigenanteil", f"mindestens {percent(rule.own_share)}"),
        ("Ehrenamtsstunde", f"zählt {euros(rule.volunteer_rate)}" if rule.volunteer_rate else "zählt nicht"),
        ("Wer Anträge stellt", from_types),
        ("Bewohnerinnen und Bewohner", rule.get_residents_display()),
        ("Danach", _following(rule)),
    ]
    if rule.focus_percent is not None:
        fields = ", ".join(map(str, rule.focus_fields.all())) or "noch keine"
        found.append(("Schwerpunkte", f"mindestens {rule.focus_percent} % für: {fields}"))
    if rule.lead_days:
        found.append(("Vorlauf", f"Antrag mindestens {rule.lead_days} Tage vor Beginn"))
    found.append(("Nachweis", f"spätestens {rule.proof_months} Monate nach Ende"))
    if rule.basis:
        found.append(("Grundlage", rule.basis))
    return found


def _following(rule: FundRule) -> str:
    office = "entscheidet die Sozialplanung" if rule.confirm else "ist das Votum des Gremiums die Entscheidung"
    if rule.threshold is None:
        return office
    return f"{office}; über {euros(rule.threshold)} entscheidet: {rule.second_body}"


def fund_page(fund: Fund, user: User, *, today: date) -> dict:
    """Context of a fund's page."""
    rules = list(fund.rules.select_related("second_body").prefetch_related("types", "focus_fields", "criteria"))
    begun = (one for one in rules if one.valid_from <= today)
    now = next((one for one in begun if one.valid_to is None or one.valid_to >= today), None)
    counts = dict(fund.applications.order_by().values_list("status").annotate(n=Count("pk")))
    return {
        "fund": fund,
        "rule": now,
        "rule_lines": rule_lines(now) if now else [],
        "other_rules": [(one, rule_lines(one)) for one in rules if one is not now],
        "years": list(fund.years.all()),
        "year": next((one for one in fund.years.all() if one.year == today.year), None),
        "rounds": list(fund.rounds.filter(closes_on__gte=today)),
        "states": [(value, label, counts[value]) for value, label in ApplicationStatus.choices if value in counts],
        "newest": [(one, tone_of(one)) for one in fund.applications.with_names()[:NEWEST]],
        "may_keep": fund.may_keep(user),
        "may_draft": fund.may_draft(user),
        "may_rule": user.rights.can(Perm.EDIT_ALL_FUNDS),
        "today": today,
    }


def _filed(application: FundApplication, user: User, proof) -> dict:
    """Attachments and receipts, what may be done with them, and what the report of the proof has become."""
    documents = list(Document.objects.of_application(application))
    tells = proof is not None and bool(proof.report) and may_tell(application, user)
    return {
        "attachments": [one for one in documents if one.application_id],
        "receipts": [one for one in documents if one.proof_of_id],
        "may_attach": may_attach(application, user),
        "may_detach": may_detach(application, user),
        "may_prove": may_prove(application, user),
        "story": drafted_from(application) if tells else None,
        "may_tell": tells,
    }


def application_page(application: FundApplication, user: User, *, today: date) -> dict:
    """Context of an application's page: what it says, how it stands, and what can be done next by this person."""
    rule = rule_of(application, today)
    costs = costs_of(application, rule)
    keeps, status = application.fund.may_keep(user), application.status
    proof = getattr(application, "proof", None)
    sums = sums_of(application)
    items = FundItem.objects.filter(application=application).select_related("item__session__body")
    open_ = status in UNDECIDED or status == STATUS.DRAFT
    return _filed(application, user, proof) | {
        "application": application,
        "tone": tone_of(application),
        "rule": rule,
        "costs": costs,
        "lines": list(application.lines.all()),
        "shows_rules": open_,
        "results": automatic(application, today=today, costs=costs) if open_ else [],
        "missing": missing(application) if status in EDITABLE else [],
        "checks": list(application.checks.select_related("by").prefetch_related("answers")),
        "decisions": list(application.decisions.select_related("body", "item", "by")),
        "items": list(items.order_by("item__session__on")),
        "events": application.events.select_related("by")[:40],
        "sums": sums,
        "kept": sums["reserve"] - sums["release"],
        "rest": sums["grant"] - sums["pay"] - sums["expire"],
        "owed": (proof.to_return - sums["return"]) if proof else Decimal(0),
        "proof": proof,
        "may_edit": status in EDITABLE and application.fund.may_draft(user),
        "may_keep": keeps,
        "too_near": too_near(application, user, today) if keeps and status == STATUS.SUBMITTED else "",
        "second_check": user.rights.can(Perm.EDIT_ALL_FUNDS) and application.awaits == Instance.OFFICE,
        "notice_owed": status in DECIDED and application.notice_on is None,
        "has_notice": status in DECIDED,
        "can_pay": status in PROMISED - {STATUS.SETTLED} and application.notice_on and not proof,
        "can_prove": status in RUNNING and proof is None,
        "overdue": status in RUNNING and proof is None and application.proof_due_on < today,
        "can_withdraw": STATUS.WITHDRAWN in APPLICATION_MOVES[status] and status != STATUS.DRAFT,
        "today": today,
    }
