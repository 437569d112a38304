import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BESIDE, SOURCES } from './folders.mjs';

/** Made by tools, and in no checkout. */
const GENERATED = ['node_modules', 'dist', 'coverage', 'data'];

/** What in the tree below `baseDir` does not say the same as `folders.mjs`, one sentence each. */
export function folderProblems(baseDir: string): string[] {
  return [...unlistedFolders(baseDir), ...unlikeTheList(baseDir)];
}

/** Code in a folder that no check knows: who imports it, what it may read, whether it is tested. */
function unlistedFolders(baseDir: string): string[] {
  const known = new Set([...SOURCES, ...BESIDE, ...GENERATED]);
  const withCode = globSync('*/**/*.{ts,tsx,js,mjs,cjs}', {
    cwd: baseDir,
    exclude: (name) => GENERATED.includes(name),
  }).map((file) => file.slice(0, file.indexOf('/')));
  return [...new Set(withCode)]
    .filter((folder) => !folder.startsWith('.') && !known.has(folder))
    .map(
      (folder) =>
        `${folder}/ holds code and is not in tools/folders.mjs: give it a line there, with what it may import`,
    );
}

function unlikeTheList(baseDir: string): string[] {
  const read = (file: string): string => readFileSync(join(baseDir, file), 'utf8');
  const included = (file: string): string[] => (JSON.parse(read(file)) as { include: string[] }).include;
  const foldersOf = (names: string[]): string[] => names.filter((name) => /^[a-z-]+$/.test(name));
  const matchesOf = (file: string, pattern: RegExp): string[] =>
    [...read(file).matchAll(pattern)].flatMap(([, name = '']) => foldersOf([name]));
  const lists: [file: string, found: string[], wanted: string[]][] = [
    ['tsconfig.json', foldersOf(included('tsconfig.json')), [...SOURCES, ...BESIDE]],
    ['tsconfig.build.json', foldersOf(included('tsconfig.build.json')), SOURCES],
    ['Dockerfile', matchesOf('Dockerfile', /^COPY (\S+) \.\/\S+$/gm), SOURCES],
    ['.dockerignore', matchesOf('.dockerignore', /^!(\S+)$/gm), SOURCES],
  ];
  return lists.flatMap(([file, found, wanted]) => [
    ...wanted.filter((name) => !found.includes(name)).map((name) => `${file} leaves out ${name}/`),
    ...found
      .filter((name) => !wanted.includes(name))
      .map((name) => `${file} names ${name}/, which is not in tools/folders.mjs`),
  ]);
}
