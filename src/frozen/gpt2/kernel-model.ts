/**
 * GPT-2 on our own kernels, which read halves on every adapter: ONNX Runtime's WebGPU kernels take f16
 * only where the adapter has shader-f16, and then compute in it too. Nothing is read back; keys and values
 * lie in a cache of fixed capacity.
 */
import { Copy, type Dispatch, type KernelRunner } from '../../gpu/kernel';
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
const MOST_DECODERS = 4;

/** What decoding of one size works with, made at its first use. */
interface Decoder {
  prefill: Gpt2Forward;
  step: Gpt2Forward;
  logits: Tensor;
  /** From each pass's states to `logits`. */
  chooseLast: Dispatch;
  headOfPrefill: LogitsSteps;
  headOfStep: LogitsSteps;
  tensors: readonly Tensor[];
}

export class KernelLanguageModel implements LanguageModel {
  readonly weights: Gpt2Weights;
  readonly provider = 'kernels';
  readonly #runner: KernelRunner;
  readonly #passes = new Remembered<Gpt2Forward>(MOST_PASSES, (pass) => pass.destroy());
  readonly #decoders = new Remembered<Decoder>(MOST_DECODERS, freeDecoder);

  constructor(runner: KernelRunner, weights: Gpt2Weights) {
    this.#runner = runner;
    this.weights = weights;
  }

  get config(): Gpt2Config {
    return this.weights.config;
  }

  async startDecoding({ prefix, query, B, steps }: DecodingStart): Promise<Decoding> {
    const P = prefix?.shape[1] ?? 0;
    const Q = query.shape[1]!;
    const capacity = P + Q + steps;
    checkLength(this.config, capacity);
    const deep = isDeep(prefix);
    const { prefill, step, logits, chooseLast, headOfPrefill, headOfStep } =
      await this.#decoders.of(`${B} ${P} ${deep} ${Q} ${capacity}`, () =>
        this.#decoder({ B, P, S: Q, deep }, capacity),
      );
    this.#runner.submit('gpt2 prefill', [
      ...copyInputs(prefill, prefix, query),
      ...prefill.steps,
      chooseLast,
      ...headOfPrefill.steps,
    ]);
    let past = P + Q;
    return {
      logits,
      step: async (next) => {
        step.setPast(past++);
        this.#runner.submit('gpt2 step', [
          new Copy(next, step.tokens),
          ...step.steps,
          ...headOfStep.steps,
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
    await this.#decoders.clear();
  }

  async #decoder(sizes: ForwardSizes, capacity: number): Promise<Decoder> {
    const { B, P, S: Q } = sizes;
    const { n_embd: D, n_layer, vocab_size: V } = this.config;
    const { gpu } = this.#runner;
    const caches = Array.from(
      { length: n_layer },
      (_, layer) => new Tensor(gpu, `keys and values ${layer}`, [B, capacity, 2 * D]),
    );
    const N = P + Q;
    const lastRows = Uint32Array.from({ length: B }, (_, b) => b * N + N - 1);
    const index = Tensor.from(gpu, 'last rows', [B], lastRows);
    const last = new Tensor(gpu, 'last states', [B, D]);
    const logits = new Tensor(gpu, 'logits', [B, V]);
    const head = (states: Tensor): Promise<LogitsSteps> =>
      logitsForward(this.#runner, { states, head: this.weights.head, logits });
    const [prefill, step] = await Promise.all([
      Gpt2Forward.create(this.#runner, this.weights, sizes, caches),
      Gpt2Forward.create(this.#runner, this.weights, { B, P: 0, S: 1 }, caches),
    ]);
    const [chooseLast, headOfPrefill, headOfStep] = await Promise.all([
      gather(this.#runner, { source: prefill.hidden, index, out: last }),
      head(last),
      head(step.hidden),
    ]);
    return {
      prefill,
      step,
      logits,
      chooseLast,
      headOfPrefill,
      headOfStep,
      tensors: [...caches, index, last, logits],
    };
  }
}

function freeDecoder(decoder: Decoder): void {
  const { prefill, step, chooseLast, headOfPrefill, headOfStep, tensors } = decoder;
  for (const part of [prefill, step, chooseLast, headOfPrefill, headOfStep, ...tensors])
    part.destroy();
}

function copyInputs(pass: Gpt2Forward, prefix: Tensor | undefined, tokens: Tensor): Copy[] {
  const copies = [new Copy(tokens, pass.tokens)];
  if (prefix && pass.prefix) copies.push(new Copy(prefix, pass.prefix));
  return copies;
}
