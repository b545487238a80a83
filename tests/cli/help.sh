#!/bin/bash
# SPDX-FileCopyrightText: Kiriko contributors
# SPDX-License-Identifier: Apache-2.0
# Help everywhere, suggestions, catalogue, schema, reference, graph, version.
# shellcheck source=tests/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"

expect 0 "$KIRIKO" --help
says output "Examples:"
for command in run check graph vnf schema reference doctor version "vnf show"; do
  # shellcheck disable=SC2086
  expect 0 "$KIRIKO" $command --help
  says output "Example"
done
expect 0 "$KIRIKO" run --help
says output "130"

expect 2 "$KIRIKO"
expect 2 "$KIRIKO" chekc
says errors "did you mean 'check'?"
expect 2 "$KIRIKO" run "$work/small.yaml" --worker 2
says errors "did you mean '--workers'?"
expect 2 "$KIRIKO" vnf lsit
says errors "did you mean 'list'?"

expect 0 "$KIRIKO" version
says output "kiriko "
expect 0 "$KIRIKO" vnf list
for function in switch upf gnb firewall rate_limiter; do says output "$function"; done
expect 0 "$KIRIKO" vnf show gnb
for part in Ports Options Exits Metrics numerology; do says output "$part"; done
expect 2 "$KIRIKO" vnf show fierwall
says errors "did you mean 'firewall'?"

expect 0 "$KIRIKO" schema
jq -e '."$schema"' "$work/output" > /dev/null
expect 0 "$KIRIKO" reference
says output "kpis"
expect 0 "$KIRIKO" graph "$work/small.yaml" -o "$work/small.svg"
says small.svg "10Mbit/s, 5ms"
expect 0 "$KIRIKO" graph "$work/small.yaml"
says output "<svg xmlns"
expect 2 "$KIRIKO" graph "$work/none.yaml"
