/** Finds or installs the Chromium that the tests and benchmarks drive, and says how to launch it. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { type LaunchOptions, chromium } from 'playwright';

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

/** Debian itself: on Ubuntu the package of that name is a stub for a snap. */
function isDebian(): boolean {
  return (
    existsSync('/etc/os-release') && /^ID=debian$/m.test(readFileSync('/etc/os-release', 'utf8'))
  );
}

/** Installs Chromium: Debian's package where that may be done, else Playwright's own build. */
function installChromium(): void {
  const isRoot = process.getuid?.() === 0;
  const apt = (...args: string[]) =>
    spawnSync('apt-get', args, {
      stdio: 'inherit',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    }).status === 0;
  if (isRoot && isDebian()) {
    apt('update', '-qq');
    if (apt('install', '-y', '-qq', '--no-install-recommends', 'chromium')) return;
  }
  const withSystemLibraries = isRoot && process.platform === 'linux' ? ['--with-deps'] : [];
  spawnSync('playwright', ['install', ...withSystemLibraries, '--no-shell', 'chromium'], {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
}

/** The path of a Chromium, installed first where there is none. */
export function ensureChromium(): string {
  if (!findChromium()) {
    console.log('No Chromium found: installing one …');
    installChromium();
  }
  const path = findChromium();
  if (!path)
    throw new Error(
      'No Chromium could be installed. Install Chrome or Chromium and name it in ESPER_CHROMIUM.',
    );
  return path;
}

/** The new headless mode, as the old one has no WebGPU, and no traffic in the background. */
const QUIET_FLAGS = [
  '--headless=new',
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/** With WebGPU on the software adapter, which every machine has. */
export const CHROMIUM_FLAGS = [
  ...QUIET_FLAGS,
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--enable-features=Vulkan',
];

/** With WebGPU on the machine's own GPU, for benchmarks; it names its driver. */
const GPU_FLAGS = [
  ...QUIET_FLAGS,
  '--enable-unsafe-webgpu',
  '--enable-webgpu-developer-features',
  '--enable-features=Vulkan',
];

const FLAGS = { software: CHROMIUM_FLAGS, gpu: GPU_FLAGS, none: QUIET_FLAGS } as const;

/** How Playwright launches that browser. Headless and without an adapter, WebGPU offers none. */
export function launchOptions({ adapter }: { adapter: keyof typeof FLAGS }): LaunchOptions {
  const executablePath = findChromium();
  return {
    ...(executablePath ? { executablePath } : {}),
    args: [...FLAGS[adapter]],
    ignoreDefaultArgs: ['--headless', '--headless=old'],
  };
}
