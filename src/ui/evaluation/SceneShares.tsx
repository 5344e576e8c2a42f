/** How often greedy captions of held-out scenes name each attribute right. */
import { latestOfScenes } from '../../state/evaluations';
import { stores } from '../../state/page';
import { percent } from '../format';
import { Words } from '../basics/Words';
import { useStore } from '../useStore';
import styles from './evaluation.module.css';

function Share({ attribute }: { attribute: string }) {
  const share = useStore(stores.evaluations, (state) => latestOfScenes(state)?.shares[attribute]);
  return (
    <div className={styles['share']}>
      <dt>{attribute}</dt>
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
  const attributes = useStore(stores.session, ({ encoder }) => encoder?.attributes);
  const latest = useStore(stores.evaluations, latestOfScenes);
  return (
    <>
      <dl className={styles['shares']}>
        {attributes?.map((attribute) => (
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
          <Words>pictures never trained on</Words>
        )}
      </p>
    </>
  );
}
