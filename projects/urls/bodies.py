"""Addresses of bodies, sessions and follow-ups."""

from django.urls import path

from projects.views import bodies, follow_ups, minutes, sessions

urlpatterns = [
    path("gremien/", bodies.bodies, name="bodies"),
    path("gremien/neu/", bodies.body_new, name="body_new"),
    path("gremien/aehnlich/", bodies.body_alike, name="body_alike"),
    path("gremien/<int:pk>/", bodies.body, name="body"),
    path("gremien/<int:pk>/bearbeiten/", bodies.body_edit, name="body_edit"),
    path("gremien/<int:pk>/sitzungen/", bodies.body_sessions, name="body_sessions"),
    path("gremien/<int:pk>/mitglieder/neu/", bodies.member_new, name="body_member_new"),
    path("gremien/mitglieder/<int:pk>/", bodies.member_edit, name="body_member"),
    path("gremien/mitglieder/<int:pk>/beenden/", bodies.member_end, name="body_member_end"),
    path("gremium/<int:pk>/termine.ics", bodies.body_calendar, name="body_calendar"),
    # Sessions: dates, agenda, invitation
    path("gremien/<int:pk>/termine/", sessions.sessions_plan, name="sessions_plan"),
    path("gremien/<int:pk>/sitzungen/neu/", sessions.session_new, name="session_new"),
    path("gremien/sitzungen/<int:pk>/", sessions.session, name="session"),
    path("gremien/sitzungen/<int:pk>/bearbeiten/", sessions.session_edit, name="session_edit"),
    path("gremien/sitzungen/<int:pk>/entfernen/", sessions.session_remove, name="session_remove"),
    path("gremien/sitzungen/<int:pk>/einladen/", sessions.session_invite, name="session_invite"),
    path("gremien/sitzungen/<int:pk>/absagen/", sessions.session_cancel, name="session_cancel"),
    path("gremien/sitzungen/<int:pk>/doch/", sessions.session_revive, name="session_revive"),
    path("gremien/sitzungen/<int:pk>/beginnen/", sessions.session_begin, name="session_begin"),
    path("gremien/sitzungen/<int:pk>/vorschlaege/", sessions.agenda_take, name="agenda_take"),
    path("gremien/sitzungen/<int:pk>/punkte/neu/", sessions.item_new, name="item_new"),
    path("gremien/punkte/<int:pk>/", sessions.item_edit, name="item"),
    path("gremien/punkte/<int:pk>/verschieben/", sessions.item_move, name="item_move"),
    path("gremien/punkte/<int:pk>/entfernen/", sessions.item_remove, name="item_remove"),
    # Attendance and minutes
    path("gremien/sitzungen/<int:pk>/anwesenheit/", minutes.attendance, name="attendance"),
    path("gremien/sitzungen/<int:pk>/protokoll/", minutes.minutes, name="minutes"),
    path("gremien/sitzungen/<int:pk>/genehmigen/", minutes.approve, name="minutes_approve"),
    # Follow-ups and concerns
    path("gremien/auftraege/", follow_ups.follow_ups, name="follow_ups"),
    path("gremien/<int:pk>/auftraege/neu/", follow_ups.follow_up_of_body, name="follow_up_of_body"),
    path("gremien/sitzungen/<int:pk>/auftraege/neu/", follow_ups.follow_up_new, name="follow_up_new"),
    path("gremien/auftraege/<int:pk>/", follow_ups.follow_up_edit, name="follow_up"),
    path("gremien/auftraege/<int:pk>/abschliessen/", follow_ups.follow_up_settle, name="follow_up_settle"),
    path("gremien/auftraege/<int:pk>/wieder-offen/", follow_ups.follow_up_reopen, name="follow_up_reopen"),
    path("gremien/auftraege/<int:pk>/anliegen/", follow_ups.follow_up_concern, name="follow_up_concern"),
    path("gremien/auftraege/<int:pk>/projekt/", follow_ups.follow_up_project, name="follow_up_project"),
    path("gremien/auftraege/<int:pk>/thema/", follow_ups.follow_up_need, name="follow_up_need"),
    path("gremien/punkte/<int:pk>/anliegen/", follow_ups.item_concern, name="item_concern"),
]
