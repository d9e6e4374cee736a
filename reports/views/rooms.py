"""The plan of a room as PDF (Z05)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from districts.access import requires
from districts.models import Office, Room
from districts.opening import monday_of
from districts.roles import Perm
from quartier.pdf import pdf_response
from quartier.text import code_of
from quartier.web.dates import asked_day
from reports.papers.room_plan import room_plan


@requires(Perm.READ_SHARES, Perm.EDIT_MASTER_DATA, Perm.BOOK_ROOMS)
@require_safe
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """The week in which the day of the address lies, this week without one."""
    room = get_object_or_404(Room.objects.visible_to(request.user), pk=pk)
    office = Office.objects.with_hours().get(pk=room.office_id)
    monday = monday_of(asked_day(request.GET, "woche"))
    content = room_plan(room=room, office=office, monday=monday)
    return pdf_response(content, f"raumplan-{code_of(room.name, 'raum')}-{monday:%Y-%m-%d}.pdf")
