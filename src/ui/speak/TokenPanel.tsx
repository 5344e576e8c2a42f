/** One text token by token: how likely each was, what else could stand there, and where that would lead. */
import { commands, stores } from '../../state/page';
import type { TokenView } from '../../state/speak/speak';
import { Button } from '../basics/Button';
import { useWords } from '../basics/Words';
import { useStore } from '../useStore';
import { percent, shown } from './tokenText';
import { TurningTable } from './TurningTable';
import styles from './speak.module.css';

function Token({ view, place }: { view: TokenView; place: number }) {
  const isOpen = useStore(stores.speak, ({ written }) => written?.place === place);
  return (
    <button
      type="button"
      className={styles['token']}
      aria-pressed={isOpen}
      data-testid="token"
      onClick={() => void commands.speak.turn(place)}
    >
      <span>{shown(view.text)}</span>
      <small className="number">{percent(view.probability)}</small>
      <span
        className={styles['likely']}
        style={{ inlineSize: `${100 * view.probability}%` }}
        aria-hidden="true"
      />
    </button>
  );
}

export function TokenPanel() {
  const words = useWords();
  const tokens = useStore(stores.speak, ({ written }) => written?.tokens);
  const place = useStore(stores.speak, ({ written }) => written?.place);
  const isReading = useStore(stores.speak, ({ work }) => work === 'tokens');
  if (!tokens)
    return isReading ? (
      <p className={styles['note']} role="status">
        Reading its tokens …
      </p>
    ) : null;
  return (
    <section aria-label="Tokens" className={styles['view']}>
      <h3 className={styles['heading']}>Token by token</h3>
      <div className={styles['tokens']}>
        {tokens.map((view, i) => (
          <Token key={i} view={view} place={i} />
        ))}
      </div>
      {place === undefined ? (
        <p className={styles['note']}>
          The bar is the token’s probability. Choose one to see what else could stand there.
        </p>
      ) : (
        <TurningTable view={tokens[place]!} />
      )}
      <Button
        look="quiet"
        className={styles['goOn']}
        title={words('The frozen language model carries the text on without the picture')}
        onClick={() => void commands.speak.goOnBlindly()}
      >
        {place === undefined
          ? words('Go on without the picture')
          : `${words('Go on without the picture')} before “${shown(tokens[place]!.text)}”`}
      </Button>
    </section>
  );
}
