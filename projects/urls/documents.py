"""Addresses of documents."""

from django.urls import path

from projects.views import documents

urlpatterns = [
    path("dokumente/<int:pk>/", documents.document, name="document"),
    path("dokumente/<int:pk>/entfernen/", documents.document_remove, name="document_remove"),
    path("gremien/<int:pk>/dokumente/neu/", documents.body_document_new, name="body_document_new"),
    path("gremien/punkte/<int:pk>/material/neu/", documents.item_document_new, name="item_document_new"),
    path("fonds/antraege/<int:pk>/anlagen/neu/", documents.application_document_new, name="application_document_new"),
    path("fonds/antraege/<int:pk>/belege/neu/", documents.proof_document_new, name="proof_document_new"),
    path("fonds/antraege/<int:pk>/bericht-als-beitrag/", documents.application_story, name="application_story"),
    path(
        "oeffentlichkeitsarbeit/<int:pk>/bilder/nachweis/",
        documents.pr_image_take_picture,
        name="pr_image_take_picture",
    ),
]
