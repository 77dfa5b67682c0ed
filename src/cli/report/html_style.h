#pragma once

#include <string_view>

namespace assay::cli::html {

/// The page's style sheet. Colours of text keep a contrast of 4.5 : 1 or more on their ground (WCAG 2.1, 1.4.3).
inline constexpr std::string_view style = R"css(
:root {
  --ground: #f3f5f8; --panel: #ffffff; --line: #dde2e9; --ink: #17202b; --soft: #55606e; --accent: #1f5fa8; --track: #e9edf2;
  --critical: #a4161a; --critical-bg: #fde4e4; --high: #9a4508; --high-bg: #feead7; --medium: #6f5600; --medium-bg: #fbf1c8;
  --low: #23608f; --low-bg: #e0eefa; --good: #1c6b3c; --fill-critical: #c9252b; --fill-high: #e07b2c; --fill-medium: #d9b32b;
  --fill-low: #5a9bd0; --fill-plain: #7288a3; --mark: #fff7e0;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0f1419; --panel: #182028; --line: #2b3642; --ink: #e8edf2; --soft: #a3b0bd; --accent: #86bdf5; --track: #25303b;
    --critical: #ff9a94; --critical-bg: #46191b; --high: #ffb67d; --high-bg: #452a13; --medium: #ecd272; --medium-bg: #3b3310;
    --low: #92c8f2; --low-bg: #17324a; --good: #82d6a2; --fill-critical: #e5484d; --fill-high: #e98a3f; --fill-medium: #d4b438;
    --fill-low: #4f93cc; --fill-plain: #6d829b; --mark: #332c14;
  }
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
header, main, footer { max-width: 1240px; margin: 0 auto; padding: 0 24px; }
header { padding-top: 36px; }
h1 { margin: 0; font-size: 30px; line-height: 1.2; letter-spacing: -0.015em; }
h2 { margin: 0 0 12px; font-size: 17px; letter-spacing: -0.005em; }
.sub { margin: 6px 0 0; color: var(--soft); }
.lead { margin: 20px 0 18px; font-size: 19px; line-height: 1.5; max-width: 62em; }
a { color: var(--accent); }
code { font: 0.9em/1.4 ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
small { display: block; color: var(--soft); font-size: 12.5px; font-weight: 400; }
.note { color: var(--soft); font-size: 13.5px; margin: 8px 0; }
.warn { background: var(--mark); border: 1px solid var(--fill-medium); border-radius: 8px; padding: 10px 14px; margin: 12px 0; }
.skip { position: absolute; left: -9999px; }
.skip:focus { left: 12px; top: 12px; background: var(--panel); padding: 8px 14px; border-radius: 8px; z-index: 1; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(185px, 1fr)); gap: 14px; margin: 0 0 18px; }
.card { background: var(--panel); border: 1px solid var(--line); border-top: 4px solid var(--fill-plain); border-radius: 12px; padding: 14px 18px 16px; }
.card.alarm { border-top-color: var(--fill-critical); }
.card.caution { border-top-color: var(--fill-medium); }
.card.good { border-top-color: var(--good); }
.card dt { color: var(--soft); font-size: 13.5px; }
.card dd { margin: 0; }
.card strong { display: block; font-size: 30px; line-height: 1.2; letter-spacing: -0.02em; font-variant-numeric: tabular-nums; }
.card span { color: var(--soft); font-size: 13.5px; }
.grid { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(440px, 100%), 1fr)); column-gap: 18px; }
.grid > * { min-width: 0; }
.panel { background: var(--panel); border: 1px solid var(--line); border-radius: 12px; padding: 20px 22px; margin: 0 0 18px; }
.scroll { overflow-x: auto; }
.scroll:focus-visible { outline: 2px solid var(--accent); outline-offset: 4px; border-radius: 6px; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: 8px 14px 8px 0; border-top: 1px solid var(--line); }
th:last-child, td:last-child { padding-right: 0; }
thead th { border-top: 0; color: var(--soft); font-size: 13px; font-weight: 600; white-space: nowrap; }
.num { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.chart { list-style: none; margin: 0; padding: 0; columns: 2 420px; column-gap: 44px; }
.chart li { display: grid; grid-template-columns: minmax(8em, 1fr) 1.1fr minmax(3.6em, max-content); gap: 14px; align-items: center; padding: 7px 0; break-inside: avoid; }
.track { width: 36%; min-width: 90px; vertical-align: middle; }
.bar { display: block; width: 100%; height: 12px; border-radius: 6px; overflow: hidden; background: var(--track); }
rect.plain { fill: var(--fill-plain); }
rect.s-critical { fill: var(--fill-critical); } rect.s-high { fill: var(--fill-high); } rect.s-medium { fill: var(--fill-medium); } rect.s-low { fill: var(--fill-low); }
.badge, .verdict { display: inline-block; padding: 1px 10px; border-radius: 999px; font-size: 12.5px; font-weight: 600; white-space: nowrap; }
.verdict { background: var(--track); color: var(--ink); }
.badge.s-critical { background: var(--critical-bg); color: var(--critical); } .badge.s-high { background: var(--high-bg); color: var(--high); }
.badge.s-medium { background: var(--medium-bg); color: var(--medium); } .badge.s-low { background: var(--low-bg); color: var(--low); }
.verdicts { list-style: none; margin: 0 0 12px; padding: 0; }
.verdicts li { padding: 3px 0; }
.verdicts strong { display: inline-block; min-width: 3.2em; text-align: right; padding-right: 8px; font-variant-numeric: tabular-nums; }
summary { cursor: pointer; }
details > summary { color: var(--accent); }
.filters { display: flex; flex-wrap: wrap; gap: 12px 18px; align-items: end; margin: 4px 0 6px; }
.filters label { display: grid; gap: 3px; color: var(--soft); font-size: 13px; }
.filters label:first-child { flex: 1 1 220px; }
.range { display: flex; align-items: center; gap: 8px; height: 36px; color: var(--ink); font-variant-numeric: tabular-nums; }
input, select, button { font: inherit; color: var(--ink); background: var(--panel); border: 1px solid #8693a3; border-radius: 8px; height: 36px; padding: 0 11px; max-width: 100%; }
input[type=search] { width: 100%; }
input[type=range] { padding: 0; border: 0; background: none; accent-color: var(--accent); width: 130px; }
button { cursor: pointer; }
button:disabled { opacity: 0.45; cursor: default; }
button:hover:not(:disabled) { border-color: var(--accent); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
thead button { border: 0; background: none; padding: 0; height: auto; color: inherit; font-weight: 600; }
thead button::after { content: " \2195"; opacity: 0.5; }
th[aria-sort=ascending] button::after { content: " \2191"; opacity: 1; }
th[aria-sort=descending] button::after { content: " \2193"; opacity: 1; }
#table td { overflow-wrap: anywhere; }
#table td:nth-child(1) { min-width: 10em; } #table td:nth-child(3) { min-width: 16em; }
#table details summary { list-style-position: inside; }
#table details ul { margin: 6px 0 0; padding: 0; list-style: none; text-align: left; white-space: normal; font-size: 12.5px; color: var(--soft); min-width: 15em; }
.pages { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; margin-top: 14px; }
.pages span { padding: 0 8px; color: var(--soft); font-variant-numeric: tabular-nums; }
footer { color: var(--soft); padding-top: 6px; padding-bottom: 48px; font-size: 13.5px; }
footer h2 { font-size: 15px; color: var(--ink); }
footer dl { display: grid; grid-template-columns: max-content 1fr; gap: 4px 18px; margin: 0; }
footer dt { font-weight: 600; color: var(--ink); }
footer dd { margin: 0; max-width: 60em; }
@media (max-width: 640px) {
  header, main, footer { padding-left: 14px; padding-right: 14px; }
  .panel { padding: 16px 14px; }
  .lead { font-size: 17px; }
  footer dl { grid-template-columns: 1fr; }
}
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
@media print {
  :root { --ground: #fff; --panel: #fff; --line: #ccc; --ink: #000; --soft: #444; }
  body { font-size: 11px; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  header, main, footer { max-width: none; padding-left: 0; padding-right: 0; }
  .panel, .card { break-inside: avoid-page; }
  #findings, #unread { break-inside: auto; }
  tr { break-inside: avoid; }
  thead { display: table-header-group; }
  .filters, .pages, .skip { display: none; }
}
)css";

}  // namespace assay::cli::html
