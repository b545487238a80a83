#!/usr/bin/python3
# SPDX-FileCopyrightText: Kiriko contributors
# SPDX-License-Identifier: Apache-2.0
"""Puts the ratios of result files together as bench/baseline.json: bench/keep_baseline.py BENCH.json PEERS.json [GROWTH.json]"""
import json
import pathlib
import sys

if len(sys.argv) < 2 or sys.argv[1] in ("-h", "--help"):
    sys.exit(__doc__)
results = [json.loads(pathlib.Path(name).read_text(encoding="utf-8")) for name in sys.argv[1:]]
ratios = {}
for result in results:
    ratios.update((name, round(value, 4)) for name, value in result["ratios"].items()
                  if "_vs_" in name and not name.startswith(("function_", "growth_")))
kept = {"machine": results[0]["machine"], "ratios": dict(sorted(ratios.items()))}
pathlib.Path(__file__).with_name("baseline.json").write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")
print(f"{len(ratios)} ratios kept in bench/baseline.json")
