/** The text that kernels over rows of a width are put behind: WGSL has no imports. */
import four from './four.wgsl?raw';
import one from './one.wgsl?raw';

export interface Lanes {
  code: string;
  /** The width in Lanes. */
  count: number;
}

/** @param width of the rows, in elements */
export const lanesOf = (width: number): Lanes =>
  width % 4 === 0 ? { code: four, count: width / 4 } : { code: one, count: width };
