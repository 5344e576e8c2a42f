/** The models on this disk, behind the page: plans, downloads, lists and deletes them. */
import { carryOut, isStored, planDownload, type Wanted } from '../frozen/hub/fetch-repository';
import type { FileProgress } from '../frozen/hub/fetch-repository';
import type { Hub } from '../frozen/hub/listing';
import { ModelStore } from '../frozen/hub/store';
import type { LibraryApi, PairPlan } from './library-protocol';
import { isBundled, type Pair } from '../esper/pair';
import type { Result } from './protocol';
import { answer } from './work-queue';

const REVISION = 'main';
const ONNX_SUFFIX = { fp32: '', fp16: '_fp16', q8: '_quantized' } as const;

/** The files of both repositories that loading asks for, as `frozen` and transformers.js name them. */
function wantedOf({ lm, clip, clipDType }: Pair): [Wanted, Wanted] {
  const optional = ['tokenizer_config.json'];
  const onnx = (tower: string) => `onnx/${tower}_model${ONNX_SUFFIX[clipDType]}.onnx`;
  return [
    {
      repository: lm,
      revision: REVISION,
      required: ['config.json', 'tokenizer.json', 'model.safetensors'],
      optional,
    },
    {
      repository: clip,
      revision: REVISION,
      required: [
        'config.json',
        'preprocessor_config.json',
        'tokenizer.json',
        onnx('vision'),
        onnx('text'),
      ],
      optional,
    },
  ];
}

export class Library implements LibraryApi {
  #store: Promise<ModelStore> | undefined;
  #running: AbortController | undefined;

  plan(hub: Hub, pair: Pair): Promise<Result<PairPlan>> {
    return answer(async () => {
      const store = await this.#open();
      const [lm, clip] = wantedOf(pair);
      const repositories = await Promise.all([
        planDownload(hub, store, lm),
        planDownload(hub, store, clip),
      ]);
      return { pair, repositories };
    });
  }

  fetch(
    hub: Hub,
    plan: PairPlan,
    onProgress: (progress: FileProgress) => void,
  ): Promise<Result<boolean>> {
    return answer(async () => {
      const store = await this.#open();
      // Asked for once there is something to keep; a refusal only means that it may be cleared.
      await navigator.storage.persist?.();
      const { signal } = (this.#running = new AbortController());
      try {
        for (const repository of plan.repositories)
          await carryOut(repository, hub, store, onProgress, signal);
        return true;
      } catch (error) {
        if (signal.aborted) return false;
        throw error;
      } finally {
        this.#running = undefined;
      }
    });
  }

  cancel(): Promise<Result<null>> {
    return answer(async () => {
      this.#running?.abort();
      return null;
    });
  }

  isStored(pair: Pair): Promise<Result<boolean>> {
    return answer(async () => {
      if (isBundled(pair)) return true;
      const store = await this.#open();
      const found = await Promise.all(wantedOf(pair).map((wanted) => isStored(store, wanted)));
      return found.every(Boolean);
    });
  }

  list() {
    return answer(async () => (await this.#open()).list());
  }

  remove(repository: string): Promise<Result<null>> {
    return answer(async () => {
      await (await this.#open()).remove(repository);
      return null;
    });
  }

  #open(): Promise<ModelStore> {
    this.#store ??= ModelStore.open();
    return this.#store;
  }
}
