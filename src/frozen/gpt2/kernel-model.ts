/**
 * GPT-2 on our own kernels, which read halves on every adapter: ONNX Runtime's WebGPU kernels take f16
 * only where the adapter has shader-f16, and then compute in it too. Nothing is read back; keys and values
 * lie in a cache of fixed capacity. A beginning that several sequences share is read once.
 */
import { Copy } from '../../gpu/copies';
import type { KernelRunner, Step } from '../../gpu/kernel';
import { gather } from '../../gpu/kernels/gather/gather';
import { logitsForward, type LogitsSteps } from '../../gpu/kernels/lm-head/logits';
import { Tensor } from '../../gpu/tensor';
import { checkLength } from './causal';
import { isDeep } from './deep-prefix';
import { type ForwardSizes, Gpt2Forward } from './forward';
import type { Decoding, DecodingStart, HiddenPass, LanguageModel } from './model';
import { Remembered } from './remembered';
import type { Gpt2Config, Gpt2Weights } from './weights';

/** Sizes that are kept ready; a run needs fewer. */
const MOST_PASSES = 8;
const MOST_CONTINUATIONS = 4;
const MOST_BEGINNINGS = 4;

/** What B sequences go on with, one token after another, made at its first use. */
interface Continuation {
  /** A layer's keys and values [B, capacity, 2D], for each layer. */
  caches: readonly Tensor[];
  step: Gpt2Forward;
  logits: Tensor;
  /** From the step's states to `logits`. */
  head: LogitsSteps;
  /** They write to `caches` and `logits`, and go with them. */
  beginnings: Remembered<Beginning>;
}

/** What reads the beginnings of a continuation's sequences and leaves its first logits. */
interface Beginning {
  prefill: Gpt2Forward;
  toLogits: readonly Step[];
  made: readonly { destroy(): void }[];
}

export class KernelLanguageModel implements LanguageModel {
  readonly weights: Gpt2Weights;
  readonly provider = 'kernels';
  readonly #runner: KernelRunner;
  readonly #passes = new Remembered<Gpt2Forward>(MOST_PASSES, (pass) => pass.destroy());
  readonly #continuations = new Remembered<Continuation>(MOST_CONTINUATIONS, freeContinuation);

  constructor(runner: KernelRunner, weights: Gpt2Weights) {
    this.#runner = runner;
    this.weights = weights;
  }

  get config(): Gpt2Config {
    return this.weights.config;
  }

  async startDecoding({ once, B, steps, ...each }: DecodingStart): Promise<Decoding> {
    const { prefix, query } = once ?? each;
    const I = query.shape[0]!;
    const P = prefix?.shape[1] ?? 0;
    const Q = query.shape[1]!;
    const capacity = P + Q + steps;
    checkLength(this.config, capacity);
    const deep = isDeep(prefix);
    const continuation = await this.#continuations.of(`${B} ${capacity}`, () =>
      this.#continuation(B, capacity),
    );
    const { step, logits, head } = continuation;
    const { prefill, toLogits } = await continuation.beginnings.of(`${I} ${P} ${deep} ${Q}`, () =>
      this.#beginning({ B: I, P, S: Q, deep }, continuation),
    );
    this.#runner.submit('gpt2 prefill', [
      ...copyInputs(prefill, prefix, query),
      ...prefill.steps,
      ...toLogits,
    ]);
    let past = P + Q;
    return {
      place: 'gpu',
      logits,
      step: async (next) => {
        step.setPast(past++);
        this.#runner.submit('gpt2 step', [
          new Copy(next, step.tokens),
          ...step.steps,
          ...head.steps,
        ]);
      },
      end: () => {},
    };
  }

  async hidden({ prefix, tokens, out }: HiddenPass): Promise<void> {
    const P = prefix?.shape[1] ?? 0;
    const [B, S] = tokens.shape as [number, number];
    checkLength(this.config, P + S);
    const deep = isDeep(prefix);
    const pass = await this.#passes.of(`${B} ${P} ${deep} ${S}`, () =>
      Gpt2Forward.create(this.#runner, this.weights, { B, P, S, deep }),
    );
    this.#runner.submit('gpt2 hidden states', [
      ...copyInputs(pass, prefix, tokens),
      ...pass.steps,
      new Copy(pass.hidden, out),
    ]);
  }

  async dispose(): Promise<void> {
    await this.#passes.clear();
    await this.#continuations.clear();
  }

  async #continuation(B: number, capacity: number): Promise<Continuation> {
    const { n_embd: D, n_layer, vocab_size: V } = this.config;
    const runner = this.#runner;
    const caches = Array.from(
      { length: n_layer },
      (_, layer) => new Tensor(runner.gpu, `keys and values ${layer}`, [B, capacity, 2 * D]),
    );
    const step = await Gpt2Forward.create(runner, this.weights, { B, P: 0, S: 1 }, caches);
    const logits = new Tensor(runner.gpu, 'logits', [B, V]);
    const { head: weight } = this.weights;
    const head = await logitsForward(runner, { states: step.hidden, head: weight, logits });
    const beginnings = new Remembered<Beginning>(MOST_BEGINNINGS, freeBeginning);
    return { caches, step, logits, head, beginnings };
  }

  /** @param sizes of I rows, each of which B / I sequences go on from */
  async #beginning(sizes: ForwardSizes, { caches, logits }: Continuation): Promise<Beginning> {
    const { n_embd: D, vocab_size: V } = this.config;
    const { B: I, P, S: Q } = sizes;
    const N = P + Q;
    const [B = 0] = logits.shape;
    const runner = this.#runner;
    const { gpu } = runner;
    const rows = (label: string, count: number, rowOf: (row: number) => number) =>
      Tensor.from(
        gpu,
        label,
        [count],
        Uint32Array.from({ length: count }, (_, i) => rowOf(i)),
      );
    const prefill = await Gpt2Forward.create(runner, this.weights, sizes, caches);
    const lastRows = rows('last rows', I, (i) => i * N + N - 1);
    const states = new Tensor(gpu, 'last states', [I, D]);
    const choose = await gather(runner, { source: prefill.hidden, index: lastRows, out: states });
    const { head } = this.weights;
    if (I === B) {
      const toLogits = await logitsForward(runner, { states, head, logits });
      return {
        prefill,
        toLogits: [choose, ...toLogits.steps],
        made: [lastRows, states, choose, toLogits],
      };
    }
    const each = new Tensor(gpu, 'logits of beginnings', [I, V]);
    const index = rows('beginnings', B, (b) => Math.floor((b * I) / B));
    const toEach = await logitsForward(runner, { states, head, logits: each });
    const repeat = await gather(runner, { source: each, index, out: logits });
    return {
      prefill,
      toLogits: [choose, ...toEach.steps, repeat],
      made: [lastRows, states, choose, toEach, each, index, repeat],
    };
  }
}

function freeBeginning({ prefill, made }: Beginning): void {
  for (const part of [prefill, ...made]) part.destroy();
}

async function freeContinuation(continuation: Continuation): Promise<void> {
  const { caches, step, logits, head, beginnings } = continuation;
  await beginnings.clear();
  for (const part of [...caches, step, logits, head]) part.destroy();
}

function copyInputs(pass: Gpt2Forward, prefix: Tensor | undefined, tokens: Tensor): Copy[] {
  const copies = [new Copy(tokens, pass.tokens)];
  if (prefix && pass.prefix) copies.push(new Copy(prefix, pass.prefix));
  return copies;
}
