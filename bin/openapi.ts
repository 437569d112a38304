import { writeFile } from 'node:fs/promises';
import { describeApi } from '../api/reference/describe-api.js';

/** Writes the document of the API into the folder that it is run in. */
await writeFile('openapi.json', await describeApi());
process.stdout.write('wrote openapi.json\n');
