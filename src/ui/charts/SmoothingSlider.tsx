/** How much the past weighs in the drawn curves. */
import { useId } from 'react';
import { view } from '../../state/page';
import { MOST_SMOOTHING } from '../../state/view';
import { useStore } from '../useStore';
import styles from './charts.module.css';

export function SmoothingSlider() {
  const id = useId();
  const smoothing = useStore(view, (state) => state.smoothing);
  return (
    <span className={styles['smoothing']}>
      <label htmlFor={id}>Smoothing</label>
      <input
        id={id}
        type="range"
        min={0}
        max={MOST_SMOOTHING}
        step={0.01}
        value={smoothing}
        onChange={(event) => view.setState({ smoothing: event.target.valueAsNumber })}
      />
      <output htmlFor={id} className="number">
        {smoothing.toFixed(2)}
      </output>
    </span>
  );
}
