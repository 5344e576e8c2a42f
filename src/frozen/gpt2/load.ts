/** GPT-2's weights from a checkpoint as on Hugging Face, uploaded as they arrive. */
import { Fault, toFaultCause } from '../../faults';
import type { Gpu } from '../../gpu/device';
import { Tensor } from '../../gpu/tensor';
import { float32ToFloat16 } from '../../math/half-floats';
import { type Receive, readSafetensors } from '../../math/safetensors-stream';
import {
  type Header,
  type SafetensorsDType,
  type StoredEntry,
  toFloat32,
  toWords16,
} from '../../math/safetensors-header';
import { fetchBlob, fetchJson } from '../fetch-file';
import { readAhead } from '../read-ahead';
import { parseGpt2Config } from './config';
import type { HalvesWriter, KeptEntry, KeptHalves } from './kept-halves';
import { assembleWeights, parameterShapes, storedAs } from './parameters';
import type { Gpt2Config, Gpt2Weights, WeightDType } from './weights';

/** Causal masks of older checkpoints, which are no parameters. */
const MASK = /\.attn\.(masked_)?bias$/;
/** No parameter either where it is tied to wte; some checkpoints hold it all the same. */
const HEAD = 'lm_head.weight';
/** GPT2LMHeadModel's checkpoints put the network under this name, GPT2Model's do not. */
const OPTIONAL_STEM = 'transformer.';

/**
 * @param base the repository's address: "models/shapes/gpt2/"
 * @param halves where the checkpoint is kept as halves, for `storage` f16
 * @throws Fault download, bad-file, limit
 */
export async function loadGpt2(
  gpu: Gpu,
  base: string,
  storage: WeightDType = 'f32',
  halves?: KeptHalves,
): Promise<Gpt2Weights> {
  const config = parseGpt2Config(`${base}config.json`, await fetchJson(`${base}config.json`));
  const kept = storage === 'f16' ? await halves?.read() : undefined;
  if (kept) {
    try {
      return await receiveGpt2(gpu, config, halves!.name, readAhead(kept), storage);
    } catch (error) {
      // Damaged, or of another config.json: it is made again.
      if (toFaultCause(error).kind !== 'bad-file') throw error;
    }
  }
  const file = `${base}model.safetensors`;
  const original = readAhead(await fetchBlob(file));
  return receiveGpt2(gpu, config, file, original, storage, halves);
}

/**
 * Checks that the checkpoint is exactly the network of `config`, then allocates, then uploads each
 * tensor as its bytes are read.
 * @param storage f16: the matrices become halves on the way
 * @param halves keeps them, for `storage` f16
 * @throws Fault bad-file, limit; nothing is left allocated
 */
export async function receiveGpt2(
  gpu: Gpu,
  config: Gpt2Config,
  file: string,
  checkpoint: Pick<Blob, 'size' | 'stream'>,
  storage: WeightDType = 'f32',
  halves?: KeptHalves,
): Promise<Gpt2Weights> {
  const tensors = new Map<string, Tensor>();
  let writer: HalvesWriter | undefined;
  try {
    await readSafetensors(file, checkpoint.size, checkpoint.stream(), async (header) => {
      checkParameters(file, config, header);
      for (const [name, shape] of parameterShapes(config))
        tensors.set(name, new Tensor(gpu, name, shape, storedAs(name, shape, storage)));
      const tensorOf = ({ name }: StoredEntry) => tensors.get(parameterName(name));
      if (storage === 'f16') {
        const kept = header.entries.flatMap((entry) => tensorOf(entry) ?? []);
        writer = await halves?.begin(kept.map(entryOf), checkpoint.size);
      }
      return (entry) => {
        const tensor = tensorOf(entry);
        return tensor && receiverOf(file, tensor, entry, writer);
      };
    });
    await writer?.finish();
  } catch (error) {
    await writer?.discard();
    for (const tensor of tensors.values()) tensor.destroy();
    throw error;
  }
  return assembleWeights(config, (name) => tensors.get(name)!);
}

const entryOf = ({ label: name, shape, dtype }: Tensor): KeptEntry => ({
  name,
  shape,
  dtype: dtype === 'f16' ? 'F16' : 'F32',
});

function receiverOf(
  file: string,
  tensor: Tensor,
  { dtype }: StoredEntry,
  writer: HalvesWriter | undefined,
): Receive {
  const isHalf = tensor.dtype === 'f16';
  return (piece, first) => {
    const data = isHalf ? toHalves(dtype, piece) : toFloat32(dtype, piece);
    const infinite = data instanceof Uint16Array ? indexOfInfinity(data) : -1;
    if (infinite >= 0) {
      const problem = `${tensor.label} holds ${toFloat32(dtype, piece)[infinite]}, more than f16’s 65,504; choose f32.`;
      throw new Fault({ kind: 'bad-file', file, problem });
    }
    tensor.write(data, first);
    writer?.write(data);
  };
}

const toHalves = (dtype: SafetensorsDType, piece: Uint8Array): Uint16Array =>
  dtype === 'F16' ? toWords16(piece) : float32ToFloat16(toFloat32(dtype, piece));

/** Bits of infinity, its sign left out: what a half becomes beyond 65,504. */
const INFINITE_HALF = 0x7c00;

function indexOfInfinity(halves: Uint16Array): number {
  // A plain loop: this sees every weight, and a callback for each doubles the time.
  for (let i = 0; i < halves.length; i++) if ((halves[i]! & 0x7fff) === INFINITE_HALF) return i;
  return -1;
}

const parameterName = (name: string): string =>
  name.startsWith(OPTIONAL_STEM) ? name.slice(OPTIONAL_STEM.length) : name;

/** @throws Fault bad-file, naming what is missing, misshapen or foreign */
function checkParameters(file: string, config: Gpt2Config, { entries }: Header): void {
  const shapes = parameterShapes(config);
  const stored = new Map(
    entries
      .filter(({ name }) => !MASK.test(name) && (shapes.has(HEAD) || name !== HEAD))
      .map((entry) => [parameterName(entry.name), entry] as const),
  );
  const problems: string[] = [];
  for (const [name, shape] of shapes) {
    const found = stored.get(name)?.shape;
    if (!found) problems.push(`${name} is missing`);
    else if (found.join() !== shape.join())
      problems.push(`${name} is [${found.join(', ')}], config.json needs [${shape.join(', ')}]`);
  }
  for (const name of stored.keys())
    if (!shapes.has(name)) problems.push(`${name} is not a parameter of this network`);
  if (problems.length === 0) return;
  const rest = problems.length > 5 ? ` and ${problems.length - 5} more` : '';
  const problem = problems.slice(0, 5).join('; ') + rest;
  throw new Fault({ kind: 'bad-file', file, problem });
}
