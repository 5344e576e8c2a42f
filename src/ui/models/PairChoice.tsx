/** The presets, and any other pair by its names on the hub. */
import { useState, type FormEvent } from 'react';
import { modelCommands, stores } from '../../state/page';
import { isBundled, pairSchema, type Pair } from '../../esper/pair';
import { Button } from '../basics/Button';
import { useStore } from '../useStore';
import styles from './models.module.css';
import { PRESETS } from './presets';

const isSame = (a: Pair, b: Pair) =>
  a.lm === b.lm && a.clip === b.clip && a.clipDType === b.clipDType && a.lmDType === b.lmDType;

export function PairChoice() {
  const pair = useStore(stores.models, (models) => models.pair);
  const planned = useStore(stores.models, (models) => models.plan?.pair);
  const isBusy = useStore(stores.models, (models) => models.activity !== 'idle');
  const chosen = planned ?? pair;
  const choose = (next: Pair) =>
    void (isBundled(next) ? modelCommands.use(next) : modelCommands.lookUp(next));
  return (
    <>
      <ul className={styles['presets']}>
        {PRESETS.map(({ name, about, pair: preset }) => (
          <li key={name}>
            <button
              type="button"
              className={styles['preset']}
              aria-pressed={isSame(preset, chosen)}
              disabled={isBusy}
              onClick={() => choose(preset)}
            >
              <span className={styles['name']}>
                {name}
                {isSame(preset, pair) && <em>in use</em>}
              </span>
              <span className={styles['about']}>{about}</span>
            </button>
          </li>
        ))}
      </ul>
      <OtherPair isBusy={isBusy} onChoose={choose} />
    </>
  );
}

function OtherPair({ isBusy, onChoose }: { isBusy: boolean; onChoose(pair: Pair): void }) {
  const [problem, setProblem] = useState<string>();
  const files = useStore(stores.models, (models) => models.stored);
  const stored = [...new Set(files.map(({ repository }) => repository))];
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = Object.fromEntries(new FormData(event.currentTarget));
    const parsed = pairSchema.safeParse(fields);
    setProblem(
      parsed.error?.issues
        .map(({ path, message }) => `“${String(fields[String(path[0])])}” ${message}`)
        .join('; '),
    );
    if (parsed.data) onChoose(parsed.data);
  };
  return (
    <details className={styles['other']}>
      <summary>Another pair, by its names on the hub or on this disk</summary>
      <form onSubmit={submit}>
        <label>
          Language model (GPT-2 as model.safetensors)
          <input
            name="lm"
            required
            placeholder="openai-community/gpt2"
            list="stored-repositories"
            data-testid="models-lm"
          />
        </label>
        <label>
          CLIP or CLAP (ONNX files, as transformers.js takes them)
          <input
            name="clip"
            required
            placeholder="Xenova/clip-vit-base-patch32"
            list="stored-repositories"
            data-testid="models-clip"
          />
        </label>
        <label>
          The language model’s precision on the GPU
          <select name="lmDType" defaultValue="f32" data-testid="models-lm-dtype">
            <option value="f32">full (f32)</option>
            <option value="f16">half (f16), half the memory</option>
          </select>
        </label>
        <label>
          Its precision
          <select name="clipDType" defaultValue="fp16" data-testid="models-dtype">
            <option value="fp32">full (fp32)</option>
            <option value="fp16">half (fp16)</option>
            <option value="q8">quantized (8 bit)</option>
          </select>
        </label>
        <datalist id="stored-repositories">
          {stored.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </datalist>
        {problem && <p role="alert">{problem}</p>}
        <Button type="submit" disabled={isBusy} data-testid="models-look-up">
          Look it up
        </Button>
      </form>
    </details>
  );
}
