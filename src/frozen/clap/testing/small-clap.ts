/**
 * A repository of a CLAP with random weights, small enough to make in a test: what goes in and out has the shapes
 * of Xenova/clap-htsat-unfused, but a sound has one second, not ten. Each tower is one matrix and a mean or sum.
 */
import { Random } from '../../../math/random';
import { GraphBuilder } from '../../onnx/graph';

/** As models/hub-manifest.json has it, but for the seconds. */
export const EXTRACTOR = {
  feature_extractor_type: 'ClapFeatureExtractor',
  feature_size: 64,
  fft_window_size: 1024,
  frequency_max: 14_000,
  frequency_min: 50,
  hop_length: 480,
  max_length_s: 1,
  nb_frequency_bins: 513,
  nb_max_samples: 48_000,
  padding: 'repeatpad',
  processor_class: 'ClapProcessor',
  sampling_rate: 48_000,
  truncation: 'rand_trunc',
};
export const MELS = EXTRACTOR.feature_size;
export const E = 8;
const VOCABULARY = ['<s>', '<pad>', '</s>', '<unk>', 'a', 'b', 'c', 'd'];

const normals = (count: number, seed: number) => {
  const random = new Random(seed);
  return Float32Array.from({ length: count }, () => random.normal());
};
/** [MELS, E] */
export const AUDIO_MATRIX = normals(MELS * E, 1);
/** [VOCABULARY, E] */
const EMBEDDING = normals(VOCABULARY.length * E, 2);

const reduceMean = (graph: GraphBuilder, value: string, axis: number) =>
  graph.node('ReduceMean', [value], { axes: [axis], keepdims: 0 });

/** input_features [B, 1, frames, MELS] → audio_embeds [B, E] */
function audioTower(): Uint8Array {
  const graph = new GraphBuilder('audio');
  const input = graph.input('input_features', 'float32', ['batch', 1, 'frames', MELS]);
  const mean = reduceMean(graph, reduceMean(graph, input, 2), 1);
  const matrix = graph.constant(AUDIO_MATRIX, [MELS, E]);
  graph.output('audio_embeds', graph.node('MatMul', [mean, matrix]), 'float32', ['batch', E]);
  return graph.build();
}

/** input_ids, attention_mask [B, T] → text_embeds [B, E]: the sum of the tokens that are not masked. */
function textTower(): Uint8Array {
  const graph = new GraphBuilder('text');
  const ids = graph.input('input_ids', 'int64', ['batch', 'tokens']);
  const mask = graph.input('attention_mask', 'int64', ['batch', 'tokens']);
  const rows = graph.node('Gather', [graph.constant(EMBEDDING, [VOCABULARY.length, E]), ids]);
  const weights = graph.node('Cast', [mask], { to: 1 });
  const column = graph.node('Unsqueeze', [weights, graph.constant(BigInt64Array.of(2n), [1])]);
  const sum = graph.node(
    'ReduceSum',
    [graph.node('Mul', [rows, column]), graph.constant(BigInt64Array.of(1n), [1])],
    { keepdims: 0 },
  );
  graph.output('text_embeds', sum, 'float32', ['batch', E]);
  return graph.build();
}

/** What the text tower gives for these tokens: [E]. */
export function textEmbedding(...tokens: readonly string[]): Float32Array {
  const sum = new Float32Array(E);
  for (const token of tokens)
    for (let e = 0; e < E; e++) sum[e]! += EMBEDDING[VOCABULARY.indexOf(token) * E + e]!;
  return sum;
}

const TOKENIZER = {
  version: '1.0',
  truncation: null,
  padding: null,
  added_tokens: VOCABULARY.slice(0, 4).map((content, id) => ({ id, content, special: true })),
  normalizer: null,
  pre_tokenizer: { type: 'Whitespace' },
  post_processor: {
    type: 'RobertaProcessing',
    sep: ['</s>', 2],
    cls: ['<s>', 0],
    trim_offsets: true,
    add_prefix_space: false,
  },
  decoder: null,
  model: {
    type: 'WordLevel',
    vocab: Object.fromEntries(VOCABULARY.map((word, id) => [word, id])),
    unk_token: '<unk>',
  },
};
const CONFIG = {
  model_type: 'clap',
  projection_dim: E,
  audio_config: { model_type: 'clap_audio_model' },
  text_config: { model_type: 'clap_text_model', max_position_embeddings: 10, pad_token_id: 1 },
};

/** By their paths in the repository. */
export const smallClap = (): Map<string, string | Uint8Array> =>
  new Map<string, string | Uint8Array>([
    ['config.json', JSON.stringify(CONFIG)],
    ['preprocessor_config.json', JSON.stringify(EXTRACTOR)],
    ['tokenizer.json', JSON.stringify(TOKENIZER)],
    [
      'tokenizer_config.json',
      JSON.stringify({ tokenizer_class: 'RobertaTokenizer', pad_token: '<pad>' }),
    ],
    ['onnx/audio_model.onnx', audioTower()],
    ['onnx/text_model.onnx', textTower()],
  ]);
