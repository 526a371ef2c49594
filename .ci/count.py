"""Counts what the stages of .ci/run found: count.py FOLDER.

FOLDER holds NAME.code, the exit code, of every stage, and NAME.json of those that ran bazel test
with --build_event_json_file. That file names the tests of that very run with their results, so files
that older runs left in bazel-testlogs count for nothing. A stage without it counts as one test, with
exit code 77 as one that was skipped. The last line printed is "N passed, M failed, K skipped"; the exit
code is 0 if M is 0 and N is not.
"""

import json
import pathlib
import sys
import urllib.parse
import xml.etree.ElementTree as ElementTree


SKIPPED = 77


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


def count_stage(code_file):
    """(passed, failed, skipped) of a stage."""
    code = int(code_file.read_text())
    events = code_file.with_suffix(".json")
    if not events.exists():
        if code == SKIPPED:
            print(f"{code_file.stem}: skipped")
            return [0, 0, 1]
        if code != 0:
            print(f"{code_file.stem}: exit code {code}")
        return [int(code == 0), int(code != 0), 0]
    total = count(read_events(events))
    if (code != 0 and total[1] == 0) or sum(total) == 0:
        print(f"{code_file.stem}: bazel test ended with exit code {code}")
        total[1] += 1
    return total


def main():
    total = [0, 0, 0]
    for code_file in sorted(pathlib.Path(sys.argv[1]).glob("*.code")):
        total = [a + b for a, b in zip(total, count_stage(code_file))]
    passed, failed, skipped = total
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 0 if passed and not failed else 1


if __name__ == "__main__":
    sys.exit(main())
