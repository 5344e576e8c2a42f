/** Has texts written by the chosen method, and shows them, best first. */
import { useId } from 'react';
import { commands, stores } from '../../state/page';
import { Button } from '../basics/Button';
import { Words } from '../basics/Words';
import { useStore } from '../useStore';
import { MethodFields } from './MethodFields';
import styles from './speak.module.css';
import { TextList } from './TextList';
import { TokenPanel } from './TokenPanel';
import { WorkBar } from './WorkBar';

function PromptField() {
  const id = useId();
  const prompt = useStore(stores.speak, (speak) => speak.prompt);
  const opening = useStore(stores.speak, (speak) => speak.opening);
  const own = opening?.prompt ?? '';
  return (
    <div className={styles['prompt']}>
      <label htmlFor={id}>The text follows</label>
      <input
        id={id}
        value={prompt}
        autoComplete="off"
        placeholder="nothing"
        onChange={({ target }) => stores.speak.setState({ prompt: target.value })}
        onKeyDown={({ key }) => key === 'Enter' && void commands.speak.write()}
      />
      {prompt !== own && (
        <Button
          icon="undo"
          look="quiet"
          aria-label={`Back to ${own}`}
          title={`Back to “${own}”`}
          onClick={() => stores.speak.setState({ prompt: own })}
        />
      )}
    </div>
  );
}

export function SayPanel() {
  const isEmpty = useStore(stores.speak, ({ written }) => written === undefined);
  return (
    <div className={styles['panel']}>
      <MethodFields />
      <PromptField />
      <WorkBar of={['write']}>
        <Button
          look="primary"
          data-testid="speak-write"
          onClick={() => void commands.speak.write()}
        >
          Write
        </Button>
      </WorkBar>
      {isEmpty ? (
        <p className={styles['empty']}>
          <Words>
            Each token of a text can be chosen then: how likely it was, what else could have stood
            there, and how well the picture would be met.
          </Words>
        </p>
      ) : (
        <>
          <TextList />
          <TokenPanel />
        </>
      )}
    </div>
  );
}
