/** How the next token is chosen: a method, and the few settings that it has. */
import { type Method, METHODS, OPTIONS_OF } from '../../esper/decode/options';
import { stores } from '../../state/page';
import { useStore } from '../useStore';
import { OptionField } from './OptionField';
import styles from './speak.module.css';

const METHOD_TEXT: Readonly<Record<Method, { label: string; about: string }>> = {
  greedy: { label: 'Greedy', about: 'Always the most likely token: one text.' },
  sample: {
    label: 'Best of N',
    about: 'Draws several texts and ranks them by CLIPScore, 2.5 · max(cosine, 0).',
  },
  beam: {
    label: 'Beam',
    about: 'Searches for the texts that are likeliest as a whole, and ranks them by that.',
  },
  guided: {
    label: 'Guided',
    about:
      'Before each token, gradient steps shift the keys and values of all that was read towards what CLIP prefers among the candidates (ZeroCap). Slow.',
  },
};

export function MethodFields() {
  const method = useStore(stores.speak, ({ options }) => options.method);
  const choose = (chosen: Method) =>
    stores.speak.setState(({ options }) => ({ options: { ...options, method: chosen } }));
  return (
    <div className={styles['method']}>
      <fieldset className={styles['choice']}>
        <legend className="hidden-visually">Method</legend>
        {METHODS.map((one) => (
          <label key={one}>
            <input
              type="radio"
              name="decoding-method"
              value={one}
              checked={method === one}
              onChange={() => choose(one)}
            />
            <span>{METHOD_TEXT[one].label}</span>
          </label>
        ))}
      </fieldset>
      <p className={styles['note']}>{METHOD_TEXT[method].about}</p>
      <details className={styles['options']}>
        <summary>Settings of this method</summary>
        <div className={styles['fields']}>
          {OPTIONS_OF[method].map((name) => (
            <OptionField key={name} name={name} />
          ))}
        </div>
      </details>
    </div>
  );
}
