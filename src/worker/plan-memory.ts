/** What a run will take of the GPU's memory, whether this GPU has it, and which smaller run would fit. */
import { batchSize, captionRows, type Config } from '../esper/config';
import { fitConfig } from '../esper/fit';
import { trainingBytes } from '../esper/memory';
import type { Pair } from '../esper/pair';
import { shapeOf } from '../esper/projector/shape';
import { parameterCount } from '../esper/projector/tensors';
import { PROJECTOR } from '../esper/settings/projector';
import { beginningBytes, decodingBytes, weightBytes } from '../frozen/gpt2/memory';
import type { Gpt2Config } from '../frozen/gpt2/weights';
import type { Plan } from '../frozen/hub/fetch-repository';
import { clipProviderFor } from '../frozen/provider';
import { openGpu } from '../gpu/device';
import { findRoom } from '../gpu/room';
import type { MemoryPlan } from './library-protocol';
import type { ProjectorSize } from './protocol';

/** A generous guess at the query's length, before the tokenizer is there: a token has four letters or so. */
function queryTokens({ query, prompt }: Config): number {
  return query === 'prompt' ? 2 + Math.ceil(prompt.length / 3) : 6;
}

/** Bytes that a trainer makes with these settings: its own, and what decoding keeps. */
export function runBytes(lm: Gpt2Config, E: number, Q: number, config: Config): number {
  const { prefixLength: P, responseLength: T } = config;
  const deep = config.projector === 'deep';
  const [B, captions] = [batchSize(config), captionRows(config)];
  let bytes = trainingBytes(lm, E, Q, config);
  // Captions share the passes of the batch where they have as many rows; each of theirs begins anew.
  for (const rows of new Set([B, captions])) bytes += decodingBytes(lm, { B: rows, P, Q, T, deep });
  bytes += beginningBytes(lm, { I: config.imagesPerBatch, B, P, Q, deep });
  if (captions < B || config.imagesPerBatch < B)
    bytes += beginningBytes(lm, { I: captions, B: captions, P, Q, deep });
  return bytes;
}

/**
 * Of each kind, with the other settings as they are.
 * @param decodesOnCpu GPT-2 decodes on WebAssembly, which takes none of the GPU's memory; never a deep prefix
 */
export const projectorSizes = (
  lm: Gpt2Config,
  E: number,
  Q: number,
  config: Config,
  decodesOnCpu: boolean,
): ProjectorSize[] =>
  PROJECTOR.projector.choices.map((kind) => {
    const its = { ...config, projector: kind };
    return {
      kind,
      parameters: parameterCount(shapeOf(its, lm, E)),
      bytes: (decodesOnCpu && kind !== 'deep' ? trainingBytes : runBytes)(lm, E, Q, its),
    };
  });

/**
 * @param E CLIP's width
 * @param clip CLIP's repository, whose ONNX files say how large its towers are
 */
export async function planMemory(
  lm: Gpt2Config,
  { lmDType, clipDType }: Pair,
  E: number,
  clip: Plan,
  config: Config,
): Promise<MemoryPlan> {
  const gpu = await openGpu().catch(() => undefined);
  try {
    const towers = clip.files.filter(({ path }) => path.endsWith('.onnx'));
    const runsOnGpu = gpu && clipProviderFor(gpu, clipDType) === 'webgpu';
    const networks = {
      weights: weightBytes(lm, lmDType),
      clip: runsOnGpu ? towers.reduce((sum, { bytes }) => sum + bytes, 0) : 0,
    };
    const fixed = networks.weights + networks.clip;
    const bytesOf = (settings: Config) => fixed + runBytes(lm, E, queryTokens(settings), settings);
    const need = bytesOf(config);
    const room = gpu && (await findRoom(gpu.device, need));
    return {
      ...networks,
      training: need - fixed,
      room,
      proposal: room !== undefined && room < need ? fitConfig(config, room, bytesOf) : undefined,
    };
  } finally {
    gpu?.destroy();
  }
}
