/** Numbers as people read them, and as programs can. */

/** A plain decimal number, four figures or so, without exponent: "0.1234", "-12.3", "318767104". */
export function plain(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (Number.isInteger(value)) return String(value);
  const size = Math.abs(value);
  if (size >= 1000) return value.toFixed(0);
  if (size >= 100) return value.toFixed(1);
  if (size >= 10) return value.toFixed(2);
  if (size >= 0.1) return value.toFixed(4);
  // Three figures after the leading zeros; below 1e-12 nothing on this page is more than noise.
  const zeros = Math.min(12, Math.max(0, -Math.floor(Math.log10(size)) - 1));
  return value.toFixed(Math.max(4, zeros + 3));
}

/** Short, for axes and tight places: three figures. */
export function short(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size >= 1e6 || size < 1e-3) return value.toExponential(1).replace('e+', 'e');
  if (size >= 10_000) return `${(value / 1000).toFixed(0)}k`;
  if (size >= 100) return value.toFixed(0);
  return String(Number(value.toPrecision(size < 1 ? 2 : 3)));
}

export const percent = (share: number): string => `${Math.round(100 * share)} %`;

/** "1 image", "5,000 images". */
export const counted = (number: number, thing: string): string =>
  `${number.toLocaleString('en')} ${thing}${number === 1 ? '' : 's'}`;

/** Bytes in decimal units, three figures: "548 MB". */
export function bytes(count: number): string {
  const units = ['B', 'kB', 'MB', 'GB'];
  let value = count;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? value : Number(value.toPrecision(3))} ${units[unit]}`;
}

/** Seconds as "12 s", "3 min" or "1 h 5 min". */
export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
