/** The bundled GPT-2 as the page loads it. */
import { expect, it } from 'vitest';
import { Tensor } from '../../gpu/tensor';
import { withRunner } from '../../gpu/testing/harness';
import { loadTokenizer } from '../tokenizer';
import { loadGpt2 } from './load';
import { openLanguageModel } from './open';
import { logitsOf, readOn } from './testing/decoding';

const BASE = new URL('/models/shapes/gpt2/', location.href).href;
const kit = withRunner();

it('the bundled GPT-2 goes on with a sentence in its own words', async () => {
  const { gpu } = kit.runner;
  const weights = await loadGpt2(gpu, BASE);
  const tokenizer = await loadTokenizer(BASE);
  expect(tokenizer.eosId).toBe(weights.config.eos_token_id);
  const model = await openLanguageModel(kit.runner, weights);
  const ids = tokenizer.encode('a small red');
  const query = Tensor.from(gpu, 'query', [1, ids.length], Uint32Array.from(ids));
  const next = new Tensor(gpu, 'next', [1], 'u32');
  const steps = 8;
  const V = weights.config.vocab_size;
  const decoding = await model.startDecoding({ prefix: undefined, query, B: 1, steps });
  const said: number[] = [];
  for (let t = 0; t < steps; t++) {
    const logits = await logitsOf(decoding, 1, V);
    said.push(logits.indexOf(Math.max(...logits)));
    if (t + 1 < steps) await readOn(decoding, Uint32Array.of(said.at(-1)!), next, V);
  }
  decoding.end();
  await model.dispose();
  expect(tokenizer.decode(said)).toMatch(
    /circle|square|triangle|star|heart|cross|ring|diamond|pentagon|hexagon/,
  );
});
