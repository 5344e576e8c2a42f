/** Checkpoints that fit, and that do not. */
import { describe, expect, it } from 'vitest';
import { withRunner } from '../../gpu/testing/harness';
import { float16ToFloat32, float32ToFloat16 } from '../../math/half-floats';
import { writeSafetensors } from '../../math/safetensors';
import { loadGpt2, receiveGpt2 } from './load';
import { parameterShapes, parameterTensors } from './parameters';
import { SMALL } from './testing/small-gpt2';

const kit = withRunner();

type Entries = Map<string, { shape: readonly number[]; data: Float32Array }>;

/** A checkpoint of `SMALL`, each tensor filled with its place in the file. */
function smallCheckpoint(stem = ''): Entries {
  return new Map(
    [...parameterShapes(SMALL)].map(([name, shape], place) => {
      const size = shape.reduce((product, extent) => product * extent, 1);
      return [stem + name, { shape, data: new Float32Array(size).fill(place) }];
    }),
  );
}

/** The same in 16 bits, as a file; the places are numbers that both kinds of 16 bits hold exactly. */
function shortCheckpoint(dtype: 'F16' | 'BF16'): Blob {
  const header: Record<string, unknown> = {};
  const parts: Uint16Array<ArrayBuffer>[] = [];
  let end = 0;
  for (const [name, { shape, data }] of smallCheckpoint()) {
    const bits =
      dtype === 'F16'
        ? float32ToFloat16(data)
        : Uint16Array.from(new Uint32Array(data.buffer), (word) => word >>> 16);
    header[name] = { dtype, shape, data_offsets: [end, end + bits.byteLength] };
    end += bits.byteLength;
    parts.push(Uint16Array.from(bits));
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const length = new BigUint64Array([BigInt(json.length)]);
  return new Blob([length, json, ...parts]);
}

const upload = (entries: Entries) =>
  receiveGpt2(kit.runner.gpu, SMALL, 'x', new Blob([writeSafetensors(entries)]));

describe('a GPT-2 checkpoint', () => {
  it.each(['', 'transformer.'])('is uploaded once, with names under “%s”', async (stem) => {
    const entries = smallCheckpoint(stem);
    const buffer = { shape: [1, 1], data: Float32Array.of(1) };
    entries.set(`${stem}h.0.attn.bias`, buffer).set(`${stem}h.0.attn.masked_bias`, buffer);
    entries.set('lm_head.weight', buffer);
    const before = kit.runner.gpu.usage.buffers;
    const weights = await upload(entries);
    expect(kit.runner.gpu.usage.buffers - before).toBe(parameterShapes(SMALL).size);
    const [first, ...rest] = await weights.blocks[1]!['attn.c_attn.bias'].read();
    expect(first).toBe([...parameterShapes(SMALL).keys()].indexOf('h.1.attn.c_attn.bias'));
    expect(new Set(rest)).toEqual(new Set([first]));
  });

  it.each([
    { dtype: 'F16', storage: 'f32' },
    { dtype: 'F16', storage: 'f16' },
    { dtype: 'BF16', storage: 'f32' },
    { dtype: 'BF16', storage: 'f16' },
  ] as const)('in $dtype is widened or kept as $storage', async ({ dtype, storage }) => {
    const file = shortCheckpoint(dtype);
    const weights = await receiveGpt2(kit.runner.gpu, SMALL, 'x', file, storage);
    for (const [place, tensor] of [...parameterTensors(weights).values()].entries()) {
      const values = await tensor.read();
      const floats = values instanceof Uint16Array ? float16ToFloat32(values) : values;
      expect(new Set(floats), tensor.label).toEqual(new Set([place]));
    }
  });

  it('has a head of its own where config.json says so', async () => {
    const untied = { ...SMALL, tie_word_embeddings: false };
    const entries = smallCheckpoint();
    const receive = () =>
      receiveGpt2(kit.runner.gpu, untied, 'x', new Blob([writeSafetensors(entries)]));
    await expect(receive()).rejects.toThrow('lm_head.weight is missing');
    const shape = [SMALL.vocab_size, SMALL.n_embd];
    const data = new Float32Array(SMALL.vocab_size * SMALL.n_embd).fill(7);
    entries.set('lm_head.weight', { shape, data });
    const { head, wte } = await receive();
    expect([(await head.read())[0], (await wte.read())[0]]).toEqual([7, 0]);
  });

  it('becomes halves on the way if wished, but not where a half would be infinite', async () => {
    const entries = smallCheckpoint();
    const receive = () =>
      receiveGpt2(kit.runner.gpu, SMALL, 'x', new Blob([writeSafetensors(entries)]), 'f16');
    const { blocks, wpe } = await receive();
    expect(blocks[0]!['attn.c_attn.weight'].dtype).toBe('f16');
    expect([blocks[0]!['attn.c_attn.bias'].dtype, wpe.dtype]).toEqual(['f32', 'f32']);
    const place = [...parameterShapes(SMALL).keys()].indexOf('h.0.attn.c_attn.weight');
    const halves = (await blocks[0]!['attn.c_attn.weight'].read()) as Uint16Array;
    expect(new Set(float16ToFloat32(halves))).toEqual(new Set([place]));
    const before = kit.runner.gpu.usage.buffers;
    entries.get('h.1.mlp.c_fc.weight')!.data[5] = 7e4;
    await expect(receive()).rejects.toThrow(/h\.1\.mlp\.c_fc\.weight holds 70000/);
    expect(kit.runner.gpu.usage.buffers).toBe(before);
  });

  it('is refused with what is missing, misshapen or foreign, before anything is uploaded', async () => {
    const entries = smallCheckpoint();
    entries.delete('h.1.ln_2.bias');
    entries.set('wpe.weight', { shape: [2, 32], data: new Float32Array(64) });
    entries.set('h.2.ln_1.bias', { shape: [32], data: new Float32Array(32) });
    const before = kit.runner.gpu.usage.buffers;
    await expect(upload(entries)).rejects.toThrow(
      /h\.1\.ln_2\.bias is missing; .*h\.2\.ln_1\.bias is not a parameter/,
    );
    await expect(upload(entries)).rejects.toThrow(
      /wpe\.weight is \[2, 32\], config.json needs \[48, 32\]/,
    );
    expect(kit.runner.gpu.usage.buffers).toBe(before);
  });

  it('that is not there is a fault with the address', async () => {
    const base = new URL('/models/none/gpt2/', location.href).href;
    await expect(loadGpt2(kit.runner.gpu, base)).rejects.toThrow(`${base}config.json`);
  });
});
