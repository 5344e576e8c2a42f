/** jax-js: the same network in its NumPy, compiled by its `jit`, differentiated by its `grad`. */
import { defaultDevice, grad, init, jit, nn, numpy as np } from '@jax-js/jax';
import { parameterShapes } from '../../../../src/frozen/gpt2/parameters';
import { headName } from '../../../../src/frozen/gpt2/weights';
import type { Operation, Peer } from './peer';
import { ADAMW, E, hiddenOf, PROJECTOR, type ProjectorName, type Work } from './work';

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

type Trained = Record<ProjectorName, np.Array>;
type State = { values: Trained; first: Trained; second: Trained };
/** What AdamW's moments are divided by, which changes with the step. */
type Corrections = { first: np.Array; second: np.Array };

/** One step of AdamW on the projector, its matrices as [in, out]. */
function updating(work: Work, logp: ReturnType<typeof likelihood>) {
  const { B, P, config } = work;
  const { rate, decay, beta1, beta2, epsilon } = ADAMW;
  const loss = (
    { w1, b1, w2, b2 }: Trained,
    features: np.Array,
    parameters: Parameters,
    inputs: Inputs,
  ) => {
    const hidden = np.tanh(np.matmul(features, w1).add(b1));
    const prefix = np.matmul(hidden, w2).add(b2).reshape([B, P, config.n_embd]);
    const factors = inputs.factors.ref;
    return logp(parameters, prefix, inputs).mul(factors).sum();
  };
  return (
    { values, first, second }: State,
    features: np.Array,
    parameters: Parameters,
    inputs: Inputs,
    corrections: Corrections,
  ): State => {
    const gradients = grad(loss, { argnums: 0 })(kept(values), features, parameters, inputs);
    const next: State = { values: { ...values }, first: { ...first }, second: { ...second } };
    for (const name of PROJECTOR) {
      const gradient = gradients[name] as np.Array;
      const m = first[name].mul(beta1).add(gradient.ref.mul(1 - beta1));
      const v = second[name].mul(beta2).add(np.square(gradient).mul(1 - beta2));
      const root = np.sqrt(v.ref.div(corrections.second.ref)).add(epsilon);
      const step = m.ref.div(corrections.first.ref).div(root).mul(rate);
      next.values[name] = values[name].mul(1 - rate * decay).sub(step);
      next.first[name] = m;
      next.second[name] = v;
    }
    corrections.first.dispose();
    corrections.second.dispose();
    return next;
  };
}

/** The same tree, to be handed over once more. */
const kept = <Tree extends Record<string, np.Array>>(tree: Tree): Tree =>
  Object.fromEntries(Object.entries(tree).map(([name, value]) => [name, value.ref])) as Tree;

/** [rows, columns] → [columns, rows] */
function transposed(values: Float32Array, columns: number): Float32Array<ArrayBuffer> {
  const rows = values.length / columns;
  const element = (i: number) => values[(i % rows) * columns + Math.floor(i / rows)]!;
  return Float32Array.from({ length: values.length }, (_, i) => element(i));
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
  const hidden = hiddenOf(work);
  const { w1, b1, w2, b2 } = work.projector;
  const extents = { w1: [E, hidden], b1: [hidden], w2: [hidden, P * D], b2: [P * D] };
  const values = { w1: transposed(w1, E), b1, w2: transposed(w2, hidden), b2 };
  const tree = (make: (name: ProjectorName) => Float32Array<ArrayBuffer>): Trained => {
    const made = PROJECTOR.map((name) => [name, array(make(name), extents[name])] as const);
    return Object.fromEntries(made) as Trained;
  };
  const zeros = () => tree((name) => new Float32Array(values[name].length));
  let state: State = { values: tree((name) => values[name]), first: zeros(), second: zeros() };
  const features = array(work.features, [B, E]);
  const update = jit(updating(work, logp));
  let steps = 0;
  const reading = (compute: typeof forward): Operation => ({
    async run() {
      defaultDevice(device);
      return (await compute(kept(parameters), given.ref, kept(inputs)).data()) as Float32Array;
    },
  });
  return {
    name: `jax-js, ${device}`,
    operations: {
      forward: reading(forward),
      gradient: reading(gradient),
      update: {
        async run() {
          defaultDevice(device);
          steps++;
          const corrections = {
            first: np.array(1 - ADAMW.beta1 ** steps),
            second: np.array(1 - ADAMW.beta2 ** steps),
          };
          state = update(state, features.ref, kept(parameters), kept(inputs), corrections);
          return (await state.first.b1.ref.data()) as Float32Array;
        },
      },
    },
    destroy() {
      const trees = [parameters, inputs, state.values, state.first, state.second];
      for (const value of [...trees.flatMap((each) => Object.values(each)), given, features])
        value.dispose();
      for (const compiled of [forward, gradient, update]) compiled.dispose();
    },
  };
}
