/** A titled section of the page, a region of its own for assistive technology. */
import { useId, type ReactNode } from 'react';
import styles from './Card.module.css';
import { Words } from './Words';

interface CardProps {
  title: string;
  /** Beside the title, at the right. */
  aside?: ReactNode;
  className?: string | undefined;
  children: ReactNode;
}

export function Card({ title, aside, className, children }: CardProps) {
  const id = useId();
  return (
    <section className={`${styles['card']} ${className ?? ''}`} aria-labelledby={id}>
      <header className={styles['head']}>
        <h2 id={id}>
          <Words>{title}</Words>
        </h2>
        {aside && <div className={styles['aside']}>{aside}</div>}
      </header>
      {children}
    </section>
  );
}
