#!/bin/bash
# SPDX-FileCopyrightText: Kiriko contributors
# SPDX-License-Identifier: Apache-2.0
# kiriko check: all problems of files and folders.
# shellcheck source=tests/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"

expect 0 "$KIRIKO" check "$work/small.yaml"
says output "1 file, 0 problems"
mkdir -p "$work/folder/deeper"
cp "$work/small.yaml" "$work/folder/b.yaml"
sed 's/duration/durration/' "$work/small.yaml" > "$work/folder/deeper/c.yaml"
sed 's/ends: \[a, b\]/ends: [a, x]/' "$work/small.yaml" > "$work/folder/a.yaml"
echo "not a scenario" > "$work/folder/notes.txt"
expect 2 "$KIRIKO" check "$work/folder"
says output "3 files, "
says output "folder/a.yaml:"
says output "folder/deeper/c.yaml:"
test "$(grep -n 'problems\? in .*a.yaml' "$work/output" | cut -d: -f1)" -lt "$(grep -n 'problems\? in .*c.yaml' "$work/output" | cut -d: -f1)"
expect 2 "$KIRIKO" check "$work/none.yaml"
expect 0 "$KIRIKO" check scenarios
