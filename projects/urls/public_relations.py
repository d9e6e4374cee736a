"""Addresses of public relations."""

from django.urls import path

from projects.views import clippings, pr_images, pr_items, pr_plan, pr_steps

urlpatterns = [
    path("oeffentlichkeitsarbeit/", pr_items.pr_items, name="pr_items"),
    path("oeffentlichkeitsarbeit/neu/", pr_items.pr_item_new, name="pr_item_new"),
    path("oeffentlichkeitsarbeit/freigabe/", pr_items.pr_approvals, name="pr_approvals"),
    path("oeffentlichkeitsarbeit/plan/", pr_plan.pr_plan, name="pr_plan"),
    path("oeffentlichkeitsarbeit/plan/redaktionsplan.ics", pr_plan.pr_plan_calendar, name="pr_plan_calendar"),
    path(
        "oeffentlichkeitsarbeit/quartier/<slug:slug>/veroeffentlicht.ics",
        pr_plan.pr_published_calendar,
        name="pr_published_calendar",
    ),
    path("oeffentlichkeitsarbeit/positiv/", clippings.strengths, name="strengths"),
    path("oeffentlichkeitsarbeit/medienecho/", clippings.clippings, name="clippings"),
    path("oeffentlichkeitsarbeit/medienecho/neu/", clippings.clipping_new, name="clipping_new"),
    path("oeffentlichkeitsarbeit/medienecho/<int:pk>/", clippings.clipping_edit, name="clipping"),
    path("oeffentlichkeitsarbeit/medienecho/<int:pk>/entfernen/", clippings.clipping_remove, name="clipping_remove"),
    path("oeffentlichkeitsarbeit/<int:pk>/", pr_items.pr_item, name="pr_item"),
    path("oeffentlichkeitsarbeit/<int:pk>/bearbeiten/", pr_items.pr_item_edit, name="pr_item_edit"),
    path("oeffentlichkeitsarbeit/<int:pk>/angaben/", pr_items.pr_item_organise, name="pr_item_organise"),
    path("oeffentlichkeitsarbeit/<int:pk>/schritt/", pr_steps.pr_item_step, name="pr_item_step"),
    path("oeffentlichkeitsarbeit/<int:pk>/freigeben/", pr_steps.pr_item_approve, name="pr_item_approve"),
    path("oeffentlichkeitsarbeit/<int:pk>/zurueckgeben/", pr_steps.pr_item_return, name="pr_item_return"),
    path("oeffentlichkeitsarbeit/<int:pk>/veroeffentlicht/", pr_steps.pr_item_publish, name="pr_item_publish"),
    path("oeffentlichkeitsarbeit/<int:pk>/bilder/neu/", pr_images.pr_image_new, name="pr_image_new"),
    path("oeffentlichkeitsarbeit/<int:pk>/bilder/uebernehmen/", pr_images.pr_image_take, name="pr_image_take"),
    path("oeffentlichkeitsarbeit/bilder/<int:pk>/", pr_images.pr_image, name="pr_image"),
    path("oeffentlichkeitsarbeit/bilder/<int:pk>/beschreiben/", pr_images.pr_image_edit, name="pr_image_edit"),
    path("oeffentlichkeitsarbeit/bilder/<int:pk>/entfernen/", pr_images.pr_image_remove, name="pr_image_remove"),
    path("personen/<int:pk>/beitraege/", pr_steps.pr_keeping, name="pr_keeping"),
]
