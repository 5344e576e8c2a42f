/** In Node no server answers for the files that a page imports as `…?url`: they are files there. */
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Plugin } from 'vite';

const SUFFIX = '?url';
const FOUND = '\0file:';
const { resolve: inPackages } = createRequire(import.meta.url);

export const fileUrls: Plugin = {
  name: 'file-urls',
  enforce: 'pre',
  resolveId(id, importer) {
    if (!id.endsWith(SUFFIX)) return undefined;
    const path = id.slice(0, -SUFFIX.length);
    const isRelative = path.startsWith('.') && importer;
    return FOUND + (isRelative ? resolve(dirname(importer), path) : inPackages(path));
  },
  load(id) {
    if (!id.startsWith(FOUND)) return undefined;
    return `export default ${JSON.stringify(pathToFileURL(id.slice(FOUND.length)).href)};`;
  },
};
