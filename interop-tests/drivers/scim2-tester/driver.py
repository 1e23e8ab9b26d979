"""Runs scim2-tester, which checks a server that it discovers by itself, and reports each of its results as a check."""

from collections import Counter

from httpx2 import Client
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_tester import Status, check_server

import checks

# A deviation is from a SHOULD; the suite does not count it as an error, we do: it must be allowed by name.
PASSING = {Status.SUCCESS, Status.COMPLIANT, Status.ACCEPTABLE}

http = Client(base_url=checks.base + "/", headers={"Authorization": f"Bearer {checks.token}"}, trust_env=False, timeout=30)
started = checks.now()
results = check_server(SyncSCIMClient(http))

# The suite runs one check for many attributes and methods: reasons distinguish them in failures, numbers otherwise.
seen = Counter()
for result in results:
    parts = [result.resource_type, result.title]
    urn = (result.data or {}).get("urn") if isinstance(result.data, dict) else None
    if urn is not None:
        parts.append(urn)
    name = " ".join(part for part in parts if part)
    seen[name] += 1
    if seen[name] > 1:
        name = f"{name} #{seen[name]}"
    ok = result.status in PASSING
    checks.record(name, ok, started, None if ok else f"{result.status.name}: {result.reason}")

if len(results) < 50:
    checks.record("whole-suite", False, started, f"only {len(results)} checks ran")
checks.finish("scim2-tester")
