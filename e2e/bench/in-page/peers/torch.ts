/** PyTorch, in a process beside the page: e2e/bench/torch.ts hands its answers over. */
import { type Operation, type OperationName, OPERATIONS, type Peer } from './peer';
import type { PeerCase, Work } from './work';

export type TorchOperation = OperationName;

export interface TorchAnswer {
  milliseconds: number;
  /** Left out where only the time is asked for. */
  values?: number[];
}

declare global {
  /** "CPU", or the GPU's name; undefined where torch is not installed. */
  function torchDevice(): Promise<string | null>;
  /** Null where torch is not installed. */
  function askTorch(question: {
    operation: TorchOperation;
    values: boolean;
    work: PeerCase;
  }): Promise<TorchAnswer | null>;
}

export async function torchPeer(work: Work): Promise<Peer | undefined> {
  const device = await torchDevice();
  if (!device) return undefined;
  const { name, config, repository, B, P, S, T, offset, rollout, settings } = work;
  const asked = {
    name,
    config,
    ...(repository ? { repository } : {}),
    B,
    P,
    S,
    T,
    offset,
    rollout,
    settings,
  };
  const ask = async (operation: TorchOperation, values: boolean) => {
    const answer = await askTorch({ operation, values, work: asked });
    if (!answer) throw new Error('PyTorch has ended');
    return answer;
  };
  const asking = (operation: TorchOperation): Operation => ({
    run: async () => (await ask(operation, true)).values!,
    clock: async () => (await ask(operation, false)).milliseconds,
  });
  return {
    name: `PyTorch, ${device}`,
    operations: Object.fromEntries(OPERATIONS.map((operation) => [operation, asking(operation)])),
    destroy() {},
  };
}
