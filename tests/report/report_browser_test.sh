#!/usr/bin/env bash
# Opens made-up report pages in a headless Chromium, uses them and looks at what is there.
set -euo pipefail

chromium=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
if [[ -z $chromium ]]; then
  echo 'SKIPPED: no Chromium here; the report pages were not looked at'
  exit 0
fi
here=tests/report
export HOME=$TEST_TMPDIR

# open KIND WIDTH [NAME]: $TEST_TMPDIR/NAME.dom and NAME.log
open() {
  local name=${3:-$1}
  local page=$TEST_TMPDIR/$name.html
  "$here/write_sample_report" "$1" "$page"
  { cat "$page"; echo '<script>'; cat "$here/report_probe.js"; echo '</script>'; } \
    >"$TEST_TMPDIR/$name.probed.html"
  timeout 60 "$chromium" --headless --no-sandbox --disable-gpu --disable-quic --no-first-run \
    --disable-dev-shm-usage --disable-background-networking --disable-component-update \
    --disable-sync --user-data-dir="$TEST_TMPDIR/profile" --window-size="$2,900" \
    --enable-logging=stderr --v=0 --virtual-time-budget=3000 --dump-dom \
    "file://$TEST_TMPDIR/$name.probed.html" >"$TEST_TMPDIR/$name.dom" 2>"$TEST_TMPDIR/$name.log"
}

open run 1200
open one_class 1200
open regression 1200
open run 500 phone
open seeds 700
open comparison 500
open sweep 1200
open sweep 500 sweep_phone
open many 1200
open empty 1200
open hostile 1200
open hostile_sweep 1200
python3 "$here/report_browser_check.py" "$TEST_TMPDIR"
