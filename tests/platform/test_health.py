"""The health check: one query, no session, no name of anything."""

import pytest
from django.db import DatabaseError, connection
from django.test import Client


@pytest.mark.django_db
def test_a_healthy_process_answers_with_one_query(client, django_assert_num_queries):
    with django_assert_num_queries(1):
        answer = client.get("/healthz")
    assert (answer.status_code, answer.content, answer.cookies) == (200, b"ok\n", {})
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.django_db
def test_a_process_without_database_says_so():
    def refuse(*_):
        raise DatabaseError("connection to server failed for user quartier")

    with connection.execute_wrapper(refuse):
        answer = Client().get("/healthz")
    assert (answer.status_code, answer.content) == (503, b"database unreachable\n")


@pytest.mark.django_db
def test_only_reading_is_allowed(client):
    assert client.post("/healthz").status_code == 405
