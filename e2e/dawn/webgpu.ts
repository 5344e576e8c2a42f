/**
 * WebGPU in Node: Dawn, which Chromium has too, on the machine's own Vulkan, Metal or Direct3D, by the package
 * `webgpu`. So what computes on the GPU is tested and measured on machines that have a driver and no browser. The
 * package is no dependency: it is 130 MB of programs for every system, and nothing of the product needs it.
 */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const PACKAGE = 'webgpu';
const VERSION = '0.6.2';
const PUBLIC = new URL('../../public/', import.meta.url);
/** Where modules believe that they are served from: public/ lies at its root. */
const ORIGIN = 'http://dawn.invalid/';

interface Dawn {
  create(options: readonly string[]): GPU;
  globals: Record<string, unknown>;
}

/**
 * Gives Node the globals of a page that the modules of src/gpu, src/frozen and src/esper use; once in a process.
 * With ESPER_AS_GPU=1 a software driver is taken for a GPU, so that what is chosen on GPUs is tested without one.
 * @throws Error where the package is not installed
 */
export async function installWebGpu(): Promise<void> {
  if ('GPUDevice' in globalThis) return;
  const { create, globals } = await dawn();
  Object.assign(globalThis, globals);
  const gpu = create([]);
  if (process.env['ESPER_AS_GPU'] === '1') takeForGpu(gpu);
  // Node 21 and later have a navigator of their own, which cannot be assigned to.
  Object.defineProperty(globalThis, 'navigator', {
    value: { gpu, hardwareConcurrency: 1, userAgent: 'Node' },
    configurable: true,
  });
  Object.assign(globalThis, { self: globalThis, location: new URL(ORIGIN) });
  fetchFiles();
  copySharedMemory();
}

async function dawn(): Promise<Dawn> {
  try {
    return (await import(/* @vite-ignore */ PACKAGE)) as Dawn;
  } catch (cause) {
    throw new Error(
      `WebGPU in Node needs the package ${PACKAGE}: npm install --no-save ${PACKAGE}@${VERSION}`,
      { cause },
    );
  }
}

function takeForGpu(gpu: GPU): void {
  const request = gpu.requestAdapter.bind(gpu);
  gpu.requestAdapter = async (options) => {
    const adapter = await request(options);
    if (!adapter) return adapter;
    const { vendor, architecture, description } = adapter.info;
    const info = { vendor, architecture, description, isFallbackAdapter: false };
    return Object.defineProperty(adapter, 'info', { value: info });
  };
}

/** Node's fetch knows no files. */
function fetchFiles(): void {
  const { fetch } = globalThis;
  globalThis.fetch = async (input, init) => {
    const { href } = new URL(input instanceof Request ? input.url : input, ORIGIN);
    if (href.startsWith(ORIGIN)) return fileAt(new URL(href.slice(ORIGIN.length), PUBLIC));
    return href.startsWith('file:') ? fileAt(new URL(href)) : fetch(input, init);
  };
}

async function fileAt(url: URL): Promise<Response> {
  try {
    return new Response(await readFile(fileURLToPath(url)));
  } catch {
    return new Response(null, { status: 404, statusText: `no file ${url.pathname}` });
  }
}

/** ONNX Runtime's memory is shared, and the package takes none that is. */
function copySharedMemory(): void {
  const { writeBuffer } = GPUQueue.prototype;
  GPUQueue.prototype.writeBuffer = function (buffer, offset, data, ...part) {
    const isShared = ArrayBuffer.isView(data) && data.buffer instanceof SharedArrayBuffer;
    const own = isShared ? (data as Uint8Array).slice() : data;
    return writeBuffer.call(this, buffer, offset, own as GPUAllowSharedBufferSource, ...part);
  };
}
