/** A report as files: CSV for the images, JSON for everything. */
import Papa from 'papaparse';
import { IMAGE_FIGURES } from './figures';
import type { Report, ReportRow } from './report';

const BETWEEN_REFERENCES = ' | ';

/**
 * A cell that begins with one of these would be a formula to a spreadsheet, and captions come from anywhere.
 * Numbers are exempt.
 */
const guarded = (text: string): string => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);

/** One line an image; figures in full precision, empty where there is none. */
export function toCsv({ rows }: Report): string {
  const judged = Object.keys(rows.find(({ attributes }) => attributes)?.attributes ?? {});
  const fields = ['id', 'image', 'caption', 'references', ...IMAGE_FIGURES, ...judged];
  const data = rows.map((row) => [
    guarded(row.id),
    guarded(row.name),
    guarded(row.caption),
    guarded(row.references.join(BETWEEN_REFERENCES)),
    ...IMAGE_FIGURES.map((name) => row.figures[name] ?? ''),
    ...judged.map((name) => (row.attributes ? Number(row.attributes[name]) : '')),
  ]);
  return `${Papa.unparse({ fields, data }, { newline: '\n' })}\n`;
}

const plainRow = ({ thumbnail: _picture, ...row }: ReportRow) => row;

export function toJson({ rows, ...report }: Report): string {
  return `${JSON.stringify({ ...report, images: rows.map(plainRow) }, null, 1)}\n`;
}
