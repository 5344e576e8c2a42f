/**
 * GPT-2 that reads on from what it has read, on our own kernels: the keys and values of B rows are kept, one row
 * may go on from what another has read (beam search), and they can be taken out as a deep prefix, to which
 * `Gpt2Differentiable` has a gradient.
 * Letters: B rows, P prefix, D width, N layers.
 */
import { Copy } from '../../gpu/copies';
import type { Dispatch, KernelRunner } from '../../gpu/kernel';
import { gather } from '../../gpu/kernels/gather/gather';
import { Tensor } from '../../gpu/tensor';
import { checkLength } from './causal';
import { isDeep } from './deep-prefix';
import { Gpt2Forward } from './forward';
import type { Gpt2Weights } from './weights';

export interface CacheSizes {
  /** Rows. */
  B: number;
  /** [B, P, D], or deep [B, P, N, 2, D]; read once, and not kept. Without one the model is the text-only LM. */
  prefix: Tensor | undefined;
  /** Tokens that a row has room for; P + length must fit n_positions. */
  length: number;
}

/** Most tokens a row that are read in one pass. */
const CHUNK = 16;

interface Made {
  P: number;
  chunk: number;
  /** [B, P + length, 2D] for each layer. */
  layers: readonly Tensor[];
  passes: readonly Gpt2Forward[];
  /** u32 [B]. */
  parents: Tensor;
  /** A layer with its rows in another order. */
  reordered: Tensor;
  gathers: readonly Dispatch[];
}

export class Gpt2Cache {
  readonly #runner: KernelRunner;
  readonly #made: Made;

  /** Allocates, compiles and reads the prefix; the weights and the prefix stay the caller's. */
  static async create(
    runner: KernelRunner,
    weights: Gpt2Weights,
    { B, prefix, length }: CacheSizes,
  ): Promise<Gpt2Cache> {
    const { n_embd: D, n_layer } = weights.config;
    const P = prefix?.shape[1] ?? 0;
    checkLength(weights.config, P + length);
    const shape = [B, P + length, 2 * D];
    const layers = Array.from(
      { length: n_layer },
      (_, layer) => new Tensor(runner.gpu, `keys and values ${layer}`, shape),
    );
    const chunk = Math.min(CHUNK, length);
    const pass = (S: number) => Gpt2Forward.create(runner, weights, { B, P: 0, S }, layers);
    const passes = await Promise.all([pass(1), ...(chunk > 1 ? [pass(chunk)] : [])]);
    if (prefix) await readPrefix(runner, weights, prefix, layers);
    const parents = new Tensor(runner.gpu, 'parents', [B], 'u32');
    const reordered = new Tensor(runner.gpu, 'keys and values reordered', shape);
    const gathers = await Promise.all(
      layers.map((source) => gather(runner, { source, index: parents, out: reordered })),
    );
    return new Gpt2Cache(runner, { P, chunk, layers, passes, parents, reordered, gathers });
  }

  private constructor(runner: KernelRunner, made: Made) {
    this.#runner = runner;
    this.#made = made;
  }

  /** Tokens a row of the longer of the two passes that there are; the other has 1. */
  get chunk(): number {
    return this.#made.chunk;
  }

  /** The passes' hidden states after ln_f, [B, 1, D] and [B, chunk, D] (one tensor where chunk is 1). */
  get hidden(): readonly Tensor[] {
    return this.#made.passes.map(({ hidden }) => hidden);
  }

  /**
   * Reads n tokens a row behind the first `past` of them, n being 1 or `chunk`; what was read there before is lost.
   * @param tokens [B, n]
   * @returns the one of `hidden` that was written, [B, n, D]
   */
  read(tokens: Uint32Array, past: number): Tensor {
    const pass = this.#made.passes.find((one) => one.tokens.size === tokens.length)!;
    pass.tokens.write(tokens);
    pass.setPast(this.#made.P + past);
    this.#runner.submit('gpt2 reads on', pass.steps);
    return pass.hidden;
  }

  /** Row b goes on from what row `parents[b]` has read. */
  inherit(parents: readonly number[]): void {
    this.#made.parents.write(Uint32Array.from(parents));
    this.#runner.submit(
      'gpt2 rows reordered',
      this.#made.layers.flatMap((layer, i) => [
        this.#made.gathers[i]!,
        new Copy(this.#made.reordered, layer),
      ]),
    );
  }

  /** Writes the first row's keys and values of `out`'s many positions, of the prefix first, to `out` [1, T, N, 2, D]. */
  takeOut(out: Tensor): void {
    const [, T = 0, N = 0, , D = 0] = out.shape;
    const count = 2 * D;
    const copies = this.#made.layers.flatMap((layer, i) =>
      Array.from(
        { length: T },
        (_, t) => new Copy(layer, out, { from: t * count, to: (t * N + i) * count, count }),
      ),
    );
    this.#runner.submit('keys and values taken out', copies);
  }

  destroy(): void {
    for (const pass of this.#made.passes) pass.destroy();
    for (const dispatch of this.#made.gathers) dispatch.destroy();
    for (const tensor of [...this.#made.layers, this.#made.parents, this.#made.reordered])
      tensor.destroy();
  }
}

/** A pass has at least one token: what it leaves behind the prefix is overwritten by the first that is read. */
async function readPrefix(
  runner: KernelRunner,
  weights: Gpt2Weights,
  prefix: Tensor,
  layers: readonly Tensor[],
): Promise<void> {
  const [B, P] = prefix.shape as [number, number];
  const sizes = { B, P, S: 1, deep: isDeep(prefix) };
  const pass = await Gpt2Forward.create(runner, weights, sizes, layers);
  runner.submit('gpt2 reads the prefix', [new Copy(prefix, pass.prefix!), ...pass.steps]);
  pass.destroy();
}
