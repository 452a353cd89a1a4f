"""What Schemathesis does beside what it reads in the document."""

import atexit
import json
import os
from collections import Counter
from pathlib import Path

import schemathesis

import fitting
import formats  # noqa: F401

CREDENTIAL = os.environ.get("FUZZ_KEY", "")
# Where it is told how many answers there were of each status.
COUNTS_FILE = os.environ.get("FUZZ_COUNTS", "")
# All requests behind one wait for it, seconds.
LONGEST_WAIT = 1

EVENT_STREAM = "text/event-stream"
# OpenAPI 3.1 has a stream as one text. Schemathesis holds each event of it to the schema.
EVENT = {
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "event": {"type": "string"},
        "data": {
            "type": "string",
            "contentMediaType": "application/json",
            "contentSchema": {"$ref": "#/components/schemas/JobEvent"},
        },
    },
    "required": ["id", "event", "data"],
    "additionalProperties": False,
}

answers = Counter()


@schemathesis.hook
def before_load_schema(context, raw_schema):
    for methods in raw_schema["paths"].values():
        for operation in methods.values():
            if CREDENTIAL:
                # To show nothing is offered for services without credentials, and this one has some.
                operation["security"] = [one for one in operation["security"] if one]
            content = operation["responses"]["200"].get("content", {}) if "200" in operation["responses"] else {}
            if EVENT_STREAM in content:
                content[EVENT_STREAM]["schema"] = EVENT


@schemathesis.hook
def before_call(context, case, kwargs):
    wait = case.query.get("wait")
    if isinstance(wait, int) and wait > LONGEST_WAIT:
        case.query["wait"] = LONGEST_WAIT
    if case.meta is not None and case.meta.generation.mode.is_positive:
        fitting.make_fit(case)


@schemathesis.hook
def after_call(context, case, response):
    answers[response.status_code] += 1
    if response.status_code == 200 and "application/json" in response.headers.get("content-type", [""])[0]:
        answer = response.json()
        if isinstance(answer, dict):
            fitting.remember_cursor(case, answer)


@atexit.register
def tell_answers():
    if COUNTS_FILE:
        Path(COUNTS_FILE).write_text(json.dumps(answers))
