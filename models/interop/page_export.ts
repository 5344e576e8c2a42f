/** Writes golden/page.safetensors, a projector as the page exports it: `npx tsx models/interop/page_export.ts`. */
import { writeFileSync } from 'node:fs';
import { goldenExport } from '../../src/esper/testing/golden-export';

writeFileSync(new URL('./golden/page.safetensors', import.meta.url), goldenExport());
