/** A page of Vite's server, in which a benchmark runs modules of this project and others beside them. */
import { chromium } from 'playwright';
import { createServer } from 'vite';
import { launchOptions } from '../../scripts/chromium.ts';
import { adapterOf } from './adapter.ts';

export interface DevPageOptions {
  port: number;
  /** Packages that the page imports besides the product's; found late, they would reload it. */
  packages?: readonly string[];
  /** Functions of this process that the page can call by these names. */
  exposed?: Readonly<Record<string, (argument: never) => unknown>>;
  /** The machine's GPU instead of the software adapter. */
  onGpu?: boolean;
}

/**
 * Calls `name` of the module e2e/bench/in-page/`module` with `args`, which pass as JSON, and says on which adapter.
 * @throws Error what the page threw
 */
export async function inDevPage<Result extends object>(
  module: string,
  name: string,
  args: readonly unknown[],
  { port, packages = [], exposed = {}, onGpu = false }: DevPageOptions,
): Promise<Result & { adapter: string }> {
  // A build before this one in the same process has left "production", of which the modules would think themselves.
  process.env['NODE_ENV'] = 'development';
  const server = await createServer({
    logLevel: 'warn',
    // Apart from the product's, so that neither makes the other's anew.
    cacheDir: 'node_modules/.vite-bench',
    optimizeDeps: { include: [...packages] },
    // A file that is edited meanwhile must not reload the page.
    server: { port, watch: { ignored: ['**'] }, hmr: false },
  });
  await server.listen();
  const browser = await chromium.launch({
    ...launchOptions({ adapter: onGpu ? 'gpu' : 'software' }),
    headless: true,
  });
  try {
    const page = await browser.newPage();
    page.on('console', (message) => {
      // What went wrong, and how far a benchmark is.
      if (/error|info/.test(message.type())) console.error(message.text());
    });
    for (const [global, work] of Object.entries(exposed)) await page.exposeFunction(global, work);
    await page.goto(`${server.resolvedUrls!.local[0]}e2e/bench/in-page/blank.html`);
    const adapter = await adapterOf(page, onGpu);
    // As text: a function would be rewritten by the loader of this file.
    const call = `bench.${name}(${args.map((arg) => JSON.stringify(arg)).join(', ')})`;
    const result: Result = await page.evaluate(
      `import('/e2e/bench/in-page/${module}.ts').then((bench) => ${call})`,
    );
    return { ...result, adapter };
  } finally {
    await browser.close();
    await server.close();
  }
}
