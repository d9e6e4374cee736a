"""What letters about an application say, in plain words (Z37, Z38): a no names its reason as a yes names its amount."""

from projects.costs import euros
from projects.fund_workflow import CITY, Instance, Outcome
from projects.models import FundApplication, FundDecision

_SUBJECTS = {
    Outcome.GRANTED: "Ihr Antrag ist bewilligt",
    Outcome.PARTLY: "Ihr Antrag ist zum Teil bewilligt",
    Outcome.REFUSED: "Ihr Antrag ist leider abgelehnt",
}


def notice_subject(application: FundApplication, decision: FundDecision) -> str:
    """What the letter is about."""
    return f"{_SUBJECTS[decision.result]}: {application.title} ({application.number})"


def notice_paragraphs(application: FundApplication, decision: FundDecision) -> list[str]:
    """The notice: what was decided by whom, why, and what happens next."""
    asked = f"Sie haben beim Fonds „{application.fund}“ {euros(application.requested)} beantragt."
    decided = f"Entschieden hat am {decision.on:%d.%m.%Y}: {decision.by_whom}.{_before(application, decision)}"
    if decision.instance == Instance.CHECK:
        decided = f"Geprüft wurde der Antrag am {decision.on:%d.%m.%Y}: Nach den Regeln des Fonds geht es so nicht."
    first, *rest = _no(decision) if decision.result == Outcome.REFUSED else _yes(application, decision)
    thanks = f"vielen Dank für Ihren Antrag „{application.title}“. {asked}"
    return ["Guten Tag,", thanks, f"{first} {decided}", *rest]


def _before(application: FundApplication, decision: FundDecision) -> str:
    """Which instances have agreed before the one that decided."""
    found = [one for one in application.decisions.all() if one.pk != decision.pk and one.pk < decision.pk]
    return "".join(f" Zugestimmt hat am {one.on:%d.%m.%Y}: {one.by_whom}." for one in found)


def objection(application: FundApplication, decision: FundDecision) -> str:
    """Where somebody turns who does not agree; empty when they got what they asked for."""
    if decision.result == Outcome.GRANTED:
        return ""
    who = {
        Instance.CHECK: "Einen geänderten Antrag prüfen wir gern noch einmal",
        Instance.BODY: f"Über einen geänderten Antrag entscheidet das Gremium neu: {decision.by_whom}",
        Instance.OFFICE: "Über einen geänderten Antrag entscheiden das Gremium und die Sozialplanung neu",
        Instance.SECOND: f"Über einen geänderten Antrag wird neu entschieden, auch hier: {decision.by_whom}",
    }[decision.instance]
    return f"Dann sprechen Sie mit uns: Wir erklären Ihnen die Entscheidung. {who}."


def remedy(application: FundApplication, decision: FundDecision) -> str:
    """The legal remedy in the words the city has given, where the city itself has decided; otherwise none."""
    return application.fund.remedy if decision.instance in CITY else ""


def _yes(application: FundApplication, decision: FundDecision) -> list[str]:
    months = application.rule.proof_months
    words = f"Wir freuen uns: Sie bekommen {euros(decision.amount)}."
    if decision.result == Outcome.PARTLY:
        words = f"Sie bekommen {euros(decision.amount)}. Das ist weniger, als Sie beantragt haben."
    found = [words]
    if decision.reason:
        found.append(f"Der Grund dafür:\n{decision.reason}" if decision.result == Outcome.PARTLY else decision.reason)
    if decision.conditions:
        found.append(f"Bitte beachten Sie diese Auflagen:\n{decision.conditions}")
    span = f"vom {application.starts_on:%d.%m.%Y} bis {application.ends_on:%d.%m.%Y}"
    found.append(
        f"Das Geld ist für Ihr Projekt {span} bestimmt. Spätestens {months} {'Monat' if months == 1 else 'Monate'} "
        "danach brauchen wir einen Verwendungsnachweis: die Belege und einen kurzen Bericht. Was Sie nicht ausgeben, "
        "zahlen Sie bitte zurück. Wir wünschen viel Erfolg."
    )
    found.append("Mit freundlichen Grüßen")
    return found


def _no(decision: FundDecision) -> list[str]:
    return [
        "Leider können wir dafür kein Geld aus dem Fonds geben.",
        f"Der Grund:\n{decision.reason}",
        "Wir überlegen gern mit Ihnen, wie es anders gehen kann: mit einem geänderten Antrag oder mit einer anderen "
        "Förderung.\n\nMit freundlichen Grüßen",
    ]


def reminder_subject(application: FundApplication) -> str:
    """What the letter is about."""
    return f"Verwendungsnachweis für {application.title} ({application.number})"


def reminder_paragraphs(application: FundApplication, paid) -> list[str]:
    """The reminder of the proof of use."""
    return [
        "Guten Tag,",
        f"für Ihr Projekt „{application.title}“ haben Sie {euros(paid)} aus dem Fonds „{application.fund}“ bekommen. "
        f"Es ist am {application.ends_on:%d.%m.%Y} zu Ende gegangen.",
        f"Der Verwendungsnachweis war am {application.proof_due_on:%d.%m.%Y} fällig und fehlt uns noch. Bitte schicken "
        "Sie uns die Belege und einen kurzen Bericht.",
        "Wenn Geld übrig ist, sagen Sie uns bitte Bescheid: Sie zahlen es dann zurück. Wenn etwas schwierig ist, rufen "
        "Sie uns an.\n\nMit freundlichen Grüßen",
    ]
