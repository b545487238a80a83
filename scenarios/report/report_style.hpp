// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The style sheet of report.html: light and dark, for the screen and for paper.
#pragma once

#include <string_view>

namespace kiriko {

/// Series colours are Okabe and Ito's, told apart by the colour-blind; dashes tell them apart without colour.
inline constexpr std::string_view report_style = R"css(
:root{color-scheme:light dark;--bg:#fff;--card:#f6f7f9;--ink:#1a1d21;--dim:#5b6470;--rule:#dfe3e8;--good:#00694a;--goodbg:#d9f2e8;
--bad:#a83200;--badbg:#fde5da;--bar:#0072b2;--c0:#0072b2;--c1:#d55e00;--c2:#009e73;--c3:#cc79a7;--c4:#b8860b;--c5:#56b4e9;--c6:#7a5195;--c7:#6b7280}
@media(prefers-color-scheme:dark){:root{--bg:#14171b;--card:#1d2228;--ink:#e8eaed;--dim:#9aa4b0;--rule:#333b44;--good:#56d3a6;--goodbg:#123a2d;
--bad:#ff9a66;--badbg:#46210f;--bar:#56b4e9;--c0:#4aa8e0;--c1:#ff8a3d;--c2:#2fc79b;--c3:#e79ac4;--c4:#e6b422;--c5:#9bd6f7;--c6:#b795d6;--c7:#a3abb5}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
main{max-width:1160px;margin:0 auto;padding:28px 24px 60px}
h1{font-size:27px;line-height:1.25;margin:0 0 4px}h2{font-size:18px;margin:38px 0 10px}
p{margin:6px 0}.dim{color:var(--dim)}.lead{max-width:78ch}
.verdict{display:inline-block;margin:12px 0 4px;padding:7px 15px;border-radius:7px;font-weight:600}
.verdict.good{background:var(--goodbg);color:var(--good)}.verdict.bad{background:var(--badbg);color:var(--bad)}
dl.facts{display:grid;grid-template-columns:repeat(auto-fill,minmax(170px,1fr));gap:10px 18px;margin:16px 0 0;padding:14px 16px;background:var(--card);border-radius:9px}
dl.facts div{min-width:0}dt{font-size:12px;color:var(--dim)}dd{margin:0;overflow-wrap:anywhere;font-variant-numeric:tabular-nums}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:13.5px}
th{font-weight:600;font-size:12.5px;color:var(--dim);text-align:left;vertical-align:bottom}
th,td{padding:6px 7px;border-bottom:1px solid var(--rule)}td{vertical-align:top;overflow-wrap:break-word;max-width:34em}
.n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
td.met,td.missed{white-space:nowrap;font-weight:600}td.met{color:var(--good)}td.missed{color:var(--bad)}tr.missed td{background:var(--badbg)}
.note{font-size:12.5px;color:var(--dim)}
.share{white-space:nowrap}
.bar{display:inline-block;vertical-align:middle;width:90px;height:9px;margin-right:8px;border-radius:3px;background:var(--rule);overflow:hidden}
.bar i{display:block;height:100%;background:var(--bar)}
figure{margin:0 0 26px}figcaption{color:var(--dim);font-size:13.5px;margin:0 0 4px}figcaption b{color:var(--ink);font-size:15px;margin-right:6px}
svg.chart{display:block;width:100%;height:auto}
svg text{font-size:11.5px;fill:var(--dim);font-family:inherit}svg text.label{font-size:11px;fill:var(--ink)}
.grid{stroke:var(--rule);stroke-width:1}.event{stroke:var(--dim);stroke-width:1;stroke-dasharray:3 3}.tick{stroke:var(--dim);stroke-width:1}
.line{fill:none;stroke-width:1.9;stroke-linejoin:round;stroke-linecap:round}.limit{stroke:var(--bg);stroke-width:1}
.s0{stroke:var(--c0)}.s1{stroke:var(--c1);stroke-dasharray:7 3}.s2{stroke:var(--c2);stroke-dasharray:2 3}.s3{stroke:var(--c3);stroke-dasharray:9 3 2 3}
.s4{stroke:var(--c4)}.s5{stroke:var(--c5);stroke-dasharray:7 3}.s6{stroke:var(--c6);stroke-dasharray:2 3}.s7{stroke:var(--c7);stroke-dasharray:9 3 2 3}
.d0{fill:var(--c0)}.d1{fill:var(--c1)}.d2{fill:var(--c2)}.d3{fill:var(--c3)}.d4{fill:var(--c4)}.d5{fill:var(--c5)}.d6{fill:var(--c6)}.d7{fill:var(--c7)}
.legend{display:flex;flex-wrap:wrap;gap:2px 20px;padding-left:8%;font-size:13px}.legend svg{margin-right:6px;vertical-align:middle}
pre{background:var(--card);padding:12px 15px;border-radius:8px;white-space:pre-wrap;overflow-wrap:anywhere;font:13.5px/1.5 ui-monospace,"DejaVu Sans Mono",monospace}
ul{margin:6px 0;padding-left:22px}details summary{cursor:pointer;color:var(--dim);margin:6px 0}
@media print{:root{--bg:#fff;--card:#f6f7f9;--ink:#000;--dim:#444;--rule:#ccc}main{max-width:none;padding:0}body{font-size:11px}
table{font-size:10px}figure,tr,dl{break-inside:avoid}h2{break-after:avoid}.scroll{overflow:visible}}
)css";

}  // namespace kiriko
