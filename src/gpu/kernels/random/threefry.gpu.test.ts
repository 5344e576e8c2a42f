import { expect, it } from 'vitest';
import { Random, threefry2x32 } from '../../../math/random';
import { Tensor } from '../../tensor';
import { input, run, withRunner } from '../../testing/harness';
import { elementWorkgroups } from '../workgroups';
import threefry from './threefry.wgsl?raw';

const gpu = withRunner();

/** One draw an invocation: words [N, 4] (key, counter) to bits [N, 2]. */
const drawing = `
@group(0) @binding(0) var<storage, read> words: array<vec4u>;
@group(0) @binding(1) var<storage, read_write> bits: array<vec2u>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x < arrayLength(&words)) {
    bits[id.x] = threefry2x32(words[id.x].xy, words[id.x].zw);
  }
}`;

it('gives the bits of src/math/random.ts', async () => {
  const { runner } = gpu;
  const random = new Random(11);
  const N = 1001;
  const words = Uint32Array.from({ length: N * 4 }, () => random.bits());
  words.fill(0, 0, 4); // two of the known answers that random.test.ts checks
  words.fill(0xffffffff, 4, 8);
  const bits = new Tensor(runner.gpu, 'bits', [N, 2], 'u32');
  await run(
    runner,
    runner.prepare({
      label: 'threefry',
      code: threefry + drawing,
      inputs: [input(runner, [N, 4], words)],
      outputs: [bits],
      workgroups: elementWorkgroups(N, 64),
    }),
  );
  const expected = Array.from({ length: N }, (_, i) =>
    threefry2x32(words[i * 4]!, words[i * 4 + 1]!, words[i * 4 + 2]!, words[i * 4 + 3]!),
  );
  expect(Array.from(await bits.read())).toEqual(expected.flat());
});
