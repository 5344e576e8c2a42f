/**
 * Pictures of whatever kind and size as the opaque RGB square that CLIP's processor only has to
 * normalise: the same pixels as CLIP's official preprocessing gives for the same file. Done here because
 * transformers.js scales in a browser by drawing on a canvas, which is not the bicubic filter that CLIP
 * was trained with, and drops alpha instead of blending it.
 */
import { RawImage } from '@huggingface/transformers';
import { Fault } from '../../faults';
import { middleSquare } from './resample';

export type Picture = ImageBitmap | ImageData | OffscreenCanvas | Blob;

/** As PIL reads files: turned as EXIF says, but an embedded colour profile is not obeyed. */
const AS_PIL: ImageBitmapOptions = {
  imageOrientation: 'from-image',
  colorSpaceConversion: 'none',
};

export class PictureReader {
  readonly #side: number;
  /** What is read back at once. A canvas on the CPU: its pixels never see a GPU. */
  readonly #part: OffscreenCanvasRenderingContext2D;

  /** @param side of the square, in pixels */
  constructor(side: number) {
    this.#side = side;
    this.#part = context2d(side, side);
  }

  /** @throws Fault bad-image where the browser cannot decode a file */
  async read(picture: Picture): Promise<RawImage> {
    if (picture instanceof Blob) {
      const bitmap = await decode(picture);
      try {
        return this.#square(bitmap);
      } finally {
        bitmap.close();
      }
    }
    if (picture instanceof ImageData) {
      // putImageData replaces what it covers; only a drawn image is blended.
      const context = context2d(picture.width, picture.height);
      context.putImageData(picture, 0, 0);
      return this.#square(context.canvas);
    }
    return this.#square(picture);
  }

  #square(source: ImageBitmap | OffscreenCanvas): RawImage {
    const side = this.#side;
    const { width, height } = source;
    // The page's own scenes are drawn at this size, hundreds of them.
    if (width === side && height === side)
      return new RawImage(this.#read(source, 0, 0, side, side), side, side, 4).rgb();
    const pixels = middleSquare(width, height, side, (...part) => this.#read(source, ...part));
    return new RawImage(pixels, side, side, 3);
  }

  #read(
    source: ImageBitmap | OffscreenCanvas,
    left: number,
    top: number,
    width: number,
    height: number,
  ): Uint8ClampedArray {
    const { canvas } = this.#part;
    if (canvas.width < width) canvas.width = width;
    if (canvas.height < height) canvas.height = height;
    // Where a picture is transparent it shows white, as on a page.
    this.#part.fillStyle = 'white';
    this.#part.fillRect(0, 0, width, height);
    this.#part.drawImage(source, left, top, width, height, 0, 0, width, height);
    return this.#part.getImageData(0, 0, width, height).data;
  }
}

/** A picture as a file: itself, or what it shows as a PNG. */
export async function imageOf(picture: Picture): Promise<Blob> {
  if (picture instanceof Blob) return picture;
  if (picture instanceof OffscreenCanvas) return picture.convertToBlob();
  const context = context2d(picture.width, picture.height);
  if (picture instanceof ImageData) context.putImageData(picture, 0, 0);
  else context.drawImage(picture, 0, 0);
  return context.canvas.convertToBlob();
}

/** @throws Fault bad-image */
async function decode(file: Blob): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(file, AS_PIL);
  } catch {
    const problem = `${file.size} bytes of type “${file.type || 'unknown'}” could not be decoded.`;
    const name = file instanceof File ? file.name : 'The picture';
    throw new Fault({ kind: 'bad-image', file: name, problem });
  }
}

function context2d(width: number, height: number): OffscreenCanvasRenderingContext2D {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('This browser offers no 2D canvas outside the page.');
  return context;
}
