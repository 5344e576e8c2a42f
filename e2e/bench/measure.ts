/** Where a benchmark's module runs: in a page of Vite's server or, with --node, in this process. */
import { type DevPageOptions, inDevPage } from './dev-page.ts';
import { inNode } from './in-node.ts';
import type { BenchOptions } from './options.ts';

/**
 * Calls `name` of the module e2e/bench/in-page/`module` with `args`, which pass as JSON, and says on which adapter.
 * @throws Error what the module threw
 */
export const measure = <Result extends object>(
  module: string,
  name: string,
  args: readonly unknown[],
  { onGpu, inNode: isNode }: BenchOptions,
  page: Omit<DevPageOptions, 'onGpu'>,
): Promise<Result & { adapter: string }> =>
  isNode
    ? inNode(module, name, args, page.exposed ?? {}, onGpu)
    : inDevPage(module, name, args, { ...page, onGpu });
