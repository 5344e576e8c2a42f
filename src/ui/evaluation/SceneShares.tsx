/** How often greedy captions of held-out scenes name each attribute right. */
import { ATTRIBUTES, type Attribute, latestOfScenes } from '../../state/evaluations';
import { stores } from '../../state/page';
import { percent } from '../format';
import { useStore } from '../useStore';
import styles from './evaluation.module.css';

const LABELS: Readonly<Record<Attribute, string>> = {
  color: 'Colour',
  shape: 'Shape',
  size: 'Size',
  place: 'Place',
};

function Share({ attribute }: { attribute: Attribute }) {
  const share = useStore(stores.evaluations, (state) => latestOfScenes(state)?.[attribute]);
  const label = LABELS[attribute];
  return (
    <div className={styles['share']}>
      <dt>{label}</dt>
      <dd className={styles['track']} aria-hidden="true">
        <span className={styles['fill']} style={{ width: `${100 * (share ?? 0)}%` }} />
      </dd>
      <dd className={`${styles['number']} number`} data-testid={`evaluation-${attribute}`}>
        {share === undefined ? '–' : percent(share)}
      </dd>
    </div>
  );
}

export function SceneShares() {
  const latest = useStore(stores.evaluations, latestOfScenes);
  return (
    <>
      <dl className={styles['shares']}>
        {ATTRIBUTES.map((attribute) => (
          <Share key={attribute} attribute={attribute} />
        ))}
      </dl>
      <p className={`${styles['cosine']} number`}>
        {latest ? (
          <>
            cosine <span data-testid="evaluation-cosine">{latest.cosine.toFixed(3)}</span>, true
            captions <span data-testid="evaluation-trueCosine">{latest.trueCosine.toFixed(3)}</span>
          </>
        ) : (
          'scenes never trained on'
        )}
      </p>
    </>
  );
}
