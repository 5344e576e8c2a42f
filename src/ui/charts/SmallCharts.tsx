/** The smaller charts under the learning curve, their cursor synced with it. */
import { Curve } from './Curve';
import styles from './charts.module.css';
import { PanelHead } from './PanelHead';
import { SMALL_PANELS } from './panels';

export function SmallCharts() {
  return SMALL_PANELS.map((panel) => (
    <figure key={panel.title} className={styles['small']}>
      <PanelHead panel={panel} />
      <div className={styles['smallCanvas']}>
        <Curve panel={panel} />
      </div>
    </figure>
  ));
}
