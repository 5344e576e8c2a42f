/** One setting: label with meaning, input, unit, and beside it why it is refused or locked. */
import { useId, useState, type KeyboardEvent } from 'react';
import { DEFAULT_CONFIG, SETTINGS, settingChoices, settingRange } from '../../esper/config';
import { commands, stores } from '../../state/page';
import { changeSetting, lockOf, type SettingName } from '../../state/settings';
import { Button } from '../basics/Button';
import { Term } from '../basics/Hint';
import { Icon } from '../basics/Icon';
import { useWords } from '../basics/Words';
import { useStore } from '../useStore';
import styles from './settings.module.css';

export function SettingField({ name }: { name: SettingName }) {
  const id = useId();
  const value = useStore(stores.settings, ({ config }) => String(config[name]));
  const lock = useStore(stores.session, (session) => lockOf(session, name));
  /** What is being typed, while it differs from the value or is refused. */
  const [draft, setDraft] = useState<string>();
  const words = useWords();
  const { label, unit, help } = SETTINGS[name];
  const choices = settingChoices(name);
  const range = settingRange(name);
  const isText = !choices && !range;
  const text = draft ?? value;
  const change = changeSetting(stores.settings.getState().config, name, text);
  const problem = draft !== undefined && !change.ok ? change.problem : undefined;

  const commit = (typed: string) => {
    const wanted = changeSetting(stores.settings.getState().config, name, typed);
    if (!wanted.ok) {
      setDraft(typed);
      return;
    }
    setDraft(undefined);
    if (wanted.config[name] !== stores.settings.getState().config[name])
      void commands.configure(wanted.config);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') commit(text);
    // The first Escape takes the draft back, the next one closes the sheet.
    if (event.key !== 'Escape' || draft === undefined) return;
    event.stopPropagation();
    setDraft(undefined);
  };

  const shared = {
    id,
    disabled: lock !== undefined,
    'aria-invalid': problem !== undefined,
    'aria-describedby': `${id}-note`,
    className: `${styles['input']} ${isText ? styles['text'] : ''}`,
    'data-testid': `setting-${name}`,
  };
  const initial = String(DEFAULT_CONFIG[name]);
  const undo = initial === '' ? 'Empty it' : `Back to ${initial}`;
  return (
    <div className={`${styles['field']} ${isText ? styles['wide'] : ''}`}>
      <span className={styles['label']}>
        <label htmlFor={id} className="hidden-visually">
          {words(label)}
        </label>
        <Term help={help}>{label}</Term>
        {lock && <Icon name="lock" />}
      </span>
      <span className={styles['value']}>
        {value !== initial && lock === undefined && (
          <Button
            icon="undo"
            look="quiet"
            aria-label={undo}
            title={undo}
            onClick={() => commit(initial)}
          />
        )}
        {choices ? (
          <select
            {...shared}
            className={`${styles['input']} ${styles['choice']}`}
            value={value}
            onChange={({ target }) => commit(target.value)}
          >
            {choices.map((choice) => (
              <option key={choice}>{choice}</option>
            ))}
          </select>
        ) : (
          <input
            {...shared}
            inputMode={isText ? 'text' : range?.whole ? 'numeric' : 'decimal'}
            autoComplete="off"
            value={text}
            onChange={({ target }) => setDraft(target.value)}
            onBlur={() => commit(text)}
            onKeyDown={onKeyDown}
          />
        )}
        {!isText && (unit || !choices) && <span className={styles['unit']}>{words(unit)}</span>}
      </span>
      <p id={`${id}-note`} className={styles['problem']} aria-live="polite">
        {problem}
      </p>
    </div>
  );
}
