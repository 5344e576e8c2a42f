/** models/reference/peer.py as a process that answers questions, one JSON line each. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { TorchAnswer } from './in-page/peers/torch.ts';

// Its threads would spin on for a while after each answer, in what is timed next.
const WITHOUT_SPINNING = {
  OMP_WAIT_POLICY: 'passive',
  GOMP_SPINCOUNT: '0',
  OPENBLAS_THREAD_TIMEOUT: '4',
};

const PYTHONS = [process.env['ESPER_PYTHON'], '/usr/bin/python3', 'python3'];

export interface Torch {
  /** "CPU", or the GPU's name; null where no Python has torch. */
  device: string | null;
  ask(question: object): Promise<TorchAnswer | null>;
  close(): void;
}

/** @param onGpu on CUDA where PyTorch has it */
export async function startTorch(onGpu: boolean): Promise<Torch> {
  for (const python of PYTHONS) {
    if (!python) continue;
    const child = spawn(python, ['models/reference/peer.py', ...(onGpu ? ['--gpu'] : [])], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, ...WITHOUT_SPINNING },
    });
    child.on('error', () => {});
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const hello = await lines.next();
    if (hello.done) continue; // no such Python, or one without torch
    const { device } = JSON.parse(hello.value) as { device: string };
    let last: Promise<unknown> = Promise.resolve();
    const ask = async (question: object) => {
      child.stdin.write(`${JSON.stringify(question)}\n`);
      const { value, done } = await lines.next();
      if (done) throw new Error('models/reference/peer.py has ended');
      return JSON.parse(value) as TorchAnswer;
    };
    return {
      device,
      ask(question) {
        const answer = last.then(() => ask(question));
        last = answer.catch(() => undefined);
        return answer;
      },
      close: () => void child.kill(),
    };
  }
  return { device: null, ask: async () => null, close() {} };
}
