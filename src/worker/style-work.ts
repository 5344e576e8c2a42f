/** Captions of a shown picture in several styles, for the page. */
import { captionInStyles } from '../esper/styled';
import type { Trainer } from '../esper/trainer';
import { Fault } from '../faults';
import type { Models } from './models';
import type { InStyles, Result, StylesApi } from './protocol';
import type { WorkQueue } from './work-queue';

/** What it works with, which a reset replaces. */
export interface StyleBench {
  trainer: Trainer;
  models: Pick<Models, 'networks'>;
  /** Raw features [E]; undefined where no such picture is shown. */
  featuresOf(id: string): Float32Array | undefined;
}

export class StyleWork implements StylesApi {
  readonly #queue: WorkQueue;
  readonly #bench: () => StyleBench;

  /** @param bench throws where no run is open */
  constructor(queue: WorkQueue, bench: () => StyleBench) {
    this.#queue = queue;
    this.#bench = bench;
  }

  write(id: string, labels: string): Promise<Result<InStyles>> {
    return this.#queue.answer(async () => {
      const { trainer, models, featuresOf } = this.#bench();
      const features = featuresOf(id);
      if (!features)
        throw new Fault({ kind: 'unexpected', message: 'This picture is not shown any more.' });
      const captions = await captionInStyles(models.networks, trainer, features, labels);
      return { id, update: trainer.update, captions };
    });
  }
}
