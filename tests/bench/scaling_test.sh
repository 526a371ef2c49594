#!/usr/bin/env bash
set -euo pipefail
PYTHONDONTWRITEBYTECODE=1 exec python3 tests/bench/scaling_test.py
