"""Runs named checks one after the other and writes their results as JSON for the runner."""

import json
import os
import sys
import time
import uuid
from importlib.metadata import version

base = os.environ["INTEROP_BASE"]
token = os.environ["INTEROP_TOKEN"]

_results = []


def unique(prefix):
    """A name that no other check or run uses."""
    return f"{prefix}-{uuid.uuid4().hex[:10]}"


def now():
    """Milliseconds since the epoch, as the runner counts them."""
    return int(time.time() * 1000)


def record(check_id, ok, started, detail=None):
    """Adds one result."""
    _results.append({"id": check_id, "ok": ok, "started": started, "ended": now(), "detail": detail})


def check(run):
    """Runs a function at once as the check of its name: it passes if it returns and fails if it raises."""
    started = now()
    name = run.__name__.replace("_", "-")
    try:
        run()
        record(name, True, started)
    except Exception as failure:
        notes = " ".join(getattr(failure, "__notes__", []))
        record(name, False, started, f"{type(failure).__name__}: {failure} {notes}".strip()[:2000])


def equal(actual, expected, what):
    """Raises unless both are equal."""
    if actual != expected:
        raise AssertionError(f"{what}: expected {expected!r}, got {actual!r}")


def holds(condition, what):
    """Raises unless the condition holds."""
    if not condition:
        raise AssertionError(what)


def refused(expected, run, what):
    """Runs what must raise, and gives the exception of the expected class."""
    try:
        got = run()
    except expected as failure:
        return failure
    raise AssertionError(f"{what}: was accepted ({got!r}), expected {expected.__name__}")


def finish(package):
    """Writes the report and ends the process: 0 if every check passed, else 1."""
    report = {"client": f"{package} {version(package)}", "checks": _results}
    with open(os.environ["INTEROP_REPORT"], "w", encoding="utf-8") as file:
        json.dump(report, file)
    sys.exit(0 if _results and all(result["ok"] for result in _results) else 1)
