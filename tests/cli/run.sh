#!/bin/bash
# SPDX-FileCopyrightText: Kiriko contributors
# SPDX-License-Identifier: Apache-2.0
# kiriko run: exit codes, files, the same bytes again.
# shellcheck source=tests/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"

expect 0 "$KIRIKO" run "$work/small.yaml" --out "$work/one"
says output "1 of 1 KPIs met"
says output "$work/one/report.html"
for file in results.json report.html junit.xml fidelity.json; do test -s "$work/one/$file"; done
test -e "$work/one/events.ndjson"
jq -e '.end == "complete" and .kpis[0].met and .ledger.held == .pool_in_use' "$work/one/results.json" > /dev/null
test "$(jq -r .scenario_sha256 "$work/one/results.json")" = "$(sha256sum < "$work/small.yaml" | cut -d' ' -f1)"
jq -e '.valid' "$work/one/fidelity.json" > /dev/null

expect 0 "$KIRIKO" run "$work/small.yaml" --out "$work/two" --workers 2 --quiet
test ! -s "$work/output"
cmp "$work/one/results.json" "$work/two/results.json"
expect 0 "$KIRIKO" run "$work/small.yaml" --out "$work/three" --seed 2 --quiet
if cmp -s "$work/one/results.json" "$work/three/results.json"; then echo "the seed changes nothing"; exit 1; fi

expect 1 "$KIRIKO" run "$work/small.yaml" --out "$work/missed" --set kpis.delay.threshold=1ms
says output "✗ 0 of 1 KPIs met"
says missed/junit.xml "<failure message="
expect 0 "$KIRIKO" run "$work/small.yaml" --out "$work/short" --until 500ms
jq -e '.ended_at_ns == 500000000' "$work/short/results.json" > /dev/null

expect 2 "$KIRIKO" run "$work/small.yaml" --set links.wire.dleay=1ms
says errors "error:"
expect 2 "$KIRIKO" run "$work/none.yaml"
says errors "there is no such file"
expect 2 "$KIRIKO" run "$work/small.yaml" --until 1h
says errors "--until"
expect 2 "$KIRIKO" run "$work/small.yaml" --out /dev/null/x
says errors "--out"

cd "$work"
expect 0 "$KIRIKO" run small.yaml --quiet
test -s out/small/*/report.html
