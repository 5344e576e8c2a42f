/** Runs a benchmark's module in this process, where Dawn computes in place of a browser. */
import { createServer, isRunnableDevEnvironment } from 'vite';
import { fileUrls } from '../dawn/file-urls.ts';
import { installWebGpu } from '../dawn/webgpu.ts';
import { nameOf } from './adapter.ts';

type Module<Result> = Record<string, (...args: unknown[]) => Promise<Result>>;

/**
 * Calls `name` of the module e2e/bench/in-page/`module` with `args`, and says on which adapter.
 * @param exposed functions that the module calls by these names
 * @throws Error what the module threw, or where the package of e2e/dawn/webgpu.ts or a GPU is missing
 */
export async function inNode<Result extends object>(
  module: string,
  name: string,
  args: readonly unknown[],
  exposed: Readonly<Record<string, (argument: never) => unknown>>,
  onGpu: boolean,
): Promise<Result & { adapter: string }> {
  await installWebGpu();
  Object.assign(globalThis, exposed);
  const adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' });
  const title = `${nameOf(adapter?.info, onGpu)}, Dawn in Node`;
  // A server that nobody asks: it only reads the modules as it does for a page.
  const server = await createServer({
    configFile: false,
    logLevel: 'warn',
    plugins: [fileUrls],
    appType: 'custom',
    server: { middlewareMode: true, watch: null, hmr: false, ws: false },
    optimizeDeps: { noDiscovery: true },
    // Its files are found where Vite reads it.
    ssr: { noExternal: ['onnxruntime-web'] },
  });
  try {
    const { ssr } = server.environments;
    if (!ssr || !isRunnableDevEnvironment(ssr)) throw new Error('Vite runs no modules here');
    const bench = await ssr.runner.import<Module<Result>>(`/e2e/bench/in-page/${module}.ts`);
    return { ...(await bench[name]!(...args)), adapter: title };
  } finally {
    await server.close();
  }
}
