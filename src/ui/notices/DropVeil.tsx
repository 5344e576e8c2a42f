/** Over the page while files are dragged across it. */
import { useModality } from '../basics/Words';
import styles from './notices.module.css';

/** What the page will do with files, by what is open; sounds make no set to train on. */
const USES = {
  train: 'Drop pictures or a folder to train on them',
  evaluate: 'Drop references, captions to judge, or the pictures they speak of',
  listen:
    'Drop sounds to caption them, a .safetensors file to import it, or a folder or zip of a model’s repository',
  any: 'Drop pictures to caption them, a folder of them to train on it, references to evaluate on them, a .safetensors file to import it, or a folder or zip of a model’s repository',
};

export function DropVeil({ use }: { use: 'train' | 'evaluate' | 'any' }) {
  const modality = useModality();
  const said = modality === 'sound' && use !== 'evaluate' ? USES.listen : USES[use];
  return (
    <div className={styles['veil']} aria-hidden="true">
      <p>{said}</p>
    </div>
  );
}
