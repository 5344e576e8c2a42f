/** The set's figures, by what they look at; each explains itself. */
import { FIGURE_TEXT, figureText, SET_FIGURES, type SetFigure } from '../../state/evaluate/figures';
import type { Report } from '../../state/evaluate/report';
import { Term } from '../basics/Hint';
import styles from './evaluate.module.css';

const GROUPS: readonly { title: string; figures: readonly SetFigure[] }[] = [
  { title: 'Picture and caption', figures: ['clipScore', 'refClipScore'] },
  {
    title: 'Words in common with the references',
    figures: ['bleu1', 'bleu2', 'bleu3', 'bleu4', 'rougeL', 'ciderD'],
  },
  { title: 'Language', figures: ['perplexity', 'distinct1', 'distinct2', 'words'] },
  { title: 'Attributes named right', figures: ['color', 'shape', 'size', 'place'] },
];

/** In words what the figures are, for those who read rather than point. */
function Meanings({ report }: { report: Report }) {
  return (
    <details className={styles['meanings']}>
      <summary>What the figures mean, and what is left out</summary>
      <dl>
        {SET_FIGURES.filter((name) => report.set[name] !== undefined).map((name) => (
          <div key={name}>
            <dt>{FIGURE_TEXT[name].label}</dt>
            <dd>{FIGURE_TEXT[name].help}</dd>
          </div>
        ))}
        <div>
          <dt>METEOR, SPICE</dt>
          <dd>
            Left out: METEOR’s published scores take its own table of paraphrases and WordNet, SPICE
            a parser of sentences; none of them is part of this page.
          </dd>
        </div>
      </dl>
    </details>
  );
}

export function FiguresPanel({ report }: { report: Report }) {
  const groups = GROUPS.map(({ title, figures }) => ({
    title,
    figures: figures.filter((name) => report.set[name] !== undefined),
  })).filter(({ figures }) => figures.length > 0);
  return (
    <>
      <div className={styles['groups']} data-testid="evaluate-figures">
        {groups.map(({ title, figures }) => (
          <table key={title} className={`${styles['figures']} number`}>
            <caption>{title}</caption>
            <tbody>
              {figures.map((name) => (
                <tr key={name}>
                  <th scope="row">
                    <Term help={FIGURE_TEXT[name].help}>{FIGURE_TEXT[name].label}</Term>
                  </th>
                  <td data-testid={`figure-${name}`}>{figureText(name, report.set[name])}</td>
                </tr>
              ))}
            </tbody>
          </table>
        ))}
      </div>
      <Meanings report={report} />
    </>
  );
}
