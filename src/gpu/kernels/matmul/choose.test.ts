import { expect, it, vi } from 'vitest';
import type { Chooser, KernelRunner } from '../../kernel';
import { chooseVariant, defaultVariant } from './choose';
import { VARIANT_NAMES } from './variants';

interface Device {
  subgroups: boolean;
  hasChooser: boolean;
  isSoftware?: boolean;
}

/** As much of a runner as choosing asks for; its chooser takes the last candidate. */
function runnerWith({ subgroups, hasChooser, isSoftware = true }: Device) {
  const choose = vi.fn<Chooser['choose']>(async (_key, names) => names.at(-1)!);
  const features = new Set(subgroups ? ['subgroups'] : []);
  const gpu = { isSoftware, device: { features } };
  const runner = { gpu, chooser: hasChooser ? { choose } : undefined };
  return { runner: runner as unknown as KernelRunner, choose };
}

const shape = { M: 288, K: 64, N: 256, transposeA: false, transposeB: true, dtype: 'f32' } as const;
const multiply = () => Promise.reject(new Error('nothing is to be timed'));

it('takes quads on a software adapter that has them, small tiles for few rows, shared memory on a GPU', () => {
  const others = VARIANT_NAMES.filter((name) => !name.startsWith('quads'));
  expect(defaultVariant({ isSoftware: true }, VARIANT_NAMES, shape)).toBe('quads-16x16');
  expect(defaultVariant({ isSoftware: true }, others, shape)).toBe('tile-8x16');
  const of = (isSoftware: boolean, M: number, K: number, N: number) =>
    defaultVariant({ isSoftware }, isSoftware ? VARIANT_NAMES : others, { M, K, N });
  expect(of(true, 1, 64, 256)).toBe('tile-4x4');
  expect(of(true, 192, 64, 512)).toBe('quads-32x16');
  expect(of(true, 48, 768, 768)).toBe('quads-16x16'); // a quarter of the second tile's rows would be empty
  expect(of(false, 512, 64, 768)).toBe('shared-64x64');
  expect(of(false, 16, 64, 768)).toBe('tile-8x4');
});

it('asks the chooser once for a class of shapes, the default first and none that the device lacks', async () => {
  const { runner, choose } = runnerWith({ subgroups: false, hasChooser: true });
  expect(await chooseVariant(runner, shape, multiply)).toBe('tile-8x8');
  const [key, names] = choose.mock.calls[0]!;
  expect(key).toBe('matmul 512×64×256 NT f32');
  expect(names[0]).toBe('tile-8x16');
  expect(names.toSorted()).toEqual(VARIANT_NAMES.filter((n) => !n.startsWith('quads')).toSorted());
  await chooseVariant(runner, { ...shape, M: 300 }, multiply);
  await chooseVariant(runner, { ...shape, dtype: 'f16' }, multiply);
  const keys = choose.mock.calls.map(([asked]) => asked);
  expect(keys.slice(1)).toEqual([key, 'matmul 512×64×256 NT f16']);
});

it('has a GPU try what suits one first, and nothing that its registers do not hold', async () => {
  const { runner, choose } = runnerWith({ subgroups: true, hasChooser: true, isSoftware: false });
  await chooseVariant(runner, shape, multiply);
  const [, names] = choose.mock.calls[0]!;
  expect(names).toEqual([
    'tile-8x4',
    'shared-64x64',
    'tile-4x4',
    'quads-16x4',
    'tile-8x8',
    'tile-8x16',
  ]);
});

it('asks nobody where there is no chooser, or too little to gain', async () => {
  const without = runnerWith({ subgroups: true, hasChooser: false });
  expect(await chooseVariant(without.runner, shape, multiply)).toBe('quads-16x16');
  const { runner, choose } = runnerWith({ subgroups: true, hasChooser: true });
  expect(await chooseVariant(runner, { ...shape, M: 16 }, multiply)).toBe('quads-16x16');
  expect(choose).not.toHaveBeenCalled();
});
