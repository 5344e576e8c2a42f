/** The grounds that scenes are drawn on: plain, gradient, speckled paper, squared paper. */
import type { Random } from '../../math/random';
import { contrast, cssColour, type Hsl } from './palette';
import type { Background } from './scene';

export type Context2d = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

/** Least RGB distance between a shape and its ground. */
const LEAST_CONTRAST = 0.42;

/** White often, else a light tint, sometimes a middling one; never close to a colour in `shades`. */
function sampleTint(shades: readonly Hsl[], random: Random): Hsl {
  if (random.chance(0.25)) return { hue: 0, saturation: 0, lightness: 1 };
  for (let attempt = 0; attempt < 20; attempt++) {
    const middling = random.chance(0.25);
    const tint = {
      hue: random.between(0, 360),
      saturation: middling ? random.between(0, 0.25) : random.between(0, 0.7),
      lightness: middling ? random.between(0.55, 0.85) : random.between(0.85, 1),
    };
    if (shades.every((shade) => contrast(shade, tint) >= LEAST_CONTRAST)) return tint;
  }
  return { hue: 0, saturation: 0, lightness: 1 };
}

function gradient(ctx: Context2d, shades: readonly Hsl[], random: Random): CanvasGradient {
  const { width, height } = ctx.canvas;
  const angle = random.between(0, 2 * Math.PI);
  const [dx, dy] = [(Math.cos(angle) * width) / 2, (Math.sin(angle) * height) / 2];
  const fill = ctx.createLinearGradient(
    width / 2 - dx,
    height / 2 - dy,
    width / 2 + dx,
    height / 2 + dy,
  );
  fill.addColorStop(0, cssColour(sampleTint(shades, random)));
  fill.addColorStop(1, cssColour(sampleTint(shades, random)));
  return fill;
}

/** Specks of darker and lighter fibre. */
function speckle(ctx: Context2d, random: Random): void {
  const { width, height } = ctx.canvas;
  const speck = Math.max(1, Math.min(width, height) / 64);
  for (let i = 0; i < 120; i++) {
    const lightness = random.chance(0.5) ? 0 : 1;
    ctx.fillStyle = cssColour({ hue: 0, saturation: 0, lightness }, random.between(0.02, 0.12));
    ctx.fillRect(random.between(0, width), random.between(0, height), speck, speck);
  }
}

/** Thin ruled lines. */
function rule(ctx: Context2d, random: Random): void {
  const { width, height } = ctx.canvas;
  const step = Math.min(width, height) / random.between(6, 14);
  const ink = { hue: random.between(0, 360), saturation: 0.3, lightness: 0.5 };
  ctx.strokeStyle = cssColour(ink, random.between(0.1, 0.35));
  ctx.lineWidth = Math.max(0.5, Math.min(width, height) / 160);
  ctx.beginPath();
  for (let x = random.uniform() * step; x < width; x += step) {
    ctx.moveTo(x, 0);
    ctx.lineTo(x, height);
  }
  for (let y = random.uniform() * step; y < height; y += step) {
    ctx.moveTo(0, y);
    ctx.lineTo(width, y);
  }
  ctx.stroke();
}

/** Covers the canvas, keeping clear of the colours that will be drawn on it. */
export function paintBackground(
  ctx: Context2d,
  background: Background,
  shades: readonly Hsl[],
  random: Random,
): void {
  ctx.fillStyle =
    background === 'gradient'
      ? gradient(ctx, shades, random)
      : cssColour(sampleTint(shades, random));
  ctx.fillRect(0, 0, ctx.canvas.width, ctx.canvas.height);
  if (background === 'paper') speckle(ctx, random);
  if (background === 'grid') rule(ctx, random);
}
