/** Opens whichever encoder a repository holds, as its config.json says. */
import type { Gpu } from '../gpu/device';
import { loadClap } from './clap/clap';
import { parseHearing } from './clap/config';
import { loadClip } from './clip/clip';
import type { Encoder, EncoderConfig, EncoderOptions, Hearing, Modality } from './encoder';
import { modalityOf, parseEncoderConfig } from './encoder-config';
import { fetchJson } from './fetch-file';

/** What can be known of an encoder before it is there. */
export interface EncoderOutline {
  modality: Modality;
  config: EncoderConfig;
  hearing: Hearing | undefined;
}

/**
 * @param base the repository's absolute address
 * @throws Fault download, bad-file
 */
export async function readOutline(base: string): Promise<EncoderOutline> {
  const file = `${base}config.json`;
  const json = await fetchJson(file);
  const modality = modalityOf(file, json);
  const config = parseEncoderConfig(file, json);
  if (modality === 'picture') return { modality, config, hearing: undefined };
  const extractor = `${base}preprocessor_config.json`;
  return { modality, config, hearing: parseHearing(extractor, await fetchJson(extractor)) };
}

/** @throws Fault download, bad-file */
export async function loadEncoder(
  gpu: Gpu,
  base: string,
  options: EncoderOptions,
): Promise<Encoder> {
  const file = `${base}config.json`;
  const load = modalityOf(file, await fetchJson(file)) === 'sound' ? loadClap : loadClip;
  return load(gpu, base, options);
}
