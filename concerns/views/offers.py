"""What can be done with a concern right now: one primary step by its state, the others beside it."""

from dataclasses import dataclass

from django.urls import reverse

from concerns.workflow import ConcernStatus, RoutingStatus

S = ConcernStatus


@dataclass(frozen=True)
class Offer:
    """A step: its words and address; its form opens in place (panel), is sent at once (post) or is another page."""

    label: str
    url: str
    icon: str = ""
    how: str = "panel"


def offers(concern, routings: list, *, ready: bool, told_url: str, today) -> tuple[Offer | None, list[Offer]]:
    """The primary step and the others. `ready`: nothing is missing for closing; `told_url`: where feedback is given."""

    def step(name: str, label: str, icon: str = "", how: str = "panel", query: str = "") -> Offer:
        return Offer(label, reverse(f"concerns:{name}", args=[concern.number]) + query, icon, how)

    follow_up = step("follow_up", "Wiedervorlage", "calendar-today")
    refer = step("refer", "Vermitteln", "open-in-new", "page")
    if not concern.may_triage:
        waits = concern.is_team and concern.status != S.CLOSED
        return None, ([refer] if concern.lead_id else [refer, follow_up]) if waits else []
    owner = step("owner", "Zuständig ändern", "account-circle")
    if concern.lead_id:
        return _in_bundle(concern, step, refer, owner)
    forward = step("forward", "Weiterleiten", "arrow-forward")
    take_on = step("take_on", "Selbst bearbeiten", "edit")
    answer = step("answer", "Ergebnis festhalten", "check")
    inform = step("answer", "Nur Information", "info", query="?ergebnis=informed")
    park = step("park", "Zurückstellen", "calendar-today")
    bundle = step("bundle", "Bündeln", "content-copy")
    close = step("close", "Abschließen", "check")
    if concern.status == S.NEW:
        return forward, [take_on, refer, answer, inform, park, bundle, follow_up, owner]
    if concern.status == S.OWN_WORK:
        return answer, [forward, refer, park, bundle, follow_up, owner]
    if concern.status == S.PARKED:
        wake = step("wake", "Jetzt weiterarbeiten", "autorenew", "post")
        return wake, [take_on, refer, bundle, step("follow_up", "Datum ändern", "calendar-today"), owner]
    if concern.status == S.FORWARDED:
        more = step("forward", "Weitere Stelle beteiligen", "arrow-forward")
        primary = _while_forwarded(concern, routings, step, today, more, follow_up)
        return primary, [one for one in (more, refer, bundle, follow_up, owner) if one != primary]
    if concern.status == S.FEEDBACK_DUE:
        others = [forward, take_on, refer, bundle, follow_up, owner]
        if ready:
            return close, others
        return Offer("Rückmeldung geben", told_url, "mail", "page"), [close, *others]
    return _when_closed(concern, step, today, owner)


def _in_bundle(concern, step, refer: Offer, owner: Offer) -> tuple[Offer | None, list[Offer]]:
    lead = Offer(f"Zum führenden Anliegen {concern.lead.number}", url_of(concern.lead.number), "arrow-forward", "page")
    if concern.status == S.CLOSED:
        return lead, []
    return lead, [step("unbundle", "Aus dem Bündel lösen", "close"), refer, owner]


def _while_forwarded(concern, routings, step, today, more: Offer, follow_up: Offer) -> Offer:
    """A department's question first, then a return, then a department that is late."""
    asking = next((one for one in routings if one.status == RoutingStatus.QUERY), None)
    if asking:
        return Offer(
            f"Rückfrage von {asking.department.code} beantworten", f"#weiterleitung-{asking.pk}", "help", "page"
        )
    if concern.needs_triage:
        return Offer("Neu weiterleiten", more.url, more.icon)
    late = next((one for one in routings if one.is_open and one.due_on < today), None)
    if late:
        url = reverse("concerns:remark", args=[concern.number, late.pk])
        return Offer(f"Bei {late.department.code} nachfragen", url, "mail")
    return follow_up


def _when_closed(concern, step, today, owner: Offer) -> tuple[Offer | None, list[Offer]]:
    reopen = step("reopen", "Wieder öffnen", "autorenew")
    if concern.promise != "open":
        return None, [reopen]
    settle = step("settle_promise", "Zusage prüfen", "checklist")
    return (settle, [reopen, owner]) if concern.promised_on <= today else (None, [settle, reopen, owner])


def url_of(number: str) -> str:
    """Address of a concern's page."""
    return reverse("concerns:detail", args=[number])


def feedback_url(waiting: list) -> str:
    """Where feedback to the people waiting is given: the form of the only one, else the worklist."""
    if len(waiting) == 1:
        return reverse("concerns:feedback", args=[waiting[0].pk])
    return reverse("concerns:worklist")
