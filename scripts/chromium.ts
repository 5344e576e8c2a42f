/** Finds the Chromium that the tests and benchmarks drive. */
import { existsSync } from 'node:fs';
import { chromium } from 'playwright';

/** Paths where a full Chromium (the headless shell has no WebGPU) may lie, best first. */
function candidates(): string[] {
  return [
    process.env['ESPER_CHROMIUM'],
    '/usr/bin/chromium',
    '/usr/bin/google-chrome',
    chromium.executablePath(),
  ].filter((path): path is string => Boolean(path));
}

export function findChromium(): string | undefined {
  return candidates().find((path) => existsSync(path));
}

/** WebGPU on the software adapter, and no background traffic. */
export const CHROMIUM_FLAGS = [
  '--headless=new',
  '--no-sandbox',
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--enable-features=Vulkan',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];
