/** CLIP's embeddings of texts on the CPU, in groups of a fixed size. */
import type { Networks } from '../esper/networks';
import { Readback } from '../gpu/readback';
import { Tensor } from '../gpu/tensor';

const ROWS = 32;

export class TextEmbedder {
  readonly #clip: Networks['clip'];
  readonly #out: Tensor;
  readonly #readback: Readback;

  constructor({ runner, clip, E }: Pick<Networks, 'runner' | 'clip' | 'E'>) {
    this.#clip = clip;
    this.#out = new Tensor(runner.gpu, 'embeddings of texts', [ROWS, E]);
    this.#readback = new Readback(runner.gpu, 'embeddings of texts', [this.#out]);
  }

  /** Raw embeddings [E], one a text. */
  async embed(texts: readonly string[]): Promise<Float32Array[]> {
    const rows: Float32Array[] = [];
    for (let first = 0; first < texts.length; first += ROWS) {
      const group = texts.slice(first, first + ROWS);
      const padded = Array.from({ length: ROWS }, (_, i) => group[i] ?? '');
      await this.#clip.textFeatures(padded, this.#out);
      const [values] = await this.#readback.read();
      const E = values!.length / ROWS;
      rows.push(...group.map((_, i) => values!.slice(i * E, (i + 1) * E)));
    }
    return rows;
  }
}
