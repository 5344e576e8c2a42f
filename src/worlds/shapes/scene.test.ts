import { describe, expect, it } from 'vitest';
import { Random } from '../../math/random';
import { isHeldOut, isHeldOutPair, sampleScene, sceneObjects } from './scene';
import { COLOURS, PLACES, SHAPES } from './vocabulary';

const draw = (count: number, options: Parameters<typeof sampleScene>[1]) =>
  Array.from({ length: count }, (_, i) => sampleScene(new Random(5, i), options));

describe('held-out pairs', () => {
  it('are a sixth of all, each colour and shape once or twice', () => {
    const pairs = SHAPES.flatMap((shape) =>
      COLOURS.filter((colour) => isHeldOutPair(colour, shape)).map((colour) => ({ colour, shape })),
    );
    expect(pairs).toHaveLength(Math.round((SHAPES.length * COLOURS.length) / 6));
    for (const shape of SHAPES)
      expect([1, 2]).toContain(pairs.filter((pair) => pair.shape === shape).length);
    for (const colour of COLOURS)
      expect([1, 2]).toContain(pairs.filter((pair) => pair.colour === colour).length);
  });

  it('never occur when excluded, always when asked for', () => {
    expect(draw(300, { heldOut: 'exclude', twoObjectShare: 0.5 }).some(isHeldOut)).toBe(false);
    expect(draw(300, { heldOut: 'only', twoObjectShare: 0.5 }).every(isHeldOut)).toBe(true);
  });
});

describe('sampleScene', () => {
  it('is a function of the generator', () => {
    expect(draw(20, {})).toEqual(draw(20, {}));
  });

  it('keeps the share of two objects, which always differ', () => {
    const scenes = draw(1000, { twoObjectShare: 0.3 });
    const two = scenes.filter((scene) => scene.kind === 'two');
    expect(two.length).toBeGreaterThan(250);
    expect(two.length).toBeLessThan(350);
    for (const { first, second } of two)
      expect(first.colour === second.colour && first.shape === second.shape).toBe(false);
  });

  it('reaches every shape, colour and place though pairs are held out', () => {
    const scenes = draw(1000, { heldOut: 'exclude', twoObjectShare: 0 });
    const objects = scenes.flatMap((scene) => sceneObjects(scene));
    expect(new Set(objects.map(({ shape }) => shape)).size).toBe(SHAPES.length);
    expect(new Set(objects.map(({ colour }) => colour)).size).toBe(COLOURS.length);
    const places = scenes.map((scene) => (scene.kind === 'one' ? scene.place : undefined));
    expect(new Set(places).size).toBe(PLACES.length);
  });
});
