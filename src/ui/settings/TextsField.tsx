/** Which texts a warm start learns from: the models' own, or those of a file. */
import { useRef } from 'react';
import { isBundled } from '../../esper/pair';
import { commands, stores } from '../../state/page';
import { isOpen } from '../../state/session';
import { Button } from '../basics/Button';
import { useWords } from '../basics/Words';
import { useStore } from '../useStore';
import styles from './settings.module.css';

export function TextsField() {
  const input = useRef<HTMLInputElement>(null);
  const texts = useStore(stores.session, (session) => session.texts);
  const isReady = useStore(stores.session, isOpen);
  const hasOwn = useStore(stores.models, ({ pair }) => isBundled(pair));
  const words = useWords();
  const present = texts
    ? `${texts.count.toLocaleString('en')} of ${texts.name}`
    : hasOwn
      ? 'captions of the generated world, without their pictures'
      : 'none yet: give a text file with one text a line';
  return (
    <div className={styles['texts']}>
      <p data-testid="warm-start-texts">Texts: {words(present)}.</p>
      <Button disabled={!isReady} onClick={() => input.current?.click()}>
        Choose a text file
      </Button>
      {texts && (
        <Button disabled={!isReady} onClick={() => void commands.setTexts(undefined)}>
          Forget it
        </Button>
      )}
      <input
        ref={input}
        type="file"
        accept=".txt,text/plain"
        hidden
        data-testid="texts-input"
        onChange={({ target }) => {
          const file = target.files?.[0];
          target.value = '';
          if (file) void commands.setTexts(file);
        }}
      />
    </div>
  );
}
