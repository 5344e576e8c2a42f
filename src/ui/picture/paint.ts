/** Draws shapes of the bundled world on a canvas: for the board's stamps and the sample pictures. */
import { outline } from '../../worlds/shapes/outlines';
import { cssColour, typicalShade } from '../../worlds/shapes/palette';
import type { Colour, Shape } from '../../worlds/shapes/vocabulary';

export interface Stamp {
  shape: Shape;
  colour: Colour;
  /** Centre and radius, in units of the canvas side. */
  x: number;
  y: number;
  radius: number;
}

/** Near white, as most pictures that people draw. */
export const GROUND = '#fdfdfb';

export const colourOf = (colour: Colour): string => cssColour(typicalShade(colour));

export function paintStamp(ctx: CanvasRenderingContext2D, stamp: Stamp): void {
  const side = Math.min(ctx.canvas.width, ctx.canvas.height);
  ctx.beginPath();
  for (const contour of outline(stamp.shape)) {
    contour.forEach(([x, y], i) => {
      const [px, py] = [(stamp.x + x * stamp.radius) * side, (stamp.y + y * stamp.radius) * side];
      if (i === 0) ctx.moveTo(px, py);
      else ctx.lineTo(px, py);
    });
    ctx.closePath();
  }
  ctx.fillStyle = colourOf(stamp.colour);
  ctx.fill('evenodd');
}

export function clearCanvas(ctx: CanvasRenderingContext2D, ground = GROUND): void {
  ctx.fillStyle = ground;
  ctx.fillRect(0, 0, ctx.canvas.width, ctx.canvas.height);
}

/** The canvas as a PNG file. */
export function toPng(canvas: HTMLCanvasElement): Promise<Blob> {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob) resolve(blob);
      else reject(new Error('the canvas could not be written as a PNG'));
    }, 'image/png');
  });
}

/** An SVG path of a shape in the unit circle, for buttons. */
export function shapePath(shape: Shape): string {
  return outline(shape)
    .map((contour) => `M${contour.map(([x, y]) => `${x.toFixed(3)} ${y.toFixed(3)}`).join('L')}Z`)
    .join('');
}
