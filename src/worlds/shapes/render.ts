/**
 * Draws a scene on a Canvas 2D context of any size. Everything that a scene leaves open (shade, exact
 * position and size, tilt, unsteady outline, how the shape is filled, ground) varies with `random`,
 * so that what learns from these pictures also understands pictures that people draw.
 */
import type { Random } from '../../math/random';
import { paintBackground, type Context2d } from './backgrounds';
import { outline, type Point } from './outlines';
import { cssColour, sampleShade, type Hsl } from './palette';
import type { Scene, SceneObject } from './scene';
import { opposite, placeCell, type Relation, type Size } from './vocabulary';

/** Where an object is drawn, in units of the canvas side. */
interface Placement {
  x: number;
  y: number;
  radius: number;
}

/** Centres of the three rows and columns, in units of the canvas side. */
const LANES = [0.235, 0.5, 0.765] as const;
const LANE_JITTER = 0.05;
const SMALL_RADIUS = [0.095, 0.13] as const;
const LARGE_RADIUS = [0.19, 0.235] as const;
/** In the middle there is room for more. */
const LARGE_RADIUS_MIDDLE = [0.19, 0.32] as const;

const lane = (index: number, random: Random): number =>
  LANES[index]! + random.between(-LANE_JITTER, LANE_JITTER);

function radiusOf(size: Size, roomy: boolean, random: Random): number {
  if (size === 'small') return random.between(...SMALL_RADIUS);
  const [low, high] = roomy ? LARGE_RADIUS_MIDDLE : LARGE_RADIUS;
  return random.between(low, high);
}

/** The two objects lie on one axis, the pair anywhere across it. */
function placePair(scene: Scene & { kind: 'two' }, random: Random): [Placement, Placement] {
  const across = random.between(0.3, 0.7);
  const firstLeads = scene.relation === 'above' || scene.relation === 'left of';
  const place = (object: SceneObject, leads: boolean): Placement => {
    const along = lane(leads ? 0 : 2, random);
    const aside = across + random.between(-0.05, 0.05);
    const radius = radiusOf(object.size, false, random);
    return isVertical(scene.relation)
      ? { x: aside, y: along, radius }
      : { x: along, y: aside, radius };
  };
  return [place(scene.first, firstLeads), place(scene.second, !firstLeads)];
}

const isVertical = (relation: Relation): boolean =>
  relation === 'above' || opposite(relation) === 'above';

function placements(scene: Scene, random: Random): { object: SceneObject; at: Placement }[] {
  if (scene.kind === 'two') {
    const [first, second] = placePair(scene, random);
    return [
      { object: scene.first, at: first },
      { object: scene.second, at: second },
    ];
  }
  const { row, column } = placeCell(scene.place);
  const radius = radiusOf(scene.object.size, row === 1 && column === 1, random);
  return [{ object: scene.object, at: { x: lane(column, random), y: lane(row, random), radius } }];
}

/** A hand's unsteadiness: a few low frequencies round the outline, amplitude up to 5 %. */
function wobble(random: Random): (angle: number) => number {
  const amplitude = random.chance(0.5) ? 0 : random.between(0.01, 0.05);
  const phases = [2, 3, 5].map((n) => [n, random.between(0, 2 * Math.PI)] as const);
  return (angle) =>
    1 + phases.reduce((sum, [n, phase]) => sum + (amplitude / n) * Math.sin(n * angle + phase), 0);
}

/** Traces the object's contours as the current path, in pixels. */
function tracePath(
  ctx: Context2d,
  object: SceneObject,
  at: Placement,
  side: number,
  random: Random,
): void {
  const tilt = random.between(-0.2, 0.2);
  const stretch = random.between(0.92, 1.08);
  const bend = wobble(random);
  const [cos, sin] = [Math.cos(tilt), Math.sin(tilt)];
  const toPixels = ([x, y]: Point): Point => {
    const scale = at.radius * side * bend(Math.atan2(y, x));
    const [sx, sy] = [x * scale * stretch, (y * scale) / stretch];
    return [at.x * side + sx * cos - sy * sin, at.y * side + sx * sin + sy * cos];
  };
  ctx.beginPath();
  for (const contour of outline(object.shape)) {
    contour.forEach((point, i) => {
      const [x, y] = toPixels(point);
      if (i === 0) ctx.moveTo(x, y);
      else ctx.lineTo(x, y);
    });
    ctx.closePath();
  }
}

/** Fills the current path with parallel brush strokes, as a person colours in. */
function hatch(ctx: Context2d, at: Placement, side: number, random: Random): void {
  const [x, y, r] = [at.x * side, at.y * side, at.radius * side * 1.2];
  ctx.save();
  ctx.clip('evenodd');
  ctx.translate(x, y);
  ctx.rotate(random.between(0, Math.PI));
  const step = r * random.between(0.16, 0.3);
  ctx.lineWidth = step * random.between(0.95, 1.2);
  ctx.beginPath();
  for (let offset = -r; offset <= r; offset += step) {
    ctx.moveTo(-r, offset + random.between(-0.1, 0.1) * step);
    ctx.lineTo(r, offset + random.between(-0.1, 0.1) * step);
  }
  ctx.stroke();
  ctx.restore();
}

function drawObject(
  ctx: Context2d,
  object: SceneObject,
  shade: Hsl,
  at: Placement,
  side: number,
  random: Random,
): void {
  tracePath(ctx, object, at, side, random);
  ctx.fillStyle = ctx.strokeStyle = cssColour(shade);
  if (random.chance(0.15)) hatch(ctx, at, side, random);
  else ctx.fill('evenodd');
  if (random.chance(0.2)) {
    ctx.strokeStyle = cssColour({ ...shade, lightness: shade.lightness * 0.75 });
    ctx.lineWidth = side * random.between(0.004, 0.015);
    ctx.stroke();
  }
}

/** Draws the scene over the whole canvas of `ctx`; square canvases show it undistorted and whole. */
export function drawScene(ctx: Context2d, scene: Scene, random: Random): void {
  const { width, height } = ctx.canvas;
  const side = Math.min(width, height);
  const placed = placements(scene, random).map((item) => ({
    ...item,
    shade: sampleShade(item.object.colour, random),
  }));
  ctx.save();
  ctx.setTransform(1, 0, 0, 1, 0, 0);
  const shades = placed.map((item) => item.shade);
  paintBackground(ctx, scene.background, shades, random);
  ctx.translate((width - side) / 2, (height - side) / 2);
  for (const { object, shade, at } of placed) drawObject(ctx, object, shade, at, side, random);
  ctx.restore();
}
