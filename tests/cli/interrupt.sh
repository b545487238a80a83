#!/bin/bash
# SPDX-FileCopyrightText: Kiriko contributors
# SPDX-License-Identifier: Apache-2.0
# SIGINT in the middle of a run: status 130 and a partial report that says so.
# shellcheck source=tests/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"

# Job control, or a background job would ignore SIGINT.
set -m
"$KIRIKO" run "$work/small.yaml" --clock real --set run.duration=1h --set run.tolerance=10s --out "$work/part" > "$work/output" 2> "$work/errors" &
program=$!
# The first progress line shows that the run is under way.
for _ in $(seq 300); do
  if [ -s "$work/errors" ]; then break; fi
  sleep 0.1
done
kill -INT "$program"
status=0
wait "$program" || status=$?
test "$status" = 130
says output "INTERRUPTED"
jq -e '.end == "interrupted" and .ended_at_ns > 0' "$work/part/results.json" > /dev/null
says part/junit.xml "<error message=\"interrupted"
says part/report.html "Interrupted at"
