/** Outlines of the shapes as closed contours within the unit circle (x right, y down). */
import type { Shape } from './vocabulary';

export type Point = readonly [x: number, y: number];
export type Contour = readonly Point[];

const TAU = 2 * Math.PI;
/** Points put on each edge, so that a wobble can bend it. */
const EDGE_POINTS = 8;

function arc(radius: number): Contour {
  return Array.from({ length: 48 }, (_, i) => {
    const angle = (i / 48) * TAU;
    return [radius * Math.cos(angle), radius * Math.sin(angle)] as const;
  });
}

/** A polygon with its edges divided. */
function polygon(corners: Contour): Contour {
  return corners.flatMap(([x0, y0], i) => {
    const [x1, y1] = corners[(i + 1) % corners.length]!;
    return Array.from({ length: EDGE_POINTS }, (_, step) => {
      const t = step / EDGE_POINTS;
      return [x0 + t * (x1 - x0), y0 + t * (y1 - y0)] as const;
    });
  });
}

/** `count` corners from the top, at radii taken in turn. */
function spokes(count: number, radii: readonly number[]): Contour {
  return Array.from({ length: count }, (_, i) => {
    const angle = (i / count) * TAU - Math.PI / 2;
    const radius = radii[i % radii.length]!;
    return [radius * Math.cos(angle), radius * Math.sin(angle)] as const;
  });
}

function cross(arm: number, reach: number): Contour {
  return [
    [-arm, -reach],
    [arm, -reach],
    [arm, -arm],
    [reach, -arm],
    [reach, arm],
    [arm, arm],
    [arm, reach],
    [-arm, reach],
    [-arm, arm],
    [-reach, arm],
    [-reach, -arm],
    [-arm, -arm],
  ];
}

/** The classic heart curve x = 16 sin³t, y = 13 cos t − 5 cos 2t − 2 cos 3t − cos 4t, scaled. */
function heart(): Contour {
  return Array.from({ length: 64 }, (_, i) => {
    const t = (i / 64) * TAU;
    const y = 13 * Math.cos(t) - 5 * Math.cos(2 * t) - 2 * Math.cos(3 * t) - Math.cos(4 * t);
    return [Math.sin(t) ** 3, -(y + 2.5) / 15] as const;
  });
}

const OUTLINES: Readonly<Record<Shape, readonly Contour[]>> = {
  circle: [arc(0.95)],
  square: [
    polygon([
      [-0.82, -0.82],
      [0.82, -0.82],
      [0.82, 0.82],
      [-0.82, 0.82],
    ]),
  ],
  triangle: [
    polygon([
      [0, -0.95],
      [0.95, 0.75],
      [-0.95, 0.75],
    ]),
  ],
  star: [polygon(spokes(10, [1.05, 0.43]))],
  heart: [heart()],
  cross: [polygon(cross(0.31, 0.97))],
  diamond: [
    polygon([
      [0, -1.05],
      [0.78, 0],
      [0, 1.05],
      [-0.78, 0],
    ]),
  ],
  ring: [arc(0.97), arc(0.52)],
};

/** The contours of a shape; fill them with the even-odd rule (a ring has a hole). */
export function outline(shape: Shape): readonly Contour[] {
  return OUTLINES[shape];
}
