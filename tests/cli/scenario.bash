#!/bin/bash
# SPDX-FileCopyrightText: Kiriko contributors
# SPDX-License-Identifier: Apache-2.0
# Sourced by the tests of the command line: a small scenario, and checks of exit status and text.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cat > "$work/small.yaml" <<'YAML'
name: small
title: Two hosts and a link
run: {duration: 2s, packets: 4096}
hosts: [{name: a}, {name: b}]
links: [{name: wire, ends: [a, b], rate: 10Mbit/s, delay: 5ms}]
traffic: [{name: there, from: a, to: b, model: poisson, with: {size: 500 B, rate: 2Mbit/s}}]
kpis:
  - {name: delay, metric: delay, scope: "flow:there", statistic: p99, comparison: <=, threshold: 20ms, source: this test}
YAML

# expect STATUS COMMAND…: runs it, keeps its output in $work/output and $work/errors.
expect() {
  local wanted=$1 got=0
  shift
  "$@" > "$work/output" 2> "$work/errors" || got=$?
  if [ "$got" != "$wanted" ]; then
    echo "exit status $got instead of $wanted: $*"
    cat "$work/output" "$work/errors"
    exit 1
  fi
}

# says FILE TEXT: the text stands in output, errors or any other file.
says() {
  if ! grep -qF -- "$2" "$work/$1"; then
    echo "'$2' is not in $1:"
    cat "$work/$1"
    exit 1
  fi
}
