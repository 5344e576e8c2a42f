/** The narrow button beside Export. */
import { Button, type ButtonProps } from '../basics/Button';
import styles from './MoreButton.module.css';

export function MoreButton(props: ButtonProps) {
  return (
    <Button
      icon="more"
      look="quiet"
      aria-label="More ways to export"
      className={styles['trigger']}
      {...props}
    />
  );
}
