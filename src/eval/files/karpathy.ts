/**
 * Karpathy's dataset JSON (dataset_coco.json, dataset_flickr8k.json, dataset_flickr30k.json; Karpathy and
 * Fei-Fei 2015): every image with its split and its raw sentences.
 */
import { z } from 'zod';
import { checked, Collected, listOf, type CaptionsOfImage, type Fail } from './collect';

const image = z.object({
  filename: z.string(),
  cocoid: z.number().optional(),
  split: z.string().optional(),
  sentences: z.array(z.object({ raw: z.string() })),
});

export function readKarpathy(json: object, fail: Fail): CaptionsOfImage[] {
  const collected = new Collected();
  listOf(json, 'images', fail).forEach((entry, i) => {
    const where = `images[${i}]`;
    const { filename, cocoid, split, sentences } = checked(image, entry, where, fail);
    const { texts } = collected.image(String(cocoid ?? filename), filename, split);
    texts.push(...sentences.map(({ raw }) => raw));
  });
  return collected.images;
}
