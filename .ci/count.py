"""Counts test cases: count.py EVENTS BAZEL_EXIT_CODE FORMAT_EXIT_CODE.

EVENTS is the file that `bazel test --build_event_json_file` wrote. It names the tests of that very
run with their results, so files that older runs left in bazel-testlogs count for nothing. The last
line printed is "N passed, M failed"; the exit code is 0 if M is 0 and N is not.
"""

import json
import sys
import urllib.parse
import xml.etree.ElementTree as ElementTree


def read_events(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


def cases_of(path):
    """(passed, failed, skipped) of a test.xml; zeros where there is none that can be read."""
    passed = failed = skipped = 0
    try:
        cases = list(ElementTree.parse(path).iter("testcase"))
    except (OSError, ElementTree.ParseError):
        cases = []
    for case in cases:
        if case.find("failure") is not None or case.find("error") is not None:
            failed += 1
        elif case.find("skipped") is not None or case.get("result") in ("skipped", "suppressed"):
            skipped += 1
        else:
            passed += 1
    return passed, failed, skipped


def count(events):
    """(passed, failed, skipped) over all tests that the events tell of."""
    files = {}
    verdicts = {}
    for event in events:
        identity = event["id"]
        if "testResult" in event:
            # Of several attempts the last counts.
            key = (identity["testResult"]["label"], identity["testResult"].get("shard", 1))
            for output in event["testResult"].get("testActionOutput", []):
                if output["name"] == "test.xml":
                    files[key] = urllib.parse.unquote(urllib.parse.urlparse(output["uri"]).path)
        elif "testSummary" in identity:
            status = event.get("testSummary", {}).get("overallStatus", "NO_STATUS")
            verdicts[identity["testSummary"]["label"]] = status
    total = [0, 0, 0]
    for label, verdict in sorted(verdicts.items()):
        good = verdict in ("PASSED", "FLAKY")
        found = [0, 0, 0]
        for (owner, _), path in files.items():
            if owner == label:
                found = [a + b for a, b in zip(found, cases_of(path))]
        # A test that crashed, ran out of time or was never built has no failed case to show.
        if not good and found[1] == 0:
            found[1] = 1
        if not good:
            print(f"{label}: {verdict}")
        total = [a + b for a, b in zip(total, found)]
    return total


def main():
    bazel, formatted = int(sys.argv[2]), int(sys.argv[3])
    passed, failed, skipped = count(read_events(sys.argv[1]))
    nothing_ran = passed + failed + skipped == 0
    if (bazel != 0 and failed == 0) or nothing_ran:
        print(f"bazel test ended with exit code {bazel}")
        failed += 1
    if formatted == 0:
        passed += 1
    else:
        print("clang-format wants other sources: clang-format -i FILE")
        failed += 1
    if skipped:
        print(f"{skipped} skipped, for want of what they test with")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
