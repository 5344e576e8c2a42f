/**
 * CSV or TSV with a line of column names: one row a caption, or several columns of captions a row. The
 * separator is found out by Papa Parse.
 */
import Papa from 'papaparse';
import { Collected, type CaptionsOfImage, type Fail } from './collect';
import { CAPTION_NAMES, IMAGE_NAMES, looksLikeFile, normalised } from './columns';

export function readCsv(text: string, fail: Fail): CaptionsOfImage[] {
  const { data, errors } = Papa.parse<string[]>(text);
  const lineAt = (index: number) => text.slice(0, index).split('\n').length;
  // A table of one column has no separator that could be found out: that is told below.
  const error = errors.find(({ type }) => type === 'Quotes');
  if (error) fail(`Line ${lineAt(error.index ?? 0)}: ${error.message}.`);

  const names = (data[0] ?? []).map(normalised);
  const image = IMAGE_NAMES.map((name) => names.indexOf(name)).find((at) => at >= 0);
  if (image === undefined)
    return fail(
      `Its first line names no image column; it may be called ${IMAGE_NAMES.join(', ')}.`,
    );
  const captions = captionColumns(names);
  if (captions.length === 0)
    fail(`Its first line names no caption column; it may be called ${CAPTION_NAMES.join(', ')}.`);

  const collected = new Collected();
  data.slice(1).forEach((row, i) => {
    if (row.every((cell) => cell.trim() === '')) return;
    const where = `Row ${i + 2}`;
    const id = row[image]?.trim();
    if (!id) fail(`${where}: no image.`);
    if (row.length > names.length)
      fail(`${where}: ${row.length} cells for ${names.length} columns; quote texts with commas.`);
    const texts = captions.flatMap((at) => row[at] ?? []).filter((cell) => cell.trim() !== '');
    if (texts.length === 0) fail(`${where}: no caption.`);
    collected.image(id!, looksLikeFile(id!) ? id : undefined).texts.push(...texts);
  });
  return collected.images;
}

/** "caption", or "caption_1", "caption_2", … */
function captionColumns(names: readonly string[]): number[] {
  for (const name of CAPTION_NAMES) {
    const at = names.flatMap((column, i) =>
      column === name || new RegExp(`^${name}_?\\d+$`).test(column) ? [i] : [],
    );
    if (at.length > 0) return at;
  }
  return [];
}
