#!/usr/bin/env bash
# The carried tables have scikit-learn's rows, and the passengers those of their script.
set -euo pipefail
/usr/bin/python3 tests/plugins/passengers.py --check framework/plugin/tables
if ! /usr/bin/python3 -c 'import sklearn' 2>/dev/null; then
  echo "skipped: python3-sklearn is not installed"
  exit 0
fi
/usr/bin/python3 tests/plugins/measured_tables.py --check framework/plugin/tables
