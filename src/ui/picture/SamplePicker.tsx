/** Sample pictures to click. */
import { useEffect, useRef } from 'react';
import { commands } from '../../state/page';
import { clearCanvas, paintStamp, toPng } from './paint';
import styles from './picture.module.css';
import { SAMPLE_PICTURES, isUnseen, type SamplePicture } from './samplePictures';

/** Drawn once, shown small; the model gets it at this size. */
const SIDE = 256;

function Sample({ sample }: { sample: SamplePicture }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const ctx = canvas.current?.getContext('2d');
    if (!ctx) return;
    clearCanvas(ctx, sample.ground);
    for (const stamp of sample.stamps) paintStamp(ctx, stamp);
  }, [sample]);
  const give = async () => {
    if (!canvas.current) return;
    const data = await toPng(canvas.current);
    await commands.addPictures([{ name: sample.name, data }]);
  };
  const label = isUnseen(sample) ? `${sample.name} (a pair never trained on)` : sample.name;
  return (
    <button
      type="button"
      className={`${styles['sample']} ${isUnseen(sample) ? styles['unseen'] : ''}`}
      title={label}
      onClick={() => void give()}
    >
      <canvas ref={canvas} width={SIDE} height={SIDE} aria-hidden="true" />
      <span className="hidden-visually">{label}</span>
    </button>
  );
}

export function SamplePicker() {
  return (
    <>
      <div className={styles['samples']}>
        {SAMPLE_PICTURES.map((sample) => (
          <Sample key={sample.name} sample={sample} />
        ))}
      </div>
      <p className={styles['legend']}>Dashed: colour and shape never trained together.</p>
    </>
  );
}
