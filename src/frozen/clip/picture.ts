/**
 * Pictures of whatever kind and size as the opaque RGB square that CLIP's processor only has to
 * normalise: shortest side to the network's, middle cut out. Done here because transformers.js scales
 * in a browser without smoothing, which spoils large photos, and drops alpha instead of blending it.
 */
import { RawImage } from '@huggingface/transformers';

export type Picture = ImageBitmap | ImageData | OffscreenCanvas | Blob;

export class PictureReader {
  readonly #side: number;
  readonly #square: OffscreenCanvasRenderingContext2D;

  /** @param side of the square, in pixels */
  constructor(side: number) {
    this.#side = side;
    this.#square = context2d(side, side);
  }

  async read(picture: Picture): Promise<RawImage> {
    if (picture instanceof Blob) {
      const bitmap = await createImageBitmap(picture);
      try {
        return this.#draw(bitmap);
      } finally {
        bitmap.close();
      }
    }
    if (picture instanceof ImageData) {
      // putImageData replaces what it covers; only a drawn image is scaled and blended.
      const context = context2d(picture.width, picture.height);
      context.putImageData(picture, 0, 0);
      return this.#draw(context.canvas);
    }
    return this.#draw(picture);
  }

  #draw(source: ImageBitmap | OffscreenCanvas): RawImage {
    const side = this.#side;
    const scale = side / Math.min(source.width, source.height);
    const [width, height] = [source.width * scale, source.height * scale];
    const context = this.#square;
    // Where a picture is transparent it shows white, as on a page.
    context.fillStyle = 'white';
    context.fillRect(0, 0, side, side);
    context.imageSmoothingQuality = 'high';
    context.drawImage(source, (side - width) / 2, (side - height) / 2, width, height);
    const { data } = context.getImageData(0, 0, side, side);
    return new RawImage(data, side, side, 4).rgb();
  }
}

function context2d(width: number, height: number): OffscreenCanvasRenderingContext2D {
  // A canvas on the CPU: the pixels are read back at once.
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('This browser offers no 2D canvas outside the page.');
  return context;
}
