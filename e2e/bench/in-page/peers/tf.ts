/** TensorFlow.js: the same network in its operators, differentiated by its tape. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import '@tensorflow/tfjs-backend-webgpu';
import { parameterShapes } from '../../../../src/frozen/gpt2/parameters';
import { headName } from '../../../../src/frozen/gpt2/weights';
import type { Operation, Peer } from './peer';
import { ADAMW, E, hiddenOf, PROJECTOR, type Work } from './work';

type Parameters = Readonly<Record<string, tf.Tensor>>;

function gelu(x: tf.Tensor): tf.Tensor {
  const inner = tf.mul(
    Math.sqrt(2 / Math.PI),
    tf.add(x, tf.mul(0.044715, tf.mul(x, tf.square(x)))),
  );
  return tf.mul(tf.mul(0.5, x), tf.add(1, tf.tanh(inner)));
}

/** prefix [B, P, D] → log-probabilities [B, T]; `wanted` is the targets' one-hot [B, T, V]. */
function likelihood(
  { config, B, P, S, T, offset }: Work,
  parameters: Parameters,
  mask: tf.Tensor,
  words: tf.Tensor,
  wanted: tf.Tensor,
) {
  const { n_embd: D, n_head: H, n_layer, vocab_size: V, layer_norm_epsilon: epsilon } = config;
  const L = P + S;
  const at = (name: string) => parameters[name]!;
  // Two axes throughout: its matrix product wants no third.
  const norm = (x: tf.Tensor, name: string) => {
    const { mean, variance } = tf.moments(x, -1, true);
    const normed = tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, epsilon)));
    return tf.add(tf.mul(normed, at(`${name}.weight`)), at(`${name}.bias`));
  };
  const linear = (x: tf.Tensor, name: string) =>
    tf.add(tf.matMul(x, at(`${name}.weight`)), at(`${name}.bias`));
  const heads = (x: tf.Tensor) => tf.transpose(tf.reshape(x, [B, L, H, D / H]), [0, 2, 1, 3]);
  return (prefix: tf.Tensor): tf.Tensor => {
    const both = tf.add(tf.concat([prefix, words], 1), at('wpe.weight'));
    let x: tf.Tensor = tf.reshape(both, [B * L, D]);
    for (let layer = 0; layer < n_layer; layer++) {
      const h = `h.${layer}`;
      const qkv = linear(norm(x, `${h}.ln_1`), `${h}.attn.c_attn`);
      const [q, k, v] = tf.split(qkv, 3, -1).map(heads) as [tf.Tensor, tf.Tensor, tf.Tensor];
      const scores = tf.mul(tf.matMul(q, k, false, true), 1 / Math.sqrt(D / H));
      const mixed = tf.matMul(tf.softmax(tf.add(scores, mask)), v);
      const attended = tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), [B * L, D]);
      x = tf.add(x, linear(attended, `${h}.attn.c_proj`));
      const inner = gelu(linear(norm(x, `${h}.ln_2`), `${h}.mlp.c_fc`));
      x = tf.add(x, linear(inner, `${h}.mlp.c_proj`));
    }
    const all = tf.reshape(norm(x, 'ln_f'), [B, L, D]);
    const states = tf.reshape(tf.slice(all, [0, offset, 0], [B, T, D]), [B * T, D]);
    const logits = tf.matMul(states, at(headName(config)), false, true);
    const logp = tf.mul(tf.logSoftmax(logits), tf.reshape(wanted, [B * T, V]));
    return tf.reshape(tf.sum(logp, -1), [B, T]);
  };
}

/** One step of AdamW on the projector: values, first and second moments, four of each, in this order. */
function updated(
  { B, P, config }: Work,
  logp: (prefix: tf.Tensor) => tf.Tensor,
  factors: tf.Tensor,
  features: tf.Tensor,
  state: readonly tf.Tensor[],
  step: number,
): tf.Tensor[] {
  const { rate, decay, beta1, beta2, epsilon } = ADAMW;
  const values = state.slice(0, 4);
  const loss = (w1: tf.Tensor, b1: tf.Tensor, w2: tf.Tensor, b2: tf.Tensor) => {
    const hidden = tf.tanh(tf.add(tf.matMul(features, w1, false, true), b1));
    const prefix = tf.add(tf.matMul(hidden, w2, false, true), b2);
    return tf.sum(tf.mul(logp(tf.reshape(prefix, [B, P, config.n_embd])), factors));
  };
  const gradients = tf.grads(loss as (...args: tf.Tensor[]) => tf.Tensor)(values);
  const first = gradients.map((gradient, i) =>
    tf.add(tf.mul(state[4 + i]!, beta1), tf.mul(gradient, 1 - beta1)),
  );
  const second = gradients.map((gradient, i) =>
    tf.add(tf.mul(state[8 + i]!, beta2), tf.mul(tf.square(gradient), 1 - beta2)),
  );
  const next = values.map((value, i) => {
    const root = tf.add(tf.sqrt(tf.div(second[i]!, 1 - beta2 ** step)), epsilon);
    const change = tf.div(tf.div(first[i]!, 1 - beta1 ** step), root);
    return tf.sub(tf.mul(value, 1 - rate * decay), tf.mul(change, rate));
  });
  return [...next, ...first, ...second];
}

export async function tfPeer(backend: 'webgpu' | 'cpu', work: Work): Promise<Peer | undefined> {
  if (!(await tf.setBackend(backend))) return undefined;
  await tf.ready();
  const { config, B, P, S, T, prefix, tokens, targets, factors } = work;
  const { n_embd: D, vocab_size: V } = config;
  const L = P + S;
  const parameters: Record<string, tf.Tensor> = {};
  for (const [name, shape] of parameterShapes(config)) {
    const data = work.parameters.get(name)!;
    parameters[name] =
      name === 'wpe.weight' ? tf.tensor(data.slice(0, L * D), [L, D]) : tf.tensor(data, [...shape]);
  }
  const causal = Float32Array.from({ length: L * L }, (_, i) =>
    i % L > Math.floor(i / L) ? -1e9 : 0,
  );
  const mask = tf.tensor(causal, [L, L]);
  const words = tf.gather(parameters['wte.weight']!, tf.tensor(tokens, [B, S], 'int32'));
  const wanted = tf.cast(tf.oneHot(tf.tensor(targets, [B, T], 'int32'), V), 'float32');
  const given = tf.tensor(prefix, [B, P, D]);
  const weight = tf.tensor(factors, [B, T]);
  const logp = likelihood(work, parameters, mask, words, wanted);
  const gradient = tf.grad((x) => tf.sum(tf.mul(logp(x), weight)));
  const reading = (compute: (x: tf.Tensor) => tf.Tensor): Operation => ({
    async run() {
      await tf.setBackend(backend);
      const out = tf.tidy(() => compute(given));
      try {
        return await out.data();
      } finally {
        out.dispose();
      }
    },
  });
  const hidden = hiddenOf(work);
  const extents = [[hidden, E], [hidden], [P * D, hidden], [P * D]];
  const values = PROJECTOR.map((name, i) => tf.tensor(work.projector[name], extents[i]!));
  const zeros = () => extents.map((shape) => tf.zeros(shape));
  const features = tf.tensor(work.features, [B, E]);
  let state: tf.Tensor[] = [...values, ...zeros(), ...zeros()];
  let steps = 0;
  const update: Operation = {
    async run() {
      await tf.setBackend(backend);
      const next = tf.tidy(() => updated(work, logp, weight, features, state, ++steps));
      tf.dispose(state);
      state = next;
      return state[5]!.data(); // first moment of b1
    },
  };
  return {
    name: `TensorFlow.js, ${backend}`,
    operations: { forward: reading(logp), gradient: reading(gradient), update },
    destroy() {
      const all = [...Object.values(parameters), ...state, features];
      tf.dispose([...all, mask, words, wanted, given, weight]);
    },
  };
}
