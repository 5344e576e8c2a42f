/** Captions of a shown picture in several styles, for the page. */
import type { Networks } from '../esper/networks';
import { captionInStyles } from '../esper/styled';
import type { Trainer } from '../esper/trainer';
import { Fault } from '../faults';
import type { InStyles, Result, StylesApi } from './protocol';
import type { WorkQueue } from './work-queue';

/** What it works with, which a reset replaces. */
export interface StyleBench {
  trainer: Trainer;
  networks: Networks;
  /** Raw features [E]; undefined where no such picture is shown. */
  picture(id: string): Float32Array | undefined;
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
      const { trainer, networks, picture } = this.#bench();
      const features = picture(id);
      if (!features)
        throw new Fault({ kind: 'unexpected', message: 'This picture is not shown any more.' });
      const captions = await captionInStyles(networks, trainer, features, labels);
      return { id, update: trainer.update, captions };
    });
  }
}
