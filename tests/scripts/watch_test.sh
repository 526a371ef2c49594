#!/usr/bin/env bash
# `watch` while a run goes on, asked by Python and shown by a headless Chromium.
exec python3 tests/scripts/watch_test.py
