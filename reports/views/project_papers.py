"""Papers of projects (P18)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from districts.access import requires
from districts.roles import Perm
from projects.models import Project
from projects.project_page import with_facts
from quartier.pdf import pdf_response
from quartier.text import code_of
from reports.papers.projects import project_dossier


@requires(Perm.READ_PROJECTS, Perm.SEE_PARTNER_PROJECTS, Perm.OWN_PROJECTS)
@require_safe
def project_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The dossier of a project, for whoever may open it; its money only for those who may know."""
    found = get_object_or_404(with_facts(Project.objects.visible_to(request.user)), pk=pk)
    full = request.user.rights.can(Perm.READ_PROJECTS)
    name = f"Projektdossier {code_of(found.title, 'projekt')}.pdf"
    with_money = request.user.rights.can(Perm.READ_FINANCE)
    return pdf_response(project_dossier(found, today=timezone.localdate(), full=full, with_money=with_money), name)
