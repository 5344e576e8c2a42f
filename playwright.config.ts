import { defineConfig } from '@playwright/test';
import { launchOptions } from './scripts/chromium.ts';

const PORT = 4183;

/** The built page, as `npm start` serves it, in Chromium with WebGPU on the software adapter. */
export default defineConfig({
  testDir: 'e2e',
  // A test waits for a core, a download or the page in turn: two side by side keep two cores busy.
  workers: 2,
  fullyParallel: true,
  // The longest first, or it would be left over at the end, alone.
  projects: [
    { name: 'main job', testMatch: 'training.spec.ts' },
    { name: 'all else', testIgnore: ['training.spec.ts', 'bench/**'] },
  ],
  forbidOnly: true,
  retries: 0,
  timeout: 600_000,
  expect: { timeout: 60_000 },
  reporter: [
    ['list'],
    [
      'json',
      { outputFile: process.env['PLAYWRIGHT_JSON_OUTPUT_FILE'] ?? 'test-results/report.json' },
    ],
  ],
  use: {
    baseURL: `http://localhost:${PORT}/`,
    launchOptions: launchOptions({ adapter: 'software' }),
    // A film of every test would cost a tenth of the time.
    trace: { mode: 'retain-on-failure', screenshots: false },
    screenshot: 'only-on-failure',
  },
  webServer: {
    command: `vite preview --port ${PORT} --strictPort`,
    url: `http://localhost:${PORT}/`,
    reuseExistingServer: false,
  },
});
