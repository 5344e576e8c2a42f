/** GPT-2's weights from a repository laid out as on Hugging Face, uploaded once. */
import { Fault } from '../../faults';
import type { Gpu } from '../../gpu/device';
import { Tensor } from '../../gpu/tensor';
import { parseSafetensors, type Safetensors } from '../../math/safetensors';
import { fetchBytes, fetchJson } from '../fetch-file';
import { parseGpt2Config } from './config';
import { assembleWeights, parameterShapes } from './parameters';
import type { Gpt2Config, Gpt2Weights } from './weights';

/** Tensors of older checkpoints that are no parameters: masks, and the head that is tied to wte. */
const IGNORED = /\.attn\.(masked_)?bias$|^lm_head\.weight$/;
/** GPT2LMHeadModel's checkpoints put the network under this name, GPT2Model's do not. */
const OPTIONAL_STEM = 'transformer.';

/**
 * @param base the repository's address: "models/shapes/gpt2/"
 * @throws Fault download, bad-file, limit
 */
export async function loadGpt2(gpu: Gpu, base: string): Promise<Gpt2Weights> {
  const file = `${base}model.safetensors`;
  const [json, bytes] = await Promise.all([fetchJson(`${base}config.json`), fetchBytes(file)]);
  const config = parseGpt2Config(`${base}config.json`, json);
  return uploadGpt2(gpu, config, file, parseSafetensors(file, bytes));
}

/** Checks that the checkpoint is exactly the network of `config`, then uploads it. */
export function uploadGpt2(
  gpu: Gpu,
  config: Gpt2Config,
  file: string,
  checkpoint: Safetensors,
): Gpt2Weights {
  const stored = new Map(
    [...checkpoint.tensors]
      .filter(([name]) => !IGNORED.test(name))
      .map(([name, tensor]) => [
        name.startsWith(OPTIONAL_STEM) ? name.slice(OPTIONAL_STEM.length) : name,
        tensor,
      ]),
  );
  const shapes = parameterShapes(config);
  const problems: string[] = [];
  for (const [name, shape] of shapes) {
    const found = stored.get(name)?.shape;
    if (!found) problems.push(`${name} is missing`);
    else if (found.join() !== shape.join())
      problems.push(`${name} is [${found.join(', ')}], config.json needs [${shape.join(', ')}]`);
  }
  for (const name of stored.keys())
    if (!shapes.has(name)) problems.push(`${name} is not a parameter of this network`);
  if (problems.length > 0) {
    const rest = problems.length > 5 ? ` and ${problems.length - 5} more` : '';
    const problem = problems.slice(0, 5).join('; ') + rest;
    throw new Fault({ kind: 'bad-file', file, problem });
  }
  return assembleWeights(config, (name, shape) =>
    Tensor.from(gpu, name, shape, stored.get(name)!.values()),
  );
}
