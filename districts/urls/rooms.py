"""Addresses of shared offices, rooms and bookings."""

from django.urls import path

from districts.views import bookings, rooms, sharing

urlpatterns = [
    path("buerogemeinschaften/", sharing.shares, name="shares"),
    path("buerogemeinschaften/neu/", sharing.share_new, name="share_new"),
    path("buerogemeinschaften/<int:pk>/", sharing.share, name="share"),
    path("buerogemeinschaften/<int:pk>/bearbeiten/", sharing.share_edit, name="share_edit"),
    path("buerogemeinschaften/<int:pk>/stand/", sharing.share_move, name="share_move"),
    path("buerogemeinschaften/<int:pk>/mitglied/", sharing.share_member_new, name="share_member_new"),
    path("buerogemeinschaften/mitglieder/<int:pk>/", sharing.share_member, name="share_member"),
    path("buerogemeinschaften/<int:pk>/einschaetzung/", sharing.assessment_new, name="assessment_new"),
    path("raeume/", rooms.rooms, name="rooms"),
    path("raeume/<int:pk>/", rooms.room_week, name="room_week"),
    path("raeume/<int:pk>/neu/", rooms.room_new, name="room_new"),
    path("raeume/<int:pk>/buchen/", bookings.booking_new, name="booking_new"),
    path("raeume/<int:pk>/nutzung/", rooms.room_usage, name="room_usage"),
    path("raeume/<int:pk>/nutzung.csv", rooms.room_usage_csv, name="room_usage_csv"),
    path("raeume/raum/<int:pk>/", rooms.room_edit, name="room_edit"),
    path("raeume/buchungen/<int:pk>/", bookings.booking, name="booking"),
    path("raeume/buchungen/<int:pk>/aendern/", bookings.booking_edit, name="booking_edit"),
    path("raeume/buchungen/<int:pk>/absagen/", bookings.booking_cancel, name="booking_cancel"),
]
