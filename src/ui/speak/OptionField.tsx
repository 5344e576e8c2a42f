/** One number of the decoding options: label with meaning, input, unit, and why it is refused. */
import { useId, useState } from 'react';
import { type OptionName, OPTION_TEXT } from '../../esper/decode/options';
import { stores } from '../../state/page';
import { changeOption } from '../../state/speak/options';
import { Term } from '../basics/Hint';
import { useStore } from '../useStore';
import styles from './speak.module.css';

export function OptionField({ name }: { name: OptionName }) {
  const id = useId();
  const options = useStore(stores.speak, (speak) => speak.options);
  /** What is being typed, while it is not taken over. */
  const [draft, setDraft] = useState<string>();
  const { label, unit, help } = OPTION_TEXT[name];
  const text = draft ?? String(options[name]);
  const change = changeOption(options, name, text);

  const commit = () => {
    if (!change.ok) return;
    setDraft(undefined);
    stores.speak.setState({ options: change.options });
  };
  return (
    <div className={styles['field']}>
      <label htmlFor={id} className="hidden-visually">
        {label}
      </label>
      <Term help={help}>{label}</Term>
      <span className={styles['value']}>
        <input
          id={id}
          inputMode="decimal"
          autoComplete="off"
          value={text}
          aria-invalid={!change.ok}
          aria-describedby={`${id}-note`}
          data-testid={`option-${name}`}
          onChange={({ target }) => setDraft(target.value)}
          onBlur={commit}
          onKeyDown={({ key }) => key === 'Enter' && commit()}
        />
        <span className={styles['unit']}>{unit}</span>
      </span>
      <p id={`${id}-note`} className={styles['problem']} aria-live="polite">
        {change.ok ? '' : change.problem}
      </p>
    </div>
  );
}
