/** Which adapter a benchmark is on, and that it is a GPU where one is asked for. */
import type { Page } from 'playwright';

/** `driver` and `backend` are there with Chromium's `--enable-webgpu-developer-features`. */
type AdapterInfo = Pick<
  GPUAdapterInfo,
  'vendor' | 'architecture' | 'description' | 'isFallbackAdapter'
> & { driver?: string | undefined; backend?: string | undefined };

/**
 * "nvidia hopper", with the device and the driver where they are told.
 * @throws Error where a GPU is wanted and none is offered
 */
export function nameOf(info: AdapterInfo | undefined, onGpu: boolean): string {
  const name = [info?.vendor, info?.architecture].filter(Boolean).join(' ') || 'none';
  if (onGpu && (!info || info.isFallbackAdapter))
    throw new Error(
      `--gpu: no GPU is offered here (adapter: ${name}). Leave --gpu out for the software adapter, name a Chromium that sees the GPU in ESPER_CHROMIUM, or leave the browser out with --node.`,
    );
  return [name, info?.description, info?.driver, info?.backend].filter(Boolean).join(', ');
}

/** The same of a page. */
export async function adapterOf(page: Page, onGpu: boolean): Promise<string> {
  const info = await page.evaluate(async () => {
    const adapter = await navigator.gpu?.requestAdapter({ powerPreference: 'high-performance' });
    if (!adapter) return undefined;
    const { vendor, architecture, description, isFallbackAdapter, driver, backend } =
      adapter.info as AdapterInfo;
    return { vendor, architecture, description, isFallbackAdapter, driver, backend };
  });
  return nameOf(info, onGpu);
}
