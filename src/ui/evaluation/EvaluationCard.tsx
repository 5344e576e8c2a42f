/** How often greedy captions of held-out scenes name each attribute right. */
import { ATTRIBUTES, type Attribute } from '../../state/evaluations';
import { stores } from '../../state/page';
import { Term } from '../basics/Hint';
import { percent } from '../format';
import { useStore } from '../useStore';
import styles from './evaluation.module.css';

const LABELS: Readonly<Record<Attribute, string>> = {
  color: 'Colour',
  shape: 'Shape',
  size: 'Size',
  place: 'Place',
};

const HELP =
  'Scenes of one object whose pair of colour and shape is never trained on, captioned greedily: the share that names each attribute right.';

function Share({ attribute }: { attribute: Attribute }) {
  const share = useStore(stores.evaluations, ({ history }) => history.at(-1)?.[attribute]);
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

export function EvaluationCard() {
  const latest = useStore(stores.evaluations, ({ history }) => history.at(-1));
  return (
    <section className={styles['card']} aria-label="Held-out accuracy">
      <h2 className={styles['title']}>
        <Term help={HELP}>Held-out accuracy</Term>
        <small className="number">
          {latest ? (
            <>
              update <span data-testid="evaluation-update">{latest.update}</span>, {latest.scenes}{' '}
              scenes
            </>
          ) : (
            'not yet measured'
          )}
        </small>
      </h2>
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
    </section>
  );
}
