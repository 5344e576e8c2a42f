/** A file as a photo: its hash, whether it can be decoded, and its thumbnail. */
import { Fault } from '../../faults';
import type { PhotoRecord } from './store';

/** Longest side of a thumbnail, pixels: a cell of the page's grid at two pixels a CSS pixel. */
export const THUMBNAIL_SIDE = 96;

export interface PhotoFile {
  name: string;
  data: Blob;
}

/** SHA-256, hex. @throws Fault bad-image where the file cannot be read */
export async function hashOf({ name, data }: PhotoFile): Promise<string> {
  let bytes: ArrayBuffer;
  try {
    bytes = await data.arrayBuffer();
  } catch (error) {
    throw new Fault({ kind: 'bad-image', file: name, problem: `It cannot be read: ${error}` });
  }
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** @throws Fault bad-image */
export async function photoRecord(file: PhotoFile, hash: string): Promise<PhotoRecord> {
  const { name, data } = file;
  const picture = await decoded(file);
  try {
    return { hash, name, bytes: data.size, thumbnail: await thumbnailOf(picture) };
  } finally {
    picture.close();
  }
}

export async function decoded({ name, data }: PhotoFile): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(data);
  } catch {
    const problem = `${data.size} bytes of type “${data.type || 'unknown'}” could not be decoded.`;
    throw new Fault({ kind: 'bad-image', file: name, problem });
  }
}

function thumbnailOf(picture: ImageBitmap): Promise<Blob> {
  const scale = Math.min(1, THUMBNAIL_SIDE / Math.max(picture.width, picture.height));
  const width = Math.max(1, Math.round(picture.width * scale));
  const height = Math.max(1, Math.round(picture.height * scale));
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  if (!context)
    throw new Fault({ kind: 'unexpected', message: 'this browser has no 2D canvas in workers' });
  context.imageSmoothingQuality = 'high';
  context.drawImage(picture, 0, 0, width, height);
  return canvas.convertToBlob({ type: 'image/webp', quality: 0.85 });
}
