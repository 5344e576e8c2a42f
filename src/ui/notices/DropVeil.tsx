/** Over the page while files are dragged across it. */
import styles from './notices.module.css';

export function DropVeil() {
  return (
    <div className={styles['veil']} aria-hidden="true">
      <p>
        Drop pictures to caption them, a .safetensors file to import it, or a folder or zip of a
        model’s repository
      </p>
    </div>
  );
}
