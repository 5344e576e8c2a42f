/** A button with the page's looks; everything else is a native button. */
import type { ComponentProps } from 'react';
import { Icon, type IconName } from './Icon';
import styles from './Button.module.css';

export interface ButtonProps extends ComponentProps<'button'> {
  icon?: IconName;
  /** `primary` for the one thing to do next, `quiet` inside other controls. */
  look?: 'primary' | 'plain' | 'quiet';
}

export function Button({ icon, look = 'plain', className, children, ...rest }: ButtonProps) {
  const classes = [styles['button'], styles[look], children ? '' : styles['bare'], className];
  return (
    <button type="button" className={classes.filter(Boolean).join(' ')} {...rest}>
      {icon && <Icon name={icon} />}
      {children}
    </button>
  );
}
