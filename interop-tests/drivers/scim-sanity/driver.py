"""Runs `scim-sanity probe` and reports each of its results as a check."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import checks

command = Path(sys.executable).with_name("scim-sanity")
flags = ["--token", checks.token, "--i-accept-side-effects", "--json-output"]
started = checks.now()
done = subprocess.run([command, "probe", checks.base, *flags], capture_output=True, text=True, timeout=120)
try:
    report = json.loads(done.stdout)
except json.JSONDecodeError:
    raise SystemExit(f"scim-sanity wrote no JSON: {done.stdout}{done.stderr}")

seen = Counter()
ran = 0
for result in report["results"]:
    # A result is skipped for a resource type of a draft that the server does not have.
    if result["status"] == "skip":
        continue
    ran += 1
    # The ids of the resources that the suite has created change with each run.
    phase = result["phase"].split(" — ")[0]
    name = f"{phase}: " + "/".join("ID" if len(part) > 30 else part for part in result["name"].split("/"))
    seen[name] += 1
    if seen[name] > 1:
        name = f"{name} #{seen[name]}"
    ok = result["status"] == "pass"
    checks.record(name, ok, started, None if ok else f"{result['status']}: {result.get('message')}")

# Its exit code is 0 also with warnings; the two must not contradict each other.
failures = report["summary"]["failed"] + report["summary"]["errors"]
if done.returncode != (1 if failures else 0):
    raise SystemExit(f"scim-sanity ended with {done.returncode} and reports {failures} failures")
if ran < 20:
    checks.record("whole-suite", False, started, f"only {ran} checks ran")
checks.finish("scim-sanity")
