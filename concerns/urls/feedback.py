"""Addresses of the feedback worklist and of personal data."""

from django.urls import path

from concerns.views import feedback, letters, privacy, waivers

urlpatterns = [
    path("rueckmeldung/", feedback.work, name="worklist"),
    path("rueckmeldung/aushang/", waivers.collective, name="collective"),
    path("rueckmeldung/briefe/", letters.batches, name="letters"),
    path("rueckmeldung/briefe/vorbereiten/", letters.prepare, name="letters_prepare"),
    path("rueckmeldung/briefe/<int:pk>/", letters.batch, name="letters_batch"),
    path("rueckmeldung/briefe/<int:pk>/verwerfen/", letters.discard, name="letters_discard"),
    path("rueckmeldung/brief/<int:pk>/wieder-aufnehmen/", letters.put_back, name="letter_put_back"),
    path("rueckmeldung/textpruefung/", feedback.plain_check, name="plain_check"),
    path("rueckmeldung/<int:pk>/", feedback.feedback, name="feedback"),
    path("rueckmeldung/<int:pk>/entfaellt/", waivers.waive, name="waive"),
    path("rueckmeldung/<int:pk>/wieder-offen/", waivers.unwaive, name="unwaive"),
    path("rueckmeldung/reaktion/<int:pk>/", waivers.reaction, name="reaction"),
    path("rueckmeldung/zurueckgekommen/<int:pk>/", waivers.mail_returned, name="mail_returned"),
    path("anliegengeber/<int:pk>/loeschen/", privacy.erase, name="reporter_erase"),
    path("anliegengeber/<int:pk>/auskunft/", privacy.export, name="reporter_export"),
]
