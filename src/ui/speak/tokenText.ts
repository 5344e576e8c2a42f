/** A token, its probability and other figures as they are shown. */
const END_OF_TEXT = '<|endoftext|>';

/** Blanks that begin a word go without saying; other marks that cannot be seen are named. */
export function shown(token: string): string {
  if (token === END_OF_TEXT) return '⏹ end';
  const visible = token.replace(/^ /, '').replaceAll('\n', '↵');
  return visible === '' ? '␣' : visible;
}

/** 0.123 as "12 %", and what is not quite nothing or everything as that. */
export function percent(probability: number): string {
  if (probability < 0.005) return '<1 %';
  if (probability > 0.995 && probability < 0.9995) return '>99 %';
  return `${Math.round(100 * probability)} %`;
}

/** With a true minus sign. */
export const decimal = (value: number, places: number): string =>
  value.toFixed(places).replace('-', '−');
