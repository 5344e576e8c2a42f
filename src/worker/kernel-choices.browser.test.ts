import { get, set } from 'idb-keyval';
import { expect, it } from 'vitest';
import type { Gpu } from '../gpu/device';
import { openTuner } from './kernel-choices';

const never = () => {
  throw new Error('nothing is to be timed');
};
const onAdapter = (name: string, isSoftware = false) => ({ name, isSoftware }) as unknown as Gpu;

it('an adapter’s choices are found again, and are not another’s', async () => {
  await set('esper/kernels/adapter A', { shape: 'second' });
  const tuner = await openTuner(onAdapter('adapter A'));
  expect(await tuner.choose('shape', ['first', 'second'], never)).toBe('second');
  expect((await openTuner(onAdapter('adapter B'))).choices).toEqual({});
});

it('times nothing on a software adapter', async () => {
  const tuner = await openTuner(onAdapter('software', true));
  expect(await tuner.choose('shape', ['first', 'second'], never)).toBe('first');
  expect(await get('esper/kernels/software')).toBeUndefined();
});
