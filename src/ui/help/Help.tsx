/** The shortcuts, how the page works, and what its words mean. */
import { ACTIONS } from '../../state/actions';
import { METRIC_TEXT } from '../../state/glossary';
import { METRICS } from '../../worker/protocol';
import { useWords, Words } from '../basics/Words';
import styles from './help.module.css';

const INITIAL_LABEL = {
  train: 'Train',
  pause: 'Pause',
  step: 'Step',
  reset: 'Reset',
  export: 'Export',
  continue: 'Continue in PyTorch',
  import: 'Import',
  help: 'Help',
} as const;

export function Help() {
  const words = useWords();
  return (
    <div className={styles['text']}>
      <p>
        <Words>
          The projector turns CLIP’s view of a picture into a few vectors that GPT-2 reads as if
          they were words. GPT-2 samples captions; CLIP scores how well each fits the picture; PPO
          nudges the projector so that better captions become likelier, with a penalty for leaving
          plain language. No caption of any training picture is ever shown to it; a warm start
          (Settings) reads texts that belong to no picture. Everything runs in this browser: no
          picture leaves this machine.
        </Words>
      </p>
      <p>
        <Words>
          Captions follow a query: a label such as “caption:”, a prompt, or an opening word
          (Settings, What captions follow). A language model that was trained on labelled texts
          speaks in the style of the label: “In all styles”, under your picture, shows them side by
          side.
        </Words>
      </p>
      <h3>Keys</h3>
      <dl className={styles['keys']}>
        {Object.values(ACTIONS).map(({ id, shortcut, help }) => (
          <div key={id}>
            <dt>
              <kbd>{shortcut}</kbd> {INITIAL_LABEL[id]}
            </dt>
            <dd>{help}</dd>
          </div>
        ))}
      </dl>
      <h3>Words</h3>
      <dl className={styles['words']}>
        {METRICS.map((name) => (
          <div key={name}>
            <dt>{words(METRIC_TEXT[name].label)}</dt>
            <dd>{words(METRIC_TEXT[name].help)}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
