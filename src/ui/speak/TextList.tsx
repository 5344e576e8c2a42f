/** The texts that were written, best first; one of them is looked at. */
import { commands, stores } from '../../state/page';
import type { SpokenText, WrittenTexts } from '../../state/speak/speak';
import { useWords } from '../basics/Words';
import { Caption } from '../samples/Caption';
import { useStore } from '../useStore';
import { decimal } from './tokenText';
import styles from './speak.module.css';

function Figures({ text }: { text: SpokenText }) {
  return (
    <span className={`${styles['figures']} number`}>
      {text.fit && (
        <>
          <span>
            cosine <b>{decimal(text.fit.cosine, 3)}</b>
          </span>
          <span>CLIPScore {text.fit.clipScore.toFixed(2)}</span>
        </>
      )}
      {text.perToken !== undefined && <span>log p {decimal(text.perToken, 2)} a token</span>}
      {!text.isEnded && <span>cut off</span>}
    </span>
  );
}

const TITLES: Readonly<Record<WrittenTexts['options']['method'], (count: number) => string>> = {
  greedy: () => 'The most likely tokens',
  sample: (count) => `Best of ${count}, by CLIPScore`,
  beam: (count) => `${count} likeliest found`,
  guided: () => 'Guided by CLIP',
};

export function TextList() {
  const words = useWords();
  const written = useStore(stores.speak, (speak) => speak.written)!;
  const { texts, shown, options, subject } = written;
  return (
    <section aria-label="Texts">
      <h3 className={styles['heading']}>
        {words(TITLES[options.method](texts.length))}
        {!subject.isSeen && ', by the text-only model'}
      </h3>
      <ol className={styles['texts']}>
        {texts.map((text, i) => (
          <li key={i}>
            <button
              type="button"
              aria-pressed={i === shown}
              data-testid="spoken"
              onClick={() => void commands.speak.show(i)}
            >
              <Caption text={text.text} />
              <Figures text={text} />
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}
