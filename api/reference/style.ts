/** The page's only style; its hash stands in the policy of the page. */
export const STYLE = `
:root { color-scheme: light dark; --line: #8884; --soft: #8881; --accent: #0a6; }
* { box-sizing: border-box; }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; display: grid; grid-template-columns: 20rem minmax(0, 1fr); }
nav { position: sticky; top: 0; height: 100vh; overflow-y: auto; padding: 1rem; border-right: 1px solid var(--line); font-size: .875rem; }
nav h2 { font-size: .75rem; text-transform: uppercase; letter-spacing: .05em; margin: 1rem 0 .25rem; }
nav ul { list-style: none; margin: 0; padding: 0; }
nav a { display: flex; gap: .5rem; padding: .15rem 0; color: inherit; text-decoration: none; }
nav a:hover, nav a:focus-visible { text-decoration: underline; }
main { padding: 1.5rem 2rem 4rem; max-width: 70rem; }
h2 { margin-top: 3rem; border-bottom: 2px solid var(--line); }
h3 { margin: 0 0 .25rem; }
h4 { margin: 1.25rem 0 .25rem; }
section { margin: 2.5rem 0; scroll-margin-top: 1rem; }
code, pre { font: .875em/1.45 ui-monospace, monospace; }
pre { background: var(--soft); border: 1px solid var(--line); border-radius: .25rem; padding: .75rem; overflow-x: auto; max-height: 30rem; }
table { border-collapse: collapse; width: 100%; font-size: .875rem; display: block; overflow-x: auto; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem; border-bottom: 1px solid var(--line); }
td:last-child { overflow-wrap: anywhere; }
td:first-child { white-space: nowrap; }
.in { font-weight: normal; font-size: .8em; opacity: .75; }
.route code { font-size: 1rem; overflow-wrap: anywhere; }
.method { display: inline-block; min-width: 3.6rem; text-align: center; font: 600 .7rem/1.5rem ui-monospace, monospace; border: 1px solid currentColor; border-radius: .25rem; flex: none; align-self: start; }
.get { color: #17a; } .post { color: #0a6; } .patch { color: #a60; } .delete { color: #c33; }
@media (max-width: 60rem) { body { display: block; } nav { position: static; height: auto; border-right: 0; } main { padding: 1rem; } }
`;
