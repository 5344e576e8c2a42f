/**
 * A file of captions, whatever its format: which image has which texts. References and captions to be judged
 * come in the same formats; what tells them apart is what the person wants of them.
 */
import { Fault } from '../../faults';
import { readCsv } from './csv';
import { readCocoAnnotations, readCocoResults } from './coco';
import { readByImage } from './by-image';
import type { CaptionsOfImage } from './collect';
import { readJsonLines } from './json-lines';
import { readKarpathy } from './karpathy';

export interface CaptionFile {
  format: CaptionFormat;
  /** In the order of their first mention. */
  images: CaptionsOfImage[];
}

export type CaptionFormat =
  'COCO captions' | 'COCO results' | 'Karpathy' | 'JSON by image' | 'CSV' | 'JSON lines';

/**
 * @param name the file's: its ending says whether it is CSV, TSV or JSON lines; anything else must be JSON
 * @throws Fault bad-captions, naming the line or the entry
 */
export function readCaptionFile(name: string, text: string): CaptionFile {
  const fail = (problem: string): never => {
    throw new Fault({ kind: 'bad-captions', file: name, problem });
  };
  const file = read(name, text.replace(/^\uFEFF/, ''), fail);
  const images = file.images.filter(({ texts }) => texts.length > 0);
  if (images.length === 0) fail('There is no caption in it.');
  return { ...file, images };
}

function read(name: string, text: string, fail: (problem: string) => never): CaptionFile {
  if (/\.[ct]sv$/i.test(name)) return { format: 'CSV', images: readCsv(text, fail) };
  if (/\.(jsonl|ndjson)$/i.test(name))
    return { format: 'JSON lines', images: readJsonLines(text, fail) };
  const json = parsed(text, fail);
  if (Array.isArray(json)) return { format: 'COCO results', images: readCocoResults(json, fail) };
  if (typeof json !== 'object' || json === null)
    return fail('It holds neither an object nor a list.');
  if ('annotations' in json)
    return { format: 'COCO captions', images: readCocoAnnotations(json, fail) };
  if ('images' in json) return { format: 'Karpathy', images: readKarpathy(json, fail) };
  return { format: 'JSON by image', images: readByImage(json, fail) };
}

function parsed(text: string, fail: (problem: string) => never): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    return fail(`It is not JSON: ${error instanceof Error ? error.message : String(error)}.`);
  }
}
