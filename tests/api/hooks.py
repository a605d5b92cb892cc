"""What schemathesis is told: our formats, and that no answer may hold anything of another taxpayer."""

import os
from datetime import UTC, datetime

import schemathesis
from hypothesis import strategies as st

from bot.core.periodo import Periodo
from bot.core.rut import Rut

FOREIGN = [word for word in os.environ.get("FOREIGN_WORDS", "").split("|") if word]


def _rut(number: int) -> str:
    return next(f"{number}-{dv}" for dv in "0123456789K" if _valid(f"{number}-{dv}"))


def _valid(text: str) -> bool:
    try:
        Rut.parse(text)
    except Exception:
        return False
    return True


_MONTHS = [str(one) for one in Periodo.parse("2017-05").until(Periodo.parse("2026-11"))]
schemathesis.openapi.format("rut", st.integers(1_000_000, 99_999_999).map(_rut))
schemathesis.openapi.format("periodo", st.sampled_from(_MONTHS))
schemathesis.openapi.format("telefono", st.integers(10_000_000, 99_999_999).map(lambda n: f"+569{n}"))
schemathesis.openapi.format(
    "date-time",
    st.datetimes(datetime(2000, 1, 1), datetime(2098, 12, 31), timezones=st.just(UTC)).map(
        datetime.isoformat
    ),
)


@schemathesis.check
def nothing_of_others(ctx: object, response: schemathesis.Response, case: schemathesis.Case) -> None:
    """No answer holds a word that only another taxpayer's data hold."""
    text = response.content.decode("utf-8", "replace")
    for word in FOREIGN:
        assert word not in text, f"{case.method} {case.path} tells of another taxpayer"


@schemathesis.hook
def filter_case(ctx: object, case: schemathesis.Case) -> bool:
    """Unknown headers are no fault of a request: every browser and proxy sends some."""
    return "x-schemathesis-unknown-property" not in {name.lower() for name in case.headers or {}}
