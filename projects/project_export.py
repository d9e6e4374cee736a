"""Projects and events as CSV files: the rows of their lists (Q09)."""

from collections.abc import Iterator

from django.db.models import Prefetch, QuerySet

from districts.models import District
from projects.models import Event, Project, ProjectPartner
from quartier.csvfile import written_lines
from quartier.text import cell_text

_AT_A_TIME = 2000
_PROJECT_HEAD = (
    "Nummer", "Titel", "Motto", "Quartiere", "Stand", "Stand seit", "Woher", "Federführung", "Partner", "Zuständig",
    "Handlungsfelder", "Zielgruppen", "Phase", "Beginn", "Ende", "Grad der Beteiligung", "Teilnehmende", "geschätzt",
    "Ergebnisse", "Was wir gelernt haben", "Wer führt es weiter", "Wie es weitergeht", "Warum nicht umgesetzt",
)  # fmt: skip
_EVENT_HEAD = (
    "Nummer", "Titel", "Format", "Projekt", "Quartier", "Tag", "letzter Tag", "Ort", "Stand", "Zielgruppen", "Phase",
    "Grad der Beteiligung", "Teilnehmende", "geschätzt", "Gruppen", "Helfende", "Neue Kontakte", "Kosten in Euro",
    "Bezahlt aus", "Auswertung",
)  # fmt: skip


def project_lines(projects: QuerySet[Project]) -> Iterator[str]:
    """Lines that German spreadsheets open."""
    rows = projects.select_related("lead", "keeper").prefetch_related(
        Prefetch("districts", District.objects.defer("boundary")),
        Prefetch("partners", ProjectPartner.objects.select_related("actor", "department")),
        *("action_fields", "target_groups"),
    )
    rows = rows.order_by("sort_key", "pk").iterator(chunk_size=_AT_A_TIME)
    return written_lines(_PROJECT_HEAD, map(_project, rows))


def _project(one: Project) -> list:
    cells = [
        *(one.title, one.motto, _joined(one.districts.all()), one.get_status_display(), _day(one.status_since)),
        *(one.get_origin_display(), one.lead or "", "; ".join(p.label for p in one.partners.all()), one.keeper or ""),
        *(_joined(one.action_fields.all()), _joined(one.target_groups.all()), one.get_phase_display() or ""),
        *(_day(one.starts_on), _day(one.ends_on), one.get_participation_display()),
        *(_number(one.participants), "ja" if one.is_estimate else "nein"),
        *(one.results, one.lessons, one.continued_by, one.outlook, one.drop_text),
    ]
    return [one.pk, *(cell_text(str(cell)) for cell in cells)]


def event_lines(events: QuerySet[Event]) -> Iterator[str]:
    """Lines that German spreadsheets open."""
    rows = events.select_related("format", "project", "district", "office", "room").prefetch_related("target_groups")
    rows = rows.defer("district__boundary").order_by("on", "pk").iterator(chunk_size=_AT_A_TIME)
    return written_lines(_EVENT_HEAD, map(_event, rows))


def _event(one: Event) -> list:
    cells = [
        *(one.title, one.format, one.project.title if one.project else "", one.district, _day(one.on), _day(one.until)),
        *(one.where, one.get_status_display(), _joined(one.target_groups.all()), one.get_phase_display() or ""),
        *(one.get_participation_display(), _number(one.participants), "ja" if one.is_estimate else "nein", one.groups),
        *(_number(one.helpers), _number(one.new_contacts)),
        *(f"{one.costs:.2f}".replace(".", ",") if one.costs is not None else "", one.paid_by, one.evaluation),
    ]
    return [one.pk, *(cell_text(str(cell)) for cell in cells)]


def _joined(values) -> str:
    return "; ".join(map(str, values))


def _day(day) -> str:
    return f"{day:%d.%m.%Y}" if day else ""


def _number(value) -> str:
    return "" if value is None else str(value)
