/** The set's figures, by what they look at; each explains itself. */
import {
  attributeText,
  FIGURE_TEXT,
  type FigureText,
  figureText,
  SET_FIGURES,
  type SetFigure,
  shareText,
} from '../../state/evaluate/figures';
import type { Report } from '../../state/evaluate/report';
import { Term } from '../basics/Hint';
import { Words } from '../basics/Words';
import styles from './evaluate.module.css';

const GROUPS: readonly { title: string; figures: readonly SetFigure[] }[] = [
  { title: 'Picture and caption', figures: ['clipScore', 'refClipScore'] },
  {
    title: 'Words in common with the references',
    figures: ['bleu1', 'bleu2', 'bleu3', 'bleu4', 'rougeL', 'ciderD'],
  },
  { title: 'Language', figures: ['perplexity', 'distinct1', 'distinct2', 'words'] },
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

interface Figure {
  name: string;
  text: FigureText;
  value: string;
}

/** The groups that have figures. */
function groupsOf({ set, attributes }: Report): { title: string; figures: Figure[] }[] {
  const groups = GROUPS.map(({ title, figures }) => ({
    title,
    figures: figures
      .filter((name) => set[name] !== undefined)
      .map((name) => ({ name, text: FIGURE_TEXT[name], value: figureText(name, set[name]) })),
  }));
  const named = Object.entries(attributes).map(([name, share]) => ({
    name,
    text: attributeText(name),
    value: shareText(share),
  }));
  return [...groups, { title: 'Attributes named right', figures: named }].filter(
    ({ figures }) => figures.length > 0,
  );
}

export function FiguresPanel({ report }: { report: Report }) {
  return (
    <>
      <div className={styles['groups']} data-testid="evaluate-figures">
        {groupsOf(report).map(({ title, figures }) => (
          <table key={title} className={`${styles['figures']} number`}>
            <caption>
              <Words>{title}</Words>
            </caption>
            <tbody>
              {figures.map(({ name, text, value }) => (
                <tr key={name}>
                  <th scope="row">
                    <Term help={text.help}>{text.label}</Term>
                  </th>
                  <td data-testid={`figure-${name}`}>{value}</td>
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
