#!/bin/bash
# SPDX-FileCopyrightText: Kiriko contributors
# SPDX-License-Identifier: Apache-2.0
# kiriko run --clock real: valid within a wide tolerance, exit 4 beyond an impossible one.
# shellcheck source=tests/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"

expect 0 "$KIRIKO" run "$work/small.yaml" --clock real --until 300ms --set run.tolerance=10s --set kpis.delay.threshold=10s --out "$work/real"
jq -e '.clock == "real" and .valid and (.links | length) > 0' "$work/real/fidelity.json" > /dev/null

# A program that is held for a third of its run cannot be in time, however quick the machine.
late() {
  "$KIRIKO" run "$work/small.yaml" --clock real --until 1500ms --set run.tolerance=1us --out "$work/late" &
  local program=$!
  until [ -d "$work/late" ]; do sleep 0.01; done
  sleep 0.5
  kill -STOP "$program"
  sleep 0.5
  kill -CONT "$program"
  wait "$program"
}
expect 4 late
says output "INVALID"
jq -e '.valid == false and (.invalid_because | length) > 0' "$work/late/fidelity.json" > /dev/null
