/**
 * What a person takes home of a run, the prefix weights alone or all that PyTorch needs to train on, and
 * prefix weights brought back.
 */
import { exportProjector, importProjector } from '../esper/checkpoint';
import type { Pair } from '../esper/pair';
import { projectorValues } from '../esper/projector/values';
import type { Trainer } from '../esper/trainer';
import { networksForPyTorch } from './models';
import type { PictureWork } from './picture-work';
import type { ImportSummary } from './protocol';

export interface ExportedFile<Data> {
  name: string;
  data: Data;
}

const stemOf = ({ lm }: Pair, update: number): string => `esper-${lm.split('/').at(-1)!}-${update}`;

export async function exportPrefix(
  trainer: Trainer,
  pair: Pair,
): Promise<ExportedFile<Uint8Array<ArrayBuffer>>> {
  const { parameters, update } = await trainer.state();
  const { shape, convention } = trainer.projector;
  const { lm, clip } = pair;
  const data = exportProjector(
    projectorValues(parameters),
    shape,
    { lm, clip },
    convention,
    update,
  );
  return { name: `${stemOf(pair, update)}.safetensors`, data };
}

/** @throws Fault download: the bundled networks go along */
export async function exportContinuation(
  trainer: Trainer,
  pair: Pair,
  pictures: PictureWork,
): Promise<ExportedFile<Blob>> {
  // Scripts and zip are fetched when they are asked for.
  const [{ continuationFiles }, { zipOf }] = await Promise.all([
    import('./continuation/folder'),
    import('./continuation/zip'),
  ]);
  const { lm, clip } = pair;
  const files = continuationFiles({
    run: await trainer.state(),
    shape: trainer.projector.shape,
    models: { lm, clip },
    queries: trainer.queries,
    pictures: await pictures.trainingPictures(trainer),
  });
  for (const [path, content] of await networksForPyTorch(pair)) files.set(path, content);
  const folder = `${stemOf(pair, trainer.update)}-pytorch`;
  return { name: `${folder}.zip`, data: await zipOf(folder, files) };
}

/** @throws Fault bad-file, mismatch: nothing was changed */
export async function importPrefix(
  file: string,
  data: Uint8Array,
  trainer: Trainer,
  { lm, clip }: Pair,
  pictures: PictureWork,
): Promise<ImportSummary> {
  const { shape } = trainer.projector;
  const { values, convention, update } = importProjector(file, data, shape, { lm, clip });
  const isAnother = convention !== trainer.projector.convention;
  await trainer.load(values, convention);
  if (isAnother) await pictures.refill(trainer);
  await pictures.refresh(trainer);
  const parameters = Object.values(values).reduce((sum, value) => sum + value.length, 0);
  return { file, update, parameters };
}
