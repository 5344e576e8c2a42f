/** Starts the hub's double beside Vitest's browser, with one small repository. */
import type { TestProject } from 'vitest/node';
import { HubDouble } from './hub-double.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The double's address. */
    hub: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const hub = new HubDouble();
  const text = (content: string) => new TextEncoder().encode(content);
  hub.put('double/model/config.json', text('{"small":1}'));
  hub.put('double/model/README.md', text('# Model'));
  const weights = Uint8Array.from({ length: 70_000 }, (_, i) => (i * 31) & 255);
  hub.put('double/model/onnx/model.onnx', weights);
  project.provide('hub', await hub.start());
  return () => hub.stop();
}
