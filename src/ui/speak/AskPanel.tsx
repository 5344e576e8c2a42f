/** A small conversation about the picture: free answers, or given ones ranked by their likelihood. */
import { useId, useState } from 'react';
import { commands, stores } from '../../state/page';
import { Button } from '../basics/Button';
import { Caption } from '../samples/Caption';
import { useStore } from '../useStore';
import { MethodFields } from './MethodFields';
import { Ranking } from './Ranking';
import styles from './speak.module.css';
import { WorkBar } from './WorkBar';

function Turns() {
  const turns = useStore(stores.speak, (speak) => speak.turns);
  const leftOut = useStore(stores.speak, (speak) => speak.leftOut);
  if (turns.length === 0) return null;
  return (
    <div className={styles['conversation']}>
      <ol aria-label="Conversation" aria-live="polite">
        {turns.map(({ question, answer }, i) => (
          <li key={i} data-testid="turn">
            <p className={styles['question']}>{question}</p>
            <p className={styles['answer']}>
              <Caption text={answer} />
            </p>
          </li>
        ))}
      </ol>
      <div className={styles['bar']}>
        <span className={styles['note']}>
          {leftOut > 0 &&
            `The first ${leftOut === 1 ? 'turn' : `${leftOut} turns`} no longer fit what the model reads at once.`}
        </span>
        <Button look="quiet" onClick={() => commands.speak.clearTurns()}>
          Begin anew
        </Button>
      </div>
    </div>
  );
}

export function AskPanel() {
  const id = useId();
  const [question, setQuestion] = useState('');
  const [candidates, setCandidates] = useState('');
  const questions = useStore(stores.speak, ({ opening }) => opening?.questions);
  const lines = candidates.split('\n').filter((line) => line.trim() !== '');
  const isAsking = question.trim() !== '';
  const ask = async () => {
    if (!isAsking) return;
    await commands.speak.ask(question);
    if (stores.speak.getState().fault === undefined) setQuestion('');
  };
  return (
    <div className={styles['panel']}>
      <Turns />
      <div className={styles['ask']}>
        <label htmlFor={`${id}-question`}>Question, or how the text begins</label>
        <input
          id={`${id}-question`}
          value={question}
          autoComplete="off"
          data-testid="question"
          onChange={({ target }) => setQuestion(target.value)}
          onKeyDown={({ key }) => key === 'Enter' && void ask()}
        />
        <div className={styles['examples']}>
          {questions?.map((example) => (
            <button key={example} type="button" onClick={() => setQuestion(example)}>
              {example}
            </button>
          ))}
        </div>
      </div>
      <details className={styles['options']}>
        <summary>How answers are written</summary>
        <MethodFields />
      </details>
      <details className={styles['options']}>
        <summary>Rank given answers instead</summary>
        <div className={styles['ask']}>
          <label htmlFor={`${id}-candidates`}>Answers to rank, one a line</label>
          <textarea
            id={`${id}-candidates`}
            rows={4}
            value={candidates}
            data-testid="candidates"
            onChange={({ target }) => setCandidates(target.value)}
          />
        </div>
      </details>
      <WorkBar of={['answer', 'rank']}>
        <Button look="primary" disabled={!isAsking} data-testid="ask" onClick={() => void ask()}>
          Answer
        </Button>
        {lines.length > 0 && (
          <Button
            disabled={!isAsking || lines.length < 2}
            data-testid="rank"
            onClick={() => void commands.speak.rank(question, lines)}
          >
            Rank {lines.length} answers
          </Button>
        )}
      </WorkBar>
      <Ranking />
    </div>
  );
}
