/** Pictures of whatever kind as the opaque RGB image that CLIP's processor takes. */
import { RawImage } from '@huggingface/transformers';

export type Picture = ImageBitmap | ImageData | OffscreenCanvas | Blob;

/** Transparent pixels become white, as a page would show them; CLIP's own processor drops alpha. */
export async function toRawImage(picture: Picture): Promise<RawImage> {
  if (picture instanceof Blob) {
    const bitmap = await createImageBitmap(picture);
    try {
      return compose(bitmap);
    } finally {
      bitmap.close();
    }
  }
  if (picture instanceof ImageData) {
    // putImageData would replace the white below; drawing an image blends with it.
    const canvas = new OffscreenCanvas(picture.width, picture.height);
    context2d(canvas).putImageData(picture, 0, 0);
    return compose(canvas);
  }
  return compose(picture);
}

function compose(source: ImageBitmap | OffscreenCanvas): RawImage {
  const { width, height } = source;
  const context = context2d(new OffscreenCanvas(width, height));
  context.fillStyle = 'white';
  context.fillRect(0, 0, width, height);
  context.drawImage(source, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  return new RawImage(data, width, height, 4).rgb();
}

function context2d(canvas: OffscreenCanvas): OffscreenCanvasRenderingContext2D {
  // A canvas on the CPU: the pixels are read back at once.
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('This browser offers no 2D canvas outside the page.');
  return context;
}
