import { describe, expect, it, vi } from 'vitest';
import { type Trial, u32 } from './kernel';
import { timeOnGpu } from './stopwatch';
import { Tensor } from './tensor';
import { withRunner } from './testing/harness';
import { type Choices, Tuner } from './tuner';

const gpu = withRunner();

/** Writes `result` after so many rounds of work that nothing can leave out. */
const SPIN = `
struct Params { rounds: u32, result: u32 }
@group(0) @binding(0) var<storage, read_write> out: array<u32>;
@group(0) @binding(1) var<uniform> params: Params;
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  var state = id.x;
  for (var i = 0u; i < params.rounds; i++) {
    state = state * 1664525u + 1013904223u;
  }
  out[id.x] = params.result + select(0u, 1u, state == 7u && params.rounds == 0u);
}`;

const KERNELS = {
  slow: { rounds: 100_000, result: 5 },
  fast: { rounds: 1000, result: 5 },
  'fast but other': { rounds: 10, result: 6 },
};
type Name = keyof typeof KERNELS;

function spin(name: Name, out: Tensor) {
  const { rounds, result } = KERNELS[name];
  return gpu.runner.prepare({
    label: name,
    code: SPIN,
    inputs: [],
    outputs: [out],
    params: { rounds: u32(rounds), result: u32(result) },
    workgroups: [2],
  });
}

/** Counts how many were begun and how many ended. */
function trials() {
  const destroy = vi.fn<() => void>();
  const begin = vi.fn<() => Trial>(() => {
    const out = new Tensor(gpu.runner.gpu, 'trial', [128], 'u32');
    return {
      prepare: async (name) => spin(name as Name, out),
      bits: async () => (await out.read()) as Uint32Array,
      destroy() {
        out.destroy();
        destroy();
      },
    };
  });
  return { begin, destroy };
}

const BUDGET = { budget: 10_000 };

describe('a tuner', () => {
  it('takes what is faster and has the default’s bits, and times a shape once', async () => {
    const keep = vi.fn<(choices: Choices) => void>();
    const tuner = new Tuner(gpu.runner.gpu, { ...BUDGET, keep });
    const { begin, destroy } = trials();
    const names = ['slow', 'fast but other', 'fast'] as const;
    const asked = [1, 2].map(() => tuner.choose('spin', [...names], begin));
    expect(await Promise.all(asked)).toEqual(['fast', 'fast']);
    expect(await tuner.choose('spin', [...names], begin)).toBe('fast');
    expect(begin).toHaveBeenCalledOnce();
    expect(destroy).toHaveBeenCalledOnce();
    expect(keep).toHaveBeenCalledExactlyOnceWith({ spin: 'fast' });
  });

  it('passes over what does not compile', async () => {
    const tuner = new Tuner(gpu.runner.gpu, BUDGET);
    const { begin } = trials();
    expect(await tuner.choose('spin', ['slow', 'no such kernel', 'fast'], begin)).toBe('fast');
  });

  it('keeps the default where nothing has its bits', async () => {
    const tuner = new Tuner(gpu.runner.gpu, BUDGET);
    const { begin } = trials();
    expect(await tuner.choose('spin', ['slow', 'fast but other'], begin)).toBe('slow');
    expect(tuner.choices).toEqual({ spin: 'slow' });
  });

  it('takes what an earlier session kept, unless there is no such kernel any more', async () => {
    const tuner = new Tuner(gpu.runner.gpu, { ...BUDGET, kept: { a: 'slow', b: 'gone' } });
    const { begin } = trials();
    expect(await tuner.choose('a', ['fast', 'slow'], begin)).toBe('slow');
    expect(begin).not.toHaveBeenCalled();
    expect(await tuner.choose('b', ['slow', 'fast'], begin)).toBe('fast');
  });

  it('times nothing without a budget', async () => {
    const keep = vi.fn<(choices: Choices) => void>();
    const { begin } = trials();
    const none = new Tuner(gpu.runner.gpu, { budget: 0, keep });
    expect(await none.choose('spin', ['slow', 'fast'], begin)).toBe('slow');
    expect(begin).not.toHaveBeenCalled();
    expect(keep).not.toHaveBeenCalled();
  });

  it('keeps what it found where the whole budget is too little for one shape', async () => {
    const keep = vi.fn<(choices: Choices) => void>();
    const { begin } = trials();
    const tuner = new Tuner(gpu.runner.gpu, { budget: 0.01, keep });
    expect(await tuner.choose('spin', ['slow', 'fast'], begin)).toBe('slow');
    expect(await tuner.choose('another', ['slow', 'fast'], begin)).toBe('slow');
    expect(begin).toHaveBeenCalledOnce();
    expect(keep).toHaveBeenCalledExactlyOnceWith({ spin: 'slow' });
  });
});

it('the stopwatch sees more work take longer', async () => {
  const out = new Tensor(gpu.runner.gpu, 'out', [128], 'u32');
  const [slow, fast] = [await spin('slow', out), await spin('fast', out)];
  await timeOnGpu(gpu.runner.gpu, [slow, fast]);
  const few = await timeOnGpu(gpu.runner.gpu, [fast]);
  expect(await timeOnGpu(gpu.runner.gpu, [slow], 2)).toBeGreaterThan(Math.max(few, 0.1));
});
