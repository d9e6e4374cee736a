"""Addresses of topics, rules, text blocks, deadlines and coordination."""

urlpatterns: list = []
