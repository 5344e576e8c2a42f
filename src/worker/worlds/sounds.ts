/** The sounds world for the worker: notes as samples. */
import { attributesNamed } from '../../worlds/sounds/attributes';
import { caption, fullCaption, wholeCaptions } from '../../worlds/sounds/captions';
import { VALUES } from '../../worlds/sounds/reading';
import { isHeldOut, sampleScene, type Scene, type SceneOptions } from '../../worlds/sounds/scene';
import { drawSound } from '../../worlds/sounds/synthesis';
import { createWorld, type World } from '../world';

/** @param rate samples a second that the encoder hears */
export const soundsAt = (rate: number): World =>
  createWorld<Scene, SceneOptions>({
    modality: 'sound',
    attributes: Object.keys(VALUES),
    sample: sampleScene,
    draw: (scene, random) => drawSound(scene, random, rate),
    caption,
    fullCaption,
    wholeCaptions,
    attributesNamed,
    isHeldOut,
    options: {
      training: { heldOut: 'exclude' },
      evaluation: { heldOut: 'only' },
      watched: (index) => ({ heldOut: index % 2 === 0 ? 'only' : 'exclude' }),
    },
  });
