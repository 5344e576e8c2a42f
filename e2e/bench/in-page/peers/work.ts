/**
 * The work that every peer is given: one GPT-2 and one batch, the same numbers on every side. Weights and inputs
 * are hashes of their place, which models/reference/peer.py computes too; a bundled network's weights are its own.
 * Letters: B batch, P prefix, S tokens, L = P + S, D width, V vocabulary, T targets of the states from `offset` on,
 * E features that the projector reads, H its hidden width.
 */
import { parameterShapes } from '../../../../src/frozen/gpt2/parameters';
import { hashed } from '../../../../src/frozen/gpt2/testing/true-size';
import type { Gpt2Config } from '../../../../src/frozen/gpt2/weights';

export interface PeerCase {
  name: string;
  config: Gpt2Config;
  /** The repository that the weights come from; undefined for random ones. */
  repository?: string;
  B: number;
  P: number;
  S: number;
  T: number;
  offset: number;
  /** Of the rollout: its batch, the query's tokens, and tokens sampled. */
  rollout: { B: number; query: readonly number[]; T: number };
  /** Of the run whose iteration is timed, where they are not the default ones. */
  settings: Readonly<Record<string, string | number>>;
}

export interface Work extends PeerCase {
  /** By checkpoint name, linear layers as [in, out]. */
  parameters: ReadonlyMap<string, Float32Array<ArrayBuffer>>;
  /** [B, P, D] */
  prefix: Float32Array<ArrayBuffer>;
  /** [B, S] and [B, T]. */
  tokens: Int32Array<ArrayBuffer>;
  targets: Int32Array<ArrayBuffer>;
  /** [B, T]: the scalar that is differentiated is Σ factor · logp. */
  factors: Float32Array<ArrayBuffer>;
  /** [B, E] */
  features: Float32Array<ArrayBuffer>;
  /** [H, E], [H], [P · D, H], [P · D], as PyTorch's Linear, with tanh between the two. */
  projector: Readonly<Record<ProjectorName, Float32Array<ArrayBuffer>>>;
}

export const PROJECTOR = ['w1', 'b1', 'w2', 'b2'] as const;
export type ProjectorName = (typeof PROJECTOR)[number];
/** Width of the features. */
export const E = 64;
/** As the product's, and as released. */
export const hiddenOf = ({ P, config }: Pick<PeerCase, 'P' | 'config'>): number =>
  Math.floor((config.n_embd * P) / 2);
/** Of AdamW; the gradient's length is not limited. */
export const ADAMW = { rate: 1e-3, decay: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;

/** Numbers of the inputs' hashes, beyond those of any parameter. */
const PREFIX = 10_000;
const TOKENS = 10_001;
const TARGETS = 10_002;
const FACTORS = 10_003;
const FEATURES = 10_004;
/** Of the projector's first tensor; the others follow. */
const FIRST_OF_PROJECTOR = 10_005;
const PIECE = 1 << 18;

/** Uniform, of mean `mean` and deviation `deviation`. */
function random(number: number, size: number, mean: number, deviation: number) {
  const out = new Float32Array(size);
  for (let first = 0; first < size; first += PIECE) {
    const values = hashed(number, first, new Float64Array(Math.min(PIECE, size - first)));
    for (let i = 0; i < values.length; i++) out[first + i] = mean + deviation * values[i]!;
  }
  return out;
}

/** Token ids below V. */
function randomTokens(number: number, size: number, V: number): Int32Array<ArrayBuffer> {
  const uniform = random(number, size, 0.5, 1 / Math.sqrt(12));
  return Int32Array.from(uniform, (value) => Math.min(V - 1, Math.floor(value * V)));
}

/** Matrices large enough that attention and GELU leave their linear range at any width. */
export function randomParameters(config: Gpt2Config): Map<string, Float32Array<ArrayBuffer>> {
  const parameters = new Map<string, Float32Array<ArrayBuffer>>();
  for (const [number, [name, shape]] of [...parameterShapes(config)].entries()) {
    const size = shape.reduce((product, extent) => product * extent, 1);
    const isGain = /ln_\w+\.weight$/.test(name);
    const deviation = shape.length > 1 ? 1 / Math.sqrt(config.n_embd) : 0.1;
    parameters.set(name, random(number, size, isGain ? 1 : 0, deviation));
  }
  return parameters;
}

export function workOf(
  peerCase: PeerCase,
  parameters: ReadonlyMap<string, Float32Array<ArrayBuffer>>,
): Work {
  const { B, P, S, T, config } = peerCase;
  const { n_embd: D, vocab_size: V } = config;
  const hidden = hiddenOf(peerCase);
  const sizes = [hidden * E, hidden, P * D * hidden, P * D];
  const projector = PROJECTOR.map((name, i) => {
    const fanIn = i < 2 ? E : hidden;
    return [name, random(FIRST_OF_PROJECTOR + i, sizes[i]!, 0, 1 / Math.sqrt(fanIn))] as const;
  });
  return {
    ...peerCase,
    parameters,
    prefix: random(PREFIX, B * P * D, 0, 0.5),
    tokens: randomTokens(TOKENS, B * S, V),
    targets: randomTokens(TARGETS, B * T, V),
    factors: random(FACTORS, B * T, 0, 1),
    features: random(FEATURES, B * E, 0, 1),
    projector: Object.fromEntries(projector) as Work['projector'],
  };
}
