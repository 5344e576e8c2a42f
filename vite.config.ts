import react from '@vitejs/plugin-react';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { launchOptions } from './scripts/chromium.ts';

// Threaded WASM needs SharedArrayBuffer, and with it a cross-origin isolated page.
const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/** Vitest's browser: full Chromium with WebGPU on the software adapter. */
const browser = {
  enabled: true,
  headless: true,
  screenshotFailures: false,
  provider: playwright({ launchOptions: launchOptions({ adapter: 'software' }) }),
  instances: [{ browser: 'chromium' as const }],
};

export default defineConfig({
  plugins: [react()],
  base: './',
  build: {
    target: 'es2023',
    chunkSizeWarningLimit: 1000,
    // Whatever has WebGPU preloads modules by itself.
    modulePreload: { polyfill: false },
    // What the first paint needs is one file: two pack worse and take another round trip.
    rolldownOptions: {
      output: { codeSplitting: { groups: [{ name: 'page', tags: ['$initial'] }] } },
    },
  },
  worker: { format: 'es' },
  server: { headers: isolation },
  preview: { headers: isolation },
  optimizeDeps: {
    exclude: ['onnxruntime-web'],
    // Named so that a first run finds them at once: a late find reloads the page in mid-test.
    include: [
      '@huggingface/hub',
      '@huggingface/transformers',
      '@petamoriken/float16',
      '@tanstack/react-virtual',
      '@zip.js/zip.js',
      'comlink',
      'file-selector',
      'hash-wasm',
      'idb-keyval',
      'jsep',
      'papaparse',
      'protobufjs/light',
      'radix-ui',
      'react-dom/client',
      'uplot',
      'zod',
      'zod/mini',
      'zustand',
      'zustand/vanilla',
    ],
  },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          environment: 'node',
          include: ['src/**/*.test.ts', 'scripts/**/*.test.ts', 'e2e/bench/*.test.ts'],
          exclude: ['src/**/*.{gpu,browser,large}.test.ts'],
          // Most of the time went into loading modules again for each file; what a test changes, it puts back.
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['src/**/*.gpu.test.ts', 'src/**/*.browser.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 60_000,
          globalSetup: 'scripts/hub-for-tests.ts',
          // One software GPU and two cores: files side by side would only wait for each other.
          fileParallelism: false,
          // One page for all files: modules, ONNX Runtime and the kernels are read and compiled once.
          isolate: false,
          browser,
        },
      },
      {
        // True sizes and real vocabularies: minutes and gigabytes, apart from the others.
        extends: true,
        test: {
          name: 'large',
          include: ['src/**/*.large.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          globalSetup: 'scripts/shared-data.ts',
          fileParallelism: false,
          browser,
        },
      },
    ],
  },
});
