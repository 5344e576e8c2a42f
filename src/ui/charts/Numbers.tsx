/** The latest value of every metric, each with its meaning. */
import { METRIC_TEXT } from '../../state/glossary';
import { stores } from '../../state/page';
import { METRICS, type MetricName } from '../../worker/protocol';
import { Card } from '../basics/Card';
import { Term } from '../basics/Hint';
import { plain } from '../format';
import { useStore } from '../useStore';
import styles from './charts.module.css';

function Latest({ name }: { name: MetricName }) {
  const value = useStore(stores.metrics, ({ latest }) => latest?.values[name]);
  const { label, unit, help } = METRIC_TEXT[name];
  return (
    <div className={styles['latest']}>
      <dt>
        <Term help={help}>{label}</Term>
      </dt>
      <dd className="number">
        <span data-testid={`metric-${name}`}>{value === undefined ? '–' : plain(value)}</span>
        {unit && <small> {unit}</small>}
      </dd>
    </div>
  );
}

export function Numbers() {
  const update = useStore(stores.session, (session) => session.update);
  return (
    <Card title="Latest values" aside={update > 0 ? `after update ${update}` : 'none yet'}>
      <dl className={styles['numbers']}>
        {METRICS.map((name) => (
          <Latest key={name} name={name} />
        ))}
      </dl>
    </Card>
  );
}
