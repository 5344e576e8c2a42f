/** The learning curve, large: CLIP cosine above, reward below; before that, loading or failure. */
import { useState } from 'react';
import { latestOfScenes } from '../../state/evaluations';
import { stores, view } from '../../state/page';
import { isOpen } from '../../state/session';
import { Button } from '../basics/Button';
import { Card } from '../basics/Card';
import { useModality, Words } from '../basics/Words';
import { FailedPanel } from '../notices/FailedPanel';
import { LoadingPanel } from '../notices/LoadingPanel';
import { useStore } from '../useStore';
import styles from './charts.module.css';
import { Curve } from './Curve';
import { MetricsTable } from './MetricsTable';
import { PanelHead } from './PanelHead';
import { COSINE, REWARD } from './panels';
import { SmoothingSlider } from './SmoothingSlider';

/** Of the kind that was evaluated last: cosines of scenes and of photos are not comparable. */
const heldOutMarks = () => {
  const { history } = stores.evaluations.getState();
  const kind = history.at(-1)?.of;
  return history
    .filter(({ of }) => of === kind)
    .map(({ update, cosine }) => ({ update, value: cosine }));
};

const trueCosine = () => {
  const latest = latestOfScenes(stores.evaluations.getState());
  return latest && { value: latest.trueCosine, label: 'true captions' };
};

function CursorUpdate() {
  const cursor = useStore(view, (state) => state.cursor);
  return cursor === undefined ? null : <span className="number">at update {cursor}</span>;
}

function Curves() {
  const isEmpty = useStore(stores.metrics, ({ latest }) => latest === undefined);
  const modality = useModality();
  const marked = useStore(stores.evaluations, ({ history }) => history.at(-1)?.of);
  return (
    <div className={styles['large']}>
      <PanelHead panel={COSINE}>
        {marked && (
          <span>
            <i className={styles['mark']} /> held-out {modality === 'sound' ? 'sounds' : marked},
            greedy
          </span>
        )}
      </PanelHead>
      <div className={styles['cosine']}>
        <Curve panel={COSINE} isLarge marks={heldOutMarks} goal={trueCosine} />
        {isEmpty && (
          <p className={styles['invitation']}>
            <span>
              Press <b>Train</b>
              <Words>: this curve climbs as the captions begin to fit their pictures.</Words>
            </span>
          </p>
        )}
      </div>
      <PanelHead panel={REWARD} />
      <div className={styles['reward']}>
        <Curve panel={REWARD} isLarge />
      </div>
    </div>
  );
}

export function CurveCard({ className }: { className?: string | undefined }) {
  const [isTableOpen, setIsTableOpen] = useState(false);
  const isReady = useStore(stores.session, isOpen);
  const isFailed = useStore(stores.session, ({ status }) => status === 'failed');
  const aside = (
    <>
      <CursorUpdate />
      <SmoothingSlider />
      <Button icon="table" look="quiet" onClick={() => setIsTableOpen(true)}>
        Table
      </Button>
    </>
  );
  return (
    <Card
      title="Learning"
      aside={isReady ? aside : undefined}
      className={`${className} ${isFailed ? styles['urgent'] : ''}`}
    >
      {isReady ? <Curves /> : isFailed ? <FailedPanel /> : <LoadingPanel />}
      <MetricsTable isOpen={isTableOpen} onOpenChange={setIsTableOpen} />
    </Card>
  );
}
