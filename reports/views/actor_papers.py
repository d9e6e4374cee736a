"""The directory on paper (P16)."""

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from districts.access import requires
from districts.filters import ActorFilter
from districts.models import District, Network
from districts.roles import Perm
from quartier.pdf import pdf_response
from quartier.web.notices import notify
from quartier.web.pages import redirect_to
from reports.papers.actors import MOST, actor_paper, networks_for


@requires(Perm.READ_ACTORS)
@require_safe
def actor_paper_of_list(request: HttpRequest) -> HttpResponseBase:
    """The filtered list as PDF; what cannot be read or is too long leads back to the list, which says why."""
    filters = ActorFilter(request.GET, user=request.user)
    back = f"{reverse('districts:actors')}?{request.GET.urlencode()}"
    if not filters.form.is_valid():
        return redirect_to(request, back)
    if filters.qs[: MOST + 1].count() > MOST:
        text = f"Eine Liste auf Papier fasst höchstens {MOST} Akteure. Bitte zuerst filtern oder die CSV-Datei nehmen."
        notify(request, text, level="warning")
        return redirect_to(request, back)
    today, asked = timezone.localdate(), filters.form.cleaned_data["district"]
    district = District.objects.filter(pk=asked).first() if asked.isdigit() else None
    networks = networks_for(Network.objects.visible_to(request.user), district)
    content = actor_paper(filters.qs, networks, chosen=filters.in_words(), today=today)
    return pdf_response(content, f"Akteure {today:%Y-%m-%d}.pdf")
