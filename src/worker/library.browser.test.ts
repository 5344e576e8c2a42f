/** What the library's worker plans to fetch of a pair: the encoder's own config.json tells its towers. */
import { describe, expect, inject, it } from 'vitest';
import { DEFAULT_CONFIG } from '../esper/config';
import { connectLibrary } from './library-client';

const library = connectLibrary();
const hub = { address: inject('hub') };
const pairWith = (clip: string) =>
  ({ lm: 'double/gpt2', lmDType: 'f32', clip, clipDType: 'fp16' }) as const;

describe('the plan of a pair', () => {
  it.each([
    ['a CLIP', 'double/clip', 'vision', 64],
    ['a CLAP', 'double/clap', 'audio', 32],
  ])('of %s asks for its towers', async (_, clip, tower, bytes) => {
    const plan = await library.plan(hub, pairWith(clip), DEFAULT_CONFIG);
    if (!plan.ok) throw new Error(JSON.stringify(plan.fault));
    const [lm, encoder] = plan.value.repositories;
    expect(lm.files.map(({ path }) => path)).toEqual([
      'config.json',
      'tokenizer.json',
      'model.safetensors',
    ]);
    expect(encoder.files.map(({ path }) => path)).toEqual([
      'config.json',
      'preprocessor_config.json',
      'tokenizer.json',
      `onnx/${tower}_model_fp16.onnx`,
      'onnx/text_model_fp16.onnx',
    ]);
    expect(encoder.files.find(({ path }) => path.includes(tower))!.bytes).toBe(bytes);
    expect(plan.value.memory.training).toBeGreaterThan(1e5);
    expect(await library.isStored(pairWith(clip))).toEqual({ ok: true, value: false });
  });

  it('of another network says what it is not', async () => {
    expect(await library.plan(hub, pairWith('double/gpt2'), DEFAULT_CONFIG)).toMatchObject({
      ok: false,
      fault: {
        kind: 'bad-file',
        file: 'double/gpt2',
        problem: expect.stringMatching(/CLIP.*CLAP/),
      },
    });
  });
});
