/** The columns of the table of images, and how wide each is. */
import { FIGURE_TEXT, IMAGE_FIGURES } from '../../state/evaluate/figures';
import type { Report } from '../../state/evaluate/report';
import type { Column } from '../../state/evaluate/sort';

export interface ColumnLook {
  column: Column;
  label: string;
  help: string | undefined;
  /** A grid track. */
  width: string;
  isNumber: boolean;
}

/** The papers' own short names. */
const SHORT: Partial<Record<Column, string>> = {
  clipScore: 'CLIP-S',
  refClipScore: 'RefCLIP-S',
};

/** Figures that no image has make no column. */
export function columnsOf({ rows }: Report): ColumnLook[] {
  const figures = IMAGE_FIGURES.filter((name) =>
    rows.some((row) => row.figures[name] !== undefined),
  );
  const hasAttributes = rows.some(({ attributes }) => attributes);
  return [
    {
      column: 'name',
      label: 'Image',
      help: undefined,
      width: 'minmax(96px, 0.6fr)',
      isNumber: false,
    },
    {
      column: 'caption',
      label: 'Caption',
      help: undefined,
      width: 'minmax(240px, 2fr)',
      isNumber: false,
    },
    ...(hasAttributes
      ? [
          {
            column: 'attributes' as const,
            label: 'Right',
            help: 'How many of the scene’s attributes the caption names right.',
            width: '56px',
            isNumber: true,
          },
        ]
      : []),
    ...figures.map((name) => ({
      column: name,
      label: SHORT[name] ?? FIGURE_TEXT[name].label,
      help: FIGURE_TEXT[name].help,
      width: name === 'refClipScore' || name === 'perplexity' ? '84px' : '68px',
      isNumber: true,
    })),
  ];
}
