#!/usr/bin/env bash
# The last line of .ci/run for what Bazel may report.
set -euo pipefail
cd "$TEST_TMPDIR"
count=$TEST_SRCDIR/nabla/.ci/count.py

xml() { printf '<testsuites><testsuite>%s</testsuite></testsuites>' "$2" >"$1.xml"; }
tested() {  # tested LABEL STATUS [XML]
  [[ -z ${3-} ]] || printf '{"id":{"testResult":{"label":"%s","run":1,"attempt":1}},"testResult":{"testActionOutput":[{"name":"test.log","uri":"file:///none"},{"name":"test.xml","uri":"file://%s/%s.xml"}],"status":"%s"}}\n' \
    "$1" "$TEST_TMPDIR" "$3" "$2"
  printf '{"id":{"testSummary":{"label":"%s"}},"testSummary":{"overallStatus":"%s"}}\n' "$1" "$2"
}
expect() {  # expect LAST_LINE CODE BAZEL [FORMAT]: events is what Bazel said
  local output code=0
  rm -rf stages
  mkdir stages
  cp events stages/test.json
  echo "$3" >stages/test.code
  [[ -z ${4-} ]] || echo "$4" >stages/format.code
  output=$(python3 "$count" stages) || code=$?
  [[ ${output##*$'\n'} == "$1" && $code -eq $2 ]] ||
    { printf 'expected "%s" and code %s, found code %s and:\n%s\n' "$1" "$2" "$code" "$output"; exit 1; }
}

xml three '<testcase name="a"/><testcase name="b"/><testcase name="c"/>'
xml mixed '<testcase name="a"/><testcase name="b"><failure/></testcase><testcase name="c" result="skipped"/>'
xml crash '<testcase name="a"><error message="exited with error code 134"/></testcase>'

{ tested //a PASSED three; tested //b PASSED three; } >events
expect '7 passed, 0 failed, 0 skipped' 0 0 0
expect '6 passed, 1 failed, 0 skipped' 1 0 123
expect '6 passed, 0 failed, 1 skipped' 0 0 77
expect '6 passed, 1 failed, 0 skipped' 1 77  # bazel test skips nothing as a whole
expect '7 passed, 1 failed, 0 skipped' 1 1 0  # something that is no test did not build

{ tested //a PASSED three; tested //b FAILED mixed; tested //c FAILED crash; } >events
expect '5 passed, 2 failed, 1 skipped' 1 3 0

# No cases to show: never built, out of time, or an old file that cannot be read.
{ tested //a PASSED three; tested //b FAILED_TO_BUILD; tested //c TIMEOUT none; } >events
expect '4 passed, 2 failed, 0 skipped' 1 1 0

# Cases that passed before the end of a crash do not hide it.
{ tested //a FAILED three; } >events
expect '4 passed, 1 failed, 0 skipped' 1 3 0

: >events
expect '1 passed, 1 failed, 0 skipped' 1 0 0

# Several runs of bazel test are counted together.
{ tested //a PASSED three; } >events
mkdir stages-2
cp events stages-2/tsan.json
echo 0 >stages-2/tsan.code
cp events stages-2/asan.json
echo 0 >stages-2/asan.code
[[ $(python3 "$count" stages-2) == '6 passed, 0 failed, 0 skipped' ]] || { echo 'not summed'; exit 1; }
