/** Given answers, the likeliest first: by the token, which is fair to long ones, and as a whole. */
import { stores } from '../../state/page';
import { Term } from '../basics/Hint';
import { useStore } from '../useStore';
import { decimal } from './tokenText';
import styles from './speak.module.css';

export function Ranking() {
  const ranked = useStore(stores.speak, (speak) => speak.ranked);
  if (!ranked) return null;
  return (
    <table className={styles['ranking']} aria-label={`Answers to ${ranked.question}`}>
      <thead>
        <tr>
          <th scope="col">Answer</th>
          <th scope="col">
            <Term help="Mean log-probability of the answer’s tokens: longer answers are at no loss.">
              log p a token
            </Term>
          </th>
          <th scope="col">
            <Term help="Log-probability of the whole answer.">log p</Term>
          </th>
        </tr>
      </thead>
      <tbody className="number">
        {ranked.answers.map(({ text, perToken, logp }) => (
          <tr key={text} data-testid="ranked">
            <td>{text}</td>
            <td>{decimal(perToken, 2)}</td>
            <td>{decimal(logp, 1)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
