"""What the calls of the generated client have in common."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from certification_cron_client import AuthenticatedClient
from certification_cron_client.models import Problem
from certification_cron_client.types import Response

T = TypeVar("T")

client = AuthenticatedClient(
    base_url=os.environ["ADDRESS"],
    token=os.environ["KEY"],
    raise_on_unexpected_status=True,
)


def parsed(kind: type[T], response: Response[Any], status: int = 200) -> T:
    """The body, as what the document says that it is."""
    assert response.status_code == status, (response.status_code, response.content)
    assert isinstance(response.parsed, kind), response.parsed
    return response.parsed


def expect_problem(response: Response[Any], status: int, code: str) -> Problem:
    problem = parsed(Problem, response, status)
    assert (problem.status, problem.code) == (status, code), problem
    assert problem.detail and problem.request_id, problem
    return problem


def text_of(request: dict[str, Any]) -> str:
    """The body of what may be asked for as JSON, too: the generated functions read nothing else there."""
    response = client.get_httpx_client().request(**request)
    assert response.status_code == 200, response.text
    return response.text


@contextmanager
def lines_of(request: dict[str, Any]) -> Iterator[Iterator[str]]:
    """The lines of a stream, which is closed in the end: the generated functions would wait for its own end."""
    with client.get_httpx_client().stream(**request) as response:
        assert response.status_code == 200, response
        yield response.iter_lines()
