import { readFile, writeFile } from 'node:fs/promises';
import type { ApiDocument } from '../api/reference/document.js';
import { referencePage } from '../api/reference/page.js';

/** Renders `openapi.json` of the folder that it is run in as one page, without a network. */
const document = JSON.parse(await readFile('openapi.json', 'utf8')) as ApiDocument;
await writeFile('docs/reference.html', referencePage(document));
process.stdout.write('wrote docs/reference.html\n');
