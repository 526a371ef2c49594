#!/usr/bin/env bash
set -euo pipefail
PYTHONDONTWRITEBYTECODE=1 exec python3 tests/scripts/client_test.py
