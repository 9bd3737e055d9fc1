/** How the page looks, on a screen and on paper. What a colour says, a word and a sign say too. */
export const style = `
:root {
  color-scheme: light;
  --paper: #fdfdfb; --sheet: #ffffff; --ink: #1c2430; --soft: #55606f; --line: #d9dde3; --faint: #f3f4f6;
  --broken: #a8201a; --undecided: #8a5300; --waived: #5b3f9b; --met: #12663f; --none: #5a6472; --link: #1d4f91;
  --serif: "Iowan Old Style", "Palatino Linotype", Palatino, "URW Palladio L", "Noto Serif", Georgia, serif;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", Arial, sans-serif;
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "Liberation Mono", "DejaVu Sans Mono", monospace;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    color-scheme: dark;
    --paper: #12161c; --sheet: #181d25; --ink: #e6e9ee; --soft: #a3adba; --line: #343c48; --faint: #1f2630;
    --broken: #ff9d94; --undecided: #f0b860; --waived: #c4adf7; --met: #7fd6a8; --none: #a3adba; --link: #93bdf5;
  }
}
* { box-sizing: border-box; }
html { background: var(--paper); color: var(--ink); font: 16px/1.55 var(--sans); -webkit-text-size-adjust: 100%; }
body { max-width: 68rem; margin: 0 auto; padding: 3rem clamp(1rem, 4vw, 3rem) 5rem; overflow-wrap: break-word; }
a { color: var(--link); text-underline-offset: .15em; text-decoration-thickness: 1px; }
a:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
.skip { position: absolute; left: -100rem; }
.skip:focus { left: 1rem; top: 1rem; background: var(--sheet); padding: .5rem 1rem; }
h1, h2, h3 { font-family: var(--serif); font-weight: 600; line-height: 1.2; text-wrap: balance; break-after: avoid; }
h1 { font-size: clamp(2rem, 5vw, 2.9rem); letter-spacing: -.01em; margin: .2rem 0 1.6rem; }
h2 { font-size: 1.65rem; margin: 3.6rem 0 1rem; padding-top: .9rem; border-top: 1px solid var(--line); }
h3 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
p { margin: .5rem 0; max-width: 46rem; }
.eyebrow { font-size: .78rem; letter-spacing: .12em; text-transform: uppercase; color: var(--soft); margin: 0; }
.note { color: var(--soft); font-size: .92rem; }
code, .urn { font-family: var(--mono); font-size: .86em; overflow-wrap: anywhere; }
code { background: var(--faint); padding: .08em .3em; border-radius: 3px; }
.urn { color: var(--soft); }
.verdict { display: grid; grid-template-columns: auto 1fr; gap: .3rem 1.2rem; align-items: center; padding: 1.3rem 1.5rem;
  border: 1px solid var(--line); border-left: .45rem solid currentColor; background: var(--sheet); border-radius: 4px; }
.verdict .icon { width: 2.6rem; height: 2.6rem; grid-row: span 2; }
.verdict strong { font: 600 1.5rem/1.25 var(--serif); }
.verdict p { color: var(--ink); margin: 0; font-size: 1.05rem; }
.broken { color: var(--broken); } .undecided, .expired, .idle { color: var(--undecided); } .waived, .used { color: var(--waived); }
.met { color: var(--met); } .not-applicable, .disabled, .unanswered { color: var(--none); }
.icon { width: 1.05em; height: 1.05em; vertical-align: -.16em; fill: none; stroke: currentColor; stroke-width: 2;
  stroke-linecap: round; stroke-linejoin: round; flex: none; }
.outcome { display: inline-flex; gap: .4em; align-items: baseline; font-weight: 600; }
.outcome .icon { align-self: center; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(15rem, 1fr)); gap: 0 2.4rem; margin: 1.8rem 0 0; }
.facts div { border-top: 1px solid var(--line); padding: .55rem 0 .7rem; }
.facts .wide { grid-column: 1 / -1; }
dt { font-size: .8rem; color: var(--soft); } dd { margin: 0; }
nav ol { columns: 2 16rem; column-gap: 2.4rem; padding-left: 1.3rem; margin: .6rem 0 0; } nav li { padding: .12rem 0; }
table { border-collapse: collapse; table-layout: fixed; width: 100%; font-size: .9rem; margin: .8rem 0 1.4rem; }
caption { text-align: left; color: var(--soft); font-size: .88rem; padding-bottom: .4rem; }
th, td { text-align: left; vertical-align: top; padding: .45rem .8rem .5rem 0; border-bottom: 1px solid var(--line); }
thead th { font-size: .78rem; font-weight: 600; color: var(--soft); border-bottom: 2px solid var(--line); vertical-align: bottom; }
tbody th { font-weight: 600; }
th:last-child, td:last-child { padding-right: 0; }
.figures :is(th, td):not(:first-child), .resources :is(th, td):last-child { text-align: right; font-variant-numeric: tabular-nums; }
.id { font-family: var(--mono); font-size: .86em; overflow-wrap: anywhere; }
time { white-space: nowrap; }
.figures { max-width: 44rem; } .figures th:nth-child(1) { width: 38%; }
.waivers th:nth-child(1) { width: 18%; } .waivers th:nth-child(2) { width: 25%; } .waivers th:nth-child(4) { width: 11%; }
.waivers th:nth-child(5) { width: 11%; } .waivers th:nth-child(6) { width: 11%; }
.controls th:nth-child(1) { width: 14%; } .controls th:nth-child(2) { width: 31%; } .controls th:nth-child(4) { width: 13%; }
.controls th:nth-child(5) { width: 14%; }
.rules th:nth-child(1) { width: 24%; } .rules th:nth-child(3) { width: 11%; } .rules th:nth-child(4) { width: 14%; }
.resources th:nth-child(1) { width: 30%; } .resources th:nth-child(3) { width: 7%; }
.kinds { font-size: .86rem; color: var(--soft); margin: 0; max-width: none; } .kinds b { font-weight: 600; color: var(--ink); }
article { border: 1px solid var(--line); border-left: .3rem solid var(--accent, var(--line)); border-radius: 4px;
  background: var(--sheet); padding: 1rem 1.3rem .9rem; margin: 1rem 0; }
article.broken { --accent: var(--broken); } article.undecided { --accent: var(--undecided); }
article.broken, article.undecided { color: var(--ink); }
article h3 { margin: 0; }
article .meta { color: var(--soft); font-size: .86rem; margin: .25rem 0 .6rem; max-width: none; }
article ul { margin: .6rem 0 .4rem; padding: 0; list-style: none; border-top: 1px solid var(--line); }
article li { padding: .4rem 0; border-bottom: 1px solid var(--line); font-size: .93rem; }
article li:last-child { border-bottom: 0; padding-bottom: 0; }
article li .urn { display: block; font-size: .76rem; }
footer { margin-top: 4rem; padding-top: 1rem; border-top: 1px solid var(--line); color: var(--soft); font-size: .86rem; }
@media (max-width: 44rem) {
  section { overflow-x: auto; } table { font-size: .84rem; } .controls, .rules, .waivers { min-width: 44rem; }
}
@page {
  size: A4; margin: 17mm 15mm 18mm;
  @bottom-right { content: counter(page) " / " counter(pages); font: 8pt system-ui, sans-serif; color: #55606f; }
}
@media print {
  html { font-size: 10pt; background: #fff; } body { max-width: none; padding: 0; }
  :root { --paper: #fff; --sheet: #fff; }
  a { color: inherit; text-decoration: none; }
  .skip, nav { display: none; }
  header { font-size: 9.4pt; } .facts { margin-top: 4mm; } .facts div { padding: 1.2mm 0 1.6mm; }
  h1 { font-size: 24pt; } h2 { margin-top: 0; padding-top: 0; border-top: 0; font-size: 16pt; }
  section { margin-top: 9mm; } section.sheet { break-before: page; margin-top: 0; }
  .standard ~ .standard { break-before: page; }
  thead { display: table-header-group; } tr, li, .verdict, .facts div, .figures, .about { break-inside: avoid; } .about { break-after: avoid; }
  h3 + .note, caption { break-after: avoid; } p { orphans: 3; widows: 3; }
  table { font-size: 8.6pt; } article, .verdict, code { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
}
`;
