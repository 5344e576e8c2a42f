import { describe, expect, it } from 'vitest';
import { Random } from '../../math/random';
import { outline } from './outlines';
import { contrast, sampleShade, toRgb, typicalShade } from './palette';
import { COLOURS, SHAPES } from './vocabulary';

/** Signed area by the shoelace formula. */
function area(contour: readonly (readonly [number, number])[]): number {
  return contour.reduce((sum, [x0, y0], i) => {
    const [x1, y1] = contour[(i + 1) % contour.length]!;
    return sum + (x0 * y1 - x1 * y0) / 2;
  }, 0);
}

describe('outlines', () => {
  it.each(SHAPES)('fit the unit circle, with some overhang, and fill it alike: %s', (shape) => {
    for (const contour of outline(shape)) {
      expect(Math.max(...contour.map(([x, y]) => Math.hypot(x, y)))).toBeLessThan(1.25);
      expect(Math.abs(area(contour))).toBeGreaterThan(0.8);
    }
  });

  it('give a ring its hole', () => {
    expect(SHAPES.filter((shape) => outline(shape).length === 2)).toEqual(['ring']);
  });
});

describe('palette', () => {
  it('agrees with CSS on pure red, green and grey', () => {
    expect(toRgb({ hue: 0, saturation: 1, lightness: 0.5 })).toEqual([1, 0, 0]);
    expect(toRgb({ hue: 120, saturation: 1, lightness: 0.25 })).toEqual([0, 0.5, 0]);
    expect(toRgb({ hue: 77, saturation: 0, lightness: 0.5 })).toEqual([0.5, 0.5, 0.5]);
  });

  it('keeps shades of different names apart', () => {
    for (const one of COLOURS)
      for (const other of COLOURS.filter((colour) => colour !== one))
        expect(contrast(typicalShade(one), typicalShade(other))).toBeGreaterThan(0.25);
  });

  it('draws shades within the range of the name', () => {
    const random = new Random(3);
    for (let i = 0; i < 100; i++)
      expect(Math.abs(sampleShade('green', random).hue - 123.5)).toBeLessThan(29);
  });
});
