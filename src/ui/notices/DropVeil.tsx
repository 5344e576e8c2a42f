/** Over the page while files are dragged across it. */
import styles from './notices.module.css';

export function DropVeil({ toTrainOn }: { toTrainOn: boolean }) {
  return (
    <div className={styles['veil']} aria-hidden="true">
      <p>
        {toTrainOn
          ? 'Drop pictures or a folder to train on them'
          : 'Drop pictures to caption them, a folder of them to train on it, a .safetensors file to import it, or a folder or zip of a model’s repository'}
      </p>
    </div>
  );
}
