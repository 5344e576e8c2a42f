/**
 * A run as the folder that models/interop/continue.py trains on in: weights, AdamW's moments, settings, the
 * pictures' features and the scripts. models/interop/exported.py reads it and says what each file holds.
 */
import { exportProjector, type ModelPair } from '../../esper/checkpoint';
import { projectorValues } from '../../esper/projector/values';
import type { ProjectorShape } from '../../esper/projector/shape';
import type { Queries } from '../../esper/queries';
import type { RunState } from '../../esper/run-state';
import { writeSafetensors } from '../../math/safetensors';
import { SCRIPTS } from './scripts';

export interface TrainingPictures {
  /** Scenes by their numbers, photos by the SHA-256 of their files. */
  ids: readonly string[];
  /** Raw CLIP features [ids, E]. */
  features: Float32Array;
}

export interface Continuation {
  run: RunState;
  shape: ProjectorShape;
  models: ModelPair;
  queries: Queries;
  pictures: TrainingPictures;
}

type Tensors = Parameters<typeof writeSafetensors>[0];

const json = (value: unknown): string => `${JSON.stringify(value, undefined, 1)}\n`;

export type FileContent = string | Uint8Array<ArrayBuffer> | Blob;

/** Path → content. */
export function continuationFiles({
  run,
  shape,
  models,
  queries: { choices, probabilities },
  pictures,
}: Continuation): Map<string, FileContent> {
  const { config, update, steps, calibration, convention = 'raw', parameters } = run;
  const projector = projectorValues(parameters);
  const valueHead: Tensors = new Map(
    parameters
      .filter(({ name }) => !(name in projector))
      .map(({ name, shape: extents, value }) => [name, { shape: extents, data: value }]),
  );
  const moments: Tensors = new Map(
    parameters.flatMap(({ name, shape: extents, m, v }) => [
      [`${name}.exp_avg`, { shape: extents, data: m }] as const,
      [`${name}.exp_avg_sq`, { shape: extents, data: v }] as const,
    ]),
  );
  const features: Tensors = new Map([
    ['features', { shape: [pictures.ids.length, shape.E], data: pictures.features }],
  ]);
  return new Map<string, FileContent>([
    ...Object.entries(SCRIPTS),
    ['config.json', json(config)],
    [
      'run.json',
      json({
        ...models,
        queries: choices,
        probabilities,
        update,
        steps,
        ...calibration,
        pictures: pictures.ids,
      }),
    ],
    ['projector.safetensors', exportProjector(projector, shape, models, convention, update)],
    ...(valueHead.size > 0
      ? [['value_head.safetensors', writeSafetensors(valueHead)] as const]
      : []),
    ['optimizer.safetensors', writeSafetensors(moments)],
    ['features.safetensors', writeSafetensors(features)],
  ]);
}
