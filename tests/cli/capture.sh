#!/bin/bash
# SPDX-FileCopyrightText: Kiriko contributors
# SPDX-License-Identifier: Apache-2.0
# Captures, read by tshark: N3 both ways without a malformed packet, explanations, the same bytes with more workers.
# shellcheck source=tests/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"

command -v tshark > /dev/null || { echo "tshark is missing; see tools/packages.txt"; exit 1; }

# fields FILE FIELD…: a line a packet; frames that a display filter in $filter lets pass.
filter=""
fields() {
  local file=$1
  shift
  # shellcheck disable=SC2046
  tshark -n -r "$file" -Y "$filter" -T fields $(printf -- '-e %s ' "$@") 2> "$work/errors" || { cat "$work/errors"; exit 1; }
}

expect 0 "$KIRIKO" run scenarios/examples/first_cell.yaml --until 2s --out "$work/cell" --quiet
n3=$work/cell/captures/n3.pcapng
all=$(fields "$n3" frame.number | wc -l)
test "$all" -gt 500

# Every packet is GTP-U with a PDU Session Container (TS 38.415): PDU type 1 up, out of the gNB, and 0 down.
filter="_ws.malformed or _ws.expert.severity >= \"warning\""
test "$(fields "$n3" frame.number | wc -l)" = 0
filter="gtp.message == 0xff and gtp.ext_hdr.pdu_ses_con.qos_flow_id and ip.checksum.status != 0"
test "$(fields "$n3" frame.number | wc -l)" = "$all"
filter="frame.interface_name == \"gnb1 → upf1\" and frame.packet_flags_direction == 2 and gtp.ext_hdr.pdu_ses_con.pdu_type == 1"
up=$(fields "$n3" frame.number | wc -l)
filter="frame.interface_name == \"upf1 → gnb1\" and frame.packet_flags_direction == 1 and gtp.ext_hdr.pdu_ses_con.pdu_type == 0"
down=$(fields "$n3" frame.number | wc -l)
test "$up" -gt 10
test "$down" -gt 400
test "$((up + down))" = "$all"
test "$(fields "$n3" gtp.ext_hdr.pdu_ses_con.qos_flow_id | sort -u | wc -l)" = 1
filter="frame.comment contains \"slice embb; flow reports; sequence 0\""
test "$(fields "$n3" frame.number | wc -l)" = 1

# Model time: never back, below the run's end, to the nanosecond.
filter=""
fields "$n3" frame.time_epoch | awk -F. '
  length($2) != 9 || $1 >= 2 || $1 "" $2 < last { exit 1 }
  { last = $1 "" $2; if ($2 % 1000) fine = 1 }
  END { exit !fine }'

# Wire times: 500 octets and 24 of frame at 10 Mbit/s, and the queue's limit.
cat > "$work/narrow.yaml" <<'YAML'
name: narrow
title: A link that is too narrow
run: {duration: 1s, packets: 4096}
hosts: [{name: a}, {name: b}]
links: [{name: wire, ends: [a, b], rate: 10Mbit/s, delay: 5ms, limit_packets: 20, capture: true}]
traffic: [{name: there, from: a, to: b, model: poisson, with: {size: 500 B, rate: 15Mbit/s}}]
timeline: [{at: 500ms, do: link_change, link: wire, rate: 5Mbit/s}]
YAML
for workers in 1 2; do
  expect 0 "$KIRIKO" run "$work/narrow.yaml" --workers "$workers" --out "$work/narrow$workers" --quiet
done
wire=$work/narrow1/captures/wire.pcapng
cmp "$wire" "$work/narrow2/captures/wire.pcapng"
test "$(ls "$work/narrow1/captures")" = wire.pcapng
filter="frame.comment contains \"dropped: queue_full: the link's queue was at its limit; flow there\""
dropped=$(fields "$wire" frame.number | wc -l)
test "$dropped" = "$(jq '[.links[] | .dropped] | add' "$work/narrow1/results.json")"
filter="frame.comment contains \"queued\" and frame.comment contains \"propagation 5ms\""
carried=$(fields "$wire" frame.number | wc -l)
filter=""
test "$((dropped + carried))" = "$(fields "$wire" frame.number | wc -l)"
# No frame starts before the one ahead has left, at the old rate as at the new one.
filter="frame.comment contains \"queued\""
fields "$wire" frame.time_epoch frame.len | awk '
  { at = $1 * 1e9; rate = (at < 5e8) ? 10e6 : 5e6; if (at < free - 1000) exit 1; free = at + ($2 + 24) * 8e9 / rate }'

expect 2 "$KIRIKO" run "$work/narrow.yaml" --out "$work/short" --set links.wire.capture=perhaps
expect 0 "$KIRIKO" run "$work/small.yaml" --out "$work/none" --quiet
test ! -e "$work/none/captures"
