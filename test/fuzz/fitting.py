"""How the parameters of a request fit each other.

A request that the document allows is to be accepted. JSON Schema has no words for some of what it must be beside its
form, such as a range that does not end before it begins. Requests that are to be accepted are made to fit; those that
are to be refused stay as they are.
"""

import itertools
from datetime import UTC, datetime

API = "/api/v1/certification-cron"

numbers = itertools.count(1)
# The last question of each operation that has another page, and the cursor that leads there.
next_pages = {}


def make_fit(case):
    path = case.operation.path.removeprefix(API)
    query, headers = case.query, case.headers
    body = case.body if isinstance(case.body, dict) else {}
    if "cursor" in query:
        follow_cursor(case)
    # A body has nothing to go on from: its operation acts on jobs, so the jobs of another page change with it.
    body.pop("cursor", None)
    if "Idempotency-Key" in headers:
        # One of an earlier request is refused for another one.
        headers["Idempotency-Key"] = f"{next(numbers)}-{headers['Idempotency-Key'][:240]}"
    fit_conditions(headers, case.operation.definition.raw["operationId"])
    # The same may stand in the query or in the body, for clients that cannot send one of them.
    for name in ("dry_run", "reason"):
        if name in query and name in body:
            del query[name]
    # A dry run asks for no reminder that could be confirmed.
    if str(query.get("dry_run", body.get("dry_run"))).lower() == "true":
        body.pop("confirm_reminders", None)
    if path in ("/{id}", "/{id}/diff"):
        look_back(query)
    elif "from" in query and "to" in query and query["from"] >= query["to"]:
        del query["to"]
    if path == "/{id}/revert" and "version" in body:
        body["version"] = 1
    # With filters the next page is found by its cursor alone.
    if path == "/{id}/runs" and query.keys() - {"page", "limit", "cursor"}:
        query.pop("page", None)
    if path.endswith("/stream"):
        begin_stream(query, headers)


def follow_cursor(case):
    """A cursor belongs to the question that it answers."""
    if case.operation.label not in next_pages:
        del case.query["cursor"]
        return
    path_parameters, query, cursor = next_pages[case.operation.label]
    case.path_parameters.update(path_parameters)
    case.query.clear()
    case.query.update({name: value for name, value in query.items() if name != "page"}, cursor=cursor)


def remember_cursor(case, answer):
    cursor = answer.get("next_cursor") or answer.get("pagination", {}).get("next_cursor")
    if cursor:
        next_pages[case.operation.label] = (dict(case.path_parameters), dict(case.query), cursor)


def fit_conditions(headers, operation_id):
    """Two conditions at once are refused, and no job fits a random one: one is kept that is true where it can be."""
    may_be_absent = operation_id in ("createJob", "declareJob", "restoreJob")
    headers.pop("If-Match" if may_be_absent else "If-None-Match", None)
    if operation_id != "createJob":
        headers.pop("If-None-Match", None)
    # The only one that its pattern allows: Schemathesis now and then draws another one where it means to fit it.
    if "If-None-Match" in headers:
        headers["If-None-Match"] = "*"
    if "If-Match" in headers:
        headers["If-Match"] = "*"


def look_back(query):
    """Each job has a first version, and nobody can look at a version or a time that is still to come."""
    for name in ("as_of", "from", "to"):
        if name in query and not has_been(query[name]):
            query[name] = 1


def has_been(moment):
    if not isinstance(moment, str) or moment.isdigit():
        return False
    return datetime.fromisoformat(moment) < datetime.now(UTC)


def begin_stream(query, headers):
    """A stream begins at one place, and `start` is one that each log has."""
    if "last_event_id" in query:
        query["last_event_id"] = "start"
        query.pop("from", None)
    if headers.get("Last-Event-ID", "") != "":
        headers["Last-Event-ID"] = "start"
