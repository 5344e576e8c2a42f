/** The words of the shapes world: what a scene can contain and how captions name it. */

export const SHAPES = [
  'circle',
  'square',
  'triangle',
  'star',
  'heart',
  'cross',
  'diamond',
  'ring',
] as const;
export const COLOURS = [
  'red',
  'orange',
  'yellow',
  'green',
  'blue',
  'purple',
  'pink',
  'black',
] as const;
export const SIZES = ['small', 'large'] as const;
/** Row by row, as one reads a 3 × 3 board. */
export const PLACES = [
  'top left',
  'top',
  'top right',
  'left',
  'middle',
  'right',
  'bottom left',
  'bottom',
  'bottom right',
] as const;
/** What the first object of two is to the second. */
export const RELATIONS = ['above', 'below', 'left of', 'right of'] as const;

export type Shape = (typeof SHAPES)[number];
export type Colour = (typeof COLOURS)[number];
export type Size = (typeof SIZES)[number];
export type Place = (typeof PLACES)[number];
export type Relation = (typeof RELATIONS)[number];

/** "at the top left", "on the right", "in the middle". */
export function placePhrase(place: Place): string {
  if (place === 'middle') return 'in the middle';
  return place === 'left' || place === 'right' ? `on the ${place}` : `at the ${place}`;
}

/** Row and column (0, 1, 2) of a place on the 3 × 3 board. */
export function placeCell(place: Place): { row: number; column: number } {
  const index = PLACES.indexOf(place);
  return { row: Math.floor(index / 3), column: index % 3 };
}

/** "above" read from the other object's side is "below". */
export function opposite(relation: Relation): Relation {
  switch (relation) {
    case 'above':
      return 'below';
    case 'below':
      return 'above';
    case 'left of':
      return 'right of';
    case 'right of':
      return 'left of';
  }
}
