import type { IModule } from 'dependency-cruiser';

const BEGIN = '<!-- layers:begin -->';
const END = '<!-- layers:end -->';

/** Which folder imports which, as a mermaid graph drawn from the code; dotted where it is types only. */
export function drawLayers(modules: IModule[], folders: string[]): string {
  const edges = new Map<string, boolean>();
  for (const { source, dependencies } of modules) {
    for (const { resolved, dependencyTypes } of dependencies) {
      const [from, to] = [source, resolved].map((path) => path.slice(0, path.indexOf('/')));
      if (from === undefined || to === undefined || from === to) continue;
      if (!folders.includes(from) || !folders.includes(to)) continue;
      const typesOnly = dependencyTypes.includes('type-only');
      const edge = `${from} ${to}`;
      edges.set(edge, (edges.get(edge) ?? true) && typesOnly);
    }
  }
  const rank = (edge: string): number =>
    folders.indexOf(edge.split(' ')[0] ?? '') * 100 + folders.indexOf(edge.split(' ')[1] ?? '');
  const lines = [...edges]
    // bin wires everything: its arrows would hide the others.
    .filter(([edge]) => !edge.startsWith('bin '))
    .sort(([a], [b]) => rank(a) - rank(b))
    .map(([edge, typesOnly]) => `  ${edge.replace(' ', typesOnly ? ' -.-> ' : ' --> ')}`);
  return ['```mermaid', 'flowchart BT', ...lines, '```'].join('\n');
}

/** The page with the drawing between its markers; undefined where the page has none. */
export function withDrawing(page: string, drawing: string): string | undefined {
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin < 0 || end < begin) return undefined;
  return `${page.slice(0, begin + BEGIN.length)}\n\n${drawing}\n\n${page.slice(end)}`;
}
