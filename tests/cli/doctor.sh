#!/bin/bash
# SPDX-FileCopyrightText: Kiriko contributors
# SPDX-License-Identifier: Apache-2.0
# kiriko doctor: its lines, its JSON, its exit codes.
# shellcheck source=tests/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"

expect 0 "$KIRIKO" doctor --quick --json "$work/doctor.json"
for part in "This machine" "  processor " "  CPUs " "  clock " "  memory " "  hugepages " "  af_packet " "  priority " \
  Measured "packet rate" "lateness" "p99.9" "A run here can count on" "tolerance: "; do says output "$part"; done
says errors "measuring"
if grep -q $'\033' "$work/output"; then echo "colours without a terminal"; exit 1; fi
jq -e '.quick and .fault == null and .machine.usable_cpu_count > 0 and (.findings | length) > 10
  and (.findings | all(.mark | IN("good", "fair", "bad", "unknown")))
  and .measured.one_worker.median_hops_per_second >= .measured.one_worker.low_hops_per_second
  and .measured.one_worker.low_hops_per_second > 0
  and (.measured.lateness_few_packets | .count > 0 and .p50_ns <= .p99_ns and .p99_ns <= .p99_9_ns and .p99_9_ns <= .max_ns)
  and .advice.tolerance_ns >= 10000 and .advice.tolerance_ns >= .measured.lateness_few_packets.worst_window_p99_ns' \
  "$work/doctor.json" > /dev/null

# What it advises is taken by a scenario.
tolerance=$(jq -r .advice.tolerance "$work/doctor.json")
says output "tolerance: $tolerance"
expect 0 "$KIRIKO" run "$work/small.yaml" --set "run.tolerance=$tolerance" --until 10ms --out "$work/run" --set kpis.delay.threshold=1s

expect 2 "$KIRIKO" doctor --json "$work/none/doctor.json"
says errors "--json"
expect 2 "$KIRIKO" doctor --qiuck
says errors "did you mean '--quick'?"

# Too little memory for DPDK, yet enough for the program (sanitizers want more: they cannot be told so).
little() { (ulimit -v 120000 && "$@"); }
if little "$KIRIKO" version > /dev/null 2>&1; then
  expect 3 little "$KIRIKO" doctor --quick --json "$work/short.json"
  says output "Nothing could be measured"
  says output "✗  memory"
  jq -e '(.fault | length) > 0 and (has("measured") | not)' "$work/short.json" > /dev/null
fi
