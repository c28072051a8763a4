/** How a page looks: light and dark, wide and narrow, on paper too. */
export const pageStyle = `
:root { color-scheme: light dark; --page: #f6f7f9; --card: #fff; --text: #1b2026; --soft: #5a6470; --line: #dde1e6;
  --good: #1f7a38; --good-bg: #e3f3e6; --changed: #1f5fb4; --changed-bg: #e3edfb; --bad: #b3261e; --bad-bg: #fbe4e2;
  --warn: #8a5a00; --warn-bg: #fdf0d5; --wait: #b9cdea; }
@media (prefers-color-scheme: dark) { :root { --page: #12161b; --card: #1a2027; --text: #e6eaef; --soft: #9aa6b2;
  --line: #303943; --good: #6fcf87; --good-bg: #17301e; --changed: #84b4f5; --changed-bg: #182b45; --bad: #ff8f85;
  --bad-bg: #401c1a; --warn: #f0bf62; --warn-bg: #3a2b0d; --wait: #35507a; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
main { max-width: 1180px; margin: 0 auto; padding: 24px 20px 60px; }
header, section { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 18px 22px; margin: 0 0 18px; }
header { border-top: 5px solid var(--warn); }
header.good { border-top-color: var(--good); } header.bad { border-top-color: var(--bad); }
h1 { font-size: 1.55rem; line-height: 1.25; margin: 2px 0 14px; overflow-wrap: anywhere; }
h2 { font-size: 1.12rem; margin: 0 0 12px; }
h3 { font-size: 1rem; margin: 18px 0 8px; overflow-wrap: anywhere; }
small { font-weight: normal; color: var(--soft); font-size: .82rem; margin-left: 6px; }
p { margin: 0 0 8px; }
code, pre { font-family: ui-monospace, "Cascadia Mono", "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: .87em; }
.command, .quiet, .legend { color: var(--soft); }
.command code { overflow-wrap: anywhere; }
.figures { display: flex; flex-wrap: wrap; gap: 8px; list-style: none; margin: 0 0 14px; padding: 0; }
.figures li { border: 1px solid var(--line); border-radius: 8px; padding: 5px 12px; color: var(--soft); }
.figures b { font-size: 1.15rem; color: var(--text); margin-right: 3px; }
.figures .good b { color: var(--good); } .figures .changed b { color: var(--changed); }
.figures .bad b { color: var(--bad); } .figures .warn b { color: var(--warn); }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(200px, 1fr)); gap: 6px 24px; margin: 0; }
dt { color: var(--soft); font-size: .82rem; } dd { margin: 0; overflow-wrap: anywhere; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; }
th, td { text-align: left; padding: 5px 14px 5px 0; border-bottom: 1px solid var(--line); white-space: nowrap; }
thead th { color: var(--soft); font-weight: 600; font-size: .82rem; }
tbody th { font-weight: 600; }
tbody tr:last-child > * { border-bottom: 0; }
.matrix { min-width: 100%; }
.matrix th:first-child { position: sticky; left: 0; background: var(--card); z-index: 1; max-width: 40vw; overflow: hidden; text-overflow: ellipsis; }
.matrix td, .matrix thead th:not(:first-child) { padding-left: 8px; padding-right: 8px; }
.matrix td.moved { background: color-mix(in srgb, var(--changed-bg) 45%, transparent); }
.none, .arrow { color: var(--soft); }
.state { border-radius: 5px; padding: 1px 6px; display: inline-block; }
.state.good { color: var(--good); background: var(--good-bg); } .state.changed { color: var(--changed); background: var(--changed-bg); }
.state.warn { color: var(--warn); background: var(--warn-bg); } .state.bad { color: var(--bad); background: var(--bad-bg); font-weight: 600; }
.state.quiet { color: var(--soft); background: color-mix(in srgb, var(--soft) 12%, transparent); }
b.bad { color: var(--bad); }
.failure { border: 1px solid var(--line); border-left: 4px solid var(--bad); border-radius: 8px; padding: 10px 16px 14px; margin: 0 0 12px; }
.failure h3 { margin: 0 0 6px; } .failure h3 .state { font-size: .85rem; margin-left: 6px; }
.why { font-weight: 600; overflow-wrap: anywhere; } .way { overflow-wrap: anywhere; }
.evidence { display: grid; grid-template-columns: max-content 1fr; gap: 4px 16px; margin: 8px 0 0; }
.evidence ul, .skipped { margin: 0; padding-left: 18px; overflow-wrap: anywhere; }
.evidence ul { list-style: none; padding: 0; }
figure { margin: 12px 0 0; } figcaption { color: var(--soft); font-size: .82rem; margin-bottom: 4px; }
pre { margin: 0; padding: 10px 12px; background: var(--page); border: 1px solid var(--line); border-radius: 6px; overflow-x: auto; max-height: 26em; }
details { margin-top: 8px; } summary { cursor: pointer; color: var(--changed); padding: 4px 0; }
.timeline { width: 100%; table-layout: fixed; }
.timeline th, .timeline td { padding: 3px 10px 3px 0; overflow: hidden; text-overflow: ellipsis; }
.timeline thead th:first-child { width: 27%; } .timeline thead th:last-child { width: 130px; text-align: right; }
.timeline tbody th { font-weight: 400; } .timeline .host { font-weight: 600; }
.timeline .took { text-align: right; color: var(--soft); padding-right: 0; }
.timeline svg { width: 100%; display: block; overflow: visible; }
.timeline line { stroke: var(--line); } .timeline text { fill: var(--soft); font-size: 11px; }
rect.work { fill: var(--changed); } rect.wait { fill: var(--wait); } rect.fail { fill: var(--bad); }
.key { display: inline-block; width: 18px; height: 10px; border-radius: 2px; margin-right: 3px; }
.key.work { background: var(--changed); } .key.wait { background: var(--wait); } .key.fail { background: var(--bad); }
.legend span { margin-right: 14px; }
.drawing svg { max-width: max(100%, 46rem); height: auto; display: block; }
.drawing .graph > polygon { fill: none; }
.drawing text { fill: var(--text); font-family: inherit; }
.drawing .play > path { fill: none; stroke: var(--line); }
.drawing .edge path { stroke: var(--soft); } .drawing .edge polygon { fill: var(--soft); stroke: var(--soft); }
.drawing .good path { fill: var(--good-bg); stroke: var(--good); } .drawing .changed path { fill: var(--changed-bg); stroke: var(--changed); }
.drawing .bad path { fill: var(--bad-bg); stroke: var(--bad); } .drawing .node.quiet path { fill: var(--page); stroke: var(--soft); }
.recap td, .recap thead th:not(:first-child) { text-align: right; padding-left: 14px; }
.recap .changed { color: var(--changed); } .recap .failed, .recap .unreachable { color: var(--bad); font-weight: 600; } .recap .ok { color: var(--good); } .recap .skipped { color: var(--warn); }
@media (max-width: 640px) {
  main { padding: 10px 8px 40px; } header, section { padding: 14px; } h1 { font-size: 1.25rem; }
  .evidence { grid-template-columns: 1fr; } .evidence dt { margin-top: 6px; }
  .timeline thead th:first-child { display: none; } .timeline thead th:last-child { width: 84px; }
  .timeline tbody tr { display: grid; grid-template-columns: 1fr auto; padding: 4px 0; border-bottom: 1px solid var(--line); }
  .timeline tbody tr > * { border: 0; padding: 1px 0; } .timeline tbody td:nth-child(2) { grid-column: 1 / -1; grid-row: 2; }
  .timeline thead { display: none; }
}
@media print { body { background: none; } header, section { break-inside: avoid-page; } pre { max-height: none; } }
`
