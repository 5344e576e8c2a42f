/** jax-js: the same network in its NumPy, compiled by its `jit`, differentiated by its `grad`. */
import { defaultDevice, grad, init, jit, nn, numpy as np } from '@jax-js/jax';
import { parameterShapes } from '../../../../src/frozen/gpt2/parameters';
import { headName } from '../../../../src/frozen/gpt2/weights';
import type { Operation, Peer } from './peer';
import type { Work } from './work';

/**
 * c_attn in three: the gradient of one product that is split came out wrong of `jit` on WebGPU in 0.1.25 (and right
 * without `jit`, and on WASM); of three products it is right.
 */
const PARTS = ['query', 'key', 'value'] as const;

type Parameters = Record<string, np.Array>;
/** i32 [B, S] and [B, T], f32 [B, T]. */
type Inputs = { tokens: np.Array; targets: np.Array; factors: np.Array };

/**
 * A function takes its arguments over: what is used again is passed as `.ref`. Each parameter of the tree is used
 * once, but for wte.
 */
function likelihood({ config, P, S, T, offset }: Work) {
  const { n_embd: D, n_head: H, n_layer, vocab_size: V, layer_norm_epsilon: epsilon } = config;
  const L = P + S;
  return (parameters: Parameters, prefix: np.Array, { tokens, targets, factors }: Inputs) => {
    factors.dispose();
    const at = (name: string) => parameters[name]!;
    const B = prefix.shape[0]!;
    const norm = (x: np.Array, name: string) =>
      nn
        .standardize(x, -1, { epsilon })
        .mul(at(`${name}.weight`))
        .add(at(`${name}.bias`));
    const linear = (x: np.Array, name: string) =>
      np.matmul(x, at(`${name}.weight`)).add(at(`${name}.bias`));
    const wte = at('wte.weight');
    const head = headName(config) === 'wte.weight' ? wte.ref : at('lm_head.weight');
    const words = np.take(wte, tokens, 0);
    let x = np.concatenate([prefix, words], 1).add(at('wpe.weight'));
    for (let layer = 0; layer < n_layer; layer++) {
      const h = `h.${layer}`;
      const normed = norm(x.ref, `${h}.ln_1`);
      const [q, k, v] = PARTS.map((part) =>
        linear(normed.ref, `${h}.attn.${part}`).reshape([B, L, H, D / H]),
      );
      normed.dispose();
      const attended = nn.dotProductAttention(q!, k!, v!, { isCausal: true }).reshape([B, L, D]);
      x = x.add(linear(attended, `${h}.attn.c_proj`));
      const inner = nn.gelu(linear(norm(x.ref, `${h}.ln_2`), `${h}.mlp.c_fc`), {
        approximate: true,
      });
      x = x.add(linear(inner, `${h}.mlp.c_proj`));
    }
    const states = norm(x, 'ln_f').slice([], [offset, offset + T]);
    const logp = nn.logSoftmax(np.matmul(states, head.transpose()), -1);
    return logp.mul(nn.oneHot(targets, V)).sum(-1);
  };
}

/** [.., 3D] as three of [.., D]. */
function split(values: Float32Array, shape: readonly number[]): Float32Array<ArrayBuffer>[] {
  const width = shape.at(-1)!;
  const D = width / 3;
  return PARTS.map((_, part) =>
    Float32Array.from(
      { length: values.length / 3 },
      (_element, i) => values[Math.floor(i / D) * width + part * D + (i % D)]!,
    ),
  );
}

export async function jaxPeer(device: 'webgpu' | 'wasm', work: Work): Promise<Peer | undefined> {
  if (!(await init()).includes(device)) return undefined;
  defaultDevice(device);
  const { config, B, P, S, T, prefix, tokens, targets, factors } = work;
  const { n_embd: D } = config;
  const array = (data: Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer>, shape: number[]) =>
    np.array(data, { shape, dtype: data instanceof Float32Array ? np.float32 : np.int32 });
  const parameters: Parameters = {};
  for (const [name, shape] of parameterShapes(config)) {
    if (name.includes('c_attn')) {
      const columns = split(work.parameters.get(name)!, shape);
      for (const [i, part] of PARTS.entries())
        parameters[name.replace('c_attn', part)] = array(columns[i]!, [...shape.slice(0, -1), D]);
      continue;
    }
    const [extents, count] = name === 'wpe.weight' ? [[P + S, D], (P + S) * D] : [shape, undefined];
    parameters[name] = array(work.parameters.get(name)!.slice(0, count), [...extents]);
  }
  const given = array(prefix, [B, P, D]);
  const inputs: Inputs = {
    tokens: array(tokens, [B, S]),
    targets: array(targets, [B, T]),
    factors: array(factors, [B, T]),
  };
  const logp = likelihood(work);
  const scalar: typeof logp = (all, vectors, of) =>
    logp(all, vectors, { ...of, factors: of.factors.ref })
      .mul(of.factors)
      .sum();
  const forward = jit(logp);
  const gradient = jit<typeof logp>((...all) => grad(scalar, { argnums: 1 })(...all));
  const kept = <Tree extends Record<string, np.Array>>(tree: Tree): Tree =>
    Object.fromEntries(Object.entries(tree).map(([name, value]) => [name, value.ref])) as Tree;
  const reading = (compute: typeof forward): Operation => ({
    async run() {
      defaultDevice(device);
      return (await compute(kept(parameters), given.ref, kept(inputs)).data()) as Float32Array;
    },
  });
  return {
    name: `jax-js, ${device}`,
    operations: { forward: reading(forward), gradient: reading(gradient) },
    destroy() {
      for (const value of [...Object.values(parameters), ...Object.values(inputs), given])
        value.dispose();
      forward.dispose();
      gradient.dispose();
    },
  };
}
