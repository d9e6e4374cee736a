"""Tells in a header how many queries a page needed."""

from django.db import connection

HEADER = "Bench-Queries"


class CountQueriesMiddleware:
    """Counts what goes through the connection while a request is answered."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        count = 0

        def counted(execute, sql, params, many, context):
            nonlocal count
            count += 1
            return execute(sql, params, many, context)

        with connection.execute_wrapper(counted):
            response = self.get_response(request)
        response.headers[HEADER] = str(count)
        return response
