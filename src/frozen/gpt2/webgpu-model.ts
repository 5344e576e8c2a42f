/**
 * GPT-2 on ONNX Runtime's WebGPU kernels. The graphs carry no weights: each pass has a session of its
 * own, and all of them bind the same buffers as our kernels. Nothing is read back; keys and values stay
 * in buffers of ONNX Runtime's from one step to the next.
 */
import type { Gpu } from '../../gpu/device';
import { Tensor } from '../../gpu/tensor';
import { bound, type OrtTensor, Session } from '../onnx/runtime';
import { causalMask, checkLength, positionsFrom } from './causal';
import { buildGpt2, type Gpt2Pass } from './graph';
import { cacheNames } from './graph-blocks';
import type { Decoding, DecodingStart, HiddenPass, LanguageModel } from './model';
import { parameterTensors } from './parameters';
import type { Gpt2Config, Gpt2Weights } from './weights';

const PASSES = {
  prefill: { past: false, mask: true, hidden: false, logits: true },
  step: { past: true, mask: false, hidden: false, logits: true },
  hidden: { past: false, mask: true, hidden: true, logits: false },
} as const satisfies Record<string, Omit<Gpt2Pass, 'prefix'>>;

type PassName = keyof typeof PASSES;

export class WebGpuLanguageModel implements LanguageModel {
  readonly weights: Gpt2Weights;
  readonly provider = 'webgpu';
  readonly #gpu: Gpu;
  readonly #sessions = new Map<string, Promise<Session>>();
  readonly #parameters: Readonly<Record<string, OrtTensor>>;
  /** Tensors of ours that are made once for each size: logits, masks, positions. */
  readonly #standing = new Map<string, Tensor>();

  constructor(gpu: Gpu, weights: Gpt2Weights) {
    this.#gpu = gpu;
    this.weights = weights;
    this.#parameters = Object.fromEntries(
      [...parameterTensors(weights)].map(([name, tensor]) => [name, bound(tensor)]),
    );
  }

  get config(): Gpt2Config {
    return this.weights.config;
  }

  async startDecoding({ prefix, query, B, steps }: DecodingStart): Promise<Decoding> {
    const N = (prefix?.shape[1] ?? 0) + query.shape[1]!;
    checkLength(this.config, N + steps);
    const logits = this.#keep(`logits ${B}`, () => {
      return new Tensor(this.#gpu, 'logits', [B, this.config.vocab_size]);
    });
    const position = this.#keep('position', () => new Tensor(this.#gpu, 'position', [1], 'i32'));
    const names = cacheNames(this.config);
    let past: OrtTensor[] = [];
    let T = N;

    const run = async (pass: PassName, feeds: Record<string, OrtTensor>, withPrefix: boolean) => {
      const presents = names.map((name) => [`present.${name}`, null] as const);
      const results = await this.#run(pass, withPrefix, feeds, {
        logits: bound(logits),
        ...Object.fromEntries(presents),
      });
      this.#release(past);
      past = presents.map(([name]) => results[name]!);
    };

    await run('prefill', this.#sequence(prefix, query, N), prefix !== undefined);
    return {
      place: 'gpu',
      logits,
      step: async (next) => {
        position.write(Int32Array.of(T++));
        const feeds = Object.fromEntries(names.map((name, i) => [`past.${name}`, past[i]!]));
        feeds['tokens'] = bound(next, [B, 1]);
        feeds['positions'] = bound(position);
        await run('step', feeds, false);
      },
      end: () => {
        this.#release(past);
        past = [];
      },
    };
  }

  async hidden({ prefix, tokens, out }: HiddenPass): Promise<void> {
    const N = (prefix?.shape[1] ?? 0) + tokens.shape[1]!;
    checkLength(this.config, N);
    const feeds = this.#sequence(prefix, tokens, N);
    await this.#run('hidden', prefix !== undefined, feeds, { hidden: bound(out) });
  }

  async dispose(): Promise<void> {
    for (const session of this.#sessions.values()) await (await session).dispose();
    this.#sessions.clear();
    for (const tensor of this.#standing.values()) tensor.destroy();
    this.#standing.clear();
  }

  /** What a pass over [prefix; tokens], N positions from the first, is fed. */
  #sequence(prefix: Tensor | undefined, tokens: Tensor, N: number): Record<string, OrtTensor> {
    const positions = this.#keep(`positions ${N}`, () =>
      Tensor.from(this.#gpu, `positions ${N}`, [N], positionsFrom(0, N)),
    );
    const mask = this.#keep(`mask ${N}`, () =>
      Tensor.from(this.#gpu, `causal mask ${N}`, [N, N], causalMask(N)),
    );
    const feeds: Record<string, OrtTensor> = {
      tokens: bound(tokens),
      positions: bound(positions),
      mask: bound(mask),
    };
    if (prefix) feeds['prefix'] = bound(prefix);
    return feeds;
  }

  async #run(
    pass: PassName,
    prefix: boolean,
    feeds: Readonly<Record<string, OrtTensor>>,
    fetches: Readonly<Record<string, OrtTensor | null>>,
  ): Promise<Record<string, OrtTensor>> {
    const session = await this.#session(pass, prefix);
    return session.run({ ...this.#parameters, ...feeds }, fetches);
  }

  /** Made at its first use: training alone needs no more than three of the five. */
  #session(pass: PassName, prefix: boolean): Promise<Session> {
    const key = `${pass} ${prefix}`;
    let session = this.#sessions.get(key);
    if (!session) {
      const model = buildGpt2(this.config, { ...PASSES[pass], prefix });
      const presents = cacheNames(this.config).map((name) => `present.${name}`);
      const gpuOutputs = PASSES[pass].logits ? ['logits', ...presents] : ['hidden'];
      session = Session.create(model, this.#gpu, 'webgpu', { gpuOutputs });
      this.#sessions.set(key, session);
    }
    return session;
  }

  #keep(key: string, make: () => Tensor): Tensor {
    let tensor = this.#standing.get(key);
    if (!tensor) {
      tensor = make();
      this.#standing.set(key, tensor);
    }
    return tensor;
  }

  /** Hands ONNX Runtime its buffers back; later runs may reuse them, in queue order. */
  #release(tensors: readonly OrtTensor[]): void {
    for (const tensor of tensors) tensor.dispose();
  }
}
