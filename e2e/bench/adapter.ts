/** Which adapter a page is on, and that it is a GPU where one is asked for. */
import type { Page } from 'playwright';

/** `driver` and `backend` are there with Chromium's `--enable-webgpu-developer-features`. */
type AdapterInfo = GPUAdapterInfo & { driver?: string; backend?: string };

/**
 * "nvidia hopper", of a GPU with its device and driver.
 * @throws Error where a GPU is wanted and the browser offers none
 */
export async function adapterOf(page: Page, onGpu: boolean): Promise<string> {
  const info = await page.evaluate(async () => {
    const adapter = await navigator.gpu?.requestAdapter({ powerPreference: 'high-performance' });
    if (!adapter) return undefined;
    const { vendor, architecture, description, isFallbackAdapter, driver, backend } =
      adapter.info as AdapterInfo;
    return { vendor, architecture, description, isFallbackAdapter, driver, backend };
  });
  const name = [info?.vendor, info?.architecture].filter(Boolean).join(' ') || 'none';
  if (!onGpu) return name;
  if (!info || info.isFallbackAdapter)
    throw new Error(
      `--gpu: this browser offers no GPU here (adapter: ${name}). Leave --gpu out for the software adapter, or name a Chromium that sees the GPU in ESPER_CHROMIUM.`,
    );
  const details = [info.description, info.driver, info.backend].filter(Boolean);
  return [name, ...details].join(', ');
}
