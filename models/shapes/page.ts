/** Runs inside Chromium: draws the scenes of a split and shrinks them to CLIP's input size. */
import { Random } from '../../src/math/random';
import { drawScene } from '../../src/worlds/shapes/render';
import { sceneAt, type SplitName } from './splits';

/** CLIP's image_size. */
const SIDE = 64;

function canvas(side: number): OffscreenCanvasRenderingContext2D {
  const ctx = new OffscreenCanvas(side, side).getContext('2d', { willReadFrequently: true });
  if (!ctx) throw new Error('no 2D context');
  return ctx;
}

/** Halves a canvas until it is less than twice the input size. */
function halve(source: OffscreenCanvasRenderingContext2D): OffscreenCanvasRenderingContext2D {
  if (source.canvas.width < 2 * SIDE) return source;
  const half = canvas(source.canvas.width / 2);
  half.drawImage(source.canvas, 0, 0, half.canvas.width, half.canvas.height);
  return halve(half);
}

/** One picture as [64, 64, 4] RGBA: drawn at 64 to 256 pixels, shrunk by drawImage in three ways. */
function picture(name: SplitName, index: number): Uint8ClampedArray {
  const { scene, random } = sceneAt(name, index);
  const side = random.pick([64, 96, 128, 160, 192, 224, 256]);
  const drawn = canvas(side);
  drawScene(drawn, scene, random);
  const target = canvas(SIDE);
  const way = new Random(random.bits()).pick(['plain', 'smooth', 'halved'] as const);
  // 'plain' is what transformers.js does; the others stand for pictures shrunk by other programs.
  target.imageSmoothingQuality = way === 'smooth' ? 'high' : 'low';
  const source = way === 'halved' ? halve(drawn) : drawn;
  target.drawImage(source.canvas, 0, 0, SIDE, SIDE);
  return target.getImageData(0, 0, SIDE, SIDE).data;
}

/** Pictures `from`..`from + count` as RGB bytes [count, 64, 64, 3], in base64. */
function pictures(name: SplitName, from: number, count: number): string {
  const rgb = new Uint8Array(count * SIDE * SIDE * 3);
  for (let i = 0, out = 0; i < count; i++) {
    const rgba = picture(name, from + i);
    for (let p = 0; p < rgba.length; p += 4) {
      rgb[out++] = rgba[p]!;
      rgb[out++] = rgba[p + 1]!;
      rgb[out++] = rgba[p + 2]!;
    }
  }
  let text = '';
  for (let i = 0; i < rgb.length; i += 8190)
    text += btoa(String.fromCharCode(...rgb.subarray(i, i + 8190)));
  return text;
}

declare global {
  interface Window {
    shapesPictures: typeof pictures;
  }
}
window.shapesPictures = pictures;
