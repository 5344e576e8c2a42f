/** Name, one sentence, the status, and what concerns the whole page. */
import { stores } from '../../state/page';
import { Button } from '../basics/Button';
import { Hint } from '../basics/Hint';
import { useModality, useWords, Words } from '../basics/Words';
import { ActionButton } from '../controls/ActionButton';
import { useStore } from '../useStore';
import styles from './Header.module.css';
import { Logo } from './Logo';
import { StatusBadge } from './StatusBadge';
import { ThemeButton } from './ThemeButton';

interface HeaderProps {
  onPhotos(): void;
  onEvaluate(): void;
  onModels(): void;
  onSettings(): void;
}

export function Header({ onPhotos, onEvaluate, onModels, onSettings }: HeaderProps) {
  const update = useStore(stores.session, (session) => session.update);
  const modality = useModality();
  const words = useWords();
  const episodes = useStore(stores.session, (session) => session.episodes);
  return (
    <header className={styles['header']}>
      <div className={styles['name']}>
        <Logo />
        <h1 className={styles['title']}>ESPER</h1>
      </div>
      <p className={styles['sentence']}>
        <Words>Reinforcement learning teaches a frozen language model to say what it sees.</Words>
      </p>
      <div className={styles['state']}>
        <span className={`${styles['count']} number`}>
          update <b>{update.toLocaleString('en')}</b>
          <span className={styles['episodes']}>
            {' · '}
            <b>{episodes.toLocaleString('en')}</b> captions
          </span>
        </span>
        <StatusBadge />
      </div>
      <nav className={styles['tools']} aria-label="Page">
        <Hint text="Your own pictures to train on">
          <Button icon={modality} look="quiet" onClick={onPhotos} aria-label={words('Photos')}>
            <span className={styles['wide']}>{words('Photos')}</span>
          </Button>
        </Hint>
        <Hint text="Captions judged on references">
          <Button icon="evaluate" look="quiet" onClick={onEvaluate} aria-label="Evaluate">
            <span className={styles['wide']}>Evaluate</span>
          </Button>
        </Hint>
        <Hint text="Which models speak and judge">
          <Button icon="models" look="quiet" onClick={onModels} aria-label="Models">
            <span className={styles['wide']}>Models</span>
          </Button>
        </Hint>
        <Hint text="Settings of the run">
          <Button icon="settings" look="quiet" onClick={onSettings} aria-label="Settings">
            <span className={styles['wide']}>Settings</span>
          </Button>
        </Hint>
        <ActionButton id="help" look="quiet" />
        <ThemeButton />
      </nav>
    </header>
  );
}
