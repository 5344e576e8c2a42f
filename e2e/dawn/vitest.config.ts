/**
 * `npm run test:dawn`: the GPU tests in Node, on the driver that the machine has (e2e/dawn/webgpu.ts); what they
 * need of a page is in *.browser.test.ts, which it leaves out.
 */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { fileUrls } from './file-urls.ts';

export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  plugins: [fileUrls],
  test: {
    name: 'dawn',
    include: ['src/**/*.gpu.test.ts'],
    setupFiles: 'e2e/dawn/setup.ts',
    // Programs of a GPU's driver take long to compile on a software driver.
    testTimeout: 300_000,
    hookTimeout: 120_000,
    // One process and one device for all files.
    fileParallelism: false,
    isolate: false,
    // As Vite reads it, so that its files are found.
    server: { deps: { inline: [/onnxruntime-web/] } },
  },
});
