/**
 * COCO's two caption formats (https://cocodataset.org/#format-data, #format-results): annotations with
 * their images, and a list of results.
 */
import { z } from 'zod';
import { checked, Collected, listOf, type CaptionsOfImage, type Fail } from './collect';

const imageId = z.union([z.number(), z.string()], 'is neither a number nor a text');
const image = z.object({ id: imageId, file_name: z.string().optional() });
const captioned = z.object({ image_id: imageId, caption: z.string() });

export function readCocoAnnotations(json: object, fail: Fail): CaptionsOfImage[] {
  const collected = new Collected();
  if ('images' in json)
    listOf(json, 'images', fail).forEach((entry, i) => {
      const { id, file_name } = checked(image, entry, `images[${i}]`, fail);
      collected.image(String(id), file_name);
    });
  listOf(json, 'annotations', fail).forEach((entry, i) => {
    const { image_id, caption } = checked(captioned, entry, `annotations[${i}]`, fail);
    collected.image(String(image_id)).texts.push(caption);
  });
  return collected.images;
}

export function readCocoResults(json: readonly unknown[], fail: Fail): CaptionsOfImage[] {
  const collected = new Collected();
  json.forEach((entry, i) => {
    const { image_id, caption } = checked(captioned, entry, `Entry ${i}`, fail);
    collected.image(String(image_id)).texts.push(caption);
  });
  return collected.images;
}
