/**
 * GPT-2 behind keys and values of every layer, against PyTorch's autograd in float64
 * (models/reference/golden_projectors.py): states and the prefix's gradient within 1e-4 of the largest.
 */
import { expect, it } from 'vitest';
import golden from '../../../models/reference/golden/gpt2-deep.json';
import checkpointUrl from '../../../models/reference/golden/gpt2.safetensors?url';
import { Tensor } from '../../gpu/tensor';
import { withRunner } from '../../gpu/testing/harness';
import { Gpt2Differentiable } from './differentiable';
import { receiveGpt2 } from './load';
import { openLanguageModel } from './open';
import { logitsOf, readOn } from './testing/decoding';

const gpu = withRunner();

const { n_embd: D, n_layer: N } = golden.gpt2;
const B = golden.tokens.length;
const S = golden.tokens[0]!.length;
const P = golden.prefix[0]!.length;
const L = P + S;
const TOKENS = Uint32Array.from(golden.tokens.flat());
const PREFIX = Float32Array.from(golden.prefix.flat(4));

const weightsOf = async () =>
  receiveGpt2(
    gpu.runner.gpu,
    golden.gpt2,
    'gpt2.safetensors',
    await (await fetch(checkpointUrl)).blob(),
  );

function expectNear(actual: ArrayLike<number>, expected: readonly number[]) {
  expect(actual).toHaveLength(expected.length);
  const scale = Math.max(...expected.map(Math.abs));
  expected.forEach((value, i) =>
    expect(Math.abs(actual[i]! - value) / scale, `element ${i}`).toBeLessThanOrEqual(1e-4),
  );
}

/** The tokens' rows of [B, L, D]. */
const ofTokens = (hidden: ArrayLike<number>): number[] =>
  Array.from({ length: B }, (_, b) =>
    Array.from({ length: S * D }, (__, i) => hidden[(b * L + P) * D + i]!),
  ).flat();

it('has PyTorch’s states and gradient of the prefix, twice', async () => {
  const { runner } = gpu;
  const model = await Gpt2Differentiable.create(runner, await weightsOf(), { B, P, S, deep: true });
  model.prefix.write(PREFIX);
  model.tokens.write(TOKENS);
  const dHidden = new Float32Array(B * L * D);
  golden.dHidden.forEach((rows, b) => dHidden.set(rows.flat(), (b * L + P) * D));
  model.dHidden.write(dHidden);
  for (let pass = 0; pass < 2; pass++)
    await runner.gpu.checked('gpt2', () =>
      runner.submit('forward and backward', [...model.forward, ...model.backward]),
    );
  expectNear(ofTokens(await model.hidden.read()), golden.hidden.flat(2));
  expectNear(await model.dPrefix.read(), golden.dPrefix.flat(4));
  model.destroy();
});

it.each(['kernels', 'wasm'] as const)('reads and decodes behind it, opened on %s', async (on) => {
  const { runner } = gpu;
  const model = await openLanguageModel(runner, await weightsOf(), on);
  expect(model.provider).toBe(on);
  const prefix = Tensor.from(runner.gpu, 'prefix', [B, P, N, 2, D], PREFIX);
  const tokens = Tensor.from(runner.gpu, 'tokens', [B, S], TOKENS);
  const out = new Tensor(runner.gpu, 'hidden', [B, L, D]);
  await model.hidden({ prefix, tokens, out });
  expectNear(ofTokens(await out.read()), golden.hidden.flat(2));

  const column = (from: number, to: number) =>
    Uint32Array.from(golden.tokens.flatMap((row) => row.slice(from, to)));
  const Q = 2;
  const query = Tensor.from(runner.gpu, 'query', [B, Q], column(0, Q));
  const next = new Tensor(runner.gpu, 'next', [B], 'u32');
  const decoding = await model.startDecoding({ prefix, query, B, steps: S - Q });
  for (let t = Q; t <= S; t++) {
    expectNear(
      await logitsOf(decoding, B, golden.gpt2.vocab_size),
      golden.logits.flatMap((rows) => rows[t - 1]!),
    );
    if (t === S) break;
    await readOn(decoding, column(t, t + 1), next, golden.gpt2.vocab_size);
  }
  decoding.end();
  await model.dispose();
});
