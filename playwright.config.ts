import { defineConfig } from '@playwright/test';
import { launchOptions } from './scripts/chromium.ts';

const PORT = 4183;

/** The built page, as `npm start` serves it, in Chromium with WebGPU on the software adapter. */
export default defineConfig({
  testDir: 'e2e',
  testIgnore: 'bench/**',
  // One software GPU and two cores: tests side by side would only wait for each other.
  workers: 1,
  forbidOnly: true,
  retries: 0,
  timeout: 300_000,
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
