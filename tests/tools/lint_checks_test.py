# SPDX-FileCopyrightText: Kiriko contributors
# SPDX-License-Identifier: Apache-2.0
"""The checks of tools/lint find what they are there to find."""
import pathlib
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "tools" / "lint-checks"))

import data_path  # noqa: E402
import file_shape  # noqa: E402
import headers_alone  # noqa: E402
import layers  # noqa: E402
import together  # noqa: E402

SPDX = "// SPDX-FileCopyrightText: Kiriko contributors\n// SPDX-License-Identifier: Apache-2.0\n"


class Layers(unittest.TestCase):
    def test_when_an_include_points_outward_then_it_is_refused(self):
        cases = [
            ("core/net/ipv4.hpp", "core/base/units.hpp", True),
            ("core/base/units.hpp", "core/net/ipv4.hpp", False),
            ("core/device/port.cpp", "core/engine/worker.hpp", False),
            ("core/engine/worker.cpp", "vnf/upf/upf.hpp", False),
            ("core/base/units.cpp", "units.hpp", False),
            ("vnf/upf/upf.cpp", "core/fiveg/qfi.hpp", True),
            ("vnf/upf/upf.cpp", "vnf/upf/pdr.hpp", True),
            ("vnf/upf/upf.cpp", "vnf/gnb/gnb.hpp", False),
            ("vnf/upf/upf.cpp", "controller/apps/reactive.hpp", False),
            ("vnf/catalogue.cpp", "vnf/upf/upf.hpp", True),
            ("controller/apps/reactive.cpp", "core/control/change.hpp", True),
            ("controller/apps/reactive.cpp", "core/engine/worker.hpp", False),
            ("controller/apps/reactive.cpp", "vnf/upf/upf.hpp", False),
            ("scenarios/loader/loader.cpp", "core/engine/worker.hpp", True),
            ("scenarios/loader/loader.cpp", "vnf/catalogue.hpp", False),
            ("scenarios/loader/load.cpp", "scenarios/run/builder.hpp", False),
            ("scenarios/run/builder.cpp", "scenarios/loader/scenario.hpp", True),
            ("scenarios/run/builder.cpp", "controller/apps/reactive.hpp", False),
            ("tools/kiriko/run.cpp", "vnf/catalogue.hpp", True),
            ("tools/kiriko/run.cpp", "tests/packets.hpp", False),
        ]
        for source, target, allowed in cases:
            with self.subTest(source=source, target=target):
                self.assertEqual(layers.reason_against(source, target) is None, allowed)


class DataPath(unittest.TestCase):
    def found(self, text):
        return data_path.problems_of("vnf/upf/upf.cpp", text)

    def test_when_a_packet_function_does_what_it_must_not_then_it_is_found(self):
        for token in ("auto* p = new int;", "std::lock_guard g(m);", "throw 1;", 'printf("x");', "rte_rdtsc();",
                      "spdlog::info(1);", "std::map<int, int> m;", "std::make_unique<int>(1);"):
            with self.subTest(token=token):
                self.assertEqual(len(self.found("void Upf::process(Burst& b) noexcept {\n  " + token + "\n}\n")), 1)

    def test_when_a_control_function_does_it_then_it_is_not_found(self):
        self.assertEqual(self.found("Result<void> Upf::apply(const Change&) { table = new Table; return {}; }\n"), [])

    def test_when_only_a_comment_or_a_string_says_it_then_it_is_not_found(self):
        self.assertEqual(self.found('void wake() noexcept { f("new");  // a new throw\n /* malloc( */ }\n'), [])

    def test_when_a_call_of_that_name_precedes_then_only_the_definition_counts(self):
        self.assertEqual(self.found("void start() { process(b); auto p = new int; }\n"), [])

    def test_when_the_line_is_excused_for_that_token_then_it_is_not_found(self):
        body = "void enqueue() noexcept {\n  p = new int;  // lint: allow(%s) once\n}\n"
        self.assertEqual(self.found(body % "new"), [])
        self.assertEqual(len(self.found(body % "throw")), 1)


class FileShape(unittest.TestCase):
    def test_when_a_file_is_in_shape_then_nothing_is_found(self):
        self.assertEqual(file_shape.shape("core/net/ipv4.hpp", SPDX + "// IPv4 header view.\n#pragma once\n"), [])

    def test_when_a_file_is_out_of_shape_then_it_is_found(self):
        good = SPDX + "// IPv4 header view.\n#pragma once\n"
        cases = [
            ("core/net/ipv4.hpp", "#pragma once\n"),
            ("core/net/ipv4.hpp", SPDX + "#pragma once\n"),
            ("core/net/ipv4.hpp", SPDX + "// IPv4 header view.\n"),
            ("core/net/ipv4.hpp", good + "\n" * 500),
            ("core/net/ipv4_helpers.hpp", good),
            ("core/common/ipv4.hpp", good),
            ("core/net/ipv4.hpp", good + "class PacketManager {};\n"),
            ("core/net/ipv4.hpp", good + "// TO" + "DO later\n"),
        ]
        for path, text in cases:
            with self.subTest(path=path, text=text[-40:]):
                self.assertEqual(len(file_shape.shape(path, text)), 1)

    def test_when_a_folder_has_no_readme_then_it_is_found(self):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            (root / "core/net").mkdir(parents=True)
            (root / "core/net/ipv4.hpp").write_text(SPDX, encoding="utf-8")
            self.assertEqual(file_shape.missing_readmes(root), ["core/net:1: has no README.md"])
            (root / "core/net/README.md").write_text("IPv4", encoding="utf-8")
            self.assertEqual(file_shape.missing_readmes(root), [])


class Together(unittest.TestCase):
    def test_when_two_sources_name_alike_in_unnamed_namespaces_then_they_are_kept_apart(self):
        with tempfile.TemporaryDirectory() as folder:
            bodies = {"a.cpp": "constexpr int limit = 3;\nint f(int x) {\n  return x;\n}\n", "b.cpp": "struct limit {\n};\n",
                      "c.cpp": "int g() {\n  int limit = 1;\n  return limit;\n}\n",
                      "d.cpp": 'int h() {  // no limit\n  return size("limit");\n}\n', "e.cpp": "constexpr Port f{0}, k{1};\n"}
            for name, body in bodies.items():
                pathlib.Path(folder, name).write_text(f"{SPDX}namespace {{\n\n{body}\n}}  // namespace\n")
            self.assertEqual(together.groups(folder, sorted(bodies), 8, lambda path: 0), [["a.cpp", "d.cpp"], ["b.cpp", "e.cpp"], ["c.cpp"]])
            self.assertEqual(together.groups(folder, sorted(bodies), 1, lambda path: 0), [[name] for name in sorted(bodies)])
            self.assertEqual(together.groups(folder, ["a.cpp", "d.cpp"], 8, lambda path: path), [["a.cpp"], ["d.cpp"]])

    def test_when_headers_include_each_other_then_a_chain_holds_them(self):
        with tempfile.TemporaryDirectory() as folder:
            for name, included in {"core/a.hpp": [], "core/b.hpp": ["core/a.hpp"], "core/c.hpp": ["core/b.hpp"], "core/d.hpp": ["core/a.hpp"]}.items():
                path = pathlib.Path(folder, name)
                path.parent.mkdir(exist_ok=True)
                path.write_text("".join(f'#include "{each}"\n' for each in included))
            chains = headers_alone.chains(folder, ["core/a.hpp", "core/b.hpp", "core/c.hpp", "core/d.hpp"])
            self.assertEqual(sorted(chains), [["core/a.hpp", "core/b.hpp", "core/c.hpp"], ["core/d.hpp"]])


if __name__ == "__main__":
    unittest.main()
