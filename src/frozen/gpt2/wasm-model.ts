/**
 * GPT-2 on ONNX Runtime's WASM kernels, for adapters that are a CPU in disguise. One session serves
 * every pass, so the weights lie once in the WASM heap. Decoding stays in memory once its beginning has been read
 * back, and a beginning that several sequences share is read once.
 */
import type { Gpu } from '../../gpu/device';
import { Tensor } from '../../gpu/tensor';
import { onCpu, type OrtTensor, Session } from '../onnx/runtime';
import { Staging } from '../staging';
import { causalMask, checkLength, positionsFrom } from './causal';
import { buildGpt2, cacheNames, EVERY_PASS } from './graph';
import type { Decoding, DecodingStart, HiddenPass, InMemory, LanguageModel } from './model';
import { parameterTensors } from './parameters';
import { repeatRows } from './repeat-rows';
import type { Gpt2Config, Gpt2Weights } from './weights';

const WEIGHTS_FILE = 'gpt2.weights';
const NOTHING: Float32Array = new Float32Array(0);

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
  readonly #session: Session;
  readonly #staging: Staging;

  private constructor(gpu: Gpu, weights: Gpt2Weights, session: Session) {
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
    let logits = NOTHING;
    const none = onCpu(NOTHING, [B, 0, this.config.n_embd]);
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
      logits = repeated('logits').data as Float32Array;
    };

    await advance({ ...sequence, N }, B / I);
    return {
      place: 'memory',
      get logits() {
        return logits;
      },
      prefix: prefix && (sequence.prefix.data as Float32Array),
      step: (next) => advance({ prefix: none, tokens: onCpu(next, [B, 1]), N: 1 }, 1),
      end: () => {
        past = new Map();
      },
    };
  }

  async hidden({ prefix, tokens, inMemory, out }: HiddenPass): Promise<void> {
    const { sequence, B, N } = await this.#read(prefix, tokens, inMemory);
    checkLength(this.config, N);
    const past = this.#emptyCache(B);
    const { hidden } = await this.#run({ T: 0, N, past, ...sequence }, ['hidden']);
    out.write(hidden!.data as Float32Array);
  }

  async dispose(): Promise<void> {
    await this.#session.dispose();
    this.#staging.destroy();
  }

  /** [prefix; tokens] in memory, with its sizes; what is not `known` is read back. */
  async #read(prefix: Tensor | undefined, tokens: Tensor, known?: InMemory) {
    const [B, S] = tokens.shape as [number, number];
    const P = prefix?.shape[1] ?? 0;
    const D = this.config.n_embd;
    const unread = [known?.tokens ?? tokens, known?.prefix ?? prefix].filter(
      (one) => one instanceof Tensor,
    );
    const read = await this.#staging.read(unread);
    const ids = new Int32Array(known?.tokens ?? read.shift()!);
    const vectors = prefix ? (known?.prefix ?? new Float32Array(read.shift()!)) : NOTHING;
    const rows = P > 0 ? vectors.length / (P * D) : B;
    const sequence = {
      tokens: onCpu(ids, [B, S]),
      prefix: onCpu(repeatRows(vectors, rows, B / rows), [B, P, D]),
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
    return new Map(cacheNames(this.config).map((name) => [name, onCpu(NOTHING, shape(name))]));
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
