/** Which build of ONNX Runtime's WebAssembly a browser gets. */
import type { Provider } from '../provider';

/**
 * `jspi` suspends the WASM stack natively; `asyncify` emulates that with 10 MB of code and twice the overhead a
 * run; `plain` cannot suspend and so has no WebGPU, but starts .6 s sooner on two cores.
 */
export type Build = 'jspi' | 'asyncify' | 'plain';

/** @param wasm the browser's WebAssembly */
export function buildFor(provider: Provider, wasm: object): Build {
  if (provider === 'wasm') return 'plain';
  return 'Suspending' in wasm ? 'jspi' : 'asyncify';
}
