/** One JSON object a line: an image, and its caption or a list of them. */
import { z } from 'zod';
import { texts } from './by-image';
import { checked, Collected, type CaptionsOfImage, type Fail } from './collect';
import { CAPTION_NAMES, IMAGE_NAMES, looksLikeFile } from './columns';

const entry = z.record(z.string(), z.unknown());
const imageName = z.union([z.string(), z.number()], 'is neither a text nor a number');

export function readJsonLines(text: string, fail: Fail): CaptionsOfImage[] {
  const collected = new Collected();
  text.split('\n').forEach((line, i) => {
    if (line.trim() === '') return;
    const where = `Line ${i + 1}`;
    let json: unknown;
    try {
      json = JSON.parse(line);
    } catch (error) {
      fail(`${where}: ${error instanceof Error ? error.message : String(error)}.`);
    }
    const found = checked(entry, json, where, fail);
    const name = IMAGE_NAMES.find((key) => key in found);
    const captions = CAPTION_NAMES.find((key) => key in found);
    if (!name) return fail(`${where}: no image; it may be called ${IMAGE_NAMES.join(', ')}.`);
    if (!captions)
      return fail(`${where}: no caption; it may be called ${CAPTION_NAMES.join(', ')}.`);
    const id = String(checked(imageName, found[name], `${where}, ${name}`, fail));
    const told = checked(texts, found[captions], `${where}, ${captions}`, fail);
    collected.image(id, looksLikeFile(id) ? id : undefined).texts.push(...[told].flat());
  });
  return collected.images;
}
