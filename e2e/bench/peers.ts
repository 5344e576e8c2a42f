/**
 * The same GPT-2 on ONNX Runtime, jax-js, TensorFlow.js, transformers.js and PyTorch as here: the same weights and
 * inputs, one opening of the page, each peer in turn with ours.
 */
import { DEFAULT_CONFIG, batchSize } from '../../src/esper/config.ts';
import type { OperationName } from './in-page/peers/peer.ts';
import type { Comparison, Effort, PeerTimes } from './in-page/peers/measure.ts';
import type { PeerCase } from './in-page/peers/work.ts';
import { measure } from './measure.ts';
import { type BenchOptions, resultName } from './options.ts';
import { writeResult } from './result.ts';
import { type Spread, spreadOf } from './spread.ts';
import { startTorch } from './torch.ts';

const PACKAGES = [
  '@jax-js/jax',
  '@tensorflow/tfjs-core',
  '@tensorflow/tfjs-core/dist/register_all_gradients',
  '@tensorflow/tfjs-backend-webgpu',
  '@huggingface/transformers',
];

const EPSILON = { layer_norm_epsilon: 1e-5 };

/** Of a run of B captions an iteration, K a picture. None may end, so that everyone decodes T tokens. */
const settingsOf = (sizes: {
  B: number;
  K: number;
  P: number;
  T: number;
  minibatches: number;
}): PeerCase['settings'] => ({
  imagesPerBatch: sizes.B / sizes.K,
  samplesPerImage: sizes.K,
  prefixLength: sizes.P,
  responseLength: sizes.T,
  minResponse: sizes.T,
  minibatches: sizes.minibatches,
  trainingPictures: 64,
  clipCalibration: 'given',
});

const SMALL: PeerCase = {
  name: 'small',
  config: {
    ...EPSILON,
    vocab_size: 512,
    n_positions: 64,
    n_embd: 64,
    n_layer: 2,
    n_head: 4,
    eos_token_id: 511,
  },
  B: 16,
  P: 10,
  S: 10,
  T: 20,
  offset: 0,
  rollout: { B: 16, query: [511, 7, 30], T: 20 },
  settings: settingsOf({ B: 16, K: 4, P: 10, T: 20, minibatches: 1 }),
};

/** The bundled language model, a minibatch and a rollout of the default run: the query is "<|endoftext|>caption:". */
const BUNDLED: PeerCase = (() => {
  const { minibatches, prefixLength: P, responseLength: T } = DEFAULT_CONFIG;
  const batch = batchSize(DEFAULT_CONFIG);
  const query = [511, 291, 25];
  return {
    name: 'bundled',
    repository: 'models/shapes/gpt2',
    config: SMALL.config,
    B: batch / minibatches,
    P,
    S: query.length + T - 1,
    T,
    offset: P + query.length - 1,
    rollout: { B: batch, query, T },
    settings: settingsOf({ B: batch, K: DEFAULT_CONFIG.samplesPerImage, P, T, minibatches }),
  };
})();

const LARGE: PeerCase = {
  name: 'GPT-2 124M',
  config: {
    ...EPSILON,
    vocab_size: 50257,
    n_positions: 1024,
    n_embd: 768,
    n_layer: 12,
    n_head: 12,
    eos_token_id: 50256,
  },
  B: 8,
  P: 10,
  S: 22,
  T: 20,
  offset: 11,
  rollout: { B: 16, query: [50256, 464, 4590], T: 20 },
  settings: settingsOf({ B: 16, K: 4, P: 10, T: 20, minibatches: 2 }),
};

interface Bar {
  case: string;
  operation: OperationName;
  /** Every peer whose name begins so. */
  peers: string;
  times: number;
  /** Wanted of a GPU; left out elsewhere. */
  gpuOnly?: true;
}

/** How many times as long as ours a peer is to take, at least. */
const BARS: readonly Bar[] = [
  { case: 'small', operation: 'gradient', peers: 'jax-js', times: 3 },
  { case: 'bundled', operation: 'update', peers: 'jax-js', times: 3 },
  { case: 'bundled', operation: 'update', peers: 'TensorFlow.js', times: 3 },
  { case: 'bundled', operation: 'sampled rollout', peers: 'transformers.js', times: 3 },
  { case: 'GPT-2 124M', operation: 'update', peers: 'jax-js', times: 3, gpuOnly: true },
  { case: 'GPT-2 124M', operation: 'update', peers: 'TensorFlow.js', times: 3, gpuOnly: true },
  {
    case: 'GPT-2 124M',
    operation: 'sampled rollout',
    peers: 'transformers.js',
    times: 3,
    gpuOnly: true,
  },
  { case: 'GPT-2 124M', operation: 'iteration', peers: 'PyTorch', times: 1, gpuOnly: true },
];

export interface PeerRow {
  operation: OperationName;
  peer: string;
  difference: number | undefined;
  ours: Spread;
  theirs: Spread;
  /** Their median over ours of the same rounds. */
  times: number;
  rounds: number;
}

export interface PeersResult {
  adapter: string;
  threads: number;
  cases: { name: string; work: PeerCase; rows: PeerRow[]; absent: Record<string, string> }[];
  bars: (Bar & { peer: string; reached: number; isPassed: boolean })[];
}

function rowOf({ operation, peer, difference, ours, theirs }: Comparison): PeerRow {
  const [our, their] = [spreadOf(ours), spreadOf(theirs)];
  const times = their.median / our.median;
  return { operation, peer, difference, ours: our, theirs: their, times, rounds: ours.length };
}

export async function benchPeers(options: BenchOptions): Promise<void> {
  const { isLarge, onGpu } = options;
  const [only = ''] = options.rest;
  const effort: Effort = {
    rounds: 15,
    seconds: isLarge ? 60 : 15,
    least: isLarge ? 1 : 3,
    only,
  };
  const result: PeersResult = { adapter: '', threads: 0, cases: [], bars: [] };
  const torch = await startTorch(onGpu);
  try {
    for (const work of isLarge ? [LARGE] : [SMALL, BUNDLED]) {
      const times = await measure<PeerTimes>(
        'peers/measure',
        'measurePeers',
        [work, effort],
        options,
        {
          port: 4187,
          packages: PACKAGES,
          exposed: { askTorch: torch.ask, torchDevice: () => torch.device },
        },
      );
      const { adapter, threads, comparisons, absent } = times;
      Object.assign(result, { adapter, threads });
      const rows = comparisons.map(rowOf);
      result.cases.push({ name: work.name, work, rows, absent });
      print(work, rows, absent, adapter);
    }
  } finally {
    torch.close();
  }
  result.bars = BARS.filter(({ gpuOnly }) => onGpu || !gpuOnly).flatMap((bar) =>
    result.cases
      .filter(({ name }) => name === bar.case)
      .flatMap(({ rows }) => rows)
      .filter(({ operation, peer }) => operation === bar.operation && peer.startsWith(bar.peers))
      .map(({ peer, times }) => ({ ...bar, peer, reached: times, isPassed: times >= bar.times })),
  );
  for (const { isPassed, case: name, operation, peer, times, reached } of result.bars)
    console.log(
      `${isPassed ? 'pass' : 'FAIL'}  ${name}, ${operation}: ${reached.toFixed(2)} × ${peer}, wanted ${times}`,
    );
  writeResult(resultName('peers', options), result);
}

function print(
  { name, B, P, S, T, rollout }: PeerCase,
  rows: readonly PeerRow[],
  absent: Readonly<Record<string, string>>,
  adapter: string,
): void {
  console.log(
    `\n${name} on ${adapter}: B ${B}, P ${P}, S ${S}, T ${T}; rollout of ${rollout.B} × ${rollout.T}`,
  );
  console.log(`${''.padEnd(52)}theirs (10th, 90th)       ours (10th, 90th)   times`);
  const cell = (value: number) => value.toFixed(value < 100 ? 1 : 0).padStart(7);
  const spread = ({ median, low, high }: Spread) => `${cell(median)} (${cell(low)},${cell(high)})`;
  for (const { operation, peer, ours, theirs, times } of rows)
    console.log(
      `${operation.padEnd(16)}${peer.padEnd(32)}${spread(theirs)} ${spread(ours)} ${cell(times)}`,
    );
  for (const [peer, problem] of Object.entries(absent)) console.log(`${peer}: ${problem}`);
}
