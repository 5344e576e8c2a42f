/** Captions of one picture after several labels, side by side, whatever the run itself was trained to follow. */
import { createCaptioner } from './captioner';
import type { Networks } from './networks';
import { checkPositions, styleQueries } from './queries';
import type { Trainer } from './trainer';

export interface StyledCaption {
  label: string;
  text: string;
  /** CLIP's, of the whole text. */
  cosine: number;
}

/**
 * Greedy captions by the run's projector as it is, labels of one length at once. What it takes of the GPU is given back.
 * @param features [E], raw
 * @param labels separated by commas; '' for the run's, and where it has none the language model's own
 * @throws Fault no-query where there are no labels; config where there is no room for them
 */
export async function captionInStyles(
  networks: Networks,
  { projector, config }: Pick<Trainer, 'projector' | 'config'>,
  features: Float32Array,
  labels: string,
): Promise<StyledCaption[]> {
  const styles = styleQueries(networks, labels.trim() || config.styleLabels);
  const captions: StyledCaption[] = [];
  for (const Q of new Set(styles.map(({ query }) => query.tokens.length))) {
    checkPositions(networks, config, Q);
    const ofLength = styles.filter(({ query }) => query.tokens.length === Q);
    const queries = ofLength.map(({ query }) => query);
    const captioner = await createCaptioner(networks, projector, config, queries);
    try {
      const E = features.length;
      const rows = new Float32Array(queries.length * E);
      queries.forEach((_, row) => rows.set(features, row * E));
      const texts = await captioner.write(rows);
      const cosines = await captioner.cosines(rows, texts);
      for (const [row, { label }] of ofLength.entries())
        captions.push({ label, text: texts[row]!, cosine: cosines[row]! });
    } finally {
      await captioner.destroy();
    }
  }
  const order = styles.map(({ label }) => label);
  return captions.toSorted((a, b) => order.indexOf(a.label) - order.indexOf(b.label));
}
