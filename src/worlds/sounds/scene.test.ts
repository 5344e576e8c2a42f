import { describe, expect, it } from 'vitest';
import { Random } from '../../math/random';
import { VALUES } from './reading';
import { isHeldOut, isHeldOutPair, sampleScene, type SceneOptions } from './scene';
import { INSTRUMENTS, RHYTHMS } from './vocabulary';

const draw = (count: number, options?: SceneOptions) =>
  Array.from({ length: count }, (_, i) => sampleScene(new Random(5, i), options));

describe('held-out pairs', () => {
  it('are a fifth of all, one for each instrument, one or two for each rhythm', () => {
    for (const instrument of INSTRUMENTS)
      expect(RHYTHMS.filter((rhythm) => isHeldOutPair(instrument, rhythm))).toHaveLength(1);
    for (const rhythm of RHYTHMS)
      expect([1, 2]).toContain(
        INSTRUMENTS.filter((instrument) => isHeldOutPair(instrument, rhythm)).length,
      );
  });

  it('never occur when excluded, always when asked for', () => {
    expect(draw(300, { heldOut: 'exclude' }).some(isHeldOut)).toBe(false);
    expect(draw(300, { heldOut: 'only' }).every(isHeldOut)).toBe(true);
  });
});

describe('sampleScene', () => {
  it('is a function of the generator', () => {
    expect(draw(20)).toEqual(draw(20));
  });

  it.each(['exclude', 'only', 'any'] as const)('reaches every value: %s', (heldOut) => {
    const scenes = draw(600, { heldOut });
    for (const name of ['instrument', 'pitch', 'melody', 'rhythm'] as const)
      expect(new Set(scenes.map((scene) => scene[name]))).toEqual(new Set(VALUES[name]));
  });
});
