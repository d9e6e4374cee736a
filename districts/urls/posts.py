"""Addresses of posts, assignments, tasks and the steering structure."""

from django.urls import path

from districts.views import assignments, posts, staffing, structure, tasks

urlpatterns = [
    path("stellen/", posts.posts, name="posts"),
    path("stellen/zeitleiste/", posts.timeline_page, name="timeline"),
    path("stellen/laufzeiten/", posts.expiring_page, name="expiring"),
    path("stellen/luecken/", posts.uncovered_page, name="uncovered"),
    path("stellen/modelle/", posts.models_page, name="models"),
    path("stellen/einstufungen/", structure.classifications, name="classifications"),
    path("stellen/einstufungen/neu/", structure.classification_edit, name="classification_new"),
    path("stellen/einstufungen/<int:pk>/", structure.classification_edit, name="classification"),
    path("stellen/struktur/", structure.structures_page, name="structures"),
    path("stellen/struktur/<int:pk>/", structure.structure, name="structure"),
    path("stellen/struktur/<int:pk>/bearbeiten/", structure.structure_edit, name="structure_edit"),
    path("stellen/einsaetze/neu/", assignments.assignment_new, name="assignment_new"),
    path("stellen/einsaetze/<int:pk>/", assignments.assignment, name="assignment"),
    path("stellen/einsaetze/<int:pk>/laufzeit/", assignments.term_new, name="term_new"),
    path("stellen/einsaetze/<int:pk>/entscheidung/", assignments.decision_new, name="decision_new"),
    path("stellen/einsaetze/<int:pk>/modell/", assignments.assignment_model, name="assignment_model"),
    path("stellen/einsaetze/<int:pk>/traeger/", assignments.carrier_new, name="carrier_new"),
    path("stellen/traeger/<int:pk>/", assignments.carrier_edit, name="assignment_carrier"),
    path("stellen/einsaetze/<int:pk>/stelle/", staffing.post_new, name="post_new"),
    path("stellen/stellen/<int:pk>/anteil/", staffing.share_new, name="post_share_new"),
    path("stellen/stellen/<int:pk>/besetzung/", staffing.staffing_new, name="staffing_new"),
    path("stellen/einsaetze/<int:pk>/aufgaben/", tasks.tasks, name="tasks"),
    path("stellen/einsaetze/<int:pk>/aufgaben/vorschlag/", tasks.tasks_propose, name="tasks_propose"),
    path("stellen/einsaetze/<int:pk>/aufgaben/<slug:code>/", tasks.task, name="task"),
]
