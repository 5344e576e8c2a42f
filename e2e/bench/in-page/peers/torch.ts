/** PyTorch on the CPU, in a process beside the page: e2e/bench/torch.ts hands its answers over. */
import type { Operation, Peer } from './peer';
import type { PeerCase, Work } from './work';

export type TorchOperation = 'forward' | 'gradient' | 'update';

export interface TorchAnswer {
  milliseconds: number;
  /** Left out where only the time is asked for. */
  values?: number[];
}

declare global {
  /** Undefined where torch is not installed. */
  function askTorch(question: {
    operation: TorchOperation;
    values: boolean;
    work: PeerCase;
  }): Promise<TorchAnswer | null>;
}

export async function torchPeer(work: Work): Promise<Peer | undefined> {
  const { name, config, repository, B, P, S, T, offset, rollout } = work;
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
  };
  const ask = async (operation: TorchOperation, values: boolean) => {
    const answer = await askTorch({ operation, values, work: asked });
    if (!answer) throw new Error('torch is not installed');
    return answer;
  };
  const asking = (operation: TorchOperation): Operation => ({
    run: async () => (await ask(operation, true)).values!,
    clock: async () => (await ask(operation, false)).milliseconds,
  });
  return {
    name: 'PyTorch, CPU',
    operations: {
      forward: asking('forward'),
      gradient: asking('gradient'),
      update: asking('update'),
    },
    destroy() {},
  };
}
