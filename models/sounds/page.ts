/** Runs inside Chromium: makes the sounds of a split and extracts their features as the page does. */
import { AutoFeatureExtractor, type Tensor } from '@huggingface/transformers';
import { drawSound } from '../../src/worlds/sounds/synthesis';
import { sceneAt, type SplitName } from './splits';
import '../worlds/environment';

const extractor = await AutoFeatureExtractor.from_pretrained('sounds/clap', {});

/** Log-mel features of sounds `from`..`from + count` as float32 [count, 64, 64] (frames, mels), in base64. */
async function features(name: SplitName, from: number, count: number): Promise<string> {
  const parts: Float32Array[] = [];
  for (let i = from; i < from + count; i++) {
    const { scene, random } = sceneAt(name, i);
    const { input_features } = (await extractor(drawSound(scene, random))) as {
      input_features: Tensor;
    };
    parts.push(input_features.data as Float32Array);
  }
  const bytes = new Uint8Array(await new Blob(parts as BlobPart[]).arrayBuffer());
  let text = '';
  for (let i = 0; i < bytes.length; i += 8190)
    text += btoa(String.fromCharCode(...bytes.subarray(i, i + 8190)));
  return text;
}

declare global {
  interface Window {
    soundsFeatures: typeof features;
  }
}
window.soundsFeatures = features;
