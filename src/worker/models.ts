/**
 * A pair's frozen networks on one device. GPT-2's weights and the tokenizer come first: with
 * them the shaders can compile while ONNX Runtime and the encoder are still loading.
 */
import type { Corpus, Networks } from '../esper/networks';
import type { Encoder } from '../frozen/encoder';
import { fetchBlob } from '../frozen/fetch-file';
import { Gpt2Cache } from '../frozen/gpt2/cache';
import { Gpt2Differentiable } from '../frozen/gpt2/differentiable';
import { KeptHalves } from '../frozen/gpt2/kept-halves';
import { loadGpt2 } from '../frozen/gpt2/load';
import type { LanguageModel } from '../frozen/gpt2/model';
import { lmProviderFor, openLanguageModel } from '../frozen/gpt2/open';
import type { Gpt2Weights } from '../frozen/gpt2/weights';
import { fetchEarly } from '../frozen/hub/early-fetch';
import type { Wanted } from '../frozen/hub/fetch-repository';
import { ModelStore } from '../frozen/hub/store';
import { storedBase } from '../frozen/hub/stored-fetch';
import { startRuntime } from '../frozen/onnx/runtime';
import { loadEncoder, readOutline } from '../frozen/load-encoder';
import { loadTokenizer, type Tokenizer } from '../frozen/tokenizer';
import type { Gpu } from '../gpu/device';
import { KernelRunner } from '../gpu/kernel';
import { isBundled, type Pair, worldOfRepository } from '../esper/pair';
import { openTuner } from './kernel-choices';
import { loadKnownQueries } from './known-queries';
import type { TrainerEvent } from './protocol';
import { wantedOfEncoder, wantedOfLm } from './wanted-files';
import { LABEL, type World } from './world';
import { worldFor } from './worlds/of-modality';

// The built worker lies in assets/ beside models/; the dev server serves it from src.
const BUNDLED = new URL(import.meta.env.DEV ? '/models/' : '../models/', self.location.href).href;

/** What a general language model's captions begin with: of a picture as in the released code. */
const BEGINNINGS = { picture: 'The photo describes a', sound: 'This is the sound of a' } as const;

/** The repository's absolute address: beside the page, or on the disk. */
const baseOf = (repository: string): string =>
  worldOfRepository(repository) ? `${BUNDLED}${repository}/` : storedBase(repository);

/** Of an encoder's files those of its text tower: the first captions come before any text is scored. */
const isOfTextTower = (file: string) => /^(tokenizer|onnx\/text)/.test(file);

/** Asks for the bundled networks' files, all at once; stored ones lie on the disk. */
export function fetchAhead(pair: Pair, what: 'for captions' | 'for scores'): void {
  const modality = worldOfRepository(pair.clip) === 'sounds' ? 'sound' : 'picture';
  const [lm, encoder] = [wantedOfLm(pair), wantedOfEncoder(pair, modality)];
  const ahead = (
    { repository, required, optional }: Wanted,
    isMeant: (file: string) => boolean,
  ) => {
    if (!worldOfRepository(repository)) return;
    const files = [...required, ...optional].filter(isMeant);
    fetchEarly(files.map((file) => baseOf(repository) + file));
  };
  if (what === 'for scores') return ahead(encoder, isOfTextTower);
  ahead(lm, () => true);
  ahead(encoder, (file) => !isOfTextTower(file));
}

/** Of a bundled network, what PyTorch needs. */
const PYTORCH_FILES = ['config.json', 'model.safetensors', 'vocab.json', 'merges.txt'];

/**
 * The bundled networks for PyTorch, by their paths in an export; none of the hub's, which PyTorch fetches.
 * @throws Fault download
 */
export async function networksForPyTorch(pair: Pair): Promise<[path: string, content: Blob][]> {
  if (!isBundled(pair)) return [];
  const files = (['lm', 'clip'] as const).flatMap((network) =>
    PYTORCH_FILES.map((file) => [`${network}/${file}`, baseOf(pair[network]) + file] as const),
  );
  return Promise.all(
    files.map(async ([path, url]): Promise<[string, Blob]> => [path, await fetchBlob(url)]),
  );
}

export interface Models {
  /** Usable at once; what needs a network that is still loading waits for it. */
  networks: Networks;
  clip: Promise<Encoder>;
  /** Of what the encoder takes. */
  world: World;
  /** The language model's. */
  tokenizer: Tokenizer;
  /** The models' own texts for a warm start. */
  texts: Corpus | undefined;
}

/** @param emit told what the encoder takes, and of each part that has been loaded */
export async function loadModels(
  gpu: Gpu,
  pair: Pair,
  emit: (event: TrainerEvent) => void,
): Promise<Models> {
  startRuntime(gpu);
  const runner = new KernelRunner(gpu, undefined, await openTuner(gpu));
  const lmBase = baseOf(pair.lm);
  const clipBase = baseOf(pair.clip);
  let done = 0;
  const counted = async <T>(what: string, part: Promise<T>): Promise<T> => {
    const result = await part;
    emit({ kind: 'progress', done: ++done, total: 4, what });
    return result;
  };
  const clip = counted('encoder', loadEncoder(gpu, clipBase, { dtype: pair.clipDType }));
  // While the processors are at the first captions, the line is free.
  clip.then(() => fetchAhead(pair, 'for scores')).catch(() => {});
  const [weights, tokenizer, outline, known] = await Promise.all([
    counted('GPT-2', loadGpt2(gpu, lmBase, pair.lmDType, await keptHalves(pair))),
    counted('tokenizer', loadTokenizer(lmBase)),
    readOutline(clipBase),
    loadKnownQueries(lmBase),
  ]);
  const { modality, hearing } = outline;
  const world = worldFor(hearing);
  const attributes = isBundled(pair) ? world.attributes : [];
  emit({ kind: 'encoder', encoder: { modality, hearing, attributes } });
  const { label, beginning } = isBundled(pair)
    ? { label: LABEL, beginning: '' }
    : { label: '', beginning: BEGINNINGS[modality] };
  const spoken = tokenizer.encode(beginning);
  const lm = counted('ONNX Runtime', openLanguageModel(runner, weights));
  // Whoever awaits them hears of a failure; until then it must not count as unhandled.
  for (const part of [clip, lm]) part.catch(() => {});
  return {
    clip,
    tokenizer,
    world,
    texts: isBundled(pair) ? world.texts : undefined,
    networks: {
      runner,
      lm: whenLoaded(gpu, weights, lm),
      tokenizer,
      clip: { textFeatures: async (texts, out) => (await clip).textFeatures(texts, out) },
      E: outline.config.projectionDim,
      query: [tokenizer.eosId, ...tokenizer.encode(label), ...spoken],
      spoken,
      wording: { encode: (text) => tokenizer.encode(text), label, ...known },
      differentiate: (sizes) => Gpt2Differentiable.create(runner, weights, sizes),
      cache: (sizes) => Gpt2Cache.create(runner, weights, sizes),
    },
  };
}

/** Where halves made of a stored checkpoint are kept; the bundled one is small and not stored. */
async function keptHalves({ lm, lmDType }: Pair): Promise<KeptHalves | undefined> {
  if (lmDType === 'f32' || worldOfRepository(lm)) return undefined;
  return new KeptHalves(await ModelStore.open(), lm);
}

function whenLoaded(gpu: Gpu, weights: Gpt2Weights, lm: Promise<LanguageModel>): LanguageModel {
  return {
    config: weights.config,
    weights,
    provider: lmProviderFor(gpu, weights),
    startDecoding: async (start) => (await lm).startDecoding(start),
    hidden: async (pass) => (await lm).hidden(pass),
    dispose: async () => (await lm).dispose(),
  };
}
