"""Addresses of topics, rules, text blocks, deadlines and coordination."""

from django.urls import path

from concerns.views import catalogue, coordination, settings

urlpatterns = [
    path("koordination/", coordination.coordination, name="coordination"),
    path("zustaendigkeiten/", catalogue.rules, name="rules"),
    path("zustaendigkeiten/neu/", catalogue.rule_new, name="rule_new"),
    path("zustaendigkeiten/<int:pk>/", catalogue.rule_edit, name="rule"),
    path("zustaendigkeiten/<int:pk>/ersetzen/", catalogue.rule_replace, name="rule_replace"),
    path("zustaendigkeiten/<int:pk>/beenden/", catalogue.rule_end, name="rule_end"),
    path("zustaendigkeiten/probe/", catalogue.rule_preview, name="rule_preview"),
    path("zustaendigkeiten/umstellen/<int:pk>/", catalogue.rules_hand_on, name="rules_hand_on"),
    path("zustaendigkeiten/auswertungen/", coordination.rule_reports, name="rule_reports"),
    path("zustaendigkeiten/abweichungen/", coordination.overrides, name="overrides"),
    path("zustaendigkeiten/zurueckgegeben/", coordination.ping_pong, name="ping_pong"),
    path("zustaendigkeiten/themen/", catalogue.topics, name="topics"),
    path("zustaendigkeiten/themen/neu/", catalogue.topic_edit, name="topic_new"),
    path("zustaendigkeiten/themen/<int:pk>/", catalogue.topic_edit, name="topic"),
    path("zustaendigkeiten/textbausteine/", settings.text_blocks, name="text_blocks"),
    path("zustaendigkeiten/textbausteine/neu/", settings.text_block_edit, name="text_block_new"),
    path("zustaendigkeiten/textbausteine/<int:pk>/", settings.text_block_edit, name="text_block"),
    path("zustaendigkeiten/fristen/", settings.deadlines, name="deadlines"),
]
