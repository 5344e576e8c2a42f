/** transformers.js's `generate` of the text-only language model. */
import { executionProvider, exclusively } from '../../../../src/frozen/onnx/runtime';
import { fromRepository } from '../../../../src/frozen/transformers';
import { AutoModelForCausalLM, env, Tensor } from '@huggingface/transformers';
import type { Provider } from '../../../../src/frozen/provider';
import type { Gpu } from '../../../../src/gpu/device';
import { TEMPERATURE } from './our-rollout';
import { generateGraph } from './graph';
import type { Operation, Peer } from './peer';
import type { Work } from './work';

const FOLDER = '/made-in-the-page/';

/** Serves a repository that this page made; everything else is fetched as before. */
async function withRepository<T>(
  files: Readonly<Record<string, BlobPart>>,
  load: (base: string) => Promise<T>,
): Promise<T> {
  const before = env.fetch;
  env.fetch = async (input: string | URL | Request, init?: RequestInit) => {
    const { pathname } = new URL(input instanceof Request ? input.url : input, location.href);
    if (!pathname.startsWith(FOLDER)) return before(input as string | URL, init);
    const file = files[pathname.slice(FOLDER.length)];
    return file === undefined
      ? new Response(null, { status: 404 })
      : new Response(new Blob([file]));
  };
  try {
    return await load(`${location.origin}${FOLDER}`);
  } finally {
    env.fetch = before;
  }
}

export async function generatePeer(gpu: Gpu, provider: Provider, work: Work): Promise<Peer> {
  const { B, query, T } = work.rollout;
  const { config } = work;
  const eos = config.eos_token_id;
  const files = {
    'config.json': JSON.stringify({
      architectures: ['GPT2LMHeadModel'],
      model_type: 'gpt2',
      activation_function: 'gelu_new',
      ...config,
    }),
    'generation_config.json': JSON.stringify({ eos_token_id: eos, pad_token_id: eos }),
    'onnx/model.onnx': generateGraph(work).slice(),
  };
  const model = await withRepository(files, (base) =>
    fromRepository(base, (path) =>
      AutoModelForCausalLM.from_pretrained(path, {
        device: provider,
        dtype: 'fp32',
        session_options: { executionProviders: [executionProvider(gpu, provider)] },
      }),
    ),
  );
  const ids = BigInt64Array.from({ length: B * query.length }, (_, i) =>
    BigInt(query[i % query.length]!),
  );
  const shape = [B, query.length];
  const inputs = () => ({
    inputs: new Tensor('int64', ids, shape),
    attention_mask: new Tensor('int64', new BigInt64Array(ids.length).fill(1n), shape),
  });
  const generating = (how: object): Operation => ({
    async run() {
      const generated = (await exclusively(() =>
        model.generate({ ...inputs(), max_new_tokens: T, min_new_tokens: T, ...how }),
      )) as InstanceType<typeof Tensor>;
      const all = generated.tolist() as bigint[][];
      return all.flatMap((row) => row.slice(query.length).map(Number));
    },
  });
  return {
    name: `transformers.js generate, ${provider}`,
    operations: {
      'greedy rollout': generating({ do_sample: false }),
      'sampled rollout': generating({ do_sample: true, top_k: 0, temperature: TEMPERATURE }),
    },
    destroy: () => exclusively(async () => void (await model.dispose())),
  };
}
