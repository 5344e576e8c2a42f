/**
 * GPT-2 on ONNX Runtime's WASM kernels, for adapters that are a CPU in disguise. One session serves
 * every pass, so the weights lie once in the WASM heap; what a pass takes and gives crosses between
 * the GPU and memory, which on such an adapter is one memory. A beginning that several sequences share is
 * read once.
 */
import type { Gpu } from '../../gpu/device';
import { Tensor } from '../../gpu/tensor';
import { onCpu, type OrtTensor, Session } from '../onnx/runtime';
import { Staging } from '../staging';
import { causalMask, checkLength, positionsFrom } from './causal';
import { buildGpt2, cacheNames, EVERY_PASS } from './graph';
import { type Decoding, type DecodingStart, type HiddenPass, type LanguageModel } from './model';
import { parameterTensors } from './parameters';
import { repeatRows } from './repeat-rows';
import type { Gpt2Config, Gpt2Weights } from './weights';

const WEIGHTS_FILE = 'gpt2.weights';

/** What one pass reads: sequences of N new positions behind T past ones. */
interface PassInput {
  prefix: OrtTensor;
  tokens: OrtTensor;
  T: number;
  N: number;
  /** Keys and values of the T past positions, by cache name. */
  past: ReadonlyMap<string, OrtTensor>;
}

export class WasmLanguageModel implements LanguageModel {
  readonly weights: Gpt2Weights;
  readonly provider = 'wasm';
  readonly #gpu: Gpu;
  readonly #session: Session;
  readonly #staging: Staging;
  readonly #logits = new Map<number, Tensor>();

  private constructor(gpu: Gpu, weights: Gpt2Weights, session: Session) {
    this.#gpu = gpu;
    this.weights = weights;
    this.#session = session;
    this.#staging = new Staging(gpu, 'frozen passes');
  }

  static async create(gpu: Gpu, weights: Gpt2Weights): Promise<WasmLanguageModel> {
    const model = buildGpt2(weights.config, EVERY_PASS, { file: WEIGHTS_FILE });
    const data = await readParameters(weights);
    const externalData = [{ path: WEIGHTS_FILE, data }];
    const session = await Session.create(model, gpu, 'wasm', { externalData });
    return new WasmLanguageModel(gpu, weights, session);
  }

  get config(): Gpt2Config {
    return this.weights.config;
  }

  async startDecoding({ once, B, steps, ...each }: DecodingStart): Promise<Decoding> {
    const { prefix, query } = once ?? each;
    const { sequence, B: I, N } = await this.#read(prefix, query);
    checkLength(this.config, N + steps);
    const logits = this.#logitsOf(B);
    const none = onCpu(new Float32Array(0), [B, 0, this.config.n_embd]);
    let past: ReadonlyMap<string, OrtTensor> = this.#emptyCache(I);
    let T = 0;

    /** Afterwards each sequence is there `times` times. */
    const advance = async (
      input: Pick<PassInput, 'prefix' | 'tokens' | 'N'>,
      times: number,
    ): Promise<void> => {
      const names = cacheNames(this.config).map((name) => `present.${name}`);
      const results = await this.#run({ T, past, ...input }, ['logits', ...names]);
      const repeated = (name: string) => repeatedRows(results[name]!, times);
      past = new Map(
        cacheNames(this.config).map((name) => [name, repeated(`present.${name}`)] as const),
      );
      T += input.N;
      logits.write(repeated('logits').data as Float32Array);
    };

    await advance({ ...sequence, N }, B / I);
    return {
      logits,
      step: async (next) => {
        const [ids] = await this.#staging.read([next]);
        await advance({ prefix: none, tokens: onCpu(new Int32Array(ids!), [B, 1]), N: 1 }, 1);
      },
      end: () => {
        past = new Map();
      },
    };
  }

  async hidden({ prefix, tokens, out }: HiddenPass): Promise<void> {
    const { sequence, B, N } = await this.#read(prefix, tokens);
    checkLength(this.config, N);
    const past = this.#emptyCache(B);
    const { hidden } = await this.#run({ T: 0, N, past, ...sequence }, ['hidden']);
    out.write(hidden!.data as Float32Array);
  }

  async dispose(): Promise<void> {
    await this.#session.dispose();
    for (const tensor of this.#logits.values()) tensor.destroy();
    this.#logits.clear();
    this.#staging.destroy();
  }

  /** [prefix; tokens] in memory, with its sizes. */
  async #read(prefix: Tensor | undefined, tokens: Tensor) {
    const [B, S] = tokens.shape as [number, number];
    const P = prefix?.shape[1] ?? 0;
    const [ids, vectors] = await this.#staging.read(prefix ? [tokens, prefix] : [tokens]);
    const sequence = {
      tokens: onCpu(new Int32Array(ids!), [B, S]),
      prefix: onCpu(vectors ? new Float32Array(vectors) : new Float32Array(0), [
        B,
        P,
        this.config.n_embd,
      ]),
    };
    return { sequence, B, N: P + S };
  }

  #run(input: PassInput, outputs: readonly string[]): Promise<Record<string, OrtTensor>> {
    const { T, N, tokens, prefix, past } = input;
    const feeds: Record<string, OrtTensor> = {
      tokens,
      prefix,
      positions: onCpu(positionsFrom(T, N), [N]),
      mask: onCpu(causalMask(N, T), [N, T + N]),
    };
    for (const [name, tensor] of past) feeds[`past.${name}`] = tensor;
    return this.#session.run(feeds, Object.fromEntries(outputs.map((name) => [name, null])));
  }

  #emptyCache(B: number): Map<string, OrtTensor> {
    const { n_head: H, n_embd: D } = this.config;
    const shape = (name: string) => (name.endsWith('key') ? [B, H, D / H, 0] : [B, H, 0, D / H]);
    return new Map(
      cacheNames(this.config).map((name) => [name, onCpu(new Float32Array(0), shape(name))]),
    );
  }

  #logitsOf(B: number): Tensor {
    let logits = this.#logits.get(B);
    if (!logits) {
      logits = new Tensor(this.#gpu, 'logits', [B, this.config.vocab_size]);
      this.#logits.set(B, logits);
    }
    return logits;
  }
}

function repeatedRows(tensor: OrtTensor, times: number): OrtTensor {
  if (times === 1) return tensor;
  const [I = 0, ...rest] = tensor.dims;
  return onCpu(repeatRows(tensor.data as Float32Array, I, times), [I * times, ...rest]);
}

/** The parameters one behind the other, as `buildGpt2` lays them out. */
async function readParameters(weights: Gpt2Weights): Promise<Uint8Array> {
  const tensors = [...parameterTensors(weights).values()];
  const bytes = new Uint8Array(tensors.reduce((sum, tensor) => sum + tensor.bytes, 0));
  let offset = 0;
  for (const tensor of tensors) {
    const data = await tensor.read();
    bytes.set(new Uint8Array(data.buffer as ArrayBuffer), offset);
    offset += data.byteLength;
  }
  return bytes;
}
