/** How a rollout's and an optimiser step's time grow with batch, length, layers and vocabulary; docs/growth.svg. */
import { writeFileSync } from 'node:fs';
import type { GrowthTimes, Sizes } from './in-page/growth.ts';
import { measure } from './measure.ts';
import { type BenchOptions, resultName } from './options.ts';
import { type Panel, panelsSvg } from './panels-svg.ts';
import { writeResult } from './result.ts';
import { type Spread, spreadOf } from './spread.ts';

const BASE: Sizes = { B: 16, T: 10, layers: 2, vocabulary: 1024 };
const AXES: { [Axis in keyof Sizes]: readonly number[] } = {
  B: [8, 16, 32, 64],
  T: [5, 10, 20, 40],
  layers: [1, 2, 4, 8],
  vocabulary: [256, 1024, 4096, 16_384],
};
const TITLES: Record<keyof Sizes, string> = {
  B: 'captions (B)',
  T: 'tokens of a caption (T)',
  layers: 'layers of GPT-2',
  vocabulary: 'vocabulary (V)',
};

export interface GrowthResult {
  adapter: string;
  languageModel: string;
  width: number;
  base: Sizes;
  points: { sizes: Sizes; rollout: Spread; update: Spread }[];
}

const isSame = (a: Sizes, b: Sizes) =>
  a.B === b.B && a.T === b.T && a.layers === b.layers && a.vocabulary === b.vocabulary;

/** Sizes along one axis, the others as in `BASE`. */
const along = (axis: keyof Sizes): Sizes[] =>
  AXES[axis].map((value) => ({ ...BASE, [axis]: value }));

export async function benchGrowth(options: BenchOptions): Promise<void> {
  const axes = Object.keys(AXES) as (keyof Sizes)[];
  const all = axes
    .flatMap(along)
    .filter((sizes, i, every) => every.findIndex((other) => isSame(other, sizes)) === i);
  const measured = await measure<GrowthTimes>('growth', 'measureGrowth', [all], options, {
    port: 4189,
  });
  const { adapter, languageModel, width } = measured;
  const points = measured.times.map(({ sizes, rollout, update }) => ({
    sizes,
    rollout: spreadOf(rollout),
    update: spreadOf(update),
  }));
  console.log(`${adapter}, width ${width}, language model on ${languageModel}; ms`);
  console.log('     B     T  layers  vocabulary   rollout    update');
  for (const { sizes, rollout, update } of points) {
    const { B, T, layers, vocabulary } = sizes;
    const cells = [B, T, layers, vocabulary].map((value, i) =>
      String(value).padStart([6, 6, 8, 12][i]!),
    );
    const times = [rollout, update].map(({ median }) => median.toFixed(0).padStart(10));
    console.log(cells.join('') + times.join(''));
  }
  const panels = axes.map((axis): Panel => {
    const chosen = along(axis).map((sizes) => points.find((point) => isSame(point.sizes, sizes))!);
    const line = (name: 'rollout' | 'update') =>
      chosen.map((point) => ({ x: point.sizes[axis], y: point[name] }));
    return {
      title: TITLES[axis],
      lines: { 'optimiser step': line('update'), rollout: line('rollout') },
    };
  });
  writeFileSync(`docs/${resultName('growth', options)}.svg`, panelsSvg(panels));
  const result: GrowthResult = { adapter, languageModel, width, base: BASE, points };
  writeResult(resultName('growth', options), result);
}
