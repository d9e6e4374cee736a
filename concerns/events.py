"""Kinds of history events with their German sentence and who may see them; codes only ever reach the database."""

from dataclasses import dataclass

TEAM, DEPARTMENT, REPORTER = "team", "department", "reporter"


@dataclass(frozen=True)
class EventKind:
    """What a kind of event is called in the timeline, and the widest circle that may see it."""

    label: str
    visibility: str = TEAM


EVENTS: dict[str, EventKind] = {
    "created": EventKind("Anliegen erfasst", REPORTER),
    "imported": EventKind("Aus einer Liste übernommen"),
    "edited": EventKind("Angaben geändert"),
    "status": EventKind("Stand geändert"),
    "owner": EventKind("Zuständige Person geändert"),
    "follow_up": EventKind("Wiedervorlage gesetzt"),
    "follow_up_due": EventKind("Wiedervorlage erreicht"),
    "reporter_added": EventKind("Weitere Person hat dasselbe gemeldet"),
    "photo_added": EventKind("Foto hinzugefügt", DEPARTMENT),
    "photo_removed": EventKind("Foto entfernt", DEPARTMENT),
    "note_added": EventKind("Teamnotiz geschrieben"),
    "routing_sent": EventKind("An Fachbereich weitergeleitet", REPORTER),
    "routing_override": EventKind("Vom Zuständigkeitsvorschlag abgewichen"),
    "routing_accepted": EventKind("Vom Fachbereich angenommen", REPORTER),
    "routing_assigned": EventKind("Im Fachbereich zugewiesen", DEPARTMENT),
    "routing_query": EventKind("Rückfrage des Fachbereichs", DEPARTMENT),
    "routing_query_answered": EventKind("Rückfrage beantwortet", DEPARTMENT),
    "routing_interim": EventKind("Zwischennachricht mit neuem Termin", REPORTER),
    "routing_remark": EventKind("Mitteilung im Verlauf mit dem Fachbereich", DEPARTMENT),
    "routing_answered": EventKind("Vom Fachbereich beantwortet", REPORTER),
    "routing_returned": EventKind("Zurückgegeben: nicht zuständig", DEPARTMENT),
    "routing_withdrawn": EventKind("Weiterleitung zurückgerufen", DEPARTMENT),
    "routing_link": EventKind("Antwortlink verschickt", DEPARTMENT),
    "routing_mail_failed": EventKind("E-Mail an den Fachbereich kam nicht an"),
    "routing_escalated": EventKind("Frist überschritten", DEPARTMENT),
    "feedback": EventKind("Rückmeldung", TEAM),
    "feedback_waived": EventKind("Rückmeldung begründet entfallen", TEAM),
    "feedback_bounced": EventKind("E-Mail kam unzustellbar zurück", TEAM),
    "feedback_failed": EventKind("E-Mail ließ sich nicht zustellen", TEAM),
    "answer_recorded": EventKind("Ergebnis festgehalten"),
    "closed": EventKind("Abgeschlossen", REPORTER),
    "reopened": EventKind("Wieder geöffnet", REPORTER),
    "project_linked": EventKind("Mit einem Projekt verknüpft"),
    "project_unlinked": EventKind("Verknüpfung mit einem Projekt gelöst"),
    "project_news": EventKind("Das Projekt daraus ist zu Ende: Die Menschen dahinter sollen es erfahren"),
    "promise_due": EventKind("Zusage fällig"),
    "promise_settled": EventKind("Zusage geprüft"),
    "bundled": EventKind("Mit einem anderen Anliegen gebündelt"),
    "unbundled": EventKind("Bündelung aufgehoben"),
    "status_code": EventKind("Statuscode ausgegeben"),
    "voice": EventKind("Stimme von außen: Hat es geholfen?"),
    "voice_settled": EventKind("Stimme von außen angesehen"),
    "referred": EventKind("Vermittelt"),
    "referral_withdrawn": EventKind("Vermittlung zurückgenommen"),
    "referral_asked": EventKind("Nachgefragt, noch offen"),
    "referral_answered": EventKind("Nachgefragt: angekommen?"),
    "theme_linked": EventKind("Mit einem Thema verknüpft"),
    "theme_unlinked": EventKind("Verknüpfung mit einem Thema gelöst"),
    "theme_news": EventKind("Zum Thema gibt es Neues: Die Menschen dahinter sollen es erfahren"),
    "reporter_erased": EventKind("Personendaten gelöscht"),
    "reporter_exported": EventKind("Auskunft über Personendaten erstellt"),
}
