/** Over the page while files are dragged across it. */
import styles from './notices.module.css';

/** What the page will do with files, by what is open. */
const USES = {
  train: 'Drop pictures or a folder to train on them',
  evaluate: 'Drop references, captions to judge, or the pictures they speak of',
  any: 'Drop pictures to caption them, a folder of them to train on it, references to evaluate on them, a .safetensors file to import it, or a folder or zip of a model’s repository',
};

export function DropVeil({ use }: { use: keyof typeof USES }) {
  return (
    <div className={styles['veil']} aria-hidden="true">
      <p>{USES[use]}</p>
    </div>
  );
}
