/** Which curves are drawn where, and how. */
import { METRIC_TEXT } from '../../state/glossary';
import type { MetricName } from '../../worker/protocol';

export interface Line {
  column: MetricName;
  label: string;
  /** Which of the series colours (tokens.css). */
  tone: 1 | 2 | 3;
  dash?: readonly number[];
}

export interface Panel {
  title: string;
  unit: string;
  help: string;
  lines: readonly Line[];
}

const single = (column: MetricName, tone: Line['tone'] = 1): Panel => {
  const { label, unit, help } = METRIC_TEXT[column];
  return { title: label, unit, help, lines: [{ column, label, tone }] };
};

export const COSINE = single('objective/clip_cos_sim');
export const REWARD = single('objective/reward_total', 2);

export const SMALL_PANELS: readonly Panel[] = [
  single('objective/kl', 2),
  single('objective/entropy', 2),
  {
    title: 'Losses',
    unit: '',
    help: 'What the optimiser minimises: the clipped PPO objective and, with GAE, the value loss.',
    lines: [
      { column: 'loss/total', label: 'total', tone: 2 },
      { column: 'loss/policy', label: 'policy', tone: 1 },
      { column: 'loss/value', label: 'value', tone: 3, dash: [4, 3] },
    ],
  },
  single('policy/clip_fraction', 2),
  {
    title: 'Update time',
    unit: 'ms',
    help: 'Time of one update, by phase: sampling captions, scoring them, learning from them.',
    lines: [
      { column: 'step_ms/rollout', label: 'sample', tone: 2 },
      { column: 'step_ms/reward', label: 'score', tone: 3, dash: [4, 3] },
      { column: 'step_ms/update', label: 'learn', tone: 1 },
    ],
  },
];
