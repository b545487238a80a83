#!/bin/bash
# SPDX-FileCopyrightText: Kiriko contributors
# SPDX-License-Identifier: Apache-2.0
# Every bench runs once, for as short as it can: that it works and names its ratios. Its figures mean nothing.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
cd "$root"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

lap() { echo "$1: $SECONDS s"; }

bench/run --quick --json "$work/bench.json"
# Benches that need more cores than there are say so; all others have a figure, and the baseline's names exist.
jq -e '[.benches[] | select(has("median") | not) | .problem] | all(startswith("needs "))' "$work/bench.json" > /dev/null
jq -e --slurpfile kept bench/baseline.json \
  '(.ratios | keys) as $now | [$kept[0].ratios | keys[] | select(test("_vs_(macswap|loop|parts)$"))] | all(. as $name | $now | index($name))' \
  "$work/bench.json" > /dev/null
lap "tools/bench"

bench/growth --quick --svg "$work/growth.svg" --json "$work/growth.json"
python3 -c 'import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.argv[1])' "$work/growth.svg"
lap "tools/bench growth"

# What is not installed is left out, and said.
bench/peers/run --quick --rounds 1 --no-install --json "$work/peers.json"
jq -e '.comparisons | length > 0' "$work/peers.json" > /dev/null
lap "tools/bench --peers"

if [[ $EUID -eq 0 ]]; then
  bench/fidelity/run --quick --device af_packet --only delay --only loss --json "$work/fidelity.json"
  jq -e '.rows | length > 0' "$work/fidelity.json" > /dev/null
  lap "tools/bench fidelity"
fi
