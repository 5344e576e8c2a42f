import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { importProjector } from '../../esper/checkpoint';
import { DEFAULT_CONFIG, parseConfig } from '../../esper/config';
import { projectorTensors } from '../../esper/projector/tensors';
import type { ProjectorShape } from '../../esper/projector/shape';
import type { ParameterState } from '../../esper/run-state';
import { filesOfZip } from '../../frozen/hub/zip';
import { Random } from '../../math/random';
import { parseSafetensors } from '../../math/safetensors';
import { type Continuation, continuationFiles } from './folder';
import { SCRIPTS } from './scripts';
import { zipOf } from './zip';

const shape: ProjectorShape = { kind: 'mlp', layers: 1, E: 6, P: 2, D: 8, N: 2 };
const models = { lm: 'shapes/gpt2', clip: 'shapes/clip' };

function parameter(name: string, extents: readonly number[], random: Random): ParameterState {
  const size = extents.reduce((product, extent) => product * extent, 1);
  const draw = () => Float32Array.from({ length: size }, () => random.normal());
  return { name, shape: extents, value: draw(), m: draw(), v: draw() };
}

/** "<|endoftext|>", a token that is not said, and those that are. */
const query = (label: number, spoken: number[] = []) => ({
  tokens: [511, label, ...spoken],
  spoken,
});

function runOf(advantage: 'rloo' | 'gae'): Continuation {
  const random = new Random(3);
  const shapes: [string, readonly number[]][] = [
    ...projectorTensors(shape).map(({ name, extents }): [string, readonly number[]] => [
      name,
      extents,
    ]),
    ...(advantage === 'gae'
      ? ([
          ['value_head.weight', [shape.D]],
          ['value_head.bias', [1]],
        ] as [string, number[]][])
      : []),
  ];
  return {
    run: {
      config: parseConfig({ advantage, seed: 9 }),
      update: 12,
      steps: 192,
      calibration: { gain: 4.5, bias: 0.25 },
      convention: 'unit',
      parameters: shapes.map(([name, extents]) => parameter(name, extents, random)),
    },
    shape,
    models,
    queries: {
      choices: [query(7), query(8, [30])],
      probabilities: [0.25, 0.75],
      shown: query(7),
    },
    pictures: {
      ids: ['scene 0', 'scene 1', 'scene 2'],
      features: Float32Array.from({ length: 18 }, () => random.normal()),
    },
  };
}

function tensorsOf(files: ReturnType<typeof continuationFiles>, name: string) {
  const { tensors } = parseSafetensors(name, files.get(name) as Uint8Array);
  return [...tensors].map(([tensor, { shape: extents, values }]) => ({
    name: tensor,
    shape: extents,
    values: values(),
  }));
}

describe.each(['rloo', 'gae'] as const)('a run with %s', (advantage) => {
  const source = runOf(advantage);
  const { parameters } = source.run;
  const files = continuationFiles(source);

  it('has the projector that the page would export, and the value head where there is one', () => {
    const bytes = files.get('projector.safetensors') as Uint8Array;
    const { values, convention, update } = importProjector('p', bytes, shape, models);
    expect(convention).toBe('unit');
    expect(update).toBe(12);
    for (const { name } of projectorTensors(shape))
      expect(values[name]).toEqual(parameters.find((p) => p.name === name)!.value);
    expect(files.has('value_head.safetensors')).toBe(advantage === 'gae');
    if (advantage === 'gae')
      expect(tensorsOf(files, 'value_head.safetensors')).toEqual(
        parameters.slice(4).map(({ name, shape: extents, value }) => ({
          name,
          shape: extents,
          values: value,
        })),
      );
  });

  it('has both moments of every trained tensor', () => {
    expect(tensorsOf(files, 'optimizer.safetensors')).toEqual(
      parameters.flatMap(({ name, shape: extents, m, v }) => [
        { name: `${name}.exp_avg`, shape: extents, values: m },
        { name: `${name}.exp_avg_sq`, shape: extents, values: v },
      ]),
    );
  });

  it('has settings, counters, calibration, queries, and the features in the order of their ids', () => {
    expect(JSON.parse(files.get('config.json') as string)).toEqual(source.run.config);
    expect(JSON.parse(files.get('run.json') as string)).toEqual({
      ...models,
      queries: [
        { tokens: [511, 7], spoken: [] },
        { tokens: [511, 8, 30], spoken: [30] },
      ],
      probabilities: [0.25, 0.75],
      update: 12,
      steps: 192,
      gain: 4.5,
      bias: 0.25,
      pictures: source.pictures.ids,
    });
    expect(tensorsOf(files, 'features.safetensors')).toEqual([
      { name: 'features', shape: [3, 6], values: source.pictures.features },
    ]);
  });
});

describe('the scripts', () => {
  it('find each other: whatever one imports of models/ goes along', () => {
    const folders = ['interop', 'reference'].map((name) => `../../../models/${name}/`);
    const ours = new Set(
      folders.flatMap((folder) => readdirSync(new URL(folder, import.meta.url))),
    );
    const imported = Object.values(SCRIPTS)
      .flatMap((text) => [...text.matchAll(/^ *(?:from|import) (\w+)/gm)])
      .map(([, module]) => `${module}.py`)
      .filter((file) => ours.has(file));
    expect(imported).toContain('safetensors_io.py');
    expect(imported.filter((file) => !(file in SCRIPTS))).toEqual([]);
  });

  it('know every setting of the page by its name', () => {
    const names = [...SCRIPTS['config.py']!.matchAll(/^ {4}(\w+): (?:int|float|str) =/gm)]
      .map(([, name]) => (name === 'lam' ? 'lambda' : name))
      .toSorted();
    expect(names).toEqual(Object.keys(DEFAULT_CONFIG).toSorted());
  });
});

it('the zip holds every file, unchanged, in one folder', async () => {
  const files = continuationFiles(runOf('gae'));
  files.set('lm/model.safetensors', new Blob(['weights']));
  const zip = await zipOf('run', files);
  const found = await filesOfZip('run.zip', zip);
  expect(found.map(({ path }) => path)).toEqual([...files.keys()]);
  for (const { path, pipe } of found) {
    const chunks: Uint8Array<ArrayBuffer>[] = [];
    await pipe((chunk) => void chunks.push(chunk));
    const content = files.get(path)!;
    expect(await new Blob(chunks).bytes(), path).toEqual(await new Blob([content]).bytes());
  }
});
