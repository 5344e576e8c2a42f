/**
 * Ours beside its peers: first that their numbers are ours, then their times, in turn. Runs in a page of Vite's
 * server; all peers of one case in one opening of it.
 */
import { loadGpt2 } from '../../../../src/frozen/gpt2/load';
import { openLanguageModel } from '../../../../src/frozen/gpt2/open';
import { parameterTensors } from '../../../../src/frozen/gpt2/parameters';
import type { Gpt2Weights } from '../../../../src/frozen/gpt2/weights';
import { type Gpu, openGpu } from '../../../../src/gpu/device';
import { KernelRunner } from '../../../../src/gpu/kernel';
import { uploaded } from '../random-networks';
import { ortPeer } from './ort';
import { ourIteration } from './our-iteration';
import { ourRollout } from './our-rollout';
import { ourUpdate } from './our-update';
import { ourPasses } from './ours';
import { type OperationName, OPERATIONS, type Operation, type Peer } from './peer';
import { torchPeer } from './torch';
import { type PeerCase, randomParameters, type Work, workOf } from './work';

export interface Comparison {
  operation: OperationName;
  peer: string;
  /** Largest difference to ours over ours' largest number; of rollouts: the share of tokens that differ. */
  difference: number | undefined;
  /** Milliseconds of each round, taken in turn. */
  ours: number[];
  theirs: number[];
}

export interface PeerTimes {
  threads: number;
  comparisons: Comparison[];
  /** Peers that could not take part, and what they said. */
  absent: Record<string, string>;
}

export interface Effort {
  rounds: number;
  /** Seconds after which a comparison ends, with so many rounds at least. */
  seconds: number;
  least: number;
  /** Only peers whose names begin so; all of them where it is empty. */
  only: string;
}

export async function measurePeers(peerCase: PeerCase, effort: Effort): Promise<PeerTimes> {
  const gpu = await openGpu();
  const runner = new KernelRunner(gpu);
  const { weights, work } = await prepare(gpu, peerCase);
  const lm = await openLanguageModel(runner, weights);
  const ours = [
    await ourPasses(runner, weights, work),
    await ourUpdate(runner, weights, work),
    await ourRollout(runner, lm, work),
    await ourIteration(runner, lm, work),
  ];
  // A library is read when it is its turn: not every one can be read in Node.
  const jax = async (on: 'webgpu' | 'wasm') => (await import('./jax')).jaxPeer(on, work);
  const tf = async () => (await import('./tf')).tfPeer('webgpu', work);
  const generate = async (on: 'webgpu' | 'wasm') =>
    (await import('./generate')).generatePeer(gpu, on, work);
  const makers: [string, () => Promise<Peer | undefined>][] = [
    ['ONNX Runtime, wasm', () => ortPeer(gpu, 'wasm', work)],
    ['ONNX Runtime, webgpu', () => ortPeer(gpu, 'webgpu', work)],
    ['jax-js, webgpu', () => jax('webgpu')],
    ['jax-js, wasm', () => jax('wasm')],
    ['TensorFlow.js, webgpu', tf],
    ['PyTorch', () => torchPeer(work)],
    ['ours, language model on kernels', () => onKernels(runner, weights, work)],
    ['transformers.js generate, wasm', () => generate('wasm')],
    ['transformers.js generate, webgpu', () => generate('webgpu')],
  ];
  const comparisons: Comparison[] = [];
  const absent: Record<string, string> = {};
  for (const [name, make] of makers) {
    if (!name.startsWith(effort.only)) continue;
    // A peer that fails must not take the others' figures with it; what it said is reported.
    try {
      const peer = await make();
      if (!peer) throw new Error('not available here');
      for (const operation of OPERATIONS) {
        const theirs = peer.operations[operation];
        const our = ours.map(({ operations }) => operations[operation]).find(Boolean);
        if (!theirs || !our) continue;
        comparisons.push(await compare(operation, peer.name, our, theirs, effort));
        console.info(`${peerCase.name}, ${operation}: ${peer.name} is done`);
      }
      await peer.destroy();
    } catch (error) {
      absent[name] = error instanceof Error ? error.message : String(error);
      console.error(name, error);
    }
  }
  return { threads: navigator.hardwareConcurrency, comparisons, absent };
}

/** What depends on where the language model decodes. */
async function onKernels(runner: KernelRunner, weights: Gpt2Weights, work: Work): Promise<Peer> {
  const lm = await openLanguageModel(runner, weights, 'kernels');
  const parts = [await ourRollout(runner, lm, work), await ourIteration(runner, lm, work)];
  return {
    name: parts[0]!.name,
    operations: Object.assign({}, ...parts.map(({ operations }) => operations)),
    async destroy() {
      for (const part of parts) await part.destroy();
    },
  };
}

/** Ours of the GPU, and the same numbers for the peers. */
async function prepare(
  gpu: Gpu,
  peerCase: PeerCase,
): Promise<{ weights: Gpt2Weights; work: Work }> {
  const { repository } = peerCase;
  if (repository) {
    const weights = await loadGpt2(gpu, new URL(`/${repository}/`, location.href).href);
    const parameters = new Map<string, Float32Array<ArrayBuffer>>();
    for (const [name, tensor] of parameterTensors(weights))
      parameters.set(name, new Float32Array((await tensor.read()) as Float32Array));
    return { weights, work: workOf({ ...peerCase, config: weights.config }, parameters) };
  }
  const parameters = randomParameters(peerCase.config);
  const weights = uploaded(gpu, peerCase.config, parameters);
  return { weights, work: workOf(peerCase, parameters) };
}

const DIFFERENCE = 1e-3;

async function compare(
  operation: OperationName,
  peer: string,
  ours: Operation,
  theirs: Operation,
  { rounds, seconds, least }: Effort,
): Promise<Comparison> {
  // The first run of each compiles, and tells whether the numbers are the same.
  ours.reset?.();
  const [expected, found] = [await ours.run(), await theirs.run()];
  const difference = differenceOf(operation, expected, found);
  if (difference !== undefined && !(difference <= DIFFERENCE))
    throw new Error(`${operation}: its numbers differ from ours by ${difference}`);
  const comparison: Comparison = { operation, peer, difference, ours: [], theirs: [] };
  const started = performance.now();
  while (comparison.ours.length < rounds) {
    const isLate = performance.now() - started > 1000 * seconds;
    if (isLate && comparison.ours.length >= least) break;
    comparison.ours.push(await timed(ours));
    comparison.theirs.push(await timed(theirs));
  }
  return comparison;
}

async function timed(operation: Operation): Promise<number> {
  if (operation.clock) return operation.clock();
  const started = performance.now();
  await operation.run();
  return performance.now() - started;
}

function differenceOf(
  operation: OperationName,
  expected: ArrayLike<number>,
  found: ArrayLike<number>,
): number | undefined {
  if (expected.length !== found.length) return Number.POSITIVE_INFINITY;
  if (operation === 'sampled rollout' || operation === 'iteration') return undefined; // drawn by chance
  let largest = 0;
  let difference = 0;
  let differing = 0;
  for (let i = 0; i < expected.length; i++) {
    const apart = Math.abs(expected[i]! - found[i]!);
    if (apart !== 0) differing++;
    largest = Math.max(largest, Math.abs(expected[i]!));
    // NaN must not pass for equal.
    difference = Number.isNaN(apart) ? Number.POSITIVE_INFINITY : Math.max(difference, apart);
  }
  return operation === 'greedy rollout' ? differing / expected.length : difference / largest;
}
