/**
 * GPT-2 on ONNX Runtime's WASM kernels, for adapters that are a CPU in disguise. One session serves
 * every pass, so the weights lie once in the WASM heap. Decoding stays in memory once its prefix has been read
 * back; a beginning that several sequences share is read once, and so is what they have said alike behind it.
 */
import type { Gpu } from '../../gpu/device';
import { Tensor } from '../../gpu/tensor';
import { Breaks } from '../breaks';
import { onCpu, type OrtTensor, Session } from '../onnx/runtime';
import { Staging } from '../staging';
import { causalMask, checkLength, positionsFrom } from './causal';
import { cacheNames } from './graph-blocks';
import { buildGpt2InMemory } from './graph-in-memory';
import type { Decoding, DecodingStart, HiddenPass, InMemory, LanguageModel } from './model';
import { parameterTensors } from './parameters';
import { repeatRows } from './repeat-rows';
import { RowsInMemory } from './rows-in-memory';
import type { Gpt2Config, Gpt2Weights } from './weights';

const WEIGHTS_FILE = 'gpt2.weights';
const NOTHING: Float32Array = new Float32Array(0);

/** What one pass reads: B sequences of N new positions, of which the prefix's are the first. */
interface Sequences {
  /** [B, P, D], P = N − S; nothing without a prefix. */
  prefix: Float32Array;
  /** [B, S] */
  tokens: Int32Array;
  B: number;
  N: number;
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
    const model = buildGpt2InMemory(weights.config, WEIGHTS_FILE);
    const data = await readParameters(weights);
    const externalData = [{ path: WEIGHTS_FILE, data }];
    const session = await Session.create(model, gpu, 'wasm', { externalData });
    return new WasmLanguageModel(gpu, weights, session);
  }

  get config(): Gpt2Config {
    return this.weights.config;
  }

  async startDecoding({ once, steps, ...each }: DecodingStart): Promise<Decoding> {
    const { prefix, query, inMemory } = once ?? each;
    const beginning = await this.#read(prefix, query, inMemory);
    const most = beginning.N + steps;
    checkLength(this.config, most);
    const rows = this.#rows(beginning.B, most);
    const names = cacheNames(this.config);
    const breaks = new Breaks();
    let logits = NOTHING;
    const advance = async (sequences: Sequences) => {
      const outputs = ['logits', ...names.map((name) => `new.${name}`)];
      const results = await this.#run(sequences, outputs, rows);
      const valuesOf = (output: string) => results[output]!.data as Float32Array;
      rows.append(sequences.N, (name) => valuesOf(`new.${name}`));
      logits = valuesOf('logits');
      await breaks.take();
    };

    await advance(beginning);
    return {
      place: 'memory',
      get logits() {
        return logits;
      },
      prefix: prefix && beginning.prefix,
      async step(next, parents) {
        rows.choose(parents);
        await advance({ prefix: NOTHING, tokens: next, B: next.length, N: 1 });
      },
      end: () => {},
    };
  }

  async hidden({ prefix, tokens, inMemory, out }: HiddenPass): Promise<void> {
    const sequences = await this.#read(prefix, tokens, inMemory);
    checkLength(this.config, sequences.N);
    const { hidden } = await this.#run(sequences, ['hidden'], this.#rows(sequences.B, 0));
    out.write(hidden!.data as Float32Array);
  }

  async dispose(): Promise<void> {
    await this.#session.dispose();
    this.#staging.destroy();
  }

  /** [prefix; tokens] in memory; what is not `known` is read back. */
  async #read(prefix: Tensor | undefined, tokens: Tensor, known?: InMemory): Promise<Sequences> {
    const [B, S] = tokens.shape as [number, number];
    const P = prefix?.shape[1] ?? 0;
    const unread = [known?.tokens ?? tokens, known?.prefix ?? prefix].filter(
      (one) => one instanceof Tensor,
    );
    const read = await this.#staging.read(unread);
    const ids = new Int32Array(known?.tokens ?? read.shift()!);
    const vectors = prefix ? (known?.prefix ?? new Float32Array(read.shift()!)) : NOTHING;
    const I = prefix ? vectors.length / (P * this.config.n_embd) : B;
    return { prefix: repeatRows(vectors, I, B / I), tokens: ids, B, N: P + S };
  }

  #rows(R: number, most: number): RowsInMemory {
    return new RowsInMemory(cacheNames(this.config), { R, D: this.config.n_embd, most });
  }

  /** Outputs by name, of sequences that go on behind `rows`. */
  #run(
    { prefix, tokens, B, N }: Sequences,
    outputs: readonly string[],
    rows: RowsInMemory,
  ): Promise<Record<string, OrtTensor>> {
    const { n_embd: D, n_head: H } = this.config;
    const T = rows.length;
    const S = tokens.length / B;
    const feeds: Record<string, OrtTensor> = {
      tokens: onCpu(tokens, [B, S]),
      prefix: onCpu(prefix, [B, N - S, D]),
      positions: onCpu(positionsFrom(T, N), [N]),
      mask: onCpu(causalMask(N, T), [N, T + N]),
    };
    for (const [name, values] of rows.past) feeds[`past.${name}`] = onCpu(values, [T, B, H, D / H]);
    return this.#session.run(feeds, Object.fromEntries(outputs.map((name) => [name, null])));
  }
}

/** The parameters one behind the other, as the graph's `declareParameters` lays them out. */
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
