import { join } from 'node:path';
import { cruise, type IModule } from 'dependency-cruiser';
import extractDepcruiseOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';

export interface LayerReport {
  /** `rule: from → to`, one for each import that breaks the table in `folders.mjs`. */
  violations: string[];
  modules: IModule[];
}

/**
 * Checks the imports below `baseDir` against the table, and that nothing which workflows load at run time is zod, a
 * Node built-in or the metadata of phone numbers: the table sees single imports, a bundle holds all that can be reached.
 */
export async function checkLayers(baseDir: string, folders: string[]): Promise<LayerReport> {
  const modules = await cruiseModules(baseDir, folders, true);
  const broken = modules.flatMap(({ source, dependencies }) =>
    dependencies.flatMap(({ resolved, rules }) =>
      (rules ?? []).map(({ name }) => `${name}: ${source} → ${resolved}`),
    ),
  );
  const bundled = folders.includes('workflows') ? await cruiseModules(baseDir, ['workflows'], false) : [];
  const heavy = bundled
    .filter(
      ({ source, coreModule }) =>
        coreModule === true || /node_modules\/(?:zod|libphonenumber-js)\//.test(source),
    )
    .map(({ source, dependents }) => `bundle: ${dependents.join(', ')} → ${source}, which workflows reach`);
  return { violations: [...broken, ...heavy], modules };
}

/** With types, every import that is written down; without, what is left of them at run time. */
async function cruiseModules(baseDir: string, folders: string[], withTypes: boolean): Promise<IModule[]> {
  const options = await extractDepcruiseOptions(join(import.meta.dirname, '..', '.dependency-cruiser.cjs'));
  const { output } = await cruise(
    folders,
    { ...options, baseDir, validate: true, tsPreCompilationDeps: withTypes },
    undefined,
    { tsConfig: extractTSConfig(join(import.meta.dirname, '..', 'tsconfig.json')) },
  );
  if (typeof output === 'string') throw new Error('a report where a result was expected');
  return output.modules;
}
