"""Texts in the formats of the document, which JSON Schema knows by their names alone."""

from datetime import date, datetime

import schemathesis
from hypothesis import strategies as st

USUAL_EXPRESSIONS = ["0 2 * * *", "@daily", "@hourly", "*/15 * * * *", "0 0 L * *", "30 9 * JAN-MAR MON#2"]
TIME_ZONES = [
    "UTC",
    "Asia/Kolkata",
    "America/New_York",
    "Europe/Berlin",
    "Australia/Lord_Howe",
    "America/Sao_Paulo",
    "Africa/Casablanca",
    "Pacific/Apia",
]


def a_field(low: int, high: int) -> st.SearchStrategy[str]:
    value = st.integers(low, high)
    several = st.lists(value, min_size=1, max_size=4, unique=True).map(lambda values: ",".join(map(str, values)))
    span = st.tuples(value, value).map(lambda two: f"{min(two)}-{max(two)}")
    return several | span


def any_or(low: int, high: int) -> st.SearchStrategy[str]:
    return st.just("*") | a_field(low, high)


# Each month has the day, so each of these has slots.
expressions = st.tuples(a_field(0, 59), a_field(0, 23), any_or(1, 28), any_or(1, 12), any_or(0, 6)).map(" ".join)
instants = st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(2100, 12, 31, 23, 59, 59))

schemathesis.openapi.format("cron", expressions | st.sampled_from(USUAL_EXPRESSIONS))
schemathesis.openapi.format("time-zone", st.sampled_from(TIME_ZONES))
schemathesis.openapi.format("date", st.dates(min_value=date(1970, 1, 1), max_value=date(2109, 12, 31)).map(str))
schemathesis.openapi.format("date-time", instants.map(lambda at: f"{at.isoformat(timespec='milliseconds')}Z"))
