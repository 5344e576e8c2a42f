/** What the colour words mean: ranges of hue (degrees), saturation and lightness (0 to 1). */
import type { Random } from '../../math/random';
import type { Colour } from './vocabulary';

export interface Hsl {
  hue: number;
  saturation: number;
  lightness: number;
}

type Range = readonly [low: number, high: number];
type ColourRange = readonly [hue: Range, saturation: Range, lightness: Range];

/** Wide enough for the colours of that name in CSS and in the palettes of drawing programs. */
const RANGES: Readonly<Record<Colour, ColourRange>> = {
  red: [
    [-9, 9],
    [0.65, 1],
    [0.38, 0.56],
  ],
  orange: [
    [23, 39],
    [0.85, 1],
    [0.47, 0.6],
  ],
  yellow: [
    [47, 60],
    [0.8, 1],
    [0.45, 0.65],
  ],
  green: [
    [95, 152],
    [0.45, 1],
    [0.24, 0.5],
  ],
  blue: [
    [204, 242],
    [0.6, 1],
    [0.34, 0.6],
  ],
  purple: [
    [264, 301],
    [0.4, 1],
    [0.24, 0.52],
  ],
  pink: [
    [318, 351],
    [0.65, 1],
    [0.68, 0.86],
  ],
  black: [
    [0, 360],
    [0, 0.1],
    [0, 0.15],
  ],
};

/** A shade of the named colour. */
export function sampleShade(colour: Colour, random: Random): Hsl {
  const [hue, saturation, lightness] = RANGES[colour];
  return {
    hue: random.between(...hue),
    saturation: random.between(...saturation),
    lightness: random.between(...lightness),
  };
}

/** The middle of the colour's range: the swatch of a drawing board. */
export function typicalShade(colour: Colour): Hsl {
  const [hue, saturation, lightness] = RANGES[colour].map(([low, high]) => (low + high) / 2);
  return { hue: hue!, saturation: saturation!, lightness: lightness! };
}

export function cssColour({ hue, saturation, lightness }: Hsl, alpha = 1): string {
  const [h, s, l] = [(hue + 360) % 360, 100 * saturation, 100 * lightness];
  return `hsl(${h.toFixed(1)} ${s.toFixed(1)}% ${l.toFixed(1)}% / ${alpha})`;
}

/** Red, green and blue in 0..1; the CSS Color 4 formula. */
export function toRgb({ hue, saturation, lightness }: Hsl): readonly [number, number, number] {
  const chroma = saturation * Math.min(lightness, 1 - lightness);
  const channel = (n: number): number => {
    const k = (n + (((hue % 360) + 360) % 360) / 30) % 12;
    return lightness - chroma * Math.max(-1, Math.min(k - 3, 9 - k, 1));
  };
  return [channel(0), channel(8), channel(4)];
}

/** Euclidean distance in RGB, 0 to √3: rough, but it tells a shape from its ground. */
export function contrast(a: Hsl, b: Hsl): number {
  const [first, second] = [toRgb(a), toRgb(b)];
  return Math.hypot(...first.map((value, i) => value - second[i]!));
}
