/** One object: under each image's name its caption or a list of them, as CLIPScore's examples are kept. */
import { z } from 'zod';
import { checked, Collected, type CaptionsOfImage, type Fail } from './collect';

export const texts = z.union(
  [z.string(), z.array(z.string())],
  'is neither a text nor a list of texts',
);

export function readByImage(json: object, fail: Fail): CaptionsOfImage[] {
  const collected = new Collected();
  for (const [name, value] of Object.entries(json)) {
    const found = checked(texts, value, `“${name}”`, fail);
    collected.image(name).texts.push(...[found].flat());
  }
  return collected.images;
}
